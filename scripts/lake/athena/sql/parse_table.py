"""Parses the columns and clauses of CREATE TABLE."""

from collections.abc import Callable
from typing import Any

from lake.athena.errors import AthenaFailure
from lake.athena.sql import kinds
from lake.athena.sql.cursor import Cursor, Name
from lake.athena.sql.tokens import syntax_error
from lake.athena.sql.types import normal_hive

_DELIMITED = {
    ("FIELDS", "TERMINATED", "BY"): ("field.delim", "serialization.format"),
    ("ESCAPED", "BY"): ("escape.delim",),
    ("COLLECTION", "ITEMS", "TERMINATED", "BY"): ("collection.delim",),
    ("MAP", "KEYS", "TERMINATED", "BY"): ("mapkey.delim",),
    ("LINES", "TERMINATED", "BY"): ("line.delim",),
    ("NULL", "DEFINED", "AS"): ("serialization.null.format",),
}


def column_definition(cursor: Cursor) -> kinds.ColumnDefinition:
    """Read `name type [COMMENT '...']`."""
    name = cursor.identifier()
    place = cursor.peek().start
    written = cursor.expression(",", ")", "COMMENT", "FIRST", "AFTER", "NOT", is_type=True)
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


def table_with_columns(
    cursor: Cursor, name: Name, absent_only: bool, external: bool
) -> kinds.CreateTable:
    """Read what follows the name of a table: its columns and clauses, in any order."""
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
