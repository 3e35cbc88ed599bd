"""Customer files: weekly CSV exports, landed as one record a line beside the original."""

from functools import cache

import numpy as np
import pyarrow as pa

from lake.landing.generate import people
from lake.landing.generate.draws import Column
from lake.landing.generate.events import CREATE, Events, join
from lake.landing.generate.orders import deleted_at
from lake.landing.generate.period import DAY, DAYS, HOUR, instant, words
from lake.landing.generate.template import concat
from lake.landing.generate.uploads import (
    FILE_OPEN,
    FIRST_MONDAY,
    WEEK,
    place_columns,
    text_columns,
)
from lake.landing.generate.vocabulary import NOTES
from lake.landing.generate.world import World

TIERS = ["none", "bronze", "silver", "gold", "platinum"]
_PARTS = 17  # a file holds every seventeenth customer
_EXPORTED = 2 * HOUR


def file_events(world: World, first_day: int, end_day: int) -> Events:
    """Return the records of the files exported in [first_day, end_day).

    `ordinal` numbers the records over all files; it may leave numbers out.
    """
    parts = []
    ordinal = 0
    for day in range(FIRST_MONDAY, DAYS, WEEK):
        known = int(world.customers_before[day])
        if first_day <= day < end_day:
            customer = np.arange(day // WEEK * 13 % _PARTS, known, _PARTS)
            customer = customer[deleted_at(world, customer) > day * DAY]
            rows = _rows(world, customer, day)
            parts.append({**rows, "ordinal": ordinal + np.arange(len(customer))})
        ordinal += -(-known // _PARTS)
    return join(parts) if parts else {}


def records_in_files(world: World) -> int:
    """Return the number above the last ordinal of all files."""
    days = range(FIRST_MONDAY, DAYS, WEEK)
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


def file_table(world: World, events: Events) -> pa.Table:
    """Return the columns that FILE_LINE and CSV_LINE read."""
    del world
    return pa.table(
        {
            "id": pa.array(events["id"] + people.CUSTOMER_ID),
            **place_columns("customers", events),
            "born": words(events["born"], _births()),
            "tier": words(events["tier"], pa.array(TIERS)),
            "consent": words(events["consent"], pa.array(["no", "yes"])),
            **text_columns("notes", events["notes"], NOTES),
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


FILE_LINE = concat(
    f'{FILE_OPEN}{{"customer_id":"C<id>","full_name":"{people.NAME}'
    f'","email":"{people.CONTACT}","birth_date":"<born>","loyalty_tier":"<tier>'
    '","marketing_consent":"<consent>","notes":<notes>'
    ',"exported_at":"<exported_day><exported_time>"}}\n'
)
CSV_LINE = concat(
    f"C<id>,{people.NAME},<mail_name><mail_number><mail_end_csv><phone>,<born>,<tier>,<consent>"
    ",<notes_csv>,<exported_day><exported_time>\n"
)
