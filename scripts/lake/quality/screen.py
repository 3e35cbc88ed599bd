"""How the verbs of this package print for people."""

from rich.console import Console

LAYERS = ["reference", "bronze", "silver", "quarantine", "gold"]
WIDE = 200


def make_console() -> Console:
    """Return a console on standard output; wide where the output is a file or a pipe."""
    console = Console()
    return console if console.is_terminal else Console(width=WIDE)
