"""The shapes that results have: what Athena calls the statement, its columns, its file."""

from collections.abc import Iterable

from lake.athena.outcome import Column, Outcome
from lake.athena.router.context import Context, EngineResult

ROWS = Column("rows", "bigint", 19)


def ddl(substatement: str) -> Outcome:
    """Return the outcome of a statement that gives no row."""
    return Outcome("DDL", substatement, extension="txt")


def listing(substatement: str, column: str, values: Iterable[str]) -> Outcome:
    """Return one column of texts, as SHOW gives it."""
    rows: list[list[str | None]] = [[value] for value in values]
    return Outcome("UTILITY", substatement, [Column(column, "string")], rows, extension="txt")


def lines(substatement: str, columns: Iterable[str], texts: Iterable[str]) -> Outcome:
    """Return lines that hold several columns between tabs, as DESCRIBE gives them."""
    named = [Column(column, "string") for column in columns]
    rows: list[list[str | None]] = [[text] for text in texts]
    return Outcome("UTILITY", substatement, named, rows, extension="txt")


def selected(context: Context, result: EngineResult, substatement: str = "SELECT") -> Outcome:
    """Return the rows of a query."""
    return Outcome(
        "DML",
        substatement,
        context.encoding.columns(result),
        context.encoding.rows(result),
        update_count=0,
        has_header=True,
        extension="csv",
    )


def written(verb: str, count: int | None, statement_type: str = "DML") -> Outcome:
    """Return the number of rows that a statement wrote; only INSERT and kin leave no file."""
    extension = "csv" if verb in ("UPDATE", "DELETE", "MERGE") else ""
    return Outcome(statement_type, verb, [ROWS], update_count=count, extension=extension)


def table_as(count: int | None, location: str | None = None) -> Outcome:
    """Return the outcome of CREATE TABLE AS."""
    made = written("CREATE_TABLE_AS_SELECT", count, "DDL")
    made.location = location
    return made


def plan(text: str) -> Outcome:
    """Return the outcome of EXPLAIN: a heading, then one row a line."""
    rows: list[list[str | None]] = [[line] for line in ("Query Plan", *text.split("\n"))]
    return Outcome("UTILITY", "EXPLAIN", [Column("Query Plan", "varchar")], rows, extension="txt")
