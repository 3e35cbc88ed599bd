"""Parses a statement: what it is and its parts.

What is Athena's own is parsed here to its end. A query is Trino's to parse; here only its strings
and brackets are looked at.
"""

from collections.abc import Callable

from lake.athena.sql import kinds
from lake.athena.sql.cursor import Cursor, blanked
from lake.athena.sql.parse_alter import parse_alter
from lake.athena.sql.parse_create import create_mode, expressions, parse_create, parse_drop
from lake.athena.sql.parse_show import parse_describe, parse_show
from lake.athena.sql.refused import check_kind, check_unload
from lake.athena.sql.tokens import Kind, Mode
from lake.athena.sql.translate import strip


def parse(sql: str) -> kinds.Statement:
    """Return the statement.

    Raises:
        AthenaFailure: SYNTAX_ERROR, with line and column, or for a kind Athena does not have.
    """
    cursor = Cursor(sql, check=False)
    first = cursor.peek()
    if first.kind is Kind.END or first.text == ";":
        raise cursor.unexpected("<statement>")
    check_kind(first, cursor.peek(1), cursor.peek(2))
    keyword = "SELECT" if first.text == "(" else first.upper
    if keyword not in _PARSERS:
        raise cursor.unexpected(*sorted(_PARSERS))
    return _PARSERS[keyword](strip(sql, _mode(keyword, sql)))


def _mode(keyword: str, sql: str) -> Mode:
    if keyword == "CREATE":
        return create_mode(sql)
    return Mode.HIVE if keyword in ("ALTER", "DESC", "DESCRIBE", "SHOW") else Mode.TRINO


def _query(text: str) -> kinds.Statement:
    cursor = Cursor(text)
    _refuse_second_statement(cursor)
    if len(cursor.tokens) == 2 and cursor.accept("SELECT") and cursor.at_string():
        return kinds.Literal(text, cursor.string())
    return kinds.Query(text)


def _refuse_second_statement(cursor: Cursor) -> None:
    for index, token in enumerate(cursor.tokens):
        if token.text == ";":
            cursor.index = index
            raise cursor.unexpected("<EOF>")


def _modify(text: str) -> kinds.Statement:
    cursor = Cursor(text)
    _refuse_second_statement(cursor)
    return kinds.Modify(text, cursor.peek().upper)


def _explain(text: str) -> kinds.Statement:
    cursor = Cursor(text)
    cursor.expect("EXPLAIN")
    if cursor.accept("ANALYZE"):
        cursor.accept("VERBOSE")
    if cursor.at("(") and cursor.peek(1).upper in ("TYPE", "FORMAT"):
        cursor.bracketed()
    start = cursor.peek().start
    return kinds.Explain(text, text[:start], parse(blanked(text, start)))


def _repair(text: str) -> kinds.Statement:
    cursor = Cursor(text)
    cursor.expect("MSCK", "REPAIR", "TABLE")
    name = cursor.name()
    cursor.finish()
    return kinds.Repair(text, name)


def _optimize(text: str) -> kinds.Statement:
    cursor = Cursor(text)
    cursor.expect("OPTIMIZE")
    name = cursor.name()
    cursor.expect("REWRITE", "DATA", "USING", "BIN_PACK")
    where = cursor.rest() if cursor.accept("WHERE") else None
    cursor.finish()
    return kinds.Optimize(text, name, where)


def _vacuum(text: str) -> kinds.Statement:
    cursor = Cursor(text)
    cursor.expect("VACUUM")
    name = cursor.name()
    cursor.finish()
    return kinds.Vacuum(text, name)


def _unload(text: str) -> kinds.Statement:
    cursor = Cursor(text)
    cursor.expect("UNLOAD")
    query = cursor.bracketed()
    cursor.expect("TO")
    target = cursor.string()
    options = expressions(cursor) if cursor.accept("WITH") else {}
    cursor.finish()
    check_unload(text, options)
    return kinds.Unload(text, query, target, options)


def _prepare(text: str) -> kinds.Statement:
    cursor = Cursor(text)
    cursor.expect("PREPARE")
    name = cursor.identifier()
    cursor.expect("FROM")
    if cursor.at_end:
        raise cursor.unexpected("<statement>")
    statement = cursor.rest()
    parse(statement)
    return kinds.Prepare(text, name, statement)


def _execute(text: str) -> kinds.Statement:
    cursor = Cursor(text)
    cursor.expect("EXECUTE")
    if cursor.accept("IMMEDIATE"):
        statement = cursor.string()
        return kinds.ExecuteImmediate(text, statement, _arguments(cursor))
    name = cursor.identifier()
    return kinds.Execute(text, name, _arguments(cursor))


def _arguments(cursor: Cursor) -> tuple[str, ...]:
    found = []
    if cursor.accept("USING"):
        found.append(cursor.expression(","))
        while cursor.accept(","):
            found.append(cursor.expression(","))
    cursor.finish()
    return tuple(found)


def _deallocate(text: str) -> kinds.Statement:
    cursor = Cursor(text)
    cursor.expect("DEALLOCATE", "PREPARE")
    name = cursor.identifier()
    cursor.finish()
    return kinds.Deallocate(text, name)


_PARSERS: dict[str, Callable[[str], kinds.Statement]] = {
    "SELECT": _query,
    "WITH": _query,
    "VALUES": _query,
    "TABLE": _query,
    "INSERT": _modify,
    "UPDATE": _modify,
    "DELETE": _modify,
    "MERGE": _modify,
    "EXPLAIN": _explain,
    "CREATE": parse_create,
    "DROP": parse_drop,
    "ALTER": parse_alter,
    "SHOW": parse_show,
    "DESCRIBE": parse_describe,
    "DESC": parse_describe,
    "MSCK": _repair,
    "OPTIMIZE": _optimize,
    "VACUUM": _vacuum,
    "UNLOAD": _unload,
    "PREPARE": _prepare,
    "EXECUTE": _execute,
    "DEALLOCATE": _deallocate,
}
