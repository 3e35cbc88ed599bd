"""Clickstream events: what the collector of web and app delivers, one JSON object a line."""

from functools import cache

import numpy as np
import pyarrow as pa

from lake.landing.generate import people
from lake.landing.generate.defects import NO_EDIT, REDELIVERED
from lake.landing.generate.draws import Column, Ints
from lake.landing.generate.events import CREATE, Events, join, take
from lake.landing.generate.orders import PRODUCT_ID, Orders
from lake.landing.generate.period import DAY, DAYS, END, HOUR, MINUTE, SECOND, instant, words
from lake.landing.generate.template import concat
from lake.landing.generate.visits import (
    CHECKOUT,
    END_OF_SESSION,
    EVENT_TYPES,
    MACHINES,
    NO_DEVICE,
    NO_ORDER,
    NO_USER,
    PAGE,
    PURCHASE,
    SEARCH,
    Visits,
    buying_visits,
    join_visits,
    other_visits,
    scripts,
)
from lake.landing.generate.vocabulary import CATEGORIES, COUNTRIES, escape
from lake.landing.generate.world import World

EVENTS_A_VISIT = 128  # numbers that a visit has for its events and the planted copies of them
PLANTED_PLACE = 64
_LATE, _VERY_LATE, _TWICE = 20_000, 400, 4_000  # of a million events
_PAGES = ["/", "/sale", "/help/returns", "/account", "/about", "/stores", "/category/new", "/blog"]
_REFERRERS = [
    "", "", "https://www.google.com/search?q=shop", "https://duckduckgo.com/",
    "https://news.example.org/deals?ref=7", "https://mail.example/inbox", "https://social.example/",
    "android-app://com.example.mail/",
]  # fmt: skip
_DESKTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
_AGENTS = [
    ("desktop", f"{_DESKTOP}Chrome/131.0.0.0 Safari/537.36"),
    ("desktop", f"{_DESKTOP}Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0"),
    ("desktop", "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"),
    ("phone", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Safari/604.1"),
    ("phone", "Mozilla/5.0 (Linux; Android 14; CUBOT KINGKONG) Chrome/131.0.0.0 Mobile"),
    ("tablet", "Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) Safari/604.1"),
    ("phone", "ShopApp/7.4.1 (iPhone15,3; iOS 18.1)"),
    ("phone", "ShopApp/7.4.0 (Pixel 8; Android 15)"),
    ("tablet", "ShopApp/7.3.9 (SM-X710; Android 14)"),
    ("desktop", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
    ("desktop", f"{_DESKTOP}HeadlessChrome/131.0.0.0 Safari/537.36"),
    ("desktop", "python-requests/2.32.3"),
    ("desktop", f"{_DESKTOP}Chrome/131.0.0.0 Safari/537.36"),  # a machine that does not say so
]
_WEB_AGENTS, _APP_AGENTS, _MACHINE_AGENTS = 6, 3, 4
_ADDRESSES = 1 << 16


def click_events(world: World, orders: Orders | None, low: int, high: int) -> Events:
    """Return the events of the visits that end in these orders, and of the others in [low, high).

    Each event stands once, or twice where the collector delivers it twice.
    """
    parts = [other_visits(world, low, high)]
    if orders is not None:
        parts.append(buying_visits(world, orders))
    events = _events(world, join_visits(parts))
    return _land(world, take(events, (events["at"] >= 0) & (events["at"] < END)))


def _events(world: World, visits: Visits) -> Events:
    draws, table = world.draws, scripts()
    count = table.length[visits.script]
    start = np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64)
    visit = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(visit)) - start[visit]
    number = visits.number[visit]
    event = number * EVENTS_A_VISIT + place
    script = visits.script[visit]
    kind = table.type[script, place]
    passed = np.cumsum(_pauses(world, visits, visit, event))
    zero = passed[start + table.anchor[visits.script]]
    device = visits.person * 2 + visits.channel
    wrong = draws.chance(device, "clock is wrong", 30_000)
    skew = np.where(wrong, draws.between(device, "clock", -5 * MINUTE, 5 * MINUTE), 0)
    is_known = place >= np.where(visits.is_app, 0, visits.login)[visit]
    purchase = kind == PURCHASE
    return {
        "at": (visits.anchor - zero + skew)[visit] + passed,
        "op": np.full(len(visit), CREATE, dtype=np.int8),
        "id": event,
        "visit": number,
        "type": kind.astype(np.int8),
        "product": visits.product[visit, table.slot[script, place]].astype(np.int32),
        "order": np.where(purchase, visits.order[visit], NO_ORDER),
        "user": np.where(is_known, visits.customer[visit], NO_USER),
        "device": np.where(visits.is_app, NO_DEVICE, device)[visit],
        "channel": visits.channel[visit].astype(np.int8),
        "agent": _agents(world, visits)[visit],
        "address": _addresses(world, visits)[visit],
    }


