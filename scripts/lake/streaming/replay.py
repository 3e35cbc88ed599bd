"""Sends the events of a source through the stream into the lake, and measures it."""

import time
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from lake.streaming.checkpoint import Checkpoint
from lake.streaming.delivery import Delivered, Delivery
from lake.streaming.pace import Pace
from lake.streaming.pipeline import Counts, Pipeline
from lake.streaming.source import Line, SourceFile, read_lines


@dataclass
class Replayed:
    """What a replay did; latencies in seconds from the moment at which a record was due."""

    seconds: float = 0.0
    counts: Counts = field(default_factory=Counts)
    delivered: Delivered = field(default_factory=Delivered)
    enriched_latency: "array[float]" = field(default_factory=lambda: array("d"))
    landed_latency: "array[float]" = field(default_factory=lambda: array("d"))

    @property
    def rate(self) -> float:
        """Return the records a second that were sustained, the last flush included."""
        return self.counts.records / self.seconds if self.seconds else 0.0


class ArrivalClock:
    """When a record arrives, in ms since 1970 UTC: now, or at the end of the day that is set.

    A landed file says on which day it arrived, and not when: at its end all of it was there.
    """

    def __init__(self) -> None:
        self.day: date | None = None

    def now_ms(self) -> int:
        """Return the moment of arrival."""
        if self.day is None:
            return time.time_ns() // 1_000_000
        midnight = datetime.combine(self.day + timedelta(days=1), datetime.min.time(), UTC)
        return int(midnight.timestamp() * 1000) - 1


class Replay:
    """One replay: `run` sends what the checkpoint does not hold yet."""

    def __init__(
        self,
        pipeline: Pipeline,
        delivery: Delivery,
        checkpoint: Checkpoint,
        clock: ArrivalClock,
        *,
        arrives_now: bool,
        on_records: Callable[[int], None] = lambda records: None,
    ) -> None:
        self._pipeline = pipeline
        self._delivery = delivery
        self._checkpoint = checkpoint
        self._clock = clock
        self._arrives_now = arrives_now
        self._on_records = on_records
        self._result = Replayed(counts=pipeline.counts, delivered=delivery.done)
        self._reached: dict[str, int] = {}
        self._unlanded: list[float] = []

    def run(self, files: list[SourceFile], rate: float) -> Replayed:
        """Send the files at `rate` records a second; 0 is as fast as it goes.

        Raises:
            UserError: a file cannot be read, or the lake not be written.
            DeliveryError: the stream does not take the records.
        """
        begun = time.monotonic()
        pace = Pace(rate)
        for file in files:
            self._clock.day = None if self._arrives_now else file.arrival_day
            lines = read_lines(file, self._checkpoint.lines.get(file.name, 0))
            for records, number in _chunks(lines, pace.chunk):
                due = pace.due(len(records))
                self._pipeline.step(records, self._clock.now_ms())
                moment = time.monotonic()
                self._result.enriched_latency.extend(moment - one for one in due)
                self._unlanded += due
                self._reached[file.name] = number
                self._on_records(len(records))
                if self._delivery.is_due():
                    self._settle()
        self._settle()
        self._result.seconds = time.monotonic() - begun
        return self._result

    def _settle(self) -> None:
        """Write the buffers, then say so in the checkpoint: never the other way round."""
        self._delivery.flush()
        moment = time.monotonic()
        self._result.landed_latency.extend(moment - one for one in self._unlanded)
        self._unlanded.clear()
        if self._reached:
            self._checkpoint.lines.update(self._reached)
            self._checkpoint.save()
            self._reached.clear()


def _chunks(lines: Iterator[Line], size: int) -> Iterator[tuple[list[bytes], int]]:
    """Yield records in chunks of whole lines, each with the number of its last line."""
    records: list[bytes] = []
    number = 0
    for line in lines:
        records += line.records
        number = line.number
        if len(records) >= size:
            yield records, number
            records = []
    if number:
        yield records, number
