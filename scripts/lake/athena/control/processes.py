"""Processes that outlive the command which started them: written down, found again, ended.

What is written down is the process id with the time of its start and its command line, so that a
process id the system has given away since is never taken for ours.
"""

import json
import os
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

CLOCK = 2.0
"""Seconds by which the system may tell the start of a process differently at another time."""

PATIENCE = 15.0
"""Seconds that a process has to end by itself."""


@dataclass(frozen=True)
class Started:
    """A process as it was started: `created` is in seconds since 1970."""

    pid: int
    created: float
    command: tuple[str, ...]


def start(command: Sequence[str], log: Path, folder: Path) -> Started:
    """Start a command in a session of its own, with its output in `log`.

    The output of the run before is kept as `<log>.1`.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment(),
            start_new_session=True,
        )
    return Started(process.pid, psutil.Process(process.pid).create_time(), tuple(command))


def environment() -> dict[str, str]:
    """Return the environment of this process without what sends requests elsewhere.

    Nothing that is started here talks to anything but the loopback address, so neither a proxy nor
    an account of AWS has a place there.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AWS_") and not name.lower().endswith("_proxy")
    }


def write_down(started: Started, record: Path) -> None:
    """Write a process into a file."""
    record.parent.mkdir(parents=True, exist_ok=True)
    draft = record.with_suffix(".new")
    draft.write_text(json.dumps(asdict(started)), encoding="utf-8")
    draft.replace(record)


def written_down(record: Path) -> Started | None:
    """Return the process of a file; None if there is no such file, or it is damaged."""
    try:
        fields = json.loads(record.read_text(encoding="utf-8"))
        return Started(int(fields["pid"]), float(fields["created"]), tuple(fields["command"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def find(started: Started) -> psutil.Process | None:
    """Return the running process, or None if it has ended, whoever has its id now."""
    try:
        process = psutil.Process(started.pid)
        is_same = abs(process.create_time() - started.created) <= CLOCK
        if not is_same or process.status() == psutil.STATUS_ZOMBIE:
            return None
        command = tuple(process.cmdline())  # empty for a moment after the start
        return process if command in ((), started.command) else None
    except psutil.Error:
        return None


def stop(started: Started) -> bool:
    """End a process and what it has started; return whether it was still running."""
    process = find(started)
    if process is None:
        return False
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.Error:
        family = [process]
    for member in family:
        _signal(member, kill=False)
    stubborn = _still_running(family, PATIENCE)
    for member in stubborn:
        _signal(member, kill=True)
    _still_running(stubborn, PATIENCE)
    return True


def _still_running(family: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Wait until all have ended; return those that have not after so many seconds.

    One that has ended but whose parent does not ask after it (a zombie) has ended.
    """
    deadline = time.monotonic() + seconds
    while (left := [each for each in family if _runs(each)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _signal(process: psutil.Process, kill: bool) -> None:
    try:
        if kill:
            process.kill()
        else:
            process.terminate()
    except psutil.NoSuchProcess:
        pass


def is_free(port: int) -> bool:
    """Return whether a port of the loopback address can be listened on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def holder(port: int) -> str:
    """Return who listens on a port: `process 123 (python -m http.server)`, as far as visible."""
    try:
        for connection in psutil.net_connections("tcp"):
            address = connection.laddr
            if connection.status == psutil.CONN_LISTEN and address and address.port == port:
                return _describe(connection.pid)
    except psutil.Error:
        pass
    return "another process"


def _describe(pid: int | None) -> str:
    if pid is None:
        return "another process"
    try:
        command = " ".join(psutil.Process(pid).cmdline())
    except psutil.Error:
        return f"process {pid}"
    return f"process {pid} ({command[:60]}{'…' if len(command) > 60 else ''})"
