"""dbt-duckdb's door to DynamoDB: a function of SQL that scans a table through its API.

DuckDB has an extension for PostgreSQL and none for DynamoDB. The profile names this module as a
plugin; nothing is contacted before a model calls `dynamodb_items`.
"""

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

from lake.live.dynamodb import dynamodb_items


class Plugin(BasePlugin):
    """Makes `dynamodb_items(table)` known to every connection of dbt-duckdb."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register the function; it is called again for each query, for a table changes."""
        conn.create_function(
            "dynamodb_items", dynamodb_items, ["VARCHAR"], "VARCHAR[]", side_effects=True
        )
