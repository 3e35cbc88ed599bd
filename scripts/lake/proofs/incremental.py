"""Runs one schedule: lands, builds after each landing, and compares with a rebuild."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lake.proofs.compare import Comparison, Difference, compare
from lake.proofs.engine import BuildError, Engine, copy_database
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
    every: bool = False,
    progress: Progress = lambda _: None,
) -> Outcome:
    """Run the schedule of a seed in `folder`; it stops at the first difference or failed build.

    The folder holds the lake, the incremental database and the last rebuild, and stays for the caller to judge.
    """
    schedule = make_schedule(seed, batches)
    outcome = Outcome(seed, batches, folder=str(folder))
    shutil.rmtree(folder, ignore_errors=True)
    lake, database = folder / "lake", engine.new_database(folder / "incremental")
    start = time.monotonic()
    try:
        for number, step in enumerate(schedule.steps):
            outcome.batch = step.batch
            progress(f"seed {seed}: batch {step.batch + 1}, step {number + 1} of {len(schedule.steps)}")
            _take(engine, outcome, step, number == 0, lake, database)
            if (step.compare or every) and step.select is None:
                _compare_with_rebuild(engine, outcome, folder, lake, database)
            if outcome.differences:
                break
        else:
            # The same build once more: no row may differ from what the rebuild gave.
            _take(engine, outcome, Step(outcome.batch, ()), True, lake, database)
            _note(outcome, compare(database, folder / "rebuild" / database.name, tuple(engine.seeds)))
    except BuildError as error:
        outcome.error = str(error)
    outcome.seconds = time.monotonic() - start
    return outcome


def _take(
    engine: Engine, outcome: Outcome, step: Step, whole: bool, lake: Path, database: Path
) -> None:
    """Land the files of a step and build; views are built on the first and the last step only."""
    engine.land(lake, step.files)
    select = None if whole else engine.tables
    if step.select == "subset":
        select = engine.draw(step.draw)
    elif step.select is not None:
        select = step.select.split()
    engine.build(lake, database, select, step.replay_from)
    outcome.builds += 1
    outcome.partial_builds += step.select is not None
    outcome.replays += step.replay_from is not None


def _compare_with_rebuild(
    engine: Engine, outcome: Outcome, folder: Path, lake: Path, database: Path
) -> None:
    rebuilt = copy_database(database, folder / "rebuild")
    engine.build(lake, rebuilt, full_refresh=True)
    outcome.builds += 1
    _note(outcome, compare(database, rebuilt, tuple(engine.seeds)))


def _note(outcome: Outcome, comparison: Comparison) -> None:
    outcome.comparisons += 1
    outcome.relations += comparison.relations
    outcome.rows += comparison.rows
    outcome.differences += comparison.differences
