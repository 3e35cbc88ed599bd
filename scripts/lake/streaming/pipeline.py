"""Producer, stream, handler and delivery in a row: what a replay sends its records through."""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lake.streaming.delivery import Delivery
from lake.streaming.enrich import PoisonError, parse_event, session_of
from lake.streaming.handler import transform
from lake.streaming.in_process import Taken
from lake.streaming.producer import Producer, Record

# What Firehose gathers for one invocation unless told otherwise.
INVOCATION_BYTES = 1_000_000
_FAILED_STATUS = "ProcessingFailed status set for record"


class Stream(Protocol):
    """Where records wait between producer and handler."""

    def read(self, positions: dict[str, int]) -> list[Taken]:
        """Return what was not read yet, at least up to the numbers in `positions`, by shard."""


@dataclass
class Counts:
    """What went through: records acknowledged, sent again, too large, dropped as empty."""

    records: int = 0
    retried: int = 0
    refused: int = 0
    dropped: int = 0


class Pipeline:
    """One step is: send records, read them back from the stream, enrich them, buffer them.

    When `step` returns, every record given to it is in a buffer of `delivery`: what is flushed then
    can be marked as done.
    """

    def __init__(self, producer: Producer, stream: Stream, delivery: Delivery) -> None:
        self.counts = Counts()
        self.delivery = delivery
        self._producer = producer
        self._stream = stream
        self._put_back: list[Record] = []

    def step(self, records: Iterable[bytes], now_ms: int) -> None:
        """Take records through to the buffers; `now_ms` stands for those the stream never took.

        Raises:
            DeliveryError: the stream does not take them.
        """
        waiting = [record_of(data) for data in records]
        while waiting:
            self._send(waiting, now_ms)
            waiting, self._put_back = self._put_back, []

    def _send(self, records: Sequence[Record], now_ms: int) -> None:
        sent = self._producer.send(records)
        self.counts.records += sent.records
        self.counts.retried += sent.retried
        self.counts.refused += len(sent.refused)
        for record in sent.refused:
            message = "larger than the 1 MiB that a stream takes"
            self.delivery.add_failure("record-too-large", message, record.data, now_ms)
        for batch in _invocations(self._stream.read(sent.positions)):
            self._invoke(batch)

    def _invoke(self, batch: list[Taken]) -> None:
        answers = transform(invocation(batch), self._take_back)["records"]
        for taken, answer in zip(batch, answers, strict=True):
            if answer["result"] == "Ok":
                line = base64.b64decode(answer["data"])
                self.delivery.add_event(line, taken.arrived_ms)
            elif answer["result"] == "ProcessingFailed":
                self.delivery.add_failure(
                    "processing-failed", _FAILED_STATUS, taken.data, taken.arrived_ms
                )
            else:
                self.counts.dropped += 1

    def _take_back(self, records: Sequence[Record]) -> list[bool]:
        self._put_back += records
        return [True] * len(records)


def record_of(data: bytes) -> Record:
    """Return the record of an event: its key is the session, without one the event's own bytes."""
    try:
        session = session_of(parse_event(data)[1])
    except PoisonError:
        session = None
    return Record.of(session or hashlib.md5(data).hexdigest(), data)


def invocation(batch: list[Taken]) -> dict[str, Any]:
    """Return the event by which Firehose invokes the handler."""
    return {
        "invocationId": f"{batch[0].shard}-{batch[0].number}",
        "deliveryStreamArn": "arn:aws:firehose:local:000000000000:deliverystream/clickstream",
        "sourceKinesisStreamArn": "arn:aws:kinesis:local:000000000000:stream/clickstream-events",
        "region": "local",
        "records": [
            {
                "recordId": f"{taken.shard}-{taken.number}",
                "approximateArrivalTimestamp": taken.arrived_ms,
                "data": base64.b64encode(taken.data).decode(),
                "kinesisRecordMetadata": {
                    "shardId": taken.shard,
                    "partitionKey": taken.key,
                    "approximateArrivalTimestamp": taken.arrived_ms,
                    "sequenceNumber": str(taken.number),
                    "subsequenceNumber": 0,
                },
            }
            for taken in batch
        ],
    }


def _invocations(taken: list[Taken]) -> Iterator[list[Taken]]:
    batch: list[Taken] = []
    size = 0
    for one in taken:
        if batch and size + len(one.data) > INVOCATION_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += len(one.data)
    if batch:
        yield batch
