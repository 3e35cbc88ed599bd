"""Loggers that measure the temperature of the warehouses, three days each, a reading a minute.

A temperature mapping puts up a logger here and there, now and then, rather than one for ever; so a
small lake has readings of every season, and still of every minute. Each quarter of a day of a
logger brings one incident, which ends before the next begins.
"""

from functools import cache

import numpy as np
import pyarrow as pa

from lake.landing.generate.arrival import DAYS_UNTIL_AGAIN, deliver
from lake.landing.generate.defects import DEFECTS, FIRST_CODE, NO_EDIT
from lake.landing.generate.draws import Column, Flags, Ints
from lake.landing.generate.events import CREATE, Events, take
from lake.landing.generate.period import DAY, HOUR, MINUTE, SECOND, instant, words
from lake.landing.generate.template import concat
from lake.landing.generate.world import MINUTES, World

WAREHOUSES = ["warehouse-1", "warehouse-2", "warehouse-3"]
PLACES = tuple(f"device-type=temperature/location={name}" for name in WAREHOUSES)
NUMBERS_A_READING = 64  # that a reading has for itself and the planted copies of it
PLANTED_NUMBER = 32
_NOTHING, _SPIKE, _STUCK, _GAP, _UNIT, _COOLING = range(6)
_KINDS = 6
_QUARTER = MINUTES // 4
# Hundredths of a degree: of the year's mean, and how far summer and afternoon are above it.
_MEAN, _SUMMER, _AFTERNOON = [2100, 2000, 500], [400, 500, 100], [250, 300, 80]
_COLDEST, _HOTTEST = -10_000, 30_000
_OUTAGE, _LONG_OUTAGE, _TWICE = 20_000, 2_000, 3_000  # of a million hours, hours, readings


def sensor_readings(world: World, first_day: int, end_day: int) -> Events:
    """Return the readings of these days, some of them twice, with their days of arrival."""
    low, high = (int(world.logger_days_before[day]) for day in (first_day, end_day))
    if low == high:
        return {}
    events, is_sent = _measure(world, np.arange(low, high))
    return _land(world, take(events, is_sent.ravel()))


