"""One generated shop: its size, its draws, and what every table looks up."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import sqrt

import numpy as np

from lake.landing.generate.catalog import Catalog
from lake.landing.generate.draws import Column, Draws, Ints
from lake.landing.generate.period import DAY, DAYS, cumulative_orders, time_of_day

ORDERS_A_CHUNK = 40_000
EVENTS_A_CHUNK = 2_000_000
EVENTS_PER_DAY = 600  # of clickstream at scale 1
READINGS_PER_DAY = 210  # of sensors at scale 1
MINUTES = 1440  # of a day: a logger reads once a minute
MISSION_DAYS = 3  # that a logger is up
LOGS_PER_DAY = 200  # log records at scale 1
# Means of what `visits` makes: events of a visit that ends in no order, and of orders in theirs.
_EVENTS_A_VISIT, _EVENTS_AN_ORDER = 5.0, 7.4
_KNOWN_BEFORE = 40  # percent of the customers that the shop had before the period


@dataclass(frozen=True)
class World:
    """The shop of one seed and scale."""

    seed: int
    scale: float
    events_per_day: float = EVENTS_PER_DAY
    readings_per_day: float = READINGS_PER_DAY

    @cached_property
    def draws(self) -> Draws:
        """The random numbers of the seed."""
        return Draws(self.seed)

    @property
    def orders(self) -> int:
        """Number of orders over the whole period."""
        return max(60, round(20_000 * self.scale))

    @property
    def customers(self) -> int:
        """Number of customers at the end of the period."""
        return max(40, round(3_000 * self.scale))

    @property
    def suppliers(self) -> int:
        """Number of suppliers."""
        return max(12, round(40 * sqrt(self.scale)))

    @cached_property
    def catalog(self) -> Catalog:
        """The products with their prices."""
        return Catalog(self.draws, max(60, round(400 * sqrt(self.scale))), self.suppliers)

    @cached_property
    def orders_before(self) -> Ints:
        """How many orders came before each day, shape (DAYS + 1,)."""
        return cumulative_orders(self.draws, self.orders)

    @property
    def customers_before_period(self) -> int:
        """Customers that signed up before 2025."""
        return self.customers * _KNOWN_BEFORE // 100

    @cached_property
    def customers_before(self) -> Ints:
        """How many customers signed up before each day, shape (DAYS + 1,)."""
        new = self.customers - self.customers_before_period
        return self.customers_before_period + cumulative_orders(self.draws, new)

    @property
    def visits(self) -> int:
        """Number of visits that end in no order: at least as many as orders, by half."""
        events = self.events_per_day * DAYS - self.orders * _EVENTS_AN_ORDER
        return max(self.orders // 2, round(events / _EVENTS_A_VISIT))

    @cached_property
    def visits_before(self) -> Ints:
        """How many visits without an order came before each day, shape (DAYS + 1,)."""
        return cumulative_orders(self.draws, self.visits)

    @cached_property
    def _missions(self) -> tuple[Ints, Ints]:
        """Day and logger of each day that a logger is up, by day; the last one ends the period."""
        count = max(2, round(self.readings_per_day * DAYS / (MINUTES * MISSION_DAYS)))
        logger = np.repeat(np.arange(count), MISSION_DAYS)
        end = (logger + 1) * DAYS // count
        day = np.maximum(end - MISSION_DAYS, 0) + np.arange(len(logger)) % MISSION_DAYS
        order = np.lexsort([logger, day])
        return day[order], logger[order]

    @property
    def logger_days(self) -> Ints:
        """The day of each day that a logger is up, ascending."""
        return self._missions[0]

    @property
    def loggers(self) -> Ints:
        """The logger of each day that one is up."""
        return self._missions[1]

    @cached_property
    def logger_days_before(self) -> Ints:
        """How many days of loggers came before each day, shape (DAYS + 1,)."""
        return np.searchsorted(self.logger_days, np.arange(DAYS + 1)).astype(np.int64)

    @property
    def logs(self) -> int:
        """Number of log records over the whole period."""
        return max(DAYS, round(LOGS_PER_DAY * self.scale * DAYS))

    @cached_property
    def logs_before(self) -> Ints:
        """How many log records were written before each day, shape (DAYS + 1,)."""
        return cumulative_orders(self.draws, self.logs)

    def order_times(self, numbers: Column) -> tuple[Ints, Ints]:
        """Return day and creation time of orders; both grow with the order number."""
        day = np.searchsorted(self.orders_before, numbers, side="right") - 1
        first = self.orders_before[day]
        count = self.orders_before[day + 1] - first
        jitter = self.draws.below(numbers, "moment of the order", 1 << 10)
        place = (((numbers - first) << 10) + jitter) * (1 << 10) // count
        return day.astype(np.int64), day * DAY + time_of_day(place)

    def chunks(self) -> list[tuple[int, int]]:
        """Return ranges of days [from, to) that each create about so many orders, or events."""
        events = round((self.events_per_day + self.readings_per_day) * DAYS / EVENTS_A_CHUNK)
        parts = max(1, round(self.orders / ORDERS_A_CHUNK), events)
        marks = [self.orders * part // parts for part in range(1, parts)]
        cuts = np.searchsorted(self.orders_before, marks)
        bounds = sorted({0, *(int(cut) for cut in cuts if 0 < cut < DAYS), DAYS})
        return list(pairwise(bounds))
