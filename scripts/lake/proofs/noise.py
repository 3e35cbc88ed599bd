"""Entities that change at random, and the many ways in which a record can be broken."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from lake.proofs.clicks import CLICK_PLOTS, visitors
from lake.proofs.logs import LOG_PLOTS, services
from lake.proofs.readings import READING_PLOTS, loggers
from lake.proofs.uploads import UPLOAD_PLOTS, uploads
from lake.proofs.world import (
    CATEGORIES,
    COUNTRIES,
    CURRENCIES,
    KEYS,
    NOISE_START,
    PLOTS,
    STATUSES,
    Author,
    Delivery,
    Row,
    text_line,
)

# Values that a field may hold instead of its own; each may or may not be sound there.
ODD_VALUES: tuple[Any, ...] = (
    None, "", " ", "abc", "-1", "1e5", "12.345678", "99999999999999999999", 99999999999999999999,
    9007199254740993, -9223372036854775808, 1.5, True, [], {"a": 1}, "2025-13-45T00:00:00Z",
    "2025-01-05", "2025-01-05T10:00:00", "1999-12-31T23:59:59Z", "2031-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2025-02-29T00:00:00Z", "x" * 300, "FranÃ§ois",
    "\u0000", "it's", "ﬁ\u200b", "NaN", "Infinity", "null",
)  # fmt: skip


def broken_line(rng: Random, line: str) -> str:
    """Return a record like `line`, broken in one of many ways; a few leave it sound by chance."""
    shape = rng.randrange(10)
    if shape == 0:
        return line[: rng.randrange(1, len(line))]
    if shape == 1:
        return rng.choice(
            ("garbage", "{", "{}", "[]", "[1,2]", "null", '"text"', "17", "{broken", " " + line,
             line + ",", '{"key":null,"value":null}', '{"key":{},"value":{}}',
             line.replace(":", "=", 3), "\ufeff" + line)
        )  # fmt: skip
    record = json.loads(line)
    spot = _random_object(rng, record)
    name = rng.choice(list(spot))
    if shape == 2:
        del spot[name]
    else:
        spot[name] = rng.choice(ODD_VALUES)
    broken = text_line(record)
    # Half of a surrogate pair: sound JSON, and yet no text.
    return broken.replace('"web"', '"\\ud800"') if shape == 9 else broken


def _random_object(rng: Random, record: Row) -> Row:
    """Return an object inside a record, the deepest ones most often."""
    nested = [value for value in record.values() if isinstance(value, dict) and value]
    if nested and rng.random() < 0.85:
        return _random_object(rng, rng.choice(nested))
    return record


def broken_supplier(rng: Random, row: Row) -> Row:
    """Return a supplier that breaks a rule; Avro itself keeps the types."""
    odd: dict[str, tuple[Any, ...]] = {
        "supplier_id": (None, "", "x" * 101),
        "supplier_name": (None, " "),
        "contact_name": ("FranÃ§ois", "x" * 300),
        "contact_email": ("nobody", "x" * 300 + "@b.de"),
        "lead_time_days": (-1, 366, -(2**31)),
        "updated_at": (None, "abc", "2025-02-29T00:00:00Z", "2031-01-01T00:00:00Z"),
        "country": (None,),
    }
    name = rng.choice(list(odd))
    return row | {name: rng.choice(odd[name])}


class Noise:
    """Adds random entities with random changes to an author's world."""

    def __init__(self, author: Author) -> None:
        self.author = author
        self.rng = author.rng
        # Some batches are large and some tiny, so that a small late batch cannot touch everything.
        self._weights = [self.rng.choice((0.1, 0.3, 1, 1, 3)) for _ in range(author.batches)]

    def _batches(self, changes: int) -> list[int]:
        """Return the arrival of each change: in order, save that some are late."""
        batch = self.rng.choices(range(self.author.batches), self._weights)[0]
        arrivals = []
        for _ in range(changes):
            late = self.rng.randint(1, 6) if self.rng.random() < 0.25 else 0
            arrivals.append(batch + late)
            batch += self.rng.choice((0, 0, 1, 2))
        return arrivals

    def _evolve(self, table: str, row: Row, mutate: Callable[[Row], Row]) -> None:
        """Deliver one CDC entity: create, changes, perhaps a delete and another life."""
        changes = self.rng.randint(1, 5)
        op = self.rng.choice("ccr")
        for number, batch in enumerate(self._batches(changes)):
            self.author.say(table, row, batch, op)
            if op == "d" and self.rng.random() < 0.8:
                self.author.put(table, self.author.tombstone(table, row), batch)
            alive = op != "d"
            row = row | mutate(row)
            op = "d" if alive and number and self.rng.random() < 0.25 else ("u" if alive else "c")

    def customers(self, count: int) -> None:
        """Add customers, and what files say of them."""
        for _ in range(count):
            customer_id = self.author.name("C")
            row = self.author.customer(customer_id)
            self._evolve(
                "customers",
                row,
                lambda _: {
                    "country": self.rng.choice(COUNTRIES),
                    "email": f"new{self.rng.randint(1, 99)}@b.de",
                },
            )
            for batch in self._batches(self.rng.randint(0, 3)):
                exported = NOISE_START + timedelta(days=self.rng.randrange(9))
                self.author.put(
                    "customer_files",
                    text_line(self.author.file_record(customer_id, exported)),
                    batch,
                )

    def products(self, count: int) -> None:
        """Add products and suppliers."""
        for _ in range(count):
            row = self.author.product(self.author.name("P"))
            self._evolve(
                "products",
                row,
                lambda _: {
                    "category": self.rng.choice(CATEGORIES),
                    "supplier_id": f"S{self.rng.randint(1, 9)}",
                },
            )
        for number in range(1, count // 2):
            for batch in self._batches(self.rng.randint(1, 4)):
                updated = NOISE_START + timedelta(hours=self.rng.randrange(99))
                self.author.put("suppliers", self.author.supplier(f"S{number}", updated), batch)

    def orders(self, count: int) -> None:
        """Add orders with lines, charges and refunds."""
        for _ in range(count):
            order_id = self.author.name("O")
            row = self.author.order(order_id, self.author.shop_time(), customer_id=self._customer())
            self._evolve("orders", row, self._change_order)
            for number in range(1, self.rng.randint(1, 4)):
                line = self.author.line(order_id, number, self._product())
                self._evolve("order_items", line, lambda _: {"product_id": self._product()})
            for _ in range(self.rng.choice((0, 1, 1, 2))):
                self._payment(order_id)

    def _customer(self) -> str | None:
        return self.rng.choice((None, f"C{self.rng.randint(1, 40)}", f"C{self.rng.randint(1, 40)}"))

    def _product(self) -> str:
        return f"P{self.rng.randint(1, 30)}"

    def _change_order(self, row: Row) -> Row:
        kind = self.rng.randrange(5)
        if kind == 0:
            return {"created_at": self.author.when(self.author.shop_time())}
        if kind == 1:
            return {"customer_id": self._customer()}
        if kind == 2:
            return {"currency_code": self.rng.choice(CURRENCIES)}
        if kind == 3:
            return {"country": self.rng.choice(COUNTRIES)}
        return {"status": self.rng.choice(STATUSES)}

    def _payment(self, order_id: str) -> None:
        payment_id = self.author.name("ch_")
        for batch in self._batches(self.rng.randint(1, 3)):
            named = self.rng.choice(
                (order_id, order_id, order_id, None, f"O{self.rng.randint(1, 60)}")
            )
            charge = self.author.charge(payment_id, named, self.rng.randrange(9))
            self.author.put("payments", text_line(charge), batch)
        for _ in range(self.rng.choice((0, 1))):
            refund_id = self.author.name("re_")
            for batch in self._batches(self.rng.randint(1, 3)):
                charge_id = self.rng.choice(
                    (payment_id, payment_id, f"ch_{self.rng.randint(1, 40)}")
                )
                refund = self.author.refund(refund_id, charge_id, self.rng.randrange(9))
                self.author.put("refunds", text_line(refund), batch)

    def movements(self, count: int) -> None:
        """Add stock movements."""
        for _ in range(count):
            row = self.author.movement(self.author.name("M"))
            self._evolve(
                "inventory_movements", row, lambda _: {"quantity": self.rng.randint(-9, 9)}
            )

    def spoil(self) -> None:
        """Add broken records, contradictions, redeliveries and releases."""
        author, rng = self.author, self.rng
        sound = list(author.deliveries)
        for delivery in rng.sample(sound, k=min(len(sound), 110)):
            broken = author.put(
                delivery.table,
                broken_supplier(rng, delivery.payload)
                if isinstance(delivery.payload, dict)
                else broken_line(rng, delivery.payload),
                delivery.batch + rng.choice((0, 0, 1, 3)),
            )
            if rng.random() < 0.3:
                author.put(broken.table, broken.payload, broken.batch + rng.randint(0, 4))
            if rng.random() < 0.2 and isinstance(broken.payload, str):
                release = {
                    "source": broken.table,
                    "record_id": hashlib.md5(broken.payload.encode()).hexdigest(),
                    "repaired_record_id": None,
                    "released_by": "jane",
                    "reason": "typo",
                }
                author.put("quarantine_releases", text_line(release), broken.batch + 1)
        for delivery in rng.sample(sound, k=len(sound) // 12):
            for _ in range(rng.choice((1, 1, 2))):
                author.put(delivery.table, delivery.payload, delivery.batch + rng.randint(0, 5))
        for delivery in rng.sample(sound, k=len(sound) // 25):
            other = contradiction(rng, delivery)
            if other is not None:
                author.put(delivery.table, other, delivery.batch + rng.choice((-1, 0, 0, 1, 4)))


def contradiction(rng: Random, delivery: Delivery) -> str | None:
    """Return another content under the same key and position in the source, if there is one."""
    try:
        record = json.loads(str(delivery.payload))
        value = record["value"] if delivery.table in KEYS else {"after": record}
        image = value["after"] or value["before"]
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(image, dict):
        return None
    if delivery.table in KEYS:
        if "status" in image:
            image["status"] = rng.choice(("returned", "cancelled"))
            image["customer_id"] = rng.choice(("C3", None))
        if "category" in image:
            image["category"] = "contradicted"
        image["created_at"] = (NOISE_START + timedelta(days=rng.randrange(9))).strftime(
            "%Y-%m-%dT%H:%M:%SZ"
        )
        return text_line(record)
    # A record that was spoiled before may hold anything there.
    held = record["record"] if isinstance(record.get("record"), dict) else {}
    other: dict[str, Row] = {
        "payments": {"amount": 7, "amount_captured": 0, "status": "failed"},
        "refunds": {"amount": 7, "status": "failed"},
        "sensor_readings": {"value": "31", "unit": "C"},
        "nps_responses": {"record": held | {"score": "3"}},
    }
    if delivery.table in ("events", "log_events"):
        moved = (NOISE_START + timedelta(hours=rng.randrange(99))).strftime("%Y-%m-%dT%H:%M:%SZ")
        other["events"] = {"event_time": moved, "anonymous_id": rng.choice(("V1", "V2"))}
        other["log_events"] = {"timestamp": moved, "service": rng.choice(("web", "search"))}
    changed = other.get(delivery.table)
    return None if changed is None else text_line(record | changed)


def write_world(rng: Random, batches: int) -> list[Delivery]:
    """Return every delivery of a world of that many batches, belated ones among them."""
    author = Author(rng, batches)
    noise = Noise(author)
    noise.customers(14)
    noise.products(12)
    noise.orders(16)
    noise.movements(10)
    visitors(author, 10)
    uploads(author, 10)
    loggers(author, 8)
    services(author, 8)
    for plot in (*PLOTS, *CLICK_PLOTS, *UPLOAD_PLOTS, *READING_PLOTS, *LOG_PLOTS):
        for _ in range(rng.randint(2, 3)):
            plot(author)
    noise.spoil()
    return author.deliveries
