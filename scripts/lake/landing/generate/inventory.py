"""Stock movements: CDC from PostgreSQL, written once and never changed."""

import numpy as np
import pyarrow as pa

from lake.landing.generate.catalog import MONTH_DAYS, MONTHS, NEVER
from lake.landing.generate.draws import Column, Ints
from lake.landing.generate.envelope import change_line, envelope_texts
from lake.landing.generate.events import CREATE, Events, join, lsn
from lake.landing.generate.orders import CREDIT_ID, ORDER_ID, PRODUCT_ID, Orders
from lake.landing.generate.period import DAY, HOUR, MINUTE, instant, words
from lake.landing.generate.vocabulary import COUNTRIES
from lake.landing.generate.world import World

TYPES = ["receipt", "sale", "return", "adjustment"]
RECEIPT, SALE, RETURN, ADJUSTMENT = range(4)
WAREHOUSES = ["WH-1", "WH-2", "WH-3", "WH-4"]
_RECEIPT_ID, _SALE_ID = 10_000_000_000, 20_000_000_000
_MOST_PIECES = 90_000
_WAREHOUSE_OF = np.array(
    [
        {
            "USD": 0,
            "CAD": 0,
            "BRL": 0,
            "MXN": 0,
            "GBP": 2,
            "JPY": 3,
            "AUD": 3,
            "INR": 3,
            "SGD": 3,
        }.get(country.currency, 1)
        for country in COUNTRIES
    ]
)


def sale_events(world: World, orders: Orders) -> Events:
    """Return what leaves the stock with a shipment and comes back with a return."""
    catalog = world.catalog
    goods = ~catalog.is_service[orders.product]
    shipped = orders.at_shipped[orders.line_order]
    out = np.flatnonzero(goods & orders.line_kept & (shipped < NEVER))
    notes = orders.credits
    back = notes.line[goods[notes.line]]
    returned = orders.at_returned[orders.line_order] + 2 * HOUR
    taken, added = -orders.quantity[out], orders.quantity[back]
    return join(
        [
            _moves(orders, out, shipped[out], type_=SALE, quantity=taken, first_id=ORDER_ID),
            _moves(orders, back, returned[back], type_=RETURN, quantity=added, first_id=CREDIT_ID),
        ]
    )


def _moves(
    orders: Orders, rows: Column, at: Column, *, type_: int, quantity: Column, first_id: int
) -> Events:
    owner = orders.line_order[rows]
    number = orders.number[owner]
    place = orders.line_number[rows] + (0 if type_ == SALE else 20)
    return {
        "at": at,
        "lsn": lsn(at, number, place),
        "op": np.full(len(rows), CREATE, dtype=np.int8),
        "id": _SALE_ID + number * 64 + place,
        "product": orders.product[rows].astype(np.int32),
        "warehouse": _WAREHOUSE_OF[orders.country[owner]].astype(np.int8),
        "type": np.full(len(rows), type_, dtype=np.int8),
        "quantity": quantity.astype(np.int32),
        "order": first_id + number,
    }


def stock_events(world: World) -> Events:
    """Return receipts, every four weeks and warehouse, and the corrections of stock counts."""
    catalog, draws = world.catalog, world.draws
    goods = np.flatnonzero(~catalog.is_service)
    parts = []
    for month in range(MONTHS):
        for warehouse, share in enumerate((45, 75, 20, 18)):
            key = (goods * MONTHS + month) * len(WAREHOUSES) + warehouse
            expected = catalog.weight[goods] * world.orders * 3 // MONTHS // 1_000_000
            pieces = expected * share // 100 + draws.between(key, "spare pieces", 5, 40)
            wanted = draws.chance(key, "receipt", 800_000) | (month == 0)
            at = month * MONTH_DAYS * DAY + draws.below(key, "moment of receipt", 20 * DAY)
            at = np.where(month == 0, 7 * HOUR + goods * 200, at)
            parts.append(
                _stock(goods, key, at, pieces, wanted=wanted, type_=RECEIPT, warehouse=warehouse)
            )
            counted = draws.chance(key, "count differs", 60_000)
            off = draws.below(key, "difference", 9) - 6
            off = np.where(off >= 0, off + 1, off)
            at = at + draws.between(key, "moment of count", 30 * MINUTE, 8 * DAY)
            parts.append(
                _stock(goods, key, at, off, wanted=counted, type_=ADJUSTMENT, warehouse=warehouse)
            )
    return join(parts)


def _stock(
    goods: Column,
    key: Ints,
    at: Column,
    quantity: Column,
    *,
    wanted: Column,
    type_: int,
    warehouse: int,
) -> Events:
    rows = np.flatnonzero(wanted)
    return {
        "at": at[rows],
        "lsn": lsn(at[rows], key[rows], type_),
        "op": np.full(len(rows), CREATE, dtype=np.int8),
        "id": _RECEIPT_ID + key[rows] * 2 + (type_ == ADJUSTMENT),
        "product": goods[rows].astype(np.int32),
        "warehouse": np.full(len(rows), warehouse, dtype=np.int8),
        "type": np.full(len(rows), type_, dtype=np.int8),
        "quantity": np.minimum(quantity[rows], _MOST_PIECES).astype(np.int32),
        "order": np.full(len(rows), -1, dtype=np.int64),
    }


def movement_table(world: World, events: Events) -> pa.Table:
    """Return the columns that MOVEMENT_LINE reads."""
    del world
    own = events["order"] < 0
    kind = events["warehouse"].astype(np.int32) * len(TYPES) + events["type"]
    attributes = pa.array(
        f'","warehouse_id":"{warehouse}","movement_type":"{type_}","quantity":'
        for warehouse in WAREHOUSES
        for type_ in TYPES
    )
    opens = pa.array([',"order_id":"O', ',"order_id":null'])
    return pa.table(
        {
            "id": pa.array(events["id"]),
            "product": pa.array(events["product"] + PRODUCT_ID),
            "attributes": words(kind, attributes),
            "quantity": pa.array(events["quantity"]),
            "order_open": words(own, opens),
            "order_id": pa.array(events["order"], mask=own),
            "order_close": words(own, pa.array(['",', ","])),
            **instant("created", events["at"]),
            **envelope_texts("inventory_movements", events),
        }
    )


MOVEMENT_LINE = change_line(
    key='"movement_id":"M<id>"',
    image='"movement_id":"M<id>","product_id":"P<product><attributes><quantity>'
    '<order_open><order_id><order_close>"created_at":"<created_day><created_time>"',
)
