"""When a record lands: mostly on the day it was made, sometimes late, sometimes twice."""

import numpy as np

from lake.landing.generate.defects import NO_EDIT, REDELIVERED
from lake.landing.generate.draws import Column, Draws, Ints
from lake.landing.generate.events import TOMBSTONE, Events, join, take
from lake.landing.generate.period import DAY, DAYS, END, HOUR, SECOND

# Changes from 22:00 on miss the day's batch.
_CUT_OFF = 2 * HOUR
_LATE, _VERY_LATE = 30_000, 400  # of a million changes
_TWICE = 3_000
# A change lands at most this many days after the creation of its order.
LONGEST_LIFE = 130
# Drawn from: most of what a collector delivers twice comes again on the next day.
DAYS_UNTIL_AGAIN = np.array([1, 1, 1, 2, 6])


def lateness(draws: Draws, ids: Column) -> Ints:
    """Return by how many days each change is late: mostly 0, else 1 to 10, or 60."""
    late = draws.chance(ids, "late", _LATE)
    very_late = draws.chance(ids, "very late", _VERY_LATE)
    days = np.where(late, draws.between(ids, "days late", 1, 11), 0)
    return np.asarray(np.where(very_late, 60, days), dtype=np.int64)


def land(draws: Draws, table: str, events: Events) -> Events:
    """Return the events that land within the period, with their arrival days and second copies."""
    identity = events["lsn"] ^ _salt(table)
    on_time = (events["at"] + _CUT_OFF) // DAY
    # On the last day everything late comes in, so that at the end the books balance.
    day = np.maximum(np.minimum(on_time + lateness(draws, identity), DAYS - 1), on_time)
    first = np.flatnonzero((events["at"] < END) & (day < DAYS))
    again, later = _second_copies(draws, identity[first], events["op"][first], day[first])
    # Taken once for both: every column is copied only here.
    return {
        **take(events, np.concatenate([first, first[again]])),
        "arrival": np.concatenate([day[first], later]).astype(np.int16),
        "edit": np.repeat([NO_EDIT, REDELIVERED], [len(first), len(again)]).astype(np.int16),
    }


def _second_copies(draws: Draws, identity: Column, op: Column, day: Column) -> tuple[Ints, Ints]:
    """Return which changes are delivered again, one to nine days later, and on which day."""
    again = np.flatnonzero(draws.chance(identity, "delivered twice", _TWICE) & (op != TOMBSTONE))
    later = day[again] + draws.between(identity[again], "days until again", 1, 10)
    within = later < DAYS
    return again[within], later[within]


def deliver(events: Events, received: Column, again: Column, until_again: Column) -> Events:
    """Return the events with their days of arrival, and second copies of some.

    `received` is when each reaches the collector, in ms as `at`; the events at the indices `again`
    land once more, each `until_again` days after its first copy.
    """
    # On the last day everything late comes in, so that at the end the books balance.
    day = np.minimum(received // DAY, DAYS - 1)
    later = day[again] + until_again
    again, later = again[later < DAYS], later[later < DAYS]
    order = received // SECOND * (1 << 37) + events["id"]
    return join(
        [
            {**events, "lsn": order, "arrival": day.astype(np.int16)},
            {
                **take(events, again),
                "lsn": order[again],
                "arrival": later.astype(np.int16),
                "edit": np.full(len(again), REDELIVERED, dtype=np.int16),
            },
        ]
    )


def _salt(table: str) -> int:
    return int.from_bytes(table.encode()[-5:], "little") << 16
