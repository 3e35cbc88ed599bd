"""`lake bench athena`: start, memory, latency and builds of the local Athena, and conformance."""

import json
import os
import shutil
import statistics
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from lake.athena import conformance as suite
from lake.athena.control import client, local, processes
from lake.athena.engine.client import Trino
from lake.athena.errors import AthenaFailure
from lake.athena.settings import Settings
from lake.bench.measure import machine
from lake.paths import project_dir
from lake.proofs.schedule import make_schedule

TRIVIAL = "select 1"
WARM_UP, REPEATS = 20, 200
# Far busier than any client (PyAthena and dbt-athena ask once or twice a second); a tighter loop
# would measure the service answering it.
POLL_SECONDS = 0.01
# The schedule whose thirds are built: the one of `make athena-test`.
SEED, BATCHES = 1, 8


@dataclass(frozen=True)
class Latency:
    """Medians of a trivial statement in milliseconds.

    `engine` is the statement sent to Trino itself, `syntax` the question whether it parses, which
    the service asks before it, `statement` what the service says that it took, `client` from the
    start to the results in hand, asking a hundred times a second.
    """

    engine: float
    syntax: float
    statement: float
    client: float

    @property
    def share(self) -> float:
        """What the service adds to the time of both requests to the engine."""
        return self.statement - self.engine - self.syntax


@dataclass(frozen=True)
class Build:
    """One increment: records landed for it, and seconds of its build on each engine."""

    files: int
    athena_seconds: float
    duckdb_seconds: float


@click.command()
@click.option(
    "--conformance",
    "checkout",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A checkout of dbt-labs/dbt-adapters, for the adapter's own suite.",
)
@click.option("--json", "as_json", is_flag=True, help="Print figures for programs.")
def athena(checkout: Path | None, as_json: bool) -> None:
    """Start, memory, latency, three builds of the project, conformance of the local Athena.

    It starts one of its own, on free ports and in a folder that is removed afterwards.

    \b
    Examples:
      lake bench athena
      lake bench athena --conformance ~/dbt-adapters/dbt-athena
    """
    folder = suite.suite_folder(checkout) if checkout else None
    console = Console(stderr=True)
    home = Path(tempfile.mkdtemp(prefix="lake-bench-")).resolve()
    settings = Settings(home=home, port=processes.free_port(), trino_port=processes.free_port())
    figures: dict[str, Any] = {"machine": machine()}
    try:
        figures["start_seconds"] = local.up(settings, console)
        figures["memory_at_rest"] = _memory(settings)
        with console.status("latency"):
            figures["latency"] = latency(settings)
        with console.status("three builds on both engines"):
            figures["builds"] = three_builds(settings, home / "project")
        figures["memory_after_builds"] = _memory(settings)
        if folder:
            log = home / "conformance.log"
            with console.status("the adapter's suite"):
                figures["conformance"] = suite.run_suite(folder, settings, log, workers=2)
    finally:
        local.down(settings.home)
        shutil.rmtree(home, ignore_errors=True)
    if as_json:
        click.echo(json.dumps(_plain(figures)))
    else:
        _print(figures)


def _memory(settings: Settings) -> dict[str, int]:
    """Return the resident bytes of both processes."""
    return {part.name: part.memory for part in local.parts(local.Home(settings.home))}


