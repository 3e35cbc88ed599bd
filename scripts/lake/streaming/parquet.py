"""Enriched events as Parquet, as a format conversion by Firehose writes them."""

import io
import json
from collections.abc import Iterable
from typing import Any

import pyarrow
from pyarrow import parquet

TEXT_FIELDS = (
    "event_id",
    "event_time",
    "event_type",
    "user_id",
    "anonymous_id",
    "user_session",
    "channel",
    "page",
    "product_id",
    "order_id",
    "device",
    "country",
    "referrer",
    "user_agent",
    "ip",
    "event_category",
    "ingested_at",
)
_LENGTH = "session_length_seconds"


def parquet_of_lines(content: bytes) -> bytes:
    """Return enriched events, one JSON object a line, as a Parquet file.

    Text but for the session length (double, seconds): a value of an unforeseen type is no reason to
    lose its event, so what is no text stands as JSON. Fields that the schema does not have are left
    out, as Firehose does.
    """
    events: list[dict[str, Any]] = [json.loads(line) for line in content.splitlines()]
    columns = {name: _texts(event.get(name) for event in events) for name in TEXT_FIELDS}
    lengths = [event[_LENGTH] for event in events]
    columns[_LENGTH] = pyarrow.array(
        [None if length is None else float(length) for length in lengths], pyarrow.float64()
    )
    file = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), file)
    return file.getvalue()


def _texts(values: Iterable[Any]) -> pyarrow.Array:
    return pyarrow.array([_text(value) for value in values], pyarrow.string())


def _text(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value)
    # Half of a surrogate pair is no character, and Parquet holds only UTF-8.
    return text.encode("utf-8", "replace").decode()
