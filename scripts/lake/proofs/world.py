"""A tiny adversarial shop: what its sources say, and in which arrival batch each saying comes.

Everything is made from one seed by `random.Random`; nothing else is read. Two kinds of records are
mixed. *Plots* are short scripts with an entity and a day of their own (an order that moves to
another day, the only line of a day that is deleted, two records that contradict each other), so
that a stale row cannot be healed by a neighbour. *Noise* is entities that change at random, so that
the plots happen among others.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

Row = dict[str, Any]
Payload = str | Row

KEYS: dict[str, tuple[str, ...]] = {
    "orders": ("order_id",),
    "order_items": ("order_id", "line_number"),
    "customers": ("customer_id",),
    "products": ("product_id",),
    "inventory_movements": ("movement_id",),
}
UPLOADS = ("customer_files", "sales_targets", "marketing_spend", "nps_responses")
LINE_TABLES = (
    *KEYS, "payments", "refunds", "events", *UPLOADS, "sensor_readings", "log_events",
)  # fmt: skip
SOURCES = (*LINE_TABLES, "suppliers")
TABLES = (*SOURCES, "quarantine_releases")

CATEGORIES = ("kitchen", "garden", "toys", "office", "books")
COUNTRIES = ("Germany", "France", "Japan", "Brazil", "United States", "Atlantis")
CURRENCIES = ("USD", "EUR", "JPY", "GBP", "BRL")
STATUSES = ("created", "paid", "shipped", "delivered", "cancelled", "canceled", "returned")
TIERS = ("none", "bronze", "silver", "gold", "platinum")
# Sales of the noise lie on few days around a change of the exchange rates; each plot takes days of
# its own, long before them.
NOISE_START = datetime(2024, 12, 20, tzinfo=UTC)
PLOT_START = datetime(2023, 1, 3, tzinfo=UTC)


@dataclass(frozen=True)
class Delivery:
    """One record of one table, the arrival batch it comes in, and hints for its file.

    `part` is the landing within the batch (each is followed by a build), None for any; `prefix`
    begins the file name, so that a later file can sort before an earlier one.
    """

    table: str
    payload: Payload
    batch: int
    part: int | None = None
    prefix: str = ""


def text_line(value: Any) -> str:
    """Return one JSON line, without blanks and with its characters as they are."""
    line = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    # Half of a surrogate pair has no UTF-8; such a line keeps its escapes.
    sound = not any("\ud800" <= character <= "\udfff" for character in line)
    return line if sound else json.dumps(value, separators=(",", ":"))


class Author:
    """Writes the records of one world; `deliveries` is the result."""

    def __init__(self, rng: Random, batches: int) -> None:
        self.rng = rng
        self.batches = batches
        self.deliveries: list[Delivery] = []
        self._lsn = dict.fromkeys(KEYS, 1000)
        self._clock: dict[tuple[str, str], datetime] = {}
        self._names: dict[str, int] = {}
        self._plot_days = 0

    # Small helpers

    def name(self, letter: str) -> str:
        """Return a fresh natural key."""
        self._names[letter] = self._names.get(letter, 0) + 1
        return f"{letter}{self._names[letter]}"

    def own_day(self) -> datetime:
        """Return a day on which nothing else is sold."""
        self._plot_days += 1
        return PLOT_START + timedelta(days=2 * self._plot_days)

    def shop_time(self) -> datetime:
        """Return a random time of the noise."""
        return NOISE_START + timedelta(
            days=self.rng.randrange(24), seconds=self.rng.randrange(86400)
        )

    def when(self, time: datetime) -> str:
        """Return ISO 8601 text of an instant, in one of the spellings that sources use."""
        spelling = self.rng.randrange(6)
        if spelling == 0:
            return (time + timedelta(hours=5, minutes=30)).strftime("%Y-%m-%dT%H:%M:%S+05:30")
        if spelling == 1:
            return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return time.strftime("%Y-%m-%dT%H:%M:%SZ")

    def lsn(self, table: str) -> int:
        """Return the next position in the log of a table."""
        self._lsn[table] += self.rng.randint(1, 4)
        return self._lsn[table]

    def spread(self, count: int, first: int = 0) -> list[int]:
        """Return `count` ascending batches from `first` on; neighbours may share one."""
        last = self.batches - 1
        first = min(first, last)
        return sorted(self.rng.randint(first, last) for _ in range(count))

    def put(self, table: str, payload: Payload, batch: int, **hints: Any) -> Delivery:
        """Deliver a record in a batch, clipped to the last one."""
        delivery = Delivery(table, payload, max(0, min(batch, self.batches - 1)), **hints)
        self.deliveries.append(delivery)
        return delivery

    # Rows

    def order(self, order_id: str, created: datetime, **fields: Any) -> Row:
        """Return a sound order; its amounts add up."""
        lines = Decimal(self.rng.randint(100, 90000)) / 100
        discount, tax, shipping = (Decimal(self.rng.randint(0, 400)) / 100 for _ in range(3))
        discount = min(discount, lines)
        row: Row = {
            "order_id": order_id,
            "customer_id": None,
            "order_type": "sale",
            "status": "paid",
            "channel": self.rng.choice(("web", "shop", "phone")),
            "country": self.rng.choice(COUNTRIES),
            "currency_code": self.rng.choice(CURRENCIES),
            "lines_amount": f"{lines:.2f}",
            "discount_amount": f"{discount:.2f}",
            "tax_amount": f"{tax:.2f}",
            "shipping_amount": f"{shipping:.2f}",
            "total_amount": f"{lines - discount + tax + shipping:.2f}",
            "customer_email": self.rng.choice(("a@b.de", " Someone@Example.com ", None, "no mail")),
            "customer_phone": self.rng.choice(("+49 170 1234567", None)),
            "created_at": self.when(created),
            "updated_at": self.when(created + timedelta(hours=1)),
        }
        return row | fields

    def line(self, order_id: str, number: int, product_id: str, **fields: Any) -> Row:
        """Return a sound order line."""
        quantity = self.rng.randint(1, 5)
        price = Decimal(self.rng.randint(100, 30000)) / 100
        row: Row = {
            "order_id": order_id,
            "line_number": number,
            "product_id": product_id,
            "line_type": "sale",
            "description": self.rng.choice((None, 'a, "b"; c\td', "Kessel, groß ☕")),
            "quantity": quantity,
            "unit_price": f"{price:.2f}",
            "line_amount": f"{quantity * price:.2f}",
            "discount_amount": self.rng.choice(("0.00", "0.50", None)),
            "tax_amount": "0.10",
            "shipping_amount": "0",
            "currency_code": self.rng.choice(CURRENCIES),
            "created_at": self.when(self.shop_time()),
            "updated_at": None,
        }
        return row | fields

    def customer(self, customer_id: str, **fields: Any) -> Row:
        """Return a sound customer."""
        row: Row = {
            "customer_id": customer_id,
            "full_name": self.rng.choice(("Åsa Berg", "João Silva", "Ann Lee")),
            "email": f"{customer_id.lower()}.{self.rng.randint(1, 9)}@example.com",
            "phone": self.rng.choice(("+1 555 0100", "not a phone", None)),
            "street_address": "1 Main Street",
            "city": self.rng.choice(("Berlin", "Lyon", "Osaka")),
            "postal_code": "12345",
            "country": self.rng.choice(COUNTRIES),
            "created_at": self.when(NOISE_START - timedelta(days=400)),
            "updated_at": self.when(NOISE_START),
        }
        return row | fields

    def product(self, product_id: str, **fields: Any) -> Row:
        """Return a sound product."""
        row: Row = {
            "product_id": product_id,
            "product_name": self.rng.choice(("Mug", "Spade", "Robot", "Pen")),
            "category": self.rng.choice(CATEGORIES),
            "supplier_id": self.rng.choice(("S1", "S2", "S9", None)),
            "list_price": f"{self.rng.randint(1, 200)}.00",
            "currency_code": "EUR",
            "is_service": False,
            "is_active": self.rng.choice((True, False, None)),
            "created_at": self.when(NOISE_START - timedelta(days=500)),
            "updated_at": None,
        }
        return row | fields

    def movement(self, movement_id: str, **fields: Any) -> Row:
        """Return a sound stock movement."""
        row: Row = {
            "movement_id": movement_id,
            "product_id": f"P{self.rng.randint(1, 12)}",
            "warehouse_id": self.rng.choice(("W1", "W2")),
            "movement_type": self.rng.choice(("receipt", "sale", "return", "adjustment")),
            "quantity": self.rng.randint(-5, 50),
            "order_id": self.rng.choice((None, "O1")),
            "created_at": self.when(self.shop_time()),
        }
        return row | fields

    def charge(self, payment_id: str, order_id: str | None, updated: int, **fields: Any) -> Row:
        """Return a sound version of a charge; `updated` counts the minutes after the sale."""
        amount = self.rng.randint(100, 90000)
        start = int(NOISE_START.timestamp())
        row: Row = {
            "id": payment_id,
            "object": "charge",
            "amount": amount,
            "amount_captured": self.rng.choice((0, amount)),
            "amount_refunded": 0,
            "currency": self.rng.choice(CURRENCIES).lower(),
            "status": self.rng.choice(("succeeded", "succeeded", "pending", "failed")),
            "captured": True,
            "created": start,
            "updated": start + 60 * updated,
            "metadata": {} if order_id is None else {"order_id": order_id},
            "payment_method_details": {"type": self.rng.choice(("card", "sepa"))},
        }
        return row | fields

    def refund(self, refund_id: str, payment_id: str, updated: int, **fields: Any) -> Row:
        """Return a sound version of a refund."""
        start = int(NOISE_START.timestamp())
        row: Row = {
            "id": refund_id,
            "object": "refund",
            "amount": self.rng.randint(1, 500),
            "currency": "eur",
            "status": self.rng.choice(("succeeded", "succeeded", "pending", "canceled")),
            "reason": self.rng.choice(("requested_by_customer", None)),
            "charge": payment_id,
            "created": start,
            "updated": start + 60 * updated,
        }
        return row | fields

    def file_record(self, customer_id: str, exported: datetime, **fields: Any) -> Row:
        """Return a sound record of a customer file."""
        record: Row = {
            "customer_id": customer_id,
            "full_name": "Ann Lee",
            "email": f"{customer_id.lower()}@example.com",
            "phone": None,
            "birth_date": self.rng.choice(("1980-02-29", "2001-12-31", None)),
            "loyalty_tier": self.rng.choice(TIERS),
            "marketing_consent": self.rng.choice(("yes", "no")),
            "notes": "may\nspan lines",
            "exported_at": self.when(exported),
        }
        row = self.rng.randint(1, 99)
        return {"file": "customers.csv", "row": row, "record": record | fields}

    def supplier(self, supplier_id: str | None, updated: datetime, **fields: Any) -> Row:
        """Return a sound version of a supplier, as an Avro record."""
        row: Row = {
            "supplier_id": supplier_id,
            "supplier_name": self.rng.choice(("Acme", "Globex", "Initech")),
            "contact_name": "Jo Doe",
            "contact_email": self.rng.choice(("jo@acme.com", None)),
            "contact_phone": None,
            "country": self.rng.choice(COUNTRIES),
            "lead_time_days": self.rng.choice((3, 10, None)),
            "is_active": self.rng.choice((True, None)),
            "updated_at": self.when(updated),
        }
        return row | fields

    # Changes

    def commit_time(self, table: str, key: str) -> datetime:
        """Return the commit time of an entity's next change; clocks stand still or step back."""
        last = self._clock.get((table, key))
        if last is None:
            time = NOISE_START + timedelta(minutes=self.rng.randrange(24 * 60))
        else:
            step = self.rng.choice((0, 0, -7200, -200000, 3600, 86400, 3 * 86400, 6 * 86400))
            time = last + timedelta(seconds=step)
        self._clock[(table, key)] = time
        return time

    def change(
        self,
        table: str,
        row: Row,
        op: str = "u",
        lsn: int | None = None,
        at: datetime | None = None,
    ) -> str:
        """Return a Debezium change of a row as a line."""
        key = {name: row[name] for name in KEYS[table]}
        time = at or self.commit_time(table, text_line(key))
        millis = int(time.timestamp() * 1000) + self.rng.randrange(1000)
        value = {
            "before": row if op == "d" else None,
            "after": None if op == "d" else row,
            "source": {"table": table, "lsn": lsn or self.lsn(table), "ts_ms": millis},
            "op": op,
            "ts_ms": millis + 200,
        }
        return text_line({"key": key, "value": value})

    def tombstone(self, table: str, row: Row) -> str:
        """Return the line that follows a delete."""
        return text_line({"key": {name: row[name] for name in KEYS[table]}, "value": None})

    def say(self, table: str, row: Row, batch: int, op: str = "u", **hints: Any) -> Delivery:
        """Deliver a change of a row; with `lsn` among the hints, at that position of the source."""
        lsn, at = hints.pop("lsn", None), hints.pop("at", None)
        return self.put(table, self.change(table, row, op, lsn, at), batch, **hints)

    def sale(self, batch: int, **fields: Any) -> tuple[Row, Row]:
        """Deliver an order with one line, on a day of its own, and return both rows."""
        order_id, day = self.name("O"), self.own_day() + timedelta(hours=12)
        product_id = fields.pop("product_id", f"P{self.rng.randint(1, 12)}")
        order = self.order(order_id, day, **fields)
        line = self.line(order_id, 1, product_id, currency_code=order["currency_code"])
        self.say("orders", order, batch, "c")
        self.say("order_items", line, batch, "c")
        return order, line


