"""The planted defects: what is done to a record, which rule must find it, where it must end.

A defect is always an additional record: a copy of a sound one, changed after it was written as
text, so that the business itself stays whole.

- `copy`: of an existing entity, a moment after the change it copies
- `fresh`: of an entity that exists nowhere else
- `again`: the same entity and position in the source, in a later batch
- `mark`: no copy; the record is sound, and lands in a way worth knowing
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

Record = dict[str, Any]
Edit = Callable[[Record, int], str | None]

KEPT, DUPLICATE, QUARANTINED = "kept", "duplicate", "quarantined"
NO_EDIT, REDELIVERED, FIRST_CODE = 0, 1, 2

_PAST, _FUTURE, _NEVER = "1999-12-31T23:59:59Z", "2031-01-01T00:00:00Z", "2025-02-30T10:00:00Z"
_LONG_AGO = "2001-01-01T00:00:00Z"
_MOJIBAKE = "JosÃ© MÃ¼ller"
_HUGE = "50000000.00"


@dataclass(frozen=True)
class Defect:
    """One kind of defect of one table; `rule` is the quality rule that must find it, if any."""

    name: str
    rule: str | None
    expected: str = QUARANTINED
    way: str = "copy"
    edit: Edit | None = None


def dump(record: Record) -> str:
    """Return a record as the generator writes it."""
    return orjson.dumps(record).decode()


def cut(record: Record, number: int) -> str:
    """Return the record's text without its end."""
    del number
    return dump(record)[:-12]


def put(path: str, value: object) -> Edit:
    """Return an edit that sets the value at a dotted path."""
    *parents, last = path.split(".")

    def edit(record: Record, number: int) -> None:
        del number
        for parent in parents:
            record = record[parent]
        record[last] = value

    return edit


def fields(**values: object) -> Edit:
    """Return an edit that sets fields of a change's row."""

    def edit(record: Record, number: int) -> None:
        del number
        record["value"]["after"].update(values)

    return edit


def top(**values: object) -> Edit:
    """Return an edit that sets fields of a flat object."""

    def edit(record: Record, number: int) -> None:
        del number
        record.update(values)

    return edit


def _long_key(key: str) -> Edit:
    """Return an edit that makes the key of a change longer than any key may be."""

    def edit(record: Record, number: int) -> None:
        del number
        record["key"][key] = record["value"]["after"][key] = f"{record['key'][key]}-" * 12

    return edit


def _long(name: str, times: int) -> Edit:
    """Return an edit that repeats a text of a flat object, or of a record of a file."""

    def edit(record: Record, number: int) -> None:
        del number
        row = record.get("record", record)
        row[name] = f"{row[name]}-" * times

    return edit


def _ahead(name: str) -> Edit:
    """Return an edit that sets a clock ahead, by more than any record is late."""

    def edit(record: Record, number: int) -> None:
        del number
        told = datetime.fromisoformat(record[name]) + timedelta(days=90)
        record[name] = told.strftime("%Y-%m-%dT%H:%M:%SZ")

    return edit


def _without_zone(name: str) -> Edit:
    """Return an edit that takes the zone from a time."""

    def edit(record: Record, number: int) -> None:
        del number
        record[name] = record[name].removesuffix("Z")

    return edit


def _address_in(name: str) -> Edit:
    """Return an edit that puts the e-mail address of a person where an identifier belongs."""

    def edit(record: Record, number: int) -> None:
        record[name] = f"visitor{number % 9973}@example.com"

    return edit


def _fresh(key: str, letter: str, **values: object) -> Edit:
    """Return an edit that gives a change a key of its own, and sets fields."""

    def edit(record: Record, number: int) -> None:
        record["key"][key] = record["value"]["after"][key] = f"{letter}{number}"
        record["value"]["after"].update(values)

    return edit


def _other_object(prefix: str, **values: object) -> Edit:
    """Return an edit that gives a Stripe object an id of its own, and sets fields."""

    def edit(record: Record, number: int) -> None:
        record.update(values, id=f"{prefix}_{number}")

    return edit


