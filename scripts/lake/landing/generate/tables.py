"""The landed tables: how each is made and written."""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from lake.landing.generate.click_lines import EVENT_LINE, event_table
from lake.landing.generate.customer_files import FILE_LINE, file_table
from lake.landing.generate.customers import CUSTOMER_LINE, customer_table
from lake.landing.generate.events import Events
from lake.landing.generate.inventory import MOVEMENT_LINE, movement_table
from lake.landing.generate.log_lines import LOG_LINE, log_table
from lake.landing.generate.orders import ITEM_LINE, ORDER_LINE, item_table, order_table
from lake.landing.generate.payments import (
    PAYMENT_LINE,
    REFUND_LINE,
    payment_table,
    refund_table,
)
from lake.landing.generate.products import PRODUCT_LINE, product_table
from lake.landing.generate.world import World


@dataclass(frozen=True)
class LineTable:
    """A table of JSON lines: its text columns and the SQL of a line."""

    columns: Callable[[World, Events], pa.Table]
    line: str


LINE_TABLES = {
    "orders": LineTable(order_table, ORDER_LINE),
    "order_items": LineTable(item_table, ITEM_LINE),
    "customers": LineTable(customer_table, CUSTOMER_LINE),
    "products": LineTable(product_table, PRODUCT_LINE),
    "inventory_movements": LineTable(movement_table, MOVEMENT_LINE),
    "payments": LineTable(payment_table, PAYMENT_LINE),
    "refunds": LineTable(refund_table, REFUND_LINE),
    "customer_files": LineTable(file_table, FILE_LINE),
    "events": LineTable(event_table, EVENT_LINE),
    "log_events": LineTable(log_table, LOG_LINE),
}
TABLES = [*LINE_TABLES, "suppliers"]