def reading_number(events: Events) -> Ints:
    """Return the numbers of the readings, whose planted copies have the same."""
    return np.asarray(events["id"] // NUMBERS_A_READING, dtype=np.int64)


def _measure(world: World, number: Ints) -> tuple[Events, Flags]:
    """Return a reading for each minute of these days of loggers, and which are sent."""
    draws, logger = world.draws, world.loggers[number]
    day = world.logger_days[number]
    minute = np.arange(MINUTES)
    reading = number[:, None] * MINUTES + minute
    celsius = _temperatures(day, logger % len(WAREHOUSES))
    celsius += draws.between(reading.ravel(), "wobble", -25, 26).reshape(reading.shape)
    kind, since, length = _incidents(world, number)
    inside = (since >= 0) & (since < length)
    is_spike = inside & (kind == _SPIKE)
    jump = draws.between(reading.ravel(), "jump", -1200, 1200).reshape(reading.shape)
    celsius += np.where(is_spike, jump + np.where(jump < 0, -800, 800), 0)
    rise = np.minimum(since, length - since) * 12
    celsius += np.where(inside & (kind == _COOLING), rise, 0)
    is_stuck = inside & (kind == _STUCK)
    frozen = np.take_along_axis(celsius, (minute - since).clip(0, MINUTES - 1), axis=1)
    celsius = np.where(is_stuck, frozen, celsius)
    # What only happens to equal the stuck value would be a part of it.
    celsius += ~is_stuck & (kind == _STUCK) & (celsius == frozen)
    fahrenheit = np.rint(celsius * 1.8).astype(np.int64) + 3200
    in_fahrenheit = np.broadcast_to((logger % 4 == 1)[:, None], celsius.shape)
    is_wrong = inside & (kind == _UNIT)
    events = {
        "at": ((day[:, None] * MINUTES + minute) * MINUTE + (logger % 60)[:, None] * SECOND),
        "op": np.full(reading.shape, CREATE, dtype=np.int8),
        "id": reading * NUMBERS_A_READING,
        "device": np.broadcast_to(logger[:, None], reading.shape),
        "place": np.broadcast_to((logger % len(WAREHOUSES))[:, None], reading.shape),
        "value": np.where(in_fahrenheit ^ is_wrong, fahrenheit, celsius),
        "unit": in_fahrenheit.astype(np.int8),
        "edit": _labels(kind, since, length),
    }
    is_sent = ~(inside & (kind == _GAP))
    return {name: column.ravel() for name, column in events.items()}, is_sent


def _temperatures(day: Ints, place: Ints) -> Ints:
    """Return what the air does, in hundredths of a degree, shape (days, MINUTES)."""
    year = -np.cos(2 * np.pi * (day - 20) / 365)
    hour = -np.cos(2 * np.pi * (np.arange(MINUTES) - 180) / MINUTES)
    mean, summer, afternoon = (np.array(part)[place] for part in (_MEAN, _SUMMER, _AFTERNOON))
    air = (mean + summer * year)[:, None] + afternoon[:, None] * hour
    return np.asarray(np.rint(air), dtype=np.int64)


def _incidents(world: World, number: Ints) -> tuple[Ints, Ints, Ints]:
    """Return for each minute the incident of its quarter, the minutes since it began, its length.

    Shape (days, MINUTES) each.
    """
    quarter = (number[:, None] * 4 + np.arange(4)).ravel()
    kind = quarter % _KINDS
    start = 60 + world.draws.below(quarter, "incident", 60)
    shortest = np.array([0, 1, 125, 61, 15, 240])[kind]
    longest = np.array([1, 2, 180, 150, 60, 241])[kind]
    length = shortest + world.draws.below(quarter, "length of the incident", longest - shortest)
    since = np.arange(_QUARTER) - start[:, None]
    shape = (len(number), MINUTES)
    spread = (np.repeat(column, _QUARTER).reshape(shape) for column in (kind, length))
    kinds, lengths = spread
    return kinds, since.reshape(shape), lengths


def _labels(kind: Ints, since: Ints, length: Ints) -> Column:
    """Return the code of the mark on each reading that an incident spoils, or delays."""
    names = {defect.name: code for code, defect in enumerate(DEFECTS["sensor_readings"])}
    inside = (since >= 0) & (since < length)
    edit = np.full(kind.shape, NO_EDIT, dtype=np.int16)
    for incident, name in ((_SPIKE, "spike"), (_STUCK, "stuck"), (_UNIT, "unit_mixed_up")):
        edit[inside & (kind == incident)] = FIRST_CODE + names[name]
    edit[(since == length) & (kind == _GAP)] = FIRST_CODE + names["gap_before"]
    return edit


def _land(world: World, events: Events) -> Events:
    """Return the readings with their days of arrival, and the copies that come again."""
    draws, reading = world.draws, reading_number(events)
    hour = reading // 60
    delay = draws.between(reading, "gateway", 200, 20 * SECOND)
    away = draws.between(hour, "outage of the gateway", 2 * HOUR, 3 * DAY)
    delay = np.where(draws.chance(hour, "gateway is away", _OUTAGE), away, delay)
    gone = draws.between(hour, "logger is read out", 10 * DAY, 40 * DAY)
    delay = np.where(draws.chance(hour, "logger is read out late", _LONG_OUTAGE), gone, delay)
    again = np.flatnonzero(draws.chance(reading, "reading sent twice", _TWICE))
    until_again = draws.pick(reading[again], "reading again", DAYS_UNTIL_AGAIN)
    return deliver(events, events["at"] + delay, again, until_again)


def reading_table(world: World, events: Events) -> pa.Table:
    """Return the columns that READING_LINE reads."""
    del world
    return pa.table(
        {
            "device": pa.array(events["device"] + 1),
            "located": words(events["place"], pa.array(WAREHOUSES)),
            **instant("reading", events["at"]),
            "value": words(events["value"] - _COLDEST, _values()),
            "unit": words(events["unit"], pa.array(["C", "F"])),
        }
    )


@cache
def _values() -> pa.Array:
    return pa.array(f"{value / 100:.2f}" for value in range(_COLDEST, _HOTTEST))


READING_LINE = concat(
    '{"device_id":"T<device>","device_type":"temperature","location":"<located>",'
    '"reading_at":"<reading_day><reading_time>","value":"<value>","unit":"<unit>"}\n'
)
