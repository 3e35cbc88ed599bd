"""`lake land check`: what no engine can read is set aside and listed, the rest goes on."""

import errno
import gzip
import hashlib
import io
import json
import os
from pathlib import Path
from typing import Any

import fastavro
import pytest
from click.testing import CliRunner

from lake.cli import main
from lake.landing import check
from lake.landing.readable import reason_unreadable

DAY = "database-cdc/source=postgresql/table=orders/arrival_date=2025-01-15"
GOOD = b'{"key":{"order_id":"O1"},"value":null}\n{"name":"Jos\xc3\xa9"}\n'
PACKED = gzip.compress(GOOD, mtime=0)
LIMIT = 16 * 1024 * 1024


def put(lake: Path, file: str, content: bytes) -> Path:
    path = lake / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def run(lake: Path) -> dict[str, Any]:
    result = CliRunner().invoke(main, ["land", "check", "--out", str(lake), "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def avro(count: int) -> bytes:
    schema = {
        "type": "record",
        "name": "supplier",
        "fields": [{"name": "supplier_id", "type": ["null", "string"]}],
    }
    file = io.BytesIO()
    fastavro.writer(
        file, schema, [{"supplier_id": f"S{number}"} for number in range(count)], codec="deflate"
    )
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", GOOD),
        ("a.json", b""),
        ("a.json", b"\xef\xbb\xbf{}\n\n{"),
        ("a.json", b"{}\r\n" + "ÿ€😀".encode() * 1_500_000),
        ("a.json", b"x" * LIMIT + b"\n" + b"y" * LIMIT),
        ("a.json.gz", PACKED),
        ("a.json.gz", PACKED + gzip.compress(b"", mtime=0)),
        ("a.json.gz", gzip.compress(b"{}\n" * 3_000_000, 1, mtime=0)),
    ],
)
def test_a_readable_file_has_no_reason(tmp_path: Path, name: str, content: bytes) -> None:
    assert reason_unreadable(put(tmp_path, name, content), "json_lines") is None


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json.gz", b"", "broken gzip: the file is empty"),
        ("a.json.gz", GOOD, "broken gzip"),
        ("a.json.gz", PACKED[:-9], "broken gzip: it ends too early"),
        ("a.json.gz", PACKED[:-1], "broken gzip: it ends too early"),
        ("a.json.gz", PACKED[:5], "broken gzip: it ends too early"),
        ("a.json.gz", PACKED[:-8] + b"none" + PACKED[-4:], "broken gzip"),
        ("a.json.gz", PACKED + b"more", "broken gzip: bytes that are no gzip"),
        ("a.json.gz", gzip.compress(b"\xe9\n", mtime=0), "not UTF-8"),
        ("a.json", b'{"name":"Jos\xe9"}\n', "not UTF-8"),
        ("a.json", b'{"name":"\xed\xa0\x80"}\n', "not UTF-8"),
        ("a.json", b"{}\n\xc3", "not UTF-8"),
        ("a.json", b"x" * (4 * 1024 * 1024 - 1) + b"\xc3\n", "not UTF-8"),
        ("a.json", "{}\U0010ffff".encode(), "U+10FFFF"),
        ("a.json", b"x" * (4 * 1024 * 1024 - 2) + "\U0010ffff\n".encode(), "U+10FFFF"),
        ("a.json", b"{}\n" + b"x" * (LIMIT + 1) + b"\n", "longer than 16 MiB"),
        ("a.json", b"{}\n" + b"x" * (LIMIT + 1), "longer than 16 MiB"),
        ("a.json.gz", gzip.compress(b"x" * 3 * LIMIT, 1, mtime=0), "longer than 16 MiB"),
    ],
)
def test_an_unreadable_file_has_its_reason(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    reason = reason_unreadable(put(tmp_path, name, content), "json_lines")
    assert reason is not None
    assert words in reason


def test_avro_is_read_to_its_end(tmp_path: Path) -> None:
    whole = avro(50_000)
    assert reason_unreadable(put(tmp_path, "a.avro", whole), "avro") is None
    assert reason_unreadable(put(tmp_path, "b.avro", avro(0)), "avro") is None
    flipped = bytearray(whole)
    flipped[-1] ^= 1
    for broken in (b"", b"Obj", GOOD, whole[:-20], whole[: len(whole) // 2], bytes(flipped)):
        reason = reason_unreadable(put(tmp_path, "c.avro", broken), "avro")
        assert reason is not None
        assert "broken Avro" in reason


def test_the_unreadable_is_set_aside_and_the_rest_stays(tmp_path: Path) -> None:
    put(tmp_path, f"{DAY}/good.json.gz", PACKED)
    put(tmp_path, f"{DAY}/_marker", b"\xff")
    put(tmp_path, "_truth/planted.jsonl.gz", b"not ours")
    put(tmp_path, "elsewhere/a.json", b"\xff")
    broken = {
        f"{DAY}/cut.json.gz": (PACKED[:-6], "broken gzip: it ends too early"),
        f"{DAY}/wrong.parquet": (b"PAR1", "its name does not end in .json or .json.gz"),
        f"{DAY}/sub/a.json": (GOOD, "not directly in an arrival_date=YYYY-MM-DD folder"),
        f"{DAY[:-24]}/a.json": (GOOD, "not directly in an arrival_date=YYYY-MM-DD folder"),
        f"{DAY[:-10]}2025-02-30/a.json": (
            GOOD,
            "its folder names a day that does not exist: 2025-02-30",
        ),
        "database-extract/source=mysql/table=suppliers/arrival_date=2025-01-15/a.avro": (
            avro(9)[:-5],
            None,
        ),
    }
    for file, (content, _) in broken.items():
        put(tmp_path, file, content)
    result = run(tmp_path)
    assert {item["file"] for item in result["rejected"]} == broken.keys()
    listing = (tmp_path / "_rejected/rejected.jsonl").read_text(encoding="utf-8").splitlines()
    assert sorted(map(json.loads, listing), key=lambda item: item["file"]) == result["rejected"]
    for item in result["rejected"]:
        content, reason = broken[item["file"]]
        assert reason in (item["reason"], None)
        assert (item["size"], item["md5"]) == (len(content), hashlib.md5(content).hexdigest())
        assert not (tmp_path / item["file"]).exists()
        assert (tmp_path / "_rejected" / item["file"]).read_bytes() == content
    assert (tmp_path / f"{DAY}/good.json.gz").read_bytes() == PACKED
    assert (tmp_path / "_truth/planted.jsonl.gz").exists()
    assert (tmp_path / "elsewhere/a.json").exists()
    assert result["outside"] == ["elsewhere"]


def test_only_what_is_new_or_changed_is_read_again(tmp_path: Path) -> None:
    path = put(tmp_path, f"{DAY}/a.json", GOOD)
    put(tmp_path, f"{DAY}/b.json", GOOD)
    assert (run(tmp_path)["files"], run(tmp_path)["files"]) == (2, 0)
    path.write_bytes(GOOD + b"{}\n")
    result = run(tmp_path)
    assert (result["files"], result["known"], result["rejected"]) == (1, 1, [])
    path.write_bytes(GOOD + b"\xff}\n")
    os.utime(path, ns=(1, 1))
    assert [item["file"] for item in run(tmp_path)["rejected"]] == [f"{DAY}/a.json"]
    (tmp_path / check.LEDGER).write_text("{")
    assert run(tmp_path)["files"] == 1


def test_the_same_name_rejected_twice_keeps_both(tmp_path: Path) -> None:
    for content in (b"\xff", b"\xfe"):
        put(tmp_path, f"{DAY}/a.json", content)
        assert len(run(tmp_path)["rejected"]) == 1
    kept = [path.read_bytes() for path in (tmp_path / "_rejected" / DAY).iterdir()]
    assert sorted(kept) == [b"\xfe", b"\xff"]
    assert len((tmp_path / "_rejected/rejected.jsonl").read_text().splitlines()) == 2


def test_processes_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "_WORTH_PROCESSES", 0)
    monkeypatch.setattr(check, "_BATCH_BYTES", 100)
    for number in range(20):
        put(tmp_path, f"{DAY}/{number:02}.json", b"\xff" if number % 5 == 0 else GOOD)
    result = run(tmp_path)
    assert result["files"] == 20
    assert [item["file"][-7:-5] for item in result["rejected"]] == ["00", "05", "10", "15"]


def test_people_see_what_was_rejected(tmp_path: Path) -> None:
    put(tmp_path, f"{DAY}/a.json", b"\xff")
    result = CliRunner().invoke(main, ["land", "check", "--out", str(tmp_path)])
    assert result.exit_code == 0
    assert "1 rejected" in result.stdout
    assert "not UTF-8" in result.stdout


def test_a_misspelt_folder_is_named_and_left(tmp_path: Path) -> None:
    put(tmp_path, f"{DAY}/a.json", GOOD)
    put(tmp_path, "file-uploads-original/type=nps-survey/a.csv", b"")
    put(tmp_path, "_control/a", b"")
    wrong = "database-cdc/source=postgresql/table=ordres"
    left = put(tmp_path, f"{wrong}/arrival_date=2025-01-15/a.json", GOOD)
    assert run(tmp_path)["outside"] == [wrong]
    result = CliRunner().invoke(main, ["land", "check", "--out", str(tmp_path)])
    assert result.exit_code == 0
    assert f"not read: {wrong}" in result.stdout
    assert left.exists()


def test_a_file_that_changed_since_it_was_checked_is_named(tmp_path: Path) -> None:
    path = put(tmp_path, f"{DAY}/a.json", GOOD)
    assert run(tmp_path)["changed"] == []
    path.write_bytes(path.read_bytes() * 2)
    result = CliRunner().invoke(main, ["land", "check", "--out", str(tmp_path)])
    assert f"changed since it was checked: {DAY}/a.json" in result.stdout
    assert "{replay_from: 2025-01-15}" in result.stdout
    assert run(tmp_path)["changed"] == []


def test_a_file_that_cannot_be_opened_is_one_line_and_code_2(tmp_path: Path) -> None:
    put(tmp_path, f"{DAY}/a.json", GOOD).with_name("b.json").symlink_to(tmp_path / "gone")
    result = CliRunner().invoke(main, ["land", "check", "--out", str(tmp_path)])
    assert result.exit_code == 2
    assert "b.json: No such file or directory; make it readable or remove it" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_folder_that_cannot_be_listed_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, f"{DAY}/a.json", GOOD)
    deny(tmp_path / DAY, monkeypatch)
    monkeypatch.setenv("LAKE_ROOT", str(tmp_path))
    for command in (["check"], ["olist", str(tmp_path)], ["upload", "s3://lake/landing"]):
        result = CliRunner().invoke(main, ["land", *command])
        assert result.exit_code == 2
        assert f"{tmp_path / DAY}: Permission denied; make it readable or" in result.stderr


def deny(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no one list the folder: the superuser, who may run the tests, may list any."""
    scandir = os.scandir

    def denied(path: str) -> Any:
        if Path(path) == folder:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", denied)


def test_no_lake_is_one_line_and_code_2(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["land", "check", "--out", str(tmp_path / "none")])
    assert result.exit_code == 2
    assert f"no lake at {tmp_path / 'none'}" in result.stderr
    assert result.stderr.count("\n") == 1
