"""How the verbs of `lake athena` print for people."""

from collections.abc import Iterator
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Grid

from lake.athena.conformance import FAILED, PASSED, SKIPPED, Report
from lake.athena.control.client import Answer
from lake.athena.control.local import Part
from lake.athena.control.maintain import IcebergTable, Size
from lake.athena.settings import Settings
from lake.quality.screen import make_console

MEGABYTE = 1_000_000


def print_status(settings: Settings, parts: list[Part], service: dict[str, Any]) -> None:
    """Print a line for each process, and what the service says of itself."""
    console = make_console()
    grid = Grid(box=SIMPLE_HEAD)
    for heading in ("process", "state", "port", "pid", "memory", "since"):
        right = heading not in ("process", "state")
        grid.add_column(heading, justify="right" if right else "left")
    for part in parts:
        color = {"running": "green", "ended": "red"}.get(part.state, "dim")
        shown = (
            (str(part.pid), f"{part.memory / MEGABYTE:.0f} MB", _duration(part.seconds))
            if part.state == "running"
            else ("", "", "")
        )
        grid.add_row(part.name, f"[{color}]{part.state}[/]", str(part.port), *shown)
    console.print(grid)
    for part in parts:
        if part.reason:
            console.print(f"{part.name} has ended: {part.reason}", markup=False, highlight=False)
    kept = f"kept in {settings.persist}" if settings.persist else "gone with `lake athena down`"
    console.print(f"{settings.url}, tables and objects {kept}", markup=False, highlight=False)
    facts = [f"{name.replace('_', ' ')} {value}" for name, value in _flat(service)]
    if facts:
        console.print(", ".join(facts), markup=False, highlight=False)


def _flat(facts: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in facts.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", value


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


NUMBERS = {"tinyint", "smallint", "integer", "bigint", "float", "double", "decimal"}


def print_answer(answer: Answer, limit: int) -> None:
    """Print the rows of a statement, the bytes it read and its seconds."""
    console = make_console()
    if answer.columns and not answer.is_write:
        grid = Grid(box=SIMPLE_HEAD)
        for name, type_ in zip(answer.columns, answer.types, strict=True):
            grid.add_column(name, justify="right" if type_ in NUMBERS else "left", overflow="fold")
        for row in answer.rows:
            grid.add_row(*("" if value is None else value for value in row))
        console.print(grid, markup=False)
    rows = f"{len(answer.rows)} row(s)" if answer.is_complete else f"first {limit} rows"
    if answer.is_write:
        rows = f"{answer.update_count} row(s) written"
    console.print(
        f"{rows}, {answer.scanned_bytes / MEGABYTE:.3f} MB scanned, {answer.seconds:.2f} s",
        highlight=False,
    )


def print_maintained(
    done: list[tuple[IcebergTable, Size, Size | None]],
) -> None:
    """Print a line for each table: its size, or its sizes before and after."""
    console = make_console()
    grid = Grid(box=SIMPLE_HEAD)
    grid.add_column("table")
    for heading in ("data files", "MB", "delete files", "snapshots"):
        grid.add_column(heading, justify="right")
    for table, before, after in done:
        cells = _figures(before)
        if after is not None:
            cells = [f"{old} → {new}" for old, new in zip(cells, _figures(after), strict=True)]
        grid.add_row(f"{table.database}.{table.name}", *cells)
    console.print(grid)
    console.print(f"{len(done)} Iceberg table(s)", highlight=False)


def _figures(size: Size) -> list[str]:
    megabytes = f"{size.data_bytes / MEGABYTE:,.2f}"
    return [f"{size.data_files:,}", megabytes, f"{size.delete_files:,}", f"{size.snapshots:,}"]


def counting(name: str, total: int) -> Progress:
    """Return a progress bar with one task of `total` steps."""
    progress = Progress(
        TextColumn(f"[bold]{name}[/]"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    progress.add_task(name, total=total)
    return progress


def print_report(report: Report) -> None:
    """Print a line for each test file, then every failure with its reason."""
    console = make_console()
    grid = Grid(box=SIMPLE_HEAD)
    grid.add_column("file")
    outcomes = (PASSED, FAILED, SKIPPED)
    for outcome in outcomes:
        grid.add_column(outcome, justify="right")
    for file, counts in report.by_file().items():
        grid.add_row(file, *(str(counts[outcome]) for outcome in outcomes))
    grid.add_section()
    grid.add_row("all", *(str(report.count(outcome)) for outcome in outcomes), style="bold")
    console.print(grid)
    for case in report.cases:
        if case.outcome == FAILED:
            known = case.expected
            color, why = ("yellow", known) if known else ("red", case.reason)
            console.print(
                f"[{color}]failed[/] {case.file}::{case.group}::{case.name}", highlight=False
            )
            console.print(f"  {why}", markup=False, highlight=False, soft_wrap=True)
    verdict = f"{report.count(PASSED)} passed, {report.count(FAILED)} failed"
    console.print(
        f"{verdict}, of which {len(report.unexpected)} without a known reason", highlight=False
    )
