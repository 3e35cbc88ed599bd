"""The landed tables: how each is made and written."""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from lake.landing.generate.click_lines import EVENT_LINE, event_table
from lake.landing.generate.customer_files import CSV_LINE, FILE_LINE, file_table
from lake.landing.generate.customers import CUSTOMER_LINE, customer_table
from lake.landing.generate.events import Events
from lake.landing.generate.inventory import MOVEMENT_LINE, movement_table
from lake.landing.generate.log_lines import LOG_LINE, log_table
from lake.landing.generate.marketing import SPEND_CSV, SPEND_LINE, spend_table
from lake.landing.generate.order_changes import (
    ITEM_LINE,
    ORDER_LINE,
    item_table,
    order_table,
)
from lake.landing.generate.payments import (
    PAYMENT_LINE,
    REFUND_LINE,
    payment_table,
    refund_table,
)
from lake.landing.generate.products import PRODUCT_LINE, product_table
from lake.landing.generate.sales_targets import TARGET_CSV, TARGET_LINE, target_table
from lake.landing.generate.sensors import PLACES, READING_LINE, reading_table
from lake.landing.generate.surveys import RESPONSE_CSV, RESPONSE_LINE, response_table
from lake.landing.generate.world import World


@dataclass(frozen=True)
class LineTable:
    """A table of JSON lines: its text columns, the SQL of a line, the places that it lands in.

    For records of uploaded files also the SQL of their line in the CSV file (`csv_line`), and what
    the names of those files begin with.
    """

    columns: Callable[[World, Events], pa.Table]
    line: str
    csv_line: str = ""
    file_prefix: str = ""
    places: tuple[str, ...] = ("",)


LINE_TABLES = {
    "orders": LineTable(order_table, ORDER_LINE),
    "order_items": LineTable(item_table, ITEM_LINE),
    "customers": LineTable(customer_table, CUSTOMER_LINE),
    "products": LineTable(product_table, PRODUCT_LINE),
    "inventory_movements": LineTable(movement_table, MOVEMENT_LINE),
    "payments": LineTable(payment_table, PAYMENT_LINE),
    "refunds": LineTable(refund_table, REFUND_LINE),
    "customer_files": LineTable(file_table, FILE_LINE, CSV_LINE, "customers"),
    "events": LineTable(event_table, EVENT_LINE),
    "sales_targets": LineTable(target_table, TARGET_LINE, TARGET_CSV, "targets"),
    "marketing_spend": LineTable(spend_table, SPEND_LINE, SPEND_CSV, "spend"),
    "nps_responses": LineTable(response_table, RESPONSE_LINE, RESPONSE_CSV, "nps"),
    "sensor_readings": LineTable(reading_table, READING_LINE, places=PLACES),
    "log_events": LineTable(log_table, LOG_LINE),
}
TABLES = [*LINE_TABLES, "suppliers"]
UPLOADS = [name for name, table in LINE_TABLES.items() if table.csv_line]
