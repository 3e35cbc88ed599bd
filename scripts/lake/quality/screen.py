"""How the verbs of this package print for people."""

from collections.abc import Iterable

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

LAYERS = ["reference", "bronze", "silver", "quarantine", "gold"]
WIDE = 200


def make_console() -> Console:
    """Return a console on standard output; wide where the output is a file or a pipe."""
    console = Console()
    return console if console.is_terminal else Console(width=WIDE)


def make_grid(
    left: Iterable[str], right: Iterable[str], folded: Iterable[str] = (), title: str | None = None
) -> Table:
    """Return an empty table: columns of texts, of numbers, of texts that go on in the next line."""
    grid = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for name in left:
        grid.add_column(name)
    for name in right:
        grid.add_column(name, justify="right")
    for name in folded:
        grid.add_column(name, overflow="fold")
    return grid


def print_line(console: Console, text: str, style: str | None = None) -> None:
    """Print text of the user's data as one line, its brackets and numbers as they are."""
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
