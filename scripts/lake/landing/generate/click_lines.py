"""The JSON line of a clickstream event."""

from functools import cache

import numpy as np
import pyarrow as pa

from lake.landing.generate import people
from lake.landing.generate.draws import Flags
from lake.landing.generate.events import Events
from lake.landing.generate.orders import PRODUCT_ID
from lake.landing.generate.period import SECOND, instant, milliseconds, words
from lake.landing.generate.template import concat
from lake.landing.generate.visits import (
    CHECKOUT,
    END_OF_SESSION,
    EVENT_TYPES,
    PAGE,
    PURCHASE,
    SEARCH,
)
from lake.landing.generate.vocabulary import CATEGORIES, COUNTRIES, escape
from lake.landing.generate.world import World

_PAGES = ["/", "/sale", "/help/returns", "/account", "/about", "/stores", "/category/new", "/blog"]
REFERRERS = [
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
WEB_AGENTS, APP_AGENTS, MACHINE_AGENTS = 6, 3, 4  # of _AGENTS, in this order
ADDRESSES = 1 << 16


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
            "milli": words(events["at"] - second, milliseconds()),
            "happening": words(events["type"].astype(np.int64) * count + events["product"], texts),
            "order_open": words(no_order, pa.array(['"O', "null"])),
            "bought": pa.array(events["order"], mask=no_order),
            "user_open": _opening(no_order, no_user, "user_id", "C"),
            "person": pa.array(events["user"] + people.CUSTOMER_ID, mask=no_user),
            "device_open": _opening(no_user, no_device, "anonymous_id", "D"),
            "device": pa.array(events["device"], mask=no_device),
            "visit_open": _opening(no_device, np.zeros_like(no_device), "user_session", "S"),
            "visit": pa.array(events["visit"]),
            "channel": words(events["channel"], pa.array(["web", "mobile"])),
            "agent": words(events["agent"], _agent_texts()),
            "address": words(events["address"], _address_texts()),
        }
    )


def _opening(after_null: Flags, is_null: Flags, name: str, letter: str) -> pa.DictionaryArray:
    """Return what stands between two values: end of the first, name and begin of the second."""
    texts = [f'{end},"{name}":{begin}' for end in ('"', "") for begin in (f'"{letter}', "null")]
    return words(after_null * 2 + is_null, pa.array(texts))


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
def _agent_texts() -> pa.Array:
    return pa.array(
        f'","device":"{device}","country":"{country.name}","referrer":'
        f'{f"{chr(34)}{referrer}{chr(34)}" if referrer else "null"},"user_agent":"{escape(agent)}"'
        ',"ip":"198.18.'
        for device, agent in _AGENTS
        for country in COUNTRIES
        for referrer in REFERRERS
    )


@cache
def _address_texts() -> pa.Array:
    return pa.array(f"{number >> 8}.{number & 255}" for number in range(ADDRESSES))


EVENT_LINE = concat(
    '{"event_id":"E<id>","event_time":"<event_day><left(event_time, 8)><milli>",<happening>'
    "<order_open><bought><user_open><person><device_open><device><visit_open><visit>"
    '","channel":"<channel><agent><address>"}\n'
)
