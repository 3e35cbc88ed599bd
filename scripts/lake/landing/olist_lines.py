"""SQL of the lines that Olist lands, one query per table: arrival_date, line, sort keys."""

from lake.landing import cdc, tabular
from lake.landing.olist_rows import FIRST_DAY, usable


def queries(found: dict[str, list[tabular.Published]]) -> dict[str, str]:
    """Return the query of each table's landed lines: arrival_date, line, and the sort keys."""
    known = {name.removeprefix("published_"): int(bool(files)) for name, files in found.items()}
    return {
        "orders": _orders(2 * known["items"] + known["customers"]),
        "order_items": _order_items(),
        "customers": _customers(),
        "products": _products(2 * (known["orders"] & known["items"]) + known["translation"]),
        "payments": _payments(),
    }


def _broken(form: str, *nulls: str) -> str:
    """SQL: the rows of a form that could not be read, as lines without a key."""
    return (
        f" union all select cast({FIRST_DAY} as date), {', '.join(nulls)},"
        f" cast(to_json({{'error': error, 'raw': raw}}) as varchar) from {form}_broken"
    )


def _text(timestamp: str, text: str) -> str:
    return f"case when {timestamp} is null then {text} else {cdc.iso(timestamp)} end"


def _money(amount: str, text: str) -> str:
    """SQL: the amount with its cents, with more decimals where it has them, or the text it was."""
    return (
        f"case when {amount} = round({amount}, 2) then cents({amount})"
        f" else coalesce(plain({amount}), {text}) end"
    )


def _orders(completeness: int) -> str:
    after = {
        "order_id": "order_id",
        "customer_id": "customer_id",
        "order_type": "'sale'",
        "status": "state",
        "channel": "'marketplace'",
        "country": "'Brazil'",
        "currency_code": "'BRL'",
        "lines_amount": "cents(lines_amount)",
        "discount_amount": "'0.00'",
        "tax_amount": "'0.00'",
        "shipping_amount": "cents(shipping_amount)",
        "total_amount": "cents(lines_amount + shipping_amount)",
        "customer_email": "cast(null as varchar)",
        "customer_phone": "cast(null as varchar)",
        "created_at": _text("purchase_timestamp", "purchase_timestamp_text"),
        "updated_at": _text("stamp", "stamp_text"),
    }
    line = cdc.change_line(
        "orders",
        {"order_id": "order_id"},
        after,
        moment="moment",
        lsn=cdc.lsn_at("purchased_at", f"step * 10 + {completeness}"),
        operation="case when step = 0 then 'c' else 'u' end",
    )
    return (
        f"select cast(arrived_at as date) as arrival_date, order_id, step, {line} as line from life"
        + _broken("published_orders", "null", "null")
    )


def _order_items() -> str:
    created = f"""
        case when purchased_at is not null then {cdc.iso("purchased_at")}
        else {_text("limit_at", "limit_text")} end"""
    after = {
        "order_id": "order_id",
        "line_number": "line_json",
        "product_id": "product_id",
        "line_type": "'sale'",
        "description": "cast(null as varchar)",
        "quantity": "1",
        "unit_price": _money("unit_price", "price_text"),
        "line_amount": "cents(line_amount)",
        "discount_amount": "'0.00'",
        "tax_amount": "'0.00'",
        "shipping_amount": _money("freight", "freight_text"),
        "currency_code": "'BRL'",
        "created_at": created,
        "updated_at": created,
    }
    line = cdc.change_line(
        "order_items",
        {"order_id": "order_id", "line_number": "line_json"},
        after,
        moment="moment",
        lsn=cdc.lsn_at(f"coalesce(purchased_at, {FIRST_DAY})"),
        operation="'c'",
    )
    return f"""
        select cast(moment as date) as arrival_date, order_id, line_number, {line} as line
        from (
            select items.*, ordered.purchased_at, {usable("limit_text")} as limit_at,
                coalesce(ordered.purchased_at, {usable("limit_text")}, {FIRST_DAY}) as moment,
                coalesce(to_json(try_cast(line_number as bigint)), to_json(line_number))
                    as line_json
            from items
            left join (
                select order_id, min(purchased_at) as purchased_at from purchases group by order_id
            ) as ordered on items.order_id = ordered.order_id
        )
        """ + _broken("published_items", "null", "null")


def _customers() -> str:
    after = {
        "customer_id": "key",
        "full_name": "cast(null as varchar)",
        "email": "cast(null as varchar)",
        "phone": "cast(null as varchar)",
        "street_address": "cast(null as varchar)",
        "city": "json_extract_string(value, '$.city')",
        "postal_code": "json_extract_string(value, '$.postal_code')",
        "country": "'Brazil'",
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
        f"select cast(changed_at as date) as arrival_date, key, lsn, {line} as line"
        " from customers_changes" + _broken("published_customers", "null", "null")
    )


def _products(completeness: int) -> str:
    after = {
        "product_id": "product_id",
        "product_name": "category || ' ' || product_id[1:8]",
        "category": "category",
        "supplier_id": "cast(null as varchar)",
        "list_price": "cast(null as varchar)",
        "currency_code": "'BRL'",
        "is_service": "false",
        "is_active": "true",
        "created_at": cdc.iso("created_at"),
        "updated_at": cdc.iso("created_at"),
    }
    line = cdc.change_line(
        "products",
        {"product_id": "product_id"},
        after,
        moment="created_at",
        lsn=cdc.lsn_at(FIRST_DAY, str(completeness)),
        operation="'c'",
    )
    return (
        f"select cast(created_at as date) as arrival_date, product_id, {line} as line from goods"
        + _broken("published_products", "null")
    )


def _payments() -> str:
    amount = (
        "case when value is null then to_json(value_text)"
        " else to_json(cast(round(value * 100) as bigint)) end"
    )
    second = "cast(epoch_ms(charged_at) // 1000 as bigint)"
    return f"""
        select cast(charged_at as date) as arrival_date, id, cast(to_json({{
            'id': id, 'object': 'charge', 'amount': {amount}, 'amount_captured': {amount},
            'amount_refunded': 0, 'currency': 'brl', 'status': 'succeeded', 'captured': true,
            'created': {second}, 'updated': {second}, 'metadata': {{'order_id': order_id}},
            'payment_method_details': {{'type': type}}
        }}) as varchar) as line
        from (
            select *, 'ch_' || order_id || '_' || coalesce(number, '') as id from charges
        )
        """ + _broken("published_payments", "null")
