"""The generator's loop: chunk after chunk of days, table after table, file after file."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import numpy as np
from isal import igzip

from lake.contract import Table, load_contract
from lake.errors import UserError
from lake.landing.generate import VERSION, arrival, customers, inventory, orders, payments, products
from lake.landing.generate.control import Control, read_control
from lake.landing.generate.customer_files import (
    CSV_HEADER,
    CSV_LINE,
    file_events,
    file_table,
    land_files,
)
from lake.landing.generate.draws import Column
from lake.landing.generate.events import Events, join, size, take
from lake.landing.generate.period import day_text
from lake.landing.generate.render import Piece, connect, day_contents
from lake.landing.generate.suppliers import avro, supplier_events, supplier_records
from lake.landing.generate.tables import LINE_TABLES, TABLES
from lake.landing.generate.world import World
from lake.landing.writer import write_file

_ORIGINALS = "file-uploads-original/type=customer-data"
_WAITING_FILES = 16


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
    state = read_control(job.root)
    if force:
        remove_generated(job.root, contract)
        state = None
    _check(job.root, contract, state, wanted)
    state = state or wanted
    if state.landed > job.until:
        return False
    state.save(job.root)
    job.counts = {table: TableCount() for table in job.tables}
    with ThreadPoolExecutor(job.threads) as pool:
        _land(job, contract, state, _Writer(job.root, pool))
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
        _remove(root / contract[name].location, f"arrival_date=*/{name}-*")
    _remove(root / _ORIGINALS, "arrival_date=*/customers-*.csv")
    _remove(root / "_truth", "planted.jsonl.gz")
    _remove(root / "_control", "generate.json")
    _remove(root / "_control/truth", "*.jsonl.gz")


def _remove(folder: Path, pattern: str) -> None:
    for path in folder.glob(pattern):
        path.unlink()
        if path.parent != folder and not any(path.parent.iterdir()):
            path.parent.rmdir()


class _Writer:
    """Compresses and writes files on a pool, a bounded number at a time."""

    def __init__(self, root: Path, pool: ThreadPoolExecutor) -> None:
        self._root = root
        self._pool = pool
        self._waiting: list[Future[None]] = []

    def add(self, relative: str, pieces: list[Piece], compressed: bool) -> None:
        """Write a file soon; an earlier file's error is raised here or by `finish`."""
        if len(self._waiting) >= _WAITING_FILES:
            self._waiting.pop(0).result()
        self._waiting.append(self._pool.submit(self._write, relative, pieces, compressed))

    def finish(self) -> None:
        """Wait until every file is there."""
        while self._waiting:
            self._waiting.pop(0).result()

    def _write(self, relative: str, pieces: list[Piece], compressed: bool) -> None:
        content = b"".join(pieces)
        if compressed:
            content = igzip.compress(content, compresslevel=1, mtime=0)
        write_file(self._root, relative, content)


def _land(job: Job, contract: dict[str, Table], state: Control, writer: _Writer) -> None:
    world = World(job.seed, job.scale)
    carried: dict[str, Events] = {}
    connection = connect(job.threads)
    for first_day, end_day in world.chunks():
        if first_day > job.until:
            break
        made = _made(world, first_day, end_day, state.landed)
        stop = min(end_day, job.until + 1)
        for table, events in made.items():
            if table not in job.tables:
                continue
            events = join([carried.pop(table, {}), events])
            if not size(events):
                continue
            day = events["arrival"]
            carried[table] = take(events, day >= end_day)
            due = take(events, (day >= state.landed) & (day < stop))
            started = time.perf_counter()
            if size(due):
                _write_table(job, contract[table], world, due, connection, writer)
            job.counts[table].seconds += time.perf_counter() - started
            job.progress(table, stop)
        writer.finish()
        if stop > state.landed:
            state = replace(state, landed=stop)
            state.save(job.root)


def _made(world: World, first_day: int, end_day: int, landed: int) -> dict[str, Events]:
    """Return the events that begin in [first_day, end_day), with their days of arrival."""
    made: dict[str, Events] = {}
    if end_day + arrival.LONGEST_LIFE >= landed:
        numbers = np.arange(world.orders_before[first_day], world.orders_before[end_day])
        made = _orders_and_payments(world, numbers)
    first = 0 if first_day == 0 else int(world.customers_before[first_day])
    people = np.arange(first, int(world.customers_before[end_day]))
    made["customers"] = customers.customer_events(world, people)
    if first_day == 0:
        made["products"] = products.product_events(world)
        moves = [made.get("inventory_movements", {}), inventory.stock_events(world)]
        made["inventory_movements"] = join(moves)
    for table in TABLES:
        if size(made.get(table, {})):
            made[table] = arrival.land(world.draws, table, made[table])
    files = file_events(world, first_day, end_day)
    if size(files):
        made["customer_files"] = land_files(world, files)
    if first_day == 0:
        made["suppliers"] = supplier_events(world)
    return {table: made.get(table, {}) for table in TABLES}


def _orders_and_payments(world: World, numbers: Column) -> dict[str, Events]:
    made = orders.make_orders(world, numbers)
    paid = payments.make_payments(world, made)
    return {
        "orders": orders.order_events(world, made),
        "order_items": orders.item_events(world, made),
        "inventory_movements": inventory.sale_events(world, made),
        "payments": payments.charge_events(world, paid),
        "refunds": payments.refund_events(world, paid),
    }


def _write_table(
    job: Job,
    table: Table,
    world: World,
    events: Events,
    connection: duckdb.DuckDBPyConnection,
    writer: _Writer,
) -> None:
    """Write the files of one table for the days on which its events land."""
    events = take(events, np.lexsort([events["lsn"], events["arrival"]]))
    count = job.counts[table.name]
    for day, records, pieces in _days(table, world, events, connection):
        date = day_text(day)
        ending = "avro" if table.name == "suppliers" else "json.gz"
        relative = f"{table.partition(date)}/{table.name}-{date}.{ending}"
        count.files += 1
        count.records += records
        count.bytes += sum(len(piece) for piece in pieces)
        writer.add(relative, pieces, ending == "json.gz")
    if table.name == "customer_files":
        nothing = np.zeros(0, dtype=np.int64)
        originals = day_contents(
            connection, file_table(world, events), CSV_LINE, events["arrival"], nothing, _same
        )
        for day, pieces in originals:
            date = day_text(day)
            relative = f"{_ORIGINALS}/arrival_date={date}/customers-{date}.csv"
            writer.add(relative, [CSV_HEADER, *pieces], False)


def _days(
    table: Table, world: World, events: Events, connection: duckdb.DuckDBPyConnection
) -> Iterator[tuple[int, int, list[Piece]]]:
    """Yield day of arrival, number of records and content of each file."""
    days = events["arrival"]
    if table.name == "suppliers":
        for day in np.unique(days):
            rows = take(events, days == day)
            yield int(day), size(rows), [avro(supplier_records(world, rows), int(day))]
        return
    kind = LINE_TABLES[table.name]
    records = np.bincount(days)
    edited = np.zeros(0, dtype=np.int64)
    columns = kind.columns(world, events)
    for day, pieces in day_contents(connection, columns, kind.line, days, edited, _same):
        yield day, int(records[day]), pieces


def _same(row: int, line: bytes) -> bytes:
    del row
    return line
