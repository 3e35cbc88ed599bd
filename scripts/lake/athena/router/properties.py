"""Reads the properties of CREATE TABLE AS and UNLOAD, and names them as Trino does."""

from collections.abc import Mapping

from lake.athena.errors import AthenaFailure
from lake.athena.sql.cursor import Cursor
from lake.athena.sql.quoting import name_of, trino_name, trino_string
from lake.athena.sql.tokens import Kind

_CODECS = {"UNCOMPRESSED": "NONE", "ZLIB": "GZIP"}
_KNOWN_CODECS = ("NONE", "SNAPPY", "LZ4", "ZSTD", "GZIP")


def text_of(expression: str) -> str:
    """Return a literal's text: a string without its quotes, anything else as it is written."""
    cursor = Cursor(expression)
    if len(cursor.tokens) == 1 and cursor.at_string():
        return cursor.string()
    return expression.strip()


def texts_of(key: str, expression: str) -> list[str]:
    """Return the strings of `ARRAY['a', 'b']`.

    Raises:
        AthenaFailure: INVALID_TABLE_PROPERTY, it is no such array.
    """
    cursor = Cursor(expression)
    found: list[str] = []
    try:
        cursor.expect("ARRAY", "[")
        while not cursor.accept("]"):
            found.append(cursor.string())
            cursor.accept(",")
        cursor.finish()
    except AthenaFailure:
        raise AthenaFailure(
            "INVALID_TABLE_PROPERTY",
            f"line 1:1: Unable to set table property '{key}' to [{expression}]: "
            "an ARRAY of strings is expected",
        ) from None
    return found


def codec(compression: str, file_format: str) -> str:
    """Return the engine's name of a compression.

    Raises:
        AthenaFailure: NOT_SUPPORTED, the engine cannot write it.
    """
    wanted = compression.upper()
    if wanted == "DEFLATE" and file_format == "AVRO":
        return "GZIP"
    wanted = _CODECS.get(wanted, wanted)
    if wanted not in _KNOWN_CODECS:
        raise AthenaFailure(
            "NOT_SUPPORTED", f"Compression {compression} cannot be written here to {file_format}"
        )
    return wanted


def iceberg_transform(text: str) -> str:
    """Return a partition expression as Trino has it: `bucket(16, id)` becomes `bucket(id, 16)`."""
    cursor = Cursor(text)
    name = cursor.identifier()
    if cursor.at_end:
        return _plain(name)
    cursor.expect("(")
    arguments = [_argument(cursor)]
    while cursor.accept(","):
        arguments.append(_argument(cursor))
    cursor.expect(")")
    cursor.finish()
    arguments.sort(key=str.isdigit)
    return f"{name}({', '.join(arguments)})"


def _argument(cursor: Cursor) -> str:
    if cursor.peek().kind is Kind.INTEGER:
        return cursor.next().text
    return _plain(cursor.identifier())


def _plain(name: str) -> str:
    return name if name.isidentifier() else trino_name(name)


def sorted_by(text: str) -> str:
    """Return one sort field of Iceberg in lower case but for its quoted names."""
    cursor = Cursor(text)
    return " ".join(
        trino_name(name_of(token)) if token.kind is Kind.BACKTICK else token.text.lower()
        for token in cursor.tokens
    )


def array(texts: list[str]) -> str:
    """Return texts as `ARRAY['a', 'b']`."""
    return f"ARRAY[{', '.join(trino_string(text) for text in texts)}]"


def clause(properties: Mapping[str, str]) -> str:
    """Return `WITH (key = expression, ...)`."""
    return f"WITH ({', '.join(f'{key} = {value}' for key, value in properties.items())})"
