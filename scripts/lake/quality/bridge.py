"""The way of the money from the kept records to gold, to the cent.

Each bridge starts at one sum, names everything that leaves on the way, and must end at another sum.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import duckdb

from lake.database import rows, schema
from lake.quality.judged import AMOUNTS, validated

ENTITIES = {
    "orders": ("order_id", "int_orders"),
    "order_items": ("order_item_id", "int_order_items"),
    "payments": ("payment_id", "int_payments"),
    "refunds": ("refund_id", "int_refunds"),
}
CHANGES = {"orders", "order_items"}  # sources whose records carry an operation
REPORTING = "reporting"
START, END = "start", "end"


@dataclass(frozen=True)
class Bridge:
    """One sum that must arrive: SQL of (currency, amount) for the start, the terms and the end."""

    source: str
    name: str
    start: str
    terms: dict[str, str]
    end: str
    counts_records: bool = True


@dataclass
class Crossing:
    """One bridge in one currency: records and amount at the start, of each term, and at the end."""

    bridge: str
    currency: str
    counts_records: bool
    records: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    amounts: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    @property
    def missing_records(self) -> int:
        """Return how many records got lost on the way; 0 where only money is compared."""
        if not self.counts_records:
            return 0
        return 2 * self.records[START] - sum(self.records.values())

    @property
    def missing_amount(self) -> Decimal:
        """Return how much money got lost on the way."""
        return 2 * self.amounts[START] - sum(self.amounts.values())


def bridges() -> list[Bridge]:
    """Return every bridge: kept records to the current state, the state to the facts, to days."""
    return [*(_to_state(source) for source in ENTITIES), *_to_facts(), *_to_aggregates()]


def cross(connection: duckdb.DuckDBPyConnection, bridge: Bridge) -> list[Crossing]:
    """Add up one bridge in each currency."""
    parts = {START: bridge.start, **bridge.terms, END: bridge.end}
    union = " union all ".join(
        f"""
        select '{part}' as part, coalesce(currency, '-') as currency,
            count(*) as records, coalesce(sum(amount), 0) as amount
        from ({sql}) group by currency
        """
        for part, sql in parts.items()
    )
    crossings: dict[str, Crossing] = {}
    for row in rows(connection, union):
        empty = Crossing(bridge.name, row["currency"], bridge.counts_records)
        crossing = crossings.setdefault(row["currency"], empty)
        crossing.records[row["part"]] += row["records"]
        crossing.amounts[row["part"]] += row["amount"]
    return [crossings[currency] for currency in sorted(crossings)]


def pending(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return what waits for its parent, in records and money by currency: it is not lost."""
    waits = {
        "order lines without their order": _lines("ord.order_id is null"),
        "payments without their order": f"""
            select currency_code as currency, captured_amount as amount
            from {schema("gold")}.fct_payments where is_order_pending
        """,
        "refunds without their payment": _refunds("pay.payment_id is null"),
    }
    return [
        {"what": what, **row}
        for what, sql in waits.items()
        for row in rows(
            connection,
            f"select currency, count(*) as records, coalesce(sum(amount), 0) as amount "
            f"from ({sql}) group by currency order by currency",
        )
    ]


def _to_state(source: str) -> Bridge:
    """Every kept version is superseded, deleted, a tombstone, or the current state."""
    key, state = ENTITIES[source]
    has_operation = source in CHANGES
    tombstone = "coalesce(operation = 'tombstone', false)" if has_operation else "false"
    deleted = "coalesce(operation = 'd', false)" if has_operation else "false"
    kept = f"""
        select {key} as id, _source_order as position, currency_code as currency,
            {AMOUNTS[source]} as amount, {tombstone} as is_tombstone, {deleted} as is_delete
        from {validated(source)} where _disposition = 'kept'
    """
    newest = f"""
        select id, max(position) as newest from ({kept}) where not is_tombstone group by id
    """
    versions = f"""
        select kept.*, newest.newest from ({kept}) as kept join ({newest}) as newest using (id)
        where not is_tombstone
    """
    terms = {
        "superseded": f"select currency, amount from ({versions}) where position < newest",
    }
    if has_operation:
        terms["deleted"] = (
            f"select currency, amount from ({versions}) where position = newest and is_delete"
        )
        terms["tombstone"] = f"select currency, amount from ({kept}) where is_tombstone"
    current = f"select * from {schema('silver')}.{state}"
    if has_operation:
        current += " where not is_deleted"
    return Bridge(
        source,
        f"kept {source} to state",
        f"select currency, amount from ({kept})",
        terms,
        f"select currency_code as currency, {AMOUNTS[source]} as amount from ({current})",
    )


def _to_facts() -> list[Bridge]:
    silver, gold = schema("silver"), schema("gold")
    orders = "select currency_code as currency, total_amount as amount from"
    captured = "select currency_code as currency, captured_amount as amount from"
    return [
        Bridge(
            "order_items",
            "order items to fct_order_lines",
            _lines("true"),
            {
                "order pending": _lines("ord.order_id is null"),
                "order deleted": _lines("ord.is_deleted"),
            },
            f"select currency_code as currency, line_amount as amount from {gold}.fct_order_lines",
        ),
        Bridge(
            "orders",
            "orders to fct_orders",
            f"{orders} {silver}.int_orders where not is_deleted",
            {},
            f"{orders} {gold}.fct_orders",
        ),
        Bridge(
            "payments",
            "payments to fct_payments",
            f"{captured} {silver}.int_payments",
            {},
            f"{captured} {gold}.fct_payments",
        ),
        Bridge(
            "refunds",
            "refunds to fct_payments",
            _refunds("ref.refund_status = 'succeeded'"),
            {
                "payment pending": _refunds(
                    "ref.refund_status = 'succeeded' and pay.payment_id is null"
                )
            },
            f"select currency_code as currency, refunded_amount as amount from {gold}.fct_payments",
            counts_records=False,
        ),
    ]


def _to_aggregates() -> list[Bridge]:
    """The daily and monthly figures hold the same revenue as the lines they add up."""
    gold = schema("gold")
    revenue = f"""
        select '{REPORTING}' as currency, net_reporting_amount as amount
        from {gold}.fct_order_lines where is_revenue
    """
    aggregates = ("agg_daily_sales_total", "agg_daily_sales", "agg_product_performance")
    return [
        Bridge(
            "order_items",
            f"lines to {name}",
            revenue,
            {},
            f"select '{REPORTING}' as currency, revenue_amount as amount from {gold}.{name}",
            counts_records=False,
        )
        for name in aggregates
    ]


def _lines(condition: str) -> str:
    """Order items that are not deleted, beside their order, where `condition` holds."""
    silver = schema("silver")
    return f"""
        select itm.currency_code as currency, itm.line_amount as amount
        from {silver}.int_order_items as itm
        left join {silver}.int_orders as ord on itm.order_id = ord.order_id
        where not itm.is_deleted and ({condition})
    """


def _refunds(condition: str) -> str:
    """Refunds in the currency of their payment, which is the one that gold states."""
    silver = schema("silver")
    return f"""
        select coalesce(pay.currency_code, ref.currency_code) as currency,
            ref.refund_amount as amount
        from {silver}.int_refunds as ref
        left join {silver}.int_payments as pay on ref.payment_id = pay.payment_id
        where {condition}
    """
