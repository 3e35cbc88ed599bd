"""Delivery into the lake as Firehose does it: buffers by size and time, prefixes by arrival."""

import base64
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isal import igzip

from lake.landing.writer import write_file
from lake.streaming.enrich import iso_utc
from lake.streaming.parquet import parquet_of_lines

ERRORS = "_stream-errors"
FORMATS = ("json", "parquet")


@dataclass
class Delivered:
    """What was written: events, failed records, files, bytes on disk."""

    events: int = 0
    failed: int = 0
    files: int = 0
    bytes: int = 0


class Delivery:
    """Buffers lines by prefix and writes each prefix as one file, whole or not at all.

    `json` lands gzipped JSON lines under `<location>/arrival_date=YYYY-MM-DD/`, as the contract of
    the lake has it; `parquet` lands Snappy Parquet under
    `<location>/year=YYYY/month=MM/day=DD/hour=HH/`, as Firehose writes after a format conversion.
    A record lies under its own time of arrival, so that no file holds two days; failed records lie
    as Firehose writes them under `_stream-errors/<type>/year=…/month=…/day=…/hour=…/`, base64.
    """

    def __init__(
        self,
        root: Path,
        location: str,
        file_format: str,
        *,
        buffer_bytes: int,
        buffer_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.done = Delivered()
        self._root = root
        self._location = location
        self._is_parquet = file_format == "parquet"
        self._buffer_bytes = buffer_bytes
        self._buffer_seconds = buffer_seconds
        self._clock = clock
        self._lines: dict[str, list[bytes]] = {}
        self._bytes = 0
        self._oldest: float | None = None

    def add_event(self, line: bytes, arrived_ms: int) -> None:
        """Buffer one enriched event, a line with its line feed."""
        self._add(f"{self._location}/{self._partition(arrived_ms)}", line)
        self.done.events += 1

    def add_failure(self, kind: str, message: str, data: bytes, arrived_ms: int) -> None:
        """Buffer a record that could not be delivered; `kind` is `processing-failed` or alike."""
        ended_ms = time.time_ns() // 1_000_000
        failure: dict[str, Any] = {
            "attemptsMade": 1,
            "arrivalTimestamp": arrived_ms,
            "errorCode": kind,
            "errorMessage": message,
            "attemptEndingTimestamp": ended_ms,
            "rawData": base64.b64encode(data).decode(),
        }
        line = json.dumps(failure, separators=(",", ":")).encode() + b"\n"
        self._add(f"{ERRORS}/{kind}/{_by_hour(arrived_ms)}", line)
        self.done.failed += 1

    def is_due(self) -> bool:
        """Tell whether a buffer is full by size or by time."""
        if self._oldest is None:
            return False
        late = self._clock() - self._oldest >= self._buffer_seconds
        return late or self._bytes >= self._buffer_bytes

    def flush(self) -> None:
        """Write what is buffered; when it returns, all of it is on the disk.

        Raises:
            UserError: the disk is full or the folder cannot be written.
        """
        for prefix, lines in self._lines.items():
            content = b"".join(lines)
            name = f"stream-{hashlib.md5(content).hexdigest()[:12]}"
            if self._is_parquet and not prefix.startswith(ERRORS):
                name, packed = f"{name}.parquet", parquet_of_lines(content)
            else:
                name, packed = f"{name}.json.gz", igzip.compress(content, 1, mtime=0)
            write_file(self._root, f"{prefix}/{name}", packed)
            self.done.files += 1
            self.done.bytes += len(packed)
        self._lines.clear()
        self._bytes = 0
        self._oldest = None

    def _add(self, prefix: str, line: bytes) -> None:
        self._lines.setdefault(prefix, []).append(line)
        self._bytes += len(line)
        if self._oldest is None:
            self._oldest = self._clock()

    def _partition(self, arrived_ms: int) -> str:
        if self._is_parquet:
            return _by_hour(arrived_ms)
        return f"arrival_date={iso_utc(arrived_ms)[:10]}"


def _by_hour(arrived_ms: int) -> str:
    moment = iso_utc(arrived_ms)
    return f"year={moment[:4]}/month={moment[5:7]}/day={moment[8:10]}/hour={moment[11:13]}"
