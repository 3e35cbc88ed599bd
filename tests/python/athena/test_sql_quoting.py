"""Names and strings in both fashions, there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.athena.sql.quoting import (
    hive_name,
    hive_string,
    hive_unescape,
    name_of,
    trino_name,
    trino_string,
    value_of,
)
from lake.athena.sql.tokens import Mode, tokenize


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"\\S", r"\S"),
        (r"\t", "\t"),
        (r"\n", "\n"),
        (r"\001", "\x01"),
        (r"\0", "\0"),
        (r"A", "A"),
        (r"\'", "'"),
        (r"\"", '"'),
        ("it''s", "it's"),
        (r"\%\_", r"\%\_"),
        (r"\q", "q"),
        (r"\\001", r"\001"),
    ],
)
def test_hive_escapes(body, text):
    assert hive_unescape(body) == text


def one(sql, mode=Mode.TRINO):
    (token,) = tokenize(sql, mode)
    return token


@given(st.text())
def test_a_hive_string_reads_back(text):
    assert value_of(one(hive_string(text), Mode.HIVE), Mode.HIVE) == text


@given(st.text())
def test_a_trino_string_reads_back(text):
    assert value_of(one(trino_string(text)), Mode.TRINO) == text


@given(st.text(min_size=1))
def test_names_read_back(name):
    assert name_of(one(hive_name(name))) == name
    assert name_of(one(trino_name(name))) == name


def test_double_quotes_are_a_string_in_hive():
    assert value_of(one('"a\\"b\'\'c""d"', Mode.HIVE), Mode.HIVE) == "a\"b''c\"d"
