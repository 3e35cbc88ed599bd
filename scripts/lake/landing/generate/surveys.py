"""Survey answers: a weekly file of who would recommend the shop, and why."""

import numpy as np
import pyarrow as pa

from lake.landing.generate.draws import slots
from lake.landing.generate.events import Events
from lake.landing.generate.people import CUSTOMER_ID
from lake.landing.generate.period import DAY, cumulative_orders, instant, time_of_day
from lake.landing.generate.template import concat
from lake.landing.generate.uploads import (
    FILE_OPEN,
    MONDAYS,
    place_columns,
    records,
    text_columns,
)
from lake.landing.generate.world import World

_SCORES = slots([2, 1, 1, 2, 2, 5, 6, 11, 19, 24, 27], 1024)  # weight of 0 to 10
# Some name themselves, or somebody else: free text holds personal data.
_COMMENTS = [
    "", "", "", "", "", "Fast delivery", "Good prices, slow website", "Would buy again!",
    "Please call me: +49 151 2345678", "write to ada.lovelace@example.com, thanks",
    "line one\nline two", 'The courier said "no"', "包装很好", "Zu teuer; Qualität gut",
    "My card 4111 1111 1111 1111 was charged twice", "2 of 3 items arrived, order O1000017",
]  # fmt: skip


def response_events(world: World) -> Events:
    """Return every answer, in the file of the next Monday."""
    draws = world.draws
    count = max(120, round(1_500 * world.scale))
    number = np.arange(count)
    before = cumulative_orders(draws, count)
    day = np.searchsorted(before, number, side="right") - 1
    file = np.searchsorted(MONDAYS, day, side="right")
    known = np.maximum(world.customers_before[day], 1)
    customer = draws.below(number, "who answers", known)
    anonymous = draws.chance(number, "anonymous answer", 90_000)
    return records(
        file,
        MONDAYS,
        day * DAY + time_of_day(draws.below(number, "moment of the answer", 1 << 20)),
        id=number,
        lsn=number,
        customer=np.where(anonymous, -1, customer),
        score=draws.pick(number, "score", _SCORES).astype(np.int8),
        comment=draws.below(number, "comment", len(_COMMENTS)).astype(np.int8),
    )


def response_table(world: World, events: Events) -> pa.Table:
    """Return the columns that RESPONSE_LINE and RESPONSE_CSV read."""
    del world
    customer = events["customer"]
    named = [f"C{number + CUSTOMER_ID}" if number >= 0 else "" for number in customer.tolist()]
    return pa.table(
        {
            **place_columns("nps", events),
            "id": pa.array(events["id"] + 1),
            "customer": pa.array([f'"{name}"' if name else "null" for name in named]),
            "customer_csv": pa.array(named),
            "score": pa.array(events["score"]),
            **text_columns("comment", events["comment"], _COMMENTS),
            **instant("responded", events["at"]),
        }
    )


RESPONSE_LINE = concat(
    f'{FILE_OPEN}{{"response_id":"R<id>","customer_id":<customer>,"score":"<score>'
    '","comment":<comment>,"responded_at":"<responded_day><responded_time>"}}\n'
)
RESPONSE_CSV = concat(
    "R<id>,<customer_csv>,<score>,<comment_csv>,<responded_day><responded_time>\n"
)
