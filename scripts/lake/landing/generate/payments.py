"""Charges and refunds as Stripe objects, one line a version; amounts in minor units."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from lake.landing.generate.catalog import NEVER
from lake.landing.generate.draws import Column, Ints, slots
from lake.landing.generate.events import CREATE, Events, join, lsn
from lake.landing.generate.orders import JPY, ORDER_ID, Orders
from lake.landing.generate.period import DAY, EPOCH_MS, HOUR, SECOND, words
from lake.landing.generate.template import concat
from lake.landing.generate.vocabulary import CURRENCIES
from lake.landing.generate.world import World

METHODS = ["card", "paypal", "sepa_debit", "klarna", "voucher"]
CHARGE_STATUSES = ["succeeded", "pending", "failed"]
REFUND_STATUSES = ["succeeded", "pending"]
REASONS = ["requested_by_customer", "duplicate", "fraudulent"]
SUCCEEDED, PENDING, FAILED = range(3)
_LETTERS = "abc"


@dataclass
class Payments:
    """What was charged and paid back for the orders of a chunk, in minor units, by order."""

    orders: Orders
    unit: Ints  # cents in one minor unit
    first: Ints
    second: Ints  # 0 where one charge paid all
    is_voucher: Column
    at_pending: Ints
    at_refund: Ints  # NEVER where nothing was paid back
    first_back: Ints
    second_back: Ints


def make_payments(world: World, orders: Orders) -> Payments:
    """Return the payments of orders."""
    draws, number = world.draws, orders.number
    unit = np.where(orders.currency == JPY, 100, 1)
    final = orders.final
    total = (final["lines"] - final["discount"] + final["tax"] + final["shipping"]) // unit
    way = draws.below(number, "way of paying", 1000)
    voucher, split = way < 25, (way >= 25) & (way < 55)
    half = total * draws.between(number, "share of the first charge", 20, 80) // 100
    second = np.where((voucher | split) & (half > 0), total - half, 0)
    pending = (way >= 55) & (way < 230)
    wait = orders.at_paid - (orders.at_paid - orders.at_created) // 3
    notes = orders.credits
    back = np.zeros(len(number), dtype=np.int64)
    at_back = np.full(len(number), NEVER, dtype=np.int64)
    back[notes.order] = notes.total // unit[notes.order]
    delay = draws.between(number, "until refunded", 20 * HOUR, 70 * HOUR)
    at_back[notes.order] = (orders.at_returned + delay)[notes.order]
    stopped = (orders.at_cancelled < NEVER) & (orders.at_paid < NEVER)
    back = np.where(stopped, total, back)
    at_back = np.where(stopped, orders.at_cancelled + delay // 10, at_back)
    first = total - second
    return Payments(
        orders=orders,
        unit=unit,
        first=first,
        second=second,
        is_voucher=voucher,
        at_pending=np.where(pending & (orders.at_paid < NEVER), wait, NEVER),
        at_refund=np.where(back > 0, at_back, NEVER),
        first_back=np.minimum(back, first),
        second_back=np.maximum(back - first, 0),
    )


def charge_events(world: World, paid: Payments) -> Events:
    """Return every version of the charges of a chunk."""
    orders = paid.orders
    number = orders.number
    rows = np.arange(len(number))
    tried = rows[world.draws.chance(number, "first try fails", 60_000) | (orders.at_paid >= NEVER)]
    at_try = (
        orders.at_created
        + (np.minimum(orders.at_paid, orders.at_created + 40 * SECOND) - orders.at_created) // 4
    )
    method = world.draws.pick(number, "method", slots([58, 22, 0, 20]))
    method = np.where(paid.at_pending < NEVER, METHODS.index("sepa_debit"), method)
    first_method = np.where(paid.is_voucher, METHODS.index("voucher"), method)
    begun = np.minimum(paid.at_pending, orders.at_paid)
    waited = rows[paid.at_pending < NEVER]
    whole = rows[orders.at_paid < NEVER]
    both = whole[paid.second[whole] > 0]
    paid_at = orders.at_paid
    parts = [
        _charges(paid, tried, at_try, letter=0, created=at_try, method=method, status=FAILED),
        _charges(paid, whole, paid_at, letter=1, created=begun, method=first_method),
        _charges(paid, both, paid_at, letter=2, created=paid_at, method=method),
        _charges(
            paid,
            waited,
            paid.at_pending,
            letter=1,
            created=begun,
            method=first_method,
            status=PENDING,
        ),
    ]
    for letter, back, created, way in (
        (1, paid.first_back, begun, first_method),
        (2, paid.second_back, paid_at, method),
    ):
        parts.append(
            _charges(
                paid,
                rows[(paid.at_refund < NEVER) & (back > 0)],
                paid.at_refund,
                letter=letter,
                created=created,
                method=way,
                refunded=back,
            )
        )
    return join(parts)


def _charges(
    paid: Payments,
    rows: Column,
    at: Column,
    *,
    letter: int,
    created: Column,
    method: Column,
    status: int = SUCCEEDED,
    refunded: Column | None = None,
) -> Events:
    """Return one version of a charge for each order in `rows`; letter 0 failed, 1 and 2 paid."""
    orders = paid.orders
    amount = [paid.first + paid.second, paid.first, paid.second][letter][rows]
    return {
        "at": at[rows],
        "lsn": lsn(at[rows], orders.number[rows], letter),
        "op": np.full(len(rows), CREATE, dtype=np.int8),
        "id": orders.order_id[rows],
        "letter": np.full(len(rows), letter, dtype=np.int8),
        "amount": amount,
        "captured": amount if status == SUCCEEDED else np.zeros_like(amount),
        "refunded": np.zeros_like(amount) if refunded is None else refunded[rows],
        "currency": orders.currency[rows].astype(np.int8),
        "status": np.full(len(rows), status, dtype=np.int8),
        "method": method[rows].astype(np.int8),
        "created": created[rows],
    }


def refund_events(world: World, paid: Payments) -> Events:
    """Return every version of the refunds of a chunk."""
    draws, orders = world.draws, paid.orders
    rows = np.flatnonzero(paid.at_refund < NEVER)
    slow = draws.chance(orders.number, "refund takes time", 300_000)
    at_done = paid.at_refund + draws.between(orders.number, "refund done", DAY, 3 * DAY)
    parts = []
    for letter, amount in ((1, paid.first_back), (2, paid.second_back)):
        here = rows[amount[rows] > 0]
        first = np.where(slow[here], PENDING, SUCCEEDED)
        parts.append(_refunds(world, paid, here, paid.at_refund, letter=letter, status=first))
        late = here[slow[here]]
        done = np.full(len(late), SUCCEEDED)
        parts.append(_refunds(world, paid, late, at_done, letter=letter, status=done))
    return join(parts)


def _refunds(
    world: World,
    paid: Payments,
    rows: Column,
    at: Column,
    *,
    letter: int,
    status: Column,
) -> Events:
    """Return one version of a refund for each order in `rows`, of its first or second charge."""
    amount = paid.first_back if letter == 1 else paid.second_back
    number = paid.orders.number[rows]
    return {
        "at": at[rows],
        "lsn": lsn(at[rows], number, letter),
        "op": np.full(len(rows), CREATE, dtype=np.int8),
        "id": number + ORDER_ID,
        "letter": np.full(len(rows), letter, dtype=np.int8),
        "amount": amount[rows],
        "currency": paid.orders.currency[rows].astype(np.int8),
        "status": status.astype(np.int8),
        "reason": world.draws.pick(number, "reason", slots([92, 5, 3])).astype(np.int8),
        "created": paid.at_refund[rows],
    }


def payment_table(world: World, events: Events) -> pa.Table:
    """Return the columns that PAYMENT_LINE reads."""
    del world
    kind = (events["currency"].astype(np.int64) * len(CHARGE_STATUSES)) + events["status"]
    attributes = pa.array(
        f',"currency":"{code.lower()}","status":"{status}",'
        f'"captured":{"true" if status == "succeeded" else "false"},"created":'
        for code in CURRENCIES
        for status in CHARGE_STATUSES
    )
    return pa.table(
        {
            "id": pa.array(events["id"]),
            "letter": words(events["letter"], pa.array(list(_LETTERS))),
            "amount": pa.array(events["amount"]),
            "captured": pa.array(events["captured"]),
            "refunded": pa.array(events["refunded"]),
            "attributes": words(kind, attributes),
            "created": pa.array((events["created"] + EPOCH_MS) // SECOND),
            "updated": pa.array((events["at"] + EPOCH_MS) // SECOND),
            "method": words(events["method"], pa.array(METHODS)),
        }
    )


PAYMENT_LINE = concat(
    '{"id":"ch_<id><letter>","object":"charge","amount":<amount>,"amount_captured":<captured>'
    ',"amount_refunded":<refunded><attributes><created>,"updated":<updated>'
    ',"metadata":{"order_id":"O<id>"},"payment_method_details":{"type":"<method>"}}\n'
)


def refund_table(world: World, events: Events) -> pa.Table:
    """Return the columns that REFUND_LINE reads."""
    del world
    kind = (events["currency"].astype(np.int64) * len(REFUND_STATUSES)) + events["status"]
    kind = kind * len(REASONS) + events["reason"]
    attributes = pa.array(
        f',"currency":"{code.lower()}","status":"{status}","reason":"{reason}","charge":"ch_'
        for code in CURRENCIES
        for status in REFUND_STATUSES
        for reason in REASONS
    )
    return pa.table(
        {
            "id": pa.array(events["id"]),
            "letter": words(events["letter"], pa.array(list(_LETTERS))),
            "amount": pa.array(events["amount"]),
            "attributes": words(kind, attributes),
            "created": pa.array((events["created"] + EPOCH_MS) // SECOND),
            "updated": pa.array((events["at"] + EPOCH_MS) // SECOND),
        }
    )


REFUND_LINE = concat(
    '{"id":"re_<id><letter>","object":"refund","amount":<amount><attributes><id><letter>"'
    ',"created":<created>,"updated":<updated>}\n'
)
