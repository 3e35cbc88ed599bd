"""Thirteen months on Athena: what a query of one day reads, how files are written and joined.

Large: some minutes. `pytest -m large tests/python/athena/test_physical_design.py` runs it.
"""

import io
import json

import pyarrow.parquet as pq
import pytest
from rehearsal import WITHOUT_TESTS, Rehearsal

pytestmark = pytest.mark.large

ONE_DAY = 0.15  # share of the bytes that a query of one day over thirteen months may read
PARTITIONED = (
    *("int_orders_validated", "int_order_items_validated", "int_payments_validated"),
    *("int_inventory_movements_validated", "int_order_lines"),
)
MONTHS = 13


@pytest.fixture(scope="module")
def thirteen_months(local_athena, tmp_path_factory):
    days = {"landing_start": "2025-01-01", "landing_end": "2026-01-27"}
    lake = Rehearsal(tmp_path_factory.mktemp("design"), local_athena.environment, days)
    lake.run(lake.dev_environment, "lake", "land", "generate", "--scale", "0.2")
    lake.upload()
    tables = ("+int_order_lines", "+int_inventory_movements_validated")
    facts = ("+fct_order_lines", "+fct_orders", "+fct_payments")
    lake.dbt("athena", "build", *WITHOUT_TESTS, "--select", *tables, *facts)
    return lake


@pytest.mark.parametrize(
    ("table", "column", "day"),
    [
        ("landing.orders", "raw_line", "arrival_date = '2025-06-15'"),
        ("silver.int_orders_validated", "_identity", "_batch_id = 2025061500"),
        ("gold.fct_order_lines", "net_amount", "order_date = date '2025-06-15'"),
        ("gold.fct_orders", "total_amount", "order_date = date '2025-06-15'"),
        ("gold.fct_payments", "captured_amount", "charge_date = date '2025-06-15'"),
    ],
)
def test_a_query_of_one_day_reads_a_small_share(thirteen_months, local_athena, table, column, day):
    """Both queries use the column of the filter, so that the same columns are read."""
    counted = f"select count({column}), count({day.split()[0]}) from {table}"
    whole = local_athena.query(counted)
    one = local_athena.query(f"{counted} where {day}")
    assert 0 < int(one.rows[0][0]) < int(whole.rows[0][0])
    assert 0 < one.scanned_bytes <= ONE_DAY * whole.scanned_bytes


@pytest.mark.parametrize("table", PARTITIONED)
def test_a_first_load_writes_one_file_a_month(thirteen_months, local_athena, table):
    files = local_athena.query(f'select file_path, record_count from silver."{table}$files"').rows
    assert MONTHS <= len(files) <= MONTHS + 1
    bucket, _, key = files[0][0].removeprefix("s3://").partition("/")
    content = local_athena.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    written = pq.ParquetFile(io.BytesIO(content)).metadata.row_group(0).column(0).compression
    assert written in ("ZSTD", "SNAPPY")


def test_maintenance_joins_the_files_of_a_second_load(thirteen_months, local_athena):
    lake = thirteen_months
    files = 'select count(*) from silver."int_order_lines$files"'
    rows = "select count(*), sum(net_amount) from silver.int_order_lines"
    lake.dbt("athena", "build", *WITHOUT_TESTS, "--select", "int_order_lines")
    before, kept = int(local_athena.query(files).rows[0][0]), local_athena.query(rows).rows
    shown = lake.run(lake.athena_environment, "lake", "athena", "maintain", "--dry-run", "--json")
    planned = {table["name"]: table for table in json.loads(shown)}
    assert planned["int_order_lines"]["after"] is None
    assert int(local_athena.query(files).rows[0][0]) == before > MONTHS + 1
    lake.run(lake.athena_environment, "lake", "athena", "maintain", "--database", "silver")
    assert int(local_athena.query(files).rows[0][0]) <= MONTHS + 1
    assert local_athena.query(rows).rows == kept
