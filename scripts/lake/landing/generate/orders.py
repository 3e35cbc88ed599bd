"""Orders, their lines and credit notes, with their whole life. Amounts are cents, a yen 100."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lake.landing.generate import people
from lake.landing.generate.catalog import NEVER
from lake.landing.generate.draws import Column, Flags, Ints, slots
from lake.landing.generate.events import Events
from lake.landing.generate.period import DAY, HOUR, MINUTE, SECOND, is_campaign
from lake.landing.generate.vocabulary import CURRENCIES, PRICE_FACTOR
from lake.landing.generate.world import World

PRODUCT_ID = 100_000
ORDER_ID, CREDIT_ID = 10_000_000, 50_000_000
JPY = CURRENCIES.index("JPY")
AMOUNTS = ["lines", "discount", "tax", "shipping"]
_LINE_COUNT = slots([38, 26, 15, 9, 6, 4, 1, 1])
_QUANTITY = np.array([1] * 28 + [2] * 6 + [3] * 3 + [4, 5, 6])
_BULK = np.array([1, 2, 4, 6, 8, 10, 12, 12, 20, 24, 48, 100])
_DISCOUNT = slots([80, 7, 8, 3, 2])
_CAMPAIGN_DISCOUNT = slots([25, 10, 25, 20, 20])
_PER_MILLE = np.array([0, 50, 100, 150, 200])


@dataclass
class Orders:
    """The orders of one chunk as arrays by position, and their lines as arrays by line.

    `at_*` are instants, NEVER where it does not happen. `start` is the first line of each order.
    `final` are the amounts after the amendment, if there is one; before it, `first`.
    """

    number: Ints
    order_id: Ints
    customer: Ints  # -1: guest
    country: Ints
    currency: Ints
    channel: Ints
    contact: Events
    at_created: Ints
    at_amended: Ints
    at_paid: Ints
    at_shipped: Ints
    at_delivered: Ints
    at_completed: Ints
    at_cancelled: Ints
    at_returned: Ints
    is_whole_return: Flags
    is_pending: Flags
    start: Ints
    count: Ints
    removed: Flags  # of the last line
    raised: Flags  # quantity of the first line
    first: dict[str, Ints]
    final: dict[str, Ints]
    line_order: Ints
    line_number: Ints
    product: Ints
    price: Ints  # ten-thousandths
    first_quantity: Ints
    quantity: Ints
    first_line: dict[str, Ints]
    line: dict[str, Ints]
    line_kept: Flags

    @cached_property
    def credits(self) -> "Credits":
        """The credit notes for the returned orders."""
        return Credits(self)


def make_orders(world: World, numbers: Column) -> Orders:
    """Return the orders of these numbers with their whole life."""
    draws = world.draws
    day, created = world.order_times(numbers)
    customer = _customers(world, numbers, day, created)
    person = np.where(customer < 0, people.GUESTS + numbers, customer)
    country = people.country(draws, person)
    currency = people.CURRENCY_OF[country]
    life = _life(world, numbers, created)

    count = draws.pick(numbers, "lines", _LINE_COUNT) + 1
    removed = (count > 1) & draws.chance(numbers, "line removed", 12_000)
    raised = draws.chance(numbers, "quantity raised", 15_000) & ~removed
    amended = created + (life["at_paid_or_try"] - created) // 2
    start = np.concatenate([[0], np.cumsum(count)[:-1]])
    line_order = np.repeat(np.arange(len(numbers)), count)
    line_number = np.arange(len(line_order)) - start[line_order] + 1
    line_id = numbers[line_order] * 16 + line_number
    catalog = world.catalog
    product = _products(world, line_id, numbers[line_order] * 16 + 1)
    product = catalog.on_sale(product, created[line_order])
    price = catalog.in_currency(catalog.price(product, created[line_order]), currency[line_order])
    quantity = draws.pick(line_id, "quantity", _QUANTITY)
    cheap = catalog.price(product, created[line_order]) < 200_000
    quantity = np.where(catalog.is_fine[product], draws.pick(line_id, "bulk", _BULK), quantity)
    quantity = np.where(cheap, quantity, np.minimum(quantity, 2))
    raise_here = raised[line_order] & (line_number == 1)
    final_quantity = quantity + raise_here
    kept = ~(removed[line_order] & (line_number == count[line_order]))

    campaign = is_campaign(day)
    rate = np.where(
        campaign,
        draws.pick(numbers, "discount", _CAMPAIGN_DISCOUNT),
        draws.pick(numbers, "discount", _DISCOUNT),
    )
    terms = _PER_MILLE[rate][line_order], people.TAX_OF[country][line_order]
    yen = currency[line_order] == JPY
    first_line = _amounts(quantity, price, *terms, yen)
    shipping = _shipping(currency, np.add.reduceat(first_line["lines"], start))
    first_line["shipping"] = np.where(line_number == 1, shipping[line_order], 0)
    line = _amounts(final_quantity, price, *terms, yen)
    line["shipping"] = first_line["shipping"]
    return Orders(
        number=numbers,
        order_id=ORDER_ID + numbers,
        customer=customer,
        country=country,
        currency=currency,
        channel=draws.pick(numbers, "channel", slots([52, 33, 12, 3])),
        contact=people.contact(draws, person, country, np.zeros_like(person)),
        at_created=created,
        at_amended=np.where(removed | raised, amended, NEVER),
        at_paid=life["at_paid"],
        at_shipped=life["at_shipped"],
        at_delivered=life["at_delivered"],
        at_completed=life["at_completed"],
        at_cancelled=life["at_cancelled"],
        at_returned=life["at_returned"],
        is_whole_return=draws.chance(numbers, "whole return", 600_000),
        is_pending=draws.chance(numbers, "pending", 30_000),
        start=start,
        count=count,
        removed=removed,
        raised=raised,
        first={name: np.add.reduceat(first_line[name], start) for name in AMOUNTS},
        final={name: np.add.reduceat(line[name] * kept, start) for name in AMOUNTS},
        line_order=line_order,
        line_number=line_number,
        product=product,
        price=price,
        first_quantity=quantity,
        quantity=final_quantity,
        first_line=first_line,
        line=line,
        line_kept=kept,
    )


def _customers(world: World, numbers: Column, day: Column, created: Column) -> Ints:
    """Return who orders: new customers, loyal ones, and the rest, recent ones more often."""
    draws = world.draws
    known = world.customers_before[day]
    way = draws.below(numbers, "kind of customer", 100)
    first = draws.below(numbers, "customer", 1 << 15)
    second = draws.below(numbers, "customer again", 1 << 15)
    square = first * second
    newest = known - 1 - np.minimum(first * 24 >> 15, known - 1)
    loyal = (known // 9 * square >> 30) * 9
    recent = known - 1 - (known * square >> 30)
    choice = np.where(way < 11, newest, np.where(way < 45, loyal, recent))
    gone = created >= deleted_at(world, choice) - HOUR
    return np.asarray(np.where((way >= 92) | gone, -1, choice), dtype=np.int64)


def deleted_at(world: World, customer: Column) -> Ints:
    """Return when a customer is deleted on request, NEVER for nearly all."""
    wants = world.draws.chance(customer, "asks to be deleted", 6_000)
    day = world.draws.between(customer, "day of deletion", 30, 380)
    signed_up = np.searchsorted(world.customers_before, customer, side="right") - 1
    day = np.maximum(day, signed_up + 3)
    return np.asarray(np.where(wants, day * DAY + 10 * HOUR, NEVER), dtype=np.int64)


def _life(world: World, numbers: Column, created: Column) -> dict[str, Ints]:
    """Return the instants of an order's life."""
    draws = world.draws
    fate = draws.below(numbers, "fate", 1000)
    unpaid, paid_cancel = fate < 30, (fate >= 30) & (fate < 50)
    returned = (fate >= 50) & (fate < 110)
    done = (fate >= 600) & ~returned
    paid = created + draws.between(numbers, "until paid", 40 * SECOND, 40 * MINUTE)
    shipped = paid + draws.between(numbers, "until shipped", 5 * HOUR, 70 * HOUR)
    delivered = shipped + draws.between(numbers, "until delivered", 20 * HOUR, 200 * HOUR)
    completed = delivered + draws.between(numbers, "until completed", 13 * DAY, 15 * DAY)
    back = delivered + draws.between(numbers, "until returned", 2 * DAY, 30 * DAY)
    cancelled = np.where(
        unpaid,
        paid + draws.between(numbers, "until cancelled", 20 * HOUR, 70 * HOUR),
        paid + draws.between(numbers, "until cancelled", HOUR, 5 * HOUR),
    )
    stopped = unpaid | paid_cancel
    return {
        "at_paid_or_try": paid,
        "at_paid": np.where(unpaid, NEVER, paid),
        "at_shipped": np.where(stopped, NEVER, shipped),
        "at_delivered": np.where(stopped, NEVER, delivered),
        "at_completed": np.where(done, completed, NEVER),
        "at_cancelled": np.where(stopped, cancelled, NEVER),
        "at_returned": np.where(returned, back, NEVER),
    }


