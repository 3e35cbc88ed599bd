"""Marketing spend: a weekly file of what each campaign cost on each day, and what is restated."""

import numpy as np
import pyarrow as pa

from lake.landing.generate.draws import Ints
from lake.landing.generate.events import Events
from lake.landing.generate.period import DAY, DAYS, HOUR, day_text, instant, words
from lake.landing.generate.template import concat
from lake.landing.generate.uploads import FILE_OPEN, MONDAYS, WEEK, place_columns, records
from lake.landing.generate.world import World

CHANNELS = ["search", "social", "email", "display", "affiliate"]
_CURRENCIES = ["USD", "USD", "EUR", "USD", "GBP"]  # of the campaigns of each channel
_CAMPAIGNS, _BEGIN_EVERY = 32, 12  # a new campaign begins every twelve days
_REPORTED = 6 * HOUR
_RESTATED = 80_000  # of a million days of campaigns


def spend_events(world: World) -> Events:
    """Return the spend of every campaign and day, in the file of the week after it.

    A restated day comes again in the next file, with what was billed in the end.
    """
    draws = world.draws
    campaign, day = _running_days(world)
    key = campaign * 512 + day
    monday = np.searchsorted(MONDAYS, day, side="right")
    restated = draws.chance(key, "restated", _RESTATED) & (monday + 1 < len(MONDAYS))
    order = np.concatenate([np.arange(len(key)), np.flatnonzero(restated)])
    version = np.repeat([0, 1], [len(key), len(order) - len(key)])
    file = monday[order] + version
    place = np.lexsort([key[order], file])
    order, version, file = order[place], version[place], file[place]
    daily = draws.between(campaign, "budget", 2_000, 30_000)[order]
    spend = daily * draws.between(key[order], "spend", 60, 140) // 100 + version * 500
    spend = spend * max(1, round(world.scale * 1000)) // 1000
    impressions = spend * draws.between(key[order], "reach", 4, 16)
    return records(
        file,
        MONDAYS,
        MONDAYS[file] * DAY + _REPORTED,
        id=key[order],
        lsn=key[order],
        spend=spend.astype(np.int64),
        impressions=impressions.astype(np.int64),
        clicks=(impressions * draws.between(key[order], "clicks", 5, 40) // 1000).astype(np.int64),
    )


def _running_days(world: World) -> tuple[Ints, Ints]:
    """Return campaign and day for every day of the period on which a campaign runs."""
    number = np.arange(_CAMPAIGNS)
    start = number * _BEGIN_EVERY + world.draws.below(number, "campaign start", 6)
    length = world.draws.between(number, "campaign length", 20, 46)
    campaign = np.repeat(number, length)
    first = np.repeat(np.cumsum(length) - length, length)
    day = np.repeat(start, length) + np.arange(len(campaign)) - first
    within = day < MONDAYS[-1]
    return campaign[within], day[within]


def spend_table(world: World, events: Events) -> pa.Table:
    """Return the columns that SPEND_LINE and SPEND_CSV read; `spend` in cents."""
    del world
    campaign = events["id"] // 512
    channel = campaign % len(CHANNELS)
    days = pa.array([day_text(day) for day in range(DAYS + WEEK)])
    return pa.table(
        {
            **place_columns("spend", events),
            "campaign": pa.array(campaign + 100),
            "channel": words(channel, pa.array(CHANNELS)),
            "day": words(events["id"] % 512, days),
            "spend": pa.array(events["spend"]),
            "currency": words(channel, pa.array(_CURRENCIES)),
            "impressions": pa.array(events["impressions"]),
            "clicks": pa.array(events["clicks"]),
            **instant("reported", events["at"]),
        }
    )


SPEND_LINE = concat(
    f'{FILE_OPEN}{{"campaign_id":"MC<campaign>","campaign_name":"Campaign <campaign>, <channel>'
    '","marketing_channel":"<channel>","spend_date":"<day>","spend_amount":"<money(spend)>'
    '","currency_code":"<currency>","impressions":"<impressions>","clicks":"<clicks>'
    '","reported_at":"<reported_day><reported_time>"}}\n'
)
SPEND_CSV = concat(
    'MC<campaign>,"Campaign <campaign>, <channel>",<channel>,<day>,<money(spend)>,<currency>'
    ",<impressions>,<clicks>,<reported_day><reported_time>\n"
)
