"""`lake stream replay`: what lands where, and that a replay killed anywhere loses nothing."""

import base64
import gzip
import json
import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from firehose_events import click
from killed_replay import lines_done, replay_until_killed
from moto import mock_aws
from pyarrow import parquet

from lake.cli import main
from lake.landing.readable import reason_unreadable
from lake.storage import client
from lake.streaming import checkpoint, delivery
from lake.streaming.enrich import enrich, iso_utc

LOCATION = "clickstream/source=test"
DAYS = ["2026-01-01", "2026-01-02"]
POISON = [b"{broken", b"[1]", b"\xff\xfe"]


def events(count: int, start: int = 0) -> list[bytes]:
    """Return events of sessions of seven."""
    return [
        click(event_id=f"E{at}", user_session=f"S{at // 7}", page=f"/p/{at}", event_type="purchase")
        for at in range(start, start + count)
    ]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return landed files of two days, packed and not, with poison, empty lines and both ends."""
    folder = tmp_path / "source" / LOCATION
    first, second = (folder / f"arrival_date={day}" for day in DAYS)
    for day in (first, second):
        day.mkdir(parents=True)
    (first / "a.json.gz").write_bytes(gzip.compress(b"\n".join(events(60)) + b"\n"))
    (first / "b.json").write_bytes(b"\r\n".join([*events(20, 60), b"", *POISON, b" "]))
    (second / "a.jsonl").write_bytes(b"\n".join(events(40, 80)))
    (second / "_hidden.json").write_bytes(b"{}\n")
    return folder


def run(source: Path, out: Path, *options: str, code: int = 0) -> dict[str, Any]:
    arguments = ["--out", str(out), "--location", LOCATION, "--rate", "0", "--json", *options]
    result = CliRunner().invoke(main, ["stream", "replay", str(source), *arguments])
    assert result.exit_code == code, result.output
    return json.loads(result.stdout) if code == 0 else {"error": result.stderr}


def landed(out: Path, prefix: str = LOCATION) -> dict[str, list[bytes]]:
    """Return the lines below a prefix by folder."""
    lines: dict[str, list[bytes]] = {}
    for path in sorted((out / prefix).rglob("*.json.gz")):
        folder = path.parent.relative_to(out / prefix).as_posix()
        lines.setdefault(folder, []).extend(gzip.decompress(path.read_bytes()).splitlines())
    return lines


def ids(out: Path) -> list[str]:
    return [json.loads(line)["event_id"] for lines in landed(out).values() for line in lines]


def failures(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for lines in landed(out, "_stream-errors").values() for line in lines]


def test_every_record_lands_once_and_is_accounted_for(source: Path, tmp_path: Path) -> None:
    result = run(source, tmp_path / "out")
    assert sorted(ids(tmp_path / "out")) == sorted(f"E{at}" for at in range(120))
    assert result["records"] == 124 == result["events"] + result["failed"] + result["dropped"]
    assert (result["events"], result["failed"], result["dropped"]) == (120, 3, 1)


def test_an_event_lands_enriched_under_the_day_it_arrived(source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "out")
    found = landed(tmp_path / "out")
    assert list(found) == [f"arrival_date={day}" for day in DAYS]
    expected = {
        DAYS[0]: [enrich(one, 1_767_311_999_999)[0].strip().encode() for one in events(80)],
        DAYS[1]: [enrich(one, 1_767_398_399_999)[0].strip().encode() for one in events(40, 80)],
    }
    for day, lines in expected.items():
        assert sorted(found[f"arrival_date={day}"]) == sorted(lines)


def test_what_lands_passes_the_check_of_the_lake(source: Path, tmp_path: Path) -> None:
    with (source / f"arrival_date={DAYS[0]}" / "c.json").open("wb") as file:
        file.write('{"event_id":"M","page":"\U0010ffff"}\n'.encode())
    run(source, tmp_path / "out")
    files = list((tmp_path / "out" / LOCATION).rglob("*.json.gz"))
    assert files
    assert [reason_unreadable(path, "json_lines") for path in files] == [None] * len(files)


def test_the_order_of_a_session_is_kept(source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "out", "--buffer-mb", "0.01")
    by_session: dict[str, list[int]] = {}
    for path in sorted((tmp_path / "out" / LOCATION).rglob("*"), key=os.path.getmtime):
        for line in gzip.decompress(path.read_bytes()).splitlines() if path.is_file() else []:
            event = json.loads(line)
            by_session.setdefault(event["user_session"], []).append(int(event["event_id"][1:]))
    assert len(by_session) == 18
    assert all(numbers == sorted(numbers) for numbers in by_session.values())


def test_a_failed_record_stands_whole_under_the_error_prefix(source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "out")
    folders = landed(tmp_path / "out", "_stream-errors")
    assert list(folders) == ["processing-failed/year=2026/month=01/day=01/hour=23"]
    found = failures(tmp_path / "out")
    assert sorted(base64.b64decode(one["rawData"]) for one in found) == sorted(POISON)
    assert {one["errorCode"] for one in found} == {"processing-failed"}


def test_a_record_that_no_stream_takes_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    large = click(page="x" * 1024 * 1024)
    path.write_bytes(large + b"\n" + click(event_id="E2") + b"\n")
    result = run(path, tmp_path / "out")
    assert (result["records"], result["refused"], result["failed"]) == (1, 1, 1)
    (failure,) = failures(tmp_path / "out")
    assert base64.b64decode(failure["rawData"]) == large
    assert failure["errorCode"] == "record-too-large"


def test_what_finds_no_room_in_a_response_comes_in_a_later_one(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lake.streaming.handler.RESPONSE_BYTES", 25_000)
    result = run(source, tmp_path / "out")
    assert sorted(ids(tmp_path / "out")) == sorted(f"E{at}" for at in range(120))
    assert (result["failed"], result["events"]) == (3, 120)


def test_a_file_elsewhere_arrives_now(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"\n".join(events(5)))
    before = iso_utc(time.time_ns() // 1_000_000)
    run(path, tmp_path / "out")
    for folder, lines in landed(tmp_path / "out").items():
        for line in lines:
            ingested = json.loads(line)["ingested_at"]
            assert before <= ingested <= iso_utc(time.time_ns() // 1_000_000)
            assert folder == f"arrival_date={ingested[:10]}"


def test_now_arrives_now_whatever_the_path_says(source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "out", "--now")
    assert not {f"arrival_date={day}" for day in DAYS} & landed(tmp_path / "out").keys()


def test_parquet_lands_by_hour_as_firehose_writes_it(source: Path, tmp_path: Path) -> None:
    result = run(source, tmp_path / "out", "--format", "parquet")
    folder = tmp_path / "out" / LOCATION
    files = sorted(folder.rglob("*.parquet"))
    assert [path.parent.relative_to(folder).as_posix() for path in files] == [
        f"year=2026/month=01/day={day}/hour=23" for day in ("01", "02")
    ]
    table = [row for path in files for row in parquet.ParquetFile(path).read().to_pylist()]
    assert sorted(row["event_id"] for row in table) == sorted(f"E{at}" for at in range(120))
    assert {row["event_category"] for row in table} == {"conversion"}
    assert {row["session_length_seconds"] for row in table} == {None}
    assert result["failed"] == len(failures(tmp_path / "out")) == 3


def test_a_second_run_sends_nothing_and_again_sends_all(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(source, out)
    before = sorted(out.rglob("*.gz"))
    assert run(source, out)["records"] == 0
    assert sorted(out.rglob("*.gz")) == before
    assert run(source, out, "--again")["records"] == 124


def test_what_is_new_in_the_source_is_sent(source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "out")
    with (source / f"arrival_date={DAYS[1]}" / "a.jsonl").open("ab") as file:
        file.write(b"\n" + b"\n".join(events(5, 500)))
    (source / f"arrival_date={DAYS[0]}" / "0.json").write_bytes(b"\n".join(events(5, 600)))
    assert run(source, tmp_path / "out")["records"] == 10
    assert len(ids(tmp_path / "out")) == len(set(ids(tmp_path / "out"))) == 130


class Killed(BaseException):
    """Stands for kill -9: nothing catches it."""


def dying_writes(monkeypatch: pytest.MonkeyPatch, last: int, is_written: bool) -> None:
    """Let the process die at write number `last` of files and checkpoints, before it or after."""
    calls = iter(range(10**6))
    real = delivery.write_file

    def write(*arguments: Any) -> Path:
        is_last = next(calls) == last
        if is_last and not is_written:
            raise Killed
        path = real(*arguments)
        if is_last:
            raise Killed
        return path

    monkeypatch.setattr(delivery, "write_file", write)
    monkeypatch.setattr(checkpoint, "write_file", write)


@pytest.mark.parametrize("is_written", [False, True])
@pytest.mark.parametrize("last", range(12))
def test_a_replay_killed_at_any_write_loses_nothing(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: int, is_written: bool
) -> None:
    out = tmp_path / "out"
    small = ("--buffer-seconds", "0")
    with monkeypatch.context() as patch:
        patch.setattr("lake.streaming.pace._CHUNK_RECORDS", 25)
        dying_writes(patch, last, is_written)
        with pytest.raises(Killed):
            run(source, out, *small)
    run(source, out, *small)
    found = Counter(ids(out))
    assert found.keys() == {f"E{at}" for at in range(120)}
    assert {base64.b64decode(one["rawData"]) for one in failures(out)} == set(POISON)
    # A double is the same event, to the byte: silver keeps one of it.
    lines = {line for some in landed(out).values() for line in some}
    assert len(lines) == 120


def test_a_real_kill_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_bytes(b"\n".join(events(6_000)))
    out = tmp_path / "out"
    slow = ("--rate", "1000", "--buffer-seconds", "0.1")
    for _ in range(3):
        replay_until_killed(out, lines_done(out) + 300, str(path), "--location", LOCATION, *slow)
    assert 0 < lines_done(out) < 6_000
    run(path, out)
    assert lines_done(out) == 6_000
    assert set(ids(out)) == {f"E{at}" for at in range(6_000)}


def test_the_rate_is_not_exceeded_and_latencies_are_printed(tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_bytes(b"\n".join(events(300)))
    result = run(path, tmp_path / "out", "--rate", "600")
    assert result["seconds"] >= 0.5
    assert result["rate"] <= 600
    for name in ("enriched", "landed"):
        latency = result["latency_seconds"][name]
        assert 0 <= latency["p50"] <= latency["p95"] <= latency["max"]
    out = str(tmp_path / "people")
    shown = CliRunner().invoke(main, ["stream", "replay", str(path), "--out", out, "--rate", "0"])
    assert "300 records" in shown.stdout
    assert "records/s sustained" in shown.stdout
    assert "p95" in shown.stdout


def test_events_land_where_the_contract_has_them(tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_bytes(click())
    CliRunner().invoke(main, ["stream", "replay", str(path), "--out", str(tmp_path / "out")])
    landed = list((tmp_path / "out").rglob("stream-*.json.gz"))
    assert [path.parents[1].relative_to(tmp_path / "out") for path in landed] == [
        Path("clickstream/stream=events")
    ]


def test_through_kinesis_the_same_lands(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        kinesis = client("kinesis")
        kinesis.create_stream(StreamName="clicks", ShardCount=3)
        result = run(source, tmp_path / "out", "--kinesis", "clicks", "--buffer-seconds", "0")
        assert "clicks2" in run(source, tmp_path / "none", "--kinesis", "clicks2", code=2)["error"]
    assert sorted(ids(tmp_path / "out")) == sorted(f"E{at}" for at in range(120))
    assert (result["records"], result["failed"], result["dropped"]) == (124, 3, 1)


def test_mistakes_are_one_clear_line(source: Path, tmp_path: Path) -> None:
    lake = source.parents[1]
    assert "where the stream would land" in run(source, lake, code=2)["error"]
    assert "where the stream would land" in run(lake, lake, code=2)["error"]
    (tmp_path / "empty").mkdir()
    assert "no events at" in run(tmp_path / "empty", tmp_path / "out", code=2)["error"]
    broken = tmp_path / "broken.json.gz"
    broken.write_bytes(gzip.compress(b"{}\n" * 99)[:-9])
    assert "cannot read" in run(broken, tmp_path / "out", code=2)["error"]
    for option in ("--rate", "--buffer-mb", "--buffer-seconds"):
        for value in ("nan", "inf"):
            assert "plain numbers" in run(source, tmp_path / "out", option, value, code=2)["error"]
    for place in ("/", "", "../elsewhere", "a//b"):
        told = run(source, tmp_path / "out", "--location", place, code=2)["error"]
        assert "give a folder below the lake" in told
    run(source, tmp_path / "out")
    (source / f"arrival_date={DAYS[0]}" / "a.json.gz").write_bytes(gzip.compress(b"{}\n"))
    assert "--again" in run(source, tmp_path / "out", code=2)["error"]
    for path in (tmp_path / "out" / "_control").iterdir():
        path.write_text("{")
    assert "is no checkpoint" in run(source, tmp_path / "out", code=2)["error"]
