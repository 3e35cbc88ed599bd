"""A lake of a test: a landing folder, and the database that is built from it."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[2]


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