def _long_mail(record: Record, number: int) -> None:
    del number
    row = record["value"]["after"] if "value" in record else record.get("record", record)
    name = next(name for name in ("email", "customer_email", "contact_email") if name in row)
    row[name] = "a" * 260 + "@example.com"


def _amounts(lines: str, total: str) -> Edit:
    return fields(
        lines_amount=lines,
        discount_amount="0.00",
        tax_amount="0.00",
        shipping_amount="0.00",
        total_amount=total,
    )


def _off(name: str) -> Edit:
    """Return an edit that makes an amount of a change another one than its parts add up to."""

    def edit(record: Record, number: int) -> None:
        row = record["value"]["after"]
        row[name] = f"{int(row[name].split('.')[0]) + 1 + number % 7}.01"

    return edit


def _no_order(record: Record, number: int) -> None:
    _amounts("0.00", "0.00")(record, number)
    _fresh("order_id", "O")(record, number)


_CHANGE = [
    Defect("broken_json", "broken_json", edit=cut),
    Defect("operation_unknown", "unknown_operation", edit=put("value.op", "x")),
    Defect("lsn_missing", "source_order_missing", edit=put("value.source.lsn", None)),
    Defect("date_impossible", "unparsable_field", edit=fields(created_at=_NEVER)),
    Defect("created_in_future", "created_in_future", edit=fields(created_at=_FUTURE)),
    Defect("created_before_2000", "created_before_2000", edit=fields(created_at=_PAST)),
]
_UPDATED_FIRST = Defect(
    "updated_before_created", "updated_before_created", KEPT, edit=fields(updated_at=_LONG_AGO)
)


REDELIVERY = Defect("redelivered_change", None, DUPLICATE, "again")


def _again(edit: Edit) -> Defect:
    return Defect("duplicate_with_other_content", None, DUPLICATE, "again", edit)


_ORDERS = [
    *_CHANGE,
    Defect("key_missing", "key_missing", edit=put("key.order_id", None)),
    Defect("key_too_long", "text_too_long", edit=_long_key("order_id")),
    Defect("total_missing", "required_field_missing", edit=fields(total_amount=None)),
    Defect("type_wrong", "unparsable_field", edit=fields(lines_amount="twelve")),
    Defect("status_unknown", "unknown_order_status", edit=fields(status="teleported")),
    Defect("order_type_unknown", "unknown_order_type", edit=fields(order_type="gift")),
    Defect("currency_unknown", "unknown_currency", edit=fields(currency_code="XXX")),
    Defect("total_negative", "negative_sale", edit=_amounts("-25.00", "-25.00")),
    Defect("total_does_not_add_up", "total_does_not_add_up", edit=_off("total_amount")),
    Defect("amount_above_limit", "amount_above_limit", way="fresh", edit=_amounts(_HUGE, _HUGE)),
    Defect("fraction_of_cent", "fraction_of_minor_unit", edit=_amounts("10.123", "10.123")),
    Defect("email_too_long", "email_too_long", edit=_long_mail),
    Defect(
        "email_malformed",
        "email_malformed_on_order",
        KEPT,
        edit=fields(customer_email="no address"),
    ),
    Defect("total_zero", "zero_total", KEPT, edit=_no_order),
    Defect("customer_never_comes", None, KEPT, edit=fields(customer_id="C9000000001")),
    _UPDATED_FIRST,
    _again(fields(customer_phone="+1 555 0000000", channel="phone")),
]

_NOTHING = {
    "unit_price": "0.00", "line_amount": "0.00", "discount_amount": "0.00", "tax_amount": "0.00",
    "shipping_amount": "0.00",
}  # fmt: skip


def _line(number_of_line: int, values: Record) -> Edit:
    def edit(record: Record, number: int) -> None:
        del number
        record["key"]["line_number"] = number_of_line
        record["value"]["after"].update(values, line_number=number_of_line)

    return edit


