"""The Athena dialect: tokens, statements, translation to Trino."""