def _pauses(world: World, visits: Visits, visit: Column, event: Column) -> Ints:
    """Return the ms before each event: seconds, sometimes minutes, now and then half an hour."""
    draws = world.draws
    usual = draws.between(event, "pause", SECOND, 75 * SECOND)
    way = draws.below(event, "kind of pause", 1000)
    usual = np.where(way < 40, draws.between(event, "minutes", 4 * MINUTE, 29 * MINUTE), usual)
    usual = np.where(way < 10, draws.between(event, "away", 31 * MINUTE, 3 * HOUR), usual)
    usual = np.where(way < 2, 30 * MINUTE, usual)
    is_machine = (visits.person >= MACHINES)[visit]
    return np.asarray(np.where(is_machine, 300 + usual % 600, usual), dtype=np.int64)


def _agents(world: World, visits: Visits) -> Ints:
    """Return agent, country and referrer of each visit as one code."""
    draws, person = world.draws, visits.person
    web = draws.below(person, "browser", _WEB_AGENTS)
    app = _WEB_AGENTS + draws.below(person, "app", _APP_AGENTS)
    machine = _WEB_AGENTS + _APP_AGENTS + person % _MACHINE_AGENTS
    agent = np.where(visits.channel == 1, app, web)
    agent = np.where(person >= MACHINES, machine, agent)
    referrer = draws.below(visits.number, "referrer", len(_REFERRERS))
    code = agent * len(COUNTRIES) + people.country(draws, person)
    return np.asarray(code * len(_REFERRERS) + referrer, dtype=np.int64)


def _addresses(world: World, visits: Visits) -> Ints:
    """Return the address of each visit's machine: its own, or one on the way."""
    draws = world.draws
    away = draws.chance(visits.number, "on the way", 250_000)
    home = draws.below(visits.person, "address", _ADDRESSES)
    return np.where(away, draws.below(visits.number, "address", _ADDRESSES), home)


