"""The engine behind: Trino, and the text of its results."""
