"""From columns to the bytes of a day's file: DuckDB writes the lines, the cuts are made here."""

import threading
from collections.abc import Callable, Iterator
from itertools import pairwise

import duckdb
import numpy as np
import pyarrow as pa

from lake.landing.generate.draws import Column

Piece = bytes | memoryview
Edit = Callable[[int, bytes], bytes]

# Small enough that a batch stays in the cache between its making and its copy.
_ROWS_A_BATCH = 2048


_of_thread = threading.local()


def _connection() -> duckdb.DuckDBPyConnection:
    """Return this thread's connection; it has no threads of its own, so the order is kept."""
    if not hasattr(_of_thread, "connection"):
        connection = duckdb.connect(config={"threads": 1})
        connection.execute("set enable_progress_bar = false")
        connection.execute(
            "create macro money(cents) as cents::decimal(10, 0) * 0.01::decimal(2, 2)"
        )
        _of_thread.connection = connection
    connected: duckdb.DuckDBPyConnection = _of_thread.connection
    return connected


def write_texts(columns: pa.Table, lines: dict[str, str]) -> dict[str, pa.Array]:
    """Return by name the texts that SQL expressions over `columns` give, one a row."""
    connection = _connection()
    selected = ", ".join(f"{line} as {name}" for name, line in lines.items())
    connection.register("events", columns)
    try:
        written = connection.execute(f"select {selected} from events").to_arrow_table()
    finally:
        connection.unregister("events")
    return {name: written.column(name).combine_chunks() for name in lines}


def day_contents(
    columns: pa.Table,
    line: str,
    *,
    days: Column,
    edited: Column,
    edit: Edit,
) -> Iterator[tuple[int, list[Piece]]]:
    """Yield each day and its lines as pieces in order; a day without a line is left out.

    `line` is the SQL of one line over `columns`, whose rows are in the order of `days`. The line of
    each row in `edited` (ascending) goes through `edit(row, line)`.
    """
    changes = np.flatnonzero(np.diff(days)) + 1
    stops = np.concatenate([changes, edited, edited + 1])
    is_day = np.zeros(len(days) + 1, dtype=bool)
    is_day[changes] = True
    is_edit = np.zeros(len(days) + 1, dtype=bool)
    is_edit[edited] = True
    stops = np.unique(stops)
    pieces: list[Piece] = []
    row = 0
    for offsets, data in _batches(columns, line):
        count = len(offsets) - 1
        inner = stops[np.searchsorted(stops, row) : np.searchsorted(stops, row + count)]
        bounds = [row, *(int(stop) for stop in inner if stop > row), row + count]
        for low, high in pairwise(bounds):
            if is_day[low] and pieces:
                yield int(days[low - 1]), pieces
                pieces = []
            piece = data[offsets[low - row] : offsets[high - row]]
            pieces.append(edit(low, bytes(piece)) if is_edit[low] else piece)
        row += count
    if pieces:
        yield int(days[-1]), pieces


def _batches(columns: pa.Table, line: str) -> Iterator[tuple[Column, memoryview]]:
    """Yield batches of lines as offsets, one more than lines, into their bytes."""
    connection = _connection()
    connection.register("events", columns)
    try:
        reader = connection.execute(f"select {line} as line from events").to_arrow_reader(
            _ROWS_A_BATCH
        )
        for batch in reader:
            texts = batch.column(0)
            wide = pa.types.is_large_string(texts.type)
            _, bounds, data = texts.buffers()
            offsets = np.frombuffer(bounds, dtype=np.int64 if wide else np.int32)
            yield offsets[texts.offset : texts.offset + len(texts) + 1], memoryview(data)
    finally:
        connection.unregister("events")
