"""Compares two databases: each relation, both ways, every column but the audit stamps."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

SCHEMAS = ("silver", "gold", "quarantine", "reference")
# What says when and by which run a row was written is no business of the promise.
AUDIT_COLUMNS = ("_built_at", "_invocation_id")


@dataclass(frozen=True)
class Difference:
    """A relation that differs: how many rows only one side has, a few of them, and a note."""

    relation: str
    only_left: int
    only_right: int
    sample_left: tuple[str, ...] = ()
    sample_right: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Comparison:
    """How much was compared, and what differs."""

    relations: int
    rows: int
    differences: tuple[Difference, ...]


def compare(left: Path, right: Path, skip: tuple[str, ...] = ()) -> Comparison:
    """Compare every table and view of two closed databases, except those named in `skip`."""
    one, other = _open(left), _open(right)
    scratch = duckdb.connect()
    try:
        relations, others = _relations(one, skip), _relations(other, skip)
        differences, rows = [], 0
        for name in sorted(relations | others):
            if name not in relations or name not in others:
                side = "left" if name in relations else "right"
                differences.append(
                    Difference(name, 0, 0, note=f"exists only in the {side} database")
                )
                continue
            count, difference = _compare_relation(scratch, name, one, other)
            rows += count
            if difference is not None:
                differences.append(difference)
        return Comparison(len(relations | others), rows, tuple(differences))
    finally:
        for connection in (one, other, scratch):
            connection.close()


def _open(database: Path) -> Any:
    connection = duckdb.connect(str(database), read_only=True)
    connection.execute("load avro")
    connection.execute("set TimeZone = 'UTC'")
    return connection


def _relations(connection: Any, skip: tuple[str, ...]) -> set[str]:
    found = connection.execute(
        "select table_schema || '.' || table_name, table_name from information_schema.tables "
        "where table_schema in (select unnest(?))",
        [list(SCHEMAS)],
    ).fetchall()
    return {relation for relation, name in found if name not in skip}


def _compare_relation(
    scratch: Any, name: str, one: Any, other: Any
) -> tuple[int, Difference | None]:
    """Return the number of rows of the right side, and the difference if there is one."""
    left, right = _read(one, name), _read(other, name)
    if left.schema != right.schema:
        return right.num_rows, Difference(
            name, left.num_rows, right.num_rows, note=f"{_types(left)} against {_types(right)}"
        )
    scratch.register("lhs", left)
    scratch.register("rhs", right)
    # Whole rows as one value each: NULL equals NULL, and a row that occurs twice counts twice.
    surplus = scratch.execute(
        "select line, sum(side) from "
        "(select lhs as line, 1 as side from lhs union all select rhs, -1 from rhs) "
        "group by line having sum(side) <> 0"
    ).fetchall()
    if not surplus:
        return right.num_rows, None
    only_left = [(line, count) for line, count in surplus if count > 0]
    only_right = [(line, -count) for line, count in surplus if count < 0]
    return right.num_rows, Difference(
        name,
        sum(count for _, count in only_left),
        sum(count for _, count in only_right),
        _sample([line for line, _ in only_left]),
        _sample([line for line, _ in only_right]),
    )


def _read(connection: Any, name: str) -> Any:
    """Return a relation as an Arrow table without its audit stamps."""
    relation = connection.sql(f"from {name}")
    columns = [column for column in relation.columns if column not in AUDIT_COLUMNS]
    return relation.select(*(f'"{column}"' for column in columns)).to_arrow_table()


def _types(table: Any) -> str:
    return ", ".join(f"{field.name} {field.type}" for field in table.schema)


def _sample(rows: list[dict[str, Any]]) -> tuple[str, ...]:
    """Return up to five rows of a side, in order of their texts, so that twins stand together."""
    first = sorted(rows, key=lambda row: [str(value) for value in row.values()])[:5]
    return tuple(
        ", ".join(f"{name}={value}" for name, value in row.items() if value is not None)
        for row in first
    )
