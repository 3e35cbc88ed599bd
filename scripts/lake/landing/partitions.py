"""Writes the lines of a query into the lake, one file per table and day of arrival."""

import hashlib
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy
import pyarrow
from isal import igzip

from lake.contract import Table
from lake.landing.marks import escape_marks
from lake.landing.writer import write_file

_WRITERS = 2


@dataclass
class Written:
    """What was written of one table: lines, files, and bytes on disk."""

    records: int = 0
    files: int = 0
    bytes: int = 0

    def add(self, other: "Written") -> None:
        """Add what was written of another part."""
        self.records += other.records
        self.files += other.files
        self.bytes += other.bytes


def write_partitions(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    table: Table,
    relation: str,
    *,
    order_by: str,
    prefix: str,
    chunk_rows: int = 100_000,
    on_rows: Callable[[int], None] = lambda rows: None,
) -> Written:
    """Write `relation`, which has the columns `arrival_date` (date) and `line` (JSON text).

    The lines of a day are sorted by `order_by`, whose terms together must be a total order. A file
    is named by its content, so that landing the same again replaces it by itself, and landing
    something else never takes a line away. Memory holds about two chunks of `chunk_rows`.

    Raises:
        UserError: the disk is full or the folder cannot be written.
    """
    written = Written()
    pending: deque[Future[int]] = deque()
    with ThreadPoolExecutor(_WRITERS) as pool:
        for first, last in _spans(con, relation, chunk_rows):
            chunk = con.execute(
                f"select strftime(arrival_date, '%Y-%m-%d') as day, line || chr(10) as line"
                f" from {relation} where arrival_date between ? and ?"
                f" order by arrival_date, {order_by}",
                [first, last],
            ).to_arrow_table()
            for day, content, lines in _days(chunk):
                pending.append(pool.submit(write_lines, root, table, day, prefix, content))
                written.records += lines
                written.files += 1
                on_rows(lines)
                while len(pending) > 4 * _WRITERS:
                    written.bytes += pending.popleft().result()
        written.bytes += sum(future.result() for future in pending)
    return written


def write_lines(root: Path, table: Table, day: str, prefix: str, content: bytes) -> int:
    """Write lines as one file of a day, named by its content; return its bytes on disk.

    Raises:
        UserError: the disk is full or the folder cannot be written.
    """
    content = escape_marks(content)
    packed = igzip.compress(content, 1, mtime=0)
    name = f"{prefix}-{hashlib.md5(content).hexdigest()[:12]}.json.gz"
    write_file(root, f"{table.partition(day)}/{name}", packed)
    return len(packed)


def _spans(con: duckdb.DuckDBPyConnection, relation: str, chunk_rows: int) -> list[tuple[str, str]]:
    """Return spans of days that hold about `chunk_rows` rows each."""
    days = con.execute(
        f"select cast(arrival_date as varchar), count(*) from {relation} group by 1 order by 1"
    ).fetchall()
    spans: list[tuple[str, str]] = []
    rows = chunk_rows
    for day, count in days:
        if rows + count > chunk_rows:
            spans.append((day, day))
            rows = 0
        spans[-1] = (spans[-1][0], day)
        rows += count
    return spans


def _days(chunk: pyarrow.Table) -> list[tuple[str, bytes, int]]:
    """Cut sorted rows into (day, content, number of lines)."""
    if chunk.num_rows == 0:
        return []
    runs = chunk["day"].combine_chunks().dictionary_encode()
    codes = runs.indices.to_numpy()
    starts = numpy.flatnonzero(numpy.r_[True, codes[1:] != codes[:-1]])
    ends = numpy.r_[starts[1:], chunk.num_rows]
    lines = chunk["line"].cast(pyarrow.large_string()).combine_chunks()
    if isinstance(lines, pyarrow.ChunkedArray):
        lines = lines.chunk(0)
    offsets = numpy.frombuffer(lines.buffers()[1], dtype=numpy.int64)[lines.offset :]
    text = memoryview(lines.buffers()[2])
    days = []
    for start, end in zip(starts, ends, strict=True):
        content = bytes(text[offsets[start] : offsets[end]])
        days.append((runs.dictionary[int(codes[start])].as_py(), content, int(end - start)))
    return days