def _huge_line(price: str, quantity: int = 1, **values: object) -> Edit:
    sign = "-" if quantity < 0 else ""
    plain = {"discount_amount": "0.00", "tax_amount": "0.00", "shipping_amount": "0.00"}
    return fields(
        **{
            **plain,
            "quantity": quantity,
            "unit_price": price,
            "line_amount": sign + price,
            **values,
        }
    )


PARENT_LATER = Defect("order_comes_later", None, KEPT, "mark")

_ORDER_ITEMS = [
    PARENT_LATER,
    *_CHANGE,
    Defect("key_missing", "key_missing", edit=put("key.line_number", None)),
    Defect("product_missing", "required_field_missing", edit=fields(product_id=None)),
    Defect("type_wrong", "unparsable_field", edit=fields(quantity="two")),
    Defect("line_type_unknown", "unknown_line_type", edit=fields(line_type="gift")),
    Defect("line_number_zero", "line_number_not_positive", edit=_line(0, {})),
    Defect("quantity_zero", "zero_quantity", edit=fields(quantity=0, line_amount="0.00",
                                                         discount_amount="0.00")),
    Defect("price_negative", "negative_price", edit=_huge_line("-5.00")),
    Defect("sale_negative", "negative_sale", edit=_huge_line("5.00", -1)),
    Defect("credit_positive", "positive_credit", edit=_huge_line("5.00", line_type="credit_note")),
    Defect("line_does_not_add_up", "line_does_not_add_up", edit=_off("line_amount")),
    Defect("discount_above_line", "discount_above_line",
           edit=fields(discount_amount="49000000.00")),
    Defect("amount_above_limit", "amount_above_limit", edit=_huge_line(_HUGE)),
    Defect("currency_unknown", "unknown_currency", edit=fields(currency_code="XXX")),
    Defect("price_zero", "zero_price", KEPT, edit=_line(90, {**_NOTHING, "quantity": 1})),
    Defect("order_never_comes", None, KEPT, "fresh", _fresh("order_id", "O")),
    _UPDATED_FIRST,
    _again(fields(description="Another description")),
]  # fmt: skip

_CUSTOMERS = [
    *_CHANGE,
    Defect("key_missing", "key_missing", edit=put("key.customer_id", None)),
    Defect("key_too_long", "text_too_long", edit=_long_key("customer_id")),
    Defect("country_missing", "required_field_missing", edit=fields(country=None)),
    Defect("type_wrong", "unparsable_field", edit=put("value.source.ts_ms", "yesterday")),
    Defect("email_malformed", "email_malformed", edit=fields(email="someone at example.com")),
    Defect("email_too_long", "email_too_long", edit=_long_mail),
    Defect("mojibake", "mojibake", edit=fields(full_name=_MOJIBAKE)),
    Defect("name_too_long", "name_too_long", edit=fields(full_name="Ann " * 60 + "Lee")),
    Defect("phone_malformed", "phone_malformed", KEPT, edit=fields(phone="call me")),
    _UPDATED_FIRST,
    _again(fields(city="Elsewhere")),
    REDELIVERY,
]

_PRODUCTS = [
    *_CHANGE,
    Defect("key_missing", "key_missing", edit=put("key.product_id", None)),
    Defect("name_missing", "required_field_missing", edit=fields(product_name=None)),
    Defect("type_wrong", "unparsable_field", edit=fields(list_price="cheap")),
    Defect("boolean_wrong", "unparsable_field", edit=fields(is_service="maybe")),
    Defect("price_negative", "negative_price", edit=fields(list_price="-1.00")),
    Defect("price_without_currency", "price_without_currency", edit=fields(currency_code=None)),
    Defect("price_above_limit", "price_above_limit", edit=fields(list_price=_HUGE)),
    Defect("currency_unknown", "unknown_currency", edit=fields(currency_code="XXX")),
    Defect("name_too_long", "name_too_long", edit=fields(product_name="Lamp " * 120 + "1")),
    Defect("mojibake", "mojibake", KEPT, edit=fields(product_name="CafÃ© Lamp")),
    _UPDATED_FIRST,
    _again(fields(product_name="Another name")),
    REDELIVERY,
]

