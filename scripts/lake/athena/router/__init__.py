"""Executes a statement on Glue or on Trino."""
