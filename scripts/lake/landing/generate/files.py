"""From the events of a table to its files of some days: lines, defects, compression, truth."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import md5

import numpy as np
import orjson
import pyarrow as pa
from isal import igzip

from lake.contract import Table
from lake.landing.csv_file import original_location
from lake.landing.generate.defects import REDELIVERED, apply, defect_of
from lake.landing.generate.envelope import tombstone
from lake.landing.generate.events import TOMBSTONE, Events, take
from lake.landing.generate.period import day_text
from lake.landing.generate.render import Piece, day_contents
from lake.landing.generate.suppliers import avro, record_id, supplier_records
from lake.landing.generate.tables import LINE_TABLES, TABLES, UPLOADS
from lake.landing.generate.truth import REDELIVERED_FILE, Truth
from lake.landing.generate.uploads import FIRST_MONDAY, csv_row
from lake.landing.generate.world import World
from lake.landing.writer import Batch

_FILE_AGAIN_EVERY = 97  # days; each table on other days
_MOST_DAYS_UNTIL_AGAIN = 4


@dataclass
class Count:
    """What was written of a table."""

    files: int = 0
    records: int = 0
    bytes: int = 0
    seconds: float = 0.0

    def add(self, other: "Count") -> None:
        """Add what another part wrote."""
        self.files += other.files
        self.records += other.records
        self.bytes += other.bytes
        self.seconds += other.seconds


@dataclass
class _Content:
    """A file before it is compressed, and for each of its records the id, if any was wanted."""

    day: int
    records: int
    pieces: list[Piece]
    ids: list[str] = field(default_factory=list)


def days_until_again(table: str, day: int) -> int:
    """Return after how many days the file of a day lands once more; 0: never."""
    place = (TABLES.index(table) * 11 + 5) % _FILE_AGAIN_EVERY
    if table in UPLOADS:
        return 2 if (day - FIRST_MONDAY) % 140 == 14 else 0
    if table == "suppliers":
        return 3 if day % 98 == 7 else 0
    if table == "sensor_readings":  # which land on few days
        return 1 + day % _MOST_DAYS_UNTIL_AGAIN if day % 5 == 0 else 0
    return 1 + day % _MOST_DAYS_UNTIL_AGAIN if day % _FILE_AGAIN_EVERY == place else 0


@dataclass(frozen=True)
class Files:
    """The files of a table that are due: from day `first` on, up to day `last`.

    Objects of several threads may share `batch` and `truth`.
    """

    table: str
    world: World
    contract: Table
    batch: Batch
    truth: Truth
    first: int
    last: int
    count: Count

    def is_due(self, day: int) -> bool:
        """Return whether a day's file, or its second copy, has not landed yet."""
        again = days_until_again(self.table, day)
        return day >= self.first or (again > 0 and day + again >= self.first)

    def write(self, rows: Events) -> None:
        """Write the files of whole days, and note what is planted in them."""
        contents = self._avro_contents if self.table == "suppliers" else self._line_contents
        for content in contents(rows):
            self._write_day(content)

    def _write_day(self, content: _Content) -> None:
        """Write a day's file where it is due, and its second copy where that is due."""
        name = f"{self.table}-{day_text(content.day)}"
        if content.day >= self.first:
            self._write_file(self._path(content.day, name), content)
        again = days_until_again(self.table, content.day)
        day = content.day + again
        if again and self.first <= day <= self.last:
            relative = self._path(day, f"{name}-again")
            self._write_file(relative, content)
            for identity in _ids(content):
                self.truth.add(day, self.table, relative, identity, REDELIVERED_FILE)

    def _write_file(self, relative: str, content: _Content) -> None:
        data = b"".join(content.pieces)
        self.count.files += 1
        self.count.records += content.records
        self.count.bytes += len(data)
        if self.table != "suppliers":
            # In one go: a stream's bytes depend on where its pieces end.
            data = igzip.compress(data, compresslevel=1, mtime=0)
        self.batch.add(relative, data)

    def _path(self, day: int, name: str) -> str:
        ending = "avro" if self.table == "suppliers" else "json.gz"
        return f"{self.contract.partition(day_text(day))}/{name}.{ending}"

    def _line_contents(self, rows: Events) -> Iterator[_Content]:
        kind = LINE_TABLES[self.table]
        days = rows["arrival"]
        records = np.bincount(days)
        edited = np.flatnonzero((rows["edit"] > 0) | (rows["op"] == TOMBSTONE))
        texts: dict[int, bytes] = {}

        def edit(row: int, line: bytes) -> bytes:
            code = int(rows["edit"][row])
            if not code:
                return tombstone(line)
            number = int(rows["lsn"][row]) * 100 + code
            texts[row] = self._planted(int(days[row]), code, number, line[:-1])
            return texts[row] + b"\n"

        columns = kind.columns(self.world, rows)
        for day, pieces in day_contents(columns, kind.line, days=days, edited=edited, edit=edit):
            yield _Content(day, int(records[day]), pieces)
        if self.table in UPLOADS:
            self._write_originals(columns, rows, texts)

    def _planted(self, day: int, code: int, number: int, text: bytes) -> bytes:
        """Return the line of a record with its defect, and note it where its file is due."""
        defect = defect_of(self.table, code)
        if code != REDELIVERED:
            text = apply(defect, orjson.loads(text), number).encode()
        if day >= self.first:
            file = self._path(day, f"{self.table}-{day_text(day)}")
            self.truth.add(day, self.table, file, md5(text).hexdigest(), defect)
        return text

    def _write_originals(self, columns: pa.Table, rows: Events, texts: dict[int, bytes]) -> None:
        """Write the CSV files that the records came from."""
        kind, header = LINE_TABLES[self.table], self.contract.csv_columns
        originals = day_contents(
            columns,
            kind.csv_line,
            days=rows["arrival"],
            edited=np.array(sorted(texts), dtype=np.int64),
            edit=lambda row, line: csv_row(texts[row], line, header),
        )
        for day, pieces in originals:
            first = np.searchsorted(rows["arrival"], day)
            name = f"{kind.file_prefix}-{day_text(int(rows['file_day'][first]))}"
            content = b"".join([f"{','.join(header)}\n".encode(), *pieces])
            self._write_original(day, f"{name}.csv", content)
            again = days_until_again(self.table, day)
            if again:
                self._write_original(day + again, f"{name}-again.csv", content)

    def _write_original(self, day: int, name: str, content: bytes) -> None:
        if self.first <= day <= self.last:
            folder = f"{original_location(self.contract)}/arrival_date={day_text(day)}"
            self.batch.add(f"{folder}/{name}", content)

    def _avro_contents(self, rows: Events) -> Iterator[_Content]:
        for day in np.unique(rows["arrival"]):
            here = take(rows, rows["arrival"] == day)
            records = supplier_records(self.world, here)
            path = self._path(int(day), f"suppliers-{day_text(day)}")
            for row in np.flatnonzero(here["edit"]):
                defect = defect_of("suppliers", int(here["edit"][row]))
                apply(defect, records[row], int(here["lsn"][row]))
                if day >= self.first:
                    identity = record_id(records[row])
                    self.truth.add(int(day), "suppliers", path, identity, defect)
            ids = [record_id(record) for record in records]
            yield _Content(int(day), len(records), [avro(records, int(day))], ids)


def _ids(content: _Content) -> list[str]:
    if content.ids:
        return content.ids
    return [md5(line).hexdigest() for line in b"".join(content.pieces).split(b"\n")[:-1]]