# Plots


def _order_moves_day(author: Author) -> None:
    first, second, third = author.spread(3)
    order, _ = author.sale(first, customer_id=f"C{author.rng.randint(1, 12)}")
    moved = order | {"created_at": author.when(author.own_day())}
    author.say("orders", moved, second)
    if author.rng.random() < 0.5:
        author.say("orders", moved | {"created_at": author.when(author.own_day())}, third)


def _order_moves_customer(author: Author) -> None:
    first, second, third = author.spread(3)
    old, new = author.name("C"), author.name("C")
    author.say("customers", author.customer(old), first, "c")
    author.say("customers", author.customer(new), author.rng.choice((first, third)), "c")
    order, _ = author.sale(first, customer_id=old)
    author.say("orders", order | {"customer_id": author.rng.choice((new, new, None))}, second)


def _only_line_deleted(author: Author) -> None:
    first, second, third = author.spread(3)
    _, line = author.sale(first)
    author.say("order_items", line, second, "d")
    author.put("order_items", author.tombstone("order_items", line), second)
    if author.rng.random() < 0.3:
        author.say("order_items", line | {"description": "again"}, third, "c")


def _order_deleted(author: Author) -> None:
    first, second, third = author.spread(3)
    order, _ = author.sale(first, customer_id=f"C{author.rng.randint(1, 12)}")
    author.say("orders", order, second, "d")
    author.put("orders", author.tombstone("orders", order), author.rng.choice((second, third)))
    if author.rng.random() < 0.4:
        author.say("orders", order | {"status": "created"}, third, "c")


