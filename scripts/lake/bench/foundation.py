"""`lake bench foundation`: landing, raw to gold, and one more day, at growing scales."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import duckdb
from rich.console import Console

from lake.bench.measure import machine, print_columns, raw_size, run, workbench
from lake.database import schema
from lake.errors import UserError

LAST_DAY_BUT_ONE = "2026-01-26"
DBT_RUN = ("dbt", "--quiet", "build", "--exclude-resource-type", "test", "unit_test")


@dataclass(frozen=True)
class Figures:
    """What one scale measured; times in seconds, sizes in bytes."""

    scale: float
    records: int
    raw_bytes: int
    landing_seconds: float
    landing_cpu_seconds: float
    landing_peak_bytes: int
    parse_seconds: float
    full_seconds: float
    full_cpu_seconds: float
    full_peak_bytes: int
    day_records: int
    day_seconds: float
    idle_seconds: float
    parquet_bytes: int


@click.command()
@click.option(
    "--scale",
    "scales",
    type=float,
    multiple=True,
    default=(1.0, 3.0, 10.0),
    show_default=True,
    help="Size of the shop; may be repeated.",
)
@click.option("--tables", help="Only these landed tables, separated by commas.")
@click.option("--keep", is_flag=True, help="Leave the lakes and databases for a look.")
@click.option("--json", "as_json", is_flag=True, help="Print figures for programs.")
def foundation(scales: tuple[float, ...], tables: str | None, keep: bool, as_json: bool) -> None:
    """Landing, raw to gold, one more day, and size, at each scale.

    Example: lake bench foundation --scale 1 --scale 3
    """
    if any(scale <= 0 for scale in scales):
        raise UserError("a scale must be above 0, for example --scale 1")
    console = Console(stderr=True)
    figures = []
    with workbench(keep) as folder:
        for scale in scales:
            with console.status(f"scale {scale:g}"):
                figures.append(_measure(folder / f"{scale:g}", scale, tables))
    if as_json:
        click.echo(json.dumps({"machine": machine(), "scales": [asdict(f) for f in figures]}))
    else:
        _print(figures)


def _measure(folder: Path, scale: float, tables: str | None) -> Figures:
    folder.mkdir(parents=True)
    chosen = ("--tables", tables) if tables else ()
    land = ("lake", "land", "generate", "--scale", str(scale), *chosen)
    landing = run(folder, *land, "--until", LAST_DAY_BUT_ONE)
    raw_bytes, records = raw_size(folder / "lake")
    # The first command of a project reads all of its files, whatever the scale.
    parse = run(folder, "dbt", "--quiet", "parse")
    full = run(folder, *DBT_RUN)
    run(folder, *land)
    _, total_records = raw_size(folder / "lake")
    day = run(folder, *DBT_RUN)
    idle = run(folder, *DBT_RUN, "--select", "seeds_that_do_not_exist")
    return Figures(
        scale=scale,
        records=records,
        raw_bytes=raw_bytes,
        landing_seconds=landing.seconds,
        landing_cpu_seconds=landing.cpu_seconds,
        landing_peak_bytes=landing.peak_bytes,
        parse_seconds=parse.seconds,
        full_seconds=full.seconds,
        full_cpu_seconds=full.cpu_seconds,
        full_peak_bytes=full.peak_bytes,
        day_records=total_records - records,
        day_seconds=day.seconds,
        idle_seconds=idle.seconds,
        parquet_bytes=_parquet_size(folder),
    )


def _parquet_size(folder: Path) -> int:
    """Return the bytes of every silver table as Parquet with Snappy."""
    target = folder / "parquet"
    target.mkdir()
    with duckdb.connect(str(folder / "lake.duckdb"), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables"
            f" where table_schema = '{schema('silver')}' and table_type = 'BASE TABLE'"
        ).fetchall()
        for (name,) in tables:
            connection.execute(
                f"copy {schema('silver')}.{name} to '{target}/{name}.parquet' (compression snappy)"
            )
    return sum(file.stat().st_size for file in target.iterdir())


def _print(figures: list[Figures]) -> None:
    rows = {
        "records landed (JSON)": [f"{f.records:,}" for f in figures],
        "raw text, MB": [f"{f.raw_bytes / 1e6:,.0f}" for f in figures],
        "landing, records/s": [f"{f.records / f.landing_seconds:,.0f}" for f in figures],
        "landing, records a CPU second": [
            f"{f.records / f.landing_cpu_seconds:,.0f}" for f in figures
        ],
        "landing, peak memory MB": [f"{f.landing_peak_bytes / 1e6:,.0f}" for f in figures],
        "first reading of the project, s": [f"{f.parse_seconds:.1f}" for f in figures],
        "raw to gold, s": [f"{f.full_seconds:.1f}" for f in figures],
        "raw to gold, CPU s": [f"{f.full_cpu_seconds:.1f}" for f in figures],
        "raw to gold, records/s": [f"{f.records / f.full_seconds:,.0f}" for f in figures],
        "raw to gold, peak memory MB": [f"{f.full_peak_bytes / 1e6:,.0f}" for f in figures],
        "records of one more day": [f"{f.day_records:,}" for f in figures],
        "one more day, s": [f"{f.day_seconds:.1f}" for f in figures],
        "of which start of dbt, s": [f"{f.idle_seconds:.1f}" for f in figures],
        "day / full build": [f"{f.day_seconds / f.full_seconds:.0%}" for f in figures],
        "silver Parquet / raw text": [f"{f.parquet_bytes / f.raw_bytes:.0%}" for f in figures],
    }
    print_columns("lake bench foundation", [f"scale {f.scale:g}" for f in figures], rows)
