"""A tiny lake, written by hand: every figure that the tests expect can be counted here by eye."""

import gzip
import json
from hashlib import md5
from io import BytesIO
from pathlib import Path

import fastavro

CDC = "database-cdc/source=postgresql/table="
STRIPE = "api-data/provider=stripe/endpoint="
SUPPLIERS = "database-extract/source=mysql/table=suppliers"
FIRST, SECOND = "2025-01-15", "2025-01-16"

ORDER = {
    "order_id": "O1",
    "customer_id": "C1",
    "order_type": "sale",
    "status": "created",
    "channel": "web",
    "country": "Germany",
    "currency_code": "EUR",
    "lines_amount": "20.00",
    "discount_amount": "0.00",
    "tax_amount": "0.00",
    "shipping_amount": "0.00",
    "total_amount": "20.00",
    "customer_email": "anna@example.org",
    "customer_phone": "+49 170 1234567",
    "created_at": "2025-01-14T10:00:00Z",
    "updated_at": "2025-01-14T10:00:00Z",
}
ITEM = {
    "order_id": "O1",
    "line_number": 1,
    "product_id": "P1",
    "line_type": "sale",
    "description": None,
    "quantity": 2,
    "unit_price": "10.00",
    "line_amount": "20.00",
    "discount_amount": "0.00",
    "tax_amount": "0.00",
    "shipping_amount": "0.00",
    "currency_code": "EUR",
    "created_at": "2025-01-14T10:00:00Z",
    "updated_at": "2025-01-14T10:00:00Z",
}
CHARGE = {
    "id": "ch_1",
    "object": "charge",
    "amount": 2000,
    "amount_captured": 2000,
    "amount_refunded": 500,
    "currency": "eur",
    "status": "succeeded",
    "captured": True,
    "created": 1736899200,
    "updated": 1736899200,
    "metadata": {"order_id": "O1"},
    "payment_method_details": {"type": "card"},
}
REFUND = {
    "id": "re_1",
    "object": "refund",
    "amount": 500,
    "currency": "eur",
    "status": "succeeded",
    "reason": "requested_by_customer",
    "charge": "ch_1",
    "created": 1736899300,
    "updated": 1736899300,
}
SUPPLIER = {
    "supplier_id": "S1",
    "supplier_name": "Mills",
    "contact_name": "Bo Mill",
    "contact_email": "bo@mills.example",
    "contact_phone": "+46 1234567",
    "country": "Germany",
    "lead_time_days": 12,
    "is_active": True,
    "updated_at": "2025-01-10T00:00:00Z",
}
SUPPLIER_SCHEMA = {
    "type": "record",
    "name": "supplier",
    "fields": [
        {
            "name": name,
            "type": ["null", {"lead_time_days": "int", "is_active": "boolean"}.get(name, "string")],
        }
        for name in SUPPLIER
    ],
}

BROKEN_LINE = '{"key":{"order_id":"O7"},"value":{"after":{"order_id":"O7"'


def change(table: str, keys: dict, row: dict | None, lsn: int, *, op="c", before=None) -> str:
    """Return one line of change data capture."""
    source = {"table": table, "lsn": lsn, "ts_ms": 1736899200000}
    value = {"before": before, "after": row, "source": source, "op": op, "ts_ms": 1736899200000}
    return json.dumps({"key": keys, "value": value}, separators=(",", ":"))


def order(lsn: int, op: str = "c", **fields) -> str:
    """Return a change of an order that differs from ORDER in `fields`."""
    row = {**ORDER, **fields}
    image = {"row": None, "before": row} if op == "d" else {"row": row}
    return change("orders", {"order_id": row["order_id"]}, lsn=lsn, op=op, **image)


def item(lsn: int, **fields) -> str:
    """Return a change of an order line that differs from ITEM in `fields`."""
    row = {**ITEM, **fields}
    keys = {"order_id": row["order_id"], "line_number": row["line_number"]}
    return change("order_items", keys, row, lsn)