def _order_cancelled(author: Author) -> None:
    first, second, third = author.spread(3)
    order, _ = author.sale(first, customer_id=f"C{author.rng.randint(1, 12)}")
    author.say("orders", order | {"status": "canceled"}, second)
    if author.rng.random() < 0.5:
        author.say("orders", order | {"status": "delivered"}, third)


def _customer_deleted(author: Author) -> None:
    first, second, third, fourth = author.spread(4)
    customer = author.customer(author.name("C"))
    author.say("customers", customer, first, "c")
    author.sale(author.rng.choice((first, second, fourth)), customer_id=customer["customer_id"])
    author.say("customers", customer, third, "d")
    author.put("customers", author.tombstone("customers", customer), third)
    if author.rng.random() < 0.4:
        author.say("customers", customer | {"country": "Spain"}, fourth, "c")


def _customer_moves_country(author: Author) -> None:
    first, second, third = author.spread(3)
    customer = author.customer(author.name("C"), country="Germany")
    long_ago = PLOT_START - timedelta(days=30)
    author.say("customers", customer, first, "c", at=long_ago)
    order, _ = author.sale(second, customer_id=customer["customer_id"])
    # The new version is valid from before the sale, so that the sale's own rows change with it.
    author.say("customers", customer | {"country": "Japan"}, third, at=long_ago + timedelta(days=1))
    if author.rng.random() < 0.5:
        author.say("orders", order | {"country": "Norway"}, third)


