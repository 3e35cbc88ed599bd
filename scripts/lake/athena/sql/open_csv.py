"""Typed columns of OpenCSVSerde tables, which Trino reads as text whatever they are declared.

The engine is shown a view in the table's place. It casts the columns of a twin: the same table
under another name, whose columns are all text. Values are read as Athena reads them: a date is a
number of days since 1970-01-01, a timestamp a number of milliseconds; text that is no value of the
type, an empty one too, fails the query.
"""

import base64
import json
from typing import Any

from lake.athena.sql.quoting import trino_name
from lake.athena.sql.types import hive_to_trino

TWIN_SUFFIX = "__open_csv_text"
SERDE = "org.apache.hadoop.hive.serde2.OpenCSVSerde"

GlueTable = dict[str, Any]

_NUMBERS = ("tinyint", "smallint", "int", "bigint", "float", "double", "decimal")
_CAST = {*_NUMBERS, "boolean", "varchar", "char"}
_SINCE = {
    "date": "date_add('day', CAST({} AS bigint), DATE '1970-01-01')",
    "timestamp": "CAST(at_timezone(from_unixtime(CAST({} AS bigint) / 1e3), 'UTC') "
    "AS timestamp(3))",
}
_NOT_TEXT = (*_NUMBERS, "boolean", *_SINCE)


def is_typed(table: GlueTable) -> bool:
    """Return whether a table (as glue:GetTable gives it) has OpenCSVSerde columns with types."""
    storage = table.get("StorageDescriptor") or {}
    serde = (storage.get("SerdeInfo") or {}).get("SerializationLibrary")
    bases = {_base(column["Type"]) for column in storage.get("Columns") or []}
    return serde == SERDE and not bases.isdisjoint(_NOT_TEXT)


def twin_name(name: str) -> str:
    """Return the name of a table's twin."""
    return name + TWIN_SUFFIX


def original_name(name: str) -> str:
    """Return the name of the table that a name of the engine means; twins have no other own."""
    return name.removesuffix(TWIN_SUFFIX)


def twin(table: GlueTable) -> GlueTable:
    """Return a table as the engine sees its twin; the engine itself takes the columns as text."""
    return {**table, "Name": twin_name(table["Name"])}


def view(schema: str, table: GlueTable) -> GlueTable:
    """Return the view that stands for a typed table before the engine."""
    columns = table["StorageDescriptor"]["Columns"]
    keys = table.get("PartitionKeys") or []
    items = [
        *(f"{_expression(column)} AS {trino_name(column['Name'])}" for column in columns),
        *(trino_name(key["Name"]) for key in keys),
    ]
    source = f"{trino_name(schema)}.{trino_name(twin_name(table['Name']))}"
    definition = {
        "originalSql": f"SELECT {', '.join(items)} FROM awsdatacatalog.{source}",
        "catalog": "awsdatacatalog",
        "schema": schema,
        "columns": [
            *({"name": column["Name"], "type": _type(column["Type"])} for column in columns),
            *({"name": key["Name"], "type": _key_type(key["Type"])} for key in keys),
        ],
        "runAsInvoker": True,
        "path": [],
    }
    encoded = base64.b64encode(json.dumps(definition).encode()).decode()
    return {
        **table,
        "TableType": "VIRTUAL_VIEW",
        "PartitionKeys": [],
        "Parameters": {"presto_view": "true", "comment": "Presto View"},
        "ViewOriginalText": f"/* Presto View: {encoded} */",
        "ViewExpandedText": "/* Presto View */",
    }


def _base(hive_type: str) -> str:
    return hive_type.lower().split("(", maxsplit=1)[0].strip()


def _type(hive_type: str) -> str:
    """Return a column's type in the view; nested types and binary stay text, as they are read."""
    known = _base(hive_type) in (*_CAST, *_SINCE)
    return _key_type(hive_type) if known else "varchar"


def _key_type(hive_type: str) -> str:
    return hive_to_trino(hive_type, iceberg=False)


def _expression(column: dict[str, Any]) -> str:
    name, base = trino_name(column["Name"]), _base(column["Type"])
    if base in _SINCE:
        return _SINCE[base].format(name)
    return f"CAST({name} AS {_type(column['Type'])})" if base in _CAST else name
