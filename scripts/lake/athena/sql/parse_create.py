"""Parses CREATE and DROP."""

from collections.abc import Callable
from typing import Any

from lake.athena.errors import AthenaFailure
from lake.athena.sql import kinds
from lake.athena.sql.cursor import Cursor, Name
from lake.athena.sql.tokens import Mode, syntax_error
from lake.athena.sql.types import normal_hive

_DELIMITED = {
    ("FIELDS", "TERMINATED", "BY"): ("field.delim", "serialization.format"),
    ("ESCAPED", "BY"): ("escape.delim",),
    ("COLLECTION", "ITEMS", "TERMINATED", "BY"): ("collection.delim",),
    ("MAP", "KEYS", "TERMINATED", "BY"): ("mapkey.delim",),
    ("LINES", "TERMINATED", "BY"): ("line.delim",),
    ("NULL", "DEFINED", "AS"): ("serialization.null.format",),
}


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
    return _table_with_columns(cursor, name, absent_only, external)


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


def column_definition(cursor: Cursor) -> kinds.ColumnDefinition:
    """Read `name type [COMMENT '...']`."""
    name = cursor.identifier()
    place = cursor.peek().start
    written = cursor.expression(",", ")", "COMMENT", "FIRST", "AFTER", "NOT")
    try:
        hive_type = normal_hive(written)
    except AthenaFailure:
        raise syntax_error(cursor.sql, place, f"Unknown type: {written}") from None
    comment = cursor.string() if cursor.accept("COMMENT") else None
    return kinds.ColumnDefinition(name, hive_type, comment)


def column_definitions(cursor: Cursor) -> tuple[kinds.ColumnDefinition, ...]:
    """Read `(name type [COMMENT '...'], ...)`."""
    cursor.expect("(")
    found = [column_definition(cursor)]
    while cursor.accept(","):
        found.append(column_definition(cursor))
    cursor.expect(")")
    return tuple(found)


def _table_with_columns(
    cursor: Cursor, name: Name, absent_only: bool, external: bool
) -> kinds.CreateTable:
    columns = column_definitions(cursor)
    found: dict[str, Any] = {}
    while not cursor.at_end:
        clause = next((words for words in _CLAUSES if cursor.at(*words)), None)
        if clause is None:
            raise cursor.unexpected(*dict.fromkeys(words[0] for words in _CLAUSES), "<EOF>")
        cursor.expect(*clause)
        _CLAUSES[clause](cursor, found)
    return kinds.CreateTable(cursor.sql, name, external, absent_only, columns, **found)


def _comment(cursor: Cursor, found: dict[str, Any]) -> None:
    found["comment"] = cursor.string()


def _partitioned(cursor: Cursor, found: dict[str, Any]) -> None:
    transforms = cursor.peek(2).text in (",", ")", "(")
    if not transforms:
        found["partitioned_by"] = column_definitions(cursor)
        return
    cursor.expect("(")
    parts = [cursor.expression(",", ")")]
    while cursor.accept(","):
        parts.append(cursor.expression(",", ")"))
    cursor.expect(")")
    found["transforms"] = tuple(parts)


def _clustered(cursor: Cursor, found: dict[str, Any]) -> None:
    columns = tuple(cursor.identifiers())
    ordered: list[tuple[str, str]] = []
    if cursor.accept("SORTED", "BY"):
        cursor.expect("(")
        while not cursor.accept(")"):
            column = cursor.identifier()
            descending = not cursor.accept("ASC") and cursor.accept("DESC")
            ordered.append((column, "DESC" if descending else "ASC"))
            if not cursor.accept(",") and not cursor.at(")"):
                raise cursor.unexpected(",", ")")
    cursor.expect("INTO")
    count = cursor.integer()
    cursor.expect("BUCKETS")
    found["buckets"] = kinds.Buckets(columns, count, tuple(ordered))


def _serde(cursor: Cursor, found: dict[str, Any]) -> None:
    serde = cursor.string()
    properties = cursor.properties() if cursor.accept("WITH", "SERDEPROPERTIES") else {}
    found["row_format"] = kinds.RowFormat(serde, properties)


def _serde_properties(cursor: Cursor, found: dict[str, Any]) -> None:
    before = found.get("row_format", kinds.RowFormat())
    found["row_format"] = kinds.RowFormat(
        before.serde, {**before.properties, **cursor.properties()}
    )


def _delimited(cursor: Cursor, found: dict[str, Any]) -> None:
    properties: dict[str, str] = {}
    while words := next((words for words in _DELIMITED if cursor.accept(*words)), None):
        properties.update(dict.fromkeys(_DELIMITED[words], cursor.string()))
    found["row_format"] = kinds.RowFormat(None, properties)


def _stored(cursor: Cursor, found: dict[str, Any]) -> None:
    if cursor.accept("INPUTFORMAT"):
        input_format = cursor.string()
        cursor.expect("OUTPUTFORMAT")
        found["file_format"] = kinds.FileFormat("", input_format, cursor.string())
    else:
        found["file_format"] = kinds.FileFormat(cursor.identifier().upper())


def _location(cursor: Cursor, found: dict[str, Any]) -> None:
    found["location"] = cursor.string()


def _properties(cursor: Cursor, found: dict[str, Any]) -> None:
    found["properties"] = cursor.properties()


_CLAUSES: dict[tuple[str, ...], Callable[[Cursor, dict[str, Any]], None]] = {
    ("COMMENT",): _comment,
    ("PARTITIONED", "BY"): _partitioned,
    ("CLUSTERED", "BY"): _clustered,
    ("ROW", "FORMAT", "SERDE"): _serde,
    ("ROW", "FORMAT", "DELIMITED"): _delimited,
    ("WITH", "SERDEPROPERTIES"): _serde_properties,
    ("STORED", "AS"): _stored,
    ("LOCATION",): _location,
    ("TBLPROPERTIES",): _properties,
}


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
