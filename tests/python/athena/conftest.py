"""What the tests of local Athena share: a running one."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from filelock import FileLock
from rich.console import Console

from lake.athena.control import client, local, processes
from lake.athena.control.client import Answer
from lake.athena.control.install import trino_home
from lake.athena.settings import Settings
from lake.errors import UserError


@dataclass(frozen=True)
class LocalAthena:
    """A running local Athena."""

    settings: Settings

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment that points every AWS client and `lake athena` at it."""
        return {
            **client.environment(self.settings),
            "LAKE_ATHENA_HOME": str(self.settings.home),
            "NO_PROXY": "127.0.0.1",
        }

    def client(self, service: str) -> Any:
        """Return a boto3 client of a service."""
        import boto3  # noqa: PLC0415  slow, and only some tests need it

        return boto3.client(service, **client.session(self.settings))

    def query(self, sql: str, database: str = "default") -> Answer:
        """Run a statement to its end; a failed one raises a UserError with its reason."""
        return client.run(self.settings, sql, database)


@pytest.fixture(scope="session")
def local_athena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAthena]:
    """Give a local Athena, one for all workers of a run; the last worker stops it.

    Without Trino the tests are skipped with the reason; with CI set, Trino is fetched, and what
    stands in the way fails them.
    """
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    shared = shared / "local-athena"
    shared.mkdir(exist_ok=True)
    lock, users = FileLock(shared / "start.lock"), shared / "users.json"
    with lock:
        settings = _started(shared / "home")
        _write_users(users, add=os.getpid())
    yield LocalAthena(settings)
    with lock:
        if not _write_users(users, remove=os.getpid()):
            local.down(settings.home)


def _started(path: Path) -> Settings:
    """Return the settings of the local Athena of this run, started if need be."""
    if not os.environ.get("CI") and not os.environ.get("TRINO_HOME") and trino_home() is None:
        pytest.skip("no Trino; `lake athena install` fetches it once for these tests")
    home = local.Home(path)
    known = home.settings()
    if known and all(home.running(part) for part in local.PARTS):
        return known  # another worker has started it and waited until it was ready
    settings = Settings(
        home=path, port=processes.free_port(), trino_port=processes.free_port(), heap="2G"
    )
    try:
        local.up(settings, Console(stderr=True))
    except UserError as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(error.message)
    return settings


def _write_users(path: Path, add: int | None = None, remove: int | None = None) -> list[int]:
    """Change the list of processes that use it; return those that still live."""
    known = json.loads(path.read_text()) if path.exists() else []
    wanted = {*known, add} - {remove, None}
    alive = sorted(pid for pid in wanted if psutil.pid_exists(pid))
    path.write_text(json.dumps(alive))
    return alive
