"""What the stream adds to one event, and what it leaves alone."""

import json
from typing import Any

import pytest
from firehose_events import ARRIVED, ARRIVED_MS, click
from hypothesis import given
from hypothesis import strategies as st

from lake.streaming.enrich import PoisonError, enrich

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
EVENTS = st.dictionaries(
    st.sampled_from(
        [
            "event_type",
            "event_time",
            "user_session",
            "session_started_at",
            "event_category",
            "session_length_seconds",
            "ingested_at",
            "page",
        ]
    )
    | st.text(),
    st.sampled_from(["purchase", "session_end", "2026-01-01T10:00:00Z", "2026-01-02"])
    | JSON_VALUES,
)
ADDED = {"event_category", "session_length_seconds", "ingested_at"}


def enriched(data: bytes, arrived_ms: int | None = ARRIVED_MS) -> dict[str, Any]:
    return json.loads(enrich(data, arrived_ms)[0])


@pytest.mark.parametrize(
    ("event_type", "category"),
    [
        ("purchase", "conversion"),
        ("add_to_cart", "engagement"),
        ("remove_from_cart", "browsing"),
        ("page_view", "browsing"),
        ("purchase_viewed", "browsing"),
        ("Purchase", "browsing"),
        (None, "browsing"),
        (["purchase"], "browsing"),
        ({}, "browsing"),
    ],
)
def test_the_category_follows_from_the_type(event_type: Any, category: str) -> None:
    assert enriched(click(event_type=event_type))["event_category"] == category


@pytest.mark.parametrize(
    ("fields", "length"),
    [
        ({"session_started_at": "2026-01-01T11:30:00Z"}, 1799.0),
        ({"session_started_at": "2026-01-01T12:30:00.250+01:00"}, 1798.75),
        ({"session_start_time": "2026-01-01T11:30:00"}, 1799.0),
        ({"session_started_at": "2026-01-01T11:59:59Z"}, 0.0),
        ({"session_started_at": "2026-01-01T12:00:00Z"}, None),
        ({"session_started_at": "yesterday"}, None),
        ({"session_started_at": "0001-01-01T00:00:00+14:00"}, None),
        ({"session_started_at": 5}, None),
        ({"session_started_at": "2026-01-01T11:30:00Z", "event_time": None}, None),
        ({"session_started_at": "2026-01-01T11:30:00Z", "event_type": "purchase"}, None),
        ({"session_length_seconds": 12.5}, 12.5),
        ({"session_length_seconds": -1}, None),
        ({"session_length_seconds": True}, None),
        ({"session_length_seconds": "12"}, None),
        ({}, None),
    ],
)
def test_a_session_has_a_length_at_its_end_where_the_event_carries_it(
    fields: dict[str, Any], length: float | None
) -> None:
    event = enriched(click(**{"event_type": "session_end", **fields}))
    assert event["session_length_seconds"] == length
    assert event["session_length_seconds"] is not True


def test_the_time_of_ingestion_is_the_arrival_in_the_stream() -> None:
    assert enriched(click())["ingested_at"] == ARRIVED
    assert enriched(click(ingested_at="2025-05-05T05:05:05Z"))["ingested_at"][:4] == "2025"
    assert enriched(click(ingested_at="never"))["ingested_at"] == ARRIVED
    assert enriched(click(), None)["ingested_at"] is None


def test_the_text_of_an_event_stays_as_it_came() -> None:
    data = '{ "price":1.10, "id":123456789012345678901234567890, "n\\u00e4me":"ä", "x":1e999 }'
    line, session = enrich(data.encode(), ARRIVED_MS)
    assert line.startswith(data[:-2] + ',"event_category":"browsing"')
    assert session == "none"
    assert enrich(line.encode(), ARRIVED_MS) == (line, session)


@pytest.mark.parametrize("length", ["1e999", "1" + "0" * 400, "-1", "1e10"])
def test_a_length_that_no_session_has_is_none(length: str) -> None:
    data = f'{{"event_type":"session_end","session_length_seconds":{length}}}'
    if length == "1e999":
        with pytest.raises(PoisonError, match="no double holds"):
            enrich(f'{{"x":1e999,{data[1:]}'.encode(), ARRIVED_MS)
    line, _ = enrich(data.encode(), ARRIVED_MS)
    assert json.loads(line)["session_length_seconds"] is None


def test_an_event_over_several_lines_becomes_one() -> None:
    line, _ = enrich(b'\r\n{"page":\r\n\n"a\\nb"}\n', ARRIVED_MS)
    assert line.count("\n") == 1
    assert line.endswith("\n")
    assert json.loads(line)["page"] == "a\nb"


def test_a_lone_carriage_return_ends_no_event() -> None:
    assert "\r" not in enrich(b'{"page":\r"a"}', ARRIVED_MS)[0]


def test_the_marks_of_the_readers_are_escaped() -> None:
    line, _ = enrich('{"page":"\U0010ffff\U0010fffe"}'.encode(), ARRIVED_MS)
    assert line.isascii()
    assert json.loads(line)["page"] == "\U0010ffff\U0010fffe"


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"[]",
        b"1",
        b'"text"',
        b"null",
        b"\xff{}",
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":"\x00"}',
        b"\xef\xbb\xbf{}",
        b"{}{}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"a":' + b"1" * 5_000 + b"}",
    ],
)
def test_what_is_no_json_object_is_poison(data: bytes) -> None:
    with pytest.raises(PoisonError):
        enrich(data, ARRIVED_MS)


@given(EVENTS, st.booleans())
def test_the_enriched_event_comes_out_the_same_however_late(
    event: dict[str, Any], is_ascii: bool
) -> None:
    try:
        data = json.dumps(event, ensure_ascii=is_ascii, indent=1).encode()
    except UnicodeEncodeError:
        return
    once, session = enrich(data, ARRIVED_MS)
    assert enrich(once.encode(), ARRIVED_MS + 86_400_000) == (once, session)
    fields = json.loads(once)
    assert fields.keys() == event.keys() | ADDED
    assert {name: fields[name] for name in event.keys() - ADDED} == {
        name: value for name, value in event.items() if name not in ADDED
    }


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_an_event_or_poison(data: bytes) -> None:
    try:
        line, _ = enrich(data, ARRIVED_MS)
    except PoisonError:
        return
    assert isinstance(json.loads(line), dict)
