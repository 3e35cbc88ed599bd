"""When a record lands: most on the day of their commit, some late, some twice."""

import numpy as np

from lake.landing.generate.draws import Column, Draws, Ints
from lake.landing.generate.events import TOMBSTONE, Events, join, size, take
from lake.landing.generate.period import DAY, DAYS, END, HOUR

# Changes from 22:00 on miss the day's batch.
_CUT_OFF = 2 * HOUR
_LATE, _VERY_LATE = 30_000, 400  # of a million changes
_TWICE = 3_000
# A change lands at most this many days after the creation of its order.
LONGEST_LIFE = 130


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
    events = {
        **events,
        "arrival": day.astype(np.int16),
        "edit": np.zeros(size(events), dtype=np.int16),
    }
    events = take(events, (events["at"] < END) & (day < DAYS))
    return join([events, _second_copies(draws, table, events)])


def _second_copies(draws: Draws, table: str, events: Events) -> Events:
    """Return the changes that are delivered again, one to nine days later."""
    identity = events["lsn"] ^ _salt(table)
    again = draws.chance(identity, "delivered twice", _TWICE) & (events["op"] != TOMBSTONE)
    copies = take(events, again)
    later = copies["arrival"] + draws.between(identity[again], "days until again", 1, 10)
    copies["arrival"] = later.astype(np.int16)
    copies["edit"] = np.full(size(copies), REDELIVERED, dtype=np.int16)
    return take(copies, copies["arrival"] < DAYS)


REDELIVERED = 1


def _salt(table: str) -> int:
    return int.from_bytes(table.encode()[-5:], "little") << 16
