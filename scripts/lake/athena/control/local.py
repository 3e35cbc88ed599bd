"""One local Athena: its home, its two processes, up, down and how it is."""

import json
import shutil
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from rich.console import Console

from lake.athena.control import processes, trino
from lake.athena.control.install import install
from lake.athena.control.java import java_command
from lake.athena.control.reasons import why_ended
from lake.athena.engine.client import Trino
from lake.athena.errors import AthenaFailure
from lake.athena.settings import Settings
from lake.errors import UserError

GATEWAY = "gateway"
TRINO = "trino"
PARTS = (GATEWAY, TRINO)
PACKAGES = ("moto", "flask", "flask_cors", "werkzeug", "pyparsing")
READY = "select count(*) from {catalog}.information_schema.schemata"
START = 300.0
"""Seconds that both processes have to become ready; usually it takes 15."""


@dataclass(frozen=True)
class Part:
    """One of the two processes: running, ended (without `down`) or stopped."""

    name: str
    state: str
    port: int
    pid: int | None = None
    memory: int = 0
    seconds: float = 0.0
    reason: str = ""


@dataclass(frozen=True)
class Home:
    """The folder of one local Athena."""

    path: Path

    @property
    def settings_file(self) -> Path:
        """What the processes were started with."""
        return self.path / "settings.json"

    @property
    def ignored(self) -> Path:
        """What keeps the folder out of the repository that it may lie in."""
        return self.path / ".gitignore"

    def record(self, part: str) -> Path:
        """Return the file in which a process is written down."""
        return self.path / "run" / f"{part}.json"

    def log(self, part: str) -> Path:
        """Return the file with the output of a process."""
        return self.path / "logs" / f"{part}.log"

    def settings(self) -> Settings | None:
        """Return what the processes were started with; None before the first start."""
        try:
            return Settings.from_json(self.settings_file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def running(self, part: str) -> processes.Started | None:
        """Return a process if it runs."""
        started = processes.written_down(self.record(part))
        return started if started and processes.find(started) else None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep out every other command that starts or stops."""
        self.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.path / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise UserError(
                f"another `lake athena` command is at work in {self.path}; wait for it to end"
            ) from None
        try:
            yield
        finally:
            lock.release()


def up(settings: Settings, console: Console) -> float:
    """Start what does not run yet, and wait until both catalogues answer; return the seconds.

    Raises:
        UserError: something is missing, a port is taken, or a process ended; what was started is
            stopped again.
    """
    check_packages()
    home = Home(settings.home.resolve())
    if not trino.megabytes(settings.heap):
        raise UserError(f"--heap {settings.heap} is no size; write 3G or 2500M")
    server = install(console)
    java = java_command()
    with home.locked():
        began = time.monotonic()
        missing = [part for part in PARTS if not home.running(part)]
        for part in missing:
            _check_port(part, settings)
        home.settings_file.write_text(settings.to_json(), encoding="utf-8")
        home.ignored.write_text("*\n", encoding="utf-8")
        try:
            for part in missing:
                _start(part, settings, home, java, server)
            with console.status("starting"):
                wait_until_ready(settings, home, START)
        except BaseException:
            for part in missing:
                _stop(part, home)
            raise
        return time.monotonic() - began


def check_packages() -> None:
    """Raise a UserError if the packages of the service are not installed."""
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise UserError(
            f"the packages of local Athena are not installed ({', '.join(missing)}); run "
            "`make .venv/athena`, or `pip install -r requirements-athena.txt`"
        )


def _check_port(part: str, settings: Settings) -> None:
    port, option = {
        GATEWAY: (settings.port, "--port"),
        TRINO: (settings.trino_port, "--trino-port"),
    }[part]
    if not processes.is_free(port):
        raise UserError(
            f"port {port} is in use by {processes.holder(port)}; "
            f"stop it, or choose another port with {option}"
        )


def _start(part: str, settings: Settings, home: Home, java: Path, server: Path) -> None:
    if part == GATEWAY:
        command = gateway_command(home)
    else:
        trino.write_configuration(settings)
        trino.link_plugins(settings, server)
        command = trino.command(settings, java, server)
    started = processes.start(command, home.log(part), home.path)
    processes.write_down(started, home.record(part))


def gateway_command(home: Home) -> list[str]:
    """Return the command line of the service."""
    return [sys.executable, "-m", "lake.athena.server", str(home.settings_file)]


def _stop(part: str, home: Home) -> bool:
    """End a process, if it runs, and forget it."""
    started = processes.written_down(home.record(part))
    was_running = started is not None and processes.stop(started)
    home.record(part).unlink(missing_ok=True)
    return was_running


def down(path: Path) -> bool:
    """Stop both processes; return whether one was running."""
    home = Home(path.resolve())
    if not home.path.is_dir():
        return False
    with home.locked():
        return any([_stop(part, home) for part in reversed(PARTS)])


def forget(home: Home, settings: Settings) -> None:
    """Delete what a local Athena has written: below its home, and where it keeps things.

    Files of anybody else in these folders stay.
    """
    own = [home.path / name for name in ("run", "logs", "trino", "lock")]
    own += [home.settings_file, home.ignored, settings.spill]
    if settings.persist is not None:
        own += [settings.persist / "objects", *settings.persist.glob("state.sqlite*")]
    for path in own:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for folder in (home.path, settings.persist):
        if folder is not None and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def wait_until_ready(settings: Settings, home: Home, seconds: float) -> None:
    """Return when a statement on each catalogue has succeeded.

    Trino's own word that it has started is not enough: a statement soon after may find no node.

    Raises:
        UserError: a process ended, or the time is over.
    """
    deadline = time.monotonic() + seconds
    engine = Trino(settings.trino_url)
    waiting: list[Callable[[], object]] = [
        lambda: answer(f"{settings.url}/_athena/status"),
        lambda: check_started(settings),
        lambda: engine.run(READY.format(catalog=trino.HIVE)),
        lambda: engine.run(READY.format(catalog=trino.ICEBERG)),
    ]
    while waiting:
        for part in PARTS:
            if not home.running(part):
                raise UserError(f"{part} has ended: {why_ended(home.log(part), settings)}")
        try:
            waiting[0]()
            waiting.pop(0)
        except (OSError, ValueError, AthenaFailure) as error:
            if time.monotonic() > deadline:
                raise UserError(
                    f"not ready after {seconds:.0f} s ({error}); see `lake athena logs` and "
                    "`lake athena logs --engine`"
                ) from error
            time.sleep(0.2)


def check_started(settings: Settings) -> None:
    """Raise a ValueError while Trino says that it is starting."""
    if answer(f"{settings.trino_url}/v1/info").get("starting"):
        raise ValueError("Trino is starting")


def answer(address: str, timeout: float = 10) -> dict[str, Any]:
    """Return the JSON object at an address of this machine, past any proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address, timeout=timeout) as response:
        content = json.load(response)
    return content if isinstance(content, dict) else {}


def parts(home: Home) -> list[Part]:
    """Return how both processes are."""
    settings = home.settings() or Settings(home=home.path)
    return [_part(name, home, settings) for name in PARTS]


def _part(name: str, home: Home, settings: Settings) -> Part:
    port = settings.port if name == GATEWAY else settings.trino_port
    started = processes.written_down(home.record(name))
    if started is None:
        return Part(name, "stopped", port)
    process = processes.find(started)
    if process is None:
        return Part(name, "ended", port, reason=why_ended(home.log(name), settings))
    memory = process.memory_info().rss
    return Part(name, "running", port, started.pid, memory, time.time() - started.created)


def service_status(settings: Settings) -> dict[str, Any]:
    """Return what the service says of itself; nothing where it does not answer."""
    try:
        return answer(f"{settings.url}/_athena/status", timeout=3)
    except (OSError, ValueError):
        return {}
