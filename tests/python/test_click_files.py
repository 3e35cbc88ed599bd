"""Published clickstreams: what lands, and its sessions, against a computation of its own."""

import csv
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lakes import Lake
from lands import land_facts, landed, run, tree
from published import real_data

MODELS = ["stg_clickstream__events", "int_events", "int_events_validated", "int_session_events"]
EVENTS = "clickstream/stream=events"
KINDS = {"view": "product_view", "cart": "add_to_cart", "purchase": "purchase"}
RETAILROCKET = (
    "timestamp,visitorid,event,itemid,transactionid\n"
    "1433221332117,257597,view,355908,\n"
    "1433221332117,257597,view,355908,\n"
    "1433221999827,257597,addtocart,355908,\n"
    "1433222276276,257597,transaction,355908,4000\n"
    "soon,1,view,2,\n"
    "1433222276276,1,view\n"
)
CLICKS = (
    "1,2014-04-07T10:51:09.277Z,214536502,0\n"
    "1,2014-04-07T10:54:09.868Z,214536500,S\n"
    "2,2014-04-07T13:56:37.614Z,214662742,0\n"
)
BUYS = "1,2014-04-07T10:58:00.306Z,214536502,1046,1\n"

Lines = list[tuple[str, dict[str, Any]]]


def sessions(events: Any) -> int:
    """Count the sessions of (visitor, time) pairs: a pause of more than 30 minutes begins one."""
    times: dict[str, list[datetime]] = defaultdict(list)
    for visitor, time in events:
        times[visitor].append(time)
    count = 0
    for each in times.values():
        each.sort()
        count += 1 + sum(after - before > timedelta(minutes=30) for before, after in pairwise(each))
    return count


def build(engine: Any, folder: Path) -> list[tuple[Any, ...]]:
    """Build a landed folder; return kept events and sessions."""
    lake = Lake(folder)
    engine.new_database(folder)
    engine.build(lake.root, lake.database, [*MODELS, "int_sessions"])
    return lake.query(
        "select (select count(*) from silver.int_events_validated where _disposition = 'kept'),"
        " (select count(*) from silver.int_sessions)"
    )


def test_rees46_lands_every_row_and_cuts_its_sessions(engine: Any, tmp_path: Path) -> None:
    source = real_data("clickstream") / "rees46_2019_oct_sample.csv"
    with source.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    facts = land_facts("rees46", source, tmp_path / "lake")
    assert facts["events_product_view"] == sum(row["event_type"] == "view" for row in rows)
    lines = landed(tmp_path / "lake", EVENTS)
    assert len(lines) == len(rows) == 1000
    assert len({line["event_id"] for _, line in lines}) == 1000
    wanted = Counter(
        (
            row["event_time"].replace(" UTC", "Z").replace(" ", "T"),
            KINDS[row["event_type"]],
            row["product_id"],
            row["user_id"],
            row["user_session"],
        )
        for row in rows
    )
    names = ("event_time", "event_type", "product_id", "user_id", "user_session")
    assert Counter(tuple(line[name] for name in names) for _, line in lines) == wanted
    assert {day for day, _ in lines} == {"2019-10-01"}
    cut = sessions(
        (row["user_id"], datetime.strptime(row["event_time"], "%Y-%m-%d %H:%M:%S UTC"))
        for row in rows
    )
    assert build(engine, tmp_path) == [(1000, cut)]


def test_yoochoose_as_prepared_lands_every_click(engine: Any, tmp_path: Path) -> None:
    source = real_data("clickstream") / "yoochoose-clicks-100k_test.txt"
    with source.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    facts = land_facts("yoochoose", source, tmp_path / "lake")
    assert facts["events_product_view"] == len(rows) == 13_568
    lines = landed(tmp_path / "lake", EVENTS)
    times = [datetime.fromtimestamp(round(float(row["Time"]), 3), UTC) for row in rows]
    wanted = Counter(
        (row["SessionId"], row["ItemId"], time.isoformat(timespec="milliseconds"))
        for row, time in zip(rows, times, strict=True)
    )
    found = Counter(
        (
            line["anonymous_id"],
            line["product_id"],
            datetime.fromisoformat(line["event_time"]).isoformat(timespec="milliseconds"),
        )
        for _, line in lines
    )
    assert found == wanted
    assert all(line["event_time"].startswith(day) for day, line in lines)
    cut = sessions(zip((row["SessionId"] for row in rows), times, strict=True))
    assert build(engine, tmp_path) == [(13_568, cut)]


def test_yoochoose_as_published_has_no_header(tmp_path: Path) -> None:
    source = tmp_path / "yoochoose"
    source.mkdir()
    (source / "yoochoose-clicks.dat").write_text(CLICKS)
    (source / "yoochoose-buys.dat").write_text(BUYS)
    (source / "yoochoose-test.dat").write_text(CLICKS)
    facts = land_facts("yoochoose", source, tmp_path / "lake")
    assert (facts["files_read"], facts["events_product_view"], facts["events_purchase"]) == (
        2,
        3,
        1,
    )
    lines = [line for _, line in landed(tmp_path / "lake", EVENTS)]
    assert {(line["anonymous_id"], line["event_time"]) for line in lines} == {
        ("1", "2014-04-07T10:51:09.277000Z"),
        ("1", "2014-04-07T10:54:09.868000Z"),
        ("2", "2014-04-07T13:56:37.614000Z"),
        ("1", "2014-04-07T10:58:00.306000Z"),
    }


def test_retailrocket_loses_no_row(engine: Any, tmp_path: Path) -> None:
    source = tmp_path / "retailrocket"
    source.mkdir()
    (source / "events.csv").write_text(RETAILROCKET)
    (source / "category_tree.csv").write_text("categoryid,parentid\n1,2\n")
    facts = land_facts("retailrocket", source, tmp_path / "lake")
    assert facts["rows_of_another_width"] == 1
    lines = landed(tmp_path / "lake", EVENTS)
    assert len(lines) == 6 and {day for day, _ in lines} == {"2015-06-02"}
    whole = [line for _, line in lines if "raw" not in line]
    assert len({line["event_id"] for line in whole}) == 5
    assert [line["order_id"] for line in whole if line["event_type"] == "purchase"] == ["4000"]
    assert {line["event_time"] for line in whole} >= {"soon", "2015-06-02T05:02:12.117000Z"}
    # Quarantined: the unreadable time, and the row of another width.
    assert build(engine, tmp_path) == [(4, 1)]


def test_landing_the_same_again_changes_nothing(tmp_path: Path) -> None:
    source = tmp_path / "events.csv"
    source.write_text(RETAILROCKET)
    land_facts("retailrocket", source, tmp_path / "lake")
    before = tree(tmp_path / "lake")
    land_facts("retailrocket", source, tmp_path / "lake")
    assert tree(tmp_path / "lake") == before


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("rees46", RETAILROCKET, "wanted event_time,event_type"),
        ("retailrocket", "a;b\n1;2\n", "wanted time,visitor"),
        ("yoochoose", "1,2,3\n", "its header is 1, 2, 3"),
        ("retailrocket", RETAILROCKET.replace("1433", "x"), "no row has a time"),
        ("rees46", "", "has no header line"),
    ],
)
def test_another_file_is_one_line(tmp_path: Path, name: str, content: str, message: str) -> None:
    source = tmp_path / "events.csv"
    source.write_text(content)
    result = run(name, source, "--out", tmp_path / "lake")
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_folder_without_events_is_one_line(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        result = run("rees46", path, "--out", tmp_path / "lake")
        assert result.exit_code == 2 and len(result.stderr.strip().splitlines()) == 1
