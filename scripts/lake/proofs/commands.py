"""`lake prove`: shows that increments equal rebuilds, by trying to break it."""

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table as Grid

from lake.errors import UserError
from lake.paths import project_dir
from lake.proofs.compare import Difference
from lake.proofs.crash import Stage, Stop, kill_once, prepare, stop_after, stop_landings
from lake.proofs.engine import BuildError
from lake.proofs.incremental import Outcome, run_schedule
from lake.proofs.journal import Journal
from lake.proofs.mutants import MUTANTS, Mutant, try_mutant
from lake.proofs.pool import Pool, Task, engine, say, worker_pool
from lake.proofs.workbench import check_least, progress, workshop
from lake.quality.screen import make_console

MINIMUM_BATCHES = 8


@dataclass(frozen=True)
class Plan:
    """One schedule to run: its seed and batches, and whether each whole build is compared."""

    seed: int
    batches: int
    every: bool


def engine_option(command: Any) -> Any:
    """Add the option that says where the increments are built."""
    return click.option(
        "--engine",
        "target",
        type=click.Choice(["dev", "athena_local"]),
        default="dev",
        show_default=True,
        help="Where the increments are built.",
    )(command)


@click.group()
def prove() -> None:
    """Prove that increments equal rebuilds, on small adversarial lakes."""


@prove.command()
@click.option("--schedules", default=3, show_default=True, help="How many arrival schedules.")
@click.option("--seed", default=1, show_default=True, help="Seed of the first; the next count on.")
@click.option("--batches", default=12, show_default=True, help="Arrival batches of a schedule.")
@click.option("--jobs", default=2, show_default=True, help="Processes that work side by side.")
@engine_option
@click.option("--every", is_flag=True, help="Compare after each whole build, not twice a schedule.")
@click.option(
    "--journal",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Note what holds in this file, and run nothing again that it notes of this project.",
)
@click.option("--keep", is_flag=True, help="Leave every lake and database for a look.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcomes for programs.")
@click.pass_context
def incremental(
    context: click.Context,
    *,
    schedules: int,
    seed: int,
    batches: int,
    jobs: int,
    target: str,
    every: bool,
    journal: Path | None,
    keep: bool,
    as_json: bool,
) -> None:
    """Land random schedules batch by batch, build after each, and compare with full rebuilds.

    A schedule is made from its seed alone: random batches with late, repeated, contradicting,
    broken and deleted records, builds of selections, replays. A difference leaves its lake and
    its databases behind, and gives exit code 1.

    \b
    Examples:
      lake prove incremental
      lake prove incremental --schedules 200 --batches 8 --journal schedules.jsonl
      lake prove incremental --schedules 1 --seed 7 --every
      lake prove incremental --schedules 1 --engine athena_local    (slow; `lake athena up` first)
    """
    check_least(schedules=(schedules, 1), batches=(batches, MINIMUM_BATCHES), jobs=(jobs, 1))
    notes = Journal(journal, project_dir(), f"{target}, {every=}") if journal else None
    plans = [Plan(seed + number, batches, every) for number in range(schedules)]
    noted = {plan: notes.held(plan.seed, batches) if notes else None for plan in plans}
    outcomes = [outcome for outcome in noted.values() if outcome]
    plans = [plan for plan in plans if not noted[plan]]
    with workshop(keep) as home, progress("schedules", len(plans)) as (advance, tell):
        tasks: list[Task[Outcome]] = [
            (_one_schedule, (project_dir(), target, home / f"schedule-{plan.seed}", plan))
            for plan in plans
        ]
        with worker_pool(home, max(1, min(jobs, len(plans)))) as pool:
            for outcome in pool.run(tasks, tell):
                outcomes.append(outcome)
                if notes:
                    notes.add(outcome)
                advance()
                if outcome.holds and not keep:
                    shutil.rmtree(outcome.folder, ignore_errors=True)
    outcomes.sort(key=lambda outcome: outcome.seed)
    if as_json:
        click.echo(json.dumps([asdict(outcome) | {"holds": outcome.holds} for outcome in outcomes]))
    else:
        _print_outcomes(outcomes)
    context.exit(0 if all(outcome.holds for outcome in outcomes) else 1)


def _one_schedule(project: Path, target: str, folder: Path, plan: Plan) -> Outcome:
    try:
        own = engine(project, target)
    except BuildError as error:
        return Outcome(plan.seed, plan.batches, error=str(error))
    return run_schedule(own, folder, plan.seed, plan.batches, every=plan.every, progress=say)


