"""Stops a build after each model, kills others at random; the next build must mend it all."""

import os
import shutil
import signal
import time
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

from lake.proofs.compare import Difference, compare
from lake.proofs.engine import TABLES, Engine, copy_database
from lake.proofs.pool import engine, say
from lake.proofs.schedule import Step, make_schedule

BATCHES = 8
LANDINGS = 4  # stopped builds on an engine whose databases cannot be copied


@dataclass(frozen=True)
class Stage:
    """A lake with a landing that is not yet built, and the databases before and after its build."""

    project: Path
    folder: Path
    models: tuple[str, ...]
    seconds: float
    differences: tuple[Difference, ...]
    relations: int
    rows: int

    @property
    def lake(self) -> Path:
        """Return the lake."""
        return self.folder / "lake"

    @property
    def before(self) -> Path:
        """Return the database before the landing was built."""
        return self.folder / "before" / "lake.duckdb"

    @property
    def undisturbed(self) -> Path:
        """Return the database after a build without accidents."""
        return self.folder / "undisturbed" / "lake.duckdb"


@dataclass
class Stop:
    """One stopped build: the model or moment of the stop, and what differs after the next build."""

    after: str
    relations: int = 0
    rows: int = 0
    differences: list[Difference] = field(default_factory=list)
    was_killed: bool = False


def prepare(project: Path, folder: Path, seed: int) -> Stage:
    """Build half of a schedule in three builds, land the other half, and build it undisturbed.

    The undisturbed build is itself compared with a rebuild: what equals it keeps the promise.

    Raises:
        BuildError: a build failed although nothing stopped it.
    """
    own = engine(project)
    say(f"seed {seed}: the undisturbed build")
    shutil.rmtree(folder, ignore_errors=True)
    lake = folder / "lake"
    steps = [step for step in make_schedule(seed, BATCHES).steps if step.replay_from is None]
    half = len(steps) // 2
    before = own.new_database(folder / "before")
    for part in (steps[: half // 2], steps[half // 2 : half]):
        _land(own, lake, part)
        own.build(lake, before)
    _land(own, lake, steps[half:])
    undisturbed = copy_database(before, folder / "undisturbed")
    build = own.build(lake, undisturbed, TABLES)
    rebuilt = copy_database(before, folder / "rebuild")
    own.build(lake, rebuilt, full_refresh=True)
    seen = compare(undisturbed, rebuilt, tuple(own.seeds))
    return Stage(
        project, folder, build.models, build.seconds, seen.differences, seen.relations, seen.rows
    )


def _land(own: Engine, lake: Path, steps: list[Step]) -> None:
    for step in steps:
        own.land(lake, step.files)


def stop_after(stage: Stage, positions: list[int]) -> list[Stop]:
    """Stop the build after the model at each position of its order, build again, and compare.

    One database moves from stop to stop, as the stopped build would have left it; each second
    build has a copy.

    Raises:
        BuildError: a build failed.
    """
    own = engine(stage.project)
    folder = stage.folder / f"stops-{positions[0]}" if positions else stage.folder
    stopped, done, stops = copy_database(stage.before, folder / "stopped"), 0, []
    for position in sorted(positions):
        model = stage.models[position]
        say(f"stop after {model} ({position + 1} of {len(stage.models)})")
        own.build(stage.lake, stopped, list(stage.models[done : position + 1]))
        done = position + 1
        stops.append(_again(own, stage, stopped, folder, Stop(model)))
    return stops


def stop_landings(project: Path, target: str, folder: Path, seed: int) -> list[Stop]:
    """Land half of a schedule and build it; land the rest in parts, and stop the build of each.

    The form for an engine whose databases cannot be copied: each stopped build leaves its database
    to the next landing's, after a second build has mended it. The models after which the builds
    stop lie evenly in the order of the build. Compared is after each mended build.

    Raises:
        BuildError: a build failed although nothing stopped it.
    """
    own = engine(project, target)
    shutil.rmtree(folder, ignore_errors=True)
    lake, database = folder / "lake", own.new_database(folder / "stopped")
    steps = [step for step in make_schedule(seed, BATCHES).steps if step.replay_from is None]
    half = len(steps) // 2
    say(f"seed {seed}: the first build")
    _land(own, lake, steps[:half])
    own.build(lake, database)
    models = own.build(lake, database, TABLES).models
    stops = []
    for part in range(LANDINGS):
        position = (2 * part + 1) * len(models) // (2 * LANDINGS)
        say(f"stop after {models[position]} ({part + 1} of {LANDINGS})")
        rest = steps[half:]
        _land(own, lake, rest[len(rest) * part // LANDINGS : len(rest) * (part + 1) // LANDINGS])
        own.build(lake, database, list(models[: position + 1]))
        own.build(lake, database, TABLES)
        seen = own.compare(database, own.rebuild(lake, database, folder / "rebuild"))
        stops.append(Stop(models[position], seen.relations, seen.rows, list(seen.differences)))
    return stops


def kill_once(stage: Stage, number: int, seed: int) -> Stop:
    """Kill a building process at a random moment with SIGKILL, build again, and compare.

    Raises:
        BuildError: the second build failed.
    """
    own = engine(stage.project)
    folder = stage.folder / f"kill-{number}"
    database = copy_database(stage.before, folder / "killed")
    share = Random(f"{seed}-{number}").uniform(0.1, 0.9)
    say(f"kill {number + 1}: after {share:.0%} of a build")
    context = get_context("spawn")
    started = context.Event()
    home = folder / "victim"
    shutil.copytree(own.home / "target", home / "target")
    victim = context.Process(
        target=_victim, args=(stage.project, home, stage.lake, database, started)
    )
    victim.start()
    started.wait(120)
    time.sleep(share * stage.seconds)
    was_killed = victim.is_alive() and victim.pid is not None
    if was_killed:
        os.kill(victim.pid or 0, signal.SIGKILL)
    victim.join()
    stop = Stop(f"SIGKILL after {share:.0%} of the time", was_killed=was_killed)
    return _again(own, stage, database, folder, stop)


def _victim(project: Path, home: Path, lake: Path, database: Path, started: Any) -> None:
    own = Engine(project, home)
    started.set()
    own.build(lake, database, TABLES)


def _again(own: Engine, stage: Stage, stopped: Path, folder: Path, stop: Stop) -> Stop:
    """Build on a copy of a stopped database and compare it with the undisturbed one."""
    again = copy_database(stopped, folder / "again")
    own.build(stage.lake, again, TABLES)
    seen = compare(again, stage.undisturbed, tuple(own.seeds))
    stop.relations, stop.rows = seen.relations, seen.rows
    stop.differences += seen.differences
    return stop
