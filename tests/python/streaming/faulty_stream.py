"""A stand-in for PutRecords that holds the producer to the contract and fails at random."""

import random
from typing import Any

from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

THROTTLED = "ProvisionedThroughputExceededException"


def client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "as told"}}, "PutRecords")


class FaultyStream:
    """Keeps what it took, in order, as (key, data); `trouble` is how often something goes wrong.

    A call may fail before it is executed, after it, after a part of it, or be executed only when
    the next call was; a record may fail alone.
    """

    def __init__(self, seed: int = 0, trouble: float = 0.0) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.calls = 0
        self.trouble = trouble
        self._draw = random.Random(seed)
        self._delayed: list[dict[str, Any]] = []

    def put_records(self, *, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:
        self.calls += 1
        assert StreamName == "clicks"
        sizes = [len(one["Data"]) + len(one["PartitionKey"].encode()) for one in Records]
        assert 1 <= len(Records) <= 500
        assert sum(sizes) <= 5_000_000
        assert all(size <= 1024 * 1024 for size in sizes)
        assert all(1 <= len(one["PartitionKey"]) <= 256 for one in Records)
        if self._goes_wrong():
            raise self._call_failure(Records)
        results = [self._result(one) for one in Records]
        late, self._delayed = self._delayed, []
        for one in late:
            self._take(one)
        failed = sum("ErrorCode" in result for result in results)
        return {"FailedRecordCount": failed, "Records": results}

    def _goes_wrong(self) -> bool:
        return self._draw.random() < self.trouble

    def _call_failure(self, records: list[dict[str, Any]]) -> Exception:
        executed = self._draw.choice(["no", "no", "whole", "part", "later"])
        if executed in ("whole", "part"):
            for one in records:
                if executed == "whole" or self._draw.random() < 0.5:
                    self._take(one)
        elif executed == "later":
            self._delayed += records
        url = "https://kinesis"
        if executed == "no":
            return self._draw.choice(
                [client_error(THROTTLED), ConnectTimeoutError(endpoint_url=url), OSError("reset")]
            )
        return self._draw.choice([ReadTimeoutError(endpoint_url=url), TimeoutError()])

    def _result(self, record: dict[str, Any]) -> dict[str, Any]:
        if self._goes_wrong():
            code = self._draw.choice([THROTTLED, "InternalFailure"])
            return {"ErrorCode": code, "ErrorMessage": "as told"}
        return self._take(record)

    def _take(self, record: dict[str, Any]) -> dict[str, Any]:
        self.taken.append((record["PartitionKey"], record["Data"]))
        return {"SequenceNumber": str(len(self.taken)), "ShardId": "shardId-000000000000"}
