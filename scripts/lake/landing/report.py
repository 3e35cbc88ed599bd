"""Progress while a landing runs, and its summary for people or programs."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table as RichTable

from lake.landing.partitions import Written

_QUIET_SECONDS = 2.0


class Steps:
    """A progress bar on standard error that shows itself only on long work at a terminal."""

    def __init__(self, progress: Progress, is_shown: bool) -> None:
        self._progress = progress
        self._task = progress.add_task("reading", total=None)
        self._begun = time.monotonic()
        self._is_shown = is_shown

    def begin(self, what: str, total: int | None = None) -> None:
        """Start the step `what`, of `total` units, or of unknown length."""
        self._progress.reset(self._task, description=what, total=total)
        self._show()

    def advance(self, units: int) -> None:
        """Count `units` more."""
        self._progress.advance(self._task, units)
        self._show()

    def _show(self) -> None:
        late = time.monotonic() - self._begun > _QUIET_SECONDS
        if late and self._is_shown and not self._progress.live.is_started:
            self._progress.start()


@contextmanager
def steps(as_json: bool) -> Iterator[Steps]:
    """Give the progress of one command."""
    console = Console(stderr=True)
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    try:
        yield Steps(progress, console.is_terminal and not as_json)
    finally:
        if progress.live.is_started:
            progress.stop()


def print_summary(
    title: str, tables: Mapping[str, Written], facts: Mapping[str, Any], as_json: bool
) -> None:
    """Print what landed, per table, and the facts about the input."""
    if as_json:
        counts = {name: vars(written) for name, written in tables.items()}
        click.echo(json.dumps({"tables": counts, "facts": dict(facts)}, default=str))
        return
    console = Console()
    console.print(title, soft_wrap=True, highlight=False)
    table = RichTable()
    table.add_column("table")
    for column in ("records", "files", "MB on disk"):
        table.add_column(column, justify="right")
    for name, written in tables.items():
        table.add_row(
            name, f"{written.records:,}", f"{written.files:,}", f"{written.bytes / 1e6:,.1f}"
        )
    console.print(table)
    for name, value in facts.items():
        shown = f"{value:,}" if isinstance(value, int | Decimal) else value
        console.print(f"  {name.replace('_', ' ')}: {shown}", highlight=False, soft_wrap=True)
