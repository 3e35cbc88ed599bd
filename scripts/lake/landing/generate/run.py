"""The generator's loop: chunk after chunk of days, each cut into parts that all cores work on."""

import gc
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from lake.contract import Table, load_contract
from lake.errors import UserError
from lake.landing.csv_file import original_location
from lake.landing.generate import VERSION
from lake.landing.generate.control import Control, read_control
from lake.landing.generate.draws import Column
from lake.landing.generate.events import Events, join, size, take
from lake.landing.generate.files import Count, Files
from lake.landing.generate.made import events_of
from lake.landing.generate.period import DAYS
from lake.landing.generate.tables import LINE_TABLES, TABLES, UPLOADS
from lake.landing.generate.truth import PARTS, TRUTH, Truth, publish
from lake.landing.generate.world import EVENTS_PER_DAY, READINGS_PER_DAY, World
from lake.landing.writer import Batch

# Enough for the texts that many rows share to pay, few enough that all cores are busy to the end.
_ROWS_A_PART = 60_000


@dataclass
class Job:
    """One call of the generator."""

    root: Path
    seed: int
    scale: float
    until: int  # last day of arrival
    tables: list[str]
    threads: int
    events_per_day: float | None = None  # of clickstream; None: what the scale says
    readings_per_day: float | None = None  # of sensors; None: what the scale says
    progress: Callable[[str, int], None] = lambda table, day: None
    counts: dict[str, Count] = field(default_factory=dict)

    @cached_property
    def world(self) -> World:
        """The shop that is landed."""
        return World(
            self.seed,
            self.scale,
            self.events_per_day or EVENTS_PER_DAY * self.scale,
            self.readings_per_day or READINGS_PER_DAY * self.scale,
        )


def run(job: Job, force: bool = False) -> bool:
    """Land what is missing up to the job's last day; return False where nothing was.

    Raises:
        UserError: the lake holds something else, or cannot be written.
    """
    contract = load_contract()
    wanted = Control(
        job.seed,
        job.scale,
        VERSION,
        job.tables,
        events_per_day=job.world.events_per_day,
        readings_per_day=job.world.readings_per_day,
    )
    if force:
        remove_generated(job.root, contract)
    state = read_control(job.root)
    _check(job.root, contract, state, wanted)
    state = state or wanted
    if state.landed > job.until:
        return False
    state.save(job.root)
    job.counts = {table: Count() for table in job.tables}
    gc.freeze()  # what was imported stays: the collector need not look at it again and again
    with Batch(job.root) as batch, ThreadPoolExecutor(job.threads) as pool:
        try:
            _Landing(job, contract, state, batch, pool).land()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return True


def _check(root: Path, contract: dict[str, Table], state: Control | None, wanted: Control) -> None:
    """Refuse a lake that holds other files."""
    mend = "choose another --out or LAKE_ROOT, or pass --force to remove what was generated"
    if state is None:
        for name in TABLES:
            folder = root / contract[name].location
            if next(folder.glob(f"{contract[name].days}/*"), None):
                raise UserError(f"{folder} holds files that were not generated; {mend}")
    elif not state.same_parameters(wanted):
        raise UserError(
            f"{root} holds seed {state.seed}, scale {state.scale:g}, version {state.version}, "
            f"{len(state.tables)} tables, {state.events_per_day:g} events and "
            f"{state.readings_per_day:g} readings a day, not what you ask for; {mend}"
        )


def remove_generated(root: Path, contract: dict[str, Table]) -> None:
    """Remove every file that the generator can have written, and the folders that get empty."""
    for name in TABLES:
        _remove(root / contract[name].location, f"{contract[name].days}/{name}-????-??-??*")
    for name in UPLOADS:
        originals = f"arrival_date=*/{LINE_TABLES[name].file_prefix}-????-??-??*.csv"
        _remove(root / original_location(contract[name]), originals)
    _remove(root / "_truth", Path(TRUTH).name)
    _remove(root / "_control", "generate.json")
    _remove(root / PARTS, "*.jsonl.gz")


