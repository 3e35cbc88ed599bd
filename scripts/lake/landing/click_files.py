"""`lake land rees46`, `retailrocket` and `yoochoose`: published clickstreams, as events.

A day of the clickstream arrives on the day it happened. One file after the other is read, so that
memory and the folder for the work hold one file at a time, whatever the set.
"""

from collections import Counter
from pathlib import Path

from lake.contract import load_contract
from lake.errors import UserError
from lake.landing import tabular
from lake.landing.click_sets import SETS, ClickForm
from lake.landing.partitions import Written, write_partitions
from lake.landing.published_set import Landed
from lake.landing.report import Steps

_SUFFIXES = (".csv", ".csv.gz", ".parquet", ".dat", ".txt")
_NOT_EVENTS = ("item_properties", "category_tree", "yoochoose-test")


def land(name: str, path: Path, root: Path, progress: Steps) -> Landed:
    """Land the files of a set in the lake; return what was written, and facts to report.

    Raises:
        UserError: no file, a file of another form, no readable time, a full disk.
    """
    total = Written()
    events: Counter[str] = Counter()
    days: list[str] = []
    broken = 0
    files = tabular.find_files(path, _SUFFIXES, _NOT_EVENTS)
    table = load_contract()["events"]
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
            written = write_partitions(
                con,
                root,
                table,
                "clicks",
                order_by="position",
                prefix=name,
                on_rows=progress.advance,
            )
            total.add(written)
            kinds = f"select {form.fields['event_type']}, count(*) from stamped group by 1"
            events.update(dict(con.execute(kinds).fetchall()))
            ends = con.execute("select min(happened_at), max(happened_at) from stamped").fetchone()
            days += [str(end) for end in ends or ()]
            broken += loaded.broken_rows
    counts = {f"events_{kind}": count for kind, count in sorted(events.items(), key=str)}
    facts = {"files_read": len(files), "rows_of_another_width": broken, **counts}
    return {"events": total}, facts | {
        "first": min(days, default=None),
        "last": max(days, default=None),
    }


def _open(name: str, file: Path, folder: Path) -> tuple[tabular.Published, ClickForm]:
    """Return the file and its form; one without a header line gets one, in a copy."""
    published = tabular.open_published(file, folder)
    for form in SETS[name]:
        if form.form.places(published.header) is not None:
            return published, form
    for form in SETS[name]:
        if len(form.headless) == len(published.header) and published.header[0].isdigit():
            header = f"{','.join(form.headless)}\n"
            copy = tabular.copy_behind(header, published.text or file, folder)
            return tabular.open_published(copy, folder), form
    wanted = " or ".join(",".join(form.form.columns) for form in SETS[name])
    raise UserError(f"{file}: its header is {', '.join(published.header)[:200]}; wanted {wanted}")
