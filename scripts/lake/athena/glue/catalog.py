"""The Glue catalogue for the statement router: direct calls that obey the same rules as the API."""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lake.athena.errors import AthenaFailure
from lake.athena.glue.rules import GlueRefusal
from lake.athena.glue.service import Glue

Table = dict[str, Any]

TABLE_INPUT = (
    "Name",
    "Description",
    "Owner",
    "LastAccessTime",
    "LastAnalyzedTime",
    "Retention",
    "StorageDescriptor",
    "PartitionKeys",
    "ViewOriginalText",
    "ViewExpandedText",
    "TableType",
    "Parameters",
    "TargetTable",
)


def hive_failure(text: str) -> AthenaFailure:
    """What Hive's DDL answers."""
    return AthenaFailure("FAILED", text)


def no_database(name: str) -> AthenaFailure:
    """The failure of a statement on a database that is missing."""
    return hive_failure(f"SemanticException [Error 10072]: Database does not exist: {name}")


def no_table(database: str, name: str) -> AthenaFailure:
    """The failure of a statement on a table that is missing."""
    return hive_failure(f"SemanticException [Error 10001]: Table not found {database}.{name}")


class Catalog:
    """Databases, tables and partitions; names are lower case, what is missing is AthenaFailure."""

    def __init__(self, glue: Glue) -> None:
        self.glue = glue

    # Databases ----------------------------------------------------------------------------------

    def databases(self) -> list[str]:
        """The names of all databases, sorted."""
        with self.glue.lock:
            return sorted(self.glue.backend.databases)

    def has_database(self, name: str) -> bool:
        """Whether the database is there."""
        return name in self.glue.backend.databases

    def database(self, name: str) -> Table:
        """A database as glue:GetDatabase gives it."""
        with self.glue.lock:
            return dict(self.database_held(name).as_dict())

    def create_database(
        self,
        name: str,
        comment: str | None = None,
        location: str | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        """Make a database."""
        given: Table = {"Name": name}
        if comment is not None:
            given["Description"] = comment
        if location is not None:
            given["LocationUri"] = location
        if parameters:
            given["Parameters"] = dict(parameters)
        with self.glue.lock:
            if self.has_database(name):
                raise hive_failure(
                    "Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask."
                    f" Database {name} already exists"
                )
            self.glue.backend.create_database(name, given)
            self.glue.after("CreateDatabase", {"DatabaseInput": given}, None)

    def set_database_parameters(self, name: str, parameters: Mapping[str, str]) -> None:
        """Add parameters to those of a database."""
        with self.glue.lock:
            held = self.database_held(name)
            merged = (held.input.get("Parameters") or {}) | dict(parameters)
            self.glue.backend.update_database(name, held.input | {"Parameters": merged})
            self.glue.after("UpdateDatabase", {"Name": name}, None)

    def drop_database(self, name: str) -> None:
        """Remove a database with all its tables; their data stay."""
        with self.glue.lock:
            self.database_held(name)
            self.glue.backend.delete_database(name)
            self.glue.after("DeleteDatabase", {"Name": name}, None)

    # Tables -------------------------------------------------------------------------------------

    def table(self, database: str, name: str) -> Table | None:
        """A table as glue:GetTable gives it, None where it is missing."""
        with self.glue.lock:
            return copy.deepcopy(self.glue.table(database, name))

    def tables(self, database: str) -> list[Table]:
        """All tables and views of a database, sorted by name."""
        with self.glue.lock:
            held = self.database_held(database).tables
            return [copy.deepcopy(dict(held[name].as_dict())) for name in sorted(held)]

    def create_table(self, database: str, table_input: Table) -> None:
        """Make a table from Glue's TableInput."""
        request = {"DatabaseName": database, "TableInput": copy.deepcopy(table_input)}
        with self.glue.lock:
            held = self.database_held(database).tables
            if table_input["Name"] in held:
                raise hive_failure(
                    "Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask."
                    f" AlreadyExistsException(message:Table {table_input['Name']} already exists)"
                )
            self.glue.before("CreateTable", request, from_engine=False)
            stored = request["TableInput"]
            self.glue.backend.create_table(database, table_input["Name"], stored)
            self.glue.after("CreateTable", request, None)

    def update_table(self, database: str, name: str, change: Callable[[Table], Table]) -> None:
        """Replace a table by what `change` makes of its TableInput, nobody writing between."""
        with self.glue.lock:
            current = self.table(database, name)
            if current is None:
                raise no_table(database, name)
            given = change({key: current[key] for key in TABLE_INPUT if key in current})
            given = {key: given[key] for key in TABLE_INPUT if key in given}
            request = {"DatabaseName": database, "TableInput": given}
            try:
                self.glue.before("UpdateTable", request, from_engine=False)
            except GlueRefusal as refusal:
                raise hive_failure(refusal.message) from refusal
            self.glue.backend.update_table(database, name, request["TableInput"])
            self.glue.after("UpdateTable", request, None)

    def drop_table(self, database: str, name: str) -> None:
        """Remove a table or view; its data stay."""
        with self.glue.lock:
            self.table_held(database, name)
            self.glue.backend.delete_table(database, name)
            self.glue.after("DeleteTable", {"DatabaseName": database, "Name": name}, None)

    # Partitions ---------------------------------------------------------------------------------

    def partitions(self, database: str, name: str) -> list[Table]:
        """All partitions of a table as glue:GetPartitions gives them, in the order of values."""
        with self.glue.lock:
            held = self.table_held(database, name).partitions.values()
            found = [copy.deepcopy(dict(partition.as_dict())) for partition in held]
        return sorted(found, key=lambda partition: list(partition["Values"]))

    def create_partition(
        self, database: str, name: str, values: Sequence[str], location: str | None = None
    ) -> None:
        """Make a partition; without a location it lies at `key=value/...` below the table's."""
        with self.glue.lock:
            held = self.table_held(database, name)
            if str(list(values)) in held.partitions:
                raise hive_failure(
                    "Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask."
                    " AlreadyExistsException(message:Partition already exists.)"
                )
            table = held.as_dict()
            descriptor = copy.deepcopy(table["StorageDescriptor"])
            if location is None:
                keys = [key["Name"] for key in table.get("PartitionKeys") or []]
                below = "/".join(f"{key}={value}" for key, value in zip(keys, values, strict=True))
                location = f"{descriptor['Location'].rstrip('/')}/{below}/"
            descriptor["Location"] = location
            given = {"Values": list(values), "StorageDescriptor": descriptor, "Parameters": {}}
            self.glue.backend.create_partition(database, name, given)
            request = {"DatabaseName": database, "TableName": name, "PartitionInput": given}
            self.glue.after("CreatePartition", request, None)

    def drop_partition(self, database: str, name: str, values: Sequence[str]) -> None:
        """Remove a partition; its data stay."""
        with self.glue.lock:
            held = self.table_held(database, name)
            if str(list(values)) not in held.partitions:
                raise hive_failure(f"SemanticException [Error 10006]: Partition not found {values}")
            self.glue.backend.delete_partition(database, name, list(values))
            request = {
                "DatabaseName": database,
                "TableName": name,
                "PartitionValues": list(values),
            }
            self.glue.after("DeletePartition", request, None)

    # moto's own ---------------------------------------------------------------------------------

    def database_held(self, name: str) -> Any:
        """moto's database."""
        held = self.glue.backend.databases.get(name)
        if held is None:
            raise no_database(name)
        return held

    def table_held(self, database: str, name: str) -> Any:
        """moto's table."""
        held = self.database_held(database).tables.get(name)
        if held is None:
            raise no_table(database, name)
        return held