_MOVEMENTS = [
    *_CHANGE,
    Defect("key_missing", "key_missing", edit=put("key.movement_id", None)),
    Defect("product_missing", "required_field_missing", edit=fields(product_id=None)),
    Defect("type_wrong", "unparsable_field", edit=fields(quantity="many")),
    Defect("movement_type_unknown", "unknown_movement_type", edit=fields(movement_type="theft")),
    Defect("quantity_zero", "zero_quantity", edit=fields(quantity=0)),
    Defect("direction_wrong", "wrong_direction", edit=fields(movement_type="sale", quantity=3)),
    Defect("quantity_above_limit", "quantity_above_limit",
           edit=fields(movement_type="receipt", quantity=5_000_000)),
    Defect("order_never_comes", None, KEPT, "fresh",
           _fresh("movement_id", "M", order_id="O9000000001", movement_type="sale", quantity=-1)),
    _again(fields(warehouse_id="WH-9")),
]  # fmt: skip


def _captured_too_much(record: Record, number: int) -> None:
    record["amount_captured"] = record["amount"] + 1 + number % 90


def _refunded_too_much(record: Record, number: int) -> None:
    record["amount_refunded"] = record["amount_captured"] + 1 + number % 90


def _updated_first(record: Record, number: int) -> None:
    record["updated"] = record["created"] - 3600 - number % 900


def _no_reference(record: Record, number: int) -> None:
    record.update(id=f"ch_{number}", metadata={})


def _unknown_order(record: Record, number: int) -> None:
    record.update(id=f"ch_{number}", metadata={"order_id": "O9000000001"})


_HUGE_MINOR = 5_000_000_000
_OBJECT = [
    Defect("broken_json", "broken_json", edit=cut),
    Defect("key_missing", "key_missing", edit=top(id=None)),
    Defect("updated_missing", "source_order_missing", edit=top(updated=None)),
    Defect("currency_missing", "required_field_missing", edit=top(currency=None)),
    Defect("currency_unknown", "unknown_currency", edit=top(currency="xxx")),
    Defect("type_wrong", "unparsable_field", edit=top(amount="12.50")),
    Defect("object_wrong", "wrong_object", edit=top(object="payout")),
    Defect("created_in_future", "created_in_future", edit=top(created=1_924_991_999)),
    Defect("created_before_2000", "created_before_2000", edit=top(created=946_684_799)),
    Defect("updated_before_created", "updated_before_created", KEPT, edit=_updated_first),
]
_PAYMENTS = [
    *_OBJECT,
    Defect("status_unknown", "unknown_payment_status", edit=top(status="teleported")),
    Defect("amount_negative", "amount_not_positive", edit=top(amount=-500, amount_captured=0,
                                                              amount_refunded=0)),
    Defect("captured_above_amount", "captured_above_amount", edit=_captured_too_much),
    Defect("refunded_above_captured", "refunded_above_captured", edit=_refunded_too_much),
    Defect("amount_above_limit", "amount_above_limit",
           edit=top(amount=_HUGE_MINOR, amount_captured=0, amount_refunded=0)),
    Defect("amount_zero", "zero_payment", KEPT, "fresh",
           _other_object("ch", amount=0, amount_captured=0, amount_refunded=0)),
    Defect("order_missing", "order_reference_missing", KEPT, "fresh", _no_reference),
    Defect("order_never_comes", None, KEPT, "fresh", _unknown_order),
    _again(top(payment_method_details={"type": "bank_transfer"})),
]  # fmt: skip
_REFUNDS = [
    *_OBJECT,
    Defect("charge_missing", "required_field_missing", edit=top(charge=None)),
    Defect("status_unknown", "unknown_refund_status", edit=top(status="teleported")),
    Defect("amount_zero", "amount_not_positive", edit=top(amount=0)),
    Defect("amount_negative", "amount_not_positive", edit=top(amount=-500)),
    Defect("amount_above_limit", "amount_above_limit", edit=top(amount=_HUGE_MINOR)),
    Defect("charge_never_comes", None, KEPT, "fresh", _other_object("re", charge="ch_9000000001")),
    _again(top(reason="expired_uncaptured_charge")),
    REDELIVERY,
]


