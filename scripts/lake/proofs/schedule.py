"""A schedule: which files land when, what is built then, and which adversities that contains."""

import gzip
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import fastavro

from lake.contract import batch_id
from lake.proofs.clicks import survey_clicks
from lake.proofs.logs import survey_logs
from lake.proofs.noise import contradiction, write_world
from lake.proofs.readings import survey_readings
from lake.proofs.world import KEYS, LINE_TABLES, SOURCES, Delivery, Payload, Row

FIRST_DAY = date(2025, 2, 20)
# What is built now and then instead of everything; `subset` stands for a random set of models.
SELECTIONS = (
    "int_orders+",
    "int_customers+",
    "+int_order_lines",
    "int_order_items_validated+",
    "int_products_history+",
    "int_orders_validated int_orders int_customers_validated+",
    "fct_payments+",
    "int_payments_validated+ int_products_validated+",
    "int_events_validated int_session_events",
    "int_sessions+",
    "int_inventory_levels int_sales_targets_validated",
    "int_sensor_readings_validated agg_sensor_hourly",
    "int_sensor_readings+",
    "int_log_events_validated",
    "subset",
    "subset",
    "subset",
)
_SUPPLIER_SCHEMA = fastavro.parse_schema(
    {
        "type": "record",
        "name": "supplier",
        "fields": [
            {"name": name, "type": ["null", kind], "default": None}
            for name, kind in {
                "supplier_id": "string",
                "supplier_name": "string",
                "contact_name": "string",
                "contact_email": "string",
                "contact_phone": "string",
                "country": "string",
                "lead_time_days": "int",
                "is_active": "boolean",
                "updated_at": "string",
            }.items()
        ],
    }
)


@dataclass(frozen=True)
class LandedFile:
    """A file of one table in the partition of one arrival day; `records` is what it holds."""

    table: str
    day: str
    name: str
    content: bytes
    records: tuple[Payload, ...]


@dataclass(frozen=True)
class Step:
    """A landing and the build after it.

    `select` is a dbt selection (None: everything, `subset`: models drawn with `draw`),
    `replay_from` the day or batch that is replayed, `compare` says whether the result is compared
    with a rebuild.
    """

    batch: int
    files: tuple[LandedFile, ...]
    select: str | None = None
    replay_from: str | None = None
    compare: bool = False
    draw: int = 0


@dataclass(frozen=True)
class Schedule:
    """Landings and builds of one seed; `lagging` and `silent` name the slower sources."""

    seed: int
    batches: int
    steps: tuple[Step, ...]
    lagging: dict[str, int]
    silent: dict[str, tuple[int, ...]]


def make_schedule(seed: int, batches: int) -> Schedule:
    """Return the schedule of a seed: always the same for the same arguments."""
    return _Planner(seed, batches).plan()


