"""Clickstream events: what happens during the visits, and when the collector delivers it."""

import numpy as np

from lake.landing.generate import people
from lake.landing.generate.arrival import DAYS_UNTIL_AGAIN, deliver
from lake.landing.generate.click_lines import (
    ADDRESSES,
    APP_AGENTS,
    MACHINE_AGENTS,
    REFERRERS,
    WEB_AGENTS,
)
from lake.landing.generate.defects import NO_EDIT
from lake.landing.generate.draws import Column, Ints
from lake.landing.generate.events import CREATE, Events, take
from lake.landing.generate.orders import Orders
from lake.landing.generate.period import DAY, END, HOUR, MINUTE, SECOND
from lake.landing.generate.visits import (
    MACHINES,
    MOBILE,
    NO_DEVICE,
    NO_ORDER,
    NO_USER,
    PURCHASE,
    Visits,
    buying_visits,
    join_visits,
    other_visits,
    scripts,
)
from lake.landing.generate.vocabulary import COUNTRIES
from lake.landing.generate.world import World

EVENTS_A_VISIT = 128  # numbers that a visit has for its events and the planted copies of them
PLANTED_PLACE = 64
_LATE, _VERY_LATE, _TWICE = 20_000, 400, 4_000  # of a million events


def click_events(world: World, orders: Orders, low: int, high: int) -> Events:
    """Return the events of the visits that end in these orders, and of the others in [low, high).

    Each event stands once, or twice where the collector delivers it twice.
    """
    visits = join_visits([other_visits(world, low, high), buying_visits(world, orders)])
    events = _events(world, visits)
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
        "edit": np.full(len(visit), NO_EDIT, dtype=np.int16),
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
    web = draws.below(person, "browser", WEB_AGENTS)
    app = WEB_AGENTS + draws.below(person, "app", APP_AGENTS)
    machine = WEB_AGENTS + APP_AGENTS + person % MACHINE_AGENTS
    agent = np.where(visits.channel == MOBILE, app, web)
    agent = np.where(person >= MACHINES, machine, agent)
    referrer = draws.below(visits.number, "referrer", len(REFERRERS))
    code = agent * len(COUNTRIES) + people.country(draws, person)
    return np.asarray(code * len(REFERRERS) + referrer, dtype=np.int64)


def _addresses(world: World, visits: Visits) -> Ints:
    """Return the address of each visit's machine: its own, or one on the way."""
    draws = world.draws
    away = draws.chance(visits.number, "on the way", 250_000)
    home = draws.below(visits.person, "address", ADDRESSES)
    return np.where(away, draws.below(visits.number, "address", ADDRESSES), home)


def _land(world: World, events: Events) -> Events:
    """Return the events with their days of arrival, and the copies that come again."""
    draws, event = world.draws, events["id"]
    delay = draws.between(event, "on the wire", 50, 9 * SECOND)
    offline = draws.between(event, "offline", 10 * MINUTE, 3 * DAY)
    delay = np.where(draws.chance(event, "late", _LATE), offline, delay)
    long_gone = draws.between(event, "long offline", 20 * DAY, 60 * DAY)
    delay = np.where(draws.chance(event, "very late", _VERY_LATE), long_gone, delay)
    again = np.flatnonzero(draws.chance(event, "delivered twice", _TWICE))
    until_again = draws.pick(event[again], "again", DAYS_UNTIL_AGAIN)
    return deliver(events, events["at"] + delay, again, until_again)