def _csv(**values: object) -> Edit:
    def edit(record: Record, number: int) -> None:
        del number
        record["record"].update(values)

    return edit


def _short_row(record: Record, number: int) -> None:
    values = [str(value or "").split("\n")[0] for value in record.pop("record").values()]
    wanted = len(values)
    got = 2 + number % (wanted - 3)
    raw = ",".join(value.replace('"', "").replace(",", "") for value in values[:got])
    record.update(error=f"expected {wanted} fields, got {got}", raw=raw)


def _unknown_customer(record: Record, number: int) -> None:
    record["record"]["customer_id"] = f"C9{number}"


def _bad_phone(record: Record, number: int) -> None:
    del number
    row = record["record"]
    row.update(customer_id=f"C{int(row['customer_id'][1:]) + 1}", phone="call me")


_CUSTOMER_FILES = [
    Defect("broken_json", "broken_json", edit=cut),
    Defect("row_too_short", "broken_csv_row", edit=_short_row),
    Defect("key_missing", "key_missing", edit=_csv(customer_id=None)),
    Defect("exported_missing", "source_order_missing", edit=_csv(exported_at=None)),
    Defect("date_impossible", "unparsable_field", edit=_csv(birth_date="1985-02-30")),
    Defect("type_wrong", "unparsable_field", edit=_csv(marketing_consent="perhaps")),
    Defect("born_too_early", "birth_date_impossible", edit=_csv(birth_date="1850-01-01")),
    Defect("born_in_future", "birth_date_impossible", edit=_csv(birth_date="2031-01-01")),
    Defect("tier_unknown", "unknown_loyalty_tier", edit=_csv(loyalty_tier="diamond")),
    Defect("tier_missing", "required_field_missing", edit=_csv(loyalty_tier=None)),
    Defect("email_malformed", "email_malformed", edit=_csv(email="someone at example.com")),
    Defect("email_too_long", "email_too_long", edit=_long_mail),
    Defect("mojibake", "mojibake", edit=_csv(full_name=_MOJIBAKE)),
    Defect("name_too_long", "name_too_long", edit=_csv(full_name="Ann " * 60 + "Lee")),
    Defect("exported_in_future", "exported_in_future", edit=_csv(exported_at=_FUTURE)),
    Defect("phone_malformed", "phone_malformed", KEPT, edit=_bad_phone),
    Defect("customer_never_comes", None, KEPT, edit=_unknown_customer),
    _again(_csv(loyalty_tier="gold", notes="other content")),
    REDELIVERY,
]


def _fresh_record(key: str, letter: str, **values: object) -> Edit:
    """Return an edit that gives a record of a file a key of its own, and sets fields."""

    def edit(record: Record, number: int) -> None:
        record["record"].update(values, **{key: f"{letter}{number}"})

    return edit


