"""What a chunk of days brings: events of every table, their days of arrival, their defects."""

import numpy as np

from lake.landing.generate import (
    arrival,
    clickstream,
    customers,
    inventory,
    logs,
    order_changes,
    orders,
    payments,
    products,
    sensors,
)
from lake.landing.generate.customer_files import file_events, records_in_files
from lake.landing.generate.draws import Column, Ints
from lake.landing.generate.events import Events, join, size, take
from lake.landing.generate.marketing import spend_events
from lake.landing.generate.period import DAYS
from lake.landing.generate.planting import Span, delay_parents, plant
from lake.landing.generate.sales_targets import target_days, target_events
from lake.landing.generate.suppliers import supplier_events
from lake.landing.generate.surveys import response_events
from lake.landing.generate.tables import TABLES
from lake.landing.generate.uploads import MONDAYS, land_files
from lake.landing.generate.world import MINUTES, World

_OF_ORDERS = ("orders", "order_items", "inventory_movements", "payments", "refunds")


def events_of(world: World, first_day: int, end_day: int, landed: int) -> dict[str, Events]:
    """Return the events that begin in [first_day, end_day), by table.

    Orders that can bring nothing from day `landed` on are left out.
    """
    made: dict[str, Events] = {}
    if end_day + arrival.LONGEST_LIFE >= landed:
        low, high = world.orders_before[first_day], world.orders_before[end_day]
        chunk = orders.make_orders(world, np.arange(low, high))
        made = _orders_and_payments(world, chunk, Span(int(low), int(high), world.orders))
        made["events"] = _clicks(world, chunk, first_day, end_day)
        made["log_events"] = _logs(world, first_day, end_day)
    made["sensor_readings"] = _readings(world, first_day, end_day)
    if first_day == 0:
        stock = arrival.land(world.draws, "inventory_movements", inventory.stock_events(world))
        made["inventory_movements"] = join([made.get("inventory_movements", {}), stock])
        made["products"] = _products(world)
        made["suppliers"] = _suppliers(world)
        made["sales_targets"] = _uploads(
            world, "sales_targets", target_events(world), target_days()
        )
        made["marketing_spend"] = _uploads(world, "marketing_spend", spend_events(world), MONDAYS)
        made["nps_responses"] = _uploads(world, "nps_responses", response_events(world), MONDAYS)
    made["customers"] = _customers(world, first_day, end_day)
    made["customer_files"] = _files(world, first_day, end_day)
    return {table: made.get(table, {}) for table in TABLES}


def _orders_and_payments(world: World, chunk: orders.Orders, span: Span) -> dict[str, Events]:
    paid = payments.make_payments(world, chunk)
    made = {
        "orders": order_changes.order_events(world, chunk),
        "order_items": order_changes.item_events(world, chunk),
        "inventory_movements": inventory.sale_events(world, chunk),
        "payments": payments.charge_events(world, paid),
        "refunds": payments.refund_events(world, paid),
    }
    made = {table: arrival.land(world.draws, table, made[table]) for table in made}
    delay_parents(world, made["orders"], made["order_items"], orders.ORDER_ID)
    return {
        table: plant(world, table, made[table], _order_number(table, made[table]), span)
        for table in _OF_ORDERS
    }


def _order_number(table: str, events: Events) -> Column:
    if table == "inventory_movements":
        return events["order"] - orders.ORDER_ID
    return events["id"] - orders.ORDER_ID


def _clicks(world: World, chunk: orders.Orders, first_day: int, end_day: int) -> Events:
    low, high = (int(world.visits_before[day]) for day in (first_day, end_day))
    events = clickstream.click_events(world, chunk, low, high)
    if not size(events):
        return {}
    visit = np.maximum(events["visit"] - world.orders, -1)  # planted are visits without an order
    return plant(world, "events", events, visit, Span(low, high, world.visits))


def _readings(world: World, first_day: int, end_day: int) -> Events:
    events = sensors.sensor_readings(world, first_day, end_day)
    if not size(events):
        return {}
    # A small lake has its last logger up in the last days, in which nothing is planted.
    low, high, total = (
        int(world.logger_days_before[min(day, DAYS - 9)]) * MINUTES
        for day in (first_day, end_day, DAYS)
    )
    number = sensors.reading_number(events)
    return plant(world, "sensor_readings", events, number, Span(low, high, total))


def _logs(world: World, first_day: int, end_day: int) -> Events:
    low, high = (int(world.logs_before[day]) for day in (first_day, end_day))
    events = logs.log_events(world, low, high)
    if not size(events):
        return {}
    number = events["id"] // logs.IDS_A_RECORD
    return plant(world, "log_events", events, number, Span(low, high, world.logs))


def _products(world: World) -> Events:
    events = arrival.land(world.draws, "products", products.product_events(world))
    count = world.catalog.count
    return plant(world, "products", events, events["id"], Span(0, count, count))


def _suppliers(world: World) -> Events:
    events = supplier_events(world)
    span = Span(0, world.suppliers, world.suppliers)
    return plant(world, "suppliers", events, events["id"], span)


def _customers(world: World, first_day: int, end_day: int) -> Events:
    low = 0 if first_day == 0 else int(world.customers_before[first_day])
    high = int(world.customers_before[end_day])
    events = customers.customer_events(world, np.arange(low, high))
    if not size(events):
        return {}
    events = arrival.land(world.draws, "customers", events)
    return plant(world, "customers", events, events["id"], Span(low, high, world.customers))


def _files(world: World, first_day: int, end_day: int) -> Events:
    events = file_events(world, first_day, end_day)
    if not size(events):
        return {}
    ordinal = events.pop("ordinal")
    span = Span(int(ordinal[0]), int(ordinal[-1]) + 1, records_in_files(world))
    events = land_files(world, {**events, "ordinal": ordinal}, MONDAYS)
    return _plant_files(world, "customer_files", events, span)


def _uploads(world: World, table: str, events: Events, days: Ints) -> Events:
    count = size(events)
    events = land_files(world, {**events, "ordinal": np.arange(count)}, days)
    return _plant_files(world, table, events, Span(0, count, count))


def _plant_files(world: World, table: str, events: Events, span: Span) -> Events:
    """Return what lands of the records of uploaded files; `ordinal` numbers them in the span."""
    if not size(events):
        return {}
    events = plant(world, table, events, events["ordinal"], span)
    for name in ("ordinal", "next_arrival", "next_file_day"):
        del events[name]
    return take(events, events["arrival"] < DAYS)
