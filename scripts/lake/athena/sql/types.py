"""Type names of Hive (as Glue keeps them) and of Trino, one as the other."""

import re
from collections.abc import Callable

from lake.athena.errors import AthenaFailure
from lake.athena.sql.quoting import name_of, trino_name
from lake.athena.sql.tokens import Kind, significant, tokenize

_TO_TRINO = {
    "string": "varchar",
    "int": "integer",
    "binary": "varbinary",
    "float": "real",
    "timestamptz": "timestamp(6) with time zone",
}
_TO_HIVE = {
    "varchar": "string",
    "integer": "int",
    "varbinary": "binary",
    "real": "float",
    "timestamp with time zone": "timestamp",
    "json": "string",
    "ipaddress": "string",
    "uuid": "uuid",
}
_HIVE_NAMES = {
    "integer": "int",
    "numeric": "decimal",
    "dec": "decimal",
    "double precision": "double",
}
_PRIMITIVES = {
    *("boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "decimal", "string"),
    *("char", "varchar", "binary", "date", "timestamp", "timestamptz", "time", "uuid", "interval"),
    *("void", "real", "long", "short", "byte"),
}
_PRECISION = re.compile(r"\b(timestamp|time)\s*\(\s*\d+\s*\)")


def hive_to_trino(hive: str, *, iceberg: bool = True) -> str:
    """Return a Hive type as Trino's; a timestamp has 6 digits in Iceberg, 3 in Hive tables.

    Raises:
        AthenaFailure: the type cannot be read.
    """
    kind, parts = _split(hive.strip(), "<", ">")
    if kind == "array" and len(parts) == 1:
        return f"array({hive_to_trino(parts[0], iceberg=iceberg)})"
    if kind == "map" and len(parts) == 2:
        return f"map({', '.join(hive_to_trino(part, iceberg=iceberg) for part in parts)})"
    if kind == "struct" and parts:
        fields = (_field(part, ":") for part in parts)
        return "row({})".format(
            ", ".join(
                f"{trino_name(name.lower())} {hive_to_trino(inner, iceberg=iceberg)}"
                for name, inner in fields
            )
        )
    if parts:
        raise _bad_type(hive)
    if kind == "timestamp":
        return "timestamp(6)" if iceberg else "timestamp(3)"
    return _TO_TRINO.get(kind, kind)


def trino_to_hive(trino: str) -> str:
    """Return a Trino type as Hive's; unnamed fields of a row become `field0`, `field1`, ...

    Raises:
        AthenaFailure: the type cannot be read.
    """
    kind, parts = _split(trino.strip(), "(", ")", ("array", "map", "row"))
    if kind == "array" and len(parts) == 1:
        return f"array<{trino_to_hive(parts[0])}>"
    if kind == "map" and len(parts) == 2:
        return f"map<{','.join(trino_to_hive(part) for part in parts)}>"
    if kind == "row" and parts:
        fields = (_row_field(part, number) for number, part in enumerate(parts))
        return f"struct<{','.join(f'{name}:{trino_to_hive(inner)}' for name, inner in fields)}>"
    if parts:
        raise _bad_type(trino)
    plain = _PRECISION.sub(r"\1", kind)
    return _TO_HIVE.get(plain, plain)


def normal_hive(text: str) -> str:
    """Return a Hive type in lower case with no blanks but in names of two words, as Glue has it.

    Raises:
        AthenaFailure: SYNTAX_ERROR for a type that Hive does not have.
    """
    kind, parts = _split(text.strip(), "<", ">")
    if kind in ("array", "map", "uniontype") and parts:
        return f"{kind}<{','.join(normal_hive(part) for part in parts)}>"
    if kind == "struct" and parts:
        fields = (_field(part, ":") for part in parts)
        return f"struct<{','.join(f'{name}:{normal_hive(inner)}' for name, inner in fields)}>"
    base = kind.split("(", maxsplit=1)[0]
    full = _HIVE_NAMES.get(base, base) + kind[len(base) :]
    if parts or _HIVE_NAMES.get(base, base) not in _PRIMITIVES:
        raise _bad_type(text)
    return full


def _bad_type(text: str) -> AthenaFailure:
    return AthenaFailure("SYNTAX_ERROR", f"line 1:1: Unknown type: {text.strip()}")


def _split(
    text: str, opening: str, closing: str, nested: tuple[str, ...] | None = None
) -> tuple[str, list[str]]:
    """Return the kind of a nested type and its parts, or a plain type and no part."""
    head, found, tail = text.partition(opening)
    kind = head.strip().lower()
    if not found or (nested is not None and kind not in nested):
        return _squeezed(text), []
    if not tail.rstrip().endswith(closing):
        raise _bad_type(text)
    return kind, _parts(tail.rstrip()[:-1])


def _squeezed(text: str) -> str:
    joined = ""
    for token in significant(text.lower()):
        word = name_of(token)
        if joined and (joined[-1].isalnum() or joined[-1] == ")") and word[:1].isalpha():
            joined += " "
        joined += word
    return joined


def _parts(body: str) -> list[str]:
    """Return what stands between the commas outside of brackets."""
    parts, depth, start = [], 0, 0
    for token in tokenize(body):
        if token.kind is not Kind.SYMBOL:
            continue
        if token.text in ("(", "<"):
            depth += 1
        elif token.text in (")", ">"):
            depth -= 1
        elif token.text == "," and depth == 0:
            parts.append(body[start : token.start])
            start = token.end
    parts.append(body[start:])
    return [part.strip() for part in parts]


def _field(text: str, separator: str) -> tuple[str, str]:
    tokens = significant(text)
    for token in tokens:
        if token.kind is Kind.SYMBOL and token.text == separator:
            first = text[: token.start].strip()
            quoted = len(tokens) > 1 and tokens[0].kind in (Kind.BACKTICK, Kind.QUOTED)
            comment = _without_comment(text[token.end :])
            return (name_of(tokens[0]) if quoted else first).lower(), comment
    raise _bad_type(text)


def _without_comment(text: str) -> str:
    """Return a field's type without `COMMENT '...'`, which Glue has no place for."""
    depth = 0
    for token in significant(text):
        depth += (token.text == "<") - (token.text == ">")
        if token.upper == "COMMENT" and depth == 0:
            return text[: token.start].strip()
    return text.strip()


def _row_field(text: str, number: int) -> tuple[str, str]:
    tokens = significant(text)
    if len(tokens) > 1 and tokens[0].is_name and _starts_type(tokens[1].upper):
        return name_of(tokens[0]), text[tokens[0].end :].strip()
    return f"field{number}", text


_starts_type: Callable[[str], bool] = re.compile(
    r"(?!(PRECISION|WITH|WITHOUT|DAY|YEAR)\b)[A-Z]", re.IGNORECASE
).match  # type: ignore[assignment]