def _product_changes_category(author: Author) -> None:
    first, second, third = author.spread(3)
    product = author.product(author.name("P"), category="kitchen")
    long_ago = PLOT_START - timedelta(days=30)
    author.say("products", product, first, "c", at=long_ago)
    author.sale(second, product_id=product["product_id"])
    author.say("products", product | {"category": "toys"}, third, at=long_ago + timedelta(days=1))


def _line_changes_product(author: Author) -> None:
    first, second = author.spread(2)
    _, line = author.sale(first, product_id="P1")
    author.say("order_items", line | {"product_id": author.rng.choice(("P2", "P3", "PX"))}, second)


def _parents_come_late(author: Author) -> None:
    first, second, third = author.spread(3)
    order_id, day = author.name("O"), author.own_day()
    product, customer = author.product(author.name("P")), author.customer(author.name("C"))
    author.say("order_items", author.line(order_id, 1, product["product_id"]), first, "c")
    author.put("payments", text_line(author.charge(author.name("ch_"), order_id, 0)), first)
    order = author.order(order_id, day, customer_id=customer["customer_id"])
    late = [("orders", order), ("products", product), ("customers", customer)]
    author.rng.shuffle(late)
    for (table, row), batch in zip(late, (second, third, third), strict=True):
        author.say(table, row, batch, "r")


