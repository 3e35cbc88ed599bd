"""`lake land rees46`, `retailrocket` and `yoochoose`: published clickstreams, as events.

A day of the clickstream arrives on the day it happened. One file after the other is read, so that
memory and the folder for the work hold one file at a time, whatever the set.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import duckdb

from lake.contract import load_contract
from lake.errors import UserError
from lake.landing import tabular
from lake.landing.click_sets import SETS, ClickForm
from lake.landing.partitions import Written, write_partitions
from lake.landing.report import Steps, print_summary, steps
from lake.paths import lake_root

_SUFFIXES = (".csv", ".csv.gz", ".parquet", ".dat", ".txt")
_NOT_EVENTS = ("item_properties", "category_tree", "yoochoose-test")
_COPY = 1 << 20


def make_command(name: str, title: str, example: str) -> click.Command:
    """Return the command that lands one published set."""

    @click.command(name, no_args_is_help=True, help=f"{title}\n\nExample: {example}")
    @click.argument("path", type=click.Path(path_type=Path))
    @click.option("--out", type=click.Path(path_type=Path), help="Lake to write to (LAKE_ROOT).")
    @click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
    def command(path: Path, out: Path | None, as_json: bool) -> None:
        root = (out or lake_root()).resolve()
        with steps(as_json) as progress:
            written, facts = land(name, path, root, progress)
        print_summary(f"{name}: {path} -> {root}", {"events": written}, facts, as_json)

    return command


def land(name: str, path: Path, root: Path, progress: Steps) -> tuple[Written, dict[str, Any]]:
    """Land the files of a set in the lake; return what was written, and facts to report.

    Raises:
        UserError: no file, a file of another form, no readable time, a full disk.
    """
    total = Written()
    events: Counter[str] = Counter()
    days: list[str] = []
    broken = 0
    files = _find(path)
    for file in files:
        with tabular.workbench() as (con, folder):
            progress.begin(f"reading {file.name}")
            published, form = _open(name, file, folder)
            loaded = tabular.load(con, form.form, [published])
            con.execute(f"create table stamped as {form.stamped()}")
            con.execute(f"drop table {form.form.name}")
            if not tabular.number(con, "select count(happened_at) from stamped"):
                raise UserError(f"{file}: no row has a time that can be read; is it of {name}?")
            con.execute(f"create view clicks as {form.clicks(name)}")
            progress.begin(f"writing {file.name}", total=loaded.rows + loaded.broken_rows)
            written = _write(con, root, name, progress.advance)
            for field in ("records", "files", "bytes"):
                setattr(total, field, getattr(total, field) + getattr(written, field))
            kinds = f"select {form.fields['event_type']}, count(*) from stamped group by 1"
            events.update(dict(con.execute(kinds).fetchall()))
            ends = con.execute("select min(happened_at), max(happened_at) from stamped").fetchone()
            days += [str(end) for end in ends or ()]
            broken += loaded.broken_rows
    counts = {f"events_{kind}": count for kind, count in sorted(events.items(), key=str)}
    facts = {"files_read": len(files), "rows_of_another_width": broken, **counts}
    return total, facts | {"first": min(days, default=None), "last": max(days, default=None)}


def _write(
    con: duckdb.DuckDBPyConnection, root: Path, name: str, on_rows: Callable[[int], None]
) -> Written:
    table = load_contract()["events"]
    return write_partitions(
        con, root, table, "clicks", order_by="position", prefix=name, on_rows=on_rows
    )


def _find(path: Path) -> list[Path]:
    if not path.exists():
        raise UserError(f"no such file or folder: {path}; give the folder of the published files")
    if path.is_file():
        return [path]
    files = sorted(
        file
        for file in path.rglob("*")
        if file.is_file()
        and file.name.lower().endswith(_SUFFIXES)
        and not file.name.lower().startswith((".", *_NOT_EVENTS))
    )
    if not files:
        raise UserError(f"{path}: holds no file of events; give the folder of the published files")
    return files


def _open(name: str, file: Path, folder: Path) -> tuple[tabular.Published, ClickForm]:
    """Return the file and its form; one without a header line gets one, in a copy."""
    published = tabular.open_published(file, folder)
    for form in SETS[name]:
        if form.form.places(published.header) is not None:
            return published, form
    for form in SETS[name]:
        if len(form.headless) == len(published.header) and published.header[0].isdigit():
            copy = folder / f"{form.form.name}.csv"
            with copy.open("wb") as target, (published.text or file).open("rb") as source:
                target.write(f"{','.join(form.headless)}\n".encode())
                while chunk := source.read(_COPY):
                    target.write(chunk)
            return tabular.open_published(copy, folder), form
    wanted = " or ".join(",".join(form.form.columns) for form in SETS[name])
    raise UserError(f"{file}: its header is {', '.join(published.header)[:200]}; wanted {wanted}")
