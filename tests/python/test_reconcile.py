"""`lake reconcile` against a lake that is counted by hand, and against tampered tables."""

import gzip
import json
import re

import duckdb
import pytest
import tiny
from click.testing import CliRunner
from lakes import PROJECT

from lake.contract import load_contract
from lake.quality.files import landed_files
from lake.quality.landed import count_records, money
from lake.quality.reconcile import reconcile
from lake.streaming.replay_command import replay

ORDERS_FILE = f"{tiny.CDC}orders/arrival_date=2025-01-15/a.json.gz"


def run(*options, code=0):
    done = CliRunner().invoke(reconcile, options, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


def report(*options, code=0):
    done = CliRunner().invoke(reconcile, ["--json", *options], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def tamper(lake, sql):
    with duckdb.connect(str(lake.database)) as connection:
        changed = connection.execute(sql).fetchone()
    assert changed == (1,)


def test_every_record_of_the_tiny_lake_has_its_disposition(lake):
    found = report()
    columns = ("landed", "kept", "duplicate", "quarantined", "conflicts", "difference")
    assert {row["source"]: tuple(row[name] for name in columns) for row in found["sources"]} == {
        "orders": (9, 5, 2, 2, 1, 0),
        "order_items": (3, 3, 0, 0, 0, 0),
        "customers": (1, 1, 0, 0, 0, 0),
        "products": (1, 1, 0, 0, 0, 0),
        "inventory_movements": (0, 0, 0, 0, 0, 0),
        "payments": (2, 2, 0, 0, 0, 0),
        "refunds": (1, 1, 0, 0, 0, 0),
        "customer_files": (0, 0, 0, 0, 0, 0),
        "events": (0, 0, 0, 0, 0, 0),
        "sensor_readings": (0, 0, 0, 0, 0, 0),
        "log_events": (0, 0, 0, 0, 0, 0),
        "sales_targets": (0, 0, 0, 0, 0, 0),
        "marketing_spend": (0, 0, 0, 0, 0, 0),
        "nps_responses": (0, 0, 0, 0, 0, 0),
        "suppliers": (2, 1, 0, 1, 0, 0),
    }
    assert found["reconciled"] is True
    assert found["failures"] == []
    assert found["files"] == {"landed": 8, "problems": []}
    assert found["planted"] is None


def test_every_cent_of_the_tiny_lake_has_its_disposition(lake):
    columns = ("landed", "kept", "duplicate", "quarantined", "difference")
    money = {
        (row["source"], row["batch"], sums["currency"]): tuple(sums[name] for name in columns)
        for row in report()["batches"]
        for sums in row["money"]
    }
    assert money == {
        ("orders", 2025011500, "EUR"): ("55.00", "60.00", "0.00", "-5.00", "0.00"),
        ("orders", 2025011500, "JPY"): ("1250.00", "1250.00", "0.00", "0.00", "0.00"),
        ("orders", 2025011600, "EUR"): ("40.00", "0.00", "40.00", "0.00", "0.00"),
        ("order_items", 2025011500, "EUR"): ("43.33", "43.33", "0.00", "0.00", "0.00"),
        ("payments", 2025011500, "EUR"): ("20.00", "20.00", "0.00", "0.00", "0.00"),
        ("payments", 2025011500, "JPY"): ("1250.00", "1250.00", "0.00", "0.00", "0.00"),
        ("refunds", 2025011500, "EUR"): ("5.00", "5.00", "0.00", "0.00", "0.00"),
    }


def test_the_money_reaches_gold_and_what_waits_is_named(lake):
    found = report()
    crossings = {(row["bridge"], row["currency"]): row for row in found["bridges"]}
    orders = crossings["kept orders to state", "EUR"]
    assert orders["start"] == "60.00"
    assert {name: term["amount"] for name, term in orders["terms"].items()} == {
        "superseded": "20.00",
        "deleted": "20.00",
    }
    assert orders["end"] == "20.00"
    lines = crossings["order items to fct_order_lines", "EUR"]
    assert lines["start"] == "43.33"
    assert lines["terms"] == {
        "order pending": {"records": 1, "amount": "3.33"},
        "order deleted": {"records": 1, "amount": "20.00"},
    }
    assert lines["end"] == "20.00"
    assert {(row["what"], row["currency"]): row["amount"] for row in found["pending"]} == {
        ("order lines without their order", "EUR"): "3.33",
        ("payments without their order", "JPY"): "1250.00",
    }


def test_people_get_tables_and_one_last_line(lake):
    output = run("--by", "batch")
    assert "reconciled: 19 records in 8 files, every record and every cent" in output
    assert "2025011600" in output
    assert "waiting: 1 order lines without their order (3.33 EUR)" in output
    only = run("--source", "refunds")
    assert "reconciled: 1 records in 1 files" in only
    assert "orders" not in only


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        (
            "delete from silver.int_orders_validated where order_id = 'O4'",
            "orders: 1 record(s) landed and are not in the tables",
        ),
        (
            "delete from silver.int_orders_validated where order_id = 'O4'",
            "orders: 1250.00 JPY landed and are not in the tables",
        ),
        (
            "update silver.int_orders_validated set total_amount = total_amount - 0.01 "
            "where order_id = 'O4'",
            "orders: 0.01 JPY landed and are not in the tables",
        ),
        (
            "update silver.int_refunds_validated set refund_amount = refund_amount + 0.01",
            "refunds: 0.01 EUR more in the tables than landed",
        ),
        (
            "update silver.int_customers_validated set _disposition = 'quarantined'",
            "customers: 1 record(s) have a disposition that contradicts their rules",
        ),
        (
            "update silver.int_suppliers_validated set _disposition = 'kept', _errors = null "
            "where supplier_id = 'S2'",
            "rpt_reconciliation states other figures than the tables hold in 1 row(s)",
        ),
        (
            "update silver.int_order_items set line_amount = 20.01 where order_id = 'O1'",
            "order items to fct_order_lines, EUR: 0.01 lost on the way",
        ),
        (
            "update silver.int_order_lines set line_amount = 20.01 where order_id = 'O1'",
            "order items to fct_order_lines, EUR: -0.01 lost on the way",
        ),
        (
            "delete from silver.int_order_items where order_id = 'O3'",
            "kept order_items to state, EUR: 1 record(s) lost on the way",
        ),
        (
            "update gold.fct_orders set total_amount = 1250.01 where order_id = 'O4'",
            "orders to fct_orders, JPY: -0.01 lost on the way",
        ),
        (
            "update gold.fct_payments set refunded_amount = 4.99 where payment_id = 'ch_1'",
            "refunds to fct_payments, EUR: 0.01 lost on the way",
        ),
        (
            "update silver.int_daily_sales set revenue_amount = revenue_amount + 0.01",
            "lines to agg_daily_sales_total, reporting: -0.01 lost on the way",
        ),
    ],
)
def test_one_record_or_one_cent_off_fails(lake, sql, line):
    tamper(lake, sql)
    output = run(code=1)
    assert "NOT reconciled" in output
    assert line in output


