"""Up and down with stand-ins for both processes: every way to fail is one clear line."""

import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from lake.athena.control import local, processes, trino
from lake.athena.control.local import GATEWAY, PARTS, TRINO, Home
from lake.athena.control.reasons import more, why_ended
from lake.athena.settings import Settings
from lake.errors import UserError

QUIET = Console(quiet=True)
SERVER = """
import http.server, json, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"ready": True, "stats": {}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def serving(port: int) -> list[str]:
    return [sys.executable, "-c", SERVER, str(port)]


def saying(text: str, code: int = 1) -> list[str]:
    return [sys.executable, "-c", f"import sys; print({text!r}); sys.exit({code})"]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch):
    """Settings whose two processes are small web servers."""
    found = Settings(
        home=tmp_path / "home", port=processes.free_port(), trino_port=processes.free_port()
    )
    monkeypatch.setattr(local, "install", lambda console: tmp_path)
    monkeypatch.setattr(local, "gateway_command", lambda home: serving(found.port))
    monkeypatch.setattr(trino, "command", lambda *arguments: serving(found.trino_port))
    yield found
    local.down(found.home)


def states(settings: Settings) -> dict[str, str]:
    return {part.name: part.state for part in local.parts(Home(settings.home))}


def test_up_twice_and_down_twice(settings: Settings) -> None:
    local.up(settings, QUIET)
    home = Home(settings.home)
    before = [home.running(part) for part in PARTS]
    assert all(before)
    local.up(settings, QUIET)
    assert [home.running(part) for part in PARTS] == before
    assert home.settings() == settings
    assert local.down(settings.home)
    assert states(settings) == {GATEWAY: "stopped", TRINO: "stopped"}
    assert not local.down(settings.home)


def test_only_what_has_ended_is_started_again(settings: Settings) -> None:
    local.up(settings, QUIET)
    home = Home(settings.home)
    gateway, engine = (home.running(part) for part in PARTS)
    os.kill(engine.pid, signal.SIGKILL)
    while home.running(TRINO):
        time.sleep(0.02)
    assert states(settings) == {GATEWAY: "running", TRINO: "ended"}
    local.up(settings, QUIET)
    assert home.running(GATEWAY) == gateway
    assert home.running(TRINO) not in (None, engine)


def test_a_stale_record_is_no_obstacle(settings: Settings) -> None:
    home = Home(settings.home)
    stale = processes.Started(os.getpid(), 1.0, ("java",))
    for part in PARTS:
        processes.write_down(stale, home.record(part))
    local.up(settings, QUIET)
    assert states(settings) == {GATEWAY: "running", TRINO: "running"}


def test_a_half_started_server_is_stopped_again(settings: Settings, monkeypatch) -> None:
    monkeypatch.setattr(
        trino, "command", lambda *_: saying("java.lang.OutOfMemoryError: Java heap")
    )
    with pytest.raises(UserError, match=r"trino has ended: out of memory.*--heap 4G"):
        local.up(settings, QUIET)
    assert states(settings) == {GATEWAY: "stopped", TRINO: "stopped"}
    assert processes.is_free(settings.port)


def test_a_server_that_never_answers_is_given_up(settings: Settings, monkeypatch) -> None:
    monkeypatch.setattr(local, "START", 1.0)
    sleeping = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(trino, "command", lambda *_: sleeping)
    with pytest.raises(UserError, match="not ready after 1 s"):
        local.up(settings, QUIET)
    assert states(settings) == {GATEWAY: "stopped", TRINO: "stopped"}


@pytest.mark.parametrize(("part", "option"), [("port", "--port"), ("trino_port", "--trino-port")])
def test_a_port_in_use_is_named_with_its_option(settings: Settings, part: str, option: str) -> None:
    port = getattr(settings, part)
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(UserError, match=f"port {port} is in use by .*; .*{option}$"):
            local.up(settings, QUIET)
    assert states(settings) == {GATEWAY: "stopped", TRINO: "stopped"}


def test_two_commands_at_once_do_not_mix(settings: Settings) -> None:
    with Home(settings.home).locked(), pytest.raises(UserError, match="another `lake athena`"):
        local.up(settings, QUIET)


def test_missing_packages_are_named(monkeypatch) -> None:
    monkeypatch.setattr(local, "PACKAGES", ("moto", "no_such_package"))
    with pytest.raises(UserError, match=r"\(no_such_package\); run `make .venv/athena`"):
        local.check_packages()


def test_to_forget_leaves_what_others_have_written(settings: Settings, tmp_path: Path) -> None:
    persist = tmp_path / "kept"
    for name in ("objects/ab/abc", "state.sqlite", "state.sqlite-wal", "letter.txt"):
        (persist / name).parent.mkdir(parents=True, exist_ok=True)
        (persist / name).touch()
    local.up(settings, QUIET)
    local.down(settings.home)
    local.forget(Home(settings.home), Settings(home=settings.home, persist=persist))
    assert not settings.home.exists()
    assert [path.name for path in persist.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Terminating due to java.lang.OutOfMemoryError: Java heap space", "--heap 4G"),
        ("Error: java.lang.UnsupportedClassVersionError: io/trino", "Java is too old"),
        ("java.net.BindException: Address already in use", "--port and --trino-port"),
        (
            "1) Error: Configuration property 'x' was not used\n\n1 error",
            "property 'x' was not used",
        ),
        ("ValueError: what", "ValueError: what"),
        (
            "Traceback (most recent call last):\n  File\nlake.errors.UserError: no\n",
            "UserError: no",
        ),
        ("local Athena on http://127.0.0.1:4566", "it was killed"),
        ("", "want of memory"),
    ],
)
def test_the_reason_of_an_end_is_read_from_the_log(
    tmp_path: Path, said: str, expected: str
) -> None:
    log = tmp_path / "trino.log"
    log.write_text(said)
    reason = why_ended(log, Settings(home=tmp_path))
    assert expected in reason
    assert "\n" not in reason


def test_one_step_more_heap() -> None:
    assert [more("3G"), more("1500m")] == ["4G", "2500M"]


def test_configuration_holds_addresses_of_this_machine_only(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, port=4001, trino_port=4002, heap="2G", region="eu-west-1")
    folder = trino.write_configuration(settings)
    files = {path.name: path.read_text() for path in folder.rglob("*.properties")}
    assert set(files) == {
        "config.properties",
        "log.properties",
        "awsdatacatalog.properties",
        "awsdatacatalog_iceberg.properties",
    }
    lines = [line for text in files.values() for line in text.split() if "http:" in line]
    addresses = {line.partition("=")[2] for line in lines}
    assert addresses == {"http://127.0.0.1:4001", "http://127.0.0.1:4002"}
    assert "query.max-memory=1228MB" in files["config.properties"]
    assert "s3.region=eu-west-1" in files["awsdatacatalog.properties"]
    command = trino.command(settings, Path("/java"), Path("/trino"))
    assert {"-Xmx2G", "-Dnode.bind-ip=127.0.0.1", "/trino/lib/*"} <= set(command)
