"""A producer for the PutRecords call of Kinesis.

What is guaranteed, for the records given to `Producer.send`:
- **At least once to the stream.** When `send` returns, the stream has acknowledged each record, or
  the record is in `Sent.refused` (larger than the service takes). When it raises, what was not
  acknowledged is in the error. Nothing is dropped in silence.
- **Order per partition key.** A record leaves only after the one before it with the same key was
  acknowledged, so that a request holds one record of a key at most: PutRecords goes on behind a
  record that failed, and two of one key could change places. The first copies of the records of a
  key therefore stand in the stream in the order given.
- **Doubles are possible.** A call that timed out may have been executed, and is sent again. The
  copies are the same bytes with the same `event_id`.

Exactly once is what silver sees after it removed doubles by `event_id`. A record without one is
told apart from its double by nothing and counts as often as it arrived.
"""

import hashlib
import random
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnectionError

REQUEST_RECORDS = 500
# The service says 5 MB for a request, keys included, and means MiB; a little less is always safe.
REQUEST_BYTES = 5_000_000
RECORD_BYTES = 1024 * 1024
KEY_CHARACTERS = 256

_TEMPORARY = {
    "InternalFailure",
    "InternalServiceError",
    "KMSThrottlingException",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestTimeout",
    "ServiceUnavailable",
    "ThrottlingException",
}
# Connections that break, and calls that time out: whether they were executed is not known.
_UNKNOWN = (NoConnectionError, HTTPClientError, OSError)

PutRecords = Callable[..., dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its partition key (1 to 256 characters) and its bytes."""

    key: str
    data: bytes

    @classmethod
    def of(cls, key: str, data: bytes) -> "Record":
        """Return a record whose key the service takes: another one is hashed."""
        if not 0 < len(key) <= KEY_CHARACTERS or not key.isprintable():
            key = hashlib.md5(key.encode("utf-8", "backslashreplace")).hexdigest()
        return cls(key, data)

    @property
    def size(self) -> int:
        """Return the bytes that count: data and key."""
        return len(self.data) + len(self.key.encode())


@dataclass(frozen=True)
class Backoff:
    """How long to wait before attempt 2, 3, …: a random part of a doubling limit, in seconds."""

    first_seconds: float = 0.1
    limit_seconds: float = 5.0
    attempts: int = 10

    def seconds(self, attempt: int, draw: float) -> float:
        """Return the wait after failed attempt number `attempt`, by `draw` between 0 and 1."""
        return draw * min(self.limit_seconds, self.first_seconds * 2.0 ** (attempt - 1))


@dataclass
class Sent:
    """What `send` did: records acknowledged, requests, records sent again, records too large.

    `positions` is the last sequence number that each shard gave to one of the records.
    """

    records: int = 0
    requests: int = 0
    retried: int = 0
    refused: list[Record] = field(default_factory=list)
    positions: dict[str, int] = field(default_factory=dict)


class DeliveryError(Exception):
    """Records that the stream did not acknowledge; some may be in it all the same."""

    def __init__(self, undelivered: list[Record], reason: str) -> None:
        super().__init__(f"{len(undelivered)} records not acknowledged: {reason}")
        self.undelivered = undelivered
        self.reason = reason


class Producer:
    """Sends records to one stream by `put_records`, the method of a boto3 client or alike."""

    def __init__(
        self,
        put_records: PutRecords,
        stream: str,
        *,
        backoff: Backoff | None = None,
        sleep: Callable[[float], None] = time.sleep,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._put_records = put_records
        self._stream = stream
        self._backoff = backoff or Backoff()
        self._sleep = sleep
        self._draw = draw

    def send(self, records: Iterable[Record]) -> Sent:
        """Send records and wait until each is acknowledged.

        Raises:
            DeliveryError: a permanent error, or `Backoff.attempts` in a row without any success.
        """
        sent = Sent()
        waiting: OrderedDict[str, deque[Record]] = OrderedDict()
        for record in records:
            if record.size > RECORD_BYTES:
                sent.refused.append(record)
            else:
                waiting.setdefault(record.key, deque()).append(record)
        failures = 0
        while waiting:
            batch = _next_batch(waiting)
            results, reason = self._call(batch, waiting)
            sent.requests += 1
            failed = len(batch) - self._take_acknowledged(batch, results, waiting, sent)
            if not failed:
                failures = 0
                continue
            failures = 1 if failed < len(batch) else failures + 1
            if failures >= self._backoff.attempts:
                raise DeliveryError(_all(waiting), reason or "the stream refuses each record")
            sent.retried += failed
            self._sleep(self._backoff.seconds(failures, self._draw()))
        return sent

    def _call(
        self, batch: list[Record], waiting: OrderedDict[str, deque[Record]]
    ) -> tuple[list[dict[str, Any]], str]:
        """Return the result of each record, or none at all and why."""
        entries = [{"Data": record.data, "PartitionKey": record.key} for record in batch]
        try:
            response = self._put_records(StreamName=self._stream, Records=entries)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code not in _TEMPORARY:
                raise DeliveryError(_all(waiting), str(error)) from error
            return [], str(error)
        except _UNKNOWN as error:
            return [], str(error) or type(error).__name__
        except BotoCoreError as error:
            raise DeliveryError(_all(waiting), str(error)) from error
        results: list[dict[str, Any]] = response["Records"]
        errors = [result.get("ErrorMessage") or result.get("ErrorCode") for result in results]
        return results, next((str(error) for error in errors if error), "")

    def _take_acknowledged(
        self,
        batch: list[Record],
        results: list[dict[str, Any]],
        waiting: OrderedDict[str, deque[Record]],
        sent: Sent,
    ) -> int:
        """Remove what was acknowledged; return how many that is.

        A key with more to send goes to the end, so that no key holds up the others.
        """
        acknowledged = 0
        for record, result in zip(batch, results, strict=False):
            if result.get("ErrorCode") or not result.get("SequenceNumber"):
                continue
            acknowledged += 1
            shard, number = result["ShardId"], int(result["SequenceNumber"])
            sent.positions[shard] = max(number, sent.positions.get(shard, number))
            queue = waiting[record.key]
            queue.popleft()
            if queue:
                waiting.move_to_end(record.key)
            else:
                del waiting[record.key]
        sent.records += acknowledged
        return acknowledged


def _next_batch(waiting: OrderedDict[str, deque[Record]]) -> list[Record]:
    """Return the oldest record of each key, as many as one request takes."""
    batch: list[Record] = []
    size = 0
    for queue in waiting.values():
        size += queue[0].size
        if len(batch) == REQUEST_RECORDS or size > REQUEST_BYTES:
            break
        batch.append(queue[0])
    return batch


def _all(waiting: OrderedDict[str, deque[Record]]) -> list[Record]:
    return [record for queue in waiting.values() for record in queue]
