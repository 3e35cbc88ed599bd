"""The handler against the events that AWS documents, poison, and the limit of the response."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from firehose_events import (
    ARRIVED,
    ARRIVED_MS,
    b64,
    click,
    decoded,
    direct_put,
    from_kinesis,
    payload,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from lake.streaming import handler as handler_module
from lake.streaming.handler import RESPONSE_BYTES, handler, transform
from lake.streaming.producer import Record

POISON = [b"{", b"\xff\xfe", b"[1]", b"null", b'{"a":NaN}']


def no_way_back(records: Sequence[Record]) -> list[bool]:
    return [False] * len(records)


class WayBack:
    """Takes every record that is put back."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def __call__(self, records: Sequence[Record]) -> list[bool]:
        self.records += records
        return [True] * len(records)


@pytest.mark.parametrize("event", [direct_put([click()]), from_kinesis([click()])])
def test_a_documented_event_gets_a_documented_answer(event: dict[str, Any]) -> None:
    answer = handler(event, None)
    assert answer.keys() == {"records"}
    (record,) = answer["records"]
    assert record.keys() == {"recordId", "result", "data", "metadata"}
    assert record["recordId"] == event["records"][0]["recordId"]
    assert record["result"] == "Ok"
    assert record["metadata"] == {"partitionKeys": {"user_session": "S1"}}
    line = decoded(record)
    assert line.endswith(b"\n")
    assert json.loads(line) == {
        **json.loads(click()),
        "event_category": "browsing",
        "session_length_seconds": None,
        "ingested_at": ARRIVED,
    }


def test_no_records_is_no_error() -> None:
    assert handler(direct_put([]), None) == {"records": []}


@pytest.mark.parametrize("empty", [b"", b"\n", b" \r\n"])
def test_an_empty_record_is_dropped(empty: bytes) -> None:
    (answer,) = handler(direct_put([empty]), None)["records"]
    assert (answer["result"], answer["data"]) == ("Dropped", "")


def test_poison_fails_alone_and_keeps_its_data() -> None:
    datas = [click(event_id="E1"), *POISON, click(event_id="E2")]
    event = from_kinesis(datas)
    answers = handler(event, None)["records"]
    assert [answer["result"] for answer in answers] == ["Ok", *["ProcessingFailed"] * 5, "Ok"]
    assert [decoded(answer) for answer in answers[1:-1]] == POISON
    assert [answer["recordId"] for answer in answers] == [
        record["recordId"] for record in event["records"]
    ]


@pytest.mark.parametrize(
    "broken",
    [
        {"data": "no base64!"},
        {"data": None},
        {"data": 5},
        {"approximateArrivalTimestamp": 10**30},
    ],
)
def test_a_record_of_another_shape_fails_alone(broken: dict[str, Any]) -> None:
    event = direct_put([click(), click()])
    event["records"][0].update(broken)
    answers = handler(event, None)["records"]
    assert [answer["result"] for answer in answers] == ["ProcessingFailed", "Ok"]
    assert payload({"records": answers})


@given(st.lists(st.binary(max_size=30) | st.sampled_from([*POISON, click()]), max_size=8))
def test_each_record_has_one_answer_as_if_it_were_alone(datas: list[bytes]) -> None:
    event = direct_put(datas)
    answers = handler(event, None)["records"]
    assert [answer["recordId"] for answer in answers] == [
        record["recordId"] for record in event["records"]
    ]
    for record, answer in zip(event["records"], answers, strict=True):
        assert answer == handler({**event, "records": [record]}, None)["records"][0]


@given(st.lists(st.sampled_from([click(event_type="purchase"), *POISON, b""]), max_size=6))
def test_enriching_twice_is_enriching_once(datas: list[bytes]) -> None:
    once = handler(direct_put(datas), None)["records"]
    again = handler(direct_put([decoded(one) for one in once]), None)["records"]
    assert again == once


