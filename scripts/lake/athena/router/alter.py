"""ALTER TABLE but for its partitions: on Glue for Hive tables, on the engine for Iceberg's."""

from lake.athena.errors import AthenaFailure
from lake.athena.outcome import Outcome
from lake.athena.router import alter_iceberg, outcomes, tables
from lake.athena.router.context import Context, GlueTable
from lake.athena.sql import alterations as alter
from lake.athena.sql.cursor import Name
from lake.athena.sql.hive_table import glue_column
from lake.athena.sql.refused import failed, unsupported

GlueColumn = dict[str, str]


def set_properties(statement: alter.SetProperties, context: Context) -> Outcome:
    """Add table properties."""
    _table(context, statement.name)
    tables.set_parameters(context, statement.name, statement.properties)
    return outcomes.ddl("ALTER_TABLE")


def unset_properties(statement: alter.UnsetProperties, context: Context) -> Outcome:
    """Take table properties away."""
    _table(context, statement.name)
    tables.set_parameters(context, statement.name, {}, statement.keys)
    return outcomes.ddl("ALTER_TABLE")


def rename(statement: alter.RenameTable, context: Context) -> Outcome:
    """Rename a table; Athena has this for Iceberg alone."""
    if not tables.is_iceberg(_table(context, statement.name)):
        raise unsupported()
    alter_iceberg.rename(statement, context)
    return outcomes.ddl("ALTER_TABLE")


def add_columns(statement: alter.AddColumns, context: Context) -> Outcome:
    """Add columns behind the last one."""
    table = _table(context, statement.name)
    have = {*(column["Name"] for column in tables.columns(table)), *tables.keys(table)}
    for column in statement.columns:
        if column.name in have:
            raise failed(f"SemanticException [Error 10036]: Duplicate column name: {column.name}")
    if tables.is_iceberg(table):
        alter_iceberg.add_columns(statement.name, statement.columns, context)
    else:
        new = [glue_column(column) for column in statement.columns]
        _set_columns(context, statement.name, [*tables.columns(table), *new])
    return outcomes.ddl("ALTER_TABLE")


def replace_columns(statement: alter.ReplaceColumns, context: Context) -> Outcome:
    """Make the columns those that are given."""
    table = _table(context, statement.name)
    if tables.is_iceberg(table):
        alter_iceberg.replace_columns(statement, table, context)
    else:
        new = [glue_column(column) for column in statement.columns]
        _set_columns(context, statement.name, new)
    return outcomes.ddl("ALTER_TABLE")


def drop_column(statement: alter.DropColumn, context: Context) -> Outcome:
    """Drop a column; Athena has this for Iceberg alone."""
    if not tables.is_iceberg(_table(context, statement.name)):
        raise unsupported()
    alter_iceberg.drop_column(statement.name, statement.column, context)
    return outcomes.ddl("ALTER_TABLE")


def change_column(statement: alter.ChangeColumn, context: Context) -> Outcome:
    """Give a column another name, type, comment or place."""
    table = _table(context, statement.name)
    before = next((c for c in tables.columns(table) if c["Name"] == statement.column), None)
    if before is None:
        raise failed(
            f"SemanticException [Error 10002]: Invalid column reference {statement.column}"
        )
    if tables.is_iceberg(table):
        alter_iceberg.change_column(statement, before, context)
    else:
        _set_columns(context, statement.name, _changed(tables.columns(table), statement))
    return outcomes.ddl("ALTER_TABLE")


def _changed(columns: list[GlueColumn], statement: alter.ChangeColumn) -> list[GlueColumn]:
    index = next(i for i, column in enumerate(columns) if column["Name"] == statement.column)
    changed = {**columns[index], **glue_column(statement.definition)}
    others = [*columns[:index], *columns[index + 1 :]]
    if any(column["Name"] == statement.definition.name for column in others):
        raise failed(
            f"SemanticException [Error 10036]: Duplicate column name: {statement.definition.name}"
        )
    if statement.place == "FIRST":
        index = 0
    elif statement.place:
        names = [column["Name"] for column in others]
        if statement.place not in names:
            raise failed(f"SemanticException Column {statement.place} does not exist")
        index = names.index(statement.place) + 1
    return [*others[:index], changed, *others[index:]]


def _table(context: Context, name: Name) -> GlueTable:
    table = tables.hive_table(context, name)
    if tables.is_view(table):
        raise AthenaFailure("NOT_SUPPORTED", "To alter a view, use CREATE OR REPLACE VIEW")
    return table


def _set_columns(context: Context, name: Name, columns: list[GlueColumn]) -> None:
    def change(table: GlueTable) -> GlueTable:
        storage = {**(table.get("StorageDescriptor") or {}), "Columns": columns}
        return {**table, "StorageDescriptor": storage}

    context.catalog.update_table(*context.place(name), change)