NEGATIVE = order(3, order_id="O2", total_amount="-5.00")


def write_lines(root: Path, location: str, day: str, name: str, *lines: str) -> str:
    """Write a gzip file of lines, with blank lines that are no records; return its name."""
    relative = f"{location}/arrival_date={day}/{name}.json.gz"
    path = root / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n\n").encode()))
    return relative


def write_suppliers(root: Path, day: str, name: str, *records: dict) -> str:
    """Write an Avro file of suppliers; return its name."""
    relative = f"{SUPPLIERS}/arrival_date={day}/{name}.avro"
    path = root / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    content = BytesIO()
    fastavro.writer(content, SUPPLIER_SCHEMA, records, codec="deflate")
    path.write_bytes(content.getvalue())
    return relative


def write_lake(root: Path) -> None:
    """Write the lake: 19 records in 8 files on two days.

    Orders, 9: O1 created and paid (kept), a line that is cut off and O2 below zero (quarantined),
    O3 deleted and its tombstone (kept), O4 in yen (kept); the second day O1 again, once the same
    and once with another channel (two duplicates, one of them a conflict).
    Order lines, 3 kept: of O1, of the deleted O3, and of O9, which never arrived.
    Charges, 2 kept: one of O1, one in yen of O8, which never arrived. Refunds: 1 kept.
    Suppliers: S1 kept, S2 quarantined. Customers and products: 1 kept each.
    """
    write_lines(
        root,
        f"{CDC}orders",
        FIRST,
        "a",
        order(1),
        order(2, "u", status="paid"),
        BROKEN_LINE,
        NEGATIVE,
        order(4, "d", order_id="O3"),
        '{"key":{"order_id":"O3"},"value":null}',
        order(5, order_id="O4", currency_code="JPY", lines_amount="1250", total_amount="1250"),
    )
    write_lines(root, f"{CDC}orders", SECOND, "b", order(1), order(1, channel="app"))
    write_lines(
        root,
        f"{CDC}order_items",
        FIRST,
        "a",
        item(1),
        item(2, order_id="O3"),
        item(3, order_id="O9", quantity=3, unit_price="1.11", line_amount="3.33"),
    )
    customer = {
        "customer_id": "C1",
        "full_name": "Åsa Berg",
        "email": "anna@example.org",
        "phone": "+49 170 1234567",
        "street_address": "Weg 1",
        "city": "Bonn",
        "postal_code": "53111",
        "country": "Germany",
        "created_at": "2025-01-01T00:00:00Z",
        "updated_at": "2025-01-01T00:00:00Z",
    }
    product = {
        "product_id": "P1",
        "product_name": "Mug",
        "category": "kitchen",
        "supplier_id": "S1",
        "list_price": "10.00",
        "currency_code": "EUR",
        "is_service": False,
        "is_active": True,
        "created_at": "2025-01-01T00:00:00Z",
        "updated_at": "2025-01-01T00:00:00Z",
    }
    write_lines(
        root,
        f"{CDC}customers",
        FIRST,
        "a",
        change("customers", {"customer_id": "C1"}, customer, 1),
    )
    write_lines(
        root, f"{CDC}products", FIRST, "a", change("products", {"product_id": "P1"}, product, 1)
    )
    yen = {**CHARGE, "id": "ch_2", "amount": 1250, "amount_captured": 1250, "amount_refunded": 0}
    yen |= {"currency": "jpy", "metadata": {"order_id": "O8"}}
    write_lines(root, f"{STRIPE}payments", FIRST, "a", json.dumps(CHARGE), json.dumps(yen))
    write_lines(root, f"{STRIPE}refunds", FIRST, "a", json.dumps(REFUND))
    slow = {**SUPPLIER, "supplier_id": "S2", "lead_time_days": 999}
    write_suppliers(root, FIRST, "a", SUPPLIER, slow)


def record_id(line: str) -> str:
    """Return the id of a landed line."""
    return md5(line.encode()).hexdigest()
