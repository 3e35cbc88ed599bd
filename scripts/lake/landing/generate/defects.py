"""The planted defects by table: the edit, the rule that must find it, where it must end.

A defect is always an additional record: a copy of a sound one, changed after it was written as
text, so that the business itself stays whole.

- `copy`: of an existing entity, a moment after the change it copies
- `fresh`: of an entity that exists nowhere else
- `again`: the same entity and position in the source, in a later batch
- `mark`: no copy; the record is sound, and lands in a way worth knowing
"""

from dataclasses import dataclass

from lake.landing.generate.edits import (
    Edit,
    Record,
    address_in,
    amount_off,
    cells,
    clock_ahead,
    cut,
    dump,
    fields,
    fresh,
    fresh_record,
    long_key,
    long_mail,
    long_text,
    other_object,
    put,
    short_row,
    top,
    without_zone,
)

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


def _amounts(lines: str, total: str) -> Edit:
    return fields(
        lines_amount=lines,
        discount_amount="0.00",
        tax_amount="0.00",
        shipping_amount="0.00",
        total_amount=total,
    )


def _no_order(record: Record, number: int) -> None:
    _amounts("0.00", "0.00")(record, number)
    fresh("order_id", "O")(record, number)


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
    Defect("key_too_long", "text_too_long", edit=long_key("order_id")),
    Defect("total_missing", "required_field_missing", edit=fields(total_amount=None)),
    Defect("type_wrong", "unparsable_field", edit=fields(lines_amount="twelve")),
    Defect("status_unknown", "unknown_order_status", edit=fields(status="teleported")),
    Defect("order_type_unknown", "unknown_order_type", edit=fields(order_type="gift")),
    Defect("currency_unknown", "unknown_currency", edit=fields(currency_code="XXX")),
    Defect("total_negative", "negative_sale", edit=_amounts("-25.00", "-25.00")),
    Defect("total_does_not_add_up", "total_does_not_add_up", edit=amount_off("total_amount")),
    Defect("amount_above_limit", "amount_above_limit", way="fresh", edit=_amounts(_HUGE, _HUGE)),
    Defect("fraction_of_cent", "fraction_of_minor_unit", edit=_amounts("10.123", "10.123")),
    Defect("email_too_long", "email_too_long", edit=long_mail),
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
    Defect("line_does_not_add_up", "line_does_not_add_up", edit=amount_off("line_amount")),
    Defect("discount_above_line", "discount_above_line",
           edit=fields(discount_amount="49000000.00")),
    Defect("amount_above_limit", "amount_above_limit", edit=_huge_line(_HUGE)),
    Defect("currency_unknown", "unknown_currency", edit=fields(currency_code="XXX")),
    Defect("price_zero", "zero_price", KEPT, edit=_line(90, {**_NOTHING, "quantity": 1})),
    Defect("order_never_comes", None, KEPT, "fresh", fresh("order_id", "O")),
    _UPDATED_FIRST,
    _again(fields(description="Another description")),
]  # fmt: skip

_CUSTOMERS = [
    *_CHANGE,
    Defect("key_missing", "key_missing", edit=put("key.customer_id", None)),
    Defect("key_too_long", "text_too_long", edit=long_key("customer_id")),
    Defect("country_missing", "required_field_missing", edit=fields(country=None)),
    Defect("type_wrong", "unparsable_field", edit=put("value.source.ts_ms", "yesterday")),
    Defect("email_malformed", "email_malformed", edit=fields(email="someone at example.com")),
    Defect("email_too_long", "email_too_long", edit=long_mail),
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
           fresh("movement_id", "M", order_id="O9000000001", movement_type="sale", quantity=-1)),
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
           other_object("ch", amount=0, amount_captured=0, amount_refunded=0)),
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
    Defect("charge_never_comes", None, KEPT, "fresh", other_object("re", charge="ch_9000000001")),
    _again(top(reason="expired_uncaptured_charge")),
    REDELIVERY,
]


def _unknown_customer(record: Record, number: int) -> None:
    record["record"]["customer_id"] = f"C9{number}"


def _bad_phone(record: Record, number: int) -> None:
    del number
    row = record["record"]
    row.update(customer_id=f"C{int(row['customer_id'][1:]) + 1}", phone="call me")