def test_a_late_file_is_named_and_the_printed_replay_mends_it(lake, engine):
    late = tiny.write_lines(
        lake.root, f"{tiny.CDC}orders", tiny.FIRST, "late", tiny.order(9, order_id="O5")
    )
    models = ["int_orders_validated+", "rpt_reconciliation"]
    engine.build(lake.root, lake.database, models)
    output = run(code=1)
    assert "1 file(s): appeared in a batch already passed" in output
    assert f"{late}: 1 landed, 0 in the tables" in output
    assert "orders: 20.00 EUR landed and are not in the tables" in output
    day = re.search(r"mend: lake build --vars '\{replay_from: (\S+)\}'", output).group(1)
    engine.build(lake.root, lake.database, models, replay_from=day)
    assert "reconciled: 20 records in 9 files" in run()


def test_a_file_that_is_not_built_yet_asks_for_a_build(lake):
    new = tiny.write_lines(lake.root, f"{tiny.CDC}orders", "2025-01-17", "c", tiny.order(9))
    found = report(code=1)
    assert [(row["kind"], row["file"]) for row in found["files"]["problems"]] == [("new", new)]
    assert found["mend"] == "lake build"


def test_a_file_that_is_gone_or_grew_is_named(lake):
    (lake.root / f"{tiny.CDC}customers/arrival_date=2025-01-15/a.json.gz").unlink()
    tiny.write_lines(
        lake.root, f"{tiny.STRIPE}refunds", tiny.FIRST, "a", *[json.dumps(tiny.REFUND)] * 2
    )
    found = report(code=1)
    assert [
        (row["kind"], row["source"], row["landed"], row["judged"])
        for row in found["files"]["problems"]
    ] == [("differs", "refunds", 2, 1), ("vanished", "customers", 0, 1)]
    assert found["mend"] == "lake build --full-refresh"


@pytest.mark.parametrize("name", ["arrival_date=2025-01-15/a.jsonl", "a.json", "day=3/a.json"])
def test_a_file_where_no_reader_finds_it_is_named(lake, name):
    path = lake.root / f"{tiny.CDC}orders" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}\n")
    assert f"1 file(s) lie where no reader finds them, first: {tiny.CDC}orders/{name}" in run(
        code=1
    )


