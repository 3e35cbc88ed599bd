"""Queries, changes of rows, EXPLAIN."""

from lake.athena.errors import AthenaFailure
from lake.athena.outcome import Column, Outcome
from lake.athena.router import outcomes, places, table_as, unload
from lake.athena.router.context import HIVE, Context
from lake.athena.router.properties import clause
from lake.athena.sql import kinds
from lake.athena.sql.refused import unsupported
from lake.athena.sql.tokens import significant


def literal(statement: kinds.Literal, context: Context) -> Outcome:
    """Answer `SELECT 'text'`, which dbt sends after each model, without the engine."""
    del context
    column = Column("_col0", "varchar", len(statement.value))
    return Outcome(
        "DML",
        "SELECT",
        [column],
        [[statement.value]],
        update_count=0,
        has_header=True,
        extension="csv",
    )


def query(statement: kinds.Query, context: Context) -> Outcome:
    """Answer anything that gives rows."""
    return outcomes.selected(context, places.run(context, statement.text))


def modify(statement: kinds.Modify, context: Context) -> Outcome:
    """Run INSERT, UPDATE, DELETE or MERGE."""
    result = places.run(context, statement.text)
    return outcomes.written(statement.verb, result.update_count)


def explain(statement: kinds.Explain, context: Context) -> Outcome:
    """Return the plan of a query, or of one that writes."""
    head, query_text = _explained(statement, context)
    result = places.run_behind(context, f"{_one_line(statement.head)} {head}", query_text)
    rows = context.encoding.rows(result)
    return outcomes.plan("\n".join(row[0] or "" for row in rows))


def _one_line(head: str) -> str:
    return " ".join(token.text for token in significant(head))


def _explained(statement: kinds.Explain, context: Context) -> tuple[str, str]:
    """Return what stands before the query in Trino's words, and the query."""
    inner = statement.statement
    if isinstance(inner, kinds.CreateTableAs):
        return table_as.head(inner, context, table_as.target(inner, context)), inner.query
    if isinstance(inner, kinds.Unload):
        table = f"CREATE TABLE {HIVE}.default.unload {clause(unload.options(inner))} AS"
        return table, inner.query
    if isinstance(inner, kinds.Query | kinds.Literal | kinds.Modify):
        return "", inner.text
    if isinstance(inner, kinds.Explain):
        raise AthenaFailure("SYNTAX_ERROR", "line 1:9: mismatched input 'EXPLAIN'")
    raise unsupported()
