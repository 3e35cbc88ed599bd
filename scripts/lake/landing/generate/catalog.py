"""The products: what they are, what they cost when, what is bought with what."""

import numpy as np

from lake.landing.generate.draws import Column, Draws, Ints, slots
from lake.landing.generate.period import DAY, DAYS, END, HOUR
from lake.landing.generate.vocabulary import (
    CATEGORIES,
    CURRENCIES,
    PRICE_FACTOR,
    escape,
    product_name,
)

MONTH_DAYS = 28
MONTHS = DAYS // MONTH_DAYS + 1
NEVER = 1 << 60
_LEAST_PRICE = 300  # 0.0300 US dollars, so that a discounted unit still costs a yen
_LIST_CURRENCIES = ["USD", "EUR", "GBP"]


class Catalog:
    """All products, as arrays by product number; prices in ten-thousandths of a US dollar."""

    def __init__(self, draws: Draws, count: int, suppliers: int) -> None:
        number = np.arange(count)
        names = list(CATEGORIES)
        self.draws = draws
        self.count = count
        self.category = draws.pick(number, "category", slots([14, 14, 16, 10, 12, 10, 9, 9, 4, 2]))
        self.is_service = self.category == names.index("Services")
        self.is_fine = self.category == names.index("Hardware")
        self.style = draws.below(number, "style", 10)
        self.supplier = draws.below(number, "supplier", suppliers)
        self.currency = draws.pick(number, "list currency", slots([80, 12, 8]))
        self.list_currency = np.array([CURRENCIES.index(code) for code in _LIST_CURRENCIES])
        self.names = [
            escape(product_name(names[self.category[i]], int(i), int(self.style[i])))
            for i in number
        ]
        self.weight, self.slots = self._popularity(number)
        self.companion = self._companions(number)
        self._launch(number)
        self._prices(number)

    def _popularity(self, number: Column) -> tuple[Ints, Column]:
        """Return sales per million lines of each product and a table to draw products from."""
        rank = np.argsort(self.draws.bits(number, "popularity"), kind="stable").argsort()
        weights = [(int(place) + 4) ** -0.85 for place in rank]
        table = slots(weights, 1 << 18)
        share = np.bincount(table, minlength=self.count) * 1_000_000 // len(table)
        return share.astype(np.int64), table

    def _companions(self, number: Column) -> Ints:
        """Return the product most often bought with each: a popular one of the next numbers."""
        best = number.copy()
        weight = np.full(self.count, -1, dtype=np.int64)
        for step in range(1, 8):
            other = (number * 7 + step) % self.count
            better = (self.weight[other] > weight) & (other != number)
            best = np.where(better, other, best)
            weight = np.where(better, self.weight[other], weight)
        return best.astype(np.int64)

    def _launch(self, number: Column) -> None:
        """Set when each product comes and goes, and which one is sold in its absence."""
        draws = self.draws
        new = draws.chance(number, "launched in the period", 150_000)
        moment = draws.between(number, "day of launch", 20, DAYS - 60) * DAY + 9 * HOUR
        self.launched = np.where(new, moment, -draws.between(number, "age", 30, 700) * DAY)
        ends = draws.chance(number, "discontinued", 80_000) & ~new
        last = draws.between(number, "last day", 60, DAYS - 20) * DAY + 17 * HOUR
        self.ended = np.where(ends, last, NEVER)
        steady = np.flatnonzero(~new & ~ends)
        self.substitute = steady[draws.below(number, "substitute", len(steady))]

    def _prices(self, number: Column) -> None:
        """Set the price before and after the one change a product can have in each four weeks."""
        draws = self.draws
        bounds = np.array([values[:2] for values in CATEGORIES.values()], dtype=np.int64)
        low, high = bounds[self.category, 0] * 100, bounds[self.category, 1] * 100
        position = draws.below(number, "price", 1000) * draws.below(number, "price again", 1000)
        cents = low + (high - low) * position // 1_000_000
        cents = cents // 100 * 100 + draws.pick(number, "ending", np.array([99, 95, 90, 50, 0]))
        fine = draws.between(number, "fine price", _LEAST_PRICE, 9_000)
        price = np.where(self.is_fine & (number % 2 == 0), fine, cents * 100)
        self.change_at = np.full((self.count, MONTHS), NEVER, dtype=np.int64)
        self.price_before = np.empty((self.count, MONTHS), dtype=np.int64)
        self.price_after = np.empty((self.count, MONTHS), dtype=np.int64)
        for month in range(MONTHS):
            moment = month * MONTH_DAYS * DAY + draws.below(
                number, f"price moment {month}", MONTH_DAYS * DAY
            )
            moves = draws.chance(number, f"price moves {month}", 330_000) & (moment < END)
            moves &= (moment > self.launched + DAY) & (moment < self.ended - DAY)
            per_mille = draws.between(number, f"price move {month}", 900, 1130)
            step = np.where(price % 100 == 0, 100, 1)
            moved = np.maximum(price * per_mille // 1000 // step * step, _LEAST_PRICE)
            moves &= moved != price
            self.price_before[:, month] = price
            price = np.where(moves, moved, price)
            self.price_after[:, month] = price
            self.change_at[moves, month] = moment[moves]

    def on_sale(self, product: Column, at: Column) -> Ints:
        """Return the product itself, or its substitute where it is not sold at that time."""
        sold = (self.launched[product] <= at) & (at < self.ended[product])
        return np.asarray(np.where(sold, product, self.substitute[product]), dtype=np.int64)

    def price(self, product: Column, at: Column) -> Ints:
        """Return the price of each product at a time within the period."""
        month = at // (MONTH_DAYS * DAY)
        changed = self.change_at[product, month] <= at
        after, before = self.price_after[product, month], self.price_before[product, month]
        return np.asarray(np.where(changed, after, before), dtype=np.int64)

    def in_currency(self, price: Column, currency: Column) -> Ints:
        """Return prices in ten-thousandths of each currency, whole yen, whole cents if not fine."""
        factor = np.array(list(PRICE_FACTOR.values()), dtype=np.int64)[currency]
        exact = price * factor // 1000
        step = np.where(price % 100 == 0, 100, 1)
        step = np.where(currency == CURRENCIES.index("JPY"), 10_000, step)
        return np.asarray(np.maximum(exact // step, 1) * step, dtype=np.int64)
