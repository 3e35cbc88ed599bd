"""Compares one relation of DuckDB with the same of Athena.

How exact it is. Athena unloads the relation to Parquet, so that NULL, an empty text, a line feed or
a quote in a text cannot be mistaken for one another; whole numbers, decimals, doubles, booleans,
dates and texts come in their own types. Athena writes no timestamps of more than milliseconds to
Parquet: they come as the text of all their digits and are read back as such. DuckDB then takes
`except all` of the two sets of rows, both ways, over all columns but the audit stamps: a row that
is there twice on one side and once on the other differs, NULL equals NULL, and nothing is rounded.
A column whose types differ is a difference by itself; its values are compared as texts.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lake.parity.relations import Columns

SAMPLES = 5


@dataclass
class Parity:
    """What the comparison of one relation found; `notes` are differences of the relation itself."""

    relation: str
    dev_rows: int = 0
    athena_rows: int = 0
    only_dev: int = 0
    only_athena: int = 0
    notes: list[str] = field(default_factory=list)
    sample_dev: list[str] = field(default_factory=list)
    sample_athena: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Return whether the relation is the same on both sides."""
        return not (self.only_dev or self.only_athena or self.notes)


def column_notes(dev: Columns, athena: Columns) -> list[str]:
    """Return what differs in the names and types of the columns."""
    notes = [f"{name} only in dev" for name in dev if name not in athena]
    notes += [f"{name} only in athena" for name in athena if name not in dev]
    notes += [
        f"{name}: {dev[name]} in dev, {athena[name]} in athena"
        for name in dev
        if name in athena and dev[name] != athena[name]
    ]
    return notes


def unload_query(relation: str, dev: Columns, athena: Columns) -> str:
    """Return Athena's query of the columns that both sides have."""
    columns = [
        f'cast("{name}" as varchar) as "{name}"'
        if athena[name].startswith("timestamp") or athena[name] != dev[name]
        else f'"{name}"'
        for name in dev
        if name in athena
    ]
    schema, table = relation.split(".")
    return f'select {", ".join(columns)} from "{schema}"."{table}"'


def compare(
    connection: Any, relation: str, dev: Columns, athena: Columns, files: list[Path]
) -> Parity:
    """Compare a relation of the open DuckDB database with the unloaded files."""
    shared = [name for name in dev if name in athena]
    types = {name: dev[name] if dev[name] == athena[name] else "varchar" for name in shared}
    cast = ", ".join(f'cast("{name}" as {_duckdb(types[name])}) as "{name}"' for name in shared)
    schema, table = relation.split(".")
    connection.execute(
        f'create or replace temp table lhs as select {cast} from "{schema}"."{table}"'
    )
    if files:
        names = ", ".join(f"'{file}'" for file in files)
        unloaded = f"select {cast} from read_parquet([{names}])"
    else:
        empty = ", ".join(f'cast(null as {_duckdb(types[name])}) as "{name}"' for name in shared)
        unloaded = f"select {empty} where false"
    connection.execute(f"create or replace temp table rhs as {unloaded}")
    found = Parity(relation, _count(connection, "lhs"), _count(connection, "rhs"))
    found.notes = column_notes(dev, athena)
    found.only_dev, found.sample_dev = _only(connection, "lhs", "rhs")
    found.only_athena, found.sample_athena = _only(connection, "rhs", "lhs")
    return found


def _duckdb(data_type: str) -> str:
    return "timestamp" if data_type.startswith("timestamp") else data_type


def _count(connection: Any, table: str) -> int:
    return int(connection.execute(f"select count(*) from {table}").fetchone()[0])


def _only(connection: Any, one: str, other: str) -> tuple[int, list[str]]:
    """Return how many rows of `one` the other has not, and the texts of a few."""
    connection.execute(
        f"create or replace temp table surplus as (from {one}) except all (from {other})"
    )
    count = _count(connection, "surplus")
    if not count:
        return 0, []
    cursor = connection.execute(f"from surplus order by all limit {SAMPLES}")
    names = [column[0] for column in cursor.description]
    return count, [
        ", ".join(
            f"{name}={value}" for name, value in zip(names, row, strict=True) if value is not None
        )
        for row in cursor.fetchall()
    ]
