"""Text logs: what lands of them, against the independent parse that is published with them."""

import csv
import gzip
import math
import re
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from lakes import Lake
from lands import land_facts, landed, run, tree
from published import real_data

from lake.landing import log_files
from lake.landing.log_formats import LOGHUB
from lake.landing.log_records import MOST_CHARACTERS
from lake.landing.readable import reason_unreadable

MODELS = [
    "stg_logs__log_events",
    "int_log_events_validated",
    "int_log_events",
    "agg_service_health_minute",
]
START = "[Sun Dec 04 04:47:44 2005] [error] "
# One line of each system, and what it says: time, level, component, message.
LINES = {
    "Android": (
        "03-17 16:13:38.811  1702  2395 D WindowManager: print: a, b",
        ("2024-03-17T16:13:38.811000Z", "D", "WindowManager", "print: a, b"),
    ),
    "Apache": (
        "[Sun Dec 04 04:47:44 2005] [notice] [client 1.2.3.4] done",
        ("2005-12-04T04:47:44Z", "notice", None, "[client 1.2.3.4] done"),
    ),
    "BGL": (
        "- 1117838570 2005.06.03 R02-M1-N0-C:J12-U11 2005-06-03-15.42.50.675872"
        " R02-M1-N0-C:J12-U11 RAS KERNEL INFO error corrected",
        ("2005-06-03T22:42:50Z", "INFO", "KERNEL", "error corrected"),
    ),
    "Hadoop": (
        "2015-10-18 18:01:47,978 INFO [main] org.apache.AppMaster: Created: x",
        ("2015-10-18T18:01:47.978000Z", "INFO", "org.apache.AppMaster", "Created: x"),
    ),
    "HDFS": (
        "081109 203615 148 INFO dfs.DataNode$PacketResponder: PacketResponder 1 terminating",
        ("2008-11-09T20:36:15Z", "INFO", "dfs.DataNode$PacketResponder",
         "PacketResponder 1 terminating"),
    ),
    "HealthApp": (
        "20171224-0:7:20:44|Step_LSC|30002312|onStandStepChanged 3579",
        ("2017-12-24T00:07:20.044000Z", None, "Step_LSC", "onStandStepChanged 3579"),
    ),
    "HPC": (
        "134681 node-246 unix.hw state_change.unavailable 1077804742 1 Component State Change",
        ("2004-02-26T14:12:22Z", None, "unix.hw", "Component State Change"),
    ),
    "Linux": (
        "Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure; uid=0",
        ("2024-06-14T15:16:01Z", None, "sshd(pam_unix)", "authentication failure; uid=0"),
    ),
    "Mac": (
        "Jul  1 09:00:55 calvisitor-10-105-160-95 kernel[0]: IOThunderboltSwitch<0>: x",
        ("2024-07-01T09:00:55Z", None, "kernel", "IOThunderboltSwitch<0>: x"),
    ),
    "OpenSSH": (
        "Dec 10 06:55:46 LabSZ sshd[24200]: Invalid user webmaster from 173.234.31.186",
        ("2024-12-10T06:55:46Z", None, "LabSZ", "Invalid user webmaster from 173.234.31.186"),
    ),
    "OpenStack": (
        "nova.log.1 2017-05-16 00:00:00.008 25746 INFO nova.wsgi [req-1 u t - - -] up",
        ("2017-05-16T00:00:00.008000Z", "INFO", "nova.wsgi", "up"),
    ),
    "Proxifier": (
        "[10.30 16:49:06] chrome.exe - proxy.example:5070 open",
        ("2024-10-30T16:49:06Z", None, "chrome.exe", "proxy.example:5070 open"),
    ),
    "Spark": (
        "17/06/09 20:10:40 INFO executor.Backend: Registered signal handlers",
        ("2017-06-09T20:10:40Z", "INFO", "executor.Backend", "Registered signal handlers"),
    ),
    "Thunderbird": (
        "- 1131566461 2005.11.09 dn228 Nov 9 12:01:01 dn228/dn228 crond(pam_unix)[2915]: closed",
        ("2005-11-09T20:01:01Z", None, "crond(pam_unix)", "closed"),
    ),
    "Windows": (
        "2016-09-28 04:30:30, Info                  CBS    Loaded Servicing Stack v6.1",
        ("2016-09-28T04:30:30Z", "Info", "CBS", "Loaded Servicing Stack v6.1"),
    ),
    "Zookeeper": (
        "2015-07-29 17:41:44,747 - INFO  [QuorumPeer[myid=1]/0:0:0:0:0:0:0:0:2181:"
        "FastLeaderElection@774] - Notification time out: 3200",
        # As the published parse has it: the format ends the node at the first colon.
        ("2015-07-29T17:41:44.747000Z", "INFO", "0:0:0:0:0:0:0:2181:FastLeaderElection",
         "Notification time out: 3200"),
    ),
}  # fmt: skip
JAVA = (
    "it broke\njava.lang.IllegalStateException: no stock\n\tat a.B.c(B.java:1)\n\n"
    "Caused by: java.io.IOException: gone\n\t... 3 more"
)
PYTHON = (
    'it broke\nTraceback (most recent call last):\n  File "a.py", line 1, in b\n    c()\n'
    "KeyError: 'c'"
)