_FILE = [
    Defect("broken_json", "broken_json", edit=cut),
    Defect("row_too_short", "broken_csv_row", edit=_short_row),
]
_SALES_TARGETS = [
    *_FILE,
    Defect("region_missing", "key_missing", edit=_csv(region_id=None)),
    Defect("category_missing", "key_missing", edit=_csv(category=None)),
    Defect("key_too_long", "text_too_long", edit=_long("category", 20)),
    Defect("issued_missing", "source_order_missing", edit=_csv(issued_at=None)),
    Defect("month_impossible", "unparsable_field", edit=_csv(target_month="2025-13")),
    Defect("type_wrong", "unparsable_field", edit=_csv(target_amount="a lot")),
    Defect("amount_missing", "required_field_missing", edit=_csv(target_amount=None)),
    Defect("amount_negative", "negative_amount", edit=_csv(target_amount="-1.00")),
    Defect("currency_unknown", "unknown_currency", edit=_csv(currency_code="XXX")),
    Defect("region_unknown", "unknown_region", edit=_csv(region_id="ATLANTIS")),
    Defect("issued_in_future", "issued_in_future", edit=_csv(issued_at=_FUTURE)),
    Defect("category_never_sold", None, KEPT, edit=_fresh_record("category", "Novelties ")),
    _again(_csv(target_amount="1.00")),
    REDELIVERY,
]
_MARKETING_SPEND = [
    *_FILE,
    Defect("campaign_missing", "key_missing", edit=_csv(campaign_id=None)),
    Defect("key_too_long", "text_too_long", edit=_long("campaign_id", 30)),
    Defect("reported_missing", "source_order_missing", edit=_csv(reported_at=None)),
    Defect("date_impossible", "unparsable_field", edit=_csv(spend_date="2025-02-30")),
    Defect("type_wrong", "unparsable_field", edit=_csv(clicks="many")),
    Defect("amount_missing", "required_field_missing", edit=_csv(spend_amount=None)),
    Defect("amount_negative", "negative_amount", edit=_csv(spend_amount="-1.00")),
    Defect("amount_above_limit", "amount_above_limit", edit=_csv(spend_amount=_HUGE)),
    Defect("currency_unknown", "unknown_currency", edit=_csv(currency_code="XXX")),
    Defect("channel_unknown", "unknown_marketing_channel", edit=_csv(marketing_channel="pigeon")),
    Defect("clicks_above_impressions", "clicks_above_impressions",
           edit=_csv(impressions="10", clicks="11")),
    Defect("spent_after_report", "spent_after_report", edit=_csv(spend_date="2030-01-01")),
    Defect("reported_in_future", "reported_in_future", edit=_csv(reported_at=_FUTURE)),
    Defect("amount_zero", None, KEPT, edit=_fresh_record("campaign_id", "MC", spend_amount="0")),
    _again(_csv(spend_amount="1.00")),
    REDELIVERY,
]  # fmt: skip
_NPS_RESPONSES = [
    *_FILE,
    Defect("response_missing", "key_missing", edit=_csv(response_id=None)),
    Defect("key_too_long", "text_too_long", edit=_long("response_id", 40)),
    Defect("score_missing", "required_field_missing", edit=_csv(score=None)),
    Defect("time_missing", "required_field_missing", edit=_csv(responded_at=None)),
    Defect("type_wrong", "unparsable_field", edit=_csv(score="nine")),
    Defect("date_impossible", "unparsable_field", edit=_csv(responded_at=_NEVER)),
    Defect("score_above_ten", "score_out_of_range", edit=_csv(score="11")),
    Defect("score_negative", "score_out_of_range", edit=_csv(score="-1")),
    Defect("responded_in_future", "responded_in_future", edit=_csv(responded_at=_FUTURE)),
    Defect("responded_before_2000", "responded_before_2000", edit=_csv(responded_at=_PAST)),
    Defect("comment_too_long", "comment_too_long", edit=_csv(comment="very " * 1_001)),
    Defect("customer_is_address", "identifier_is_address",
           edit=_csv(customer_id="somebody@example.com")),
    Defect("mojibake", "mojibake_in_comment", KEPT, edit=_fresh_record("response_id", "R9",
                                                                      comment=_MOJIBAKE)),
    Defect("customer_never_comes", None, KEPT,
           edit=_fresh_record("response_id", "R8", customer_id="C9000000001")),
    _again(_csv(score="0", comment="other content")),
    REDELIVERY,
]  # fmt: skip