def _products(world: World, line_id: Column, first_line_id: Column) -> Ints:
    """Return what stands on each line: often what goes together with the first line's product."""
    draws, catalog = world.draws, world.catalog
    own = draws.pick(line_id, "product", catalog.slots)
    leading = draws.pick(first_line_id, "product", catalog.slots)
    together = draws.chance(line_id, "goes together", 300_000) & (line_id != first_line_id)
    return np.asarray(np.where(together, catalog.companion[leading], own), dtype=np.int64)


def _amounts(
    quantity: Column, price: Column, discount: Column, tax: Column, yen: Flags
) -> dict[str, Ints]:
    """Return the amounts of lines in cents, rounded half away from zero, yen to whole ones."""
    unit = np.where(yen, 100, 1)
    lines = (quantity * price + 50) // 100
    less = lines * discount // 1000 // unit * unit
    dues = ((lines - less) * tax + 500 * unit) // (1000 * unit) * unit
    return {"lines": lines, "discount": less, "tax": dues}


def _shipping(currency: Column, lines: Column) -> Ints:
    """Return the shipping of orders in cents: free from 75 US dollars on."""
    factor = np.array(list(PRICE_FACTOR.values()))
    fee = (590 * factor // 1000 // 10 * 10)[currency]
    fee = np.where(currency == JPY, fee // 100 * 100, fee)
    return np.asarray(np.where(lines >= 7500 * factor[currency] // 1000, 0, fee), dtype=np.int64)


class Credits:
    """The credit notes of returned orders: their lines, at the price paid less the discount."""

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        returned = orders.at_returned[orders.line_order] < NEVER
        whole = orders.is_whole_return[orders.line_order]
        self.line = np.flatnonzero(
            returned & orders.line_kept & (whole | (orders.line_number == 1))
        )
        owner = orders.line_order[self.line]
        self.order, self.start, self.count = np.unique(owner, return_index=True, return_counts=True)
        self.line_order = np.repeat(np.arange(len(self.order)), self.count)
        yen = orders.currency[owner] == JPY
        paid = orders.line["lines"][self.line] - orders.line["discount"][self.line]
        self.quantity = orders.quantity[self.line]
        unit = np.where(yen, 10_000, 1)
        price = paid * 100 // self.quantity // unit * unit
        plain = orders.line["discount"][self.line] == 0
        self.price = np.where(plain, orders.price[self.line], price)
        lines = (self.quantity * self.price + 50) // 100
        self.lines = {
            "lines": -lines,
            "discount": np.zeros_like(lines),
            "tax": -orders.line["tax"][self.line],
            "shipping": np.zeros_like(lines),
        }
        none = np.zeros(0, dtype=np.int64)
        self.amounts = {
            name: np.add.reduceat(values, self.start) if len(self.order) else none
            for name, values in self.lines.items()
        }

    @property
    def total(self) -> Ints:
        """What the shop owes the customer, in cents, positive."""
        return -(self.amounts["lines"] + self.amounts["tax"])
