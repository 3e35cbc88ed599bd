"""The relations of both sides and the types of their columns, in one spelling."""

import re
from fnmatch import fnmatch
from typing import Any

from lake.database import schema
from lake.errors import UserError
from lake.parity.athena import Athena
from lake.proofs.compare import AUDIT_COLUMNS
from lake.quality.screen import LAYERS

# Column -> type, in the order of the relation.
Columns = dict[str, str]


def duckdb_relations(connection: Any) -> dict[str, Columns]:
    """Return the columns of each relation of the project's schemas in a DuckDB database."""
    return _by_relation(connection.execute(_columns_query()).fetchall())


def athena_relations(athena: Athena) -> dict[str, Columns]:
    """Return the same of Athena's catalogue."""
    return _by_relation(athena.rows(_columns_query()))


def select(names: set[str], patterns: tuple[str, ...]) -> list[str]:
    """Return the names that match one of the patterns, all without a pattern, in order.

    A pattern is a schema and a relation or a relation alone, with `*` for any text.

    Raises:
        UserError: a pattern matches nothing.
    """
    chosen: set[str] = set()
    for pattern in patterns:
        found = {
            name for name in names if fnmatch(name, pattern) or fnmatch(name.split(".")[1], pattern)
        }
        if not found:
            raise UserError(f"no relation {pattern!r}; e.g. --select 'gold.*' --select int_orders")
        chosen |= found
    return sorted(chosen if patterns else names)


def _columns_query() -> str:
    schemas = ", ".join(f"'{schema(layer)}'" for layer in LAYERS)
    return (
        "select table_schema, table_name, column_name, data_type from information_schema.columns "
        f"where table_schema in ({schemas}) order by table_schema, table_name, ordinal_position"
    )


def _by_relation(rows: Any) -> dict[str, Columns]:
    found: dict[str, Columns] = {}
    for relation_schema, relation, column, data_type in rows:
        columns = found.setdefault(f"{relation_schema}.{relation}", {})
        if column not in AUDIT_COLUMNS:
            columns[column] = _plain_type(data_type)
    # What a stopped build leaves behind is no relation of the project.
    return {name: columns for name, columns in found.items() if "__dbt_" not in name}


def _plain_type(data_type: str) -> str:
    """Return a type in one spelling; the length of a text is no part of what DuckDB stores."""
    plain = data_type.lower().replace(" ", "")
    plain = re.sub(r"^varchar\(\d+\)$", "varchar", plain)
    return "timestamp(6)" if plain == "timestamp" else plain
