"""Runs one schedule: lands, builds after each landing, and compares with a rebuild."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lake.proofs.compare import Difference
from lake.proofs.engine import TABLES, BuildError, Engine
from lake.proofs.schedule import Step, make_schedule

Progress = Callable[[str], None]


@dataclass
class Outcome:
    """What one schedule showed."""

    seed: int
    batches: int
    builds: int = 0
    partial_builds: int = 0
    replays: int = 0
    comparisons: int = 0
    relations: int = 0
    rows: int = 0
    seconds: float = 0.0
    batch: int = -1
    error: str = ""
    folder: str = ""
    differences: list[Difference] = field(default_factory=list)

    @property
    def differing_rows(self) -> int:
        """Return the rows that one side has and the other has not; a wrong schema counts as one."""
        return sum(max(1, item.only_left + item.only_right) for item in self.differences)

    @property
    def holds(self) -> bool:
        """Return whether every build worked and equals its rebuild."""
        return not self.error and not self.differences


def run_schedule(
    engine: Engine,
    folder: Path,
    seed: int,
    batches: int,
    *,
    every: bool = False,
    progress: Progress = lambda _: None,
) -> Outcome:
    """Run the schedule of a seed in `folder`; it stops at the first difference or failed build.

    The folder holds the lake, the incremental database and the last rebuild, and stays.
    """
    schedule = make_schedule(seed, batches)
    shutil.rmtree(folder, ignore_errors=True)
    run = _Run(engine, folder, Outcome(seed, batches, folder=str(folder)))
    start = time.monotonic()
    try:
        for number, step in enumerate(schedule.steps):
            progress(
                f"seed {seed}: batch {step.batch + 1}, step {number + 1} of {len(schedule.steps)}"
            )
            run.take(step, views=number == 0)
            if (step.compare or every) and step.select is None:
                run.compare_with_rebuild()
            if run.outcome.differences:
                break
        else:
            run.build_once_more()
    except BuildError as error:
        run.outcome.error = str(error)
    run.outcome.seconds = time.monotonic() - start
    return run.outcome


class _Run:
    def __init__(self, engine: Engine, folder: Path, outcome: Outcome) -> None:
        self.engine = engine
        self.folder = folder
        self.outcome = outcome
        self.lake = folder / "lake"
        self.database = engine.new_database(folder / "incremental")
        self.rebuilt = folder

    def take(self, step: Step, views: bool) -> None:
        """Land the files of a step and build; views are the same in each build, so seldom made."""
        self.outcome.batch = step.batch
        self.engine.land(self.lake, step.files)
        select = None if views else TABLES
        if step.select == "subset":
            select = self.engine.draw(step.draw)
        elif step.select is not None:
            select = step.select.split()
        self.engine.build(self.lake, self.database, select, step.replay_from)
        self.outcome.builds += 1
        self.outcome.partial_builds += step.select is not None
        self.outcome.replays += step.replay_from is not None

    def compare_with_rebuild(self) -> None:
        """Build everything anew beside it and compare."""
        self.rebuilt = self.engine.rebuild(self.lake, self.database, self.folder / "rebuild")
        self.outcome.builds += 1
        self._compare()

    def build_once_more(self) -> None:
        """Build with nothing new, everything this time: no row may differ from the rebuild."""
        self.take(Step(self.outcome.batch, ()), views=True)
        self._compare()

    def _compare(self) -> None:
        seen = self.engine.compare(self.database, self.rebuilt)
        self.outcome.comparisons += 1
        self.outcome.relations += seen.relations
        self.outcome.rows += seen.rows
        self.outcome.differences += seen.differences
