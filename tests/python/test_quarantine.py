"""`lake quarantine`: list, show and release, end to end on a tiny lake."""

import gzip
import json
import os

import pytest
import tiny
from click.testing import CliRunner
from lakes import PROJECT

from lake.errors import UserError
from lake.quality.quarantine import quarantine
from lake.quality.repair import dump, parse, parse_value, repair_line, resolve

NEGATIVE_ID = tiny.record_id(tiny.NEGATIVE)
BROKEN_ID = tiny.record_id(tiny.BROKEN_LINE)
SUPPLIER_TEXT = "S2|Mills|Bo Mill|bo@mills.example|+46 1234567|Germany|{}|true|2025-01-10T00:00:00Z"
SUPPLIER_ID = tiny.record_id(SUPPLIER_TEXT.format(999))
REPAIRED_LINE = tiny.NEGATIVE.replace('"-5.00"', '"20.00"')


def run(*options, code=0):
    done = CliRunner().invoke(quarantine, options, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


def objects(*options):
    return json.loads(run(*options, "--json"))


def release(record_id, *options, code=0):
    return run("release", record_id, "--reason", "typo", "--by", "jane", *options, code=code)


def files(lake):
    return {
        path.relative_to(lake.root).as_posix()
        for path in lake.root.rglob("*")
        if path.is_file() and "_tmp" not in path.parts
    }


def test_list_counts_and_names_the_records(lake):
    found = objects("list")
    assert found["total"] == 3
    assert {(row["source"], row["rule"]): row["records"] for row in found["counts"]} == {
        ("orders", "broken_json"): 1,
        ("orders", "negative_sale"): 1,
        ("orders", "total_does_not_add_up"): 1,
        ("suppliers", "lead_time_impossible"): 1,
    }
    assert {row["record_id"] for row in found["records"]} == {NEGATIVE_ID, BROKEN_ID, SUPPLIER_ID}
    output = run("list")
    assert "A sale with a negative total; a credit note would say so." in output
    assert NEGATIVE_ID[:12] in output


def test_a_file_of_releases_that_is_cut_off_is_one_line(lake):
    folder = lake.root / "control" / "quarantine-releases" / "arrival_date=2025-01-15"
    folder.mkdir(parents=True)
    (folder / "release.json.gz").write_bytes(gzip.compress(b"{}\n")[:12])
    output = run("list", code=2)
    assert "release.json.gz cannot be read" in output and "lake land check" in output


def test_a_repaired_file_is_read_from_where_the_user_is(lake, monkeypatch, tmp_path):
    (tmp_path / "repaired.json").write_text(REPAIRED_LINE)
    below = PROJECT / "docs"
    monkeypatch.chdir(below)
    relative = os.path.relpath(tmp_path / "repaired.json", below)
    assert "20.00" in release(NEGATIVE_ID, "--file", relative, "--dry-run")


@pytest.mark.parametrize(
    ("options", "total"),
    [
        (["--source", "suppliers"], 1),
        (["--rule", "negative_sale"], 1),
        (["--batch", "2025-01-15"], 3),
        (["--batch", "2025011600"], 0),
        (["--source", "orders", "--unreleased"], 2),
    ],
)
def test_list_is_narrowed(lake, options, total):
    assert objects("list", *options)["total"] == total


def test_list_names_as_many_as_asked(lake):
    assert len(objects("list", "--limit", "1")["records"]) == 1
    assert len(objects("list", "--limit", "0")["records"]) == 3


def test_no_number_of_records_is_below_zero(lake):
    assert "--limit" in run("list", "--limit", "-1", code=2)


def test_show_prints_the_raw_record_and_every_reason(lake):
    output = run("show", NEGATIVE_ID[:8])
    assert "A sale with a negative total; a credit note would say so." in output
    assert "Total differs from lines - discount + tax + shipping" in output
    assert '"total_amount": "-5.00"' in output
    assert "personal data" in output
    assert objects("show", BROKEN_ID)["raw_record"] == tiny.BROKEN_LINE
    supplier = json.loads(objects("show", SUPPLIER_ID)["raw_record"])
    assert supplier == {**tiny.SUPPLIER, "supplier_id": "S2", "lead_time_days": 999}


def test_a_repaired_order_is_kept_and_the_old_record_released(lake, engine):
    before = files(lake)
    output = release(NEGATIVE_ID[:8], "--set", "total_amount=20.00")
    assert '-      "total_amount": "-5.00",' in output
    assert '+      "total_amount": "20.00",' in output
    assert "next: lake build" in output
    new = files(lake) - before
    repaired_id = tiny.record_id(REPAIRED_LINE)
    name = f"{NEGATIVE_ID[:12]}-{repaired_id[:12]}"
    assert new == {
        f"{tiny.CDC}orders/arrival_date=2025-01-16/repair-{name}.json.gz",
        f"control/quarantine-releases/arrival_date=2025-01-16/release-{name}.json",
    }
    assert objects("show", NEGATIVE_ID)["release"]["state"] == "waiting for the next build"

    engine.build(lake.root, lake.database, ["int_orders_validated+"])
    judged = "select _disposition, total_amount from silver.int_orders_validated where _row_hash = "
    assert [(row[0], str(row[1])) for row in lake.query(f"{judged}'{repaired_id}'")] == [
        ("kept", "20.0000")
    ]
    assert lake.query(f"{judged}'{NEGATIVE_ID}'")[0][0] == "quarantined"
    assert lake.query(
        "select record_id, is_released, release_batch_id from quarantine.quarantined_records "
        "where is_released"
    ) == [(NEGATIVE_ID, True, 2025011600)]
    assert lake.query("select order_id from gold.fct_orders where order_id = 'O2'") == [("O2",)]
    assert objects("list", "--unreleased")["total"] == 2
    assert objects("show", NEGATIVE_ID)["release"] == {
        "source": "orders",
        "record_id": NEGATIVE_ID,
        "repaired_record_id": repaired_id,
        "released_by": "jane",
        "reason": "typo",
        "state": "kept",
    }
    again = release(NEGATIVE_ID, "--set", "total_amount=21.00", code=2)
    assert again.count("\n") == 1
    assert "is already released" in again


def test_a_repaired_supplier_and_a_replaced_line_are_kept(lake, engine, tmp_path):
    release(SUPPLIER_ID, "--set", "lead_time_days=99", "--arrival-date", "2025-01-20")
    whole = tmp_path / "whole.json"
    whole.write_text(json.dumps(json.loads(tiny.order(7, order_id="O7")), indent=2))
    release(BROKEN_ID, "--file", str(whole), "--arrival-date", "2025-01-20")
    engine.build(lake.root, lake.database, ["int_orders_validated", "int_suppliers_validated"])
    assert lake.query(
        "select supplier_id, lead_time_days, _disposition from silver.int_suppliers_validated "
        f"where _row_hash = '{tiny.record_id(SUPPLIER_TEXT.format(99))}'"
    ) == [("S2", 99, "kept")]
    assert lake.query(
        "select order_id, _disposition, _batch_id from silver.int_orders_validated "
        f"where _row_hash = '{tiny.record_id(tiny.order(7, order_id='O7'))}'"
    ) == [("O7", "kept", 2025012000)]
    assert lake.query("select count(*) from quarantine.quarantined_records where is_released") == [
        (2,)
    ]


def test_a_dry_run_writes_nothing(lake):
    before = files(lake)
    output = release(NEGATIVE_ID, "--set", "total_amount=20.00", "--dry-run")
    assert '+      "total_amount": "20.00",' in output
    assert "nothing was written" in output
    assert files(lake) == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["0123456789", "--set", "status=paid"], "no quarantined record 0123456789"),
        (["short", "--set", "status=paid"], "at least 8 hex digits"),
        ([tiny.record_id(tiny.order(1)), "--set", "status=paid"], "is not quarantined, it is kept"),
        ([NEGATIVE_ID, "--set", "total_amount=-5.00"], "changes nothing"),
        ([NEGATIVE_ID, "--set", "totl_amount=5"], "no field totl_amount"),
        ([NEGATIVE_ID, "--set", "value.nothing.status=paid"], "has no value.nothing"),
        ([NEGATIVE_ID, "--set", "status"], "is no PATH=VALUE"),
        ([NEGATIVE_ID], "say how to repair"),
        ([BROKEN_ID, "--set", "status=paid"], "use --file instead"),
        ([SUPPLIER_ID, "--set", "lead_time=5"], "suppliers has no field lead_time"),
        ([SUPPLIER_ID, "--set", "lead_time_days=soon"], "lead_time_days is a whole number"),
        ([SUPPLIER_ID, "--set", "is_active=perhaps"], "is_active is true, false or null"),
        ([NEGATIVE_ID, "--set", "status=paid", "--source", "order"], "no source order"),
    ],
)
def test_a_release_that_cannot_be_is_one_line(lake, options, message):
    before = files(lake)
    output = release(*options, code=2)
    assert message in output
    assert output.count("\n") == 1
    assert files(lake) == before