_CUSTOMER_FILES = [
    Defect("broken_json", "broken_json", edit=cut),
    Defect("row_too_short", "broken_csv_row", edit=short_row),
    Defect("key_missing", "key_missing", edit=cells(customer_id=None)),
    Defect("exported_missing", "source_order_missing", edit=cells(exported_at=None)),
    Defect("date_impossible", "unparsable_field", edit=cells(birth_date="1985-02-30")),
    Defect("type_wrong", "unparsable_field", edit=cells(marketing_consent="perhaps")),
    Defect("born_too_early", "birth_date_impossible", edit=cells(birth_date="1850-01-01")),
    Defect("born_in_future", "birth_date_impossible", edit=cells(birth_date="2031-01-01")),
    Defect("tier_unknown", "unknown_loyalty_tier", edit=cells(loyalty_tier="diamond")),
    Defect("tier_missing", "required_field_missing", edit=cells(loyalty_tier=None)),
    Defect("email_malformed", "email_malformed", edit=cells(email="someone at example.com")),
    Defect("email_too_long", "email_too_long", edit=long_mail),
    Defect("mojibake", "mojibake", edit=cells(full_name=_MOJIBAKE)),
    Defect("name_too_long", "name_too_long", edit=cells(full_name="Ann " * 60 + "Lee")),
    Defect("exported_in_future", "exported_in_future", edit=cells(exported_at=_FUTURE)),
    Defect("phone_malformed", "phone_malformed", KEPT, edit=_bad_phone),
    Defect("customer_never_comes", None, KEPT, edit=_unknown_customer),
    _again(cells(loyalty_tier="gold", notes="other content")),
    REDELIVERY,
]


_FILE = [
    Defect("broken_json", "broken_json", edit=cut),
    Defect("row_too_short", "broken_csv_row", edit=short_row),
]
_SALES_TARGETS = [
    *_FILE,
    Defect("region_missing", "key_missing", edit=cells(region_id=None)),
    Defect("category_missing", "key_missing", edit=cells(category=None)),
    Defect("key_too_long", "text_too_long", edit=long_text("category", 20)),
    Defect("issued_missing", "source_order_missing", edit=cells(issued_at=None)),
    Defect("month_impossible", "unparsable_field", edit=cells(target_month="2025-13")),
    Defect("type_wrong", "unparsable_field", edit=cells(target_amount="a lot")),
    Defect("amount_missing", "required_field_missing", edit=cells(target_amount=None)),
    Defect("amount_negative", "negative_amount", edit=cells(target_amount="-1.00")),
    Defect("currency_unknown", "unknown_currency", edit=cells(currency_code="XXX")),
    Defect("region_unknown", "unknown_region", edit=cells(region_id="ATLANTIS")),
    Defect("issued_in_future", "issued_in_future", edit=cells(issued_at=_FUTURE)),
    Defect("category_never_sold", None, KEPT, edit=fresh_record("category", "Novelties ")),
    _again(cells(target_amount="1.00")),
    REDELIVERY,
]
_MARKETING_SPEND = [
    *_FILE,
    Defect("campaign_missing", "key_missing", edit=cells(campaign_id=None)),
    Defect("key_too_long", "text_too_long", edit=long_text("campaign_id", 30)),
    Defect("reported_missing", "source_order_missing", edit=cells(reported_at=None)),
    Defect("date_impossible", "unparsable_field", edit=cells(spend_date="2025-02-30")),
    Defect("type_wrong", "unparsable_field", edit=cells(clicks="many")),
    Defect("amount_missing", "required_field_missing", edit=cells(spend_amount=None)),
    Defect("amount_negative", "negative_amount", edit=cells(spend_amount="-1.00")),
    Defect("amount_above_limit", "amount_above_limit", edit=cells(spend_amount=_HUGE)),
    Defect("currency_unknown", "unknown_currency", edit=cells(currency_code="XXX")),
    Defect("channel_unknown", "unknown_marketing_channel", edit=cells(marketing_channel="pigeon")),
    Defect("clicks_above_impressions", "clicks_above_impressions",
           edit=cells(impressions="10", clicks="11")),
    Defect("spent_after_report", "spent_after_report", edit=cells(spend_date="2030-01-01")),
    Defect("reported_in_future", "reported_in_future", edit=cells(reported_at=_FUTURE)),
    Defect("amount_zero", None, KEPT, edit=fresh_record("campaign_id", "MC", spend_amount="0")),
    _again(cells(spend_amount="1.00")),
    REDELIVERY,
]  # fmt: skip
_NPS_RESPONSES = [
    *_FILE,
    Defect("response_missing", "key_missing", edit=cells(response_id=None)),
    Defect("key_too_long", "text_too_long", edit=long_text("response_id", 40)),
    Defect("score_missing", "required_field_missing", edit=cells(score=None)),
    Defect("time_missing", "required_field_missing", edit=cells(responded_at=None)),
    Defect("type_wrong", "unparsable_field", edit=cells(score="nine")),
    Defect("date_impossible", "unparsable_field", edit=cells(responded_at=_NEVER)),
    Defect("score_above_ten", "score_out_of_range", edit=cells(score="11")),
    Defect("score_negative", "score_out_of_range", edit=cells(score="-1")),
    Defect("responded_in_future", "responded_in_future", edit=cells(responded_at=_FUTURE)),
    Defect("responded_before_2000", "responded_before_2000", edit=cells(responded_at=_PAST)),
    Defect("comment_too_long", "comment_too_long", edit=cells(comment="very " * 1_001)),
    Defect("customer_is_address", "identifier_is_address",
           edit=cells(customer_id="somebody@example.com")),
    Defect("mojibake", "mojibake_in_comment", KEPT, edit=fresh_record("response_id", "R9",
                                                                      comment=_MOJIBAKE)),
    Defect("customer_never_comes", None, KEPT,
           edit=fresh_record("response_id", "R8", customer_id="C9000000001")),
    _again(cells(score="0", comment="other content")),
    REDELIVERY,
]  # fmt: skip


