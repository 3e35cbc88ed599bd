"""The generator: same bytes again, whatever the cores, the steps and the interruptions."""

import errno
import gzip
import hashlib
import io
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import fastavro
import orjson
import pytest
from click.testing import CliRunner

from lake.contract import load_contract
from lake.errors import UserError
from lake.landing.csv_file import original_location, to_lines
from lake.landing.generate import world
from lake.landing.generate.command import generate
from lake.landing.generate.period import DAYS, FIRST_DAY, day_text
from lake.landing.generate.run import Job, run
from lake.landing.generate.tables import TABLES, UPLOADS
from lake.landing.generate.world import World
from lake.landing.writer import Batch

CDC = ["orders", "order_items", "customers", "products", "inventory_movements"]
KEYS = {
    "orders": ["order_id"],
    "order_items": ["order_id", "line_number"],
    "customers": ["customer_id"],
    "products": ["product_id"],
    "inventory_movements": ["movement_id"],
}
# Tables whose files are too few, or on the wrong days, for one that lands again.
WITHOUT_FILES_AGAIN = ("products", "refunds", "customers", "sales_targets")
CENT = Decimal("0.01")
# Kept defects that add an event to a visit.
ADDED_CLICKS = {"purchase_without_order", "address_malformed"}
Line = tuple[str, str, str]  # file, md5, text
ACCESS_LINE = re.compile(
    r'(\S+) - - \[([^]]+)\] "([^"]+)" ([0-9]{3}) [0-9]+ "-" "Mozilla/5.0" ([0-9]+)'
)


@pytest.fixture(scope="module", autouse=True)
def many_chunks() -> Iterator[None]:
    """Cut even a tiny lake into chunks, and do not wait for the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world, "ORDERS_A_CHUNK", 130)
        patch.setattr(os, "fsync", lambda handle: None)
        patch.setattr(os, "sync", lambda: None)
        yield


def land(root: Path, until: int = DAYS - 1, threads: int = 1, **changes: Any) -> bool:
    job = Job(root=root, seed=7, scale=0.02, until=until, tables=list(TABLES), threads=threads)
    for name, value in changes.items():
        setattr(job, name, value)
    return run(job)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, many_chunks: None) -> Path:
    folder = tmp_path_factory.mktemp("lake")
    assert land(folder)
    return folder


def digests(root: Path) -> dict[str, str]:
    """Return md5 by path of all files but those that say how far the generator is."""
    return {
        str(path.relative_to(root)): hashlib.md5(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and path.relative_to(root).parts[0] not in ("_control", "_tmp")
    }


def lines(root: Path, table: str) -> Iterator[Line]:
    for path in sorted((root / load_contract()[table].location).rglob("*.json.gz")):
        file = str(path.relative_to(root))
        for text in gzip.decompress(path.read_bytes()).decode().split("\n")[:-1]:
            yield file, hashlib.md5(text.encode()).hexdigest(), text


def truth(root: Path) -> list[dict[str, str]]:
    text = gzip.decompress((root / "_truth/planted.jsonl.gz").read_bytes()).decode()
    return [json.loads(line) for line in text.splitlines()]


def sound(root: Path, table: str) -> list[dict[str, Any]]:
    """Return the records that must be kept, parsed."""
    bad = {
        (planted["file"], planted["record_id"])
        for planted in truth(root)
        if planted["expected"] != "kept"
    }
    return [json.loads(text) for file, md5, text in lines(root, table) if (file, md5) not in bad]


def newest(root: Path, table: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Return the rows that exist at the end, by key."""
    state: dict[tuple[Any, ...], tuple[int, dict[str, Any] | None]] = {}
    for record in sound(root, table):
        key = tuple(record["key"][name] for name in KEYS[table])
        change = record["value"]
        if change is not None:
            lsn = change["source"]["lsn"]
            if key not in state or state[key][0] < lsn:
                state[key] = (lsn, change["after"])
    return {key: row for key, (_, row) in state.items() if row is not None}


