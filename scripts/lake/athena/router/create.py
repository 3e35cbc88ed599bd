"""CREATE TABLE with columns, CREATE VIEW, DROP."""

from lake.athena.errors import AthenaFailure
from lake.athena.outcome import Outcome
from lake.athena.router import outcomes, places, tables
from lake.athena.router.context import HIVE, ICEBERG, Context
from lake.athena.router.properties import codec, iceberg_transform
from lake.athena.sql import kinds
from lake.athena.sql.hive_table import table_input
from lake.athena.sql.quoting import trino_name, trino_string
from lake.athena.sql.refused import check_table, failed
from lake.athena.sql.types import hive_to_trino

_ENGINE_PROPERTIES = ("table_type", "format", "write_compression")


def create_table(statement: kinds.CreateTable, context: Context) -> Outcome:
    """Create a table of Hive in the catalogue, one of Iceberg on the engine."""
    check_table(statement)
    schema, table = context.place(statement.name)
    tables.check_database(context, schema)
    if context.catalog.table(schema, table) is not None:
        if statement.if_not_exists:
            return outcomes.ddl("CREATE_TABLE")
        raise failed(
            "Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "
            f"AlreadyExistsException(message:Table {table} already exists.)"
        )
    if statement.is_iceberg:
        _create_iceberg(statement, context)
    else:
        context.catalog.create_table(schema, table_input(statement))
    return outcomes.ddl("CREATE_TABLE")


def _create_iceberg(statement: kinds.CreateTable, context: Context) -> None:
    properties = statement.properties
    session = {}
    if compression := properties.get("write_compression"):
        session = {f"{ICEBERG}.compression_codec": codec(compression, "PARQUET")}
    columns = ", ".join(iceberg_column(column) for column in statement.columns)
    comment = f" COMMENT {trino_string(statement.comment)}" if statement.comment else ""
    context.engine(
        f"CREATE TABLE {tables.iceberg_name(context, statement.name)} ({columns}){comment} "
        f"WITH ({_iceberg_options(statement)})",
        catalog=ICEBERG,
        schema=context.database or None,
        session=session,
    )
    kept = {key: text for key, text in properties.items() if key not in _ENGINE_PROPERTIES}
    tables.set_parameters(context, statement.name, kept)


def iceberg_column(column: kinds.ColumnDefinition) -> str:
    """Return the definition of a column in Trino's words."""
    comment = f" COMMENT {trino_string(column.comment)}" if column.comment else ""
    return f"{trino_name(column.name)} {hive_to_trino(column.type)}{comment}"


def _iceberg_options(statement: kinds.CreateTable) -> str:
    options = [f"location = {trino_string((statement.location or '').rstrip('/'))}"]
    if statement.transforms:
        parts = (trino_string(iceberg_transform(part)) for part in statement.transforms)
        options.append(f"partitioning = ARRAY[{', '.join(parts)}]")
    if file_format := statement.properties.get("format"):
        options.append(f"format = {trino_string(file_format.upper())}")
    return ", ".join(options)


def create_view(statement: kinds.CreateView, context: Context) -> Outcome:
    """Create or replace a view on the engine."""
    places.run(context, statement.text)
    return outcomes.ddl("CREATE_VIEW")


def drop(statement: kinds.Drop, context: Context) -> Outcome:
    """Drop a table or view; only a table of Iceberg loses its data with it."""
    schema, table = context.place(statement.name)
    done = outcomes.ddl(f"DROP_{statement.what}")
    known = context.catalog.has_database(schema)
    found = context.catalog.table(schema, table) if known else None
    if found is None:
        if not statement.if_exists:
            tables.hive_table(context, statement.name)
        return done
    if tables.is_view(found) != (statement.what == "VIEW"):
        other = "VIEW" if tables.is_view(found) else "TABLE"
        raise AthenaFailure(
            "TABLE_NOT_FOUND",
            f"line 1:1: {statement.what.capitalize()} '{HIVE}.{schema}.{table}' does not exist, "
            f"but a {other.lower()} with that name exists. Did you mean DROP {other}?",
        )
    if tables.is_iceberg(found):
        _drop_iceberg(statement, context)
    else:
        context.catalog.drop_table(schema, table)
    return done


def _drop_iceberg(statement: kinds.Drop, context: Context) -> None:
    try:
        context.engine(
            f"DROP TABLE {tables.iceberg_name(context, statement.name)}", catalog=ICEBERG
        )
    except AthenaFailure:
        # Clients delete the files first; without metadata the engine cannot drop the table.
        schema, table = context.place(statement.name)
        if context.catalog.table(schema, table) is not None:
            context.catalog.drop_table(schema, table)