def land_text(tmp_path: Path, text: str, *options: str, name: str = "Apache.log") -> list[Any]:
    (tmp_path / name).write_text(text)
    land_facts("loghub", tmp_path / name, tmp_path / "lake", *options)
    return [record for _, record in in_order(tmp_path / "lake")]


def in_order(lake: Path) -> list[tuple[str, dict[str, Any]]]:
    """Return the landed records in the order of their lines, each with its day of arrival."""
    return sorted(landed(lake, "application-logs"), key=lambda each: each[1]["line"])


def published(system: str) -> tuple[Path, list[dict[str, str]]]:
    folder = real_data("logs")
    with (folder / f"{system}_2k.log_structured.csv").open(newline="", encoding="utf-8") as file:
        return folder / f"{system}_2k.log", list(csv.DictReader(file))


# The published samples


@pytest.mark.parametrize("system", ["Apache", "OpenStack"])
def test_every_line_agrees_with_the_published_parse(system: str, tmp_path: Path) -> None:
    source, rows = published(system)
    facts = land_facts("loghub", source, tmp_path / "lake")
    assert facts["records_with_an_error"] == facts["records_of_several_lines"] == 0
    found = [
        (record["line"], record["level"], record.get("component"), record["message"])
        for _, record in in_order(tmp_path / "lake")
    ]
    wanted = [
        (int(row["LineId"]), row["Level"], row.get("Component"), row["Content"]) for row in rows
    ]
    assert len(wanted) == 2000 and found == wanted


def test_the_health_of_openstack_is_that_of_its_published_parse(
    engine: Any, tmp_path: Path
) -> None:
    source, rows = published("OpenStack")
    land_facts("loghub", source, tmp_path / "lake")
    lake = Lake(tmp_path)
    engine.new_database(tmp_path)
    engine.build(lake.root, lake.database, MODELS)
    assert lake.query("select count(*) from silver.int_log_events") == [(2000,)]
    times: dict[str, list[float]] = defaultdict(list)
    failed: Counter[str] = Counter()
    for row in rows:
        told = re.search(r'HTTP/1.1" status: (\d+) len: \d+ time: ([\d.]+)', row["Content"])
        if told:
            minute = f"{row['Date']} {row['Time'][:5]}"
            times[minute].append(round(float(told[2]) * 1000, 4))
            failed[minute] += int(told[1]) >= 500
    wanted = [
        (minute, len(each), failed[minute], *(rank(each, percent) for percent in (50, 95, 99)))
        for minute, each in sorted(times.items())
    ]
    assert len(wanted) > 10 and sum(len(each) for each in times.values()) > 500
    found = lake.query(
        "select strftime(window_at, '%Y-%m-%d %H:%M'), request_count, failed_request_count,"
        " cast(response_p50_ms as double), cast(response_p95_ms as double),"
        " cast(response_p99_ms as double)"
        " from gold.agg_service_health_minute where request_count > 0 order by 1"
    )
    assert found == wanted


def rank(values: list[float], percent: int) -> float:
    """Return the percentile by nearest rank, as textbooks define it."""
    return sorted(values)[math.ceil(percent / 100 * len(values)) - 1]


