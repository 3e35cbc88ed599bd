"""Customer files: weekly CSV exports, landed as one record a line beside the original."""

import csv
import json
from functools import cache
from io import StringIO

import numpy as np
import pyarrow as pa

from lake.landing.generate import people
from lake.landing.generate.draws import Column
from lake.landing.generate.events import CREATE, Events, join, take
from lake.landing.generate.orders import deleted_at
from lake.landing.generate.period import DAY, DAYS, HOUR, day_text, instant, words
from lake.landing.generate.template import concat
from lake.landing.generate.vocabulary import NOTES, escape
from lake.landing.generate.world import World

FIELDS = [
    "customer_id", "full_name", "email", "phone", "birth_date", "loyalty_tier",
    "marketing_consent", "notes", "exported_at",
]  # fmt: skip
TIERS = ["none", "bronze", "silver", "gold", "platinum"]
_FIRST_FILE, _EVERY = 5, 7  # the first Monday
_PARTS = 17  # a file holds every seventeenth customer
_EXPORTED = 2 * HOUR


def file_events(world: World, first_day: int, end_day: int) -> Events:
    """Return the records of the files exported in [first_day, end_day).

    `ordinal` numbers the records over all files; it may leave numbers out.
    """
    parts = []
    ordinal = 0
    for day in range(_FIRST_FILE, DAYS, _EVERY):
        known = int(world.customers_before[day])
        if first_day <= day < end_day:
            customer = np.arange(day // _EVERY * 13 % _PARTS, known, _PARTS)
            customer = customer[deleted_at(world, customer) > day * DAY]
            rows = _rows(world, customer, day)
            parts.append({**rows, "ordinal": ordinal + np.arange(len(customer))})
        ordinal += -(-known // _PARTS)
    return join(parts) if parts else {}


def records_in_files(world: World) -> int:
    """Return the number above the last ordinal of all files."""
    days = range(_FIRST_FILE, DAYS, _EVERY)
    return sum(-(-int(world.customers_before[day]) // _PARTS) for day in days)


def _rows(world: World, customer: Column, day: int) -> Events:
    draws = world.draws
    where = people.country(draws, customer)
    spell = customer * 8 + day // 60
    age = draws.between(customer, "age in days", 18 * 365, 80 * 365)
    return {
        "at": np.full(len(customer), day * DAY + _EXPORTED, dtype=np.int64),
        "lsn": customer.astype(np.int64),
        "op": np.full(len(customer), CREATE, dtype=np.int8),
        "id": customer,
        "file_day": np.full(len(customer), day, dtype=np.int16),
        "born": age.astype(np.int32),
        "tier": draws.pick(spell, "tier", np.array([0, 0, 0, 1, 1, 1, 2, 2, 3, 4])).astype(np.int8),
        "consent": draws.below(spell, "consent", 2).astype(np.int8),
        "notes": draws.below(spell, "notes", len(NOTES)).astype(np.int8),
        **people.contact(draws, customer, where, np.zeros_like(customer)),
    }


def land_files(world: World, events: Events) -> Events:
    """Return the records with the day on which their file lands, and the file after it.

    Now and then a file comes days late.
    """
    day = np.arange(DAYS + _EVERY)
    late = day % 70 == _FIRST_FILE + 42
    arrival = day + np.where(late, world.draws.between(day, "file late", 1, 5), 0)
    events = {
        **events,
        "arrival": arrival[events["file_day"]].astype(np.int16),
        "next_arrival": arrival[events["file_day"] + _EVERY].astype(np.int16),
        "edit": np.zeros(len(events["at"]), dtype=np.int16),
    }
    return take(events, events["arrival"] < DAYS)


def file_table(world: World, events: Events) -> pa.Table:
    """Return the columns that FILE_LINE and CSV_LINE read."""
    del world
    starts = np.flatnonzero(np.diff(events["arrival"], prepend=-1))
    row = np.arange(len(events["at"])) - np.repeat(
        starts, np.diff(np.append(starts, len(events["at"])))
    )
    files = pa.array([f"customers-{day_text(day)}.csv" for day in range(DAYS)])
    noted = [f'"{escape(note)}"' if note else "null" for note in NOTES]
    quoted = ['"' + note.replace('"', '""') + '"' if note else "" for note in NOTES]
    return pa.table(
        {
            "id": pa.array(events["id"] + people.CUSTOMER_ID),
            "file": words(events["file_day"], files),
            "row": pa.array(row + 1),
            "born": words(events["born"], _births()),
            "tier": words(events["tier"], pa.array(TIERS)),
            "consent": words(events["consent"], pa.array(["no", "yes"])),
            "notes": words(events["notes"], pa.array(noted)),
            "notes_csv": words(events["notes"], pa.array(quoted)),
            **people.contact_texts(events, '","phone":"'),
            "mail_end_csv": people.contact_texts(events, ",")["mail_end"],
            **instant("exported", events["at"]),
        }
    )


@cache
def _births() -> pa.Array:
    """Return a day of birth for each age in days."""
    days = np.datetime64("2025-01-01") - np.arange(81 * 365)
    return pa.array(np.datetime_as_string(days).tolist())


CSV_HEADER = (",".join(FIELDS) + "\n").encode()
FILE_LINE = concat(
    f'{{"file":"<file>","row":<row>,"record":{{"customer_id":"C<id>","full_name":"{people.NAME}'
    f'","email":"{people.CONTACT}","birth_date":"<born>","loyalty_tier":"<tier>'
    '","marketing_consent":"<consent>","notes":<notes>'
    ',"exported_at":"<exported_day><exported_time>"}}\n'
)
CSV_LINE = concat(
    f"C<id>,{people.NAME},<mail_name><mail_number><mail_end_csv><phone>,<born>,<tier>,<consent>"
    ",<notes_csv>,<exported_day><exported_time>\n"
)


def csv_row(line: bytes, plain: bytes) -> bytes:
    """Return the CSV text of a landed record; `plain` where the line is not readable any more."""
    try:
        landed = json.loads(line)
    except ValueError:
        return plain
    if "raw" in landed:
        return f"{landed['raw']}\n".encode()
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerow(landed["record"][name] for name in FIELDS)
    return text.getvalue().encode()