def of_size(total: int, records: int) -> list[bytes]:
    """Return events whose data together have about `total` bytes."""
    return [click(event_id=str(at), page="x" * (total // records - 120)) for at in range(records)]


def test_a_response_up_to_the_limit_is_whole() -> None:
    way_back = WayBack()
    answer = transform(from_kinesis(of_size(4_300_000, 20)), way_back)
    assert {one["result"] for one in answer["records"]} == {"Ok"}
    assert way_back.records == []
    assert RESPONSE_BYTES * 0.95 < len(payload(answer)) <= RESPONSE_BYTES


def test_what_does_not_fit_is_put_back_in_its_order() -> None:
    datas = [*of_size(4_000_000, 5), *of_size(3_000_000, 30), b"{", b"", click(event_id="last")]
    way_back = WayBack()
    answer = transform(from_kinesis(datas, key="S7"), way_back)
    assert len(payload(answer)) <= RESPONSE_BYTES
    results = [one["result"] for one in answer["records"]]
    first = results.index("Dropped")
    assert set(results[:first]) == {"Ok"}
    assert set(results[first:]) == {"Dropped"}
    # From the first that does not fit, everything: a small record must not overtake a large one.
    expected = [data for data in datas[first:] if data]
    assert way_back.records == [Record("S7", data) for data in expected]


def test_many_small_records_count_with_all_that_surrounds_them() -> None:
    way_back = WayBack()
    answer = transform(from_kinesis([click()] * 20_000), way_back)
    assert RESPONSE_BYTES * 0.95 < len(payload(answer)) <= RESPONSE_BYTES
    assert 0 < len(way_back.records) < 20_000


def test_what_is_put_back_again_and_again_arrives_once_each() -> None:
    waiting = [*of_size(9_000_000, 12), b"{", *of_size(1_000_000, 1000)]
    arrived: list[bytes] = []
    rounds = 0
    while waiting:
        way_back = WayBack()
        answer = transform(from_kinesis(waiting), way_back)
        assert len(payload(answer)) <= RESPONSE_BYTES
        kept = [one["result"] != "Dropped" for one in answer["records"]]
        arrived += [data for data, is_kept in zip(waiting, kept, strict=True) if is_kept]
        waiting = [record.data for record in way_back.records]
        rounds += 1
        assert rounds < 9
    assert arrived == [*of_size(9_000_000, 12), b"{", *of_size(1_000_000, 1000)]
    assert rounds > 1


def test_without_a_way_back_what_does_not_fit_fails_and_the_rest_is_answered() -> None:
    answer = transform(direct_put(of_size(9_000_000, 12)), no_way_back)
    results = [one["result"] for one in answer["records"]]
    assert results == sorted(results)
    assert set(results) == {"Ok", "ProcessingFailed"}
    assert len(payload(answer)) <= RESPONSE_BYTES
    assert handler(direct_put(of_size(9_000_000, 12)), None) == answer


def test_a_record_too_large_for_any_response_fails_and_is_not_put_back() -> None:
    way_back = WayBack()
    datas = [click(event_id="E1"), click(page="x" * 5_000_000), click(event_id="E2")]
    answers = transform(from_kinesis(datas), way_back)["records"]
    assert [one["result"] for one in answers] == ["Ok", "ProcessingFailed", "Dropped"]
    assert [record.data for record in way_back.records] == [click(event_id="E2")]


@settings(max_examples=50)
@given(st.lists(st.integers(0, 3_000), max_size=12), st.integers(500, 9_000), st.booleans())
def test_no_response_is_too_large_and_no_record_is_lost(
    sizes: list[int], limit: int, can_go_back: bool
) -> None:
    datas = [click(event_id=str(at), page="ä" * size) for at, size in enumerate(sizes)]
    event = from_kinesis(datas)
    way_back = WayBack()
    with pytest.MonkeyPatch.context() as patch:
        bare = len(payload({"records": [{"recordId": "0" * 56, "result": "ProcessingFailed"}]}))
        patch.setattr(handler_module, "RESPONSE_BYTES", limit + bare * len(datas))
        answer = transform(event, way_back if can_go_back else no_way_back)
        assert len(payload(answer)) <= handler_module.RESPONSE_BYTES
    results = [one["result"] for one in answer["records"]]
    assert len(results) == len(datas)
    assert results.count("Dropped") == len(way_back.records)
    for one, data in zip(answer["records"], datas, strict=True):
        if one["result"] == "Ok":
            assert json.loads(decoded(one))["page"] == json.loads(data)["page"]


def test_on_aws_records_go_back_into_the_source_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[dict[str, Any]] = []

    class Kinesis:
        def put_records(self, **call: Any) -> dict[str, Any]:
            calls.append(call)
            results = [{"SequenceNumber": "1", "ShardId": "shardId-0"} for _ in call["Records"]]
            return {"FailedRecordCount": 0, "Records": results}

    made: list[Any] = []
    monkeypatch.setattr(
        "boto3.client", lambda name, region_name: made.append((name, region_name)) or Kinesis()
    )
    answer = handler(from_kinesis(of_size(9_000_000, 12), key="S7"), None)
    assert made == [("kinesis", "us-east-1")]
    assert {call["StreamName"] for call in calls} == {"clicks"}
    put_back = [entry for call in calls for entry in call["Records"]]
    assert {entry["PartitionKey"] for entry in put_back} == {"S7"}
    dropped = [one for one in answer["records"] if one["result"] == "Dropped"]
    assert len(dropped) == len(put_back) > 0


def test_a_stream_that_takes_nothing_back_fails_the_records_not_the_batch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Kinesis:
        def put_records(self, **call: Any) -> dict[str, Any]:
            raise TimeoutError

    monkeypatch.setattr("boto3.client", lambda *args, **options: Kinesis())
    monkeypatch.setattr("lake.streaming.producer.Backoff.seconds", lambda *args: 0.0)
    answers = handler(from_kinesis(of_size(9_000_000, 12)), None)["records"]
    assert {one["result"] for one in answers} == {"Ok", "ProcessingFailed"}


def test_the_event_that_the_local_stream_sends_has_the_documented_shape() -> None:
    from lake.streaming.in_process import Taken  # noqa: PLC0415  beside its only use
    from lake.streaming.pipeline import invocation  # noqa: PLC0415

    taken = Taken("shardId-000000000000", 0, "S1", click(), ARRIVED_MS)
    local, documented = invocation([taken]), from_kinesis([click()])
    assert local.keys() == documented.keys()
    assert local["records"][0].keys() == documented["records"][0].keys()
    assert local["records"][0]["data"] == b64(click())
    metadata = local["records"][0]["kinesisRecordMetadata"]
    assert metadata == documented["records"][0]["kinesisRecordMetadata"]
