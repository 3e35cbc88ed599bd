"""Reading a Kinesis shard that answers late, in parts, and with expired iterators."""

from datetime import UTC, datetime
from typing import Any

import pytest
from faulty_stream import client_error

from lake.streaming.kinesis import KinesisStream

ARRIVED = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Shard:
    """A client whose answers are prepared: numbers of records, or an error."""

    def __init__(self, *answers: list[int] | Exception) -> None:
        self.answers = list(answers)
        self.starts: list[dict[str, Any]] = []

    def get_shard_iterator(self, **call: Any) -> dict[str, Any]:
        self.starts.append(call)
        return {"ShardIterator": f"start-{len(self.starts)}"}

    def get_records(self, ShardIterator: str) -> dict[str, Any]:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        records = [
            {
                "SequenceNumber": str(number),
                "PartitionKey": "S1",
                "Data": b"{}",
                "ApproximateArrivalTimestamp": ARRIVED,
            }
            for number in answer
        ]
        return {"Records": records, "NextShardIterator": f"after-{ShardIterator}"}


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lake.streaming.kinesis._PAUSE_SECONDS", 0)


def test_it_reads_on_until_what_was_acknowledged_is_there() -> None:
    shard = Shard([], [1, 2], [], [5], [9])
    stream = KinesisStream(shard, "clicks")
    assert [one.number for one in stream.read({"shard-0": 5})] == [1, 2, 5]
    assert stream.read({"shard-0": 5}) == []
    (taken,) = stream.read({"shard-0": 9})
    assert (taken.shard, taken.key, taken.data) == ("shard-0", "S1", b"{}")
    assert taken.arrived_ms == int(ARRIVED.timestamp() * 1000)
    assert [start["ShardIteratorType"] for start in shard.starts] == ["AT_TIMESTAMP"]


def test_an_expired_iterator_is_replaced_where_it_stood() -> None:
    expired = client_error("ExpiredIteratorException")
    shard = Shard(expired, [1], expired, [2])
    stream = KinesisStream(shard, "clicks")
    assert [one.number for one in stream.read({"shard-0": 2})] == [1, 2]
    assert [start["ShardIteratorType"] for start in shard.starts] == [
        "AT_TIMESTAMP",
        "AT_TIMESTAMP",
        "AFTER_SEQUENCE_NUMBER",
    ]
    assert shard.starts[-1]["StartingSequenceNumber"] == "1"


def test_another_refusal_is_told() -> None:
    stream = KinesisStream(Shard(client_error("AccessDeniedException")), "clicks")
    with pytest.raises(type(client_error("")), match="AccessDenied"):
        stream.read({"shard-0": 1})