_SUPPLIERS = [
    Defect("key_missing", "key_missing", edit=top(supplier_id=None)),
    Defect("key_too_long", "text_too_long", edit=_long("supplier_id", 14)),
    Defect("updated_missing", "source_order_missing", edit=top(updated_at=None)),
    Defect("date_impossible", "unparsable_field", edit=top(updated_at=_NEVER)),
    Defect("name_missing", "required_field_missing", edit=top(supplier_name=None)),
    Defect("country_missing", "required_field_missing", edit=top(country=None)),
    Defect("email_malformed", "email_malformed", edit=top(contact_email="someone at home")),
    Defect("email_too_long", "email_too_long", edit=_long_mail),
    Defect("mojibake", "mojibake", edit=top(contact_name=_MOJIBAKE)),
    Defect("name_too_long", "name_too_long", edit=top(contact_name="Ann " * 60 + "Lee")),
    Defect("lead_time_negative", "lead_time_impossible", edit=top(lead_time_days=-3)),
    Defect("lead_time_above_a_year", "lead_time_impossible", edit=top(lead_time_days=900)),
    Defect("updated_in_future", "updated_in_future", edit=top(updated_at=_FUTURE)),
    Defect("phone_malformed", "phone_malformed", KEPT, edit=top(contact_phone="call me")),
    _again(top(supplier_name="Another name")),
    REDELIVERY,
]


_EVENTS = [
    Defect("broken_json", "broken_json", edit=cut),
    Defect("key_missing", "key_missing", edit=top(event_id=None)),
    Defect("key_too_long", "text_too_long", edit=_long("event_id", 20)),
    Defect("time_missing", "required_field_missing", edit=top(event_time=None)),
    Defect("type_missing", "required_field_missing", edit=top(event_type=None)),
    Defect("type_unknown", "unknown_event_type", edit=top(event_type="teleport")),
    Defect("date_impossible", "unparsable_field", edit=top(event_time=_NEVER)),
    Defect("visitor_missing", "visitor_missing", edit=top(user_id=None, anonymous_id=None)),
    Defect("user_is_address", "identifier_is_address", edit=_address_in("user_id")),
    Defect("device_is_address", "identifier_is_address", edit=_address_in("anonymous_id")),
    Defect("session_too_long", "identifier_too_long", edit=top(user_session="s" * 200)),
    Defect("clock_ahead", "event_in_future", edit=_ahead("event_time")),
    Defect("clock_years_ahead", "event_in_future", edit=top(event_time=_FUTURE)),
    Defect("clock_lost", "event_before_2000", edit=top(event_time="1970-01-01T00:00:07Z")),
    Defect("product_missing", "product_missing",
           edit=top(event_type="product_view", product_id=None)),
    Defect("purchase_without_order", "order_reference_missing", KEPT,
           edit=top(event_type="purchase", product_id=None, order_id=None)),
    Defect("address_malformed", "ip_malformed", KEPT, edit=top(ip="unknown, 10.0.0.1")),
    _again(top(page="/another", device="watch")),
    REDELIVERY,
]  # fmt: skip


def _mark(name: str) -> Defect:
    return Defect(name, None, KEPT, "mark")


_SENSOR_READINGS = [
    _mark("spike"),
    _mark("stuck"),
    _mark("gap_before"),
    _mark("unit_mixed_up"),
    Defect("broken_json", "broken_json", edit=cut),
    Defect("key_missing", "key_missing", edit=top(device_id=None)),
    Defect("key_too_long", "text_too_long", edit=_long("device_id", 40)),
    Defect("value_missing", "required_field_missing", edit=top(value=None)),
    Defect("time_missing", "required_field_missing", edit=top(reading_at=None)),
    Defect("value_no_number", "unparsable_field", edit=top(value="warm")),
    Defect("value_with_comma", "unparsable_field", edit=top(value="21,5")),
    Defect("time_without_zone", "unparsable_field", edit=_without_zone("reading_at")),
    Defect("date_impossible", "unparsable_field", edit=top(reading_at=_NEVER)),
    Defect("type_unknown", "unknown_device_type", edit=top(device_type="seismometer")),
    Defect("unit_unknown", "unknown_unit", edit=top(unit="R")),
    Defect("unit_of_another_type", "unknown_unit", edit=top(unit="lux")),
    Defect("below_absolute_zero", "impossible_value", edit=top(value="-300.00", unit="C")),
    Defect("location_too_long", "location_too_long", edit=top(location="hall " * 30)),
    Defect("clock_ahead", "reading_in_future", edit=_ahead("reading_at")),
    Defect("clock_years_ahead", "reading_in_future", edit=top(reading_at=_FUTURE)),
    Defect("clock_lost", "reading_before_2000", edit=top(reading_at="1970-01-01T00:00:07Z")),
    _again(top(value="19.99", unit="C")),
    REDELIVERY,
]
ERROR_BURST = Defect("error_burst", None, KEPT, "mark")


