"""The generator's loop: chunk after chunk of days, table after table, file after file."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from hashlib import md5
from pathlib import Path
from threading import Semaphore

import numpy as np
from isal import igzip

from lake.contract import Table, load_contract
from lake.errors import UserError
from lake.landing.generate import VERSION
from lake.landing.generate.control import Control, read_control
from lake.landing.generate.customer_files import CSV_HEADER, CSV_LINE, csv_row, file_table
from lake.landing.generate.defects import REDELIVERED, apply, defect_of
from lake.landing.generate.envelope import tombstone
from lake.landing.generate.events import TOMBSTONE, Events, join, size, take
from lake.landing.generate.made import events_of
from lake.landing.generate.period import DAYS, day_text
from lake.landing.generate.render import Piece, connect, day_contents
from lake.landing.generate.suppliers import avro, record_id, supplier_records
from lake.landing.generate.tables import LINE_TABLES, TABLES
from lake.landing.generate.truth import PARTS, REDELIVERED_FILE, TRUTH, Truth, publish
from lake.landing.generate.world import World
from lake.landing.writer import write_file

_ORIGINALS = "file-uploads-original/type=customer-data"
_WAITING_FILES = 32
# A write waits for the disk most of its time, so there are more writers than cores.
_WRITERS = 8
_FILE_AGAIN_EVERY = 97  # days; each table on other days
_MOST_DAYS_UNTIL_AGAIN = 4


@dataclass
class TableCount:
    """What one call wrote of a table."""

    files: int = 0
    records: int = 0
    bytes: int = 0
    seconds: float = 0.0


@dataclass
class Job:
    """One call of the generator."""

    root: Path
    seed: int
    scale: float
    until: int  # last day of arrival
    tables: list[str]
    threads: int
    progress: Callable[[str, int], None] = lambda table, day: None
    counts: dict[str, TableCount] = field(default_factory=dict)


def run(job: Job, force: bool = False) -> bool:
    """Land what is missing up to the job's last day; return False where nothing was.

    Raises:
        UserError: the lake holds something else, or cannot be written.
    """
    contract = load_contract()
    wanted = Control(job.seed, job.scale, VERSION, job.tables)
    if force:
        remove_generated(job.root, contract)
    state = read_control(job.root)
    _check(job.root, contract, state, wanted)
    state = state or wanted
    if state.landed > job.until:
        return False
    state.save(job.root)
    job.counts = {table: TableCount() for table in job.tables}
    with ThreadPoolExecutor(_WRITERS) as pool:
        _Landing(job, contract, state, pool).land()
    return True


def _check(root: Path, contract: dict[str, Table], state: Control | None, wanted: Control) -> None:
    """Refuse a lake that holds other files."""
    mend = "choose another --out or LAKE_ROOT, or pass --force to remove what was generated"
    if state is None:
        for name in TABLES:
            folder = root / contract[name].location
            if next(folder.glob("arrival_date=*/*"), None):
                raise UserError(f"{folder} holds files that were not generated; {mend}")
    elif not state.same_parameters(wanted):
        raise UserError(
            f"{root} holds seed {state.seed}, scale {state.scale:g}, version {state.version}, "
            f"{len(state.tables)} tables, not what you ask for; {mend}"
        )


def remove_generated(root: Path, contract: dict[str, Table]) -> None:
    """Remove every file that the generator can have written, and the folders that get empty."""
    for name in TABLES:
        _remove(root / contract[name].location, f"arrival_date=*/{name}-????-??-??*")
    _remove(root / _ORIGINALS, "arrival_date=*/customers-????-??-??*.csv")
    _remove(root / "_truth", Path(TRUTH).name)
    _remove(root / "_control", "generate.json")
    _remove(root / PARTS, "*.jsonl.gz")


def _remove(folder: Path, pattern: str) -> None:
    for path in folder.glob(pattern):
        path.unlink()
        if path.parent != folder and not any(path.parent.iterdir()):
            path.parent.rmdir()


def days_until_again(table: str, day: int) -> int:
    """Return after how many days the file of a day lands once more; 0: never."""
    place = TABLES.index(table) * 11 + 5
    if table == "customer_files":
        return 2 if (day - 5) % 140 == 14 else 0
    if table == "suppliers":
        return 3 if day % 98 == 7 else 0
    return 1 + day % _MOST_DAYS_UNTIL_AGAIN if day % _FILE_AGAIN_EVERY == place else 0


@dataclass
class _Content:
    """A file before it is compressed, and for each of its records the id, if any was wanted."""

    day: int
    records: int
    pieces: list[Piece]
    ids: list[str] = field(default_factory=list)


class _Landing:
    """One run over all chunks."""

    def __init__(
        self, job: Job, contract: dict[str, Table], state: Control, pool: ThreadPoolExecutor
    ) -> None:
        self._job = job
        self._contract = contract
        self._state = state
        self._pool = pool
        self._waiting: list[Future[None]] = []
        self._world = World(job.seed, job.scale)
        self._connection = connect(job.threads)
        self._truth = Truth()
        self._cores = Semaphore(job.threads)

    def land(self) -> None:
        """Land all days that are missing, up to the last one wanted."""
        carried: dict[str, Events] = {}
        for first_day, end_day in self._world.chunks():
            if first_day > self._job.until:
                break
            made = events_of(self._world, first_day, end_day, self._state.landed)
            stop = min(end_day, self._job.until + 1)
            for table in self._job.tables:
                started = time.perf_counter()
                carried[table] = self._land_chunk(
                    table, join([carried.pop(table, {}), made.pop(table)]), end_day, stop
                )
                self._job.counts[table].seconds += time.perf_counter() - started
                self._job.progress(table, stop)
            self._finish()
            if stop > self._state.landed:
                self._truth.write_part(self._job.root, self._state.landed, stop)
                self._state = replace(self._state, landed=stop)
                self._state.save(self._job.root)
        publish(self._job.root)

    def _land_chunk(self, table: str, events: Events, end_day: int, stop: int) -> Events:
        """Write the files of a table up to day `stop`; return the events from `end_day` on."""
        if not size(events):
            return {}
        day = events["arrival"]
        due = (day < stop) & np.array([self._is_due(table, number) for number in range(DAYS)])[day]
        if due.any():
            rows = take(events, due)
            rows = take(rows, np.lexsort([rows["lsn"], rows["arrival"]]))
            for content in self._contents(table, rows):
                self._write(table, content)
        return take(events, day >= end_day)

    def _is_due(self, table: str, day: int) -> bool:
        """Return whether a day's file, or its second copy, has not landed yet."""
        again = days_until_again(table, day)
        return day >= self._state.landed or (again > 0 and day + again >= self._state.landed)

    def _write(self, table: str, content: _Content) -> None:
        """Write a day's file where it is due, and its second copy where that is due."""
        date = day_text(content.day)
        if content.day >= self._state.landed:
            self._write_file(table, content.day, f"{table}-{date}", content)
        again = days_until_again(table, content.day)
        if again and self._state.landed <= content.day + again <= self._job.until:
            day = content.day + again
            relative = self._write_file(table, day, f"{table}-{date}-again", content)
            for identity in _ids(content):
                self._truth.add(day, table, relative, identity, REDELIVERED_FILE)

    def _write_file(self, table: str, day: int, name: str, content: _Content) -> str:
        is_avro = table == "suppliers"
        relative = self._path(table, day, name)
        count = self._job.counts[table]
        count.files += 1
        count.records += content.records
        count.bytes += sum(len(piece) for piece in content.pieces)
        self._add(relative, content.pieces, not is_avro)
        return relative

    def _path(self, table: str, day: int, name: str) -> str:
        ending = "avro" if table == "suppliers" else "json.gz"
        return f"{self._contract[table].partition(day_text(day))}/{name}.{ending}"

    def _contents(self, table: str, rows: Events) -> Iterator[_Content]:
        """Yield the file of each day, and note what is planted in it."""
        if table == "suppliers":
            yield from self._avro_contents(rows)
            return
        kind = LINE_TABLES[table]
        days = rows["arrival"]
        records = np.bincount(days)
        edited = np.flatnonzero((rows["edit"] > 0) | (rows["op"] == TOMBSTONE))
        texts: dict[int, bytes] = {}

        def edit(row: int, line: bytes) -> bytes:
            code = int(rows["edit"][row])
            if not code:
                return tombstone(line)
            defect = defect_of(table, code)
            text = line[:-1]
            if code != REDELIVERED:
                number = int(rows["lsn"][row]) * 100 + code
                text = apply(defect, json.loads(line.decode()), number).encode()
            day = int(days[row])
            if day >= self._state.landed:
                file = self._path(table, day, f"{table}-{day_text(day)}")
                self._truth.add(day, table, file, md5(text).hexdigest(), defect)
            texts[row] = text
            return text + b"\n"

        columns = kind.columns(self._world, rows)
        for day, pieces in day_contents(
            self._connection, columns, kind.line, days=days, edited=edited, edit=edit
        ):
            yield _Content(day, int(records[day]), pieces)
        if table == "customer_files":
            self._write_originals(rows, texts)

    def _write_originals(self, rows: Events, texts: dict[int, bytes]) -> None:
        """Write the CSV files that the records came from."""
        originals = day_contents(
            self._connection,
            file_table(self._world, rows),
            CSV_LINE,
            days=rows["arrival"],
            edited=np.array(sorted(texts), dtype=np.int64),
            edit=lambda row, line: csv_row(texts[row], line),
        )
        for day, pieces in originals:
            first = np.searchsorted(rows["arrival"], day)
            name = f"customers-{day_text(int(rows['file_day'][first]))}"
            content: list[Piece] = [CSV_HEADER, *pieces]
            self._add_original(day, f"{name}.csv", content)
            again = days_until_again("customer_files", day)
            if again:
                self._add_original(day + again, f"{name}-again.csv", content)

    def _add_original(self, day: int, name: str, content: list[Piece]) -> None:
        """Write an original file soon, if its day is due."""
        if self._state.landed <= day <= self._job.until:
            folder = f"{_ORIGINALS}/arrival_date={day_text(day)}"
            self._add(f"{folder}/{name}", content, compressed=False)

    def _avro_contents(self, rows: Events) -> Iterator[_Content]:
        for day in np.unique(rows["arrival"]):
            here = take(rows, rows["arrival"] == day)
            records = supplier_records(self._world, here)
            path = self._path("suppliers", int(day), f"suppliers-{day_text(day)}")
            for row in np.flatnonzero(here["edit"]):
                defect = defect_of("suppliers", int(here["edit"][row]))
                apply(defect, records[row], int(here["lsn"][row]))
                if day >= self._state.landed:
                    identity = record_id(records[row])
                    self._truth.add(int(day), "suppliers", path, identity, defect)
            ids = [record_id(record) for record in records]
            yield _Content(int(day), len(records), [avro(records, int(day))], ids)

    def _add(self, relative: str, pieces: list[Piece], compressed: bool) -> None:
        """Write a file soon; an earlier file's error is raised here or by `_finish`."""
        if len(self._waiting) >= _WAITING_FILES:
            self._waiting.pop(0).result()
        self._waiting.append(self._pool.submit(self._pack, relative, pieces, compressed))

    def _pack(self, relative: str, pieces: list[Piece], compressed: bool) -> None:
        with self._cores:
            content = b"".join(pieces)
            if compressed:  # in one go: a stream's bytes depend on where its pieces end
                content = igzip.compress(content, compresslevel=1, mtime=0)
        write_file(self._job.root, relative, content)

    def _finish(self) -> None:
        """Wait until every file is there."""
        while self._waiting:
            self._waiting.pop(0).result()


def _ids(content: _Content) -> list[str]:
    if content.ids:
        return content.ids
    return [md5(line).hexdigest() for line in b"".join(content.pieces).split(b"\n")[:-1]]
