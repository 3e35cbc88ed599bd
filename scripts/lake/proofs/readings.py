"""The sensors of the adversarial shop: late readings that change what is said of others."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from lake.proofs.world import Author, Row, text_line

NEIGHBOUR = timedelta(hours=1)
LOCATIONS = ("warehouse-1", "warehouse-2", "warehouse-3", "office", "elsewhere")


def reading(author: Author, device: str, time: datetime, value: str, **fields: Any) -> Row:
    """Return a sound reading of a device in a warehouse that should have 10 to 30 degrees."""
    row: Row = {
        "device_id": device,
        "device_type": "temperature",
        "location": "warehouse-1",
        "reading_at": author.when(time),
        "value": value,
        "unit": "C",
    }
    return row | fields


def _send(author: Author, row: Row, batch: int, **hints: Any) -> None:
    """Deliver a reading in a batch, sometimes twice."""
    author.put("sensor_readings", text_line(row), batch, **hints)
    if author.rng.random() < 0.1:
        author.put("sensor_readings", text_line(row), batch + author.rng.randint(0, 3))


def _series(
    author: Author, device: str, day: datetime, batch: int, values: dict[int, Any], **fields: Any
) -> None:
    """Deliver the values of a device by the minute of a day."""
    for minute, value in values.items():
        time = day + timedelta(minutes=minute)
        _send(author, reading(author, device, time, str(value), **fields), batch)


# Plots


def _stuck_and_then_not(author: Author) -> None:
    """A late reading ends what looked like a stuck value, over midnight or not."""
    first, second = author.spread(2)
    device, day = author.name("T"), author.own_day()
    start = author.rng.choice((300, 1380))
    _series(author, device, day, first, {start + 30 * n: 20 for n in range(5)})
    _series(author, device, day, second, {start + author.rng.choice((45, 61, 75)): 21})


def _stuck_when_filled(author: Author) -> None:
    """Equal values with a pause of more than an hour, which a late reading fills."""
    first, second, third = author.spread(3)
    device, day = author.name("T"), author.own_day()
    start = author.rng.choice((300, 1330, 1380))
    _series(author, device, day, first, {start: 20, start + 40: 20})
    _series(author, device, day, second, {start + 120: 20, start + 160: 20})
    _series(author, device, day, third, {start + 80: author.rng.choice((20, 20, 21))})


def _spike_by_its_neighbours(author: Author) -> None:
    """A reading is a spike once both neighbours are there, and none when a nearer one comes."""
    first, second, third = author.spread(3)
    device, day = author.name("T"), author.own_day()
    middle = author.rng.choice((700, 1439, 1440))
    _series(author, device, day, first, {middle: 29})
    _series(author, device, day, second, {middle - 60: 20, middle + 60: 20})
    _series(author, device, day, third, {middle + author.rng.choice((-1, 1)): 28})


def _excursion_split_late(author: Author) -> None:
    """A late reading in range splits an excursion; one out of range joins two."""
    first, second = author.spread(2)
    device, day = author.name("T"), author.own_day()
    middle = author.rng.choice((600, 1435, 1440, 1445))
    values = {middle - 20: 31, middle + 20: 32, middle + 35: 15, middle + 50: 33}
    _series(author, device, day, first, values)
    late = {middle: author.rng.choice((30, 30.5)), middle - 85: 31}
    _series(author, device, day, second, late)


def _excursion_behind_a_spike(author: Author) -> None:
    """The reading before an excursion turns out to be no sound one, on the evening before."""
    first, second = author.spread(2)
    device, day = author.name("T"), author.own_day()
    _series(author, device, day, first, {1400: 31, 1430: 20, 1445: 31})
    _series(author, device, day, second, {1429: 31, 1431: 31})


def _pause_of_a_day(author: Author) -> None:
    """Pauses of exactly a day and of a little more, filled late or not."""
    first, second = author.spread(2)
    device, day = author.name("T"), author.own_day()
    _series(author, device, day, first, {600: 20, 600 + 1440: 20.1, 600 + 2 * 1440 + 1: 20.2})
    if author.rng.random() < 0.5:
        _series(author, device, day, second, {1441: 20.3})


def _limits_exactly(author: Author) -> None:
    """Values at and just beyond the limits, in both units, and what only fits the other unit."""
    first, second = author.spread(2)
    device, day = author.name("T"), author.own_day()
    _series(author, device, day, first, {0: "30", 20: "30.0001", 40: "10", 60: "9.9999"})
    _series(author, device, day, second, {10: "86", 30: "86.001", 50: "20"}, unit="F")
    _series(author, device, day, second, {70: "68", 90: "295.15"}, unit="C")
    _series(author, device, day, first, {80: "295.15"}, unit="K")


def _contradiction(author: Author, later: bool) -> None:
    """Two values of one moment, amid others; the later file may win."""
    first, batch = author.spread(2)
    device, day = author.name("T"), author.own_day()
    middle = author.rng.choice((600, 1439, 1440))
    _series(author, device, day, first, {middle - 30: 20, middle + 30: 20.5})
    one = reading(author, device, day + timedelta(minutes=middle), "20")
    other = one | {"value": author.rng.choice(("35", "31", "68")), "location": "warehouse-3"}
    _send(author, one, batch, part=0, prefix="m")
    second = batch + author.rng.randint(1, 3) if later else batch
    part, prefix = (None, "") if later else (1, author.rng.choice("az"))
    author.put("sensor_readings", text_line(other), second, part=part, prefix=prefix)


def _contradiction_in_one_batch(author: Author) -> None:
    _contradiction(author, later=False)


def _contradiction_later(author: Author) -> None:
    _contradiction(author, later=True)


def _ahead_of_its_day(author: Author) -> None:
    """A reading from the future is quarantined, and sound when it comes again in time."""
    batch = author.rng.randrange(max(1, author.batches // 2))
    device, day = author.name("T"), datetime.fromisoformat("2025-03-08T00:00:00+00:00")
    line = text_line(reading(author, device, day, "31"))
    _series(author, device, day, author.batches - 1, {-30: 20, 30: 31})
    for arrival in (batch, author.batches - 1):
        author.put("sensor_readings", line, arrival)


READING_PLOTS: tuple[Callable[[Author], None], ...] = (
    _stuck_and_then_not,
    _stuck_when_filled,
    _spike_by_its_neighbours,
    _excursion_split_late,
    _excursion_behind_a_spike,
    _pause_of_a_day,
    _limits_exactly,
    _contradiction_in_one_batch,
    _contradiction_later,
    _ahead_of_its_day,
)


def loggers(author: Author, count: int) -> None:
    """Add sensors of the noise: readings at random times, most of them in order, some late."""
    rng = author.rng
    for _ in range(count):
        device, location = author.name("T"), rng.choice(LOCATIONS)
        batch, time, value = rng.randrange(author.batches), author.shop_time(), 22.0
        kind, unit = rng.choice((("temperature", "C"), ("temperature", "F"), ("humidity", "%")))
        for _ in range(rng.randint(4, 24)):
            time += timedelta(seconds=rng.choice((0, 60, 600, 1800, 3600, 3601, 40_000, 90_000)))
            value += rng.choice((0, 0, 0, 0.25, -0.5, 12, -12, 40))
            row = reading(author, device, time, f"{value % 100:.2f}")
            row |= {"device_type": kind, "unit": unit, "location": location}
            late = rng.randint(1, 6) if rng.random() < 0.25 else 0
            _send(author, row, batch + late)
            batch += rng.choice((0, 0, 0, 0, 1))


# What a schedule contains


def survey_readings(arrivals: Iterable[tuple[int, Row]]) -> Counter[str]:
    """Count what the readings of a schedule do; `arrivals` are build steps and parsed readings."""
    found: Counter[str] = Counter()
    seen: dict[str, dict[datetime, tuple[int, str]]] = {}
    for step, row in arrivals:
        try:
            time = datetime.fromisoformat(str(row.get("reading_at")))
        except ValueError:
            continue
        if time.tzinfo is None:
            continue
        readings = seen.setdefault(str(row.get("device_id")), {})
        value = str(row.get("value"))
        earlier = [t for t, (number, _) in readings.items() if number < step]
        before = max((t for t in earlier if t < time and time - t <= NEIGHBOUR), default=None)
        after = min((t for t in earlier if time < t and t - time <= NEIGHBOUR), default=None)
        if before and after:
            found["reading_between_late"] += 1
            found["reading_over_midnight_late"] += before.date() != after.date()
            found["reading_ends_equal_values"] += readings[before][1] == readings[after][1] != value
        found["reading_contradicts"] += time in readings and readings[time][1] != value
        readings.setdefault(time, (step, value))
    return found
