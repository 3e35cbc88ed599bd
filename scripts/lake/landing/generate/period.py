"""The days of the period, how busy each is, and the text of an instant.

Instants are whole milliseconds since 2025-01-01 00:00 UTC; days are counted from that day.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np
import pyarrow as pa

from lake.landing.generate.draws import Column, Draws, Ints

FIRST_DAY = date(2025, 1, 1)
LAST_DAY = date(2026, 1, 27)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000
END = DAYS * DAY
EPOCH_MS = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp()) * 1000

_TEXT_FROM = date(2022, 1, 1)
_TEXT_OFFSET = (FIRST_DAY - _TEXT_FROM).days
_WEEKDAY = [1.04, 0.98, 0.96, 0.98, 1.05, 1.02, 0.97]
_MONTH = [0.92, 0.88, 0.93, 0.97, 1.00, 0.96, 0.90, 0.93, 1.00, 1.05, 1.22, 1.32]
_HOUR = [14, 9, 6, 5, 5, 8, 14, 24, 37, 47, 53, 56, 58, 56, 54, 54, 56, 60, 66, 72, 74, 66, 46, 27]
_CAMPAIGNS = {
    date(2025, 2, 14): 1.4,
    date(2025, 5, 9): 1.5,
    date(2025, 7, 15): 2.1,
    date(2025, 7, 16): 1.7,
    date(2025, 9, 1): 1.3,
    date(2025, 11, 11): 1.6,
    date(2025, 11, 28): 3.1,
    date(2025, 11, 29): 2.0,
    date(2025, 12, 1): 2.5,
    date(2025, 12, 24): 0.6,
    date(2025, 12, 25): 0.4,
    date(2026, 1, 5): 1.5,
}


@cache
def milliseconds() -> pa.Array:
    """Return the end of an instant for each of the 1000 milliseconds of a second: `.000Z`, ..."""
    return pa.array([f".{milli:03d}Z" for milli in range(1000)])


@cache
def day_text(day: int) -> str:
    """Return a day as yyyy-mm-dd."""
    return (FIRST_DAY + timedelta(days=int(day))).isoformat()


def is_campaign(days: Column) -> Column:
    """Return for each day whether the shop runs a campaign on it."""
    busy = [(day - FIRST_DAY).days for day, factor in _CAMPAIGNS.items() if factor > 1]
    return np.isin(days, busy)


def cumulative_orders(draws: Draws, orders: int) -> Ints:
    """Return how many orders came before each day: shape (DAYS + 1,), first 0, last `orders`."""
    noise = draws.below(np.arange(DAYS), "noise of the day", 140)
    weights = []
    for number in range(DAYS):
        day = FIRST_DAY + timedelta(days=number)
        weight = (1 + 0.35 * number / DAYS) * _WEEKDAY[day.weekday()] * _season(day)
        weights.append(weight * _CAMPAIGNS.get(day, 1.0) * (0.93 + 0.001 * int(noise[number])))
    whole = np.array([round(weight * 1_000_000) for weight in weights], dtype=np.int64)
    running = np.concatenate([[0], np.cumsum(whole)])
    return np.asarray([int(part) * orders // int(running[-1]) for part in running], dtype=np.int64)


def _season(day: date) -> float:
    """Return the factor of the time of year, straight between the middles of the months."""
    position = day.month - 1 + (day.day - 15.5) / 31
    low = int(position // 1)
    share = position - low
    return _MONTH[low % 12] * (1 - share) + _MONTH[(low + 1) % 12] * share


def time_of_day(place: Column) -> Ints:
    """Return ms within the day for places in [0, 2^20), more of them in busy hours; monotone."""
    bounds = np.concatenate([[0], np.cumsum(np.array(_HOUR, dtype=np.int64))])
    bounds = bounds * (1 << 20) // bounds[-1]
    hour = np.searchsorted(bounds, place, side="right") - 1
    width = bounds[hour + 1] - bounds[hour]
    return np.asarray(hour * HOUR + (place - bounds[hour]) * HOUR // width, dtype=np.int64)


@cache
def _words() -> tuple[pa.Array, pa.Array]:
    days = [f"{_TEXT_FROM + timedelta(days=number)}T" for number in range(2200)]
    two = [f"{number:02d}" for number in range(60)]
    minutes = [f"{hour}:{minute}:" for hour in two[:24] for minute in two]
    seconds = [f"{minute}{second}Z" for minute in minutes for second in two]
    return pa.array(days), pa.array(seconds)


def instant(name: str, ms: Column) -> dict[str, pa.Array]:
    """Return the two text columns whose concatenation is ISO 8601: `<name>_day`, `<name>_time`."""
    days, seconds = _words()
    day = ms // DAY
    second = (ms - day * DAY) // SECOND
    return {
        f"{name}_day": words(day + _TEXT_OFFSET, days),
        f"{name}_time": words(second, seconds),
    }


def words(codes: Column, dictionary: pa.Array) -> pa.DictionaryArray:
    """Return the text of each code, without copying any text."""
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), dictionary)
