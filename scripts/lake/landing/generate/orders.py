"""Orders and their lines: CDC from PostgreSQL. Amounts are cents; a yen counts as 100."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from lake.landing.generate import people
from lake.landing.generate.catalog import NEVER
from lake.landing.generate.draws import Column, Flags, Ints, slots
from lake.landing.generate.envelope import change_line, envelope_texts
from lake.landing.generate.events import (
    CREATE,
    DELETE,
    UPDATE,
    Events,
    join,
    lsn,
    take,
    with_tombstones,
)
from lake.landing.generate.period import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    instant,
    is_campaign,
    words,
)
from lake.landing.generate.render import write_texts
from lake.landing.generate.template import concat
from lake.landing.generate.vocabulary import COUNTRIES, CURRENCIES, PRICE_FACTOR
from lake.landing.generate.world import World

PRODUCT_ID = 100_000
ORDER_ID, CREDIT_ID, ADJUSTMENT_ID = 10_000_000, 50_000_000, 80_000_000
TYPES = ["sale", "credit_note", "adjustment"]
SALE, CREDIT, ADJUSTMENT = range(3)
STATUSES = [
    "created", "pending", "approved", "paid", "shipped", "delivered", "completed", "returned",
    "cancelled",
]  # fmt: skip
CREATED, PENDING, APPROVED, PAID, SHIPPED, DELIVERED, COMPLETED, RETURNED, CANCELLED = range(9)
CHANNELS = ["web", "mobile", "marketplace", "phone"]
JPY = CURRENCIES.index("JPY")
AMOUNTS = ["lines", "discount", "tax", "shipping"]
_LINE_COUNT = slots([38, 26, 15, 9, 6, 4, 1, 1])
_QUANTITY = np.array([1] * 28 + [2] * 6 + [3] * 3 + [4, 5, 6])
_BULK = np.array([1, 2, 4, 6, 8, 10, 12, 12, 20, 24, 48, 100])
_DISCOUNT = slots([80, 7, 8, 3, 2])
_CAMPAIGN_DISCOUNT = slots([25, 10, 25, 20, 20])
_PER_MILLE = np.array([0, 50, 100, 150, 200])


@dataclass
class Orders:
    """The orders of one chunk as arrays by position, and their lines as arrays by line.

    `at_*` are instants, NEVER where it does not happen. `start` is the first line of each order.
    `final` are the amounts after the amendment, if there is one; before it, `first`.
    """

    number: Ints
    order_id: Ints
    customer: Ints  # -1: guest
    country: Ints
    currency: Ints
    channel: Ints
    contact: Events
    at_created: Ints
    at_amended: Ints
    at_paid: Ints
    at_shipped: Ints
    at_delivered: Ints
    at_completed: Ints
    at_cancelled: Ints
    at_returned: Ints
    is_whole_return: Flags
    is_pending: Flags
    start: Ints
    count: Ints
    removed: Flags  # of the last line
    raised: Flags  # quantity of the first line
    first: dict[str, Ints]
    final: dict[str, Ints]
    line_order: Ints
    line_number: Ints
    product: Ints
    price: Ints  # ten-thousandths
    first_quantity: Ints
    quantity: Ints
    first_line: dict[str, Ints]
    line: dict[str, Ints]
    line_kept: Flags

    @cached_property
    def credits(self) -> "Credits":
        """The credit notes for the returned orders."""
        return Credits(self)


def make_orders(world: World, numbers: Column) -> Orders:
    """Return the orders of these numbers with their whole life."""
    draws = world.draws
    day, created = world.order_times(numbers)
    customer = _customers(world, numbers, day, created)
    person = np.where(customer < 0, people.GUESTS + numbers, customer)
    country = people.country(draws, person)
    currency = people.CURRENCY_OF[country]
    life = _life(world, numbers, created)

    count = draws.pick(numbers, "lines", _LINE_COUNT) + 1
    removed = (count > 1) & draws.chance(numbers, "line removed", 12_000)
    raised = draws.chance(numbers, "quantity raised", 15_000) & ~removed
    amended = created + (life["at_paid_or_try"] - created) // 2
    start = np.concatenate([[0], np.cumsum(count)[:-1]])
    line_order = np.repeat(np.arange(len(numbers)), count)
    line_number = np.arange(len(line_order)) - start[line_order] + 1
    line_id = numbers[line_order] * 16 + line_number
    catalog = world.catalog
    product = _products(world, line_id, numbers[line_order] * 16 + 1)
    product = catalog.on_sale(product, created[line_order])
    price = catalog.in_currency(catalog.price(product, created[line_order]), currency[line_order])
    quantity = draws.pick(line_id, "quantity", _QUANTITY)
    cheap = catalog.price(product, created[line_order]) < 200_000
    quantity = np.where(catalog.is_fine[product], draws.pick(line_id, "bulk", _BULK), quantity)
    quantity = np.where(cheap, quantity, np.minimum(quantity, 2))
    raise_here = raised[line_order] & (line_number == 1)
    final_quantity = quantity + raise_here
    kept = ~(removed[line_order] & (line_number == count[line_order]))

    campaign = is_campaign(day)
    rate = np.where(
        campaign,
        draws.pick(numbers, "discount", _CAMPAIGN_DISCOUNT),
        draws.pick(numbers, "discount", _DISCOUNT),
    )
    terms = _PER_MILLE[rate][line_order], people.TAX_OF[country][line_order]
    yen = currency[line_order] == JPY
    first_line = _amounts(quantity, price, *terms, yen)
    shipping = _shipping(currency, np.add.reduceat(first_line["lines"], start))
    first_line["shipping"] = np.where(line_number == 1, shipping[line_order], 0)
    line = _amounts(final_quantity, price, *terms, yen)
    line["shipping"] = first_line["shipping"]
    return Orders(
        number=numbers,
        order_id=ORDER_ID + numbers,
        customer=customer,
        country=country,
        currency=currency,
        channel=draws.pick(numbers, "channel", slots([52, 33, 12, 3])),
        contact=people.contact(draws, person, country, np.zeros_like(person)),
        at_created=created,
        at_amended=np.where(removed | raised, amended, NEVER),
        at_paid=life["at_paid"],
        at_shipped=life["at_shipped"],
        at_delivered=life["at_delivered"],
        at_completed=life["at_completed"],
        at_cancelled=life["at_cancelled"],
        at_returned=life["at_returned"],
        is_whole_return=draws.chance(numbers, "whole return", 600_000),
        is_pending=draws.chance(numbers, "pending", 30_000),
        start=start,
        count=count,
        removed=removed,
        raised=raised,
        first={name: np.add.reduceat(first_line[name], start) for name in AMOUNTS},
        final={name: np.add.reduceat(line[name] * kept, start) for name in AMOUNTS},
        line_order=line_order,
        line_number=line_number,
        product=product,
        price=price,
        first_quantity=quantity,
        quantity=final_quantity,
        first_line=first_line,
        line=line,
        line_kept=kept,
    )


def _customers(world: World, numbers: Column, day: Column, created: Column) -> Ints:
    """Return who orders: new customers, loyal ones, and the rest, recent ones more often."""
    draws = world.draws
    known = world.customers_before[day]
    way = draws.below(numbers, "kind of customer", 100)
    first = draws.below(numbers, "customer", 1 << 15)
    second = draws.below(numbers, "customer again", 1 << 15)
    square = first * second
    newest = known - 1 - np.minimum(first * 24 >> 15, known - 1)
    loyal = (known // 9 * square >> 30) * 9
    recent = known - 1 - (known * square >> 30)
    choice = np.where(way < 11, newest, np.where(way < 45, loyal, recent))
    gone = created >= deleted_at(world, choice) - HOUR
    return np.asarray(np.where((way >= 92) | gone, -1, choice), dtype=np.int64)


def deleted_at(world: World, customer: Column) -> Ints:
    """Return when a customer is deleted on request, NEVER for nearly all."""
    wants = world.draws.chance(customer, "asks to be deleted", 6_000)
    day = world.draws.between(customer, "day of deletion", 30, 380)
    signed_up = np.searchsorted(world.customers_before, customer, side="right") - 1
    day = np.maximum(day, signed_up + 3)
    return np.asarray(np.where(wants, day * DAY + 10 * HOUR, NEVER), dtype=np.int64)


def _life(world: World, numbers: Column, created: Column) -> dict[str, Ints]:
    """Return the instants of an order's life."""
    draws = world.draws
    fate = draws.below(numbers, "fate", 1000)
    unpaid, paid_cancel = fate < 30, (fate >= 30) & (fate < 50)
    returned = (fate >= 50) & (fate < 110)
    done = (fate >= 600) & ~returned
    paid = created + draws.between(numbers, "until paid", 40 * SECOND, 40 * MINUTE)
    shipped = paid + draws.between(numbers, "until shipped", 5 * HOUR, 70 * HOUR)
    delivered = shipped + draws.between(numbers, "until delivered", 20 * HOUR, 200 * HOUR)
    completed = delivered + draws.between(numbers, "until completed", 13 * DAY, 15 * DAY)
    back = delivered + draws.between(numbers, "until returned", 2 * DAY, 30 * DAY)
    cancelled = np.where(
        unpaid,
        paid + draws.between(numbers, "until cancelled", 20 * HOUR, 70 * HOUR),
        paid + draws.between(numbers, "until cancelled", HOUR, 5 * HOUR),
    )
    stopped = unpaid | paid_cancel
    return {
        "at_paid_or_try": paid,
        "at_paid": np.where(unpaid, NEVER, paid),
        "at_shipped": np.where(stopped, NEVER, shipped),
        "at_delivered": np.where(stopped, NEVER, delivered),
        "at_completed": np.where(done, completed, NEVER),
        "at_cancelled": np.where(stopped, cancelled, NEVER),
        "at_returned": np.where(returned, back, NEVER),
    }