def test_same_seed_gives_the_same_bytes_on_other_threads(root: Path, tmp_path: Path) -> None:
    assert land(tmp_path, threads=3)
    assert digests(tmp_path) == digests(root)


def test_lines_in_many_batches_come_out_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "ORDERS_A_CHUNK", 40_000)
    for threads in (1, 4):
        folder = tmp_path / str(threads)
        assert land(folder, scale=1.0, until=90, tables=["order_items"], threads=threads)
    assert digests(tmp_path / "1") == digests(tmp_path / "4")


def test_another_seed_gives_another_shop(root: Path, tmp_path: Path) -> None:
    assert land(tmp_path, seed=8, tables=["orders"])
    theirs = digests(root)
    same = [path for path, digest in digests(tmp_path).items() if theirs.get(path) == digest]
    assert not same


def test_days_landed_one_after_the_other_give_the_same_lake(root: Path, tmp_path: Path) -> None:
    whole = digests(root)
    for until in (30, 200, 201):
        assert land(tmp_path, until=until)
        landed = digests(tmp_path)
        landed.pop("_truth/planted.jsonl.gz")
        assert landed == {
            path: digest
            for path, digest in whole.items()
            if "arrival_date=" in path and path.split("arrival_date=")[1][:10] <= day_text(until)
        }
        assert {planted["file"] for planted in truth(tmp_path)} <= set(landed)
    assert land(tmp_path)
    assert digests(tmp_path) == whole
    assert not land(tmp_path)


