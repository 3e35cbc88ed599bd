"""Products: CDC from PostgreSQL. Prices change, products come and go."""

import numpy as np
import pyarrow as pa

from lake.landing.generate.catalog import NEVER
from lake.landing.generate.draws import Column
from lake.landing.generate.envelope import change_line, envelope_texts
from lake.landing.generate.events import (
    CREATE,
    DELETE,
    READ,
    UPDATE,
    Events,
    join,
    lsn,
    with_tombstones,
)
from lake.landing.generate.orders import PRODUCT_ID
from lake.landing.generate.period import DAY, HOUR, SECOND, instant, words
from lake.landing.generate.suppliers import SUPPLIER_ID
from lake.landing.generate.vocabulary import CATEGORIES
from lake.landing.generate.world import World

_SNAPSHOT = 5 * SECOND


def product_events(world: World) -> Events:
    """Return every change of every product."""
    catalog = world.catalog
    everyone = np.arange(catalog.count)
    is_new = catalog.launched > 0
    old, new = everyone[~is_new], everyone[is_new]
    ended = everyone[catalog.ended < NEVER]
    deleted = ended[ended % 2 == 0]
    product, month = np.nonzero(catalog.change_at < NEVER)
    moved = catalog.change_at[product, month]
    ends, gone = catalog.ended[ended], catalog.ended[deleted] + 20 * DAY + HOUR
    return with_tombstones(
        join(
            [
                _rows(world, old, np.full(len(old), _SNAPSHOT), READ, catalog.launched[old]),
                _rows(world, new, catalog.launched[new], CREATE, catalog.launched[new]),
                _rows(world, product, moved, UPDATE, moved),
                _rows(world, ended, ends, UPDATE, ends),
                _rows(world, deleted, gone, DELETE, catalog.ended[deleted]),
            ]
        )
    )


def _rows(world: World, product: Column, at: Column, op: int, updated: Column) -> Events:
    catalog = world.catalog
    code = catalog.currency[product]
    price = catalog.price(product, np.clip(updated, 0, None))
    return {
        "at": at,
        "lsn": lsn(at, product, op),
        "op": np.full(len(product), op, dtype=np.int8),
        "id": product.astype(np.int64),
        "price": catalog.in_currency(price, catalog.list_currency[code]),
        "active": (updated < catalog.ended[product]).astype(np.int8),
        "created": catalog.launched[product],
        "updated": updated,
    }


def product_table(world: World, events: Events) -> pa.Table:
    """Return the columns that PRODUCT_LINE reads."""
    catalog = world.catalog
    names = list(CATEGORIES)
    currencies = ["USD", "EUR", "GBP"]
    attributes = [
        f'"product_name":"{catalog.names[i]}","category":"{names[catalog.category[i]]}",'
        f'"supplier_id":"S{SUPPLIER_ID + int(catalog.supplier[i])}","list_price":"'
        for i in range(catalog.count)
    ]
    service = [
        f'","currency_code":"{currencies[catalog.currency[i]]}",'
        f'"is_service":{"true" if catalog.is_service[i] else "false"},"is_active":'
        for i in range(catalog.count)
    ]
    cents, rest = np.divmod(events["price"], 100)
    return pa.table(
        {
            "id": pa.array(events["id"] + PRODUCT_ID),
            "attributes": words(events["id"], pa.array(attributes)),
            "price": pa.array(cents.astype(np.int32)),
            "price_tail": words(rest, pa.array(["", *(f"{n:02d}" for n in range(1, 100))])),
            "service": words(events["id"], pa.array(service)),
            "active": words(events["active"], pa.array(["false", "true"])),
            **instant("created", events["created"]),
            **instant("updated", events["updated"]),
            **envelope_texts("products", events),
        }
    )


PRODUCT_LINE = change_line(
    key='"product_id":"P<id>"',
    image='"product_id":"P<id>",<attributes><money(price)><price_tail><service><active>'
    ',"created_at":"<created_day><created_time>","updated_at":"<updated_day><updated_time>"',
)