# The formats


@pytest.mark.parametrize("system", LINES)
def test_a_system_is_read_by_its_own_format(system: str, tmp_path: Path) -> None:
    line, wanted = LINES[system]
    source = tmp_path / f"{system}_2k.log"
    source.write_text(line + "\n")
    options = ["--year", "2024"]
    land_facts("loghub", source, tmp_path / "lake", *options)
    [(day, record)] = in_order(tmp_path / "lake")
    names = ("timestamp", "level", "component", "message")
    assert tuple(record.get(name) for name in names) == wanted
    assert (record["system"], record["text"]) == (system, line)
    assert day == wanted[0][:10]


@pytest.mark.parametrize("system", LINES)
@pytest.mark.parametrize("hostile", ["a ", ": ", "[", "] - ", '" ', "a: [b] ", "0|"])
def test_no_line_takes_more_than_the_square_of_its_length(system: str, hostile: str) -> None:
    # With two fields of any text in a line, each of these would run for hours.
    pattern = LOGHUB[system].pattern
    start = time.process_time()
    pattern.fullmatch(hostile * 4000)
    pattern.fullmatch(LINES[system][0].split()[0] + " " + hostile * 4000)
    assert time.process_time() - start < 5


def test_names_of_several_words(tmp_path: Path) -> None:
    lines = {
        "Linux": "Jun 19 04:08:55 combo syslogd 1.4.1: restart.",
        "Mac": "Jul  1 09:00:55 a-b Google Chrome[35628] (Address 1): x",
        "Proxifier": "[10.30 16:49:06] chrome.exe *64 - open",
    }
    components = []
    for system, line in lines.items():
        folder = tmp_path / system
        folder.mkdir()
        [record] = land_text(folder, line + "\n", "--year", "2024", name=f"{system}.log")
        components.append(record["component"])
    assert components == ["syslogd 1.4.1", "Google Chrome", "chrome.exe *64"]


def test_a_request_of_openstack_is_one(tmp_path: Path) -> None:
    text = (
        "nova.log.1 2017-05-16 00:00:00.008 25746 INFO nova.wsgi [req-1 u t - - -]"
        ' 10.1.0.1,10.1.0.2 "GET /v2/servers?all=1 HTTP/1.1" status: 503 len: 9 time: 0.24778291\n'
    )
    [record] = land_text(tmp_path, text, name="OpenStack.log")
    assert record["method"] == "GET" and record["path"] == "/v2/servers?all=1"
    assert record["status"] == 503 and record["response_ms"] == "247.7829"
    assert record["request_id"] == "req-1" and record["ip"] == "10.1.0.1"
    assert record["fields"] == {
        "Logrecord": "nova.log.1",
        "Pid": "25746",
        "ADDR": "req-1 u t - - -",
    }


def test_apache_names_modules_since_2_4(tmp_path: Path) -> None:
    [record] = land_text(
        tmp_path,
        "[Wed Oct 11 14:32:52.123456 2023] [core:error] [pid 357:tid 43] [client 192.0.2.1:522]"
        " AH00037: no link\n",
    )
    assert record["timestamp"] == "2023-10-11T14:32:52.123456Z"
    assert (record["component"], record["level"], record["ip"]) == ("core", "error", "192.0.2.1")
    assert record["message"] == "[pid 357:tid 43] [client 192.0.2.1:522] AH00037: no link"


def test_the_zone_and_the_turn_of_the_year(tmp_path: Path) -> None:
    line = "{} combo kernel: x\n"
    text = "".join(
        line.format(time) for time in ("Dec 31 23:59:59", "Jan  1 00:00:00", "Dec 31 23:00:00")
    )
    options = ("--year", "2023", "--zone", "Europe/Berlin")
    records = land_text(tmp_path, text, *options, name="Linux.log")
    assert [record["timestamp"] for record in records] == [
        "2023-12-31T22:59:59Z",
        "2023-12-31T23:00:00Z",
        "2023-12-31T22:00:00Z",
    ]


# Records


