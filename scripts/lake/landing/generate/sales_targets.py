"""Sales targets: a file for each month, per region and category, and what is revised later."""

from datetime import date

import numpy as np
import pyarrow as pa

from lake.landing.generate.draws import Ints
from lake.landing.generate.events import Events
from lake.landing.generate.period import DAY, DAYS, FIRST_DAY, HOUR, instant, words
from lake.landing.generate.template import concat
from lake.landing.generate.uploads import FILE_OPEN, place_columns, records
from lake.landing.generate.vocabulary import CATEGORIES, escape
from lake.landing.generate.world import World

REGIONS = ["NA", "LATAM", "WE", "UK", "NORD", "APAC", "MEA"]
_SHARE = [29, 7, 32, 10, 9, 11, 2]  # of each region in the revenue, in percent
_WEIGHT = [620, 60, 70, 85, 5, 27, 45, 60, 25, 3]  # of each category, in permille
_ISSUED = 9 * HOUR
_MONTHS = 13
_FIRST_FILE, _REVISION = 2, 12  # days after the first of the month
_REVISED = 60_000  # of a million targets


def _month_start(month: int) -> int:
    """Return the first day of a month, counted like days; month 0 is January 2025."""
    return (date(2025 + month // 12, month % 12 + 1, 1) - FIRST_DAY).days


def target_days() -> Ints:
    """Return the days of the files, two a month, and one after the period."""
    starts = [_month_start(month) for month in range(_MONTHS)]
    days = [start + after for start in starts for after in (_FIRST_FILE, _REVISION)]
    return np.array([*days, DAYS + 5])


def target_events(world: World) -> Events:
    """Return every target of every month, and a second version of those that are revised."""
    draws = world.draws
    cells = len(REGIONS) * len(CATEGORIES)
    first = np.arange(_MONTHS * cells)
    revised = first[draws.chance(first, "target revised", _REVISED)]
    target = np.concatenate([first, revised])
    file = np.concatenate([first // cells * 2, revised // cells * 2 + 1])
    order = np.lexsort([target, file])
    target, file = target[order], file[order]
    share = np.array(_SHARE)[target % cells // len(CATEGORIES)]
    weight = np.array(_WEIGHT)[target % len(CATEGORIES)]
    # A permille of a percent of the revenue of a month is about 480 cents at scale 1.
    base = draws.between(target % cells, "target", 380, 580) * share * weight
    growth = 85 + target // cells * 3 + np.where(file % 2, 8, 0)
    days = target_days()
    return records(
        file,
        days,
        days[file] * DAY + _ISSUED,
        id=target,
        lsn=target,
        amount=(base * growth * max(1, round(world.scale * 1000)) // 100_000).astype(np.int64),
    )


def target_table(world: World, events: Events) -> pa.Table:
    """Return the columns that TARGET_LINE and TARGET_CSV read; `amount` in cents."""
    del world
    target, cells = events["id"], len(REGIONS) * len(CATEGORIES)
    months = [_month_text(month) for month in range(_MONTHS)]
    return pa.table(
        {
            **place_columns("targets", events),
            "month": words(target // cells, pa.array(months)),
            "region": words(target % cells // len(CATEGORIES), pa.array(REGIONS)),
            "category": words(
                target % len(CATEGORIES), pa.array([escape(name) for name in CATEGORIES])
            ),
            "amount": pa.array(events["amount"]),
            **instant("issued", events["at"]),
        }
    )


def _month_text(month: int) -> str:
    return f"{2025 + month // 12}-{month % 12 + 1:02d}"


TARGET_LINE = concat(
    f'{FILE_OPEN}{{"target_month":"<month>","region_id":"<region>","category":"<category>'
    '","target_amount":"<money(amount)>","currency_code":"USD"'
    ',"issued_at":"<issued_day><issued_time>"}}\n'
)
TARGET_CSV = concat("<month>,<region>,<category>,<money(amount)>,USD,<issued_day><issued_time>\n")
