"""Application logs: what the services of the shop write, and when it is delivered.

A record is a request that a service has answered, or something else that it has to say. Now and
then a service is in trouble for five minutes: it is slow, many of its answers fail, and it writes
more than all others.
"""

from functools import cache
from math import exp
from statistics import NormalDist

import numpy as np

from lake.landing.generate.arrival import DAYS_UNTIL_AGAIN, deliver
from lake.landing.generate.defects import DEFECTS, ERROR_BURST, FIRST_CODE, NO_EDIT
from lake.landing.generate.draws import Column, Flags, Ints, slots
from lake.landing.generate.events import CREATE, Events
from lake.landing.generate.log_lines import (
    ADDRESSES,
    ANSWERS,
    ENDPOINTS,
    MESSAGE_WEIGHTS,
    MESSAGES,
    SERVICES,
)
from lake.landing.generate.period import DAY, HOUR, MINUTE, SECOND, time_of_day
from lake.landing.generate.world import World

IDS_A_RECORD = 64  # numbers that a record has for itself and the planted copies of it
NO_RESPONSE = -1
_MESSAGE = 120_000  # of a million records that are no request
_TROUBLE, _TROUBLED_DAYS = 450_000, 9  # of a million records of a troubled day; one in so many days
_FAILS = 300_000  # of a million requests of a service in trouble
_LATE, _VERY_LATE, _TWICE = 10_000, 300, 3_000  # of a million records


def log_events(world: World, low: int, high: int) -> Events:
    """Return the records `low` to `high`, each once, or twice where it is delivered twice."""
    draws = world.draws
    number = np.arange(low, high)
    day = np.searchsorted(world.logs_before, number, side="right") - 1
    is_trouble = (day % _TROUBLED_DAYS == 4) & draws.chance(number, "in trouble", _TROUBLE)
    begin = draws.between(day, "trouble begins", 8 * HOUR, 20 * HOUR)
    moment = time_of_day(draws.below(number, "moment of the record", 1 << 20))
    burst = begin + draws.below(number, "moment of the trouble", 5 * MINUTE)
    is_message = draws.chance(number, "is no request", _MESSAGE)
    endpoint = _endpoints(world, number, day, is_trouble)
    answer = draws.pick(number, "answer", slots([answer.weight for answer in ANSWERS]))
    fails = is_trouble & draws.chance(number, "fails", _FAILS)
    answer = np.where(fails, len(ANSWERS) - 1 - number % 2, answer)
    weights = [MESSAGE_WEIGHTS[message.level] for message in MESSAGES]
    message = len(ENDPOINTS) * len(ANSWERS) + draws.pick(number, "message", slots(weights))
    usual = np.array([each.usual_ms for each in ENDPOINTS])[endpoint]
    response = 1 + usual * draws.pick(number, "response", _long_tail()) // 1000
    response = np.where(is_trouble, response * 20, response)
    burst_code = FIRST_CODE + DEFECTS["log_events"].index(ERROR_BURST)
    events: Events = {
        "at": day * DAY + np.where(is_trouble, burst, moment),
        "op": np.full(len(number), CREATE, dtype=np.int8),
        "id": number * IDS_A_RECORD,
        "line": 1 + number - world.logs_before[day],
        "what": np.where(is_message, message, endpoint * len(ANSWERS) + answer).astype(np.int32),
        "response": np.where(is_message, NO_RESPONSE, response),
        "address": draws.below(number, "address of the client", ADDRESSES).astype(np.int32),
        "edit": np.where(is_trouble, burst_code, NO_EDIT).astype(np.int16),
    }
    return _land(world, events)


def _endpoints(world: World, number: Column, day: Column, is_trouble: Flags) -> Ints:
    """Return the endpoint of each request: one of the service in trouble, or any."""
    draws = world.draws
    owners = np.array([SERVICES.index(endpoint.service) for endpoint in ENDPOINTS])
    first = np.searchsorted(owners, np.arange(len(SERVICES)))
    count = np.bincount(owners)
    service = draws.below(day, "service in trouble", len(SERVICES))
    own = first[service] + draws.below(number, "endpoint in trouble", count[service])
    weights = slots([endpoint.weight for endpoint in ENDPOINTS])
    return np.where(is_trouble, own, draws.pick(number, "endpoint", weights))


@cache
def _long_tail() -> Ints:
    """Return thousandths of the usual response time: log-normal, one in a hundred above six."""
    normal = NormalDist()
    places = [(place + 0.5) / 4096 for place in range(4096)]
    return np.array([round(1000 * exp(0.8 * normal.inv_cdf(place))) for place in places])


def _land(world: World, events: Events) -> Events:
    """Return the records with their days of arrival, and the copies that come again."""
    draws, number = world.draws, events["id"] // IDS_A_RECORD
    delay = draws.between(number, "shipped", 50, 9 * SECOND)
    stuck = draws.between(number, "stuck", 10 * MINUTE, 3 * DAY)
    delay = np.where(draws.chance(number, "log late", _LATE), stuck, delay)
    forgotten = draws.between(number, "forgotten", 20 * DAY, 60 * DAY)
    delay = np.where(draws.chance(number, "log very late", _VERY_LATE), forgotten, delay)
    again = np.flatnonzero(draws.chance(number, "shipped twice", _TWICE))
    until_again = draws.pick(number[again], "shipped again", DAYS_UNTIL_AGAIN)
    return deliver(events, events["at"] + delay, again, until_again)