@pytest.mark.parametrize("told", [JAVA, PYTHON])
def test_a_stack_trace_belongs_to_its_record(told: str, tmp_path: Path) -> None:
    message, _, trace = told.partition("\n")
    text = f"{START}{told}\n\n{START}next\n"
    first, second = land_text(tmp_path, text)
    assert first["text"] == START + told
    assert (first["message"], first["stack_trace"]) == (message, trace)
    assert second["message"] == "next" and "stack_trace" not in second
    assert second["line"] == 3 + told.count("\n")


def test_a_line_of_another_form_is_an_error_on_the_day_before_it(tmp_path: Path) -> None:
    text = f"--- rotated ---\n{START}it broke\ngarbage\n\tat nowhere\n[noon] [error] when?\n"
    (tmp_path / "Apache.log").write_text(text)
    facts = land_facts("loghub", tmp_path / "Apache.log", tmp_path / "lake")
    assert facts["records_with_an_error"] == 3
    records = in_order(tmp_path / "lake")
    assert {day for day, _ in records} == {"2005-12-04"}
    assert [(record["line"], record["text"], "error" in record) for _, record in records] == [
        (1, "--- rotated ---", True),
        (2, f"{START}it broke", False),
        (3, "garbage", True),
        (4, "\tat nowhere", True),
        (5, "[noon] [error] when?", False),
    ]
    assert records[4][1]["timestamp"] == "noon"


def test_a_line_that_no_record_may_hold_lands_in_pieces(tmp_path: Path) -> None:
    source = tmp_path / "Apache.log"
    long = f"{START}{'x' * (3 << 20)}"
    source.write_text(f"{long}\n{START}next\n")
    land_facts("loghub", source, tmp_path / "lake")
    texts = [record["text"] for _, record in in_order(tmp_path / "lake")]
    assert "".join(texts) == f"{long}{START}next"
    assert max(map(len, texts)) <= MOST_CHARACTERS
    for path in (tmp_path / "lake" / "application-logs").rglob("*.json.gz"):
        assert reason_unreadable(path, "json_lines") is None


def test_a_file_without_a_time_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_files, "_MOST_WITHOUT_A_TIME", 5)
    source = tmp_path / "Apache.log"
    source.write_text("garbage\n" * 5 + f"{START}it broke\n")
    result = run("loghub", source, "--out", tmp_path / "lake")
    assert result.exit_code == 2
    assert "of its first 5 records none has a time" in result.stderr
    source.write_text("garbage\n" * 4 + f"{START}it broke\n")
    assert run("loghub", source, "--out", tmp_path / "lake").exit_code == 0


def test_bytes_that_are_no_utf_8_and_carriage_returns(tmp_path: Path) -> None:
    source = tmp_path / "Apache.log"
    source.write_bytes(b"\xef\xbb\xbf" + START.encode() + b"caf\xe9 \xf4\x8f\xbf\xbf\r\n")
    land_facts("loghub", source, tmp_path / "lake")
    [(_, record)] = in_order(tmp_path / "lake")
    assert record["line"] == 1 and record["message"].startswith("caf\u00e9")


def test_a_longer_file_repeats_keys_and_a_rotated_one_does_not(tmp_path: Path) -> None:
    one, two = f"{START}one\n", f"{START}two\n"
    [first] = land_text(tmp_path, one)
    grown = land_text(tmp_path, one + two)
    assert [record["log_id"] for record in grown].count(first["log_id"]) == 2
    assert len({record["log_id"] for record in grown}) == 2
    rotated = land_text(tmp_path, two + one)
    assert len({record["log_id"] for record in rotated}) == 4