def _print_outcomes(outcomes: list[Outcome]) -> None:
    console = make_console()
    for outcome in outcomes:
        if not outcome.holds:
            console.print(f"seed {outcome.seed}, batch {outcome.batch + 1}:", style="bold")
            _print_differences(console, outcome.differences, outcome.error)
            if outcome.folder:
                console.print(f"  its lake and databases stay in {outcome.folder}", highlight=False)
    table = Grid(title="Increments against rebuilds")
    for name in ("seed", "batches", "builds", "of selections", "replays", "comparisons"):
        table.add_column(name, justify="right")
    for name in ("relations compared", "rows compared", "rows that differ", "seconds"):
        table.add_column(name, justify="right")
    for one in outcomes:
        table.add_row(
            str(one.seed),
            *map(str, (one.batches, one.builds, one.partial_builds, one.replays, one.comparisons)),
            f"{one.relations:,}",
            f"{one.rows:,}",
            "build failed" if one.error else f"{one.differing_rows:,}",
            f"{one.seconds:.0f}",
        )
    table.add_section()
    table.add_row(
        f"{len(outcomes)} schedules",
        *(
            f"{sum(getattr(one, name) for one in outcomes):,}"
            for name in (
                *("batches", "builds", "partial_builds", "replays", "comparisons"),
                *("relations", "rows", "differing_rows"),
            )
        ),
        f"{sum(one.seconds for one in outcomes):.0f}",
    )
    console.print(table)


def _print_differences(console: Console, differences: list[Difference], error: str = "") -> None:
    for line in error.splitlines():
        console.print(f"  {line}", highlight=False, markup=False)
    for item in differences:
        console.print(
            f"  {item.relation}: {item.only_left} rows only in the increment, "
            f"{item.only_right} only in the rebuild {item.note}",
            highlight=False,
            markup=False,
        )
        for sign, rows in (("+", item.sample_left), ("-", item.sample_right)):
            for row in rows:
                console.print(f"    {sign} {row}", highlight=False, markup=False)


@prove.command()
@click.option("--seed", default=1, show_default=True, help="Seed of the lake.")
@click.option("--step", default=1, show_default=True, help="Stop after every n-th model.")
@click.option("--kills", default=3, show_default=True, help="Builds killed at a random moment.")
@click.option("--jobs", default=2, show_default=True, help="Processes that work side by side.")
@engine_option
@click.option("--json", "as_json", is_flag=True, help="Print the outcome for programs.")
@click.pass_context
def crash(
    context: click.Context,
    *,
    seed: int,
    step: int,
    kills: int,
    jobs: int,
    target: str,
    as_json: bool,
) -> None:
    """Stop a build after each model in turn, build again, and compare with the undisturbed build.

    On Athena, where a database cannot be copied, four landings follow each other; the build of each
    is stopped once, and compared is with a rebuild on DuckDB.

    \b
    Examples:
      lake prove crash
      lake prove crash --seed 5 --kills 10
      lake prove crash --engine athena_local    (`lake athena up` first)
    """
    check_least(step=(step, 1), kills=(kills, 0), jobs=(jobs, 1))
    start = time.monotonic()
    stage: Stage | None = None
    stops, error = list[Stop](), ""
    with workshop(keep=False) as home, worker_pool(home, jobs) as pool:
        try:
            if target == "dev":
                stage = _undisturbed(pool, home, seed)
                stops += _stopped_in_turn(pool, stage, seed=seed, step=step, kills=kills, jobs=jobs)
            else:
                stops += _stopped_landings(pool, home, target, seed)
        except BuildError as failure:
            error = str(failure)
    differing = [*(stage.differences if stage else ()), *(d for s in stops for d in s.differences)]
    holds = bool(stops) and not error and not differing
    if as_json:
        click.echo(
            json.dumps({"holds": holds, "error": error, "stops": [asdict(s) for s in stops]})
        )
    else:
        _print_stops(stage, stops, error, time.monotonic() - start)
    context.exit(0 if holds else 1)


def _undisturbed(pool: Pool, home: Path, seed: int) -> Stage:
    tasks: list[Task[Stage]] = [(prepare, (project_dir(), home / "crash", seed))]
    with progress("undisturbed build", 1) as (_, tell):
        (stage,) = pool.run(tasks, tell)
    return stage


