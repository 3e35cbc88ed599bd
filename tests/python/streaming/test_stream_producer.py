"""The producer against a stream that fails at random: nothing lost, doubles by id, order by key."""

from itertools import groupby
from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError
from faulty_stream import FaultyStream, client_error
from hypothesis import given, settings
from hypothesis import strategies as st

from lake.streaming.producer import Backoff, DeliveryError, Producer, Record, Sent

MIB = 1024 * 1024


def producer(stream: Any, waits: list[float] | None = None, **options: Any) -> Producer:
    waited = waits if waits is not None else []
    options = {"backoff": Backoff(attempts=60), **options}
    return Producer(stream.put_records, "clicks", sleep=waited.append, **options)


def records_of(keys: list[str]) -> list[Record]:
    """Return one record a key; its place is its event_id."""
    return [Record(key, b'{"event_id":%d}' % place) for place, key in enumerate(keys)]


def without_doubles(taken: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Return the first copy of each record, as silver keeps it."""
    return list(dict.fromkeys(taken))


def by_key(taken: list[tuple[str, bytes]]) -> dict[str, list[bytes]]:
    ordered = sorted(taken, key=lambda one: one[0])
    return {key: [data for _, data in group] for key, group in groupby(ordered, lambda one: one[0])}


def test_all_goes_well_in_few_requests() -> None:
    stream = FaultyStream()
    given_records = records_of([f"S{at}" for at in range(1200)])
    sent = producer(stream).send(given_records)
    assert stream.taken == [(record.key, record.data) for record in given_records]
    assert sent == Sent(
        records=1200, requests=3, positions={"shardId-000000000000": len(given_records)}
    )


def test_nothing_to_send_is_no_request() -> None:
    stream = FaultyStream()
    assert producer(stream).send([]) == Sent()
    assert stream.calls == 0


@settings(max_examples=150)
@given(
    keys=st.lists(st.sampled_from([f"S{at}" for at in range(12)]), max_size=120),
    seed=st.integers(0, 2**32),
    trouble=st.sampled_from([0.0, 0.1, 0.3, 0.6]),
)
def test_a_stream_that_fails_at_random_has_every_record_in_the_order_of_its_key(
    keys: list[str], seed: int, trouble: float
) -> None:
    stream = FaultyStream(seed, trouble)
    given_records = records_of(keys)
    sent = producer(stream).send(given_records)
    kept = without_doubles(stream.taken)
    expected = [(record.key, record.data) for record in given_records]
    assert sorted(kept) == sorted(expected)
    assert by_key(kept) == by_key(expected)
    assert sent.records == len(expected)
    assert sent.refused == []


def test_the_random_stream_does_make_doubles() -> None:
    """Else the test above proves nothing of them."""
    stream = FaultyStream(seed=1, trouble=0.4)
    producer(stream).send(records_of([f"S{at % 40}" for at in range(400)]))
    assert len(stream.taken) > len(without_doubles(stream.taken)) == 400


def test_busy_keys_do_not_hold_up_the_others() -> None:
    """Twice 600 keys are 1,200 records: three full requests only if the keys take turns."""
    stream = FaultyStream()
    keys = [f"S{at}" for at in range(600)]
    assert producer(stream).send(records_of([*keys, *keys])).requests == 3


def test_a_request_never_holds_two_records_of_one_key() -> None:
    requests: list[list[str]] = []
    stream = FaultyStream(seed=3, trouble=0.2)

    class Watched:
        def put_records(self, **call: Any) -> dict[str, Any]:
            requests.append([entry["PartitionKey"] for entry in call["Records"]])
            return stream.put_records(**call)

    producer(Watched()).send(records_of(["S1", "S1", "S2", "S1", "S3", "S2"] * 20))
    assert all(len(set(keys)) == len(keys) for keys in requests)


@pytest.mark.parametrize(("size", "requests"), [(999_996, 2), (999_997, 3)])
def test_a_request_holds_five_megabytes_with_its_keys(size: int, requests: int) -> None:
    stream = FaultyStream()
    sent = producer(stream).send(
        [Record(f"S{at:03d}", bytes([at]) * size) for at in range(10)],
    )
    assert sent.requests == requests
    assert len(stream.taken) == 10


def test_a_record_too_large_is_given_back_and_the_others_go() -> None:
    stream = FaultyStream()
    fits, too_large = Record("S1", b"x" * (MIB - 2)), Record("S2", b"x" * (MIB - 1))
    sent = producer(stream).send([too_large, fits])
    assert sent.refused == [too_large]
    assert stream.taken == [("S1", fits.data)]


@pytest.mark.parametrize("key", ["", "x" * 257, "a\nb", "\ud800"])
def test_a_key_that_the_service_does_not_take_is_hashed(key: str) -> None:
    assert len(Record.of(key, b"").key) == 32
    assert Record.of(key, b"").key.isalnum()


@pytest.mark.parametrize("key", ["S1", "x" * 256, "ключ"])
def test_a_good_key_stays(key: str) -> None:
    assert Record.of(key, b"").key == key


def test_waits_double_at_random_up_to_a_limit_and_begin_again_after_success() -> None:
    class Down:
        def __init__(self) -> None:
            self.answers = [False] * 4 + [True] + [False] * 2 + [True]

        def put_records(self, **call: Any) -> dict[str, Any]:
            if not self.answers.pop(0):
                raise TimeoutError
            results = [{"SequenceNumber": "1", "ShardId": "s"} for _ in call["Records"]]
            return {"FailedRecordCount": 0, "Records": results}

    waits: list[float] = []
    draws = iter([1.0, 0.5, 1.0, 1.0, 1.0, 0.25])
    backoff = Backoff(first_seconds=0.1, limit_seconds=0.5, attempts=9)
    producer(Down(), waits, backoff=backoff, draw=lambda: next(draws)).send(
        records_of(["S1", "S1"])
    )
    assert waits == pytest.approx([0.1, 0.1, 0.4, 0.5, 0.1, 0.05])


def test_a_stream_that_takes_little_at_a_time_is_not_down() -> None:
    class Narrow:
        def put_records(self, **call: Any) -> dict[str, Any]:
            refused = {"ErrorCode": "ProvisionedThroughputExceededException"}
            results = [{"SequenceNumber": "1", "ShardId": "s"}, *[refused] * 99]
            return {"FailedRecordCount": 1, "Records": results[: len(call["Records"])]}

    keys = [f"S{at}" for at in range(20)]
    sent = producer(Narrow(), backoff=Backoff(attempts=2)).send(records_of(keys))
    assert (sent.records, sent.requests) == (20, 20)


def test_a_stream_that_stays_down_gives_back_what_it_did_not_take() -> None:
    class HalfDown:
        def put_records(self, **call: Any) -> dict[str, Any]:
            results = [
                {"SequenceNumber": "1", "ShardId": "s"}
                if entry["PartitionKey"] == "S1"
                else {"ErrorCode": "InternalFailure", "ErrorMessage": "shard is gone"}
                for entry in call["Records"]
            ]
            return {"FailedRecordCount": 1, "Records": results}

    given_records = records_of(["S1", "S2", "S1", "S2"])
    with pytest.raises(DeliveryError, match="2 records not acknowledged: shard is gone") as caught:
        producer(HalfDown(), backoff=Backoff(attempts=3)).send(given_records)
    assert caught.value.undelivered == [given_records[1], given_records[3]]


@pytest.mark.parametrize(
    "error",
    [
        client_error("ResourceNotFoundException"),
        client_error("AccessDeniedException"),
        NoCredentialsError(),
    ],
)
def test_what_no_repetition_mends_ends_at_once(error: Exception) -> None:
    calls = []

    class Refusing:
        def put_records(self, **call: Any) -> dict[str, Any]:
            calls.append(call)
            raise error

    with pytest.raises(DeliveryError) as caught:
        producer(Refusing()).send(records_of(["S1", "S2"]))
    assert len(calls) == 1
    assert len(caught.value.undelivered) == 2