def test_a_folder_packed_files_and_their_originals(tmp_path: Path) -> None:
    folder = tmp_path / "Hadoop"
    (folder / "application_1").mkdir(parents=True)
    lines = [LINES["Hadoop"][0].replace("Created", word) + "\n" for word in ("one", "two")]
    packed = gzip.compress(lines[0].encode())
    (folder / "application_1/container_1.log.gz").write_bytes(packed)
    (folder / "container_1.log").write_text(lines[1])
    (folder / "Hadoop_2k.log_structured.csv").write_text("LineId,Content\n")
    facts = land_facts("loghub", folder, tmp_path / "lake")
    assert facts["files_read"] == 2
    records = [record for _, record in in_order(tmp_path / "lake")]
    assert {(record["file"], record["message"]) for record in records} == {
        ("application_1/container_1.log.gz", "one: x"),
        ("container_1.log", "two: x"),
    }
    originals = tmp_path / "lake/application-logs-original/arrival_date=2015-10-18"
    assert {path.read_bytes() for path in originals.iterdir()} == {packed, lines[1].encode()}
    before = tree(tmp_path / "lake")
    land_facts("loghub", folder, tmp_path / "lake")
    assert tree(tmp_path / "lake") == before
    land_facts("loghub", folder, tmp_path / "lake", "--arrival-date", "2025-01-05")
    assert Counter(day for day, _ in in_order(tmp_path / "lake")) == {
        "2015-10-18": 2,
        "2025-01-05": 2,
    }


# Access logs

COMMON = '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326'
COMBINED = COMMON + ' "http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98; \\"I\\")"'


@pytest.mark.parametrize(
    ("line", "took"),
    [
        (COMMON, None),
        (COMBINED, None),
        (f"{COMMON} 83250", "83.2500"),
        (f"{COMBINED} 1", "0.0010"),
        (f"{COMBINED} 0.257", "257.0000"),
    ],
)
def test_an_access_log_is_common_or_combined(line: str, took: str | None, tmp_path: Path) -> None:
    source = tmp_path / "access.log"
    source.write_text(line + "\n")
    land_facts("access-log", source, tmp_path / "lake", "--service", "shop")
    [(day, record)] = in_order(tmp_path / "lake")
    assert (day, record["timestamp"]) == ("2000-10-10", "2000-10-10T20:55:36Z")
    assert record["system"] == "shop" and "level" not in record
    assert record["message"] == "GET /apache_pb.gif HTTP/1.0"
    assert (record["method"], record["path"]) == ("GET", "/apache_pb.gif")
    assert (record["status"], record["ip"]) == (200, "127.0.0.1")
    assert record.get("response_ms") == took
    assert record["fields"]["User"] == "frank"
    assert ("Agent" in record["fields"]) == (line != COMMON and "Mozilla" in line)


def test_requests_that_are_none_keep_what_they_say(tmp_path: Path) -> None:
    source = tmp_path / "access.log"
    lines = [
        COMMON.replace("GET /apache_pb.gif HTTP/1.0", request)
        for request in ("\\x16\\x03\\x01", "-", "GET /a b HTTP/1.1")
    ]
    source.write_text("\n".join([*lines, COMMON.replace(" 200 2326", " - -"), "no log"]) + "\n")
    facts = land_facts("access-log", source, tmp_path / "lake")
    assert facts["records_with_an_error"] == 1
    records = [record for _, record in in_order(tmp_path / "lake")]
    assert ["path" in record for record in records] == [False, False, False, True, False]
    assert ["status" in record for record in records] == [True, True, True, False, False]


# Mistakes


@pytest.mark.parametrize(
    ("name", "text", "options", "message"),
    [
        ("shop.log", "x\n", (), "pass --system"),
        ("Linux.log", "x\n", (), "Linux writes no year; pass --year"),
        ("Apache.log", "", (), "is it a log of Apache?"),
        ("Apache.log", LINES["Spark"][0], (), "is it a log of Apache?"),
        ("Apache.log", START, ("--zone", "Mars/North"), "--zone is Mars/North"),
        ("Apache.log.gz", "no gzip", (), "cannot read"),
    ],
)
def test_a_mistake_is_one_line(
    name: str, text: str, options: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    source = tmp_path / name
    source.write_text(text)
    result = run("loghub", source, "--out", tmp_path / "lake", *options)
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_damaged_file_is_one_line(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress((START + "\n").encode() * 99))
    packed[30:50] = b"\xff" * 20
    source = tmp_path / "Apache.log.gz"
    source.write_bytes(packed)
    result = run("loghub", source, "--out", tmp_path / "lake")
    assert result.exit_code == 2
    assert f"cannot read {source}" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_nothing_to_read_is_one_line(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        result = run("access-log", path, "--out", tmp_path / "lake")
        assert result.exit_code == 2 and len(result.stderr.strip().splitlines()) == 1
