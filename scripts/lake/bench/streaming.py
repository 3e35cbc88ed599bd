"""`lake bench streaming`: a clickstream from raw to gold, its sessions, and one more hour of it."""

import gzip
import json
import shutil
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

import click
import duckdb
from rich.console import Console

from lake.bench.measure import machine, print_columns, raw_size, run, workbench
from lake.contract import load_contract
from lake.database import schema
from lake.errors import UserError
from lake.landing.writer import write_file
from lake.paths import project_dir

TABLE = "events"
FIRST_DAY = date(2025, 1, 1)
HOUR = "T12:"
MODELS = ("+agg_events_minute", "+rpt_conversion_funnel")
SESSIONS = ("int_session_events", "int_sessions")
DBT_RUN = ("dbt", "--quiet", "run", "--select", *MODELS)


@dataclass(frozen=True)
class Figures:
    """What one length of history measured; times in seconds, sizes in bytes."""

    events: int
    days: int
    raw_bytes: int
    landing_seconds: float
    landing_cpu_seconds: float
    full_seconds: float
    full_cpu_seconds: float
    full_peak_bytes: int
    session_seconds: float
    sessions: int
    hour_events: int
    hour_seconds: float
    hour_session_seconds: float
    idle_seconds: float


@click.command()
@click.option(
    "--days",
    "histories",
    type=click.IntRange(min=1, max=390),
    multiple=True,
    default=(10, 100),
    show_default=True,
    help="Days of history.",
)
@click.option(
    "--scale",
    type=click.FloatRange(min=0, min_open=True),
    default=200,
    show_default=True,
    help="Size of the shop, as of `lake land generate`: 200 has some 100,000 events a day.",
)
@click.option("--keep", is_flag=True, help="Leave the lakes and databases for a look.")
@click.option("--json", "as_json", is_flag=True, help="Print figures for programs.")
def streaming(histories: tuple[int, ...], scale: float, keep: bool, as_json: bool) -> None:
    """Clickstream from raw to gold, and one more hour of it, at each length of history.

    Example: lake bench streaming --days 10 --scale 20
    """
    console = Console(stderr=True)
    figures = []
    with workbench(keep) as folder:
        for days in histories:
            with console.status(f"{days} days"):
                figures.append(_measure(folder / str(days), days, scale))
    if as_json:
        click.echo(json.dumps({"machine": machine(), "histories": [asdict(f) for f in figures]}))
    else:
        _print(figures)


def _measure(folder: Path, days: int, scale: float) -> Figures:
    folder.mkdir(parents=True)
    last = FIRST_DAY + timedelta(days=days - 1)
    land = ("lake", "land", "generate", "--tables", TABLE, "--scale", str(scale))
    landing = run(folder, *land, "--until", last.isoformat())
    raw_bytes, events = raw_size(folder / "lake")
    run(folder, "dbt", "--quiet", "seed")
    full = run(folder, *DBT_RUN)
    full_models = _model_seconds(folder)
    sessions = _count(folder, f"{schema('silver')}.int_sessions")
    hour_events = _land_an_hour(folder, land, last + timedelta(days=1))
    hour = run(folder, *DBT_RUN)
    hour_models = _model_seconds(folder)
    idle = run(folder, "dbt", "--quiet", "run", "--select", "no_such_model")
    return Figures(
        events=events,
        days=days,
        raw_bytes=raw_bytes,
        landing_seconds=landing.seconds,
        landing_cpu_seconds=landing.cpu_seconds,
        full_seconds=full.seconds,
        full_cpu_seconds=full.cpu_seconds,
        full_peak_bytes=full.peak_bytes,
        session_seconds=sum(full_models[name] for name in SESSIONS),
        sessions=sessions,
        hour_events=hour_events,
        hour_seconds=hour.seconds,
        hour_session_seconds=sum(hour_models[name] for name in SESSIONS),
        idle_seconds=idle.seconds,
    )


def _land_an_hour(folder: Path, land: tuple[str, ...], day: date) -> int:
    """Land the events of the noon hour of the day after the history; return how many.

    They are cut out of that day as the generator makes it, beside the lake.
    """
    contract = load_contract(project_dir())[TABLE]
    beside = folder / "day"
    beside.mkdir()
    run(beside, *land, "--until", day.isoformat())
    partition = contract.partition(day.isoformat())
    stamp = f'"event_time":"{day.isoformat()}{HOUR}'.encode()
    lines = [
        line
        for file in sorted((beside / "lake" / partition).glob("*.json.gz"))
        for line in gzip.decompress(file.read_bytes()).splitlines(keepends=True)
        if stamp in line.replace(b'": "', b'":"')
    ]
    shutil.rmtree(beside)
    if not lines:
        raise UserError(f"no event of {day} at {HOUR} was generated; the benchmark needs one")
    write_file(folder / "lake", f"{partition}/hour.json.gz", gzip.compress(b"".join(lines)))
    return len(lines)


def _model_seconds(folder: Path) -> dict[str, float]:
    """Return the execution time of each model of the newest run."""
    results = json.loads((folder / "target" / "run_results.json").read_text())["results"]
    return {each["unique_id"].rsplit(".", 1)[-1]: each["execution_time"] for each in results}


def _count(folder: Path, relation: str) -> int:
    with duckdb.connect(str(folder / "lake.duckdb"), read_only=True) as connection:
        row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0


def _print(figures: list[Figures]) -> None:
    rows = {
        "events landed": [f"{f.events:,}" for f in figures],
        "raw text, MB": [f"{f.raw_bytes / 1e6:,.0f}" for f in figures],
        "landing, events/s": [f"{f.events / f.landing_seconds:,.0f}" for f in figures],
        "landing, events a CPU second": [
            f"{f.events / f.landing_cpu_seconds:,.0f}" for f in figures
        ],
        "raw to gold, s": [f"{f.full_seconds:.1f}" for f in figures],
        "raw to gold, CPU s": [f"{f.full_cpu_seconds:.1f}" for f in figures],
        "raw to gold, events/s": [f"{f.events / f.full_seconds:,.0f}" for f in figures],
        "raw to gold, peak memory MB": [f"{f.full_peak_bytes / 1e6:,.0f}" for f in figures],
        "sessions": [f"{f.sessions:,}" for f in figures],
        "of which cutting sessions, s": [f"{f.session_seconds:.1f}" for f in figures],
        "events of one more hour": [f"{f.hour_events:,}" for f in figures],
        "one more hour, s": [f"{f.hour_seconds:.1f}" for f in figures],
        "of which sessions, s": [f"{f.hour_session_seconds:.1f}" for f in figures],
        "of which start of dbt, s": [f"{f.idle_seconds:.1f}" for f in figures],
        "hour / full build": [f"{f.hour_seconds / f.full_seconds:.0%}" for f in figures],
    }
    print_columns("lake bench streaming", [f"{f.days} days" for f in figures], rows)
