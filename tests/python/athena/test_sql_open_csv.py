"""Typed OpenCSVSerde tables stand behind a view of casts over a text twin."""

import base64
import json

from lake.athena.sql import open_csv
from lake.athena.sql.hive_table import table_input
from lake.athena.sql.statements import parse


def table(columns, serde=open_csv.SERDE):
    return table_input(
        parse(
            f"create external table t ({columns}) partitioned by (dt date) "
            f"row format serde '{serde}' location 's3://b/t/'"
        )
    )


def test_a_table_of_text_needs_no_view():
    assert not open_csv.is_typed(table("a string, b array<int>, c varchar(3)"))
    assert open_csv.is_typed(table("a string, b int"))
    assert not open_csv.is_typed(table("a int", serde="x.Y"))


def test_the_view_casts_the_columns_of_the_twin():
    found = open_csv.view("d", table("id int, at timestamp, `a b` string, x decimal(5,2), d date"))
    definition = json.loads(base64.b64decode(found["ViewOriginalText"].split()[3]))
    assert definition["originalSql"] == (
        'SELECT CAST("id" AS integer) AS "id", '
        "CAST(at_timezone(from_unixtime(CAST(\"at\" AS bigint) / 1e3), 'UTC') AS timestamp(3)) "
        'AS "at", "a b" AS "a b", CAST("x" AS decimal(5,2)) AS "x", '
        'date_add(\'day\', CAST("d" AS bigint), DATE \'1970-01-01\') AS "d", "dt" '
        'FROM awsdatacatalog."d"."t__open_csv_text"'
    )
    assert [column["type"] for column in definition["columns"]] == (
        ["integer", "timestamp(3)", "varchar", "decimal(5,2)", "date", "date"]
    )
    assert found["TableType"] == "VIRTUAL_VIEW"
    assert found["PartitionKeys"] == []


def test_the_twin_is_the_table_under_its_name():
    original = table("a int")
    twin = open_csv.twin(original)
    assert open_csv.original_name(twin["Name"]) == "t"
    assert open_csv.original_name("t") == "t"
    assert {**twin, "Name": "t"} == original
