"""Finds syntax errors before a statement is run."""

from lake.athena.errors import AthenaFailure
from lake.athena.router import prepared
from lake.athena.router.context import Context
from lake.athena.router.places import restored
from lake.athena.sql import kinds
from lake.athena.sql.quoting import trino_string
from lake.athena.sql.statements import parse
from lake.athena.sql.tokens import tokenize
from lake.athena.sql.translate import to_trino


def check(text: str, context: Context, *, ask_engine: bool = True) -> None:
    """Raise what is wrong with a statement before any table is looked at.

    Athena's own statements are parsed here to their end. Of a query, strings and brackets are
    looked at here; the rest of its grammar is the engine's, which is asked to parse it (and not
    to analyse or plan it) with `ask_engine`.

    Raises:
        AthenaFailure: SYNTAX_ERROR with line and column.
    """
    statement = parse(text)
    bound = prepared.bound(statement, context)
    if bound is not None:
        statement = parse(bound)
    if ask_engine:
        _ask_engine(statement, context)


def _ask_engine(checked: kinds.Statement, context: Context) -> None:
    head, query = _parsed_by_engine(checked)
    if not query:
        return
    translated = to_trino(query)
    marks = sum(token.text == "?" for token in tokenize(query))
    # One value too many: the engine parses the text, then refuses it before it looks at a table.
    values = ", ".join(["1"] * (marks + 1))
    statement = trino_string(f"{head}\n{translated}")
    try:
        context.engine(f"EXECUTE IMMEDIATE {statement} USING {values}")
    except AthenaFailure as failure:
        if failure.name == "SYNTAX_ERROR":
            raise restored(failure, query, added_lines=1) from None


def _parsed_by_engine(statement: kinds.Statement) -> tuple[str, str]:
    """Return a head in Trino's words and the query behind it; no query where there is none."""
    match statement:
        case kinds.Query() | kinds.Modify() | kinds.CreateView():
            return "", statement.text
        case kinds.CreateTableAs():
            return "CREATE TABLE t AS", statement.query
        case kinds.Unload():
            return "", statement.query
        case kinds.Optimize(where=str(where)):
            return "ALTER TABLE t EXECUTE optimize WHERE", where
        case kinds.Explain():
            return _parsed_by_engine(statement.statement)
    return "", ""
