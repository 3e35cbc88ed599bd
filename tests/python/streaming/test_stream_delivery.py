"""When buffers are written, and under which arrival."""

from pathlib import Path

import pytest
from firehose_events import ARRIVED_MS

from lake.streaming.delivery import Delivery

DAY_MS = 86_400_000


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def delivery(tmp_path: Path, clock: Clock) -> Delivery:
    return Delivery(tmp_path, "clicks", "json", buffer_bytes=10, buffer_seconds=5, clock=clock)


def test_an_empty_buffer_is_never_due(delivery: Delivery, clock: Clock, tmp_path: Path) -> None:
    clock.seconds += 1000
    assert not delivery.is_due()
    delivery.flush()
    assert list(tmp_path.iterdir()) == []


def test_a_full_buffer_is_due(delivery: Delivery) -> None:
    delivery.add_event(b"12345678\n", ARRIVED_MS)
    assert not delivery.is_due()
    delivery.add_event(b"\n", ARRIVED_MS)
    assert delivery.is_due()
    delivery.flush()
    delivery.add_event(b"\n", ARRIVED_MS)
    assert not delivery.is_due()


def test_a_buffer_is_due_when_its_oldest_record_has_waited(
    delivery: Delivery, clock: Clock
) -> None:
    delivery.add_event(b"\n", ARRIVED_MS)
    clock.seconds += 4
    delivery.add_event(b"\n", ARRIVED_MS)
    assert not delivery.is_due()
    clock.seconds += 1
    assert delivery.is_due()
    delivery.flush()
    delivery.add_event(b"\n", ARRIVED_MS)
    clock.seconds += 4
    assert not delivery.is_due()


def test_no_file_holds_two_days(delivery: Delivery, tmp_path: Path) -> None:
    for days in range(3):
        delivery.add_event(b"{}\n", ARRIVED_MS + days * DAY_MS)
    delivery.flush()
    folders = sorted(path.parent.name for path in (tmp_path / "clicks").rglob("*.json.gz"))
    assert folders == [f"arrival_date=2026-01-0{day}" for day in (1, 2, 3)]
    assert (delivery.done.events, delivery.done.files) == (3, 3)
