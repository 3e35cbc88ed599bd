"""Trino's JSON values as the text that Athena answers."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from lake.athena.engine.client import EngineResult
from lake.athena.outcome import Column

LONGEST = 2147483647
PRECISIONS = {
    "tinyint": 3,
    "smallint": 5,
    "integer": 10,
    "bigint": 19,
    "real": 17,
    "double": 17,
    "time": 3,
    "time with time zone": 3,
    "timestamp": 3,
    "timestamp with time zone": 3,
    "varbinary": 1073741824,
}
CLOCK = re.compile(r"(\d\d:\d\d:\d\d)(?:\.(\d+))?")


def columns(result: EngineResult) -> list[Column]:
    """The columns of a result with Athena's type names."""
    return [column(each["name"], each["typeSignature"]) for each in result.columns]


def column(name: str, signature: Mapping[str, Any]) -> Column:
    """One column: its raw type, decimals with precision and scale, text with its length."""
    raw = signature["rawType"]
    numbers = [
        argument["value"]
        for argument in signature.get("arguments") or []
        if argument.get("kind") == "LONG"
    ]
    if raw == "decimal":
        return Column(name, raw, numbers[0], numbers[1])
    if raw in ("varchar", "char"):
        return Column(name, raw, numbers[0] if numbers else LONGEST, 0)
    return Column(name, "float" if raw == "real" else raw, PRECISIONS.get(raw, 0), 0)


def rows(result: EngineResult) -> list[list[str | None]]:
    """Every value as Athena's text, None for null; one list a row in column order."""
    signatures = [each["typeSignature"] for each in result.columns]
    return [
        [None if value is None else text(value, signature) for value, signature in pairs]
        for pairs in (zip(row, signatures, strict=True) for row in result.rows)
    ]


def text(value: Any, signature: Mapping[str, Any]) -> str:
    """One value of the type that the signature names; a null inside another value is `null`."""
    raw = signature["rawType"]
    if value is None:
        return "null"
    if raw in ("array", "map", "row"):
        return nested(value, raw, signature.get("arguments") or [])
    if raw.startswith("time"):
        return clock(value)
    if raw == "varbinary":
        return base64.b64decode(value).hex(" ")
    return plain(value)


def plain(value: Any) -> str:
    """A value whose JSON is already its text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def nested(value: Any, raw: str, arguments: list[dict[str, Any]]) -> str:
    """`[a, b]` for an array, `{k=v, ...}` for a map and a row."""
    if raw == "array":
        return "[" + ", ".join(text(each, arguments[0]["value"]) for each in value) + "]"
    if raw == "map":
        key_type, value_type = (argument["value"] for argument in arguments)
        pairs = [(text(key, key_type), text(each, value_type)) for key, each in value.items()]
    else:
        pairs = [
            (field_name(argument, place), text(each, argument["value"]["typeSignature"]))
            for place, (argument, each) in enumerate(zip(arguments, value, strict=True))
        ]
    return "{" + ", ".join(f"{name}={each}" for name, each in pairs) + "}"


def field_name(argument: Mapping[str, Any], place: int) -> str:
    """The name of a row's field; `field0`, `field1` ... where it has none."""
    named = argument["value"].get("fieldName") or {}
    return str(named.get("name") or f"field{place}")


def clock(value: str) -> str:
    """A time or timestamp with at least three fractional digits, its zone kept."""
    return CLOCK.sub(lambda match: f"{match[1]}.{(match[2] or '').ljust(3, '0')}", value, count=1)
