"""Suppliers: weekly extracts from MySQL as Avro, each with the versions since the last one."""

from collections.abc import Iterable
from hashlib import md5
from io import BytesIO
from typing import Any

import fastavro
import numpy as np

from lake.landing.generate import people
from lake.landing.generate.draws import slots
from lake.landing.generate.events import CREATE, Events, join, take
from lake.landing.generate.period import DAY, DAYS, END, SECOND, day_text
from lake.landing.generate.vocabulary import COUNTRIES, first_names, last_names, mail_names
from lake.landing.generate.world import World

SUPPLIER_ID = 100_000
_PERSONS = 900_000_000
_EXTRACT_EVERY = 7
_TRADES = ["Trading", "Goods", "Supply", "Import", "Works", "Factory", "Mills", "Labs"]
_FIELDS = {
    "supplier_id": "string",
    "supplier_name": "string",
    "contact_name": "string",
    "contact_email": "string",
    "contact_phone": "string",
    "country": "string",
    "lead_time_days": "int",
    "is_active": "boolean",
    "updated_at": "string",
}
_SCHEMA = fastavro.parse_schema(
    {
        "type": "record",
        "name": "supplier",
        "fields": [{"name": name, "type": ["null", kind]} for name, kind in _FIELDS.items()],
    }
)

Record = dict[str, Any]


def supplier_events(world: World) -> Events:
    """Return every version of every supplier; each waits for the next weekly extract."""
    draws = world.draws
    number = np.arange(world.suppliers)
    versions = draws.between(number, "versions", 5, 11)
    parts: list[Events] = []
    for version in range(11):
        here = number[versions > version]
        key = here * 16 + version
        if version == 0:
            at = -draws.between(key, "first version", DAY // SECOND, 300 * DAY // SECOND) * SECOND
        else:
            step = END // versions[here] // SECOND
            at = ((version - 1) * step + draws.below(key, "next version", step)) * SECOND
        parts.append(
            {
                "at": at,
                "lsn": here.astype(np.int64),
                "op": np.full(len(here), CREATE, dtype=np.int8),
                "id": here,
                "version": np.full(len(here), version, dtype=np.int64),
            }
        )
    events = join(parts)
    extract = np.maximum(-(-events["at"] // (_EXTRACT_EVERY * DAY)), 0) * _EXTRACT_EVERY
    late = draws.chance(events["id"] * 16 + events["version"], "late", 30_000)
    extract = extract + np.where(late, _EXTRACT_EVERY, 0)
    events["arrival"] = extract.astype(np.int16)
    events["edit"] = np.zeros(len(extract), dtype=np.int16)
    return take(events, extract < DAYS)


def supplier_records(world: World, events: Events) -> list[Record]:
    """Return the Avro records of events."""
    draws, number = world.draws, events["id"]
    where = draws.pick(number, "supplier country", slots([c.weight + 3 for c in COUNTRIES]))
    contact = number * 16 + np.where(events["version"] >= 4, 4, 0) + _PERSONS
    first = people.first_name(draws, contact, where)
    last = people.last_name(draws, contact, where)
    owner = people.last_name(draws, number + _PERSONS, where)
    key = number * 16 + events["version"]
    trade = draws.below(number, "trade", len(_TRADES))
    phone = draws.between(contact, "phone", 1_000_000, 10_000_000)
    lead = draws.between(key // 4, "lead time", 2, 60)
    active = ~draws.chance(key, "inactive", 40_000) | (events["version"] == 0)
    given, family, mail = first_names(), last_names(), mail_names("first")
    return [
        {
            "supplier_id": f"S{SUPPLIER_ID + number[i]}",
            "supplier_name": f"{family[owner[i]]} {_TRADES[trade[i]]} {number[i]}",
            "contact_name": f"{given[first[i]]} {family[last[i]]}",
            "contact_email": f"{mail[first[i]]}@supplier-{number[i]}.example",
            "contact_phone": f"{COUNTRIES[where[i]].phone} {phone[i]}",
            "country": COUNTRIES[where[i]].name,
            "lead_time_days": int(lead[i]),
            "is_active": bool(active[i]),
            "updated_at": iso_seconds(int(events["at"][i])),
        }
        for i in range(len(number))
    ]


def iso_seconds(at: int) -> str:
    """Return an instant as ISO 8601 with whole seconds."""
    second = at % DAY // SECOND
    clock = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    return f"{day_text(at // DAY)}T{clock}Z"


def record_id(record: Record) -> str:
    """Return the row hash as the staging model makes it: md5 of the fields joined by a bar."""
    texts = [str(record[name]) if record[name] is not None else "" for name in _FIELDS]
    texts = [text.lower() if text in ("True", "False") else text for text in texts]
    return md5("|".join(texts).encode()).hexdigest()


def avro(records: Iterable[Record], day: int) -> bytes:
    """Return records as one Avro file; the sync marker comes from the day, not from chance."""
    file = BytesIO()
    marker = md5(day_text(day).encode()).digest()
    fastavro.writer(file, _SCHEMA, records, sync_marker=marker)
    return file.getvalue()