def test_hidden_files_and_leftovers_are_no_records(lake, engine):
    day = lake.root / f"{tiny.CDC}orders" / f"arrival_date={tiny.SECOND}"
    day.mkdir(exist_ok=True)
    for name in (".o.json", "_o.json", ".o.json.swp", "o.json.tmp"):
        (day / name).write_text(tiny.order(99, order_id=name) + "\n")
    (day / "o.json").write_text(tiny.order(98, order_id="read") + "\n")
    engine.build(lake.root, lake.database, ["int_orders_validated"])
    assert lake.query(
        "select order_id from silver.int_orders_validated where _source_order in (98, 99)"
    ) == [("read",)]


def test_a_rejected_file_is_listed(lake):
    (lake.root / "_rejected").mkdir()
    line = {"file": "some/where.json.gz", "reason": "broken gzip"}
    (lake.root / "_rejected" / "rejected.jsonl").write_text(json.dumps(line) + "\n")
    assert "rejected: some/where.json.gz (broken gzip)" in run()
    assert report()["rejected"] == [line]


def test_what_the_stream_could_not_deliver_is_counted(lake, tmp_path, engine):
    before = report()
    assert before["stream_errors"] == {}
    assert "stream errors" not in run()
    sent = tmp_path / "sent.jsonl"
    sent.write_bytes(b'{"event_id":"E1"}\n{broken\n[1]\n{"event_id":"' + b"x" * 2**20 + b'"}\n')
    done = CliRunner().invoke(replay, [str(sent), "--rate", "0"], catch_exceptions=False)
    assert done.exit_code == 0
    engine.build(lake.root, lake.database, ["int_events_validated", "rpt_reconciliation"])
    after = report()
    assert after["stream_errors"] == {"processing-failed": 2, "record-too-large": 1}
    (events,) = (row for row in after["sources"] if row["source"] == "events")
    assert events["landed"] + sum(after["stream_errors"].values()) == 4
    kind = "processing-failed"
    assert f"stream errors: 2 events {kind} (whole in _stream-errors/{kind}/)" in run()
    assert report("--source", "orders")["stream_errors"] == {}


def plant(lake, *records):
    path = lake.root / "_truth" / "planted.jsonl.gz"
    path.parent.mkdir(exist_ok=True)
    keys = ("source", "file", "record_id", "defect", "rule", "expected")
    lines = [json.dumps(dict(zip(keys, record, strict=True))) for record in records]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))


BROKEN = ("orders", ORDERS_FILE, tiny.record_id(tiny.BROKEN_LINE), "cut off", "broken_json")
NEGATIVE = ("orders", ORDERS_FILE, tiny.record_id(tiny.NEGATIVE), "below zero", "negative_sale")
SUPPLIER_ID = tiny.record_id(
    "S2|Mills|Bo Mill|bo@mills.example|+46 1234567|Germany|999|true|2025-01-10T00:00:00Z"
)
SLOW = (
    "suppliers",
    f"{tiny.SUPPLIERS}/arrival_date=2025-01-15/a.avro",
    SUPPLIER_ID,
    "slow",
    "lead_time_impossible",
)
AGAIN = (
    "orders",
    f"{tiny.CDC}orders/arrival_date=2025-01-16/b.json.gz",
    tiny.record_id(tiny.order(1)),
    "redelivery",
    None,
)
ALL = [
    (*BROKEN, "quarantined"),
    (*NEGATIVE, "quarantined"),
    (*SLOW, "quarantined"),
    (*AGAIN, "duplicate"),
]


def test_planted_defects_are_all_found(lake):
    plant(lake, *ALL)
    planted = report()["planted"]
    assert {name: planted[name] for name in ("planted", "found", "missed", "false_quarantine")} == {
        "planted": 4,
        "found": 4,
        "missed": 0,
        "false_quarantine": 0,
    }
    assert "recall 100 % (4 of 4), false quarantine 0" in run()


@pytest.mark.parametrize(
    "missed",
    [
        (*NEGATIVE, "kept"),
        ("orders", ORDERS_FILE, NEGATIVE[2], "other rule", "zero_total", "quarantined"),
        ("orders", AGAIN[1], NEGATIVE[2], "other file", None, "quarantined"),
        ("orders", ORDERS_FILE, "0" * 32, "never landed", None, "quarantined"),
        (*AGAIN, "duplicate"),
        ("order", ORDERS_FILE, NEGATIVE[2], "no such source", None, "quarantined"),
    ],
)
def test_a_planted_defect_that_is_missed_fails(lake, missed):
    plant(lake, *ALL, missed)
    output = run(code=1)
    assert "1 planted defect(s) were not found as expected" in output
    assert "recall 80.00 % (4 of 5)" in output


def test_a_sound_record_in_quarantine_fails(lake):
    plant(lake, *[record for record in ALL if record[0] != "suppliers"])
    output = run(code=1)
    assert "1 record(s) are in quarantine and should not be" in output
    assert "false: 1 of suppliers by lead_time_impossible" in output


