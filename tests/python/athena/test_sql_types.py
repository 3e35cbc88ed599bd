"""Types of Hive and Trino, one as the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.athena.errors import AthenaFailure
from lake.athena.sql.types import hive_to_trino, normal_hive, trino_to_hive

PLAIN = st.sampled_from(
    [
        *("boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "string"),
        *("binary", "date", "timestamp", "decimal(10,2)", "varchar(7)", "char(3)"),
    ]
)
NAME = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)


def nested(inner):
    field = st.tuples(NAME, inner).map(":".join)
    return st.one_of(
        inner.map("array<{}>".format),
        st.tuples(PLAIN, inner).map(lambda pair: f"map<{pair[0]},{pair[1]}>"),
        st.lists(field, min_size=1, max_size=3).map(lambda fields: f"struct<{','.join(fields)}>"),
    )


@given(st.recursive(PLAIN, nested, max_leaves=8), st.booleans())
def test_hive_types_come_back_from_trino(hive, iceberg):
    assert trino_to_hive(hive_to_trino(hive, iceberg=iceberg)) == hive


@given(st.recursive(PLAIN, nested, max_leaves=8))
def test_a_normal_type_stays(hive):
    assert normal_hive(hive) == hive
    assert normal_hive(hive.replace(",", " ,\n").replace("<", " < ").upper()) == hive


@pytest.mark.parametrize(
    ("hive", "trino"),
    [
        ("struct<a:int,b:array<string>>", 'row("a" integer, "b" array(varchar))'),
        ("map<string,decimal(10,2)>", "map(varchar, decimal(10,2))"),
        ("timestamp", "timestamp(6)"),
        ("struct<`a b`:float>", 'row("a b" real)'),
    ],
)
def test_hive_to_trino(hive, trino):
    assert hive_to_trino(hive) == trino


def test_a_timestamp_of_hive_has_three_digits():
    assert hive_to_trino("array<timestamp>", iceberg=False) == "array(timestamp(3))"


@pytest.mark.parametrize(
    ("trino", "hive"),
    [
        ('row(a timestamp(3) with time zone, "B c" varchar)', "struct<a:timestamp,B c:string>"),
        ("row(integer, double precision)", "struct<field0:int,field1:double precision>"),
        ("timestamp(6) with time zone", "timestamp"),
        ("array(row(x map(varchar, varbinary)))", "array<struct<x:map<string,binary>>>"),
        ("varchar(10)", "varchar(10)"),
        ("json", "string"),
    ],
)
def test_trino_to_hive(trino, hive):
    assert trino_to_hive(trino) == hive


@pytest.mark.parametrize("hive", ["array<int", "int<x>", "struct<a>", "map<int>"])
def test_a_type_that_is_none_is_refused(hive):
    with pytest.raises(AthenaFailure):
        hive_to_trino(hive)


@pytest.mark.parametrize("hive", ["text", "array<text>", "varchar2(3)", "struct<a:nope>"])
def test_an_unknown_type_is_refused(hive):
    with pytest.raises(AthenaFailure, match="Unknown type"):
        normal_hive(hive)


def test_comments_of_fields_are_left_out():
    assert normal_hive("struct<a:int COMMENT 'x, y', b : string>") == "struct<a:int,b:string>"
