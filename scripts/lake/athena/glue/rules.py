"""What Glue does and moto does not: pure functions on the requests and answers of Glue's API."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from lake.athena.sql import open_csv
from lake.athena.sql.types import trino_to_hive

Table = dict[str, Any]

ABOUT_TABLES = re.compile("Database|Table|Partition|ColumnStatistics|UserDefinedFunction")
NAMES = ("DatabaseName", "TableName", "Name")
ENGINE_PARAMETERS = re.compile(
    "metadata_location|previous_metadata_location|table_type|EXTERNAL|trino_.*|presto_.*"
    "|numFiles|totalSize|numRows|rawDataSize|transient_lastDdlTime|STATS_.*"
)
VIEW = re.compile(r"/\* Presto View: (\S+) \*/")
METADATA = re.compile(r"(.*)/metadata/[^/]+")
NOW = re.compile(r"(NOW\s*[+-]\s*)(\d+)\s*(YEAR|MONTH|WEEK)S?", re.IGNORECASE)
DAYS = {"YEAR": 366, "MONTH": 31, "WEEK": 7}
CHANGED = "Update table failed due to concurrent modifications."

# moto has none of these; Trino deletes statistics on every write, even with statistics off.
ANSWERED: dict[str, dict[str, Any]] = {
    "GetColumnStatisticsForTable": {"ColumnStatisticsList": [], "Errors": []},
    "GetColumnStatisticsForPartition": {"ColumnStatisticsList": [], "Errors": []},
    "UpdateColumnStatisticsForTable": {"Errors": []},
    "UpdateColumnStatisticsForPartition": {"Errors": []},
    "DeleteColumnStatisticsForTable": {},
    "DeleteColumnStatisticsForPartition": {},
    "GetUserDefinedFunctions": {"UserDefinedFunctions": []},
}


class GlueRefusal(Exception):
    """A request that Glue refuses: the code of its error and the message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def lower_case(operation: str, request: dict[str, Any]) -> None:
    """Glue keeps names of databases, tables and columns in lower case; moto as they come."""
    if not ABOUT_TABLES.search(operation):
        return
    for name in NAMES:
        if isinstance(request.get(name), str):
            request[name] = request[name].lower()
    if "TablesToDelete" in request:
        request["TablesToDelete"] = [name.lower() for name in request["TablesToDelete"]]
    for part in ("TableInput", "DatabaseInput"):
        if isinstance(request.get(part), dict) and "Name" in request[part]:
            request[part]["Name"] = request[part]["Name"].lower()


def immediate(operation: str, request: Mapping[str, Any]) -> dict[str, Any] | None:
    """The answer to what moto does not know, or would answer once for each segment."""
    if operation == "GetPartitions" and (request.get("Segment") or {}).get("SegmentNumber"):
        return {"Partitions": []}
    return ANSWERED.get(operation)


def check_commit(
    new: Mapping[str, Any], current: Table, version: str | None, from_engine: bool
) -> None:
    """Glue's optimistic lock: GlueRefusal when another writer came first.

    A commit of the engine names the metadata file it starts from; one that does not start from
    the current file is refused even where it carries no version.
    """
    if version is not None and str(version) != str(current.get("VersionId")):
        raise GlueRefusal("ConcurrentModificationException", CHANGED)
    if not from_engine:
        return
    given, held = new.get("Parameters") or {}, current.get("Parameters") or {}
    base, now = given.get("previous_metadata_location"), held.get("metadata_location")
    if base and now and given.get("metadata_location") != now and base != now:
        raise GlueRefusal("ConcurrentModificationException", CHANGED)


def table_input(new: Table, current: Table | None, from_engine: bool) -> Table:
    """The TableInput to store; `current` is the table it replaces."""
    stored = new | {
        "Parameters": dict(new.get("Parameters") or {}),
        "StorageDescriptor": dict(new.get("StorageDescriptor") or {}),
        "PartitionKeys": new.get("PartitionKeys") or [],
    }
    descriptor = stored["StorageDescriptor"]
    if from_engine and (columns := view_columns(new)) is not None:
        descriptor["Columns"] = columns
    if is_iceberg(stored) and (location := iceberg_location(stored)):
        descriptor["Location"] = location
    if from_engine and current is not None and same_kind(stored, current):
        carry_over(stored, current)
    for column in [*(descriptor.get("Columns") or []), *stored["PartitionKeys"]]:
        column["Name"] = column["Name"].lower()
    return stored