def _stopped_in_turn(
    pool: Pool, stage: Stage, *, seed: int, step: int, kills: int, jobs: int
) -> Iterator[Stop]:
    positions = list(range(0, len(stage.models) - 1, step))
    # Neighbours go to the same worker, whose stopped database then moves on by few models.
    share = -(-len(positions) // (2 * jobs)) or 1
    tasks: list[Task[Any]] = [
        (stop_after, (stage, positions[first : first + share]))
        for first in range(0, len(positions), share)
    ]
    tasks += [(kill_once, (stage, number, seed)) for number in range(kills)]
    with progress("stopped builds", len(positions) + kills) as (advance, tell):
        for found in pool.run(tasks, tell):
            for stop in found if isinstance(found, list) else [found]:
                yield stop
                advance()


def _stopped_landings(pool: Pool, home: Path, target: str, seed: int) -> list[Stop]:
    tasks: list[Task[list[Stop]]] = [(stop_landings, (project_dir(), target, home / "crash", seed))]
    with progress("stopped builds", 1) as (_, tell):
        (stops,) = pool.run(tasks, tell)
    return stops


def _print_stops(stage: Stage | None, stops: list[Stop], error: str, seconds: float) -> None:
    console = make_console()
    _print_differences(console, list(stage.differences) if stage else [], error)
    for stop in stops:
        if stop.differences:
            console.print(f"stopped after {stop.after}:", style="bold")
            _print_differences(console, stop.differences)
    table = Grid(title="Stopped builds, built again, against the undisturbed build")
    columns = ("stops after a model", "SIGKILLs", "relations compared", "rows compared")
    for name in (*columns, "stops that differ", "seconds"):
        table.add_column(name, justify="right")
    killed = sum(stop.was_killed for stop in stops)
    table.add_row(
        str(sum(not stop.after.startswith("SIGKILL") for stop in stops)),
        str(killed),
        f"{sum(stop.relations for stop in stops):,}",
        f"{sum(stop.rows for stop in stops):,}",
        "build failed" if error else str(sum(bool(stop.differences) for stop in stops)),
        f"{seconds:.0f}",
    )
    console.print(table)


@prove.command()
@click.option("--only", multiple=True, help="Only the mutant of this name; may be repeated.")
@click.option("--batches", default=10, show_default=True, help="Arrival batches of a schedule.")
@click.option("--jobs", default=2, show_default=True, help="Processes that work side by side.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcomes for programs.")
@click.pass_context
def mutants(
    context: click.Context, *, only: tuple[str, ...], batches: int, jobs: int, as_json: bool
) -> None:
    """Break one thing of the project at a time, and check that `prove incremental` finds it.

    \b
    Examples:
      lake prove mutants
      lake prove mutants --only mark-is-exclusive
    """
    check_least(batches=(batches, MINIMUM_BATCHES), jobs=(jobs, 1))
    names = [mutant.name for mutant in MUTANTS]
    for name in only:
        if name not in names:
            raise UserError(f"no mutant {name!r}; choose among {', '.join(names)}")
    chosen = [mutant for mutant in MUTANTS if not only or mutant.name in only]
    results: list[tuple[Mutant, Outcome]] = []
    with workshop(keep=False) as home, progress("mutants", len(chosen)) as (advance, tell):
        tasks: list[Task[tuple[Mutant, Outcome]]] = [
            (_one_mutant, (project_dir(), home, mutant, batches)) for mutant in chosen
        ]
        with worker_pool(home, min(jobs, len(chosen))) as pool:
            for result in pool.run(tasks, tell):
                results.append(result)
                advance()
    results.sort(key=lambda result: names.index(result[0].name))
    if as_json:
        found = [asdict(one) | {"found": bool(outcome.differences)} for one, outcome in results]
        click.echo(json.dumps(found))
    else:
        _print_mutants(results)
    context.exit(0 if all(outcome.differences for _, outcome in results) else 1)


def _one_mutant(project: Path, home: Path, mutant: Mutant, batches: int) -> tuple[Mutant, Outcome]:
    try:
        return mutant, try_mutant(project, home / "mutants", mutant, batches)
    except BuildError as error:
        return mutant, Outcome(mutant.seed, batches, error=str(error))


def _print_mutants(results: list[tuple[Mutant, Outcome]]) -> None:
    table = Grid(title="Sabotaged projects")
    for name in ("mutant", "broken in", "found", "in batch", "rows that differ", "seconds"):
        table.add_column(name)
    for mutant, outcome in results:
        found = "yes" if outcome.differences else (outcome.error.splitlines() or ["NO"])[0]
        table.add_row(
            mutant.name,
            mutant.file,
            found,
            str(outcome.batch + 1),
            str(outcome.differing_rows),
            f"{outcome.seconds:.0f}",
        )
    make_console().print(table)
