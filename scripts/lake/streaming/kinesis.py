"""A Kinesis stream as the replay reads it: in AWS, or a stand-in behind `AWS_ENDPOINT_URL`."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from lake.streaming.in_process import Taken

# A shard lets itself be read five times a second.
_PAUSE_SECONDS = 0.2
_CLOCK_SKEW = timedelta(minutes=1)


class KinesisStream:
    """Reads each shard from the moment of its making, so also what others send meanwhile."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name
        self._since = datetime.now(UTC) - _CLOCK_SKEW
        self._iterators: dict[str, str] = {}
        self._seen: dict[str, int] = {}

    def read(self, positions: dict[str, int]) -> list[Taken]:
        """Return what was not read yet of the shards in `positions`, at least up to these.

        Raises:
            ClientError: the service refuses.
        """
        found: list[Taken] = []
        for shard, position in positions.items():
            while self._seen.get(shard, -1) < position:
                taken = self._next(shard)
                found += taken
                if not taken:
                    time.sleep(_PAUSE_SECONDS)
        return found

    def _next(self, shard: str) -> list[Taken]:
        iterator = self._iterators.get(shard) or self._iterator(shard)
        try:
            response = self._client.get_records(ShardIterator=iterator)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "ExpiredIteratorException":
                raise
            response = self._client.get_records(ShardIterator=self._iterator(shard))
        self._iterators[shard] = response.get("NextShardIterator") or ""
        taken = [_taken(shard, record) for record in response["Records"]]
        if taken:
            self._seen[shard] = taken[-1].number
        return taken

    def _iterator(self, shard: str) -> str:
        start: dict[str, Any] = {"ShardIteratorType": "AT_TIMESTAMP", "Timestamp": self._since}
        if shard in self._seen:
            number = str(self._seen[shard])
            start = {
                "ShardIteratorType": "AFTER_SEQUENCE_NUMBER",
                "StartingSequenceNumber": number,
            }
        response = self._client.get_shard_iterator(StreamName=self._name, ShardId=shard, **start)
        return str(response["ShardIterator"])


def _taken(shard: str, record: dict[str, Any]) -> Taken:
    arrived = record["ApproximateArrivalTimestamp"]
    return Taken(
        shard=shard,
        number=int(record["SequenceNumber"]),
        key=record["PartitionKey"],
        data=record["Data"],
        arrived_ms=int(arrived.timestamp() * 1000),
    )
