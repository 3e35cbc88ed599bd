"""A stream inside this process with the calls of Kinesis that the replay needs."""

import hashlib
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lake.streaming.producer import RECORD_BYTES, REQUEST_RECORDS

_REQUEST_BYTES = 5 * 1024 * 1024
_KEY_SPACE = 1 << 128


@dataclass(frozen=True, slots=True)
class Taken:
    """A record as the stream holds it; `arrived_ms` in ms since 1970 UTC."""

    shard: str
    number: int
    key: str
    data: bytes
    arrived_ms: int


class LocalStream:
    """Shards as queues: a record goes to the shard of its key, and is read once, in order.

    `clock_ms` tells when a record arrives. Nothing outlives the process.
    """

    def __init__(self, shards: int = 4, clock_ms: Callable[[], int] | None = None) -> None:
        self._queues: list[deque[Taken]] = [deque() for _ in range(shards)]
        self._numbers = 0
        self._clock_ms = clock_ms or (lambda: time.time_ns() // 1_000_000)

    def put_records(self, StreamName: str, Records: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Take records as Kinesis does; the stream's name says nothing here.

        Raises:
            ValueError: more than the service takes in one request or one record.
        """
        sizes = [len(one["Data"]) + len(one["PartitionKey"].encode()) for one in Records]
        if len(Records) > REQUEST_RECORDS or sum(sizes) > _REQUEST_BYTES:
            raise ValueError("a request holds at most 500 records and 5 MiB")
        if any(size > RECORD_BYTES for size in sizes):
            raise ValueError("a record holds at most 1 MiB, its key included")
        return {"FailedRecordCount": 0, "Records": [self._take(one) for one in Records]}

    def read(self, positions: dict[str, int]) -> list[Taken]:
        """Return all that was not read yet; `positions` are reached by that."""
        found = [taken for queue in self._queues for taken in queue]
        for queue in self._queues:
            queue.clear()
        return found

    def _take(self, entry: dict[str, Any]) -> dict[str, Any]:
        place = shard_of(entry["PartitionKey"], len(self._queues))
        self._numbers += 1
        taken = Taken(
            shard=f"shardId-{place:012d}",
            number=self._numbers,
            key=entry["PartitionKey"],
            data=entry["Data"],
            arrived_ms=self._clock_ms(),
        )
        self._queues[place].append(taken)
        return {"SequenceNumber": str(taken.number), "ShardId": taken.shard}


def shard_of(key: str, shards: int) -> int:
    """Return the number of the shard that holds the md5 of a key, of shards of equal ranges."""
    return int.from_bytes(hashlib.md5(key.encode()).digest()) * shards // _KEY_SPACE
