"""The clickstream of the adversarial shop: sessions that are joined or named late."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from lake.proofs.world import COUNTRIES, Author, Row, text_line

SESSION_GAP = timedelta(minutes=30)
TYPES = (
    "page_view", "product_view", "product_view", "search", "add_to_cart", "remove_from_cart",
    "checkout", "purchase", "session_end",
)  # fmt: skip
AGENTS = ("Mozilla/5.0", "Mozilla/5.0 (compatible; Googlebot/2.1)", "ShopApp/7", None)


def click(author: Author, visitor: str | None, time: datetime, **fields: Any) -> Row:
    """Return a sound event of a visitor."""
    row: Row = {
        "event_id": author.name("E"),
        "event_time": author.when(time),
        "event_type": "page_view",
        "user_id": None,
        "anonymous_id": visitor,
        "user_session": author.rng.choice(("S1", "S2", None)),
        "channel": author.rng.choice(("web", "mobile")),
        "page": author.rng.choice(("/", "/search?q=mug", "/reset/a@b.de", None)),
        "product_id": f"P{author.rng.randint(1, 9)}",
        "order_id": author.rng.choice((None, "O1")),
        "device": author.rng.choice(("desktop", "phone")),
        "country": author.rng.choice(COUNTRIES),
        "referrer": author.rng.choice(("https://example.org/x", None)),
        "user_agent": "Mozilla/5.0",
        "ip": author.rng.choice(("198.18.0.1", "2001:db8::1", "nowhere")),
    }
    return row | fields


def tell(author: Author, row: Row, batch: int, **hints: Any) -> None:
    """Deliver an event in a batch, sometimes twice: the collector delivers at least once."""
    author.put("events", text_line(row), batch, **hints)
    if author.rng.random() < 0.15:
        author.put("events", text_line(row), batch + author.rng.randint(0, 3))


def _clicks(
    author: Author,
    visitor: str,
    day: datetime,
    minutes: Iterable[float],
    batch: int,
    **fields: Any,
) -> None:
    for minute in minutes:
        drawn: Row = {"event_type": author.rng.choice(TYPES)}
        time = day + timedelta(minutes=minute)
        tell(author, click(author, visitor, time, **drawn | fields), batch)


# Plots


def _late_event_joins(author: Author) -> None:
    """Sessions on both sides of a late event; now and then a second one joins a third session."""
    first, second, third = author.spread(3)
    visitor, day = author.name("V"), author.own_day()
    _clicks(author, visitor, day, (600, 650, 700), first)
    _clicks(author, visitor, day, (625,), second)
    if author.rng.random() < 0.5:
        _clicks(author, visitor, day, (675,), third)


def _joined_over_midnight(author: Author) -> None:
    """The only session of a day is joined to one of the day before."""
    first, second = author.spread(2)
    visitor, day = author.name("V"), author.own_day()
    _clicks(author, visitor, day, (1415, 1465), first)
    _clicks(author, visitor, day, (author.rng.choice((1437, 1440, 1444)),), second)


def _pause_at_the_limit(author: Author) -> None:
    """A pause of exactly 30 minutes, and one a little longer."""
    first, second, third = author.spread(3)
    visitor, day = author.name("V"), author.own_day()
    _clicks(author, visitor, day, (600, 660.0001), first)
    _clicks(author, visitor, day, (630,), second)
    _clicks(author, visitor, day, (690.0001,), third)


def _earlier_first_event(author: Author) -> None:
    """A late event is the first of its session, which takes its key, and perhaps its day."""
    first, second = author.spread(2)
    visitor, day = author.name("V"), author.own_day()
    _clicks(author, visitor, day, (1445, 1450), first)
    _clicks(author, visitor, day, (author.rng.choice((1420, 1441, 1445)),), second)


def _login_names_sessions(author: Author) -> None:
    """A login on two devices names the sessions before it; an older one that is late does not."""
    first, second, third = author.spread(3)
    visitor, device = author.name("V"), author.name("V")
    day, user = author.own_day(), author.name("C")
    # The same minute and type: two persons there, until both are known to be one.
    _clicks(author, visitor, day, (60, 61), first, event_type="search")
    _clicks(author, device, day, (60,), first, event_type="search")
    login = click(author, visitor, day + timedelta(hours=8), user_id=user)
    tell(author, login, second)
    other = click(author, visitor, day + timedelta(hours=4), user_id=author.name("C"))
    tell(author, other, third)
    also = click(author, device, day + timedelta(hours=8), user_id=user)
    tell(author, also, author.rng.choice((first, third)))


def _event_leaves_session(author: Author) -> None:
    """The first or last event of a session is displaced: what is left is near it, not around it."""
    for minutes in (570, 580, 635, 640):
        batch = author.rng.randint(1, author.batches)
        visitor, day = author.name("V"), author.own_day()
        # No repeats here: one that comes with the event would touch the session by itself.
        for minute in (600, 610):
            early = click(author, visitor, day + timedelta(minutes=minute))
            author.put("events", text_line(early), 0)
        event = click(author, visitor, day + timedelta(minutes=minutes))
        moved = click(author, author.name("V"), author.own_day(), event_id=event["event_id"])
        author.put("events", text_line(event), batch, part=0, prefix="m")
        author.put("events", text_line(moved), batch, part=1, prefix="a")


def _contradiction(author: Author, later: bool) -> None:
    """Two contents of one event, of other visitors at other times; the later file may win."""
    first, batch = author.spread(2)
    visitor, other, day = author.name("V"), author.name("V"), author.own_day()
    _clicks(author, visitor, day, (600, 650), first)
    _clicks(author, other, day, (1415, 1465), first)
    event = click(author, visitor, day + timedelta(minutes=625))
    again = click(author, other, day + timedelta(minutes=1441), event_id=event["event_id"])
    author.put("events", text_line(event), batch, part=0, prefix="m")
    second = batch + author.rng.randint(1, 3) if later else batch
    part, prefix = (None, "") if later else (1, author.rng.choice("az"))
    author.put("events", text_line(again), second, part=part, prefix=prefix)


def _contradiction_in_one_batch(author: Author) -> None:
    _contradiction(author, later=False)


def _contradiction_later(author: Author) -> None:
    _contradiction(author, later=True)


def _only_event_moves(author: Author) -> None:
    """The only event of a visitor, a minute and a day is displaced by another in its batch."""
    (batch,) = author.spread(1)
    event = click(author, author.name("V"), author.own_day())
    moved = click(author, author.name("V"), author.own_day(), event_id=event["event_id"])
    author.put("events", text_line(event), batch, part=0, prefix="m")
    author.put("events", text_line(moved), batch, part=1, prefix="a")


def _funnel_completes_late(author: Author) -> None:
    """View and purchase come first, what lies between them later, in any order."""
    batches = author.spread(4)
    visitor, day = author.name("V"), author.own_day()
    kinds = ["product_view", "purchase", "add_to_cart", "checkout"]
    minutes = {"product_view": 1, "add_to_cart": 2, "checkout": 3, "purchase": 4}
    for kind, batch in zip(kinds, batches, strict=True):
        time = day + timedelta(minutes=minutes[kind])
        tell(author, click(author, visitor, time, event_type=kind), batch)


def _machine_shows_late(author: Author) -> None:
    """A session turns out to be a machine's: by its pace, or by one event that says so."""
    first, second = author.spread(2)
    visitor, day = author.name("V"), author.own_day()
    pace = [number / 120 for number in range(56)]
    split = author.rng.randint(20, 45)
    _clicks(author, visitor, day, pace[:split], first)
    _clicks(author, visitor, day, pace[split:], second)
    crawled = author.name("V")
    _clicks(author, crawled, day, (600, 601), first)
    named = click(author, crawled, day + timedelta(minutes=602), user_agent=AGENTS[1])
    tell(author, named, second)