def test_a_day_already_passed_is_refused(lake):
    change = ["--set", "total_amount=20.00", "--arrival-date"]
    assert "2025-01-15 is already passed" in release(NEGATIVE_ID, *change, "2025-01-15", code=2)
    assert "'soon' is no day" in release(NEGATIVE_ID, *change, "soon", code=2)


def test_a_repair_lands_on_the_newest_day_of_its_own_table(lake):
    tiny.write_lines(lake.root, f"{tiny.CDC}products", "2025-03-01", "b", "{}")
    change = ["--set", "total_amount=20.00"]
    landed = json.loads(release(NEGATIVE_ID, *change, "--dry-run", "--json"))["landed"]
    newest = max(path.parent.name for path in (lake.root / f"{tiny.CDC}orders").glob("*/*"))
    assert f"/{newest}/" in landed and "2025-03" not in landed


def test_the_same_broken_line_in_two_sources_needs_the_source(lake, engine):
    tiny.write_lines(lake.root, f"{tiny.CDC}products", tiny.SECOND, "b", tiny.BROKEN_LINE)
    engine.build(lake.root, lake.database, ["int_products_validated"])
    assert "fits several records" in run("show", BROKEN_ID, code=2)
    assert objects("show", BROKEN_ID, "--source", "products")["source"] == "products"


