"""One lake and the project built from it twice, on DuckDB and on a local Athena, side by side."""

import json
import os
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lake.paths import project_dir

SIDES = ("dev", "athena")
WITHOUT_TESTS = ("--exclude-resource-type", "test", "unit_test")


@dataclass
class Rehearsal:
    """One lake, and the two databases that are built from it.

    `variables` are dbt's; the days of the landed tables belong there, for an unfiltered scan of a
    projected table lists every day. `prefix` begins the names of the schemas.
    """

    home: Path
    athena: dict[str, str]
    variables: dict[str, str]
    prefix: str = ""

    @property
    def s3_lake(self) -> str:
        """Return the place of this lake in S3."""
        return f"s3://lake/{self.home.name}"

    @property
    def dev_environment(self) -> dict[str, str]:
        """Return the environment of the DuckDB side."""
        return {
            **os.environ,
            "LAKE_TARGET": "dev",
            "LAKE_SCHEMA_PREFIX": self.prefix,
            "LAKE_ROOT": str(self.home / "lake"),
            "LAKE_DB": str(self.home / "lake.duckdb"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }

    @property
    def athena_environment(self) -> dict[str, str]:
        """Return the environment of the Athena side; the DuckDB file stays what it is."""
        away = {"LAKE_TARGET": "athena_local", "LAKE_ROOT": self.s3_lake}
        return {**self.dev_environment, **self.athena, **away}

    def places(self, side: str) -> tuple[str, ...]:
        """Return the options that keep what dbt writes for one side apart."""
        logs = self.home / f"logs-{side}"
        return ("--target-path", str(self.home / side), "--log-path", str(logs))

    def upload(self) -> None:
        """Copy what is new in the lake to S3."""
        self.run(self.dev_environment | self.athena, "lake", "land", "upload", self.s3_lake)

    def dbt(self, side: str, *arguments: str, replay_from: str | None = None) -> str:
        """Run dbt on one side; return what it printed."""
        environment = self.dev_environment if side == "dev" else self.athena_environment
        variables = json.dumps(
            self.variables | ({"replay_from": replay_from} if replay_from else {})
        )
        return self.run(environment, "dbt", *arguments, "--vars", variables, *self.places(side))

    def tested(self, side: str, *selected: str) -> dict[str, tuple[str, int | None]]:
        """Return status and failing rows of each selected test on one side."""
        environment = self.dev_environment if side == "dev" else self.athena_environment
        variables = ("--vars", json.dumps(self.variables))
        subprocess.run(
            ("dbt", "test", *variables, *self.places(side), "--select", *selected),
            cwd=project_dir(),
            env=environment,
            capture_output=True,
            check=False,
        )
        results = json.loads((self.home / side / "run_results.json").read_text())["results"]
        return {
            one["unique_id"]: (one["status"], one["failures"])
            for one in results
            if not one["unique_id"].startswith("operation.")
        }

    def on_both(self, do: Callable[[str], Any]) -> dict[str, Any]:
        """Do something on both sides at the same time; return what it gave on each."""
        with ThreadPoolExecutor() as pool:
            return dict(zip(SIDES, pool.map(do, SIDES), strict=True))

    def build(self, replay_from: str | None = None) -> None:
        """Build seeds and models on both sides."""
        self.on_both(lambda side: self.dbt(side, "build", *WITHOUT_TESTS, replay_from=replay_from))

    def parity(self) -> list[dict[str, object]]:
        """Compare the two sides; return one entry a relation. It fails on any difference."""
        printed = self.run(self.dev_environment | self.athena, "lake", "parity", "--json")
        found: list[dict[str, object]] = json.loads(printed)
        return found

    def run(self, environment: dict[str, str], *command: str, code: int = 0) -> str:
        """Run a command in the project; another exit code fails the test with its last output."""
        done = subprocess.run(
            command, cwd=project_dir(), env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != code:
            pytest.fail(f"{' '.join(command)}\n{done.stdout[-6000:]}\n{done.stderr[-3000:]}")
        return done.stdout


def assert_equal_and_filled(found: list[dict[str, object]], filled: int = 45) -> None:
    """Assert that all relations are equal, and that at least so many of them have rows."""
    assert [item["relation"] for item in found if not item["holds"]] == []
    assert len(found) > 50
    assert sum(item["dev_rows"] > 0 for item in found) > filled
