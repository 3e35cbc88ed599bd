"""What the Python tests share: the real data, and a lake built by dbt in a folder of its own."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
import tiny

PROJECT = Path(__file__).resolve().parents[2]


def real_data(folder: str) -> Path:
    """Return a folder of the published data sets; skip where it is absent, fail so in CI.

    `LAKE_REAL_DATA` names the place (default: `../shared/data/real`); `none` says there is none.
    """
    place = os.environ.get("LAKE_REAL_DATA", str(PROJECT.parent / "shared" / "data" / "real"))
    path = Path(place) / folder
    if path.is_dir():
        return path
    message = f"no published data at {path}; set LAKE_REAL_DATA to the folder that holds {folder}/"
    if os.environ.get("CI") and place != "none":
        pytest.fail(message)
    pytest.skip(message)


@dataclass(frozen=True)
class Lake:
    """A landing folder and the database that is built from it."""

    folder: Path

    @property
    def root(self) -> Path:
        """Return the landing folder."""
        return self.folder / "lake"

    @property
    def database(self) -> Path:
        """Return the DuckDB file."""
        return self.folder / "lake.duckdb"

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment that points every command at this lake."""
        return {
            **os.environ,
            "LAKE_ROOT": str(self.root),
            "LAKE_DB": str(self.database),
            "DBT_TARGET_PATH": str(self.folder / "target"),
            "DBT_LOG_PATH": str(self.folder / "logs"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }

    def run(self, *command: str, code: int = 0) -> str:
        """Run a command in the project against this lake; return what it printed."""
        done = subprocess.run(
            command, cwd=PROJECT, env=self.environment, capture_output=True, text=True, check=False
        )
        output = done.stdout + done.stderr
        assert done.returncode == code, f"{' '.join(command)} gave {done.returncode}:\n{output}"
        return output

    def build(self, *options: str) -> None:
        """Build seeds and models; the tests of the project have their own place."""
        self.run(
            "dbt", "--quiet", "build", "--exclude-resource-type", "test", "unit_test", *options
        )

    def query(self, sql: str) -> list[tuple]:
        """Return the rows of a query on the database."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    """Return dbt with the project parsed once, for builds of tiny lakes within this process."""
    from lake.proofs.engine import Engine  # noqa: PLC0415  only some tests need it

    before = dict(os.environ)
    yield Engine(PROJECT, tmp_path_factory.mktemp("engine"))
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def tiny_lake(engine, tmp_path_factory):
    """Return the lake of `tiny.py`, built; who wants to change it takes a copy."""
    lake = Lake(tmp_path_factory.mktemp("tiny"))
    tiny.write_lake(lake.root)
    engine.new_database(lake.folder)
    engine.build(lake.root, lake.database)
    return lake
