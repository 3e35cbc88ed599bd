"""ALTER TABLE of Iceberg tables, as statements of the engine's Iceberg catalogue."""

from collections.abc import Iterable, Mapping

from lake.athena.router import tables
from lake.athena.router.context import ICEBERG, Context, GlueTable
from lake.athena.router.create import iceberg_column
from lake.athena.sql import alterations as alter
from lake.athena.sql.cursor import Name
from lake.athena.sql.kinds import ColumnDefinition
from lake.athena.sql.quoting import trino_name, trino_string
from lake.athena.sql.types import hive_to_trino


def _alter(context: Context, name: Name, action: str) -> None:
    context.engine(f"ALTER TABLE {tables.iceberg_name(context, name)} {action}", catalog=ICEBERG)


def rename(statement: alter.RenameTable, context: Context) -> None:
    """Rename a table, in its schema where the new name has none."""
    schema, _ = context.place(statement.name)
    new_schema = statement.target.schema or schema
    _alter(
        context,
        statement.name,
        f"RENAME TO {trino_name(new_schema)}.{trino_name(statement.target.table)}",
    )


def add_columns(name: Name, columns: Iterable[ColumnDefinition], context: Context) -> None:
    """Add columns, one statement each."""
    for column in columns:
        _alter(context, name, f"ADD COLUMN {iceberg_column(column)}")


def drop_column(name: Name, column: str, context: Context) -> None:
    """Drop a column."""
    _alter(context, name, f"DROP COLUMN {trino_name(column)}")


def replace_columns(statement: alter.ReplaceColumns, table: GlueTable, context: Context) -> None:
    """Drop what is not named, add what is new, and change the types that differ."""
    before = {column["Name"]: column for column in tables.columns(table)}
    names = {column.name for column in statement.columns}
    for name in before:
        if name not in names:
            drop_column(statement.name, name, context)
    new = [column for column in statement.columns if column.name not in before]
    add_columns(statement.name, new, context)
    for column in statement.columns:
        if column.name in before:
            _change_type(statement.name, before[column.name], column, context)


def change_column(
    statement: alter.ChangeColumn, before: Mapping[str, str], context: Context
) -> None:
    """Change type, name, comment and place of a column, as far as they differ."""
    definition = statement.definition
    _change_type(statement.name, before, definition, context)
    if statement.column != definition.name:
        old, new = trino_name(statement.column), trino_name(definition.name)
        _alter(context, statement.name, f"RENAME COLUMN {old} TO {new}")
    if definition.comment is not None:
        column = f"{tables.iceberg_name(context, statement.name)}.{trino_name(definition.name)}"
        comment = trino_string(definition.comment)
        context.engine(f"COMMENT ON COLUMN {column} IS {comment}", catalog=ICEBERG)


def _change_type(
    name: Name, before: Mapping[str, str], column: ColumnDefinition, context: Context
) -> None:
    if before["Type"].replace(" ", "").lower() != column.type.replace(" ", ""):
        old = trino_name(before["Name"])
        new_type = hive_to_trino(column.type)
        _alter(context, name, f"ALTER COLUMN {old} SET DATA TYPE {new_type}")