def _unmatched(record: Record, number: int) -> str:
    return dump(
        {
            "log_id": record["log_id"],
            "system": "web",
            "file": "access.log",
            "line": 1 + number % 99_991,
            "text": f"~~~ log rotated {number} ~~~",
            "error": "does not match the format of its system",
        }
    )


_LOG_EVENTS = [
    ERROR_BURST,
    Defect("broken_json", "broken_json", edit=cut),
    Defect("key_missing", "key_missing", edit=top(log_id=None)),
    Defect("key_too_long", "text_too_long", edit=_long("log_id", 20)),
    Defect("time_missing", "required_field_missing", edit=top(timestamp=None)),
    Defect("service_missing", "required_field_missing", edit=top(service=None, system=None)),
    Defect("message_missing", "required_field_missing", edit=top(message=" ")),
    Defect("zone_missing", "unparsable_field", edit=_without_zone("timestamp")),
    Defect("date_impossible", "unparsable_field", edit=top(timestamp=_NEVER)),
    Defect("type_wrong", "unparsable_field", edit=top(response_ms="fast")),
    Defect("status_unknown", "unknown_http_status", edit=top(status=999)),
    Defect("response_negative", "negative_response_time", edit=top(response_ms=-1)),
    Defect("response_in_microseconds", "response_time_above_limit",
           edit=top(response_ms=90_000_000_000)),
    Defect("level_unknown", "unknown_log_level", edit=top(level="loud")),
    Defect("request_is_address", "identifier_is_address", edit=_address_in("request_id")),
    Defect("component_too_long", "identifier_too_long", edit=top(component="c" * 201)),
    Defect("message_too_long", "message_too_long", edit=top(message="ab " * 11_000)),
    Defect("record_unmatched", "unmatched_record", edit=_unmatched),
    Defect("clock_ahead", "logged_in_future", edit=_ahead("timestamp")),
    Defect("clock_lost", "logged_before_2000", edit=top(timestamp="1970-01-01T00:00:07Z")),
    Defect("address_malformed", "ip_malformed", KEPT, edit=top(ip="unknown, 10.0.0.1")),
    _again(top(message="another message", level="debug")),
    REDELIVERY,
]  # fmt: skip

DEFECTS: dict[str, list[Defect]] = {
    "orders": _ORDERS,
    "order_items": _ORDER_ITEMS,
    "customers": _CUSTOMERS,
    "products": _PRODUCTS,
    "inventory_movements": _MOVEMENTS,
    "payments": _PAYMENTS,
    "refunds": _REFUNDS,
    "customer_files": _CUSTOMER_FILES,
    "suppliers": _SUPPLIERS,
    "events": _EVENTS,
    "sales_targets": _SALES_TARGETS,
    "marketing_spend": _MARKETING_SPEND,
    "nps_responses": _NPS_RESPONSES,
    "sensor_readings": _SENSOR_READINGS,
    "log_events": _LOG_EVENTS,
}


def defect_of(table: str, code: int) -> Defect:
    """Return the defect that an `edit` code above 0 stands for."""
    if code == REDELIVERED:
        return REDELIVERY
    return DEFECTS[table][code - FIRST_CODE]


def apply(defect: Defect, record: Record, number: int) -> str:
    """Return the text of the record with the defect; the record itself changes too."""
    text = defect.edit(record, number) if defect.edit else None
    return dump(record) if text is None else text