def is_iceberg(table: Mapping[str, Any]) -> bool:
    """Whether Glue knows the table as an Iceberg table."""
    parameters = table.get("Parameters") or {}
    return str(parameters.get("table_type", "")).upper() == "ICEBERG"


def is_view(table: Mapping[str, Any]) -> bool:
    """Whether the table is a view."""
    return table.get("TableType") == "VIRTUAL_VIEW"


def iceberg_location(table: Mapping[str, Any]) -> str | None:
    """Where an Iceberg table lies: what stands before `/metadata/` of its current file."""
    found = METADATA.fullmatch(table["Parameters"].get("metadata_location", ""))
    return found[1] if found else None


def view_columns(table: Mapping[str, Any]) -> list[dict[str, str]] | None:
    """The columns of a view from its definition; the engine itself writes one dummy column."""
    found = VIEW.match(table.get("ViewOriginalText") or "") if is_view(table) else None
    if found is None:
        return None
    return [
        {"Name": column["name"], "Type": trino_to_hive(column["type"])}
        | ({"Comment": column["comment"]} if column.get("comment") else {})
        for column in json.loads(base64.b64decode(found[1]))["columns"]
    ]


def same_kind(new: Mapping[str, Any], current: Mapping[str, Any]) -> bool:
    """Whether both are Iceberg tables, or both views."""
    return (is_iceberg(new) and is_iceberg(current)) or (is_view(new) and is_view(current))


def carry_over(new: Table, current: Table) -> None:
    """Keep what users wrote: the engine replaces the whole table with what it knows itself."""
    for name, value in (current.get("Parameters") or {}).items():
        if not ENGINE_PARAMETERS.fullmatch(name):
            new["Parameters"].setdefault(name, value)
    if not new.get("Description") and current.get("Description"):
        new["Description"] = current["Description"]
    held = {
        column["Name"]: column
        for column in (current.get("StorageDescriptor") or {}).get("Columns") or []
    }
    for column in new["StorageDescriptor"].get("Columns") or []:
        before = held.get(column["Name"], {})
        if not column.get("Comment") and before.get("Comment"):
            column["Comment"] = before["Comment"]
        parameters = (before.get("Parameters") or {}) | (column.get("Parameters") or {})
        if parameters:
            column["Parameters"] = parameters


def original_names(request: dict[str, Any]) -> str | None:
    """Put the table's name where the engine asks for its text twin; the name it asked for."""
    asked = request.get("TableName") or request.get("Name")
    for name in ("TableName", "Name"):
        if isinstance(request.get(name), str):
            request[name] = open_csv.original_name(request[name])
    return asked


def for_engine(answer: dict[str, Any], asked: str | None) -> dict[str, Any]:
    """An answer of GetTable or GetTables with each table as the engine must see it."""
    if "Table" in answer:
        return answer | {"Table": seen_by_engine(answer["Table"], asked)}
    if "TableList" in answer:
        return answer | {"TableList": [seen_by_engine(each, None) for each in answer["TableList"]]}
    return answer


def seen_by_engine(table: Table, asked: str | None) -> Table:
    """A table with ranges it can read; one with typed OpenCSVSerde columns as view or as twin."""
    table = projected_in_days(table)
    if not open_csv.is_typed(table):
        return table
    if asked is not None and asked != table["Name"]:
        return open_csv.twin(table)
    return open_csv.view(table["DatabaseName"], table)


def projected_in_days(table: Table) -> Table:
    """Ranges of partition projection with units the engine knows: it has no YEARS, MONTHS, WEEKS.

    The range only grows: a year counts 366 days and a month 31.
    """
    parameters = table.get("Parameters") or {}
    changed = {
        name: NOW.sub(
            lambda found: f"{found[1]}{int(found[2]) * DAYS[found[3].upper()]}DAYS", value
        )
        for name, value in parameters.items()
        if name.startswith("projection.") and name.endswith(".range")
    }
    return table | {"Parameters": parameters | changed} if changed else table
