"""Data catalogs, databases and the metadata of tables."""

import re
from datetime import datetime
from typing import Any

from lake.athena.api.errors import ApiError
from lake.athena.api.paging import page
from lake.athena.glue.catalog import Catalog
from lake.athena.settings import ACCOUNT

NAME = "AwsDataCatalog"
SUMMARY = {"CatalogName": NAME, "Type": "GLUE", "Status": "CREATE_COMPLETE"}


def is_ours(name: str | None) -> bool:
    """Whether a catalog's name means the one that is here."""
    return (name or NAME).lower() == NAME.lower()


def check_catalog(name: str | None) -> None:
    """Refuse a catalog that is not here."""
    if not is_ours(name):
        raise ApiError(f"Data Catalog {name} was not found")


class Catalogs:
    """The operations on catalogs and what they hold; the one catalog is Glue's."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def catalog_of(self, request: dict[str, Any]) -> dict[str, Any]:
        """GetDataCatalog."""
        check_catalog(request["Name"])
        parameters = {"catalog-id": ACCOUNT}
        return {
            "DataCatalog": {
                "Name": NAME,
                "Type": "GLUE",
                "Parameters": parameters,
                "Status": "CREATE_COMPLETE",
            }
        }

    def catalogs(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListDataCatalogs."""
        shown, more = page([SUMMARY], request)
        return {"DataCatalogsSummary": shown} | more

    def refuse(self, request: dict[str, Any]) -> dict[str, Any]:
        """Create, update and delete of data catalogs: there is one, and it stays."""
        raise ApiError(
            f"{request['Name']}: data catalogs other than {NAME} are not part of the local Athena."
        )

    def database(self, request: dict[str, Any]) -> dict[str, Any]:
        """GetDatabase."""
        check_catalog(request["CatalogName"])
        return {"Database": database_shown(self.held(request["DatabaseName"]))}

    def databases(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListDatabases."""
        check_catalog(request["CatalogName"])
        shown, more = page(self.catalog.databases(), request)
        return {"DatabaseList": [database_shown(self.held(name)) for name in shown]} | more

    def table(self, request: dict[str, Any]) -> dict[str, Any]:
        """GetTableMetadata."""
        check_catalog(request["CatalogName"])
        database, name = self.held(request["DatabaseName"])["Name"], request["TableName"]
        found = self.catalog.table(database, name.lower())
        if found is None:
            raise ApiError(
                f"EntityNotFoundException: Entity Not Found: Table {name} not found.",
                "MetadataException",
            )
        return {"TableMetadata": table_shown(found)}

    def tables(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListTableMetadata; Expression is a regular expression on the name."""
        check_catalog(request["CatalogName"])
        database = self.held(request["DatabaseName"])["Name"]
        try:
            wanted = re.compile(request.get("Expression") or ".*", re.IGNORECASE)
        except re.error as error:
            raise ApiError(f"Invalid Expression: {error}") from error
        found = [
            table for table in self.catalog.tables(database) if wanted.fullmatch(table["Name"])
        ]
        shown, more = page(found, request)
        return {"TableMetadataList": list(map(table_shown, shown))} | more

    def held(self, name: str) -> dict[str, Any]:
        """A database of Glue."""
        if not self.catalog.has_database(name.lower()):
            raise ApiError(
                f"EntityNotFoundException: Entity Not Found: Database {name} not found.",
                "MetadataException",
            )
        return self.catalog.database(name.lower())


def database_shown(database: dict[str, Any]) -> dict[str, Any]:
    """A database as the Athena API shows it."""
    shown = {"Name": database["Name"], "Parameters": database.get("Parameters") or {}}
    if database.get("Description"):
        shown["Description"] = database["Description"]
    return shown


def table_shown(table: dict[str, Any]) -> dict[str, Any]:
    """A table as the Athena API shows it."""
    created = table.get("CreateTime")
    return {
        "Name": table["Name"],
        "CreateTime": created.timestamp() if isinstance(created, datetime) else created,
        "TableType": table.get("TableType") or "",
        "Columns": columns_shown((table.get("StorageDescriptor") or {}).get("Columns")),
        "PartitionKeys": columns_shown(table.get("PartitionKeys")),
        "Parameters": parameters_shown(table),
    }


def columns_shown(columns: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Columns with their names, types and comments."""
    return [
        {key: column[key] for key in ("Name", "Type", "Comment") if column.get(key) is not None}
        for column in columns or []
    ]


def parameters_shown(table: dict[str, Any]) -> dict[str, str]:
    """The parameters of a table, with what Athena adds from its storage descriptor."""
    descriptor = table.get("StorageDescriptor") or {}
    serde = descriptor.get("SerdeInfo") or {}
    added = {
        "location": descriptor.get("Location"),
        "inputformat": descriptor.get("InputFormat"),
        "outputformat": descriptor.get("OutputFormat"),
        "serde.serialization.lib": serde.get("SerializationLibrary"),
        **{f"serde.param.{name}": value for name, value in (serde.get("Parameters") or {}).items()},
    }
    shown = {name: value for name, value in added.items() if value is not None}
    return shown | (table.get("Parameters") or {})
