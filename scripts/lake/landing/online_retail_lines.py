"""SQL of the lines that Online Retail lands, one query per table: arrival_date, line, sort keys."""

from lake.landing import cdc


def _orders() -> str:
    created = f"case when stamp is null then date_text else {cdc.iso('stamp')} end"
    amount = "cents(amount)"
    after = {
        "order_id": "order_id",
        "customer_id": "customer_id",
        "order_type": "order_type",
        "status": "'completed'",
        "channel": "'online'",
        "country": "country",
        "currency_code": "'GBP'",
        "lines_amount": amount,
        "discount_amount": "'0.00'",
        "tax_amount": "'0.00'",
        "shipping_amount": "'0.00'",
        "total_amount": amount,
        "customer_email": "cast(null as varchar)",
        "customer_phone": "cast(null as varchar)",
        "created_at": created,
        "updated_at": created,
    }
    line = cdc.change_line(
        "orders",
        {"order_id": "order_id"},
        after,
        moment="order_at",
        lsn=cdc.lsn_at("order_at"),
        operation="'c'",
    )
    return f"select cast(order_at as date) as arrival_date, order_id, {line} as line from invoices"


def _order_items() -> str:
    created = f"case when stamp is null then date_text else {cdc.iso('stamp')} end"
    after = {
        "order_id": "order_id",
        "line_number": "line_number",
        "product_id": "product_id",
        "line_type": "order_type",
        "description": "description",
        "quantity": (
            "case when quantity = trunc(quantity) then to_json(cast(quantity as bigint))"
            " else to_json(coalesce(plain(quantity), quantity_text)) end"
        ),
        "unit_price": "coalesce(plain(unit_price), price_text)",
        "line_amount": "cents(line_amount)",
        "discount_amount": "'0.00'",
        "tax_amount": "'0.00'",
        "shipping_amount": "'0.00'",
        "currency_code": "'GBP'",
        "created_at": created,
        "updated_at": created,
    }
    line = cdc.change_line(
        "order_items",
        {"order_id": "order_id", "line_number": "line_number"},
        after,
        moment="event_at",
        lsn=cdc.lsn_at("event_at"),
        operation="'c'",
    )
    return f"""
        select arrival_date, order_id, line_number, false as is_broken, {line} as line from rows
        union all
        select coalesce(row.arrival_date, (select min(arrival_date) from rows)), null,
            row_number() over (order by bad.raw, bad.position), true,
            to_json({{'error': bad.error, 'raw': bad.raw}})
        from published_broken as bad
        asof left join rows as row
            on bad.file_no = row.file_no and bad.position >= row.position
    """


def _customers() -> str:
    after = {
        "customer_id": "key",
        "full_name": "cast(null as varchar)",
        "email": "cast(null as varchar)",
        "phone": "cast(null as varchar)",
        "street_address": "cast(null as varchar)",
        "city": "cast(null as varchar)",
        "postal_code": "cast(null as varchar)",
        "country": "value",
        "created_at": cdc.iso("created_at"),
        "updated_at": cdc.iso("changed_at"),
    }
    line = cdc.change_line(
        "customers",
        {"customer_id": "key"},
        after,
        moment="changed_at",
        lsn="lsn",
        operation="operation",
    )
    return (
        f"select cast(changed_at as date) as arrival_date, key, {line} as line"
        " from customers_changes"
    )


def _products() -> str:
    service = "not regexp_matches(key, '^[0-9]{5}')"
    after = {
        "product_id": "key",
        "product_name": "value",
        "category": f"case when {service} then 'service' else 'merchandise' end",
        "supplier_id": "cast(null as varchar)",
        "list_price": "cast(null as varchar)",
        "currency_code": "'GBP'",
        "is_service": service,
        "is_active": "true",
        "created_at": cdc.iso("created_at"),
        "updated_at": cdc.iso("changed_at"),
    }
    line = cdc.change_line(
        "products",
        {"product_id": "key"},
        after,
        moment="changed_at",
        lsn="lsn",
        operation="operation",
    )
    return (
        f"select cast(changed_at as date) as arrival_date, key, {line} as line"
        " from products_changes"
    )


LINES = {
    "orders": _orders(),
    "order_items": _order_items(),
    "customers": _customers(),
    "products": _products(),
}