def test_full_disk_leaves_no_half_file_and_the_next_call_mends(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = 0
    write = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        nonlocal written
        written += 1
        if written > 1200:
            write(path, content[: len(content) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UserError, match="free the disk"):
        land(tmp_path)
    whole = digests(root)
    visible = digests(tmp_path)
    assert visible and all(whole[path] == digest for path, digest in visible.items())
    assert not list((tmp_path / "_tmp").rglob("*.part"))
    monkeypatch.setattr(Path, "write_bytes", write)
    assert land(tmp_path)
    assert digests(tmp_path) == whole


def test_a_batch_is_visible_only_when_it_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / "_tmp/batch/of-a-killed-process.part"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")

    def visible() -> list[str]:
        return sorted(
            path.name
            for path in tmp_path.rglob("*")
            if path.is_file() and path.suffix not in (".part", ".lock")
        )

    seen: list[list[str]] = []
    monkeypatch.setattr(os, "sync", lambda: seen.append(visible()))
    with Batch(tmp_path) as batch:
        batch.add("one/a.json", b"a")
        batch.add("two/b.json", b"b")
        assert visible() == []
        batch.publish()
        assert seen == [[]] and visible() == ["a.json", "b.json"]
        batch.add("two/c.json", b"c")
    assert visible() == ["a.json", "b.json"]
    assert not list(left.parent.iterdir())


def test_a_lake_takes_one_landing_at_a_time(tmp_path: Path) -> None:
    with Batch(tmp_path) as batch:
        batch.add("one/a.json", b"a")
        with pytest.raises(UserError, match=rf"being landed into by process {os.getpid()}; wait"):
            Batch(tmp_path).__enter__()
        batch.publish()
    assert (tmp_path / "one/a.json").read_bytes() == b"a"
    with Batch(tmp_path) as batch:
        batch.add("one/b.json", b"b")


def test_every_line_and_order_adds_up(root: Path) -> None:
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 4)
    names = ["line_amount", "discount_amount", "tax_amount", "shipping_amount"]
    for row in newest(root, "order_items").values():
        exact = row["quantity"] * Decimal(row["unit_price"])
        assert exact.quantize(CENT, ROUND_HALF_UP) == Decimal(row["line_amount"])
        amounts = [Decimal(row[name]) for name in names]
        so_far = sums[row["order_id"]]
        sums[row["order_id"]] = [old + new for old, new in zip(so_far, amounts, strict=True)]
    names[0] = "lines_amount"
    orders = newest(root, "orders")
    for row in orders.values():
        amounts = [Decimal(row[name]) for name in names]
        assert sums[row["order_id"]] == amounts
        assert Decimal(row["total_amount"]) == amounts[0] - amounts[1] + amounts[2] + amounts[3]
        if row["currency_code"] == "JPY":
            assert all(amount == int(amount) for amount in amounts)
    kinds = Counter(row["order_type"] for row in orders.values())
    assert kinds["sale"] >= 400 and kinds["credit_note"] > 3


def clicks(root: Path) -> dict[str, dict[str, Any]]:
    """Return the sound events that happened, by their key."""
    planted = {entry["record_id"] for entry in truth(root) if entry["defect"] in ADDED_CLICKS}
    return {
        event["event_id"]: event
        for event in sound(root, "events")
        if hashlib.md5(orjson.dumps(event)).hexdigest() not in planted
    }


def test_each_order_of_web_and_app_ends_one_visit_that_led_to_it(root: Path) -> None:
    visits: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for event in clicks(root).values():
        visits[event["user_session"]].append(event)
    bought: dict[str, list[dict[str, Any]]] = {}
    for events in visits.values():
        events.sort(key=lambda event: event["event_time"])
        for event in events:
            if event["event_type"] == "purchase":
                assert event["order_id"] not in bought
                bought[event["order_id"]] = events
    rows = newest(root, "orders")
    sales = {
        row["order_id"]: row
        for row in rows.values()
        if row["order_type"] == "sale" and row["channel"] in ("web", "mobile")
        # Planted orders are nobody's.
        if row["order_id"] < "O2" and len(row["order_id"]) == 9
    }
    assert len(sales) > 300 and sales.keys() == bought.keys()
    products = defaultdict(set)
    for row in newest(root, "order_items").values():
        products[row["order_id"]].add(row["product_id"])
    late = 0
    for order_id, events in bought.items():
        kinds = [event["event_type"] for event in events]
        assert kinds.index("product_view") < kinds.index("add_to_cart")
        assert kinds.index("add_to_cart") < kinds.index("checkout") < kinds.index("purchase")
        purchase = events[kinds.index("purchase")]
        order = sales[order_id]
        assert purchase["channel"] == order["channel"]
        if order["customer_id"] != "C9000000001":  # planted: a customer that never comes
            assert purchase["user_id"] == order["customer_id"]
        carts = {event["product_id"] for event in events if event["event_type"] == "add_to_cart"}
        removed = {
            event["product_id"] for event in events if event["event_type"] == "remove_from_cart"
        }
        assert products[order_id] & carts >= (carts - removed) & products[order_id]
        late += abs(_seconds(purchase["event_time"]) - _seconds(order["created_at"])) > 301
    assert late == 0


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def test_events_come_late_twice_and_out_of_order_but_not_from_the_future(root: Path) -> None:
    happened_at = clicks(root)
    newest_time, deliveries = "", Counter[str]()
    out_of_order = 0
    latest: Counter[int] = Counter()
    for file, _, text in lines(root, "events"):
        if "-again" in file or not _is_json(text.encode()):
            continue
        event = json.loads(text)
        if event["event_id"] not in happened_at:
            continue
        day = date.fromisoformat(file.split("arrival_date=")[1][:10])
        happened = datetime.fromisoformat(event["event_time"])
        latest[(day - happened.date()).days] += 1
        deliveries[event["event_id"]] += 1
        out_of_order += event["event_time"] < newest_time
        newest_time = max(newest_time, event["event_time"])
    assert min(latest) >= -1 and latest[0] > 0.9 * latest.total()
    assert sum(count for days, count in latest.items() if 1 <= days <= 3) > 20
    assert max(latest) >= 20
    assert 5 < sum(count > 1 for count in deliveries.values()) < 0.02 * len(deliveries)
    assert out_of_order > 50


def test_some_visits_cross_midnight_and_some_are_machines(root: Path) -> None:
    days: dict[str, set[str]] = defaultdict(set)
    agents: Counter[bool] = Counter()
    for event in clicks(root).values():
        days[event["user_session"]].add(event["event_time"][:10])
        agents["bot" in event["user_agent"]] += 1
    assert sum(len(each) > 1 for each in days.values()) > 0
    assert 0 < agents[True] < agents[False]


def test_events_a_day_change_nothing_but_the_clickstream(root: Path, tmp_path: Path) -> None:
    assert land(tmp_path, events_per_day=40.0)
    theirs, ours = digests(root), digests(tmp_path)
    changed = {path for path in theirs.keys() | ours.keys() if theirs.get(path) != ours.get(path)}
    assert {path.split("/")[0] for path in changed} == {"clickstream", "_truth"}
    assert 1.5 < len(clicks(tmp_path)) / len(clicks(root)) < 4


def readings(root: Path) -> dict[str, list[tuple[datetime, Decimal, str, str]]]:
    """Return time, value, unit and label of the readings of each logger, by time."""
    labels = {
        (planted["file"], planted["record_id"]): planted["defect"]
        for planted in truth(root)
        if planted["source"] == "sensor_readings"
    }
    found: dict[str, dict[datetime, tuple[Decimal, str, str]]] = defaultdict(dict)
    for path in sorted((root / load_contract()["sensor_readings"].location).rglob("*.json.gz")):
        file = str(path.relative_to(root))
        for line in gzip.decompress(path.read_bytes()).split(b"\n")[:-1]:
            label = labels.get((file, hashlib.md5(line).hexdigest()), "")
            if label in ("", "spike", "stuck", "gap_before", "unit_mixed_up"):
                row = json.loads(line)
                time = datetime.fromisoformat(row["reading_at"])
                assert row["location"] == path.parts[-3].removeprefix("location=")
                value = Decimal(row["value"]), row["unit"], label
                assert found[row["device_id"]].setdefault(time, value) == value
    return {
        device: [(time, *value) for time, value in sorted(rows.items())]
        for device, rows in found.items()
    }


def test_loggers_read_each_minute_and_their_incidents_are_labelled(root: Path) -> None:
    loggers = readings(root)
    assert len(loggers) == 2
    labelled: Counter[str] = Counter()
    for rows in loggers.values():
        times = [time for time, *_ in rows]
        pauses = [(after - before).seconds // 60 for before, after in pairwise(times)]
        assert (times[-1] - times[0]).days == 2 and len(rows) + sum(pauses) - len(pauses) == 4320
        for pause, (*_, label) in zip(pauses, rows[1:], strict=True):
            assert (pause > 60) == (label == "gap_before") and (pause == 1 or pause > 60)
        labelled.update(label for *_, label in rows)
        for label, group in groupby(rows, key=lambda row: row[3]):
            part = list(group)
            if label == "stuck":
                assert len({value for _, value, *_ in part}) == 1
                assert (part[-1][0] - part[0][0]).total_seconds() >= 7200
            if label == "spike":
                assert len(part) == 1
    assert labelled["spike"] >= 3 and labelled["gap_before"] >= 3
    assert labelled["stuck"] > 300 and labelled["unit_mixed_up"] > 40
    units = {device: {unit for _, _, unit, _ in rows} for device, rows in loggers.items()}
    assert units == {"T1": {"C"}, "T2": {"F"}}


def test_readings_a_day_change_nothing_but_the_sensors(root: Path, tmp_path: Path) -> None:
    assert land(tmp_path, readings_per_day=45.0)
    theirs, ours = digests(root), digests(tmp_path)
    changed = {path for path in theirs.keys() | ours.keys() if theirs.get(path) != ours.get(path)}
    assert {path.split("/")[0] for path in changed} == {"iot-sensors", "_truth"}
    assert len(readings(tmp_path)) == 4


def test_logs_are_json_of_services_and_texts_of_one_form(root: Path) -> None:
    forms = Counter[bool]()
    for record in sound(root, "log_events"):
        if "text" not in record:
            forms[False] += 1
            assert record["service"] in ("accounts", "checkout", "payments", "search")
            continue
        forms[True] += 1
        if record["ip"] == "unknown, 10.0.0.1":  # planted
            continue
        found = ACCESS_LINE.fullmatch(record["text"])
        assert found, record["text"]
        ip, written, request, status, took = found.groups()
        time = datetime.strptime(written, "%d/%b/%Y:%H:%M:%S %z")
        assert time == datetime.fromisoformat(record["timestamp"])
        assert request == record["message"] == f"{record['method']} {record['path']} HTTP/1.1"
        assert (ip, int(status)) == (record["ip"], record["status"])
        assert int(took) == 1000 * record["response_ms"]
    assert min(forms.values()) > 200


def test_a_service_in_trouble_is_slow_and_fails(root: Path) -> None:
    burst = {entry["record_id"] for entry in truth(root) if entry["defect"] == "error_burst"}
    requests: dict[bool, list[tuple[bool, float]]] = defaultdict(list)
    minutes: dict[str, set[str]] = defaultdict(set)
    traces = 0
    for _, md5, text in lines(root, "log_events"):
        if not _is_json(text.encode()):
            continue
        record = json.loads(text)
        traces += "\n" in (record.get("stack_trace") or "")
        status, took = record.get("status"), record.get("response_ms")
        if md5 in burst:
            minutes[record["timestamp"][:10]].add(record["timestamp"][11:16])
        if isinstance(status, int) and isinstance(took, int):
            requests[md5 in burst].append((status in (500, 503), took))
    usual, trouble = requests[False], requests[True]
    assert len(trouble) > 50 and all(len(each) <= 6 for each in minutes.values())
    assert sum(fails for fails, _ in trouble) > 0.2 * len(trouble)
    assert sum(fails for fails, _ in usual) < 0.02 * len(usual)
    median = [sorted(took for _, took in each)[len(each) // 2] for each in (usual, trouble)]
    assert median[1] > 5 * median[0]
    # The long tail: one in a hundred is many times the median.
    assert sorted(took for _, took in usual)[-len(usual) // 100] > 5 * median[0]
    assert traces > 10


def test_logs_come_late_and_twice_but_not_from_the_future(root: Path) -> None:
    planted = {entry["record_id"] for entry in truth(root) if entry["expected"] == "quarantined"}
    days: Counter[int] = Counter()
    for file, md5, text in lines(root, "log_events"):
        if "-again" not in file and md5 not in planted:
            arrived = date.fromisoformat(file.split("arrival_date=")[1][:10])
            days[(arrived - datetime.fromisoformat(json.loads(text)["timestamp"]).date()).days] += 1
    assert min(days) == 0 and days[0] > 0.9 * days.total()
    assert sum(count for day, count in days.items() if day) > 10


def test_charges_pay_the_orders_and_refunds_stay_below_them(root: Path) -> None:
    charges: dict[str, dict[str, Any]] = {}
    for charge in sorted(sound(root, "payments"), key=lambda charge: charge["updated"]):
        charges[charge["id"]] = charge
    captured: Counter[str] = Counter()
    for charge in charges.values():
        captured[charge["metadata"].get("order_id", "none")] += charge["amount_captured"]
    paid = 0
    for row in newest(root, "orders").values():
        if row["order_type"] == "sale" and captured[row["order_id"]]:
            digits = 0 if row["currency_code"] == "JPY" else 2
            amount = Decimal(captured[row["order_id"]]).scaleb(-digits)
            assert amount == Decimal(row["total_amount"])
            paid += 1
    assert paid > 300
    refunded = {refund["charge"]: refund["amount"] for refund in sound(root, "refunds")}
    refunded.pop("ch_9000000001")
    assert len(refunded) > 5
    for charge, amount in refunded.items():
        assert amount == charges[charge]["amount_refunded"] <= charges[charge]["amount_captured"]


@pytest.mark.parametrize("table", CDC)
def test_key_and_lsn_name_one_change(root: Path, table: str) -> None:
    changes = Counter(
        (tuple(record["key"].values()), record["value"]["source"]["lsn"])
        for record in sound(root, table)
        if record["value"] is not None
    )
    assert max(changes.values()) == 1


def test_deletes_carry_the_row_and_a_tombstone_follows(root: Path) -> None:
    followed = 0
    for table in ("order_items", "products"):
        previous = None
        for _, _, text in lines(root, table):
            record = json.loads(text) if text.endswith("}") and '"key"' in text else None
            if record and record.get("value", 0) is None:
                assert previous["value"]["op"] == "d" and previous["value"]["after"] is None
                assert previous["value"]["before"].items() >= previous["key"].items()
                assert previous["key"] == record["key"]
                followed += 1
            if record:
                previous = record
    assert followed > 1


def test_some_updates_land_before_their_insert_and_some_share_a_timestamp(root: Path) -> None:
    first: dict[str, str] = {}
    stamps: dict[tuple[str, int], set[int]] = defaultdict(set)
    for record in sound(root, "orders"):
        change = record["value"]
        if "O1" <= record["key"]["order_id"] < "O2":
            first.setdefault(record["key"]["order_id"], change["op"])
            stamps[record["key"]["order_id"], change["source"]["ts_ms"]].add(
                change["source"]["lsn"]
            )
    assert "u" in first.values()
    assert any(len(lsns) > 1 for lsns in stamps.values())


def test_each_planted_record_is_in_its_file_exactly_once(root: Path) -> None:
    found = Counter(
        (file, md5) for table in TABLES[:-1] for file, md5, _ in lines(root, table)
    ) + Counter(_supplier_ids(root))
    planted = truth(root)
    assert len({(entry["file"], entry["record_id"]) for entry in planted}) == len(planted)
    assert all(found[entry["file"], entry["record_id"]] == 1 for entry in planted)


def _supplier_ids(root: Path) -> Iterator[tuple[str, str]]:
    for path in (root / load_contract()["suppliers"].location).glob("*/*.avro"):
        for record in fastavro.reader(io.BytesIO(path.read_bytes())):
            texts = (
                "" if value is None else str(value).lower() if isinstance(value, bool) else value
                for value in record.values()
            )
            text = "|".join(str(value) for value in texts)
            yield str(path.relative_to(root)), hashlib.md5(text.encode()).hexdigest()


@pytest.mark.parametrize("table", TABLES)
def test_every_source_has_its_defects_three_times(root: Path, table: str) -> None:
    kinds = Counter(entry["defect"] for entry in truth(root) if entry["source"] == table)
    redelivered = {"redelivered_file", "redelivered_change"}
    assert len(kinds.keys() - redelivered) >= 10
    assert all(count >= 3 for kind, count in kinds.items() if kind not in redelivered)
    assert kinds["redelivered_file"] > 0 or table in WITHOUT_FILES_AGAIN


def test_rules_of_the_truth_are_rules_of_the_project(root: Path) -> None:
    rules = Path("macros/quality/quality_rules.sql").read_text(encoding="utf-8")
    named = {entry["rule"] for entry in truth(root)} - {None}
    assert all(f"'id': '{rule}'" in rules for rule in named)


@pytest.mark.parametrize("table", UPLOADS)
def test_files_land_as_their_originals_read(root: Path, table: str) -> None:
    contract = load_contract()[table]
    folder = root / contract.location
    originals = sorted((root / original_location(contract)).glob("*/*.csv"))
    assert len(originals) == len(list(folder.glob("*/*.json.gz"))) > 20
    for original in originals:
        again = "-again" if original.stem.endswith("-again") else ""
        day = original.parent.name.removeprefix("arrival_date=")
        landed = [
            path
            for path in (folder / f"arrival_date={day}").glob("*.json.gz")
            if ("-again" in path.name) == bool(again)
        ]
        name = original.name.replace("-again", "")
        read = to_lines(name, original.read_bytes(), contract.csv_columns).split(b"\n")
        for ours, theirs in zip(
            gzip.decompress(landed[0].read_bytes()).split(b"\n"), read, strict=True
        ):
            assert ours == theirs or not _is_json(ours)


@pytest.mark.parametrize("table", ["customer_files", "nps_responses"])
def test_some_records_of_files_span_lines(root: Path, table: str) -> None:
    contract = load_contract()[table]
    originals = (root / original_location(contract)).glob("*/*.csv")
    contents = [original.read_bytes() for original in originals]
    records = [to_lines("c.csv", content, contract.csv_columns) for content in contents]
    assert sum(map(_lines, contents)) > sum(map(_lines, records)) + len(contents) + 5


def _lines(text: bytes) -> int:
    return text.count(b"\n")


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def test_other_parameters_on_a_full_lake_are_refused(root: Path) -> None:
    for changes in (
        {"seed": 8},
        {"scale": 0.03},
        {"tables": ["orders"]},
        {"events_per_day": 99.0},
        {"readings_per_day": 99.0},
    ):
        with pytest.raises(UserError, match="pass --force"):
            land(root, **changes)


def test_files_of_others_are_not_touched(tmp_path: Path) -> None:
    mine = tmp_path / load_contract()["orders"].partition("2025-01-01") / "mine.json"
    mine.parent.mkdir(parents=True)
    mine.write_text("{}\n")
    with pytest.raises(UserError, match="not generated"):
        land(tmp_path, until=3)
    command = call(tmp_path, "--force", "--until", "2025-01-01")
    assert command.exit_code == 2 and mine.exists()


def test_force_removes_what_was_generated(tmp_path: Path) -> None:
    assert call(tmp_path, "--until", "2025-01-20", "--tables", "products").exit_code == 0
    again = call(tmp_path, "--until", "2025-01-02", "--tables", "orders", "--force", "--json")
    counts = json.loads(again.stdout)["tables"]
    assert list(counts) == ["orders"] and counts["orders"]["files"] >= 1
    assert not list(tmp_path.rglob("products-*"))
    assert "Nothing to do" in call(tmp_path, "--until", "2025-01-02", "--tables", "orders").stdout


def call(root: Path, *arguments: str) -> Any:
    command: list[str] = ["--out", str(root), "--scale", "0.02", *arguments]
    return CliRunner().invoke(generate, command)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--until", "yesterday"], "--until is yesterday"),
        (["--until", "2030-01-01"], f"from {FIRST_DAY}"),
        (["--tables", "orders,nonsense"], "--tables names nonsense"),
        (["--scale", "0"], "--scale is 0"),
        (["--events-per-day", "0"], "--events-per-day is 0"),
    ],
)
def test_wrong_options_say_what_to_give(tmp_path: Path, arguments: list[str], message: str) -> None:
    result = call(tmp_path, *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_unreadable_state_names_the_mend(tmp_path: Path) -> None:
    (tmp_path / "_control").mkdir()
    (tmp_path / "_control/generate.json").write_text("{")
    with pytest.raises(UserError, match="--force"):
        land(tmp_path)


def scale_of(measure: Callable[[World], int]) -> float:
    return measure(World(7, 8.0)) / measure(World(7, 2.0))


def test_size_grows_with_the_scale() -> None:
    assert scale_of(lambda shop: shop.orders) == 4
    assert scale_of(lambda shop: shop.customers) == 4
    assert 1.9 < scale_of(lambda shop: shop.catalog.count) < 2.1
