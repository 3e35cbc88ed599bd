"""Orders and order lines as CDC from PostgreSQL: the changes of their life, and their lines."""

import numpy as np
import pyarrow as pa

from lake.landing.generate import people
from lake.landing.generate.catalog import NEVER
from lake.landing.generate.draws import Column, Flags, Ints
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
from lake.landing.generate.orders import (
    AMOUNTS,
    CREDIT_ID,
    ORDER_ID,
    PRODUCT_ID,
    Credits,
    Orders,
)
from lake.landing.generate.period import DAY, SECOND, instant, words
from lake.landing.generate.render import write_texts
from lake.landing.generate.template import concat
from lake.landing.generate.vocabulary import COUNTRIES, CURRENCIES, PRICE_FACTOR
from lake.landing.generate.world import World

_ADJUSTMENT_ID = 80_000_000
TYPES = ["sale", "credit_note", "adjustment"]
SALE, CREDIT, ADJUSTMENT = range(3)
STATUSES = [
    "created", "pending", "approved", "paid", "shipped", "delivered", "completed", "returned",
    "cancelled",
]  # fmt: skip
CREATED, PENDING, APPROVED, PAID, SHIPPED, DELIVERED, COMPLETED, RETURNED, CANCELLED = range(9)
CHANNELS = ["web", "mobile", "marketplace", "phone"]


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
        "id": number + [ORDER_ID, CREDIT_ID, _ADJUSTMENT_ID][type_],
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
        "id": orders.number[rows] + _ADJUSTMENT_ID,
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
