"""`lake land nab` and `occupancy`: published series of sensors, as readings.

A day of readings arrives on the day it was measured. Neither set names a time zone; its times are
taken for UTC.
"""

import json
from dataclasses import replace
from pathlib import Path

import duckdb

from lake.contract import load_contract
from lake.errors import UserError
from lake.landing import tabular
from lake.landing.partitions import Written, write_partitions
from lake.landing.published_set import Landed
from lake.landing.report import Steps
from lake.landing.sensor_sets import LABELS, SERIES, Series, nab_series
from lake.landing.writer import write_file

_SUFFIXES = {
    "nab": tabular.SUFFIXES,
    "occupancy": (*tabular.SUFFIXES, ".txt"),
}
_NOT_READINGS = ("readme", "license")


def land(name: str, path: Path, root: Path, progress: Steps) -> Landed:
    """Land the files of a set in the lake; return what was written, and facts to report.

    Raises:
        UserError: no file, a file of another form, no readable time, a full disk.
    """
    total = Written()
    days: list[str] = []
    devices: set[str] = set()
    broken = 0
    files = tabular.find_files(path, _SUFFIXES[name], _NOT_READINGS)
    table = load_contract()["sensor_readings"]
    for file in files:
        with tabular.workbench() as (con, folder):
            progress.begin(f"reading {file.name}")
            series = SERIES.get(name) or (nab_series(file.name),)
            rows, broken_rows = _load(con, name, file, folder, series[0])
            progress.begin(f"writing {file.name}", total=len(series) * rows + broken_rows)
            for number, one in enumerate(series):
                # A line that is no row belongs to all series, and lands with the first.
                con.execute(f"create or replace view readings as {one.readings(number == 0)}")
                written = write_partitions(
                    con,
                    root,
                    table.within(one.place),
                    "readings",
                    order_by="position",
                    prefix=f"{name}-{one.device_id}",
                    on_rows=progress.advance,
                )
                total.add(written)
                devices.add(one.device_id)
            ends = con.execute("select min(measured_at), max(measured_at) from stamped").fetchone()
            days += [str(end) for end in ends or ()]
            broken += broken_rows
    facts = {"files_read": len(files), "rows_of_another_width": broken, "devices": len(devices)}
    if name == "nab":
        facts["labels"] = _land_labels(root, path, files)
    return {"sensor_readings": total}, facts | {
        "first": min(days, default=None),
        "last": max(days, default=None),
    }


def _load(
    con: duckdb.DuckDBPyConnection, name: str, file: Path, folder: Path, series: Series
) -> tuple[int, int]:
    """Read a file into the table `stamped`; return its rows, and its lines that are none."""
    published = tabular.open_published(file, folder)
    if name == "occupancy" and published.text and "date" in published.header:
        published = _with_row_names(published, folder)
    loaded = tabular.load(con, series.form, [published])
    con.execute(f"create table stamped as {series.stamped()}")
    if not tabular.number(con, "select count(measured_at) from stamped"):
        raise UserError(f"{file}: no row has a time that can be read; is it of {name}?")
    return loaded.rows, loaded.broken_rows


def _with_row_names(published: tabular.Published, folder: Path) -> tabular.Published:
    """Return the file with a header for the row names that R writes and gives none."""
    assert published.text is not None
    with published.text.open("rb") as source:
        header, first = source.readline(), source.readline()
    if first.count(b",") == header.count(b","):
        return published
    copy = tabular.copy_behind('"row",', published.text, folder)
    return replace(published, header=("row", *published.header), text=copy)


def _land_labels(root: Path, path: Path, files: list[Path]) -> int:
    """Write the labelled anomalies of the landed series beside the truth; return their number.

    They are no readings: what a detector finds is compared with them.
    """
    folder = path if path.is_dir() else path.parent
    places = (folder, folder / "labels", folder.parent / "labels", folder.parent.parent / "labels")
    found = next((place / LABELS for place in places if (place / LABELS).is_file()), None)
    if found is None:
        return 0
    try:
        labels: dict[str, list[str]] = json.loads(found.read_bytes())
        by_file = {Path(name).name: times for name, times in labels.items()}
        lines = [
            {
                "device_id": nab_series(file.name).device_id,
                "labelled_at": f"{time.replace(' ', 'T')[:19]}Z",
            }
            for file in files
            for time in by_file.get(file.name, [])
        ]
    except (ValueError, AttributeError, TypeError) as error:
        raise UserError(f"{found}: not the label file of NAB ({error}); fetch it again") from error
    content = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    write_file(root, "_truth/nab-labels.jsonl", content.encode())
    return len(lines)
