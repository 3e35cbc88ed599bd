"""`lake land generate`."""

import json
import os
import time
from datetime import date
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from lake.errors import UserError
from lake.landing.generate.period import FIRST_DAY, LAST_DAY
from lake.landing.generate.run import Job, run
from lake.landing.generate.tables import TABLES
from lake.paths import lake_root


@click.command()
@click.option("--seed", default=42, show_default=True, help="Another seed, another shop.")
@click.option("--scale", default=1.0, show_default=True, help="1 is 20,000 orders; linear.")
@click.option(
    "--events-per-day", type=float, help="Clickstream events.  [default: 600 times the scale]"
)
@click.option(
    "--readings-per-day", type=float, help="Sensor readings.  [default: 210 times the scale]"
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Lake to write to.  [default: LAKE_ROOT]"
)
@click.option("--until", default=LAST_DAY.isoformat(), help="Last day of arrival to land.")
@click.option("--tables", help="Only these tables, separated by commas.")
@click.option("--threads", type=click.IntRange(1, 256), help="Threads [all cores].")
@click.option("--force", is_flag=True, help="Remove what was generated here before.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def generate(
    *,
    seed: int,
    scale: float,
    events_per_day: float | None,
    readings_per_day: float | None,
    out: Path | None,
    until: str,
    tables: str | None,
    threads: int | None,
    force: bool,
    as_json: bool,
) -> None:
    """Land the records of a made-up shop, the same bytes for the same seed and scale.

    \b
    Example: two thirds of the year, then the next day
      lake land generate --until 2025-09-01
      lake land generate --until 2025-09-02
    """
    if not 0 < scale <= 10_000:
        raise UserError(f"--scale is {scale:g}; give a number above 0, at most 10000")
    if events_per_day is not None and not 1 <= events_per_day <= 100_000_000:
        raise UserError(
            f"--events-per-day is {events_per_day:g}; give a number from 1 to 100000000"
        )
    if readings_per_day is not None and not 1 <= readings_per_day <= 1_000_000:
        raise UserError(
            f"--readings-per-day is {readings_per_day:g}; give a number from 1 to 1000000"
        )
    job = Job(
        root=(out or lake_root()).resolve(),
        seed=seed,
        scale=scale,
        until=(_last_day(until) - FIRST_DAY).days,
        tables=_table_names(tables),
        threads=threads or os.cpu_count() or 1,
        events_per_day=events_per_day,
        readings_per_day=readings_per_day,
    )
    started = time.perf_counter()
    console = Console(stderr=True)
    columns = TextColumn("landing {task.description}"), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=(job.until + 1) * len(job.tables))
        reached = dict.fromkeys(job.tables, 0)

        def show(table: str, day: int) -> None:
            reached[table] = max(reached[table], day)
            progress.update(task, description=table, completed=sum(reached.values()))

        job.progress = show
        is_new = run(job, force)
    _report(job, is_new, time.perf_counter() - started, as_json)


def _last_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UserError(f"--until is {text}; give a day as {LAST_DAY}") from error
    if not FIRST_DAY <= day <= LAST_DAY:
        raise UserError(f"--until is {text}; give a day from {FIRST_DAY} to {LAST_DAY}")
    return day


def _table_names(text: str | None) -> list[str]:
    names = [name.strip() for name in text.split(",")] if text else TABLES
    for name in names:
        if name not in TABLES:
            raise UserError(f"--tables names {name}; choose from {', '.join(TABLES)}")
    return [name for name in TABLES if name in names]


def _report(job: Job, is_new: bool, seconds: float, as_json: bool) -> None:
    counts = job.counts.values()
    records = sum(count.records for count in counts)
    if as_json:
        result = {
            "lake": str(job.root),
            "seed": job.seed,
            "scale": job.scale,
            "seconds": round(seconds, 3),
            "records": records,
            "tables": {
                name: {"files": count.files, "records": count.records, "bytes": count.bytes}
                for name, count in job.counts.items()
            },
        }
        click.echo(json.dumps(result))
        return
    console = Console()
    if not is_new:
        console.print(f"Nothing to do: {job.root} holds these arrivals already (--force redoes).")
        return
    table = Table(title=f"Landed in {job.root}")
    table.add_column("table")
    for column in ("files", "records", "raw bytes", "seconds"):
        table.add_column(column, justify="right")
    for name, count in job.counts.items():
        table.add_row(
            name, f"{count.files:,}", f"{count.records:,}", f"{count.bytes:,}",
            f"{count.seconds:.2f}",
        )  # fmt: skip
    table.add_section()
    table.add_row(
        "all", f"{sum(c.files for c in counts):,}", f"{records:,}",
        f"{sum(c.bytes for c in counts):,}", f"{seconds:.2f}",
    )  # fmt: skip
    console.print(table)
    console.print(f"{records / seconds:,.0f} records a second")
