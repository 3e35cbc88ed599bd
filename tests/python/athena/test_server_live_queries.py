"""Queries and clients on a local Athena with its engine."""

import os
import time

import awswrangler as wrangler
import pyathena
import pytest
from botocore.exceptions import ClientError
from live import RESULTS, Failed, live
from pyathena.pandas.cursor import PandasCursor

__all__ = ["live"]

LONG = (
    "select count(*) from unnest(sequence(1, 10000)) a(x), unnest(sequence(1, 10000)) b(y),"
    " unnest(sequence(1, 10000)) c(z) where x * y * z = 7"
)


@pytest.fixture(scope="module")
def environment(live):
    held = dict(os.environ)
    os.environ |= {
        "AWS_ENDPOINT_URL": live.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    yield live
    os.environ.clear()
    os.environ |= held


def test_a_decimal_literal_is_a_double(live):
    assert live.rows("select typeof(1.5), typeof(DECIMAL '1.5'), '1.5', 1e7 -- 1.5") == [
        ["double", "decimal(2,1)", "1.5", "1.0E7"]
    ]


def test_a_long_result_comes_in_pages_and_as_a_file(live):
    execution = live.done(
        "select n, case when n % 2 = 0 then null else 'q\"x' end z"
        " from unnest(sequence(1, 2500)) t(n)"
    )
    name = execution["QueryExecutionId"]
    pages = live.athena.get_paginator("get_query_results").paginate(QueryExecutionId=name)
    assert [len(page["ResultSet"]["Rows"]) for page in pages] == [1000, 1000, 501]
    bucket, key = execution["ResultConfiguration"]["OutputLocation"][5:].split("/", 1)
    body = live.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    assert body.startswith(b'"n","z"\n"1","q""x"\n"2",\n')
    live.s3.head_object(Bucket=bucket, Key=f"{key}.metadata")


def test_parameters_of_an_execution(live):
    assert live.rows("select ? + 1, ?", ExecutionParameters=["1", "'x'"]) == [["2", "x"]]
    live.done("prepare p from select ? + 1")
    assert live.rows("execute p using 2") == [["3"]]
    assert live.rows("execute p", ExecutionParameters=["3"]) == [["4"]]
    live.done("deallocate prepare p")


def test_a_syntax_error_is_known_at_the_start(live):
    with pytest.raises(ClientError) as error:
        live.start("select a from")
    assert error.value.response["AthenaErrorCode"] == "MALFORMED_QUERY"
    assert error.value.response["Message"].startswith("line 1:14: mismatched input '<EOF>'")


def test_a_missing_table_is_named(live):
    with pytest.raises(Failed, match="TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog"):
        live.done("select * from nowhere")


def test_stopping_a_query(live):
    name = live.start(LONG)
    time.sleep(1)
    live.athena.stop_query_execution(QueryExecutionId=name)
    stopped = time.monotonic()
    assert live.ended(name)["Status"]["State"] == "CANCELLED"
    assert time.monotonic() - stopped < 10


def test_a_young_result_is_used_again(live):
    reuse = {"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": 5}}
    sql = "select random() r"
    first = live.rows(sql)
    again = live.done(sql, ResultReuseConfiguration=reuse)
    assert again["Statistics"]["ResultReuseInformation"]["ReusedPreviousResult"] is True
    assert live.rows(sql, ResultReuseConfiguration=reuse) == first


def test_the_cutoff_of_a_group_cancels_a_query(live):
    group = live.database
    live.athena.create_work_group(
        Name=group,
        Configuration={
            "ResultConfiguration": {"OutputLocation": RESULTS},
            "BytesScannedCutoffPerQuery": 10_000_000,
        },
    )
    live.done(
        "create table wide with (format='parquet', write_compression='zstd') as"
        " select n, to_hex(sha256(to_utf8(cast(n as varchar)))) h"
        " from unnest(sequence(1, 10000)) a(m), unnest(sequence(m * 100, m * 100 + 99)) t(n)"
    )
    sql = "select count(distinct a.h || b.h) from wide a join wide b on a.n % 1000 = b.n % 1000"
    execution = live.ended(live.start(sql, WorkGroup=group))
    assert execution["Status"]["State"] == "CANCELLED"
    assert "Bytes scanned limit was exceeded" in execution["Status"]["StateChangeReason"]
    live.athena.delete_work_group(WorkGroup=group)


def test_pyathena(environment):
    connection = pyathena.connect(s3_staging_dir=RESULTS, schema_name=environment.database)
    cursor = connection.cursor().execute("select 1 a, cast(null as varchar) b, 1.5 c")
    assert cursor.fetchall() == [(1, None, 1.5)]
    frame = connection.cursor(PandasCursor).execute("select 1 a, date '2024-01-02' d").as_pandas()
    assert (frame.a[0], str(frame.d[0].date())) == (1, "2024-01-02")


@pytest.mark.parametrize("way", ["file", "ctas", "unload"])
def test_awswrangler(environment, way):
    frame = wrangler.athena.read_sql_query(
        "select * from (values (1, 'x', cast(1.10 as decimal(10,2))), (2, null, null)) t(a, b, c)",
        database=environment.database,
        ctas_approach=way == "ctas",
        unload_approach=way == "unload",
        s3_output=f"s3://athena-results/{environment.database}/{way}/",
    )
    assert list(frame.a) == [1, 2]
    assert frame.b[0] == "x"
    assert str(frame.c[0]) == "1.10"
