"""SHOW CREATE TABLE of Iceberg tables, whose partitioning only the engine knows."""

from lake.athena.router import tables
from lake.athena.router.context import ICEBERG, Context, GlueTable
from lake.athena.router.properties import texts_of
from lake.athena.sql.cursor import Cursor, Name
from lake.athena.sql.parse_create import expressions
from lake.athena.sql.quoting import hive_name, hive_string
from lake.athena.sql.tokens import Kind

_ENGINE_KEYS = ("metadata_location", "previous_metadata_location", "table_type", "EXTERNAL")


def _engine_properties(name: Name, context: Context) -> dict[str, str]:
    """Return the WITH properties of the engine's own SHOW CREATE TABLE, as expressions."""
    result = context.engine(
        f"SHOW CREATE TABLE {tables.iceberg_name(context, name)}", catalog=ICEBERG
    )
    cursor = Cursor(str(result.rows[0][0]))
    while not cursor.at_end and not cursor.at("WITH", "("):
        cursor.next()
    return expressions(cursor) if cursor.accept("WITH") else {}


def partitioning(name: Name, context: Context) -> list[tuple[str, str]]:
    """Return the partition fields as Iceberg names them: (`bucket[16]`, `id`), (`day`, `at`)."""
    return [_field(text) for text in _partition_texts(_engine_properties(name, context))]


def _partition_texts(properties: dict[str, str]) -> list[str]:
    written = properties.get("partitioning")
    return texts_of("partitioning", written) if written else []


def _field(text: str) -> tuple[str, str]:
    cursor = Cursor(text)
    name = cursor.identifier()
    if not cursor.accept("("):
        return "identity", name
    column = cursor.identifier()
    if cursor.accept(",") and cursor.peek().kind is Kind.INTEGER:
        return f"{name}[{cursor.integer()}]", column
    return name, column


def iceberg_statement(name: Name, table: GlueTable, context: Context) -> str:
    """Return the CREATE TABLE of an Iceberg table as Athena writes it."""
    schema, table_name = context.place(name)
    properties = _engine_properties(name, context)
    columns = ",\n".join(_column(column) for column in tables.columns(table))
    parts = [_athena_transform(*_field(text)) for text in _partition_texts(properties)]
    location = str(table["StorageDescriptor"].get("Location") or "")
    lines = [f"CREATE TABLE {schema}.{table_name} (", f"{columns})"]
    if parts:
        lines.append(f"PARTITIONED BY ({', '.join(parts)})")
    lines.append(f"LOCATION {hive_string(location)}")
    shown = ",\n".join(
        f"  {hive_string(key)}={hive_string(value)}"
        for key, value in _shown(table, properties).items()
    )
    return "\n".join((*lines, f"TBLPROPERTIES (\n{shown}\n);"))


def _column(column: dict[str, str]) -> str:
    comment = column.get("Comment")
    tail = f" COMMENT {hive_string(comment)}" if comment else ""
    return f"  {column['Name']} {column['Type']}{tail}"


def _athena_transform(transform: str, column: str) -> str:
    kind, _, argument = transform.partition("[")
    if kind == "identity":
        return hive_name(column)
    if argument:
        return f"{kind}({argument.rstrip(']')}, {hive_name(column)})"
    return f"{kind}({hive_name(column)})"


def _shown(table: GlueTable, properties: dict[str, str]) -> dict[str, str]:
    file_format = properties.get("format", "'PARQUET'").strip("'").lower()
    own = {
        key: value
        for key, value in sorted((table.get("Parameters") or {}).items())
        if key not in _ENGINE_KEYS and not key.startswith(("trino_", "presto_"))
    }
    return {"table_type": "iceberg", "format": file_format, **own}
