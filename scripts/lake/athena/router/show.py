"""SHOW and DESCRIBE, in Athena's column names and padding."""

import base64
import json
import re

from lake.athena.outcome import Outcome
from lake.athena.router import outcomes, tables
from lake.athena.router.context import Context, GlueTable
from lake.athena.router.partitions import label, partitioned
from lake.athena.router.show_create import iceberg_statement, partitioning
from lake.athena.sql import kinds
from lake.athena.sql.hive_table import create_statement
from lake.athena.sql.refused import failed

_WIDTH = 20
_VIEW = re.compile(r"/\* Presto View: (\S+) \*/")


def databases(statement: kinds.ShowDatabases, context: Context) -> Outcome:
    """List the databases."""
    names = _matching(sorted(context.catalog.databases()), statement.pattern)
    return outcomes.listing("SHOW_DATABASES", "database_name", names)


def show_tables(statement: kinds.ShowTables, context: Context) -> Outcome:
    """List the tables and views of a database, or its views alone."""
    schema = statement.schema or context.database.lower() or "default"
    tables.check_database(context, schema)
    views_only = statement.what == "VIEWS"
    names = sorted(
        table["Name"]
        for table in context.catalog.tables(schema)
        if not views_only or tables.is_view(table)
    )
    column = "views" if views_only else "tab_name"
    return outcomes.listing(f"SHOW_{statement.what}", column, _matching(names, statement.pattern))


def _matching(names: list[str], pattern: str | None) -> list[str]:
    """Return the names that fit a pattern of Hive: `*` is any text, `|` an alternative."""
    if pattern is None:
        return names
    parts = (part.replace("*", ".*") for part in pattern.split("|"))
    try:
        wanted = re.compile("|".join(parts), re.IGNORECASE)
    except re.error:
        raise failed(f"SemanticException Invalid pattern: {pattern}") from None
    return [name for name in names if wanted.fullmatch(name)]


def columns(statement: kinds.ShowColumns, context: Context) -> Outcome:
    """List the columns of a table, those of partitions last."""
    table = tables.hive_table(context, statement.name)
    names = [*(column["Name"] for column in tables.columns(table)), *tables.keys(table)]
    if not tables.is_iceberg(table):
        names = [name.ljust(_WIDTH) for name in names]
    return outcomes.listing("SHOW_COLUMNS", "field", names)


def partitions(statement: kinds.ShowPartitions, context: Context) -> Outcome:
    """List the partitions: of a Hive table by value, of an Iceberg table with their figures."""
    table = tables.hive_table(context, statement.name)
    if tables.is_iceberg(table):
        name = tables.iceberg_name(context, statement.name, "$partitions")
        return outcomes.selected(
            context, context.engine(f"SELECT * FROM {name}"), "SHOW_PARTITIONS"
        )
    table = partitioned(context, statement.name)
    found = context.catalog.partitions(*context.place(statement.name))
    labels = sorted(label(tables.keys(table), each["Values"]) for each in found)
    return outcomes.listing("SHOW_PARTITIONS", "partition", labels)


def properties(statement: kinds.ShowProperties, context: Context) -> Outcome:
    """List the properties of a table, or one of them."""
    table = tables.hive_table(context, statement.name)
    found = table.get("Parameters") or {}
    if statement.key is not None:
        missing = f"Table {statement.name.table} does not have property: {statement.key}"
        found = {statement.key: found.get(statement.key, missing)}
    return outcomes.lines(
        "SHOW_TBLPROPERTIES",
        ("prpt_name", "prpt_value"),
        (f"{key}\t{value}" for key, value in sorted(found.items())),
    )


def create(statement: kinds.ShowCreate, context: Context) -> Outcome:
    """Write the statement that makes a table or view."""
    table = tables.hive_table(context, statement.name)
    schema, name = context.place(statement.name)
    if tables.is_view(table) != (statement.what == "VIEW"):
        raise failed(f"SemanticException {schema}.{name} is not a {statement.what.lower()}")
    if statement.what == "VIEW":
        text = f"CREATE VIEW {schema}.{name} AS\n{_view_query(table)}"
        return outcomes.listing("SHOW_CREATE_VIEW", "Create View", text.split("\n"))
    if tables.is_iceberg(table):
        text = iceberg_statement(statement.name, table, context)
    else:
        text = create_statement(table)
    return outcomes.listing("SHOW_CREATE_TABLE", "createtab_stmt", text.split("\n"))


def _view_query(table: GlueTable) -> str:
    text = str(table.get("ViewOriginalText") or "")
    match = _VIEW.match(text)
    if match is None:
        return text
    return str(json.loads(base64.b64decode(match[1]))["originalSql"]).rstrip()


def describe(statement: kinds.Describe, context: Context) -> Outcome:
    """List names, types and comments of the columns."""
    table = tables.hive_table(context, statement.name)
    found = [*tables.columns(table), *(table.get("PartitionKeys") or [])]
    if statement.column is not None:
        found = [column for column in found if column["Name"] == statement.column]
        if not found:
            raise failed(
                f"SemanticException [Error 10002]: Invalid column reference {statement.column}"
            )
        texts = [_line(column) for column in found]
    elif tables.is_iceberg(table):
        texts = _iceberg_lines(statement, table, context)
    else:
        texts = [*(_line(column) for column in found), *_partition_lines(table)]
    return outcomes.lines("DESCRIBE_TABLE", ("col_name", "data_type", "comment"), texts)


def _line(column: dict[str, str]) -> str:
    texts = (column["Name"], column["Type"], column.get("Comment") or "")
    return "\t".join(text.ljust(_WIDTH) for text in texts)


def _partition_lines(table: GlueTable) -> list[str]:
    if not tables.keys(table):
        return []
    heading = "\t".join(text.ljust(_WIDTH) for text in ("# col_name", "data_type", "comment"))
    return [
        "\t \t ",
        "# Partition Information\t \t ",
        heading,
        "\t \t ",
        *(_line(column) for column in table["PartitionKeys"]),
    ]


def _iceberg_lines(statement: kinds.Describe, table: GlueTable, context: Context) -> list[str]:
    texts = ["# Table schema:\t\t", "# col_name\tdata_type\tcomment"]
    for column in tables.columns(table):
        texts.append("\t".join((column["Name"], column["Type"], column.get("Comment") or "")))
    texts += ["\t\t", "# Partition spec:\t\t", "# field_name\tfield_transform\tcolumn_name"]
    parts = partitioning(statement.name, context)
    return texts + [_spec_line(transform, column) for transform, column in parts]


def _spec_line(transform: str, column: str) -> str:
    kind = transform.split("[", maxsplit=1)[0]
    suffix = {"identity": "", "truncate": "_trunc"}.get(kind, f"_{kind}")
    return f"{column}{suffix}\t{transform}\t{column}"
