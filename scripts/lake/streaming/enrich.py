"""What the stream adds to one event. Standard library only: this runs in AWS Lambda as it is.

The text of the event stays as it came, and the added fields are appended to it: numbers keep their
digits, and an event that is enriched already comes out byte for byte the same.
"""

import json
from datetime import UTC, datetime
from typing import Any

CATEGORIES = {"purchase": "conversion", "add_to_cart": "engagement"}
OTHER_CATEGORY = "browsing"
NO_SESSION = "none"
_LONGEST_SESSION = 10**9  # seconds; what is longer is no length
# Where an event carries the beginning of its session, the first of these that it has.
SESSION_START_FIELDS = ("session_started_at", "session_start_time")
# The readers of the lake use these characters as marks; a file that holds one cannot be read.
_MARKS = {"\U0010ffff": r"\udbff\udfff", "\U0010fffe": r"\udbff\udffe"}


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


class PoisonError(ValueError):
    """An event that nothing can be said of: no JSON object in UTF-8."""


def parse_event(data: bytes) -> tuple[str, dict[str, Any]]:
    """Return the text of an event, in one line that every reader takes, and its fields.

    Raises:
        PoisonError: not UTF-8, not JSON, or JSON but no object.
    """
    try:
        text = data.decode("utf-8").strip()
        event = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise PoisonError(f"no JSON in UTF-8: {error}") from error
    if not isinstance(event, dict):
        raise PoisonError(f"no JSON object but {type(event).__name__}")
    if "\n" in text or "\r" in text:
        text = _ENCODER.encode(event)
    for mark, escape in _MARKS.items():
        text = text.replace(mark, escape)
    return text, event


def enrich(data: bytes, arrived_ms: int | None) -> tuple[str, str]:
    """Return the enriched event as a line, and its session (`none` without one).

    `arrived_ms` is when the stream took the record, in ms since 1970 UTC; an event that was
    enriched before keeps the time it has. Fields added: `event_category`,
    `session_length_seconds` (null but at `session_end`, and there where the event carries no
    beginning of its session) and `ingested_at` (ISO 8601 in UTC).

    Raises:
        PoisonError: as `parse_event`; or an event that carries fields of these, which are wrong,
            together with a number beyond those of JSON.
    """
    text, event = parse_event(data)
    added = {
        "event_category": _category(event.get("event_type")),
        "session_length_seconds": _session_length(event),
        "ingested_at": _ingested_at(event.get("ingested_at"), arrived_ms),
    }
    if not added.keys() & event.keys():
        body = text[:-1].rstrip()
        comma = "," if event else ""
        text = f"{body}{comma}{_ENCODER.encode(added)[1:]}"
    elif any(name not in event or event[name] != value for name, value in added.items()):
        try:
            text = _ENCODER.encode({**event, **added})
        except ValueError as error:
            raise PoisonError(f"a number that no double holds: {error}") from error
    return text + "\n", session_of(event) or NO_SESSION


def session_of(event: dict[str, Any]) -> str | None:
    """Return the session that an event belongs to; None where it names none."""
    session = event.get("user_session")
    return session if isinstance(session, str) and session else None


def iso_utc(milliseconds: int) -> str:
    """Return a time in ms since 1970 UTC as ISO 8601 with three decimals."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_time(value: Any) -> datetime | None:
    """Return a time in ISO 8601, UTC where it names no zone; None where it is none."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _category(event_type: Any) -> str:
    is_known = isinstance(event_type, str) and event_type in CATEGORIES
    return CATEGORIES[event_type] if is_known else OTHER_CATEGORY


def _session_length(event: dict[str, Any]) -> float | None:
    if event.get("event_type") != "session_end":
        return None
    starts = [event[name] for name in SESSION_START_FIELDS if event.get(name) is not None]
    if not starts:
        carried = event.get("session_length_seconds")
        if not isinstance(carried, int | float) or isinstance(carried, bool):
            return None
        return carried if 0 <= carried <= _LONGEST_SESSION else None
    start, end = parse_time(starts[0]), parse_time(event.get("event_time"))
    if start is None or end is None or end < start:
        return None
    return round((end - start).total_seconds(), 3)


def _ingested_at(carried: Any, arrived_ms: int | None) -> str | None:
    if parse_time(carried):
        return str(carried)
    return None if arrived_ms is None else iso_utc(arrived_ms)