def _products(world: World, line_id: Column, first_line_id: Column) -> Ints:
    """Return what stands on each line: often what goes together with the first line's product."""
    draws, catalog = world.draws, world.catalog
    own = draws.pick(line_id, "product", catalog.slots)
    leading = draws.pick(first_line_id, "product", catalog.slots)
    together = draws.chance(line_id, "goes together", 300_000) & (line_id != first_line_id)
    return np.asarray(np.where(together, catalog.companion[leading], own), dtype=np.int64)


def _amounts(
    quantity: Column, price: Column, discount: Column, tax: Column, yen: Flags
) -> dict[str, Ints]:
    """Return the amounts of lines in cents, rounded half away from zero, yen to whole ones."""
    unit = np.where(yen, 100, 1)
    lines = (quantity * price + 50) // 100
    less = lines * discount // 1000 // unit * unit
    dues = ((lines - less) * tax + 500 * unit) // (1000 * unit) * unit
    return {"lines": lines, "discount": less, "tax": dues}


def _shipping(currency: Column, lines: Column) -> Ints:
    """Return the shipping of orders in cents: free from 75 US dollars on."""
    factor = np.array(list(PRICE_FACTOR.values()))
    fee = (590 * factor // 1000 // 10 * 10)[currency]
    fee = np.where(currency == JPY, fee // 100 * 100, fee)
    return np.asarray(np.where(lines >= 7500 * factor[currency] // 1000, 0, fee), dtype=np.int64)


class Credits:
    """The credit notes of returned orders: their lines, at the price paid less the discount."""

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        returned = orders.at_returned[orders.line_order] < NEVER
        whole = orders.is_whole_return[orders.line_order]
        self.line = np.flatnonzero(
            returned & orders.line_kept & (whole | (orders.line_number == 1))
        )
        owner = orders.line_order[self.line]
        self.order, self.start, self.count = np.unique(owner, return_index=True, return_counts=True)
        self.line_order = np.repeat(np.arange(len(self.order)), self.count)
        yen = orders.currency[owner] == JPY
        paid = orders.line["lines"][self.line] - orders.line["discount"][self.line]
        self.quantity = orders.quantity[self.line]
        unit = np.where(yen, 10_000, 1)
        price = paid * 100 // self.quantity // unit * unit
        plain = orders.line["discount"][self.line] == 0
        self.price = np.where(plain, orders.price[self.line], price)
        lines = (self.quantity * self.price + 50) // 100
        self.lines = {
            "lines": -lines,
            "discount": np.zeros_like(lines),
            "tax": -orders.line["tax"][self.line],
            "shipping": np.zeros_like(lines),
        }
        none = np.zeros(0, dtype=np.int64)
        self.amounts = {
            name: np.add.reduceat(values, self.start) if len(self.order) else none
            for name, values in self.lines.items()
        }

    @property
    def total(self) -> Ints:
        """What the shop owes the customer, in cents, positive."""
        return -(self.amounts["lines"] + self.amounts["tax"])


def order_events(world: World, orders: Orders) -> Events:
    """Return every change of the orders, credit notes and adjustments of a chunk."""
    pending = np.where(orders.is_pending, orders.at_paid - 5 * SECOND, NEVER)
    # Approval and payment in one commit: only the lsn tells which came first.
    approved = np.where(orders.number % 40 == 3, orders.at_paid, NEVER)
    returned = np.where(orders.is_whole_return, orders.at_returned, NEVER)
    steps = [
        (orders.at_amended, CREATED),
        (pending, PENDING),
        (approved, APPROVED),
        (orders.at_paid, PAID),
        (orders.at_shipped, SHIPPED),
        (orders.at_delivered, DELIVERED),
        (orders.at_completed, COMPLETED),
        (returned, RETURNED),
        (orders.at_cancelled, CANCELLED),
    ]
    everyone = np.arange(len(orders.number))
    parts = [_order_rows(orders, everyone, orders.at_created, orders.first)]
    for place, (at, status) in enumerate(steps, 20):
        rows = everyone[at < NEVER // 2]
        amounts = {name: orders.final[name][rows] for name in AMOUNTS}
        parts.append(
            _order_rows(
                orders,
                rows,
                at[rows],
                amounts,
                op=UPDATE,
                status=status,
                place=place,
                amended=orders.at_amended[rows] < NEVER,
            )
        )
    notes = orders.credits
    at = orders.at_returned[notes.order]
    parts.append(
        _order_rows(
            orders, notes.order, at, notes.amounts, status=COMPLETED, place=40, type_=CREDIT
        )
    )
    rows, amount = adjustments(world, orders)
    amounts = {**dict.fromkeys(AMOUNTS, np.zeros_like(amount)), "lines": amount}
    at = orders.at_delivered[rows] + 3 * DAY
    parts.append(
        _order_rows(orders, rows, at, amounts, status=COMPLETED, place=50, type_=ADJUSTMENT)
    )
    return join(parts)


def adjustments(world: World, orders: Orders) -> tuple[Ints, Ints]:
    """Return the orders that get an adjustment (goodwill, bad debt) and its amount in cents."""
    wanted = world.draws.chance(orders.number, "adjustment", 1_500)
    rows = np.flatnonzero(wanted & (orders.at_delivered < NEVER))
    units = world.draws.between(orders.number[rows], "size of adjustment", -20, 6)
    factor = np.array(list(PRICE_FACTOR.values()))[orders.currency[rows]]
    return rows, np.where(units < 0, units, units + 1) * factor // 100 * 100


def _order_rows(
    orders: Orders,
    rows: Column,
    at: Column,
    amounts: dict[str, Ints],
    *,
    op: int = CREATE,
    status: int = CREATED,
    place: int = 0,
    type_: int = SALE,
    amended: Flags | bool = False,
) -> Events:
    """Return one event for each row of `orders`."""
    number = orders.number[rows]
    total = amounts["lines"] - amounts["discount"] + amounts["tax"] + amounts["shipping"]
    is_own = type_ == SALE
    return {
        "at": at,
        "lsn": lsn(at, number, place),
        "op": np.full(len(rows), op, dtype=np.int8),
        "id": number + [ORDER_ID, CREDIT_ID, ADJUSTMENT_ID][type_],
        "created": orders.at_created[rows] if is_own else at,
        "customer": orders.customer[rows],
        "type": np.full(len(rows), type_, dtype=np.int8),
        "status": np.full(len(rows), status, dtype=np.int8),
        "channel": orders.channel[rows].astype(np.int8),
        **{name: amounts[name].astype(np.int32) for name in AMOUNTS},
        "total": total.astype(np.int32),
        "amended": np.zeros(len(rows), dtype=np.int8) | amended,
        **take(orders.contact, rows),
    }


def item_events(world: World, orders: Orders) -> Events:
    """Return every change of the lines of a chunk's orders, with the tombstones of deletes."""
    created = orders.at_created[orders.line_order]
    amended = orders.at_amended[orders.line_order]
    everyone = np.arange(len(orders.line_order))
    lifted = everyone[orders.raised[orders.line_order] & (orders.line_number == 1)]
    dropped = everyone[~orders.line_kept]
    parts = [
        _item_rows(orders, everyone, created, CREATE, first=True),
        _item_rows(orders, lifted, amended[lifted], UPDATE, first=False),
        _item_rows(orders, dropped, amended[dropped], DELETE, first=True),
        _credit_lines(orders.credits),
        _adjustment_lines(world, orders),
    ]
    return with_tombstones(join(parts))


def _item_rows(orders: Orders, rows: Column, at: Column, op: int, first: bool) -> Events:
    owner = orders.line_order[rows]
    place = orders.line_number[rows] + (0 if op == CREATE else 20)
    amounts = orders.first_line if first else orders.line
    quantity = orders.first_quantity if first else orders.quantity
    created = orders.at_created[owner]
    return {
        "at": at,
        "lsn": lsn(at, orders.number[owner], place),
        "op": np.full(len(rows), op, dtype=np.int8),
        "id": orders.order_id[owner],
        "number": orders.line_number[rows].astype(np.int16),
        "created": created,
        "updated": created if op == DELETE else at,
        "product": orders.product[rows].astype(np.int32),
        "type": np.zeros(len(rows), dtype=np.int8),
        "quantity": quantity[rows].astype(np.int32),
        "price": orders.price[rows],
        **{name: amounts[name][rows].astype(np.int32) for name in AMOUNTS},
        "currency": orders.currency[owner].astype(np.int8),
    }


def _credit_lines(notes: Credits) -> Events:
    orders = notes.orders
    owner = orders.line_order[notes.line]
    at = orders.at_returned[owner]
    number = np.arange(len(owner)) - notes.start[notes.line_order] + 1
    return {
        "at": at,
        "lsn": lsn(at, orders.number[owner], 40 + number),
        "op": np.full(len(owner), CREATE, dtype=np.int8),
        "id": orders.number[owner] + CREDIT_ID,
        "number": number.astype(np.int16),
        "created": at,
        "updated": at,
        "product": orders.product[notes.line].astype(np.int32),
        "type": np.full(len(owner), CREDIT, dtype=np.int8),
        "quantity": (-notes.quantity).astype(np.int32),
        "price": notes.price,
        **{name: notes.lines[name].astype(np.int32) for name in AMOUNTS},
        "currency": orders.currency[owner].astype(np.int8),
    }


def _adjustment_lines(world: World, orders: Orders) -> Events:
    rows, amount = adjustments(world, orders)
    at = orders.at_delivered[rows] + 3 * DAY
    service = int(np.argmax(world.catalog.is_service))  # the first one, or product 0
    nothing = np.zeros(len(rows), dtype=np.int32)
    return {
        "at": at,
        "lsn": lsn(at, orders.number[rows], 51),
        "op": np.full(len(rows), CREATE, dtype=np.int8),
        "id": orders.number[rows] + ADJUSTMENT_ID,
        "number": np.ones(len(rows), dtype=np.int16),
        "created": at,
        "updated": at,
        "product": np.full(len(rows), service, dtype=np.int32),
        "type": np.full(len(rows), ADJUSTMENT, dtype=np.int8),
        "quantity": np.ones(len(rows), dtype=np.int32),
        "price": amount * 100,
        "lines": amount.astype(np.int32),
        "discount": nothing,
        "tax": nothing,
        "shipping": nothing,
        "currency": orders.currency[rows].astype(np.int8),
    }


def order_table(world: World, events: Events) -> pa.Table:
    """Return the columns that ORDER_LINE reads."""
    del world
    # All changes of an order but its amendment share most of their text, so it is written once.
    orders = pa.array(events["id"] * 2 + events["amended"]).dictionary_encode()
    number = orders.indices.to_numpy()
    row = np.empty(len(orders.dictionary), dtype=np.int64)
    row[number] = np.arange(len(number))
    shared = write_texts(_shared_columns(take(events, row)), _SHARED)
    statuses = pa.array(f'{status}","channel":"' for status in STATUSES)
    return pa.table(
        {
            **{name: words(number, texts) for name, texts in shared.items()},
            "status": words(events["status"], statuses),
            **instant("updated", events["at"]),
            **envelope_texts("orders", events),
        }
    )


def _shared_columns(events: Events) -> pa.Table:
    """Return the columns that _SHARED reads."""
    guest = events["customer"] < 0
    types = pa.array(
        f'{close},"order_type":"{type_}","status":"' for type_ in TYPES for close in ('"', "")
    )
    attributes = pa.array(
        f'{channel}","country":"{country.name}","currency_code":"{country.currency}",'
        '"lines_amount":"'
        for channel in CHANNELS
        for country in COUNTRIES
    )
    kind = events["channel"].astype(np.int64) * len(COUNTRIES) + events["country"]
    return pa.table(
        {
            "id": pa.array(events["id"]),
            "customer_open": words(guest, pa.array(['"customer_id":"C', '"customer_id":null'])),
            "customer": pa.array(events["customer"] + people.CUSTOMER_ID, mask=guest),
            "type": words(events["type"].astype(np.int64) * 2 + guest, types),
            "attributes": words(kind, attributes),
            **{name: pa.array(events[name]) for name in [*AMOUNTS, "total"]},
            **people.contact_texts(events, '","customer_phone":"'),
            **instant("created", events["created"]),
        }
    )


_SHARED = {
    "order_key": concat('"order_id":"O<id>"'),
    "order_head": concat('"order_id":"O<id>",<customer_open><customer><type>'),
    "order_rest": concat(
        '<attributes><money(lines)>","discount_amount":"<money(discount)>'
        '","tax_amount":"<money(tax)>","shipping_amount":"<money(shipping)>'
        f'","total_amount":"<money(total)>","customer_email":"{people.CONTACT}'
        '","created_at":"<created_day><created_time>","updated_at":"'
    ),
}
ORDER_LINE = change_line(
    key="<order_key>",
    image='<order_head><status><order_rest><updated_day><updated_time>"',
)


def item_table(world: World, events: Events) -> pa.Table:
    """Return the columns that ITEM_LINE reads."""
    kind = events["type"].astype(np.int64) * world.catalog.count + events["product"]
    descriptions = pa.array(
        f'{PRODUCT_ID + product}","line_type":"{TYPES[type_]}","description":"{prefix}{name}",'
        '"quantity":'
        for type_, prefix in enumerate(["", "Return: ", "Adjustment: "])
        for product, name in enumerate(world.catalog.names)
    )
    tails = pa.array(["", *(f"{tail:02d}" for tail in range(1, 100))])
    ends = pa.array(f'","currency_code":"{code}","created_at":"' for code in CURRENCIES)
    cents, rest = np.divmod(events["price"], 100)  # only whole cents are ever negative
    return pa.table(
        {
            "id": pa.array(events["id"]),
            "number": pa.array(events["number"]),
            "product": words(kind, descriptions),
            "quantity": pa.array(events["quantity"]),
            "price": pa.array(cents.astype(np.int32)),
            "price_tail": words(rest, tails),
            **{name: pa.array(events[name]) for name in AMOUNTS},
            "line_end": words(events["currency"], ends),
            **instant("created", events["created"]),
            **instant("updated", events["updated"]),
            **envelope_texts("order_items", events),
        }
    )


ITEM_LINE = change_line(
    key='"order_id":"O<id>","line_number":<number>',
    image='"order_id":"O<id>","line_number":<number>,"product_id":"P<product><quantity>'
    ',"unit_price":"<money(price)><price_tail>","line_amount":"<money(lines)>'
    '","discount_amount":"<money(discount)>","tax_amount":"<money(tax)>'
    '","shipping_amount":"<money(shipping)><line_end><created_day><created_time>'
    '","updated_at":"<updated_day><updated_time>"',
)
