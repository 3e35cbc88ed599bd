"""The application logs of the adversarial shop: records that restate their minute, or leave it."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from lake.proofs.world import Author, Row, text_line

SERVICES = ("web", "checkout", "payments")
LEVELS = ("info", "WARN", "error", "Crit", None)
STATUSES = (200, 200, 200, 404, 499, 500, 503, None)
TIMES = (0, 1, 12.5, 1999.9999, 2000, 2000.0001, 9000, None)
MESSAGES = ("cart saved", "mail to a@b.de", "GET /x?q=1 from 10.0.0.1", "it broke\n\tat top")


def log_record(author: Author, service: str, time: datetime, **fields: Any) -> Row:
    """Return a sound record of a service, in the form of a service or of a text file."""
    rng = author.rng
    key = author.name("L")
    row: Row = {
        "log_id": key,
        "timestamp": author.when(time),
        "service": service,
        "level": rng.choice(LEVELS),
        "component": rng.choice(("http", None)),
        "message": rng.choice(MESSAGES),
        "method": rng.choice(("GET", "post", None)),
        "path": rng.choice(("/", "/search?q=mug", "/reset/a@b.de", None)),
        "status": rng.choice(STATUSES),
        "response_ms": rng.choice(TIMES),
        "request_id": rng.choice(("R1", None)),
        "ip": rng.choice(("198.18.0.1", "2001:db8::1", "nowhere")),
        "stack_trace": rng.choice((None, None, "KeyError: 'a@b.de'\n  at top")),
    }
    if rng.random() < 0.3:
        row["system"] = row.pop("service")
        row |= {"file": "a.log", "line": len(key), "text": "whole\nrecord"}
    return row | fields


def write(author: Author, row: Row, batch: int, **hints: Any) -> None:
    """Deliver a record in a batch, sometimes twice: shippers deliver at least once."""
    author.put("log_events", text_line(row), batch, **hints)
    if author.rng.random() < 0.15:
        author.put("log_events", text_line(row), batch + author.rng.randint(0, 3))


# Plots


def _late_record_restates(author: Author) -> None:
    """A late request moves the percentiles and the rate of its minute, not of its neighbours."""
    first, second, third = author.spread(3)
    time = author.own_day() + timedelta(hours=10)
    for second_of_minute in (0, 20, 59.999, 60):
        moment = time + timedelta(seconds=second_of_minute)
        write(author, log_record(author, "web", moment, status=200, response_ms=10), first)
    late = log_record(author, "web", time, status=500, response_ms=5000)
    write(author, late, second)
    other = log_record(author, "checkout", time, status=200, response_ms=1)
    write(author, other, third)


def _rate_at_the_limit(author: Author) -> None:
    """One of 50 requests fails, the last ones come late: 2 % is no alert, and more is one."""
    first, second, third = author.spread(3)
    time = author.own_day() + timedelta(hours=10)
    for number in range(50):
        row = log_record(
            author, "web", time, status=500 if number == 0 else 200, level="info", response_ms=2000
        )
        author.put("log_events", text_line(row), first if number < 40 else second)
    write(author, log_record(author, "web", time, status=500, response_ms=2001), third)


def _record_moves(author: Author, later: bool) -> None:
    """Two contents of one record, of other minutes or services; the later file may win."""
    first, batch = author.spread(2)
    time, other = author.own_day(), author.own_day()
    write(author, log_record(author, "web", other, status=200), first)
    record = log_record(author, "web", time, status=200)
    again = log_record(author, "payments", other, log_id=record["log_id"], status=503)
    author.put("log_events", text_line(record), batch, part=0, prefix="m")
    second = batch + author.rng.randint(1, 3) if later else batch
    part, prefix = (None, "") if later else (1, author.rng.choice("az"))
    author.put("log_events", text_line(again), second, part=part, prefix=prefix)


def _record_moves_in_one_batch(author: Author) -> None:
    _record_moves(author, later=False)


def _record_moves_later(author: Author) -> None:
    _record_moves(author, later=True)


def _only_record_moves(author: Author) -> None:
    """The only record of a minute is displaced by another in its batch: the minute vanishes."""
    (batch,) = author.spread(1)
    record = log_record(author, "web", author.own_day(), status=200)
    moved = log_record(author, "web", author.own_day(), log_id=record["log_id"], status=200)
    author.put("log_events", text_line(record), batch, part=0, prefix="m")
    author.put("log_events", text_line(moved), batch, part=1, prefix="a")


def _ahead_of_its_day(author: Author) -> None:
    """A record from the future is quarantined, and sound when it comes again in time."""
    batch = author.rng.randrange(max(1, author.batches // 2))
    day = datetime.fromisoformat("2025-03-08T00:00:00+00:00")
    line = text_line(log_record(author, "search", day + timedelta(minutes=10), status=200))
    for arrival in (batch, author.rng.randint(batch, author.batches - 1), author.batches - 1):
        author.put("log_events", line, arrival)


LOG_PLOTS: tuple[Callable[[Author], None], ...] = (
    _late_record_restates,
    _rate_at_the_limit,
    _record_moves_in_one_batch,
    _record_moves_later,
    _only_record_moves,
    _ahead_of_its_day,
)


def services(author: Author, count: int) -> None:
    """Add busy minutes of the noise: records at random moments, most of them in order."""
    rng = author.rng
    for _ in range(count):
        batch = rng.randrange(author.batches)
        time = author.shop_time()
        for _ in range(rng.randint(1, 15)):
            time += timedelta(seconds=rng.choice((0, 0, 0.5, 20, 60)))
            late = rng.randint(1, 6) if rng.random() < 0.25 else 0
            write(author, log_record(author, rng.choice(SERVICES), time), batch + late)
            batch += rng.choice((0, 0, 0, 0, 1))


# What a schedule contains


def survey_logs(arrivals: Iterable[tuple[int, Row]]) -> Counter[str]:
    """Count what the records of a schedule do; `arrivals` are build steps and parsed records."""
    found: Counter[str] = Counter()
    minutes: dict[tuple[str, str], int] = {}
    places: dict[str, tuple[str, str]] = {}
    for step, row in arrivals:
        try:
            time = datetime.fromisoformat(str(row.get("timestamp")))
        except ValueError:
            continue
        if time.tzinfo is None:
            continue
        place = (str(row.get("service") or row.get("system")), time.isoformat()[:16])
        found["minute_restated_late"] += minutes.setdefault(place, step) < step
        key = str(row.get("log_id"))
        found["log_record_moves"] += places.setdefault(key, place) != place
    return found