def _parents_never_come(author: Author) -> None:
    first, second = author.spread(2)
    orphan = author.line(author.name("NO"), 1, author.name("NP"))
    author.say("order_items", orphan, first, "c")
    author.say("order_items", orphan | {"quantity": 1, "line_amount": orphan["unit_price"]}, second)
    author.sale(first, customer_id=author.name("NC"))
    author.put(
        "payments", text_line(author.charge(author.name("ch_"), author.name("NO"), 0)), first
    )
    refund = author.refund(author.name("re_"), author.name("ch_never"), 0)
    author.put("refunds", text_line(refund), second)


def _payment_moves_order(author: Author) -> None:
    first, second, third = author.spread(3)
    old, _ = author.sale(first)
    new, _ = author.sale(author.rng.choice((first, third)))
    payment_id = author.name("ch_")
    charge = author.charge(payment_id, old["order_id"], 0, status="succeeded")
    author.put("payments", text_line(charge), author.rng.choice((first, second)))
    moved = author.charge(
        payment_id, author.rng.choice((new["order_id"], new["order_id"], None)), 5
    )
    author.put("payments", text_line(moved), third)


def _refund_moves_charge(author: Author) -> None:
    first, second, third = author.spread(3)
    order, _ = author.sale(first)
    old, new, refund_id = author.name("ch_"), author.name("ch_"), author.name("re_")
    refund = author.refund(refund_id, old, 10, status="succeeded")
    author.put("refunds", text_line(refund), author.rng.choice((first, second)))
    for payment_id in (old, new):
        charge = author.charge(payment_id, order["order_id"], 0, status="succeeded")
        author.put("payments", text_line(charge), second)
    author.put(
        "refunds", text_line(refund | {"charge": new, "updated": refund["updated"] + 60}), third
    )


def _refund_before_payment(author: Author) -> None:
    first = author.rng.randrange(max(1, author.batches - 6))
    order, _ = author.sale(first)
    payment_id = author.name("ch_")
    refund = author.refund(author.name("re_"), payment_id, 10, status="succeeded")
    author.put("refunds", text_line(refund), first)
    charge = author.charge(payment_id, order["order_id"], 0, status="succeeded")
    author.put("payments", text_line(charge), first + author.rng.randint(4, 6))


def _late_versions(author: Author) -> None:
    """The newest version comes first, the others in any order after it."""
    order_id = author.name("O")
    versions = [
        author.order(order_id, author.own_day(), customer_id=f"C{author.rng.randint(1, 12)}")
        for _ in range(4)
    ]
    lines = [author.change("orders", row, "c" if not n else "u") for n, row in enumerate(versions)]
    if author.rng.random() < 0.4:
        lines[2] = author.change("orders", versions[2], "d")
    batches = author.spread(4)
    author.say("order_items", author.line(order_id, 1, "P1"), batches[0], "c")
    author.put("orders", lines.pop(), batches.pop(0))
    author.rng.shuffle(lines)
    for line, batch in zip(lines, batches, strict=True):
        author.put("orders", line, batch)


