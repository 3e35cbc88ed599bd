"""Edits: what is done to a sound record, as parsed from its line, to plant a defect in it.

An edit takes the record and a number of its own, and changes the record in place; it returns a text
where the line is then none that can be written from a record.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import orjson

Record = dict[str, Any]
Edit = Callable[[Record, int], str | None]


def dump(record: Record) -> str:
    """Return a record as the generator writes it."""
    return orjson.dumps(record).decode()


def cut(record: Record, number: int) -> str:
    """Return the record's text without its end."""
    del number
    return dump(record)[:-12]


def put(path: str, value: object) -> Edit:
    """Return an edit that sets the value at a dotted path."""
    *parents, last = path.split(".")

    def edit(record: Record, number: int) -> None:
        del number
        for parent in parents:
            record = record[parent]
        record[last] = value

    return edit


def fields(**values: object) -> Edit:
    """Return an edit that sets fields of a change's row."""

    def edit(record: Record, number: int) -> None:
        del number
        record["value"]["after"].update(values)

    return edit


def top(**values: object) -> Edit:
    """Return an edit that sets fields of a flat object."""

    def edit(record: Record, number: int) -> None:
        del number
        record.update(values)

    return edit


def cells(**values: object) -> Edit:
    """Return an edit that sets fields of a record of a file."""

    def edit(record: Record, number: int) -> None:
        del number
        record["record"].update(values)

    return edit


def long_key(key: str) -> Edit:
    """Return an edit that makes the key of a change longer than any key may be."""

    def edit(record: Record, number: int) -> None:
        del number
        record["key"][key] = record["value"]["after"][key] = f"{record['key'][key]}-" * 12

    return edit


def long_text(name: str, times: int) -> Edit:
    """Return an edit that repeats a text of a flat object, or of a record of a file."""

    def edit(record: Record, number: int) -> None:
        del number
        row = record.get("record", record)
        row[name] = f"{row[name]}-" * times

    return edit


def long_mail(record: Record, number: int) -> None:
    """Make the e-mail address of a record longer than any may be."""
    del number
    row = record["value"]["after"] if "value" in record else record.get("record", record)
    name = next(name for name in ("email", "customer_email", "contact_email") if name in row)
    row[name] = "a" * 260 + "@example.com"


def clock_ahead(name: str) -> Edit:
    """Return an edit that sets a clock ahead, by more than any record is late."""

    def edit(record: Record, number: int) -> None:
        del number
        told = datetime.fromisoformat(record[name]) + timedelta(days=90)
        record[name] = told.strftime("%Y-%m-%dT%H:%M:%SZ")

    return edit


def without_zone(name: str) -> Edit:
    """Return an edit that takes the zone from a time."""

    def edit(record: Record, number: int) -> None:
        del number
        record[name] = record[name].removesuffix("Z")

    return edit


def address_in(name: str) -> Edit:
    """Return an edit that puts the e-mail address of a person where an identifier belongs."""

    def edit(record: Record, number: int) -> None:
        record[name] = f"visitor{number % 9973}@example.com"

    return edit


def amount_off(name: str) -> Edit:
    """Return an edit that makes an amount of a change another one than its parts add up to."""

    def edit(record: Record, number: int) -> None:
        row = record["value"]["after"]
        row[name] = f"{int(row[name].split('.')[0]) + 1 + number % 7}.01"

    return edit


def fresh(key: str, letter: str, **values: object) -> Edit:
    """Return an edit that gives a change a key of its own, and sets fields."""

    def edit(record: Record, number: int) -> None:
        record["key"][key] = record["value"]["after"][key] = f"{letter}{number}"
        record["value"]["after"].update(values)

    return edit


def fresh_record(key: str, letter: str, **values: object) -> Edit:
    """Return an edit that gives a record of a file a key of its own, and sets fields."""

    def edit(record: Record, number: int) -> None:
        record["record"].update(values, **{key: f"{letter}{number}"})

    return edit


def other_object(prefix: str, **values: object) -> Edit:
    """Return an edit that gives a Stripe object an id of its own, and sets fields."""

    def edit(record: Record, number: int) -> None:
        record.update(values, id=f"{prefix}_{number}")

    return edit


def short_row(record: Record, number: int) -> None:
    """Make a record of a file one that has fewer fields than its header."""
    values = [str(value or "").split("\n")[0] for value in record.pop("record").values()]
    wanted = len(values)
    got = 2 + number % (wanted - 3)
    raw = ",".join(value.replace('"', "").replace(",", "") for value in values[:got])
    record.update(error=f"expected {wanted} fields, got {got}", raw=raw)
