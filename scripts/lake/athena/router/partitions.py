"""Partitions of Hive tables: ALTER TABLE, MSCK REPAIR TABLE."""

import operator
from collections.abc import Callable
from typing import Any

from lake.athena.outcome import Outcome
from lake.athena.router import outcomes, tables
from lake.athena.router.context import HIVE, Context, GlueTable
from lake.athena.sql import alterations as alter
from lake.athena.sql import kinds
from lake.athena.sql.cursor import Name
from lake.athena.sql.open_csv import is_typed, twin_name
from lake.athena.sql.quoting import trino_string
from lake.athena.sql.refused import failed

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def label(keys: list[str], values: list[str]) -> str:
    """Return `key=value/key=value`."""
    return "/".join(f"{key}={value}" for key, value in zip(keys, values, strict=True))


def partitioned(context: Context, name: Name) -> GlueTable:
    """Return a Hive table that has partitions.

    Raises:
        AthenaFailure: it has none, or its partitions are Iceberg's own.
    """
    table = tables.hive_table(context, name)
    if tables.is_iceberg(table) or not tables.keys(table):
        schema, _ = context.place(name)
        raise failed(f"SemanticException Table {schema}.{name.table} is not a partitioned table")
    return table


def add(statement: alter.AddPartitions, context: Context) -> Outcome:
    """Add partitions; one without LOCATION is at `key=value/` below the table."""
    table = partitioned(context, statement.name)
    place = context.place(statement.name)
    known = {tuple(found["Values"]) for found in context.catalog.partitions(*place)}
    for spec, location in statement.partitions:
        values = _values(table, spec)
        if tuple(values) not in known:
            context.catalog.create_partition(*place, values, location or _folder(table, values))
            known.add(tuple(values))
        elif not statement.if_not_exists:
            raise failed(
                "Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "
                "AlreadyExistsException(message:Partition already exists.)"
            )
    return outcomes.ddl("ALTER_TABLE")


def _folder(table: GlueTable, values: list[str]) -> str:
    base = str(table["StorageDescriptor"]["Location"]).rstrip("/")
    return f"{base}/{label(tables.keys(table), values)}"


def _values(table: GlueTable, spec: alter.PartitionSpec) -> list[str]:
    given = {condition.key: condition.value for condition in spec if condition.operator == "="}
    keys = tables.keys(table)
    if sorted(given) != sorted(keys) or len(spec) != len(keys):
        raise failed(
            "SemanticException partition spec "
            f"{{{', '.join(f'{key}={value}' for key, value in given.items())}}} "
            f"doesn't contain all ({len(keys)}) partition columns"
        )
    return [given[key] for key in keys]


def drop(statement: alter.DropPartitions, context: Context) -> Outcome:
    """Drop every partition that one of the specs fits."""
    table = partitioned(context, statement.name)
    place = context.place(statement.name)
    for spec in statement.partitions:
        fitting = [
            list(found["Values"])
            for found in context.catalog.partitions(*place)
            if _fits(table, spec, found["Values"])
        ]
        if not fitting and not statement.if_exists:
            text = ", ".join(f"{c.key} {c.operator} {c.value}" for c in spec)
            raise failed(f"SemanticException [Error 10006]: Partition not found ({text})")
        for values in fitting:
            context.catalog.drop_partition(*place, values)
    return outcomes.ddl("ALTER_TABLE")


def _fits(table: GlueTable, spec: alter.PartitionSpec, values: list[str]) -> bool:
    by_key = dict(zip(tables.keys(table), values, strict=True))
    for condition in spec:
        if condition.key not in by_key:
            raise failed(
                f"SemanticException [Error 10098]: {condition.key} is not a partition column"
            )
        pair = _comparable(by_key[condition.key], condition.value)
        if not _OPERATORS[condition.operator](*pair):
            return False
    return True


def _comparable(left: str, right: str) -> tuple[float, float] | tuple[str, str]:
    try:
        return float(left), float(right)
    except ValueError:
        return left, right


def rename(statement: alter.RenamePartition, context: Context) -> Outcome:
    """Give a partition other values; its data stays where it is."""
    table = partitioned(context, statement.name)
    place = context.place(statement.name)
    old, new = _values(table, statement.partition), _values(table, statement.target)
    found = _partition(context, statement.name, old)
    context.catalog.create_partition(*place, new, found["StorageDescriptor"]["Location"])
    context.catalog.drop_partition(*place, old)
    return outcomes.ddl("ALTER_TABLE")


def set_location(statement: alter.SetLocation, context: Context) -> Outcome:
    """Point a table, or one of its partitions, at another folder."""
    place = context.place(statement.name)
    if statement.partition:
        table = partitioned(context, statement.name)
        values = _values(table, statement.partition)
        _partition(context, statement.name, values)
        context.catalog.drop_partition(*place, values)
        context.catalog.create_partition(*place, values, statement.location)
        return outcomes.ddl("ALTER_TABLE")
    tables.hive_table(context, statement.name)

    def change(found: GlueTable) -> GlueTable:
        storage = {**found["StorageDescriptor"], "Location": statement.location}
        return {**found, "StorageDescriptor": storage}

    context.catalog.update_table(*place, change)
    return outcomes.ddl("ALTER_TABLE")


def _partition(context: Context, name: Name, values: list[str]) -> GlueTable:
    for found in context.catalog.partitions(*context.place(name)):
        if list(found["Values"]) == values:
            return found
    raise failed(f"SemanticException [Error 10006]: Partition not found {values}")


def repair(statement: kinds.Repair, context: Context) -> Outcome:
    """Add the partitions whose folders are there."""
    table = partitioned(context, statement.name)
    schema, name = context.place(statement.name)
    before = {tuple(found["Values"]) for found in context.catalog.partitions(schema, name)}
    seen = twin_name(name) if is_typed(table) else name
    context.engine(
        f"CALL {HIVE}.system.sync_partition_metadata("
        f"{trino_string(schema)}, {trino_string(seen)}, 'ADD', false)"
    )
    new = [
        f"{name}:{label(tables.keys(table), found['Values'])}"
        for found in context.catalog.partitions(schema, name)
        if tuple(found["Values"]) not in before
    ]
    done = outcomes.ddl("MSCK_REPAIR")
    if new:
        done.rows = [["Partitions not in metastore:\t" + "\t".join(new)]]
        done.rows += [[f"Repair: Added partition to metastore {each}"] for each in new]
    return done