def latency(settings: Settings) -> Latency:
    """Run a trivial statement many times, on the engine itself and through the Athena API."""
    trino = Trino(settings.trino_url)
    engine, syntax, own, whole = [], [], [], []
    api = client.athena(settings)
    place: Any = {"OutputLocation": f"s3://{settings.buckets[-1]}/bench/"}
    for number in range(WARM_UP + REPEATS):
        began = time.perf_counter()
        trino.run(TRIVIAL)
        direct = time.perf_counter() - began
        began = time.perf_counter()
        # One value too many, as the service asks: the engine parses the text and goes no further.
        with suppress(AthenaFailure):
            trino.run(f"EXECUTE IMMEDIATE '{TRIVIAL}' USING 1")
        parse = time.perf_counter() - began
        began = time.perf_counter()
        started = api.start_query_execution(QueryString=TRIVIAL, ResultConfiguration=place)
        name = started["QueryExecutionId"]
        while True:
            execution = api.get_query_execution(QueryExecutionId=name)["QueryExecution"]
            if execution["Status"]["State"] not in client.RUNNING:
                break
            time.sleep(POLL_SECONDS)
        api.get_query_results(QueryExecutionId=name)
        if number >= WARM_UP:
            engine.append(direct * 1000)
            syntax.append(parse * 1000)
            own.append(float(execution["Statistics"]["TotalExecutionTimeInMillis"]))
            whole.append((time.perf_counter() - began) * 1000)
    return Latency(*map(statistics.median, (engine, syntax, own, whole)))


def three_builds(settings: Settings, folder: Path) -> list[Build]:
    """Land a schedule in three parts and build after each, on this local Athena and on DuckDB."""
    from lake.proofs.on_athena import AthenaEngine  # noqa: PLC0415  it loads boto3

    os.environ.update(client.environment(settings) | {"NO_PROXY": "127.0.0.1"})
    engine = AthenaEngine(project_dir(), folder, "athena_local")
    lake, database = folder / "lake", engine.new_database(folder / "incremental")
    reference = engine.reference.new_database(folder / "incremental-duckdb")
    steps = make_schedule(SEED, BATCHES).steps
    thirds = [steps[len(steps) * n // 3 : len(steps) * (n + 1) // 3] for n in range(3)]
    builds = []
    for third in thirds:
        replays = [step.replay_from for step in third if step.replay_from]
        for step in third:
            engine.land(lake, step.files)
        replay = min((each.replace("-", "").ljust(10, "0") for each in replays), default=None)
        builds.append(
            Build(
                sum(len(step.files) for step in third),
                engine.build(lake, database, replay_from=replay).seconds,
                engine.reference.build(lake, reference, replay_from=replay).seconds,
            )
        )
    return builds


def _plain(figures: dict[str, Any]) -> dict[str, Any]:
    """Return the figures as JSON takes them."""
    plain = dict(figures)
    plain["latency"] = asdict(figures["latency"]) | {"share": figures["latency"].share}
    plain["builds"] = [asdict(build) for build in figures["builds"]]
    if "conformance" in figures:
        plain["conformance"] = figures["conformance"].as_object()
    return plain


def _print(figures: dict[str, Any]) -> None:
    table = Table("measure", title=f"lake bench athena: {figures['machine']}")
    table.add_column("figure", justify="right")
    table.add_row("start, s", f"{figures['start_seconds']:.1f}")
    for moment in ("memory_at_rest", "memory_after_builds"):
        for part, size in figures[moment].items():
            table.add_row(f"{moment.replace('_', ' ')}, {part}, MB", f"{size / 1e6:,.0f}")
    spent: Latency = figures["latency"]
    table.add_row(f"{TRIVIAL} on the engine itself, ms", f"{spent.engine:.1f}")
    table.add_row("the question whether it parses, ms", f"{spent.syntax:.1f}")
    table.add_row("the same as a statement of Athena, ms", f"{spent.statement:.1f}")
    table.add_row("of which the service's own share, ms", f"{spent.share:.1f}")
    table.add_row("the same, client with results in hand, ms", f"{spent.client:.1f}")
    for number, build in enumerate(figures["builds"], 1):
        table.add_row(f"build {number}, Athena, s", f"{build.athena_seconds:.1f}")
        table.add_row(f"build {number}, DuckDB, s", f"{build.duckdb_seconds:.1f}")
    if report := figures.get("conformance"):
        for outcome in (suite.PASSED, suite.FAILED, suite.SKIPPED):
            table.add_row(f"adapter's suite, {outcome}", str(report.count(outcome)))
        table.add_row("failed without a known reason", str(len(report.unexpected)))
    Console(width=70).print(table)
