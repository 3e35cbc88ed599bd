"""Trino's JSON becomes Athena's text."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.athena.engine.client import EngineResult
from lake.athena.engine.encoding import clock, columns, rows, text
from lake.athena.outcome import Column

INTEGER = {"rawType": "integer", "arguments": []}
VARCHAR = {"rawType": "varchar", "arguments": [{"kind": "LONG", "value": 2147483647}]}


def of_type(raw, *arguments):
    return {"rawType": raw, "arguments": list(arguments)}


def array(inner):
    return of_type("array", {"kind": "TYPE", "value": inner})


def row(*fields):
    return of_type(
        "row",
        *(
            {
                "kind": "NAMED_TYPE",
                "value": {
                    "fieldName": None if name is None else {"name": name},
                    "typeSignature": inner,
                },
            }
            for name, inner in fields
        ),
    )


@pytest.mark.parametrize(
    ("value", "signature", "expected"),
    [
        (True, of_type("boolean"), "true"),
        (7, INTEGER, "7"),
        ("1.0E7", of_type("double"), "1.0E7"),
        ("Infinity", of_type("double"), "Infinity"),
        ("2024-01-02", of_type("date"), "2024-01-02"),
        ("2024-01-02 03:04:05", of_type("timestamp"), "2024-01-02 03:04:05.000"),
        ("2024-01-02 03:04:05.1", of_type("timestamp"), "2024-01-02 03:04:05.100"),
        ("2024-01-02 03:04:05.123456", of_type("timestamp"), "2024-01-02 03:04:05.123456"),
        ("03:04:05+05:30", of_type("time with time zone"), "03:04:05.000+05:30"),
        (base64.b64encode(b"\x00\xff").decode(), of_type("varbinary"), "00 ff"),
        ([1, None], array(INTEGER), "[1, null]"),
        (
            {"a": [1]},
            of_type("map", {"kind": "TYPE", "value": VARCHAR}, {"value": array(INTEGER)}),
            "{a=[1]}",
        ),
        ([1, "x"], row(("id", INTEGER), (None, VARCHAR)), "{id=1, field1=x}"),
    ],
)
def test_values_read_as_athena_writes_them(value, signature, expected):
    assert text(value, signature) == expected


@pytest.mark.parametrize("zone", [" UTC", " America/New_York", " -00:30", ""])
def test_a_zone_is_kept(zone):
    assert clock(f"2024-01-02 03:04:05.1234567{zone}") == f"2024-01-02 03:04:05.1234567{zone}"


def test_columns_carry_precision_scale_and_athena_names():
    decimal = of_type("decimal", {"kind": "LONG", "value": 12}, {"kind": "LONG", "value": 2})
    result = EngineResult(
        columns=[
            {"name": "amount", "typeSignature": decimal},
            {"name": "ratio", "typeSignature": of_type("real")},
            {"name": "label", "typeSignature": VARCHAR},
            {"name": "at", "typeSignature": of_type("timestamp", {"kind": "LONG", "value": 6})},
        ]
    )
    assert columns(result) == [
        Column("amount", "decimal", 12, 2),
        Column("ratio", "float", 17, 0),
        Column("label", "varchar", 2147483647, 0),
        Column("at", "timestamp", 3, 0),
    ]


def test_null_is_no_text():
    result = EngineResult(columns=[{"name": "a", "typeSignature": INTEGER}], rows=[[None], [1]])
    assert rows(result) == [[None], ["1"]]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_double_keeps_the_text_the_engine_wrote(number):
    written = json.dumps({"data": [[number]]})
    value = json.loads(written, parse_float=str)["data"][0][0]
    assert text(value, of_type("double")) == json.dumps(number)


@given(st.lists(st.one_of(st.none(), st.integers(-5, 5)), max_size=5))
def test_an_array_lists_its_values_in_order(values):
    inside = text(values, array(INTEGER))[1:-1]
    assert inside.split(", ") == (
        ["null" if value is None else str(value) for value in values] or [""]
    )


@given(st.text(max_size=20))
def test_text_is_never_changed(value):
    assert text(value, VARCHAR) == value
