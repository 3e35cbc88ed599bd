"""Invocations as Firehose sends them, and what Lambda makes of the answers."""

import base64
import json
from collections.abc import Sequence
from typing import Any

ARRIVED_MS = 1_767_268_800_123
ARRIVED = "2026-01-01T12:00:00.123Z"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def direct_put(datas: Sequence[bytes]) -> dict[str, Any]:
    """Return the documented event of a stream that producers write to directly."""
    return {
        "invocationId": "invocationIdExample",
        "deliveryStreamArn": "arn:aws:firehose:us-east-1:123456789012:deliverystream/clicks",
        "region": "us-east-1",
        "records": [
            {
                "recordId": f"4954698333386{place:043d}",
                "approximateArrivalTimestamp": ARRIVED_MS,
                "data": b64(data),
            }
            for place, data in enumerate(datas)
        ],
    }


def from_kinesis(datas: Sequence[bytes], key: str = "S1") -> dict[str, Any]:
    """Return the documented event of a stream that reads from Kinesis."""
    event = direct_put(datas)
    event["sourceKinesisStreamArn"] = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks"
    for place, record in enumerate(event["records"]):
        record["kinesisRecordMetadata"] = {
            "shardId": "shardId-000000000000",
            "partitionKey": key,
            "approximateArrivalTimestamp": ARRIVED_MS,
            "sequenceNumber": str(place),
            "subsequenceNumber": 0,
        }
    return event


def payload(response: dict[str, Any]) -> bytes:
    """Return the response as Lambda's runtime sends it."""
    return json.dumps(response).encode()


def decoded(answer: dict[str, Any]) -> bytes:
    return base64.b64decode(answer["data"], validate=True)


def click(**fields: Any) -> bytes:
    """Return an event of the clickstream as JSON."""
    event = {
        "event_id": "E1",
        "event_time": "2026-01-01T11:59:59Z",
        "event_type": "page_view",
        "user_session": "S1",
        **fields,
    }
    return json.dumps(event).encode()
