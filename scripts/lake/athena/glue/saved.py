"""The Glue catalogue over a restart: one row for each database, table, version and partition."""

import json
from datetime import datetime
from typing import Any

from moto.glue import models as glue

from lake.athena.journal import Change, Journal, key_of, parts_of


def stamp(moment: datetime | None) -> str | None:
    """A moment as kept."""
    return None if moment is None else moment.isoformat()


def moment(kept: str | None) -> Any:
    """A moment from what is kept, None where it never came."""
    return None if kept is None else datetime.fromisoformat(kept)


class SavedCatalogue:
    """Writes what a request changed, as it is in memory then; called under Glue's lock."""

    def __init__(self, backend: Any, journal: Journal) -> None:
        self.backend = backend
        self.journal = journal

    def save(self, operation: str, request: dict[str, Any]) -> None:
        """Write what a request that succeeded has changed."""
        if not self.journal.keeps or operation.startswith(("Get", "BatchGet", "Search", "List")):
            return
        name = request.get("DatabaseName") or ""
        if "Database" in operation:
            self.journal.write(
                self.database(request.get("Name") or request["DatabaseInput"]["Name"])
            )
        elif "Partition" in operation:
            self.journal.write(self.partitions(name, request["TableName"], touched(request)))
        elif "Table" in operation:
            tables = request.get("TablesToDelete") or [table_name(request)]
            self.journal.write([row for table in tables for row in self.table(name, table)])

    def database(self, name: str) -> list[Change]:
        """The row of a database; with the rows below it where it is gone."""
        held = self.backend.databases.get(name)
        if held is None:
            return [
                ("database", name, None),
                *(
                    (kind, key, None)
                    for kind in ("table", "version", "partition")
                    for key in self.journal.below(kind, name)
                ),
            ]
        value = {"input": held.input, "created": stamp(held.created_time)}
        return [("database", name, json.dumps(value, default=str))]

    def table(self, database: str, name: str) -> list[Change]:
        """The rows of a table and its versions; versions never change once written."""
        key = key_of(database, name)
        held = self.find(database, name)
        written = set(self.journal.below("version", database, name))
        if held is None:
            partitions = self.journal.below("partition", database, name)
            return [
                ("table", key, None),
                *(("version", each, None) for each in written),
                *(("partition", each, None) for each in partitions),
            ]
        versions = {
            key_of(database, name, number): content for number, content in held.versions.items()
        }
        head = {
            "created": stamp(held.created_time),
            "updated": stamp(held.updated_time),
            "current": held._current_version,
        }
        return [
            ("table", key, json.dumps(head)),
            *(("version", each, None) for each in written - versions.keys()),
            *(
                ("version", each, json.dumps(content, default=str))
                for each, content in versions.items()
                if each not in written
            ),
        ]

    def partitions(self, database: str, name: str, values: list[list[str]]) -> list[Change]:
        """The rows of the partitions with these values."""
        held = self.find(database, name)
        rows: list[Change] = []
        for each in values:
            partition = None if held is None else held.partitions.get(str(each))
            value = None
            if partition is not None:
                content = {
                    "input": partition.partition_input,
                    "created": stamp(partition.creation_time),
                }
                value = json.dumps(content, default=str)
            rows.append(("partition", key_of(database, name, json.dumps(each)), value))
        return rows

    def find(self, database: str, name: str) -> Any:
        """moto's table, None where it is missing."""
        held = self.backend.databases.get(database)
        return None if held is None else held.tables.get(name)

    def restore(self) -> None:
        """Take the catalogue up as it was."""
        for name, value in self.journal.items("database"):
            kept = json.loads(value)
            held = glue.FakeDatabase(name, kept["input"], catalog_id=self.backend.account_id)
            held.created_time = moment(kept["created"])
            self.backend.databases[name] = held
        versions: dict[tuple[str, str], dict[str, Any]] = {}
        for key, value in self.journal.items("version"):
            database, name, number = parts_of(key)
            versions.setdefault((database, name), {})[number] = json.loads(value)
        for key, value in self.journal.items("table"):
            database, name = parts_of(key)
            kept = json.loads(value)
            table = glue.FakeTable(database, name, {}, catalog_id=self.backend.account_id)
            table.created_time = moment(kept["created"])
            table.updated_time = moment(kept["updated"])
            table._current_version = kept["current"]
            table.versions = dict(
                sorted(versions.get((database, name), {}).items(), key=lambda item: int(item[0]))
            )
            self.backend.databases[database].tables[name] = table
        for key, value in self.journal.items("partition"):
            database, name, _ = parts_of(key)
            kept = json.loads(value)
            partition = glue.FakePartition(database, name, kept["input"])
            partition.creation_time = moment(kept["created"])
            self.find(database, name).partitions[str(partition.values)] = partition


def table_name(request: dict[str, Any]) -> str:
    """The table that a request is about."""
    given = request.get("TableName") or request.get("Name") or request["TableInput"]["Name"]
    return str(given)


def touched(request: dict[str, Any]) -> list[list[str]]:
    """The values of every partition that a request may have changed."""
    single = [
        (request.get("PartitionInput") or {}).get("Values"),
        request.get("PartitionValueList"),
        request.get("PartitionValues"),
    ]
    many = [
        *(each.get("Values") for each in request.get("PartitionInputList") or []),
        *(each.get("Values") for each in request.get("PartitionsToDelete") or []),
        *(each.get("PartitionValueList") for each in request.get("Entries") or []),
        *(each["PartitionInput"].get("Values") for each in request.get("Entries") or []),
    ]
    return [values for values in [*single, *many] if values]
