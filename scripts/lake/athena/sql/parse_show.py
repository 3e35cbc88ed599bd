"""Parses SHOW and DESCRIBE."""

from collections.abc import Callable

from lake.athena.sql import kinds
from lake.athena.sql.cursor import Cursor, Name
from lake.athena.sql.refused import unsupported
from lake.athena.sql.tokens import Mode


def parse_show(text: str) -> kinds.Statement:
    """Parse a statement that begins with SHOW."""
    cursor = Cursor(text, Mode.HIVE)
    cursor.expect("SHOW")
    what = cursor.peek().upper
    if what not in _WHAT:
        raise unsupported() if cursor.peek().is_name else cursor.unexpected(*_WHAT)
    cursor.next()
    statement = _WHAT[what](cursor)
    cursor.finish()
    return statement


def _databases(cursor: Cursor) -> kinds.Statement:
    return kinds.ShowDatabases(cursor.sql, _pattern(cursor))


def _pattern(cursor: Cursor) -> str | None:
    """Read `[LIKE] 'regular expression'`, where it stands."""
    if cursor.accept("LIKE") or cursor.at_string():
        return cursor.string()
    return None


def _schema(cursor: Cursor) -> str | None:
    if cursor.accept("IN") or cursor.accept("FROM"):
        return cursor.name().table
    return None


def _tables(cursor: Cursor) -> kinds.Statement:
    schema = _schema(cursor)
    return kinds.ShowTables(cursor.sql, "TABLES", schema, _pattern(cursor))


def _views(cursor: Cursor) -> kinds.Statement:
    schema = _schema(cursor)
    return kinds.ShowTables(cursor.sql, "VIEWS", schema, _pattern(cursor))


def _columns(cursor: Cursor) -> kinds.Statement:
    if not (cursor.accept("IN") or cursor.accept("FROM")):
        raise cursor.unexpected("FROM", "IN")
    name = cursor.name()
    schema = _schema(cursor)
    return kinds.ShowColumns(cursor.sql, Name(name.table, schema or name.schema, name.catalog))


def _partitions(cursor: Cursor) -> kinds.Statement:
    return kinds.ShowPartitions(cursor.sql, cursor.name())


def _properties(cursor: Cursor) -> kinds.Statement:
    name = cursor.name()
    key = None
    if cursor.accept("("):
        key = cursor.string()
        cursor.expect(")")
    return kinds.ShowProperties(cursor.sql, name, key)


def _create(cursor: Cursor) -> kinds.Statement:
    if not cursor.at("TABLE") and not cursor.at("VIEW"):
        raise unsupported()
    return kinds.ShowCreate(cursor.sql, cursor.next().upper, cursor.name())


_WHAT: dict[str, Callable[[Cursor], kinds.Statement]] = {
    "DATABASES": _databases,
    "SCHEMAS": _databases,
    "TABLES": _tables,
    "VIEWS": _views,
    "COLUMNS": _columns,
    "PARTITIONS": _partitions,
    "TBLPROPERTIES": _properties,
    "CREATE": _create,
}


def parse_describe(text: str) -> kinds.Statement:
    """Parse a statement that begins with DESCRIBE or DESC."""
    cursor = Cursor(text, Mode.HIVE)
    cursor.next()
    if cursor.peek(1).is_name and (cursor.at("INPUT") or cursor.at("OUTPUT")):
        raise unsupported()
    style = ""
    if cursor.peek(1).is_name and (cursor.at("EXTENDED") or cursor.at("FORMATTED")):
        style = cursor.next().upper
    if cursor.peek(1).is_name and cursor.at("VIEW"):
        cursor.next()
    name = cursor.name()
    column = None if cursor.at_end else cursor.identifier()
    cursor.finish()
    return kinds.Describe(text, name, style, column)
