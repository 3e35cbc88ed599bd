"""Who visits the shop when, and what a visit consists of: scripts of clickstream events.

A visit ends in the order that the commerce sources hold, or in none. Its number names it: that of
its order, or the number of all orders and its own place among the visits without one.
"""

from dataclasses import dataclass, fields
from functools import cache

import numpy as np

from lake.landing.generate import people
from lake.landing.generate.draws import Column, Flags, Ints, slots
from lake.landing.generate.orders import Orders
from lake.landing.generate.period import DAY, time_of_day
from lake.landing.generate.world import World

EVENT_TYPES = [
    "page_view", "product_view", "search", "add_to_cart", "remove_from_cart", "checkout",
    "purchase", "session_end",
]  # fmt: skip
PAGE, VIEW, SEARCH, CART, REMOVE, CHECKOUT, PURCHASE, END_OF_SESSION = range(8)
STRANGERS, MACHINES = 700_000_000, 900_000_000
WEB, MOBILE = 0, 1
MOST_LINES = 4  # of an order that its visit shows
NO_USER, NO_ORDER, NO_DEVICE = -1, -1, -1
_LETTERS = dict(zip("pvscrkbe", range(8), strict=True))
# One letter an event; a digit after it says which of the visit's products it is about.
_BROWSING = {
    "p": 14, "pv0": 14, "sv0v1": 12, "pv0v1pe": 10, "v0": 16, "sv0c0": 8, "pv0c0r0e": 5,
    "v0c0k": 5, "pv0c0v1c1kpe": 4, "ssp": 6, "pv0v1v2v3": 6,
}  # fmt: skip
_CRAWLING = ["p" + "v0" * 8, "v0" * 60]
_BUYING = ["p{pairs}kbe", "s{views}v4{carts}kpb", "pv4c4v0c0r4{rest}kb"]


@dataclass
class Visits:
    """Visits as arrays by position; `anchor` is when its first event is, or its purchase."""

    number: Ints
    person: Ints
    channel: Ints
    script: Ints
    anchor: Ints
    customer: Ints  # NO_USER where nobody logs in
    login: Ints  # place of the first event of a known user
    order: Ints  # NO_ORDER where none is made
    is_app: Flags  # knows its users and keeps no key of the device
    product: Ints  # shape (visits, MOST_LINES + 1); the last is looked at and not bought


def join_visits(parts: list[Visits]) -> Visits:
    """Return the visits of all parts, one part after the other."""
    return Visits(
        **{
            field.name: np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(Visits)
        }
    )


@dataclass(frozen=True)
class Scripts:
    """Every script, as matrices of types and product slots by script and place."""

    type: Ints
    slot: Ints
    length: Ints
    anchor: Ints  # the place whose time is the visit's anchor


@cache
def scripts() -> Scripts:
    """Return the scripts of `_BROWSING`, of `_CRAWLING`, then of orders of 1, 2, ... lines."""
    texts = [*_BROWSING, *_CRAWLING, *(_buying(text, n) for n in range(1, 5) for text in _BUYING)]
    parsed = [_parse(text) for text in texts]
    longest = max(len(script) for script in parsed)
    padded = np.zeros((len(parsed), longest, 2), dtype=np.int64)
    for row, script in enumerate(parsed):
        padded[row, : len(script)] = script
    types = padded[:, :, 0]
    return Scripts(
        type=types,
        slot=padded[:, :, 1],
        length=np.array([len(script) for script in parsed], dtype=np.int64),
        anchor=np.argmax(types == PURCHASE, axis=1).astype(np.int64),
    )


def _buying(text: str, lines: int) -> str:
    places = range(lines)
    return text.format(
        pairs="".join(f"v{n}c{n}" for n in places),
        views="".join(f"v{n}" for n in places),
        carts="".join(f"c{n}" for n in places),
        rest="".join(f"v{n}c{n}" for n in places[1:]),
    )


def _parse(text: str) -> list[tuple[int, int]]:
    events: list[tuple[int, int]] = []
    for letter in text:
        if letter.isdigit():
            events[-1] = (events[-1][0], int(letter))
        else:
            events.append((_LETTERS[letter], 0))
    return events


def buying_visits(world: World, orders: Orders) -> Visits:
    """Return the visits that end in these orders, of those that came over the web or the app."""
    rows = np.flatnonzero(orders.channel <= MOBILE)
    number = orders.number[rows]
    customer = orders.customer[rows]
    count = np.minimum(orders.count[rows], MOST_LINES)
    first = orders.start[rows]
    lines = [orders.product[first + np.minimum(n, count - 1)] for n in range(MOST_LINES)]
    extra = world.draws.pick(number, "looked at", world.catalog.slots)
    variant = world.draws.below(number, "script of the order", len(_BUYING))
    person = np.where(customer < 0, people.GUESTS + number, customer)
    return Visits(
        number=number,
        person=person,
        channel=orders.channel[rows],
        script=len(_BROWSING) + len(_CRAWLING) + (count - 1) * len(_BUYING) + variant,
        anchor=orders.at_created[rows] + 1000,
        customer=customer,
        login=world.draws.below(number, "login", 4),
        order=orders.order_id[rows],
        is_app=_is_app(world, person, orders.channel[rows]) & (customer >= 0),
        product=np.stack([*lines, extra], axis=1),
    )


def other_visits(world: World, low: int, high: int) -> Visits:
    """Return the visits `low` to `high` of those that end in no order."""
    draws = world.draws
    place = np.arange(low, high)
    number = place + world.orders
    day = np.searchsorted(world.visits_before, place, side="right") - 1
    moment = time_of_day(draws.below(number, "moment of the visit", 1 << 20))
    kind = draws.below(number, "kind of visitor", 100)
    known = world.customers_before[day] * draws.below(number, "customer", 1 << 20) >> 20
    stranger = STRANGERS + place - draws.below(number, "comes again", 12) * 3
    is_machine, is_customer = kind < 4, (kind >= 4) & (kind < 40)
    person = np.where(is_customer, known, stranger)
    person = np.where(is_machine, MACHINES + draws.below(number, "machine", 12), person)
    channel = np.where(is_machine, WEB, draws.below(number, "channel of the visit", 2))
    logs_in = is_customer & draws.chance(number, "logs in", 450_000)
    browsing = draws.pick(number, "script", slots(list(_BROWSING.values())))
    crawling = len(_BROWSING) + person % len(_CRAWLING)
    shown = [
        draws.pick(number * 8 + slot, "looked at", world.catalog.slots)
        for slot in range(MOST_LINES + 1)
    ]
    return Visits(
        number=number,
        person=person,
        channel=channel,
        script=np.where(is_machine, crawling, browsing),
        anchor=day * DAY + moment,
        customer=np.where(logs_in, person, NO_USER),
        login=draws.below(number, "login", 2),
        order=np.full(len(place), NO_ORDER),
        is_app=_is_app(world, person, channel) & logs_in,
        product=np.stack(shown, axis=1),
    )


def _is_app(world: World, person: Column, channel: Column) -> Flags:
    flags: Flags = (channel == MOBILE) & world.draws.chance(person, "app keeps no key", 150_000)
    return flags
