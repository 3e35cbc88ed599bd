"""Processes are found again by what was written down, and nobody else's are touched."""

import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from lake.athena.control import processes

SLEEP = [sys.executable, "-c", "import time; print('started', flush=True); time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('started', flush=True); time.sleep(60)",
]


@pytest.fixture
def sleeper(tmp_path: Path):
    started = processes.start(SLEEP, tmp_path / "logs" / "sleep.log", tmp_path)
    yield started
    processes.stop(started)


def wait_until(reached) -> None:
    deadline = time.monotonic() + 20
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def wait_for_output(log: Path) -> None:
    wait_until(lambda: "started" in log.read_text())


def test_a_process_is_found_and_ended(sleeper, tmp_path: Path) -> None:
    record = tmp_path / "run" / "sleep.json"
    processes.write_down(sleeper, record)
    again = processes.written_down(record)
    assert again == sleeper
    assert processes.find(again).pid == sleeper.pid
    assert processes.stop(again)
    assert processes.find(again) is None
    assert not processes.stop(again)


def test_a_process_that_ignores_the_request_is_killed(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(processes, "PATIENCE", 0.5)
    started = processes.start(STUBBORN, tmp_path / "log", tmp_path)
    wait_for_output(tmp_path / "log")
    assert processes.stop(started)
    assert not psutil.pid_exists(started.pid) or processes.find(started) is None


def test_a_zombie_has_ended(tmp_path: Path, monkeypatch) -> None:
    """In a container no process may ask after the ones whose parent has gone."""
    child = f"subprocess.Popen({SLEEP!r})"
    parent = f"import subprocess, time; print({child}.pid, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE) as careless:
        pid = int(careless.stdout.readline())
        wait_until(lambda: psutil.Process(pid).cmdline() == SLEEP)
        started = processes.Started(pid, psutil.Process(pid).create_time(), tuple(SLEEP))
        killed = []
        monkeypatch.setattr(processes, "PATIENCE", 2)
        monkeypatch.setattr(psutil.Process, "kill", lambda process: killed.append(process.pid))
        assert processes.stop(started)
        assert psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
        assert not killed
        careless.terminate()


@pytest.mark.parametrize("change", [{"created": 1.0}, {"command": ("java", "Trino")}], ids=str)
def test_a_process_id_given_away_is_left_alone(sleeper, change) -> None:
    stale = replace(sleeper, **change)
    assert processes.find(stale) is None
    assert not processes.stop(stale)
    assert processes.find(sleeper) is not None


@pytest.mark.parametrize("text", ["", "{", '{"pid": 1}', "[]", '{"pid": "x"}'])
def test_a_damaged_record_is_no_process(tmp_path: Path, text: str) -> None:
    record = tmp_path / "gateway.json"
    record.write_text(text)
    assert processes.written_down(record) is None


def test_the_log_before_is_kept(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("of the run before")
    processes.stop(processes.start(SLEEP, log, tmp_path))
    assert (tmp_path / "log.1").read_text() == "of the run before"


def test_neither_proxy_nor_account_is_handed_on(monkeypatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    monkeypatch.setenv("http_proxy", "http://proxy")
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("LAKE_ROOT", "lake")
    names = processes.environment().keys()
    assert not names & {"HTTPS_PROXY", "http_proxy", "AWS_PROFILE"}
    assert "LAKE_ROOT" in names


def test_a_port_in_use_names_its_process() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        assert not processes.is_free(port)
        assert f"process {psutil.Process().pid}" in processes.holder(port)
    assert processes.is_free(port)
