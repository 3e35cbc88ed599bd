"""Which records get a planted copy. Every kind of defect comes at least three times."""

from dataclasses import dataclass

import numpy as np

from lake.landing.generate.clickstream import EVENTS_A_VISIT, PLANTED_PLACE
from lake.landing.generate.defects import DEFECTS, FIRST_CODE, NO_EDIT, PARENT_LATER, REDELIVERED
from lake.landing.generate.draws import Column, Flags, Ints
from lake.landing.generate.events import CREATE, READ, UPDATE, Events, join, size, take
from lake.landing.generate.logs import NO_RESPONSE
from lake.landing.generate.period import DAY, DAYS, SECOND
from lake.landing.generate.sensors import PLANTED_NUMBER
from lake.landing.generate.tables import UPLOADS
from lake.landing.generate.world import World

# One of each kind in so many entities.
_EVERY = {
    "orders": 1_000,
    "order_items": 1_000,
    "customers": 600,
    "products": 130,
    "inventory_movements": 1_000,
    "payments": 2_500,
    "refunds": 5_000,
    "customer_files": 1_200,
    "events": 1_500,
    "sensor_readings": 2_500,
    "log_events": 1_500,
    "suppliers": 13,
    "sales_targets": 150,
    "marketing_spend": 150,
    "nps_responses": 150,
}
_AT_LEAST = 3
_STRIPE = ("payments", "refunds")
_PARENT_DELAY = 4


@dataclass(frozen=True)
class Span:
    """The entities of a chunk, [low, high), of `total` in the lake."""

    low: int
    high: int
    total: int


def plant(world: World, table: str, events: Events, entity: Column, span: Span) -> Events:
    """Return the events and the planted ones; `entity` numbers the events within the span."""
    if not size(events):
        return events
    sound = _sound(world, table, events)
    sound = sound[np.argsort(entity[sound], kind="stable")]
    if not len(sound):
        return events
    parts = [events]
    kinds = DEFECTS[table]
    every = max(1, min(_EVERY[table], span.total // _AT_LEAST))
    for kind, defect in enumerate(kinds):
        if defect.way == "mark":
            continue
        places = np.arange(kind * every // len(kinds), span.total, every)
        places = places[(places >= span.low) & (places < span.high)]
        found = np.searchsorted(entity[sound], places).clip(max=len(sound) - 1)
        rows = sound[np.unique(found)]
        copies = take(events, rows)
        copies["edit"] = np.full(len(rows), FIRST_CODE + kind, dtype=np.int16)
        if defect.way == "again":
            copies = _later(table, copies)
        else:
            copies = _moment_after(table, copies, kind)
        parts.append(copies)
    return join(parts)


def _sound(world: World, table: str, events: Events) -> Ints:
    """Return the events of which copies can be made."""
    good = np.isin(events["op"], [CREATE, UPDATE, READ]) & (events["edit"] == NO_EDIT)
    good &= events["arrival"] < DAYS - 8
    if table in ("orders", "order_items"):
        good &= events["type"] == 0
    if table not in ("suppliers", *UPLOADS):
        good &= world.draws.chance(events["lsn"], "has copies", 400_000)
    if table == "events":
        good &= events["visit"] >= world.orders
    if table == "log_events":
        good &= events["response"] != NO_RESPONSE
    if table == "payments":
        good &= events["captured"] > 0
    return np.flatnonzero(good)


def _moment_after(table: str, copies: Events, kind: int) -> Events:
    """Make copies changes of their own, shortly after what they copy."""
    if table in UPLOADS:
        return copies
    if table == "events":
        place = copies["id"] % EVENTS_A_VISIT
        copies["id"] = copies["id"] - place + PLANTED_PLACE + kind
        copies["lsn"] = copies["lsn"] - place + PLANTED_PLACE + kind
        copies["at"] = copies["at"] + 1 + kind
        return copies
    if table == "sensor_readings":
        copies["id"] = copies["id"] + PLANTED_NUMBER + kind
        copies["lsn"] = copies["lsn"] + PLANTED_NUMBER + kind
    if table == "log_events":
        for name in ("id", "lsn", "at"):
            copies[name] = copies[name] + 1 + kind
        return copies
    step = (1 + kind) * (SECOND if table in (*_STRIPE, "suppliers") else 1)
    copies["at"] = copies["at"] + step
    if table not in (*_STRIPE, "suppliers"):
        copies["op"] = np.full_like(copies["op"], UPDATE)
    if table != "suppliers":
        copies["lsn"] = copies["lsn"] + step * 65_536
    return copies


def _later(table: str, copies: Events) -> Events:
    """Let copies land in a later batch."""
    if table in UPLOADS:
        copies["file_day"] = copies["next_file_day"].copy()
        copies["arrival"] = copies["next_arrival"].copy()
    elif table == "suppliers":
        copies["arrival"] = copies["arrival"] + np.int16(7)
    else:
        copies["arrival"] = (copies["arrival"] + 1 + copies["lsn"] // 64 % 5).astype(np.int16)
    return copies


def delay_parents(world: World, orders: Events, items: Events, first_id: int) -> None:
    """Let some orders land four days after their lines, which are marked, in place."""
    every = max(1, min(_EVERY["order_items"], world.orders // _AT_LEAST // 2))
    latest = int(world.orders_before[DAYS - 14])

    def chosen(events: Events) -> Flags:
        number: Ints = events["id"] - first_id
        wanted: Flags = (number % every == every // 2) & (number < latest) & (number >= 0)
        return wanted

    rows = chosen(orders)
    later = np.where(rows, orders["arrival"] + _PARENT_DELAY, orders["arrival"])
    lost = (later >= DAYS) & (orders["edit"] == REDELIVERED)
    orders["arrival"] = np.minimum(later, DAYS - 1).astype(np.int16)
    for name in orders:
        orders[name] = orders[name][~lost]
    first = chosen(items) & (items["op"] == CREATE) & (items["edit"] == NO_EDIT)
    first &= items["arrival"] < items["created"] // DAY + _PARENT_DELAY
    code = FIRST_CODE + DEFECTS["order_items"].index(PARENT_LATER)
    items["edit"] = np.where(first, code, items["edit"]).astype(np.int16)