def _ahead_of_its_day(author: Author) -> None:
    """An event from the future is quarantined, and sound when it comes again in time."""
    batch = author.rng.randrange(max(1, author.batches // 2))
    visitor, day = author.name("V"), datetime.fromisoformat("2025-03-08T00:00:00+00:00")
    line = text_line(click(author, visitor, day + timedelta(minutes=10)))
    _clicks(author, visitor, day, (-15, 35), author.batches - 1)
    for arrival in (batch, author.rng.randint(batch, author.batches - 1), author.batches - 1):
        author.put("events", line, arrival)


def _user_without_device(author: Author) -> None:
    """Events that name a user only are a visitor of their own."""
    first, second = author.spread(2)
    user, day = author.name("C"), author.own_day()
    for minute, batch in ((0, first), (29, first), (58, second), (15, second)):
        time = day + timedelta(minutes=minute)
        tell(author, click(author, None, time, user_id=user), batch)


CLICK_PLOTS: tuple[Callable[[Author], None], ...] = (
    _late_event_joins,
    _joined_over_midnight,
    _pause_at_the_limit,
    _earlier_first_event,
    _event_leaves_session,
    _login_names_sessions,
    _contradiction_in_one_batch,
    _contradiction_later,
    _only_event_moves,
    _funnel_completes_late,
    _machine_shows_late,
    _ahead_of_its_day,
    _user_without_device,
)


def visitors(author: Author, count: int) -> None:
    """Add visitors of the noise: events at random times, most of them in order, some late."""
    rng = author.rng
    for _ in range(count):
        visitor = author.name("V")
        batch = rng.randrange(author.batches)
        time = author.shop_time()
        for _ in range(rng.randint(1, 12)):
            time += timedelta(seconds=rng.choice((0, 0.5, 20, 600, 1500, 1800, 1801, 7200)))
            row = click(
                author,
                visitor,
                time,
                event_type=rng.choice(TYPES),
                user_id=rng.choice((None, None, None, f"C{rng.randint(1, 9)}")),
                user_agent=rng.choice((*AGENTS[:1] * 9, *AGENTS)),
            )
            late = rng.randint(1, 6) if rng.random() < 0.25 else 0
            tell(author, row, batch + late)
            batch += rng.choice((0, 0, 0, 0, 1))


# What a schedule contains


def survey_clicks(
    arrivals: Iterable[tuple[int, str, str, Row]], whole_builds: set[int]
) -> Counter[str]:
    """Count what the events of a schedule do; `arrivals` are steps, days, files and events.

    `whole_builds` are the steps that build everything.
    """
    found: Counter[str] = Counter()
    seen: dict[str, dict[datetime, int]] = {}
    users: dict[str, list[tuple[int, bool]]] = {}
    kept: dict[str, _Kept] = {}
    arrived: dict[str, list[_Kept]] = {}
    for step, day, file, row in arrivals:
        try:
            time = datetime.fromisoformat(str(row.get("event_time")))
        except ValueError:
            continue
        if time.tzinfo is None:
            continue
        event = _Kept(day, file, str(row.get("anonymous_id")), time, step)
        arrived.setdefault(event.visitor, []).append(event)
        left = _left(kept, str(row.get("event_id")), event, arrived)
        found["event_leaves_session"] += left is not None and any(
            left.step <= number < step for number in whole_builds
        )
        visitor = str(row.get("anonymous_id"))
        times = seen.setdefault(visitor, {})
        earlier = [t for t, number in times.items() if number < step]
        before = max((t for t in earlier if t < time), default=None)
        after = min((t for t in earlier if t > time), default=None)
        if before and after and after - before > SESSION_GAP:
            is_joined = time - before <= SESSION_GAP and after - time <= SESSION_GAP
            found["sessions_joined_late"] += is_joined
            found["sessions_joined_over_midnight"] += is_joined and before.date() != after.date()
        found["session_begins_earlier"] += bool(
            not before and after and after - time <= SESSION_GAP
        )
        found["pause_of_30_minutes"] += any(abs(time - t) == SESSION_GAP for t in times)
        times.setdefault(time, step)
        known = users.setdefault(visitor, [])
        is_user = row.get("user_id") is not None
        found["login_after_anonymous"] += is_user and any(
            not flag and number < step for number, flag in known
        )
        known.append((step, is_user))
    return found


class _Kept(NamedTuple):
    """What is kept of an event: the copy that came first, by day of arrival and file."""

    day: str
    file: str
    visitor: str
    time: datetime
    step: int


def _left(
    kept: dict[str, _Kept], event_id: str, event: _Kept, arrived: dict[str, list[_Kept]]
) -> _Kept | None:
    """Keep a copy of an event if it is the first; return the one that leaves a session by that.

    What leaves was the first or the last event of a session, all others came in earlier batches.
    """
    old = kept.setdefault(event_id, event)
    if event >= old:
        return None
    kept[event_id] = event
    near = [
        one
        for one in arrived[old.visitor]
        if one.time != old.time and abs(one.time - old.time) <= SESSION_GAP
    ]
    is_within = any(
        one.time < old.time < other.time and other.time - one.time <= SESSION_GAP
        for one in near
        for other in near
    )
    is_end = bool(near) and not is_within and all(one.day < old.day for one in near)
    return old if is_end and event.day == old.day else None
