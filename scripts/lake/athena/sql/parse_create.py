"""Parses CREATE and DROP, but for the columns and clauses of a table."""

from typing import Any

from lake.athena.errors import AthenaFailure
from lake.athena.sql import kinds
from lake.athena.sql.cursor import Cursor, Name
from lake.athena.sql.parse_table import table_with_columns
from lake.athena.sql.tokens import Mode, syntax_error


def parse_create(text: str) -> kinds.Statement:
    """Parse a statement that begins with CREATE."""
    cursor = Cursor(text, create_mode(text))
    cursor.expect("CREATE")
    if cursor.accept("SCHEMA") or cursor.accept("DATABASE"):
        return _database(cursor)
    if cursor.accept("OR", "REPLACE") and not (cursor.at("VIEW") or cursor.at("PROTECTED")):
        raise cursor.unexpected("VIEW")
    if cursor.at("VIEW") or cursor.at("PROTECTED", "MULTI"):
        return _view(cursor)
    external = cursor.accept("EXTERNAL")
    if not cursor.accept("TABLE"):
        raise cursor.unexpected(*(["TABLE"] if external else ["OR", "SCHEMA", "TABLE", "VIEW"]))
    return _table(cursor, external)


def create_mode(sql: str) -> Mode:
    """Return whose rules the strings of a CREATE obey: Hive's, but for views and CTAS."""
    head = Cursor(sql, Mode.HIVE, check=False)
    head.next()
    if not head.accept("TABLE"):
        is_view = head.at("OR") or head.at("VIEW") or head.at("PROTECTED")
        return Mode.TRINO if is_view else Mode.HIVE
    head.accept("IF", "NOT", "EXISTS")
    head.name()
    is_query = head.at("AS") or head.at("WITH") or head.at("COMMENT")
    return Mode.TRINO if is_query else Mode.HIVE


def if_not_exists(cursor: Cursor) -> bool:
    """Read IF NOT EXISTS where it stands."""
    return cursor.accept("IF", "NOT", "EXISTS")


def database_name(cursor: Cursor) -> str:
    """Read the name of a database, with or without its catalog."""
    return cursor.name().table


def _database(cursor: Cursor) -> kinds.CreateDatabase:
    absent_only = if_not_exists(cursor)
    name = database_name(cursor)
    found: dict[str, Any] = {}
    while not cursor.at_end:
        if cursor.accept("COMMENT"):
            found["comment"] = cursor.string()
        elif cursor.accept("LOCATION"):
            found["location"] = cursor.string()
        elif cursor.accept("WITH", "DBPROPERTIES"):
            found["properties"] = cursor.properties()
        else:
            raise cursor.unexpected("COMMENT", "LOCATION", "WITH", "<EOF>")
    return kinds.CreateDatabase(cursor.sql, name, absent_only, **found)


def _view(cursor: Cursor) -> kinds.CreateView:
    if cursor.accept("PROTECTED"):
        raise AthenaFailure("NOT_SUPPORTED", "Multi dialect views are not supported here")
    cursor.expect("VIEW")
    name = cursor.name()
    if not cursor.at("AS") and not cursor.at("COMMENT") and not cursor.at("SECURITY"):
        raise cursor.unexpected("AS")
    return kinds.CreateView(cursor.sql, name)


def _table(cursor: Cursor, external: bool) -> kinds.Statement:
    absent_only = if_not_exists(cursor)
    name = cursor.name()
    if not external and (cursor.at("AS") or cursor.at("WITH") or cursor.at("COMMENT")):
        return _table_as(cursor, name, absent_only)
    if cursor.at("LIKE"):
        raise AthenaFailure("NOT_SUPPORTED", "CREATE TABLE LIKE is not supported")
    return table_with_columns(cursor, name, absent_only, external)


def _table_as(cursor: Cursor, name: Name, absent_only: bool) -> kinds.CreateTableAs:
    comment = cursor.string() if cursor.accept("COMMENT") else None
    properties = expressions(cursor) if cursor.accept("WITH") else {}
    cursor.expect("AS")
    if cursor.at_end:
        raise cursor.unexpected("<query>")
    return kinds.CreateTableAs(cursor.sql, name, absent_only, properties, cursor.rest(), comment)


def expressions(cursor: Cursor) -> kinds.Properties:
    """Read `(key = expression, ...)`; the expressions stay as they are written."""
    cursor.expect("(")
    found: kinds.Properties = {}
    while True:
        place = cursor.peek().start
        key = cursor.identifier()
        if key in found:
            raise syntax_error(cursor.sql, place, f"Duplicate property: {key}")
        cursor.expect("=")
        found[key] = cursor.expression(",", ")")
        if cursor.accept(")"):
            return found
        cursor.expect(",")


def parse_drop(text: str) -> kinds.Statement:
    """Parse a statement that begins with DROP."""
    cursor = Cursor(text)
    cursor.expect("DROP")
    if cursor.accept("SCHEMA") or cursor.accept("DATABASE"):
        return _drop_database(cursor)
    if not cursor.at("TABLE") and not cursor.at("VIEW"):
        raise cursor.unexpected("SCHEMA", "TABLE", "VIEW")
    what = cursor.next().upper
    present_only = cursor.accept("IF", "EXISTS")
    name = cursor.name()
    cursor.accept("PURGE")
    cursor.finish()
    return kinds.Drop(text, what, name, present_only)


def _drop_database(cursor: Cursor) -> kinds.DropDatabase:
    present_only = cursor.accept("IF", "EXISTS")
    name = database_name(cursor)
    cascade = cursor.accept("CASCADE")
    if not cascade:
        cursor.accept("RESTRICT")
    cursor.finish()
    return kinds.DropDatabase(cursor.sql, name, present_only, cascade)
