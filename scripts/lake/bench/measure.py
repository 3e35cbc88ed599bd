"""What the benchmarks share: one command with its time and memory, and the machine's words."""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import duckdb
import psutil
from rich.console import Console
from rich.table import Table

from lake.errors import UserError
from lake.paths import project_dir


@dataclass(frozen=True)
class Run:
    """One command: its wall and CPU time in seconds, the peak memory of its process in bytes."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int


def run(folder: Path, *command: str) -> Run:
    """Run a command on the lake in `folder`.

    Raises:
        UserError: the command failed; with the end of its output.
    """
    environment = {
        **os.environ,
        "LAKE_ROOT": str(folder / "lake"),
        "LAKE_DB": str(folder / "lake.duckdb"),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    started = time.perf_counter()
    with (folder / "output.txt").open("w+") as output:
        process = subprocess.Popen(
            command, cwd=project_dir(), env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - started
        if process.returncode:
            output.seek(0)
            raise UserError(f"{' '.join(command)} failed:\n{output.read()[-2000:]}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


@contextmanager
def workbench(keep: bool) -> Iterator[Path]:
    """Give a folder for lakes and databases; it is removed at the end unless it is to be kept."""
    folder = Path(tempfile.mkdtemp(prefix="lake-bench-"))
    try:
        yield folder
    finally:
        if keep:
            click.echo(f"lakes and databases stay in {folder}", err=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def print_columns(title: str, headings: list[str], rows: dict[str, list[str]]) -> None:
    """Print a table of measures: one row each, one column for each heading."""
    table = Table(title=f"{title}: {machine()}")
    table.add_column("measure")
    for heading in headings:
        table.add_column(heading, justify="right")
    for name, values in rows.items():
        table.add_row(name, *values)
    Console(width=44 + 16 * len(headings)).print(table)


def raw_size(lake: Path) -> tuple[int, int]:
    """Return the bytes of text and the number of lines of all landed JSON in a lake."""
    with duckdb.connect() as connection:
        row = connection.execute(
            "select sum(strlen(line) + 1), count(*) from read_csv(?, columns = {line: 'varchar'},"
            " delim = '\U0010ffff', quote = '', escape = '', header = false, auto_detect = false)",
            [f"{lake}/*/**/arrival_date=*/*.json.gz"],
        ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def machine() -> str:
    """Return cores, memory, system and versions in one line."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB memory, {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    )
