"""Customers: CDC from PostgreSQL. They sign up, move, change their address, ask to be deleted."""

import numpy as np
import pyarrow as pa

from lake.landing.generate import people
from lake.landing.generate.catalog import NEVER
from lake.landing.generate.draws import Column, Ints
from lake.landing.generate.envelope import change_line, envelope_texts
from lake.landing.generate.events import (
    CREATE,
    DELETE,
    READ,
    UPDATE,
    Events,
    join,
    lsn,
    with_tombstones,
)
from lake.landing.generate.orders import deleted_at
from lake.landing.generate.period import DAY, END, HOUR, SECOND, instant, time_of_day, words
from lake.landing.generate.vocabulary import COUNTRIES, STREETS, json_texts
from lake.landing.generate.world import World

MOST_UPDATES = 3


def signed_up(world: World, customer: Column) -> Ints:
    """Return when each customer signed up; before the period for the first ones."""
    draws = world.draws
    moment = time_of_day(draws.below(customer, "moment of sign-up", 1 << 20))
    day = np.searchsorted(world.customers_before, customer, side="right") - 1
    age = draws.between(customer, "days known", 1, 800)
    known = customer < world.customers_before_period
    return np.asarray(np.where(known, -age, day) * DAY + moment, dtype=np.int64)


def customer_events(world: World, customer: Column) -> Events:
    """Return every change of these customers over the whole period."""
    draws = world.draws
    since = signed_up(world, customer)
    known = customer < world.customers_before_period
    gone = deleted_at(world, customer)
    old, new = customer[known], customer[~known]
    first, later = since[known], since[~known]
    snapshot = np.full(len(old), 6 * SECOND)
    parts = [
        _rows(world, old, snapshot, READ, since=first, change=0, updated=first),
        _rows(world, new, later, CREATE, since=later, change=0, updated=later),
    ]
    updates = draws.pick(customer, "updates", np.array([0, 0, 0, 1, 1, 1, 2, 3]))
    last, last_change = since.copy(), np.zeros_like(since)
    start = np.maximum(since, 0) + HOUR
    for change in range(1, MOST_UPDATES + 1):
        width = np.maximum((END - start) // MOST_UPDATES // SECOND, 1)
        at = start + (change - 1) * width * SECOND
        at = at + draws.below(customer, f"moment of change {change}", width) * SECOND
        happens = (updates >= change) & (at < np.minimum(END, gone - DAY))
        who, when = customer[happens], at[happens]
        parts.append(
            _rows(world, who, when, UPDATE, since=since[happens], change=change, updated=when)
        )
        last = np.where(happens, at, last)
        last_change = np.where(happens, change, last_change)
    deleted = (gone < NEVER) & (gone > since + DAY)
    parts.append(
        _rows(
            world,
            customer[deleted],
            gone[deleted],
            DELETE,
            since=since[deleted],
            change=last_change[deleted],
            updated=last[deleted],
        )
    )
    return with_tombstones(join(parts))


def _rows(
    world: World,
    customer: Column,
    at: Column,
    op: int,
    *,
    since: Column,
    change: Column | int,
    updated: Column,
) -> Events:
    """Return one event a customer; even changes bring a new address, odd ones a new contact."""
    draws = world.draws
    changes = np.zeros(len(customer), dtype=np.int64) + change
    where = people.country(draws, customer)
    home = customer + changes // 2 * 1_000_000_007
    return {
        "at": at,
        "lsn": lsn(at, customer, op),
        "op": np.full(len(customer), op, dtype=np.int8),
        "id": customer,
        "street": draws.below(home, "street", len(STREETS)).astype(np.int8),
        "house": draws.between(home, "house", 1, 240).astype(np.int16),
        "city": draws.below(home, "city", 4).astype(np.int8),
        "postal": draws.between(home, "postal code", 10_000, 100_000).astype(np.int32),
        "created": since,
        "updated": updated,
        **people.contact(draws, customer, where, (changes + 1) // 2),
    }


def customer_table(world: World, events: Events) -> pa.Table:
    """Return the columns that CUSTOMER_LINE reads."""
    del world
    cities = json_texts([city for country in COUNTRIES for city in country.cities])
    return pa.table(
        {
            "id": pa.array(events["id"] + people.CUSTOMER_ID),
            **people.contact_texts(events, '","phone":"'),
            "street": words(events["street"], json_texts(STREETS)),
            "house": pa.array(events["house"]),
            "city": words(events["country"].astype(np.int32) * 4 + events["city"], cities),
            "postal": pa.array(events["postal"]),
            "country": words(events["country"], pa.array([c.name for c in COUNTRIES])),
            **instant("created", events["created"]),
            **instant("updated", events["updated"]),
            **envelope_texts("customers", events),
        }
    )


CUSTOMER_LINE = change_line(
    key='"customer_id":"C<id>"',
    image=f'"customer_id":"C<id>","full_name":"{people.NAME}","email":"{people.CONTACT}'
    '","street_address":"<street> <house>","city":"<city>","postal_code":"<postal>'
    '","country":"<country>","created_at":"<created_day><created_time>'
    '","updated_at":"<updated_day><updated_time>"',
)
