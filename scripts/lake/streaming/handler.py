"""The enrichment as AWS Lambda runs it for a Firehose stream: `lake.streaming.handler.handler`.

Each record is judged alone, so that a poison record never fails its batch. `Ok` is enriched;
`Dropped` is an empty record, or one that was put back into the stream; `ProcessingFailed` is what
holds no event, and Firehose writes its original data under the error prefix.

Lambda takes no response above 6 MB. As in the processors that AWS publishes, the records from the
first that does not fit are put back into the stream they came from and given as `Dropped`, so they
come in a later batch. What cannot be put back is `ProcessingFailed`: kept, and never lost.
"""

import base64
import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

from lake.streaming.enrich import PoisonError, enrich
from lake.streaming.producer import DeliveryError, Producer, Record

# Lambda's own limit is 6 MiB; AWS's processors leave the same room for what surrounds the data.
RESPONSE_BYTES = 6_000_000
_ENVELOPE_BYTES = len('{"records":[]}')

Event = dict[str, Any]
# Puts records back into the stream; returns whether it could, for each of them.
PutBack = Callable[[Sequence[Record]], list[bool]]

_log = logging.getLogger(__name__)


def handler(event: Event, context: object = None) -> Event:
    """Answer one invocation by Firehose: `{"records": [...]}` in the order of the request."""
    return transform(event, _put_back_on_aws(event))


def transform(event: Event, put_back: PutBack) -> Event:
    """Enrich the records of an invocation; `put_back` is called with those that do not fit."""
    answers = [_answer(record) for record in event["records"]]
    overflow = _overflow(answers)
    again = [place for place in overflow if _fits_alone(answers[place])]
    originals = [_original(event["records"][place]) for place in again]
    done = dict(zip(again, put_back(originals) if originals else [], strict=True))
    for place in overflow:
        result = "Dropped" if done.get(place) else "ProcessingFailed"
        answers[place] = {**_without_data(answers[place]), "result": result}
        if result == "ProcessingFailed":
            _log.error("record %s: no room in the response", answers[place]["recordId"])
    return {"records": answers}


def _answer(record: Event) -> Event:
    record_id = record.get("recordId", "")
    try:
        data = base64.b64decode(record["data"], validate=True)
        if not data.strip():
            return {"recordId": record_id, "result": "Dropped", "data": ""}
        line, session = enrich(data, _arrived_ms(record))
    # Whatever is wrong with one record is no reason to lose the others.
    except Exception as error:
        reason = str(error) if isinstance(error, PoisonError) else repr(error)
        _log.warning("record %s: %s", record_id, reason[:200])
        data_as_it_came = record.get("data")
        kept = data_as_it_came if isinstance(data_as_it_came, str) else ""
        return {"recordId": record_id, "result": "ProcessingFailed", "data": kept}
    return {
        "recordId": record_id,
        "result": "Ok",
        "data": base64.b64encode(line.encode()).decode(),
        "metadata": {"partitionKeys": {"user_session": session}},
    }


def _arrived_ms(record: Event) -> int | None:
    arrived = record.get("approximateArrivalTimestamp")
    return arrived if isinstance(arrived, int) and not isinstance(arrived, bool) else None


def _overflow(answers: list[Event]) -> list[int]:
    """Return the places of the answers that give up their data; after the first, all that have any.

    So what is put back stays in its order behind what was answered.
    """
    if len(json.dumps({"records": answers})) <= RESPONSE_BYTES:
        return []
    room = RESPONSE_BYTES - _ENVELOPE_BYTES - sum(_size(_without_data(one)) for one in answers)
    overflow: list[int] = []
    for place, answer in enumerate(answers):
        if answer["data"]:
            room -= _size(answer) - _size(_without_data(answer))
            if room < 0:
                overflow.append(place)
    return overflow


def _fits_alone(answer: Event) -> bool:
    return _ENVELOPE_BYTES + _size(answer) <= RESPONSE_BYTES


def _without_data(answer: Event) -> Event:
    return {"recordId": answer["recordId"], "result": "ProcessingFailed", "data": ""}


def _size(answer: Event) -> int:
    """Return the bytes of an answer in the response, with the separator that follows it."""
    return len(json.dumps({**answer, "data": ""})) + len(answer["data"]) + len(", ")


def _original(record: Event) -> Record:
    metadata = record.get("kinesisRecordMetadata") or {}
    key = metadata.get("partitionKey") or record["recordId"]
    return Record.of(key, base64.b64decode(record["data"]))


def _put_back_on_aws(event: Event) -> PutBack:
    def put_back(records: Sequence[Record]) -> list[bool]:
        arn = event.get("sourceKinesisStreamArn")
        if not arn:
            # Records that were put into Firehose directly have no stream to go back to.
            return [False] * len(records)
        import boto3  # noqa: PLC0415  loaded only by the rare batch that needs it

        kinesis = boto3.client("kinesis", region_name=event["region"])
        producer = Producer(kinesis.put_records, arn.split("/", 1)[1])
        try:
            missing = set(producer.send(records).refused)
        except DeliveryError as error:
            _log.error("%s", error)
            missing = set(error.undelivered)
        return [record not in missing for record in records]

    return put_back