@pytest.mark.parametrize(
    ("content", "records"),
    [
        (b"", 0),
        (b"\n\n\r\n", 0),
        (b"{}\n{}\n", 2),
        (b"{}\n\n\n{}", 2),
        (b"{}\r\n{}\r\n", 2),
        (b"{}\r{}\r", 2),
        (b"  \n{}\n", 2),
        ('{"a":"\u2028\x0b\x0c\x85\x1c"}\n'.encode(), 1),
        (b"x" * (1 << 22) + b"\n{}\n", 2),
        (b"x" * ((1 << 22) - 1) + b"\n{}\n", 2),
        (b"x" * ((1 << 22) - 1) + b"\r\n{}\n", 2),
        (b"x" * (1 << 23), 1),
        (b"\xef\xbb\xbf", 0),
        (b"\xef\xbb\xbf\n{}\n", 1),
    ],
)
def test_records_are_lines_that_are_not_empty(tmp_path, content, records):
    plain, packed = tmp_path / "a.json", tmp_path / "a.json.gz"
    plain.write_bytes(content)
    packed.write_bytes(gzip.compress(content, mtime=0))
    assert (count_records(plain), count_records(packed)) == (records, records)


def amounts(tmp_path, table, location, *lines):
    contract = load_contract(PROJECT)[table]
    tiny.write_lines(tmp_path, location, tiny.FIRST, "a", *lines)
    files = list(landed_files(tmp_path, [contract]))
    found = money(contract, files, {"EUR": 2, "JPY": 0, "KWD": 3})
    return {item.currency: str(item.amount) for item in found}


def test_money_is_what_reads_as_a_plain_decimal(tmp_path):
    texts = ["12.50", "+1", "-0.0001", 0.25, "99999999999999.9999"]
    none = ["12.34567", "1e3", " 5", "5.", ".5", "", None, True, "100000000000000", "1,5", "0x1"]
    lines = [tiny.order(1, total_amount=amount) for amount in texts + none]
    lines += [
        tiny.order(1, total_amount="7.00", currency_code=" EUR\t"),
        tiny.order(1, "d", total_amount="5.00", currency_code="USD"),
        tiny.order(1, "u", total_amount="3.00", currency_code=None),
        tiny.order(1, "u", total_amount="2.00", currency_code=" "),
        tiny.order(1, total_amount="1.00", currency_code="eur"),
        tiny.order(1, total_amount="9.00", currency_code="\u00a0GBP\u2003"),
        tiny.order(1)[:-1] + ",}",
        tiny.order(1)[:-1],
        "[" + tiny.order(1) + "]",
        '"text"',
        '{"key":{"order_id":"O1"},"value":null}',
    ]
    assert amounts(tmp_path, "orders", f"{tiny.CDC}orders", *lines) == {
        "EUR": "100000000000020.7498",
        "USD": "5.0000",
        "GBP": "9.0000",
        "-": "5.0000",
        "eur": "1.0000",
    }


def test_the_currency_of_an_uploaded_file_is_upper_case_as_in_staging(tmp_path):
    record = {"target_amount": "12.50", "currency_code": "eur"}
    lines = [json.dumps({"record": record | {"notes": note}}) for note in ("", ",}", 'a\\",]')]
    location = load_contract(PROJECT)["sales_targets"].location
    assert amounts(tmp_path, "sales_targets", location, *lines) == {"EUR": "37.5000"}


def test_minor_units_follow_the_currency(tmp_path):
    charges = [("eur", 1250), ("EUR", 1), ("jpy", 1250), ("kwd", 1250), ("xxx", 5), (None, 5)]
    charges += [("eur", "7"), ("eur", 12.5), ("eur", "1.5"), ("jpy", 10**17), ("eur", -(10**17))]
    lines = [json.dumps({"amount": amount, "currency": code}) for code, amount in charges]
    assert amounts(tmp_path, "payments", f"{tiny.STRIPE}payments", *lines) == {
        "EUR": "12.580",
        "JPY": "1250.000",
        "KWD": "1.250",
    }


@pytest.mark.parametrize(
    "content", [b"no gzip at all, but long enough", gzip.compress(b"{}", mtime=0)[:-9]]
)
def test_an_unreadable_file_is_one_line(lake, content):
    path = lake.root / f"{tiny.CDC}orders/arrival_date=2025-01-16/bad.json.gz"
    path.write_bytes(content)
    output = run(code=2)
    assert len(output.splitlines()) == 1
    assert "bad.json.gz cannot be read" in output
    assert "lake land check" in output


def test_mistakes_are_one_line(lake, monkeypatch):
    assert run("--source", "order", code=2).startswith("lake: no source order; one of: customer")
    monkeypatch.setenv("LAKE_DB", str(lake.folder / "none.duckdb"))
    assert "run `lake build` first" in run(code=2)
    monkeypatch.setenv("LAKE_ROOT", str(lake.folder / "none"))
    assert "no landing folder" in run(code=2)
