"""What uploaded CSV files have in common: when they land, and their text as JSON and as CSV."""

import csv
import json
from collections.abc import Sequence
from io import StringIO

import numpy as np
import pyarrow as pa

from lake.landing.generate.draws import Column
from lake.landing.generate.events import CREATE, Events, take
from lake.landing.generate.period import DAYS, day_text, words
from lake.landing.generate.vocabulary import escape
from lake.landing.generate.world import World

FIRST_MONDAY, WEEK = 5, 7  # day of the period, days
# Days of weekly files; the last one lies after the period, for what would come with it.
MONDAYS = np.arange(FIRST_MONDAY, DAYS + WEEK, WEEK)


def records(file: Column, days: Column, at: Column, **columns: Column) -> Events:
    """Return the records of files: `file` their places in `days`, `at` the time in their text."""
    return {
        "at": at.astype(np.int64),
        "op": np.full(len(file), CREATE, dtype=np.int8),
        "file_day": days[file].astype(np.int16),
        **columns,
    }


def land_files(world: World, events: Events, days: Column) -> Events:
    """Return the records with the day on which their file lands, and the file after it.

    `days` are the days of the files, one more than land. Now and then a file comes days late.
    """
    late = days % 70 == FIRST_MONDAY + 42
    arrival = days + np.where(late, world.draws.between(days, "file late", 1, 5), 0)
    file = np.searchsorted(days, events["file_day"])
    events = {
        **events,
        "arrival": arrival[file].astype(np.int16),
        "next_file_day": days[np.minimum(file + 1, len(days) - 1)].astype(np.int16),
        "next_arrival": arrival[np.minimum(file + 1, len(days) - 1)].astype(np.int16),
        "edit": np.zeros(len(file), dtype=np.int16),
    }
    return take(events, events["arrival"] < DAYS)


def place_columns(prefix: str, events: Events) -> dict[str, pa.Array]:
    """Return the columns `file` and `row` of FILE_OPEN: file name, place of the record in it."""
    starts = np.flatnonzero(np.diff(events["arrival"], prepend=-1))
    count = len(events["arrival"])
    row = np.arange(count) - np.repeat(starts, np.diff(np.append(starts, count)))
    files = pa.array([f"{prefix}-{day_text(day)}.csv" for day in range(DAYS)])
    return {"file": words(events["file_day"], files), "row": pa.array(row + 1)}


FILE_OPEN = '{"file":"<file>","row":<row>,"record":'


def text_columns(name: str, codes: Column, texts: list[str]) -> dict[str, pa.Array]:
    """Return a free text as JSON in column `name` and as CSV in `<name>_csv`; "" is null."""
    in_json = [f'"{escape(text)}"' if text else "null" for text in texts]
    in_csv = ['"' + text.replace('"', '""') + '"' if text else "" for text in texts]
    return {
        name: words(codes, pa.array(in_json)),
        f"{name}_csv": words(codes, pa.array(in_csv)),
    }


def csv_row(line: bytes, plain: bytes, columns: Sequence[str]) -> bytes:
    """Return the CSV text of a landed record; `plain` where the line is not readable any more."""
    try:
        landed = json.loads(line)
    except ValueError:
        return plain
    if "raw" in landed:
        return f"{landed['raw']}\n".encode()
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerow(landed["record"][name] for name in columns)
    return text.getvalue().encode()
