"""Parses ALTER."""

from collections.abc import Callable

from lake.athena.errors import AthenaFailure
from lake.athena.sql import alterations as alter
from lake.athena.sql import kinds
from lake.athena.sql.cursor import Cursor, Name
from lake.athena.sql.parse_create import database_name, if_not_exists
from lake.athena.sql.parse_table import column_definition, column_definitions
from lake.athena.sql.refused import unsupported
from lake.athena.sql.tokens import Mode

_OPERATORS = ("=", "<", ">", "<=", ">=", "<>", "!=")


def parse_alter(text: str) -> kinds.Statement:
    """Parse a statement that begins with ALTER."""
    cursor = Cursor(text, Mode.HIVE)
    cursor.expect("ALTER")
    if cursor.accept("DATABASE") or cursor.accept("SCHEMA"):
        return _database(cursor)
    if not cursor.accept("TABLE"):
        raise unsupported()
    name = cursor.name()
    if cursor.at("PARTITION"):
        return _partition(cursor, name)
    for words, action in _ACTIONS.items():
        if cursor.accept(*words):
            statement = action(cursor, name)
            cursor.finish()
            return statement
    raise _unknown_action(cursor)


def _unknown_action(cursor: Cursor) -> AthenaFailure:
    first = cursor.peek().upper
    following = [words[1] for words in _ACTIONS if words[0] == first and len(words) > 1]
    if following:
        cursor.next()
        return cursor.unexpected(*following)
    if cursor.at_end:
        return cursor.unexpected(*dict.fromkeys(words[0] for words in _ACTIONS))
    return unsupported()


def _database(cursor: Cursor) -> kinds.AlterDatabase:
    name = database_name(cursor)
    cursor.expect("SET", "DBPROPERTIES")
    properties = cursor.properties()
    cursor.finish()
    return kinds.AlterDatabase(cursor.sql, name, properties)


def _partition(cursor: Cursor, name: Name) -> alter.AlterTable:
    cursor.expect("PARTITION")
    spec = _spec(cursor)
    if cursor.accept("SET", "LOCATION"):
        statement: alter.AlterTable = alter.SetLocation(cursor.sql, name, cursor.string(), spec)
    elif cursor.accept("RENAME", "TO", "PARTITION"):
        statement = alter.RenamePartition(cursor.sql, name, spec, _spec(cursor))
    else:
        raise unsupported()
    cursor.finish()
    return statement


def _spec(cursor: Cursor) -> alter.PartitionSpec:
    cursor.expect("(")
    found = [_condition(cursor)]
    while cursor.accept(","):
        found.append(_condition(cursor))
    cursor.expect(")")
    return tuple(found)


def _condition(cursor: Cursor) -> alter.Condition:
    key = cursor.identifier()
    operator = cursor.peek().text
    if operator not in _OPERATORS:
        raise cursor.unexpected("=")
    cursor.next()
    return alter.Condition(key, "<>" if operator == "!=" else operator, cursor.value())


def _set_properties(cursor: Cursor, name: Name) -> alter.AlterTable:
    return alter.SetProperties(cursor.sql, name, cursor.properties())


def _unset_properties(cursor: Cursor, name: Name) -> alter.AlterTable:
    cursor.accept("IF", "EXISTS")
    cursor.expect("(")
    keys = [cursor.string()]
    while cursor.accept(","):
        keys.append(cursor.string())
    cursor.expect(")")
    return alter.UnsetProperties(cursor.sql, name, tuple(keys))


def _set_location(cursor: Cursor, name: Name) -> alter.AlterTable:
    return alter.SetLocation(cursor.sql, name, cursor.string())


def _rename(cursor: Cursor, name: Name) -> alter.AlterTable:
    return alter.RenameTable(cursor.sql, name, cursor.name())


def _add_columns(cursor: Cursor, name: Name) -> alter.AlterTable:
    return alter.AddColumns(cursor.sql, name, column_definitions(cursor))


def _replace_columns(cursor: Cursor, name: Name) -> alter.AlterTable:
    return alter.ReplaceColumns(cursor.sql, name, column_definitions(cursor))


def _drop_column(cursor: Cursor, name: Name) -> alter.AlterTable:
    return alter.DropColumn(cursor.sql, name, cursor.identifier())


def _change_column(cursor: Cursor, name: Name) -> alter.AlterTable:
    column = cursor.identifier()
    definition = column_definition(cursor)
    place = ""
    if cursor.accept("FIRST"):
        place = "FIRST"
    elif cursor.accept("AFTER"):
        place = cursor.identifier()
    return alter.ChangeColumn(cursor.sql, name, column, definition, place)


def _add_partitions(cursor: Cursor, name: Name) -> alter.AlterTable:
    absent_only = if_not_exists(cursor)
    found = []
    cursor.expect("PARTITION")
    while True:
        spec = _spec(cursor)
        found.append((spec, cursor.string() if cursor.accept("LOCATION") else None))
        if not cursor.accept("PARTITION"):
            return alter.AddPartitions(cursor.sql, name, absent_only, tuple(found))


def _drop_partitions(cursor: Cursor, name: Name) -> alter.AlterTable:
    present_only = cursor.accept("IF", "EXISTS")
    cursor.expect("PARTITION")
    found = [_spec(cursor)]
    while cursor.accept(","):
        cursor.expect("PARTITION")
        found.append(_spec(cursor))
    return alter.DropPartitions(cursor.sql, name, present_only, tuple(found))


_ACTIONS: dict[tuple[str, ...], Callable[[Cursor, Name], alter.AlterTable]] = {
    ("SET", "TBLPROPERTIES"): _set_properties,
    ("UNSET", "TBLPROPERTIES"): _unset_properties,
    ("SET", "LOCATION"): _set_location,
    ("RENAME", "TO"): _rename,
    ("ADD", "COLUMNS"): _add_columns,
    ("REPLACE", "COLUMNS"): _replace_columns,
    ("DROP", "COLUMN"): _drop_column,
    ("CHANGE", "COLUMN"): _change_column,
    ("CHANGE",): _change_column,
    ("ADD", "PARTITION"): lambda cursor, name: _add_partitions(_back(cursor), name),
    ("ADD", "IF"): lambda cursor, name: _add_partitions(_back(cursor), name),
    ("DROP", "PARTITION"): lambda cursor, name: _drop_partitions(_back(cursor), name),
    ("DROP", "IF"): lambda cursor, name: _drop_partitions(_back(cursor), name),
}


def _back(cursor: Cursor) -> Cursor:
    cursor.index -= 1
    return cursor