def test_a_field_name_finds_its_place():
    update = {"key": {"id": 1}, "value": {"before": {"id": 1, "a": 1}, "after": {"id": 1, "a": 2}}}
    assert resolve(update, "a") == [["value", "after", "a"]]
    assert resolve(update, "id") == [["key", "id"], ["value", "after", "id"]]
    deletion = {"key": {"id": 1}, "value": {"before": {"a": 1}, "after": None}}
    assert resolve(deletion, "a") == [["value", "before", "a"]]
    assert resolve({"record": {"a": 1}, "a": 2}, "a") == [["record", "a"]]
    assert resolve({"amount": 5}, "amount") == [["amount"]]
    assert resolve({"metadata": {}}, "metadata.order_id") == [["metadata", "order_id"]]
    with pytest.raises(UserError, match="has no field b"):
        resolve(update, "b")


@pytest.mark.parametrize(
    ("value", "old", "expected"),
    [
        ("12.50", "x", "12.50"),
        ("12.50", None, "12.50"),
        ("null", "x", None),
        ('"null"', "x", "null"),
        ("5", "x", "5"),
        ("5", 4, 5),
        ("5", None, 5),
        ("007", None, "007"),
        ("true", False, True),
        ("true", "false", "true"),
        ('"5"', 4, "5"),
        ("paid", None, "paid"),
        ("", "x", ""),
    ],
)
def test_a_value_keeps_the_kind_of_its_field(value, old, expected):
    assert parse_value(value, old) == expected


def test_a_repair_leaves_everything_else_as_it_was():
    line = '{"a":1.50,"n":100000000000000000001,"t":"ü \\" \\u2028","l":[1,null],"s":"x"}'
    assert repair_line(line, ["s=y"]) == (
        '{"a":1.50,"n":100000000000000000001,"t":"ü \\" \u2028","l":[1,null],"s":"y"}'
    )
    assert repair_line('{"a":1.50}', ["a=2.50"]) == '{"a":2.50}'
    assert repair_line('{"a":"x","b":"\\ud800"}', ["a=y"]) == '{"a":"y","b":"\\ud800"}'
    assert parse("[1]") is None
    assert dump({"a": None}) == '{"a":null}'
