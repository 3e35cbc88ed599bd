"""Uploaded files and stock of the adversarial shop: what is restated, and what moves late."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from lake.proofs.world import CATEGORIES, CURRENCIES, Author, Row, text_line

REGIONS = ("WE", "NA", "APAC", "ATLANTIS")
CHANNELS = ("search", "social", "email", "Display", "pigeon")
COMMENTS = (None, "fine", "call +49 151 2345678", "write to a@b.de\nsoon", "FranÃ§ois was nice")


def _in_file(author: Author, name: str, record: Row) -> str:
    return text_line({"file": f"{name}.csv", "row": author.rng.randint(1, 99), "record": record})


def target(author: Author, month: str, issued: datetime, **fields: Any) -> str:
    """Return a sound version of a sales target as a line."""
    record: Row = {
        "target_month": month,
        "region_id": author.rng.choice(REGIONS[:3]),
        "category": author.rng.choice(CATEGORIES),
        "target_amount": f"{author.rng.randint(0, 90000)}.00",
        "currency_code": author.rng.choice(CURRENCIES),
        "issued_at": author.when(issued),
    }
    return _in_file(author, "targets", record | fields)


def spend(
    author: Author, campaign_id: str, day: datetime, reported: datetime, **fields: Any
) -> str:
    """Return a sound report of a campaign's day as a line."""
    record: Row = {
        "campaign_id": campaign_id,
        "campaign_name": "Spring, sale",
        "marketing_channel": author.rng.choice(CHANNELS[:4]),
        "spend_date": f"{day:%Y-%m-%d}",
        "spend_amount": f"{author.rng.randint(0, 900)}.50",
        "currency_code": author.rng.choice(CURRENCIES),
        "impressions": author.rng.choice(("1000", None)),
        "clicks": author.rng.choice(("7", "0", None)),
        "reported_at": author.when(reported),
    }
    return _in_file(author, "spend", record)


def answer(author: Author, response_id: str) -> str:
    """Return a sound survey answer as a line."""
    record: Row = {
        "response_id": response_id,
        "customer_id": author.rng.choice(("C1", "C2", "C900", None)),
        "score": str(author.rng.randint(0, 10)),
        "comment": author.rng.choice(COMMENTS),
        "responded_at": author.when(author.shop_time()),
    }
    return _in_file(author, "nps", record)


# Plots


def _restated(author: Author, table: str, write: Callable[[datetime], str]) -> None:
    """Versions that arrive out of order; now and then two contents claim one version."""
    first, second, third = author.spread(3)
    time = author.shop_time()
    later = write(time + timedelta(hours=2))
    author.put(table, later, first)
    author.put(table, write(time), second)
    author.put(table, write(time + timedelta(hours=author.rng.choice((2, 5)))), third)


def _target_restated(author: Author) -> None:
    place: Row = {"region_id": "WE", "category": author.name("goods")}
    _restated(author, "sales_targets", lambda time: target(author, "2025-01", time, **place))


def _spend_restated(author: Author) -> None:
    campaign, day = author.name("MC"), author.own_day()
    _restated(author, "marketing_spend", lambda time: spend(author, campaign, day, time))


def _answers_contradict(author: Author) -> None:
    """Two contents of one answer in one batch; the file that lands later may sort first."""
    (batch,) = author.spread(1)
    response = author.name("R")
    author.put("nps_responses", answer(author, response), batch, part=0, prefix="m")
    prefix = author.rng.choice("az")
    author.put("nps_responses", answer(author, response), batch, part=1, prefix=prefix)


def _stock_moves_late(author: Author) -> None:
    """A late movement between two days of a product that nothing else moves."""
    first, second, third = author.spread(3)
    day, product = author.own_day(), author.name("LP")
    place: Row = {"product_id": product, "warehouse_id": "W1", "movement_type": "adjustment"}
    for after, batch in ((0, first), (3, first), (author.rng.choice((1, 2, 3)), second)):
        time = author.when(day + timedelta(days=after))
        moved = author.movement(author.name("M"), **place, quantity=5, created_at=time)
        author.say("inventory_movements", moved, batch, "c")
    author.say("inventory_movements", moved | {"quantity": 6}, third)


def _stock_moves_away(author: Author) -> None:
    """The only movement of a day moves to another day, then to another warehouse, then goes."""
    first, second, third = author.spread(3)
    day, product = author.own_day(), author.name("LP")
    place: Row = {"product_id": product, "movement_type": "adjustment", "quantity": 5}
    times = [author.when(day + timedelta(days=number)) for number in (0, 2, 4)]
    steady = author.movement(author.name("M"), **place, warehouse_id="W1", created_at=times[1])
    author.say("inventory_movements", steady, first, "c")
    moved = author.movement(author.name("M"), **place, warehouse_id="W1", created_at=times[2])
    author.say("inventory_movements", moved, first, "c")
    moved |= {"created_at": times[0]}
    author.say("inventory_movements", moved, second)
    author.say("inventory_movements", moved | {"warehouse_id": "W2"}, third)
    if author.rng.random() < 0.5:
        author.say("inventory_movements", moved, third + 1, "d")


UPLOAD_PLOTS: tuple[Callable[[Author], None], ...] = (
    _target_restated,
    _spend_restated,
    _answers_contradict,
    _stock_moves_late,
    _stock_moves_away,
)


def uploads(author: Author, count: int) -> None:
    """Add records of files at random: versions of a few targets and days, and answers."""
    rng = author.rng
    for _ in range(count):
        issued = author.shop_time()
        author.put("sales_targets", target(author, "2025-01", issued), *author.spread(1))
        campaign, day = f"MC{rng.randint(1, 3)}", author.shop_time()
        reported = day + timedelta(days=rng.randint(-1, 9))
        author.put("marketing_spend", spend(author, campaign, day, reported), *author.spread(1))
        author.put("nps_responses", answer(author, author.name("R")), *author.spread(1))
