"""Events: what a source sends, one row a record, as integer columns of equal length.

Every table has these columns besides its own:

- `at`: commit time, ms since 2025-01-01
- `lsn`: order of the changes; for Stripe and files only the order within a day
- `op`: 0 create, 1 update, 2 delete, 3 snapshot read, 4 tombstone
- `arrival`: day on which the record lands, counted from 2025-01-01
- `edit`: 0, or how the written line is changed (see `defects`)
"""

from collections.abc import Sequence

import numpy as np

from lake.landing.generate.draws import Column, Ints

CREATE, UPDATE, DELETE, READ, TOMBSTONE = range(5)
LSN_BASE = 26_000_000_000

Events = dict[str, Column]


def size(events: Events) -> int:
    """Return the number of events."""
    return len(events["at"]) if events else 0


def take(events: Events, rows: Column) -> Events:
    """Return the events at `rows`, an index or a mask."""
    if rows.dtype == bool:  # searched once, not once a column
        rows = np.flatnonzero(rows)
    return {name: np.take(column, rows) for name, column in events.items()}


def join(parts: Sequence[Events]) -> Events:
    """Return the events of all parts, one part after the other."""
    full = [part for part in parts if size(part)] or list(parts[:1])
    return {name: np.concatenate([part[name] for part in full]) for name in full[0]}


def lsn(at: Column, entity: Column, place: Column | int) -> Ints:
    """Return the log position of changes: by commit time, then entity, then place in the commit.

    `place` is below 64; of one entity, no two changes share commit time and place.
    """
    slot = (entity & 1023).astype(np.int64) * 64 + place
    return np.asarray(LSN_BASE + at.astype(np.int64) * 65_536 + slot, dtype=np.int64)


def with_tombstones(events: Events) -> Events:
    """Return the events and, behind them, a tombstone for each delete."""
    deletes = take(events, events["op"] == DELETE)
    if not size(deletes):
        return events
    deletes["op"] = np.full_like(deletes["op"], TOMBSTONE)
    return join([events, deletes])