def _conflict(author: Author, later: bool) -> None:
    """Two contents of one change: in one batch, the first file arriving last, or in two."""
    (batch,) = author.spread(1)
    order, line = author.sale(batch)
    lsn = author.lsn("orders")
    one = order | {"created_at": author.when(author.own_day()), "customer_id": "C1"}
    other = author.order(order["order_id"], author.own_day(), customer_id="C2")
    second = batch + author.rng.randint(1, 3) if later else batch
    author.say("orders", one, batch, lsn=lsn, part=0, prefix="m")
    author.say(
        "orders",
        other,
        second,
        author.rng.choice("ud"),
        lsn=lsn,
        part=None if later else 1,
        prefix="" if later else author.rng.choice("az"),
    )
    lsn = author.lsn("order_items")
    author.say("order_items", line | {"product_id": "P2"}, batch, lsn=lsn, part=0, prefix="m")
    author.say(
        "order_items",
        line | {"product_id": "P3"},
        second,
        lsn=lsn,
        part=None if later else 1,
        prefix="" if later else "a",
    )
    payment = author.charge(author.name("ch_"), order["order_id"], 3)
    author.put("payments", text_line(payment), batch, part=0, prefix="m")
    author.put(
        "payments",
        text_line(payment | {"status": "failed", "metadata": {"order_id": "O1"}}),
        second,
        part=None if later else 1,
        prefix="" if later else "a",
    )


def _conflict_same_batch(author: Author) -> None:
    _conflict(author, later=False)


def _conflict_later_batch(author: Author) -> None:
    _conflict(author, later=True)


def _from_the_future(author: Author) -> None:
    """A record from the future is quarantined, and sound when it comes again in time."""
    batch = author.rng.randrange(max(1, author.batches // 2))
    order = author.order(author.name("O"), datetime(2025, 3, 8, tzinfo=UTC))
    author.say("order_items", author.line(order["order_id"], 1, "P1"), batch, "c")
    line = author.change("orders", order, "c")
    for arrival in (batch, author.rng.randint(batch, author.batches - 1), author.batches - 1):
        author.put("orders", line, arrival)


def _mended(author: Author) -> None:
    """A broken record comes again mended; its release is noted."""
    first, second = author.spread(2)
    order = author.order(author.name("O"), author.own_day())
    author.say("order_items", author.line(order["order_id"], 1, "P2"), first, "c")
    lsn = author.lsn("orders")
    author.say("orders", order | {"status": "piad"}, first, "c", lsn=lsn)
    author.say("orders", order, second, "c", lsn=lsn)


def _stock_movement_corrected(author: Author) -> None:
    first, second, third = author.spread(3)
    movement = author.movement(author.name("M"))
    author.say("inventory_movements", movement, first, "c")
    author.say("inventory_movements", movement | {"product_id": author.name("NP")}, second)
    author.say("inventory_movements", movement, third, "d")
    author.put("inventory_movements", author.tombstone("inventory_movements", movement), third)


def _never_committed(author: Author) -> None:
    """Changes without a commit time."""
    first, second, third = author.spread(3)
    customer = author.customer(author.name("C"))
    author.sale(first, customer_id=customer["customer_id"])
    for batch, with_time in ((first, False), (second, False), (third, True)):
        line = json.loads(author.change("customers", customer | {"city": f"city {batch}"}))
        if not with_time:
            del line["value"]["source"]["ts_ms"]
        author.put("customers", text_line(line), batch)


PLOTS: tuple[Callable[[Author], None], ...] = (
    _order_moves_day,
    _order_moves_customer,
    _only_line_deleted,
    _order_deleted,
    _order_cancelled,
    _customer_deleted,
    _customer_moves_country,
    _product_changes_category,
    _line_changes_product,
    _parents_come_late,
    _parents_never_come,
    _payment_moves_order,
    _refund_moves_charge,
    _refund_before_payment,
    _late_versions,
    _conflict_same_batch,
    _conflict_later_batch,
    _from_the_future,
    _mended,
    _stock_movement_corrected,
    _never_committed,
)
