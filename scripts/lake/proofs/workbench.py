"""What every proof needs at the terminal: options that are checked, a folder, a bar."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from lake.database import ensure_avro
from lake.errors import UserError


def check_least(**options: tuple[int, int]) -> None:
    """Raise a UserError for an option below its minimum."""
    for name, (value, minimum) in options.items():
        if value < minimum:
            raise UserError(f"--{name} is {value}; give {minimum} or more")


@contextmanager
def workshop(keep: bool) -> Iterator[Path]:
    """Give a temporary folder; what a failed schedule left in it stays, the rest is removed."""
    ensure_avro()
    home = Path(tempfile.mkdtemp(prefix="lake-prove-"))
    try:
        yield home
    finally:
        if keep:
            click.echo(f"lakes and databases stay in {home}", err=True)
        for folder in home.iterdir():
            if not (keep or folder.name.startswith("schedule-")):
                shutil.rmtree(folder, ignore_errors=True)
        if not any(home.iterdir()):
            home.rmdir()


@contextmanager
def progress(what: str, total: int) -> Iterator[tuple[Callable[[], None], Callable[[str], None]]]:
    """Show a bar on standard error; give what advances it and what changes its text."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[now]}"),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(what, total=total, now="")
        yield (lambda: bar.advance(task)), (lambda message: bar.update(task, now=message))