def _remove(folder: Path, pattern: str) -> None:
    for path in folder.glob(pattern):
        path.unlink()
        if path.parent != folder and not any(path.parent.iterdir()):
            path.parent.rmdir()


class _Landing:
    """One run over all chunks: while the pool writes one, the events of the next are made."""

    def __init__(
        self,
        job: Job,
        contract: dict[str, Table],
        state: Control,
        batch: Batch,
        pool: ThreadPoolExecutor,
    ) -> None:
        self._job = job
        self._contract = contract
        self._state = state
        self._batch = batch
        self._pool = pool
        self._world = job.world
        self._truth = Truth()
        self._writing: list[tuple[Future[None], Files, int]] = []

    def land(self) -> None:
        """Land all days that are missing, up to the last one wanted."""
        carried: dict[str, Events] = {}
        stop = 0
        for first_day, end_day in self._world.chunks():
            if first_day > self._job.until:
                break
            made = events_of(self._world, first_day, end_day, self._state.landed)
            self._finish(stop)
            stop = min(end_day, self._job.until + 1)
            for table in self._job.tables:
                events = join([carried.pop(table, {}), made.pop(table)])
                carried[table] = self._write_chunk(table, events, end_day, stop)
        self._finish(stop)
        publish(self._job.root)

    def _write_chunk(self, table: str, events: Events, end_day: int, stop: int) -> Events:
        """Begin the files of a table up to day `stop`; return the events from `end_day` on."""
        if not size(events):
            return {}
        files = Files(
            table=table,
            world=self._world,
            contract=self._contract[table],
            batch=self._batch,
            truth=self._truth,
            first=self._state.landed,
            last=self._job.until,
            count=self._job.counts[table],
        )
        day = events["arrival"]
        due = (day < stop) & np.array([files.is_due(number) for number in range(DAYS)])[day]
        for contract, rows in _by_place(files.contract, events, np.flatnonzero(due)):
            for part in _parts(events, rows):
                files = replace(files, contract=contract, count=Count())
                last = int(part["arrival"][-1])
                self._writing.append((self._pool.submit(_write, files, part), files, last + 1))
        return take(events, day >= end_day)

    def _finish(self, stop: int) -> None:
        """Wait for the files of the days before `stop`, make them visible and remember them."""
        while self._writing:
            future, files, day = self._writing.pop(0)
            future.result()
            self._job.counts[files.table].add(files.count)
            self._job.progress(files.table, day)
        self._batch.publish()
        if stop > self._state.landed:
            self._truth.write_part(self._job.root, self._state.landed, stop)
            self._state = replace(self._state, landed=stop)
            self._state.save(self._job.root)


def _by_place(table: Table, events: Events, rows: Column) -> Iterator[tuple[Table, Column]]:
    """Yield each place that the generator fills of a table, and which of `rows` land in it."""
    kind = LINE_TABLES.get(table.name)
    for number, place in enumerate(kind.places if kind else ("",)):
        yield table.within(place), rows[events["place"][rows] == number] if place else rows


def _parts(events: Events, due: Column) -> Iterator[Events]:
    """Yield the events at `due` in the order of their files, whole days at a time."""
    rows = due[np.lexsort([events["lsn"][due], events["arrival"][due]])]
    days = events["arrival"][rows]
    starts = np.flatnonzero(np.diff(days, prepend=-1))
    low = 0
    while low < len(days):
        after = starts[np.searchsorted(starts, low + _ROWS_A_PART) :]
        high = int(after[0]) if len(after) else len(days)
        yield take(events, rows[low:high])
        low = high


def _write(files: Files, rows: Events) -> None:
    started = time.perf_counter()
    files.write(rows)
    files.count.seconds = time.perf_counter() - started