def _land(world: World, events: Events) -> Events:
    """Return the events with their days of arrival, and the copies that come again."""
    draws, event = world.draws, events["id"]
    delay = draws.between(event, "on the wire", 50, 9 * SECOND)
    offline = draws.between(event, "offline", 10 * MINUTE, 3 * DAY)
    delay = np.where(draws.chance(event, "late", _LATE), offline, delay)
    long_gone = draws.between(event, "long offline", 20 * DAY, 60 * DAY)
    delay = np.where(draws.chance(event, "very late", _VERY_LATE), long_gone, delay)
    received = events["at"] + delay
    # On the last day everything late comes in, so that at the end the books balance.
    day = np.minimum(received // DAY, DAYS - 1)
    again = np.flatnonzero(draws.chance(event, "delivered twice", _TWICE))
    later = day[again] + draws.pick(event[again], "again", np.array([1, 1, 1, 2, 6]))
    again, later = again[later < DAYS], later[later < DAYS]
    order = received // SECOND * (1 << 37) + event
    return join(
        [
            {
                **events,
                "lsn": order,
                "arrival": day.astype(np.int16),
                "edit": np.full(len(event), NO_EDIT, dtype=np.int16),
            },
            {
                **take(events, again),
                "lsn": order[again],
                "arrival": later.astype(np.int16),
                "edit": np.full(len(again), REDELIVERED, dtype=np.int16),
            },
        ]
    )


def event_table(world: World, events: Events) -> pa.Table:
    """Return the columns that EVENT_LINE reads."""
    count = world.catalog.count
    no_user, no_device = events["user"] < 0, events["device"] < 0
    no_order = events["order"] < 0
    texts = pa.array(
        _happening(kind, product, world.catalog.names[product])
        for kind in range(len(EVENT_TYPES))
        for product in range(count)
    )
    second = events["at"] // SECOND * SECOND
    return pa.table(
        {
            "id": pa.array(events["id"]),
            **instant("event", second),
            "milli": words(events["at"] - second, _millis()),
            "happening": words(events["type"].astype(np.int64) * count + events["product"], texts),
            "order_open": words(no_order, pa.array(['"O', "null"])),
            "bought": pa.array(events["order"], mask=no_order),
            "user_open": words(
                no_order * 2 + no_user,
                pa.array([f'{end},"user_id":{user}' for end in ('"', "") for user in ('"C', "null")]),
            ),
            "person": pa.array(events["user"] + people.CUSTOMER_ID, mask=no_user),
            "device_open": words(
                no_user * 2 + no_device,
                pa.array(
                    [f'{end},"anonymous_id":{key}' for end in ('"', "") for key in ('"D', "null")]
                ),
            ),
            "device": pa.array(events["device"], mask=no_device),
            "visit_open": words(
                no_device, pa.array([f'{end},"user_session":"S' for end in ('"', "")])
            ),
            "visit": pa.array(events["visit"]),
            "channel": words(events["channel"], pa.array(["web", "mobile"])),
            "agent": words(events["agent"], _agent_texts()),
            "address": words(events["address"], _address_texts()),
        }
    )


def _happening(kind: int, product: int, name: str) -> str:
    """Return what an event is about: type, page and product."""
    page = {
        PAGE: _PAGES[product % len(_PAGES)],
        SEARCH: f"/search?q={name.split(' ')[-2].lower()}",
        CHECKOUT: "/checkout",
        PURCHASE: "/checkout/thanks",
        END_OF_SESSION: _PAGES[0],
    }.get(kind, f"/product/P{PRODUCT_ID + product}?list={list(CATEGORIES)[product % 10][:4]}")
    named = "null" if kind in (PAGE, SEARCH, CHECKOUT, END_OF_SESSION) else ""
    return (
        f'"event_type":"{EVENT_TYPES[kind]}","page":"{page}",'
        f'"product_id":{named or f"{chr(34)}P{PRODUCT_ID + product}{chr(34)}"},"order_id":'
    )


@cache
def _millis() -> pa.Array:
    return pa.array([f".{milli:03d}Z" for milli in range(1000)])


@cache
def _agent_texts() -> pa.Array:
    return pa.array(
        f'","device":"{device}","country":"{country.name}","referrer":'
        f'{f"{chr(34)}{referrer}{chr(34)}" if referrer else "null"},"user_agent":"{escape(agent)}"'
        ',"ip":"198.18.'
        for device, agent in _AGENTS
        for country in COUNTRIES
        for referrer in _REFERRERS
    )


@cache
def _address_texts() -> pa.Array:
    return pa.array(f"{number >> 8}.{number & 255}" for number in range(_ADDRESSES))


EVENT_LINE = concat(
    '{"event_id":"E<id>","event_time":"<event_day><left(event_time, 8)><milli>",<happening><order_open>'
    '<bought><user_open><person><device_open><device><visit_open><visit>","channel":"<channel><agent>'
    '<address>"}\n'
)
