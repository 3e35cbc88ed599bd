"""Parity: what DuckDB and Athena make of the same lake, row by row."""
