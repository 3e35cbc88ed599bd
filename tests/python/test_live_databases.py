"""Models that read live databases: PostgreSQL from a real server, DynamoDB from an emulated one."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from click.testing import CliRunner
from lakes import Lake
from tiny import write_lake

from lake.athena.control.processes import free_port
from lake.cli import main

SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
SQL = """
create table orders (
    order_id text primary key, status text, total_amount numeric(20, 4), currency_code text,
    updated_at timestamptz
);
set time zone 'Asia/Kolkata';
insert into orders values
    ('only live', 'paid', 12345678901234.7891, 'USD', '2025-02-01 10:00:00.5+01:00'),
    ('O1', 'delivered', 12.50, 'USD', '2031-01-01 00:00:00Z'),
    ('O2', 'paid', null, null, '2001-01-01 00:00:00Z');
"""


@pytest.fixture(scope="module")
def postgresql() -> Iterator[dict[str, str]]:
    """Start a server on loopback in a folder of its own; return libpq's variables for it."""
    binaries = SERVERS[-1] if SERVERS else None
    if binaries is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs PostgreSQL: install the Debian package postgresql")
        pytest.skip("no PostgreSQL server here: install the Debian package postgresql")
    folder = Path(tempfile.mkdtemp(prefix="lake-postgresql-"))
    # The server refuses to run as root; the package brings a user for it.
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    port = str(free_port())
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, cwd=folder, user=user, stdout=subprocess.DEVNULL)

    run(str(binaries / "initdb"), "-D", str(data), "-A", "trust", "-U", "lake", "-E", "UTF8")
    options = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off"
    log = str(folder / "log")
    run(str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", log, "-o", options, "start")
    place = {"PGHOST": "127.0.0.1", "PGPORT": port, "PGUSER": "lake", "PGDATABASE": "postgres"}
    try:
        psql = [str(binaries / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-c", SQL]
        subprocess.run(psql, check=True, env=os.environ | place)
        yield place
    finally:
        run(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def dynamodb() -> Iterator[dict[str, str]]:
    """Start moto with a table of two sessions; return the variables of AWS clients for it."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415

    port = free_port()
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    place = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "NO_PROXY": "127.0.0.1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in place.items():
            patch.setenv(name, value)
        client = boto3.client("dynamodb")
        client.create_table(
            TableName="sessions",
            AttributeDefinitions=[{"AttributeName": "session_id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "session_id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        for session_id, user in (("S1", {"S": "C1"}), ("S2", {"NULL": True})):
            client.put_item(
                TableName="sessions",
                Item={
                    "session_id": {"S": session_id},
                    "user_id": user,
                    "channel": {"S": "web"},
                    "cart_amount": {"N": "123456789012.3450"},
                    "currency_code": {"S": "EUR"},
                    "last_seen_at": {"S": "2025-02-01T10:00:00+01:00"},
                    "pages": {"L": [{"S": "/"}, {"M": {"n": {"N": "1"}}}]},
                },
            )
    yield place
    server.stop()


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("live"))
    write_lake(lake.root)
    lake.run("dbt", "--quiet", "seed")
    lake.run("dbt", "--quiet", "run", "--select", "+int_orders", "+rpt_customer_segments")
    return lake


def behind(lake: Lake) -> list[tuple]:
    return lake.query(
        "select order_id, live_status, lag_reason, cast(live_total_amount as varchar),"
        " cast(live_updated_at as varchar) from gold.rpt_orders_behind order by 1"
    )


LIVE_ORDERS = [
    ("O1", "delivered", "behind", "12.5000", "2031-01-01 00:00:00"),
    ("O2", "paid", "missing", None, "2001-01-01 00:00:00"),
    ("only live", "paid", "missing", "12345678901234.7891", "2025-02-01 09:00:00.5"),
]


def test_without_databases_and_extracts_the_reports_are_empty(lake: Lake) -> None:
    lake.run("dbt", "--quiet", "run", "--select", "path:models/staging/live+")
    assert behind(lake) == []
    assert lake.query("select count(*) from gold.rpt_open_sessions") == [(0,)]


def test_live_orders_are_compared_with_the_lake(lake: Lake, postgresql, monkeypatch) -> None:
    for name, value in postgresql.items():
        monkeypatch.setenv(name, value)
    live = ("--vars", "{live_databases: [postgresql]}")
    lake.run("dbt", "--quiet", "run", "--select", "stg_live__orders+", *live)
    assert behind(lake) == LIVE_ORDERS


def test_an_extract_gives_the_same_rows(lake: Lake, postgresql, monkeypatch, tmp_path) -> None:
    for name, value in postgresql.items():
        monkeypatch.setenv(name, value)
    for day in ("2025-01-16", "2025-01-16", "2025-01-15"):
        lake.run("lake", "land", "extract", "postgresql", "orders", "--arrival-date", day)
    older = lake.root / "database-extract/source=postgresql/table=orders/arrival_date=2025-01-15"
    (older / "more.json").write_text(
        '{"order_id":"long gone","updated_at":"2025-01-01T00:00:00Z"}\n'
    )
    monkeypatch.setenv("PGPORT", "1")  # the server is not asked
    lake.run("dbt", "--quiet", "run", "--select", "stg_live__orders+")
    assert behind(lake) == LIVE_ORDERS


def test_an_emptied_table_leaves_no_row_of_the_day_before(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    extracts = [(["1"], "2025-01-15"), ([], "2025-01-16")]
    for ids, day in extracts:
        rows = [json.dumps({"session_id": one}) for one in ids]
        monkeypatch.setattr("lake.live.extract.dynamodb_items", lambda table, rows=rows: rows)
        command = ["land", "extract", "dynamodb", "sessions", "--arrival-date", day, "--json"]
        told = CliRunner().invoke(main, [*command, "--out", str(lake.root)])
        assert json.loads(told.stdout)["tables"]["live_sessions"]["records"] == len(ids)
    lake.run("dbt", "--quiet", "run", "--select", "stg_live__sessions+")
    assert lake.query("select count(*) from gold.rpt_open_sessions") == [(0,)]


def test_live_sessions_know_their_customer(lake: Lake, dynamodb, monkeypatch) -> None:
    for name, value in dynamodb.items():
        monkeypatch.setenv(name, value)
    sessions = (
        "select session_id, customer_id, cast(cart_amount as varchar),"
        " cast(last_seen_at as varchar), customer_segment from gold.rpt_open_sessions order by 1"
    )
    expected = [
        ("S1", "C1", "123456789012.3450", "2025-02-01 09:00:00", "Low Value"),
        ("S2", None, "123456789012.3450", "2025-02-01 09:00:00", None),
    ]
    live = ("--vars", "{live_databases: [dynamodb]}")
    lake.run("dbt", "--quiet", "run", "--select", "stg_live__sessions+", *live)
    assert lake.query(sessions) == expected
    lake.run("lake", "land", "extract", "dynamodb", "sessions", "--arrival-date", "2025-01-16")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")  # nobody is asked
    lake.run("dbt", "--quiet", "run", "--select", "stg_live__sessions+")
    assert lake.query(sessions) == expected


@pytest.mark.parametrize("database", ["postgresql", "dynamodb"])
def test_a_database_that_does_not_answer_is_one_line(lake: Lake, monkeypatch, database) -> None:
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    table = {"postgresql": "orders", "dynamodb": "sessions"}[database]
    told = lake.run("lake", "land", "extract", database, table, code=2)
    assert told.count("\n") == 1
    assert f"cannot read {table} of" in told


def test_a_table_without_a_contract_is_named(lake: Lake) -> None:
    told = lake.run("lake", "land", "extract", "postgresql", "secrets", code=2)
    assert "no contract has the location database-extract/source=postgresql/table=secrets" in told
