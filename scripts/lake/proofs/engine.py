"""dbt inside this process: parsed once, then built as often as needed, on any lake."""

import gc
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, ClassVar
from unittest.mock import patch

from lake.contract import load_contract
from lake.database import close_dbt_connections
from lake.errors import UserError
from lake.landing.writer import write_file
from lake.proofs.compare import Comparison, compare
from lake.proofs.quick_dbt import quick_dbt
from lake.proofs.schedule import LandedFile

# dbt keeps the name of the database in what it parsed; the file must always be called so.
DATABASE = "lake.duckdb"
# Views are the same in each build. Two criteria are matched faster than forty names.
TABLES = ["config.materialized:table", "config.materialized:incremental"]


class BuildError(Exception):
    """A build that failed: the models and what they said."""


@dataclass(frozen=True)
class Build:
    """One finished build: its duration and the models it ran, in order."""

    seconds: float
    models: tuple[str, ...]


class Engine:
    """A parsed project and a database that holds its seeds.

    The settings of dbt are the environment of the process, set anew for each build: an engine is
    used by one thread, and no other dbt runs in its process meanwhile.
    """

    threads = 1
    variables: ClassVar[dict[str, str]] = {}

    def __init__(self, project: Path, home: Path, *, target: str = "dev", prefix: str = "") -> None:
        """Parse the project and load its seeds; everything is written below `home`.

        `prefix` begins the name of each schema.

        Raises:
            BuildError: the project does not parse, or a seed does not load.
        """
        self.project = project.resolve()
        self.home = home
        self.target = target
        self.prefix = prefix
        self._tables = load_contract(self.project)
        self.template = home / "template" / DATABASE
        self.template.parent.mkdir(parents=True, exist_ok=True)
        self.manifest: Any = None
        self._set(home / "lake", self.template)
        self.manifest = self._invoke("parse").result
        self._seed()
        self.incremental = sorted(
            node.name
            for node in self.manifest.nodes.values()
            if node.resource_type == "model" and node.config.materialized == "incremental"
        )
        self.seeds = sorted(
            node.name for node in self.manifest.nodes.values() if node.resource_type == "seed"
        )
        # The project stays: no later collection needs to walk through it. What was kept of an
        # engine before is given back first.
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    def _seed(self) -> None:
        self._invoke("seed")

    def new_database(self, folder: Path) -> Path:
        """Return a database in `folder` that holds the seeds and nothing else."""
        return copy_database(self.template, folder)

    def land(self, lake: Path, files: tuple[LandedFile, ...]) -> None:
        """Write files into a lake."""
        for file in files:
            relative = f"{self._tables[file.table].partition(file.day)}/{file.name}"
            write_file(lake, relative, file.content)

    def draw(self, seed: int) -> list[str]:
        """Return a random set of incremental models."""
        rng = Random(seed)
        return rng.sample(self.incremental, rng.randint(2, len(self.incremental) // 2))

    def build(
        self,
        lake: Path,
        database: Path,
        select: list[str] | None = None,
        replay_from: str | None = None,
        full_refresh: bool = False,
    ) -> Build:
        """Run the models, all or a selection, and close the database.

        Raises:
            BuildError: a model failed.
        """
        self._set(lake, database)
        arguments = ["run", "--threads", str(self.threads)]
        if select is not None:
            arguments += ["--select", *select]
        if full_refresh:
            arguments.append("--full-refresh")
        start = time.monotonic()
        outcome = self._invoke(*arguments, replay_from=replay_from)
        models = tuple(result.node.name for result in outcome.result.results if result.node.name)
        return Build(time.monotonic() - start, models)

    def unit_test(self, lake: Path, database: Path, model: str) -> list[str]:
        """Run the unit tests of a model; return the status of each."""
        self._set(lake, database)
        outcome = self._run("test", "--select", f"{model},test_type:unit")
        if outcome.result is None:
            return ["error"]
        return [
            str(result.status)
            for result in outcome.result.results
            if result.node.resource_type == "unit_test"
        ]

    @contextmanager
    def changed(self, model: str, code: str) -> Iterator[None]:
        """Give a model another text as long as the block runs."""
        node = next(node for node in self.manifest.nodes.values() if node.name == model)
        with patch.object(node, "raw_code", code):
            yield

    def rebuild(self, lake: Path, database: Path, folder: Path) -> Path:
        """Build everything in a lake anew in `folder`, as a full refresh of a copy.

        Raises:
            BuildError: a model failed.
        """
        rebuilt = copy_database(database, folder)
        self.build(lake, rebuilt, full_refresh=True)
        return rebuilt

    def compare(self, database: Path, rebuilt: Path) -> Comparison:
        """Compare what was built with a rebuild."""
        return compare(database, rebuilt, tuple(self.seeds))

    def _set(self, lake: Path, database: Path) -> None:
        for name in ("DBT_TARGET_PATH", "DBT_LOG_PATH"):
            os.environ.pop(name, None)
        os.environ["LAKE_TARGET"] = self.target
        os.environ["LAKE_SCHEMA_PREFIX"] = self.prefix
        os.environ["DO_NOT_TRACK"] = "1"
        os.environ["LAKE_ROOT"] = str(lake)
        os.environ["LAKE_DB"] = str(database)

    def _invoke(self, *arguments: str, replay_from: str | None = None) -> Any:
        """Run dbt and return its result.

        Raises:
            BuildError: dbt or a node failed.
        """
        outcome = self._run(*arguments, replay_from=replay_from)
        if not outcome.success:
            raise BuildError(_failures(arguments, outcome))
        return outcome

    def _run(self, *arguments: str, replay_from: str | None = None) -> Any:
        """Run dbt and return its result, good or bad; every connection is closed after it."""
        from dbt.cli.main import dbtRunner  # noqa: PLC0415  dbt takes two seconds to import

        variables = self.variables | ({} if replay_from is None else {"replay_from": replay_from})
        try:
            with quick_dbt():
                return dbtRunner(manifest=self.manifest).invoke(
                    [
                        *("--log-level", "none", "--log-level-file", "none", "--no-use-colors"),
                        *("--log-path", str(self.home / "logs"), "--no-write-json", "--no-print"),
                        *arguments,
                        *(("--vars", json.dumps(variables)) if variables else ()),
                        *("--project-dir", str(self.project), "--profiles-dir", str(self.project)),
                        *("--target-path", str(self.home / "target")),
                    ]
                )
        finally:
            close_dbt_connections()
            gc.collect()


def _failures(arguments: tuple[str, ...], outcome: Any) -> str:
    """Return what went wrong, one line a model."""
    if outcome.exception is not None:
        return f"dbt {' '.join(arguments)}: {outcome.exception}"
    failed = [
        f"{result.node.name}: {' '.join(str(result.message).split())}"
        for result in getattr(outcome.result, "results", [])
        if str(result.status) in ("error", "fail", "runtime error")
    ]
    return "\n".join(failed) or f"dbt {' '.join(arguments)} failed"


def copy_database(database: Path, folder: Path) -> Path:
    """Copy a closed database into another folder, under the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / DATABASE
    target.unlink(missing_ok=True)
    (folder / f"{DATABASE}.wal").unlink(missing_ok=True)
    shutil.copyfile(database, target)
    wal = database.with_name(f"{database.name}.wal")
    if wal.exists():
        shutil.copyfile(wal, target.with_name(wal.name))
    return target


def copy_project(project: Path, folder: Path) -> Path:
    """Copy the parts of the project that dbt reads, and return the copy."""
    if not (project / "dbt_project.yml").is_file():
        raise UserError(f"{project} is no dbt project; run lake inside the project")
    for name in ("dbt_project.yml", "profiles.yml"):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(project / name, folder / name)
    for name in ("models", "macros", "seeds", "tests/generic"):
        shutil.copytree(project / name, folder / name)
    return folder
