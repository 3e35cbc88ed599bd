"""Looks up and changes tables of the catalogue."""

from collections.abc import Iterable, Mapping
from typing import Any

from lake.athena.errors import AthenaFailure
from lake.athena.router.context import HIVE, ICEBERG, Context, GlueTable
from lake.athena.sql.cursor import Name
from lake.athena.sql.quoting import trino_name
from lake.athena.sql.refused import failed


def is_iceberg(table: GlueTable) -> bool:
    """Return whether a table is one of Iceberg."""
    return str((table.get("Parameters") or {}).get("table_type", "")).upper() == "ICEBERG"


def is_view(table: GlueTable) -> bool:
    """Return whether a table is a view."""
    return table.get("TableType") == "VIRTUAL_VIEW"


def columns(table: GlueTable) -> list[dict[str, Any]]:
    """Return the columns without those of partitions."""
    return list((table.get("StorageDescriptor") or {}).get("Columns") or [])


def keys(table: GlueTable) -> list[str]:
    """Return the names of the partition columns."""
    return [key["Name"] for key in table.get("PartitionKeys") or []]


def hive_table(context: Context, name: Name) -> GlueTable:
    """Return a table that a Hive statement names.

    Raises:
        AthenaFailure: there is none.
    """
    schema, table = context.place(name)
    check_database(context, schema)
    found = context.catalog.table(schema, table)
    if found is None:
        raise failed(f"SemanticException [Error 10001]: Table not found {schema}.{table}")
    return found


def check_database(context: Context, schema: str) -> None:
    """Raise where there is no such database."""
    if not context.catalog.has_database(schema):
        raise failed(f"SemanticException [Error 10072]: Database does not exist: {schema}")


def iceberg_table(context: Context, name: Name, verb: str) -> GlueTable:
    """Return an Iceberg table that a statement for Iceberg alone names.

    Raises:
        AthenaFailure: there is none, or it is of another kind.
    """
    schema, table = context.place(name)
    found = context.catalog.table(schema, table) if context.catalog.has_database(schema) else None
    if found is None:
        raise AthenaFailure(
            "TABLE_NOT_FOUND", f"line 1:1: Table '{HIVE}.{schema}.{table}' does not exist"
        )
    if not is_iceberg(found):
        raise AthenaFailure("NOT_SUPPORTED", f"{verb} is supported for Iceberg tables only")
    return found


def iceberg_name(context: Context, name: Name, suffix: str = "") -> str:
    """Return the name of a table in the engine's Iceberg catalogue."""
    schema, table = context.place(name)
    return f"{ICEBERG}.{trino_name(schema)}.{trino_name(table + suffix)}"


def set_parameters(
    context: Context, name: Name, parameters: Mapping[str, str], removed: Iterable[str] = ()
) -> None:
    """Add parameters to those of a table, or take some away."""
    gone = set(removed)
    if not parameters and not gone:
        return

    def change(table: GlueTable) -> GlueTable:
        merged = {**(table.get("Parameters") or {}), **parameters}
        kept = {key: value for key, value in merged.items() if key not in gone}
        return {**table, "Parameters": kept}

    context.catalog.update_table(*context.place(name), change)