class _Planner:
    def __init__(self, seed: int, batches: int) -> None:
        self.seed = seed
        self.batches = batches
        self.rng = Random(seed)
        self.world = write_world(self.rng, batches)
        self.lagging = {
            table: self.rng.randint(1, 2) for table in self.rng.sample(SOURCES, len(SOURCES) // 4)
        }
        self.silent = self._silences()
        self.empty, self.blank, self.broken_only = self.rng.sample(range(2, batches - 2), 3)
        self.days = self._calendar()
        self.landed: list[LandedFile] = []
        self.files = 0

    def _silences(self) -> dict[str, tuple[int, ...]]:
        silences = {}
        for table, length in zip(self.rng.sample(SOURCES, 3), (4, 2, 1), strict=True):
            start = self.rng.randint(1, self.batches - 2 - length)
            silences[table] = tuple(range(start, start + length))
        return silences

    def _calendar(self) -> list[str]:
        day, days = FIRST_DAY, []
        for _ in range(self.batches):
            days.append(day.isoformat())
            day += timedelta(days=self.rng.randint(1, 3))
        return days

    # The plan

    def plan(self) -> Schedule:
        """Return the schedule."""
        belated, timely = self._split_belated()
        by_step: dict[int, list[Delivery]] = {}
        for delivery in timely:
            batch = self._arrival(delivery)
            by_step.setdefault(batch + self._lag(delivery.table), []).append(delivery)
        last = self.batches - 1 + max(self.lagging.values())
        replays = sorted(self.rng.sample(range(self.batches // 3, self.batches - 1), 2))
        compared = self.rng.randint(self.batches // 3, 2 * self.batches // 3)
        steps: list[Step] = []
        for number in range(last + 1):
            steps += self._land(number, by_step.get(number, []), number == last)
            if number in replays:
                steps.append(self._replay(number, belated[replays.index(number) :: 2]))
        if not any(step.select for step in steps):
            whole = [n for n, step in enumerate(steps[:-1]) if n and not step.replay_from]
            chosen = self.rng.choice(whole)
            steps[chosen] = replace(steps[chosen], select=self.rng.choice(SELECTIONS))
        for index, step in enumerate(steps):
            if step.select is None and step.batch >= compared:
                steps[index] = replace(step, compare=True)
                break
        steps[-1] = replace(steps[-1], compare=True)
        return Schedule(self.seed, self.batches, tuple(steps), self.lagging, self.silent)

    def _split_belated(self) -> tuple[list[Delivery], list[Delivery]]:
        free = [delivery for delivery in self.world if delivery.part is None]
        taken = set(self.rng.sample(range(len(free)), len(free) // 20))
        belated = [delivery for index, delivery in enumerate(free) if index in taken]
        ids = {id(delivery) for delivery in belated}
        return belated, [delivery for delivery in self.world if id(delivery) not in ids]

    def _lag(self, table: str) -> int:
        return self.lagging.get(table, 0)

    def _arrival(self, delivery: Delivery) -> int:
        """Return the batch a record arrives in, after silent sources and special batches."""
        batch, lag = delivery.batch, self._lag(delivery.table)
        special = (self.empty, self.blank, self.broken_only)
        while batch in self.silent.get(delivery.table, ()) or batch + lag in special:
            batch += 1
        return min(batch, self.batches - 1)

    def _land(self, number: int, deliveries: list[Delivery], is_last: bool) -> list[Step]:
        """Return the landings of one batch, each with its build."""
        if number == self.empty:
            return [self._step(number, ())]
        if number == self.blank:
            tables = self.rng.sample(LINE_TABLES, 2)
            return [
                self._step(
                    number,
                    [
                        self._file(tables[0], number, [], b"\n\n"),
                        self._file(tables[1], number, [], b""),
                    ],
                )
            ]
        if number == self.broken_only:
            texts = [item for item in self.world if isinstance(item.payload, str)]
            halves = [
                Delivery(item.table, str(item.payload)[: len(item.payload) // 2], number)
                for item in self.rng.sample(texts, 8)
            ]
            return [self._step(number, self._files(number, halves))]
        return self._parts(number, deliveries, is_last)

    def _parts(self, number: int, deliveries: list[Delivery], is_last: bool) -> list[Step]:
        hinted = any(delivery.part for delivery in deliveries)
        count = max(self.rng.choice((1, 1, 1, 1, 1, 2, 3)), 2 if hinted else 1)
        parts: list[list[Delivery]] = [[] for _ in range(count)]
        for delivery in deliveries:
            place = delivery.part if delivery.part is not None else self.rng.randrange(count)
            parts[place].append(delivery)
        steps: list[Step] = []
        fresh: list[LandedFile] = []
        for index, part in enumerate(parts):
            files = self._files(number, part)
            files += self._again(number, fresh if index else [])
            fresh += files
            final = is_last and index == count - 1
            steps.append(self._step(number, files, may_select=number > 0 and not final))
        return steps

    def _step(self, number: int, files: Any, may_select: bool = False) -> Step:
        select = self.rng.choice(SELECTIONS) if may_select and self.rng.random() < 0.3 else None
        return Step(number, tuple(files), select, draw=self.rng.randrange(10**6))

    def _replay(self, number: int, belated: list[Delivery]) -> Step:
        """Return files for batches already passed, and the build that replays them."""
        deliveries = []
        for delivery in belated:
            if number - self._lag(delivery.table) >= 1:
                deliveries.append(delivery)
        for file in self.rng.sample(self.landed, min(6, len(self.landed))):
            for payload in file.records[:2]:
                again = Delivery(file.table, payload, 0)
                other = contradiction(self.rng, again)
                deliveries += [again] if other is None else [again, Delivery(file.table, other, 0)]
        files = []
        for delivery in deliveries:
            newest = min(number - self._lag(delivery.table), self.batches - 1)
            passed = self.rng.randrange(max(newest, 1))
            files += self._files(passed + self._lag(delivery.table), [delivery])
        first = min(file.day for file in files)
        batch = self.rng.choice((first, str(batch_id(first))))
        return Step(number, tuple(files), None, batch)

    # Files

    def _files(self, number: int, deliveries: list[Delivery]) -> list[LandedFile]:
        groups: dict[tuple[str, str], list[Payload]] = {}
        for delivery in self.rng.sample(deliveries, len(deliveries)):
            prefix = delivery.prefix or self.rng.choice("bnq")
            groups.setdefault((delivery.table, prefix), []).append(delivery.payload)
        return [
            self._file(table, number, records, prefix=prefix)
            for (table, prefix), records in groups.items()
        ]

    def _again(self, number: int, fresh: list[LandedFile]) -> list[LandedFile]:
        """Return whole files that come again: in a later batch, or over themselves and longer."""
        again = []
        if self.landed and self.rng.random() < 0.5:
            old = self.rng.choice(self.landed)
            if number - self._lag(old.table) >= 0:
                day = self._day(old.table, number)
                name = old.name if self.rng.random() < 0.7 else "again-" + old.name
                if day > old.day:
                    again.append(LandedFile(old.table, day, name, old.content, old.records))
        if fresh:
            old = self.rng.choice(fresh)
            more = [item for item in self.world if item.table == old.table]
            grown = (*old.records, self.rng.choice(more).payload)
            records = grown if self.rng.random() < 0.7 else old.records
            content = _encode(old.table, list(records), old.name)
            again.append(LandedFile(old.table, old.day, old.name, content, records))
        again = [file for file in again if self._takes_nothing_away(file)]
        self.landed += again
        return again

    def _takes_nothing_away(self, file: LandedFile) -> bool:
        """Return whether a file holds what landed in its place before: no source shrinks one."""
        place = (file.table, file.day, file.name)
        before = next(
            (
                old.records
                for old in reversed(self.landed)
                if place == (old.table, old.day, old.name)
            ),
            (),
        )
        return file.records[: len(before)] == before

    def _day(self, table: str, number: int) -> str:
        return self.days[min(number - self._lag(table), self.batches - 1)]

    def _file(
        self,
        table: str,
        number: int,
        records: list[Payload],
        content: bytes | None = None,
        prefix: str = "b",
    ) -> LandedFile:
        self.files += 1
        kind = "avro" if table == "suppliers" else self.rng.choice(("json", "json", "json.gz"))
        name = f"{prefix}{self.rng.randrange(16**3):03x}-{self.files:04d}.{kind}"
        if content is None:
            content = _encode(table, records, name)
        elif kind == "json.gz":
            content = gzip.compress(content, mtime=0)
        number = max(number, self._lag(table))
        file = LandedFile(table, self._day(table, number), name, content, tuple(records))
        self.landed.append(file)
        return file


def _encode(table: str, records: list[Payload], name: str) -> bytes:
    """Return the bytes of a file; the same for the same records and name."""
    if table == "suppliers":
        buffer = io.BytesIO()
        fastavro.writer(buffer, _SUPPLIER_SCHEMA, records, sync_marker=b"0123456789abcdef")
        return buffer.getvalue()
    text = "\n".join(str(record) for record in records) + ("\n" if len(records) % 2 else "")
    content = text.encode()
    return gzip.compress(content, mtime=0) if name.endswith(".gz") else content


# What a schedule contains


def _parsed(payload: Payload) -> Row | None:
    """Return the record of a JSON line that is an object, else None."""
    if isinstance(payload, dict):
        return payload
    try:
        record = json.loads(payload)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


@dataclass(frozen=True)
class _Sighting:
    """One change as it landed: which step, which file, what it says."""

    step: int
    day: str
    name: str
    order: int
    image: Row
    op: str
    text: str
    millis: int | None


def survey(schedule: Schedule) -> Counter[str]:
    """Count each adversity that the files and builds of a schedule really contain.

    It looks at the landed files only, not at how they were made.
    """
    found: Counter[str] = Counter()
    seen: dict[tuple[str, str], int] = {}
    contents: dict[bytes, int] = {}
    sightings: dict[tuple[str, str], list[_Sighting]] = {}
    newest: dict[str, str] = {}
    paths: set[tuple[str, str, str]] = set()
    previous_batch = -1
    for number, step in enumerate(schedule.steps):
        found["partial_build"] += step.select is not None
        found["replay"] += step.replay_from is not None
        found["empty_batch"] += not step.files
        found["appended_to_open_batch"] += step.batch == previous_batch and not step.replay_from
        found["blank_batch"] += bool(step.files) and not any(file.records for file in step.files)
        found["broken_only_batch"] += bool(step.files) and all(
            file.records and all(_parsed(record) is None for record in file.records)
            for file in step.files
        )
        previous_batch = step.batch
        for file in step.files:
            found["file_into_passed_batch"] += file.day < newest.get(file.table, "")
            found["file_grown_in_place"] += (file.table, file.day, file.name) in paths
            paths.add((file.table, file.day, file.name))
            found["redelivered_file"] += bool(file.records) and file.content in contents
            contents[file.content] = number
            found["compressed_file"] += file.name.endswith(".gz")
            for record in file.records:
                text = str(record)
                found["redelivered_record"] += seen.get((file.table, text), number) < number
                seen.setdefault((file.table, text), number)
                if _parsed(record) is None:
                    found["broken_line"] += 1
                for key, sighting in _sighted(file, record, number):
                    sightings.setdefault((file.table, key), []).append(sighting)
                    found["tombstone"] += sighting.op == "tombstone"
        for file in step.files:
            newest[file.table] = max(newest.get(file.table, ""), file.day)
    for (table, _), versions in sightings.items():
        _survey_entity(found, table, versions)
    _survey_parents(found, sightings)
    found += survey_clicks(
        ((number, file.day, file.name, row) for number, file, row in _records(schedule, "events")),
        {number for number, step in enumerate(schedule.steps) if step.select is None},
    )
    found += survey_readings(
        (number, row) for number, _, row in _records(schedule, "sensor_readings")
    )
    found += survey_logs((number, row) for number, _, row in _records(schedule, "log_events"))
    found["lagging_source"] = len(schedule.lagging)
    found["silent_source"] = sum(len(batches) >= 3 for batches in schedule.silent.values())
    return found


def _records(schedule: Schedule, table: str) -> Iterator[tuple[int, LandedFile, Row]]:
    """Yield the step, file and content of each landed record of a table that is a JSON object."""
    for number, step in enumerate(schedule.steps):
        for file in step.files:
            for record in file.records if file.table == table else ():
                parsed = _parsed(record)
                if parsed is not None:
                    yield number, file, parsed


def _sighted(file: LandedFile, record: Payload, step: int) -> Iterator[tuple[str, _Sighting]]:
    """Yield the key and the change of a record that is whole enough to have both."""
    parsed = _parsed(record)
    if parsed is None:
        return
    try:
        if file.table in KEYS:
            key = "-".join(str(parsed["key"][name]) for name in KEYS[file.table])
            value = parsed["value"]
            if value is None:
                yield (
                    key,
                    _Sighting(step, file.day, file.name, -1, {}, "tombstone", str(record), None),
                )
                return
            image = value["before"] if value["op"] == "d" else value["after"]
            order, millis = value["source"]["lsn"], value["source"].get("ts_ms")
            op = value["op"]
        else:
            key, order = parsed["id"], parsed["updated"]
            image, op, millis = parsed, "u", None
    except (KeyError, TypeError):
        return
    if isinstance(order, int) and isinstance(image, dict) and isinstance(key, str):
        millis = millis if isinstance(millis, int) else None
        yield key, _Sighting(step, file.day, file.name, order, image, str(op), str(record), millis)


def _survey_entity(found: Counter[str], table: str, versions: list[_Sighting]) -> None:
    """Count what one entity's changes do."""
    changes = [version for version in versions if version.op != "tombstone"]
    for index, one in enumerate(changes):
        for other in changes[index + 1 :]:
            if one.order == other.order and one.text != other.text:
                same = one.day == other.day
                found["conflict_in_one_batch" if same else "conflict_across_batches"] += 1
                found["conflict_overtakes"] += (
                    same and one.step < other.step and other.name < one.name
                )
            found["late_change"] += other.order < one.order and one.step < other.step
    ordered = sorted(changes, key=lambda version: version.order)
    fields = {
        "orders": {"created_at": "order_moves_day", "customer_id": "order_changes_customer"},
        "order_items": {"product_id": "line_changes_product"},
        "products": {"category": "product_changes_category"},
        "customers": {"country": "customer_changes_country"},
        "payments": {"metadata": "payment_changes_order"},
        "refunds": {"charge": "refund_changes_charge"},
    }.get(table, {})
    for before, after in pairwise(ordered):
        if before.order == after.order:
            continue
        for name, kind in fields.items():
            old, new = before.image.get(name), after.image.get(name)
            found[kind] += str(old)[:10] != str(new)[:10] if name == "created_at" else old != new
        if before.millis is not None and after.millis is not None:
            found["clock_steps_back"] += after.millis < before.millis
            found["same_second"] += after.millis // 1000 == before.millis // 1000
        found["recreated"] += before.op == "d" and after.op in ("c", "u", "r")
    found["deleted"] += any(version.op == "d" for version in changes)
    if ordered and ordered[-1].op == "d":
        found[f"{table}_deleted_for_good"] += 1
    found["guest_order"] += table == "orders" and any(
        version.image.get("customer_id") is None for version in changes
    )


def _survey_parents(found: Counter[str], sightings: dict[tuple[str, str], list[_Sighting]]) -> None:
    """Count children that come before their parents, and those whose parents never come."""
    first = {key: min(item.step for item in items) for key, items in sightings.items()}
    parents = {
        "order_items": ("orders", "order_id", "line_before_order"),
        "orders": ("customers", "customer_id", "order_before_customer"),
        "refunds": ("payments", "charge", "refund_before_payment"),
        "payments": ("orders", "metadata", "payment_before_order"),
    }
    for (table, key), items in sightings.items():
        if table not in parents:
            continue
        parent, field, kind = parents[table]
        for item in items[:1]:
            name = item.image.get(field)
            name = name.get("order_id") if isinstance(name, dict) else name
            if not isinstance(name, str):
                continue
            arrived = first.get((parent, name))
            found["parent_never_comes"] += arrived is None
            found[kind] += arrived is not None and arrived > first[(table, key)]


# Each of these is in every schedule of ten batches or more.
ADVERSITIES = (
    "appended_to_open_batch",
    "blank_batch",
    "broken_line",
    "broken_only_batch",
    "clock_steps_back",
    "compressed_file",
    "conflict_across_batches",
    "conflict_in_one_batch",
    "conflict_overtakes",
    "customer_changes_country",
    "customers_deleted_for_good",
    "deleted",
    "empty_batch",
    "event_leaves_session",
    "file_grown_in_place",
    "file_into_passed_batch",
    "guest_order",
    "lagging_source",
    "late_change",
    "line_before_order",
    "line_changes_product",
    "log_record_moves",
    "login_after_anonymous",
    "minute_restated_late",
    "order_before_customer",
    "order_changes_customer",
    "order_items_deleted_for_good",
    "order_moves_day",
    "orders_deleted_for_good",
    "parent_never_comes",
    "partial_build",
    "pause_of_30_minutes",
    "payment_before_order",
    "payment_changes_order",
    "product_changes_category",
    "reading_between_late",
    "reading_contradicts",
    "reading_ends_equal_values",
    "reading_over_midnight_late",
    "recreated",
    "redelivered_file",
    "redelivered_record",
    "refund_before_payment",
    "refund_changes_charge",
    "replay",
    "same_second",
    "session_begins_earlier",
    "sessions_joined_late",
    "sessions_joined_over_midnight",
    "silent_source",
    "tombstone",
)
