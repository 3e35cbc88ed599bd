"""Maintenance of Iceberg tables: small files joined, old snapshots expired."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lake.athena.control.client import glue, plain_errors, run
from lake.athena.settings import Settings
from lake.errors import UserError


@dataclass(frozen=True)
class Size:
    """What a table consists of at one moment."""

    data_files: int
    data_bytes: int
    delete_files: int
    snapshots: int


@dataclass(frozen=True)
class IcebergTable:
    """A table of the catalogue."""

    database: str
    name: str

    @property
    def full_name(self) -> str:
        """The name as OPTIMIZE and VACUUM take it."""
        return ".".join(
            part if re.fullmatch(r"[a-z_][a-z0-9_]*", part) else f"`{part}`"
            for part in (self.database, self.name)
        )


def iceberg_tables(settings: Settings, databases: tuple[str, ...]) -> list[IcebergTable]:
    """Return the Iceberg tables of some databases (of all, if none is named), by name.

    Raises:
        UserError: a named database does not exist.
    """
    with plain_errors(settings):
        return sorted(_listed(settings, databases), key=lambda table: (table.database, table.name))


def _listed(settings: Settings, databases: tuple[str, ...]) -> Iterator[IcebergTable]:
    client = glue(settings)
    pages = client.get_paginator("get_databases").paginate()
    known = [entry["Name"] for page in pages for entry in page["DatabaseList"]]
    for name in databases or tuple(known):
        if name not in known:
            raise UserError(f"no database {name}; there are: {', '.join(known) or 'none'}")
        for page in client.get_paginator("get_tables").paginate(DatabaseName=name):
            for table in page["TableList"]:
                if table.get("Parameters", {}).get("table_type", "").upper() == "ICEBERG":
                    yield IcebergTable(name, table["Name"])


def size(settings: Settings, table: IcebergTable) -> Size:
    """Return the files and snapshots of a table, from its metadata tables."""
    sql = (
        "select count_if(content = 0), sum(if(content = 0, file_size_in_bytes, 0)), "
        f'count_if(content <> 0), (select count(*) from "{table.name}$snapshots") '
        f'from "{table.name}$files"'
    )
    (row,) = run(settings, sql, table.database).rows
    return Size(*(int(value or 0) for value in row))


def maintain(settings: Settings, table: IcebergTable) -> None:
    """Join the small files of a table and drop snapshots older than its properties allow.

    The age is `vacuum_max_snapshot_age_seconds`, five days unless the table says otherwise.
    """
    run(settings, f"optimize {table.full_name} rewrite data using bin_pack", table.database)
    run(settings, f"vacuum {table.full_name}", table.database)