_SUPPLIERS = [
    Defect("key_missing", "key_missing", edit=top(supplier_id=None)),
    Defect("key_too_long", "text_too_long", edit=long_text("supplier_id", 14)),
    Defect("updated_missing", "source_order_missing", edit=top(updated_at=None)),
    Defect("date_impossible", "unparsable_field", edit=top(updated_at=_NEVER)),
    Defect("name_missing", "required_field_missing", edit=top(supplier_name=None)),
    Defect("country_missing", "required_field_missing", edit=top(country=None)),
    Defect("email_malformed", "email_malformed", edit=top(contact_email="someone at home")),
    Defect("email_too_long", "email_too_long", edit=long_mail),
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
    Defect("key_too_long", "text_too_long", edit=long_text("event_id", 20)),
    Defect("time_missing", "required_field_missing", edit=top(event_time=None)),
    Defect("type_missing", "required_field_missing", edit=top(event_type=None)),
    Defect("type_unknown", "unknown_event_type", edit=top(event_type="teleport")),
    Defect("date_impossible", "unparsable_field", edit=top(event_time=_NEVER)),
    Defect("visitor_missing", "visitor_missing", edit=top(user_id=None, anonymous_id=None)),
    Defect("user_is_address", "identifier_is_address", edit=address_in("user_id")),
    Defect("device_is_address", "identifier_is_address", edit=address_in("anonymous_id")),
    Defect("session_too_long", "identifier_too_long", edit=top(user_session="s" * 200)),
    Defect("clock_ahead", "event_in_future", edit=clock_ahead("event_time")),
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
    Defect("key_too_long", "text_too_long", edit=long_text("device_id", 40)),
    Defect("value_missing", "required_field_missing", edit=top(value=None)),
    Defect("time_missing", "required_field_missing", edit=top(reading_at=None)),
    Defect("value_no_number", "unparsable_field", edit=top(value="warm")),
    Defect("value_with_comma", "unparsable_field", edit=top(value="21,5")),
    Defect("time_without_zone", "unparsable_field", edit=without_zone("reading_at")),
    Defect("date_impossible", "unparsable_field", edit=top(reading_at=_NEVER)),
    Defect("type_unknown", "unknown_device_type", edit=top(device_type="seismometer")),
    Defect("unit_unknown", "unknown_unit", edit=top(unit="R")),
    Defect("unit_of_another_type", "unknown_unit", edit=top(unit="lux")),
    Defect("below_absolute_zero", "impossible_value", edit=top(value="-300.00", unit="C")),
    Defect("location_too_long", "location_too_long", edit=top(location="hall " * 30)),
    Defect("clock_ahead", "reading_in_future", edit=clock_ahead("reading_at")),
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
    Defect("key_too_long", "text_too_long", edit=long_text("log_id", 20)),
    Defect("time_missing", "required_field_missing", edit=top(timestamp=None)),
    Defect("service_missing", "required_field_missing", edit=top(service=None, system=None)),
    Defect("message_missing", "required_field_missing", edit=top(message=" ")),
    Defect("zone_missing", "unparsable_field", edit=without_zone("timestamp")),
    Defect("date_impossible", "unparsable_field", edit=top(timestamp=_NEVER)),
    Defect("type_wrong", "unparsable_field", edit=top(response_ms="fast")),
    Defect("status_unknown", "unknown_http_status", edit=top(status=999)),
    Defect("response_negative", "negative_response_time", edit=top(response_ms=-1)),
    Defect("response_in_microseconds", "response_time_above_limit",
           edit=top(response_ms=90_000_000_000)),
    Defect("level_unknown", "unknown_log_level", edit=top(level="loud")),
    Defect("request_is_address", "identifier_is_address", edit=address_in("request_id")),
    Defect("component_too_long", "identifier_too_long", edit=top(component="c" * 201)),
    Defect("message_too_long", "message_too_long", edit=top(message="ab " * 11_000)),
    Defect("record_unmatched", "unmatched_record", edit=_unmatched),
    Defect("clock_ahead", "logged_in_future", edit=clock_ahead("timestamp")),
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
