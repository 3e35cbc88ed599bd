"""Cuts a text log into records, in the form of docs/landing.md.

A record begins with a line that matches the format of its system; stack traces and indented lines
belong to the record above them. Any other line is a record of its own that says what is wrong.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from lake.landing.log_formats import EPOCH, LogFormat

Record = dict[str, Any]
# How lines begin that carry a record on: blanks, nothing, or the parts of a stack trace.
_CARRIES_ON = re.compile(
    r"\s|$|Caused by: |Suppressed: |Traceback \(most recent call last\):|\.\.\. [0-9]+ more"
    r"|During handling of the above exception|The above exception was the direct cause"
    r"|[\w.$]*(?:Exception|Error|Interrupt|Exit)(?:: |$)"
)
# No record is longer: what would make it so begins another one, with an error.
MOST_CHARACTERS = 1 << 20
_TEN_THOUSANDTH = Decimal("0.0001")


@dataclass
class Clock:
    """Reads the times of one file; `year` is that of its first record where it writes none."""

    form: LogFormat
    zone: tzinfo
    year: int | None = None
    _month: int | None = field(default=None, init=False)

    def utc(self, fields: dict[str, str | None]) -> str | None:
        """Return the time of a record as ISO 8601 in UTC; None where it cannot be read."""
        text = " ".join(fields[name] or "" for name in self.form.time)
        if self.form.has_year:
            return _utc(text, self.form.clock, self.zone, self.form.has_padded_fraction)
        year = self.year or 0
        found = _utc(f"{year} {text}", f"%Y {self.form.clock}", self.zone, True)
        month = _month(f"{year} {text}", f"%Y {self.form.clock}") if found else None
        if month is None:
            return found
        # Half a year or more back or forth is the turn of the year: the lines follow each other.
        turn = 0 if self._month is None else round((self._month - month) / 11.9)
        if not turn:
            self._month = month
            return found
        if turn > 0:
            self.year, self._month = year + 1, month
        return _utc(f"{year + turn} {text}", f"%Y {self.form.clock}", self.zone, True)


@lru_cache(maxsize=4096)
def _utc(text: str, clock: str, zone: tzinfo, is_padded: bool) -> str | None:
    if not is_padded:
        head, _, fraction = text.rpartition(":")
        text = f"{head}:{fraction.zfill(3)}"
    for form in clock.split("|"):
        try:
            if form == EPOCH:
                time = datetime.fromtimestamp(int(text), UTC)
            else:
                time = datetime.strptime(text, form)
                time = time.replace(tzinfo=zone) if time.tzinfo is None else time
            return time.astimezone(UTC).isoformat().replace("+00:00", "Z")
        except (ValueError, OverflowError, OSError):
            continue
    return None


@lru_cache(maxsize=4096)
def _month(text: str, clock: str) -> int:
    return datetime.strptime(text, clock).month


@dataclass
class _Open:
    """A record that may still carry on: the number of its first line, its lines, its fields."""

    line: int
    texts: list[str]
    fields: dict[str, str | None] | None
    time: str | None
    size: int

    def takes(self, text: str) -> bool:
        """Take a line that carries a record on; return whether the record may have it."""
        if self.fields is None or self.size + len(text) > MOST_CHARACTERS:
            return False
        self.texts.append(text)
        self.size += len(text) + 1
        return True


class Records:
    """The records of one text file, which is `name` in the lake."""

    def __init__(self, system: str, name: str, clock: Clock) -> None:
        self._system = system
        self._name = name
        self._clock = clock
        self._form = clock.form
        self._mark = ""

    def read(self, lines: Iterable[str]) -> Iterator[Record]:
        """Yield the records of the lines, which come without their ends."""
        pending: _Open | None = None
        for number, text in enumerate(lines, 1):
            opened = self._open(number, text)
            if opened is None and pending is not None and pending.takes(text):
                continue
            if opened is None and not text.strip():
                continue
            if pending is not None:
                yield self._record(pending)
            pending = opened or _Open(number, [text], None, None, len(text))
        if pending is not None:
            yield self._record(pending)

    def _open(self, number: int, text: str) -> _Open | None:
        """Return the record that a line begins, None where it only carries one on."""
        if not self._mark and text.strip():
            # A file of the same name with another first line is another file: logs are rotated.
            first = f"{self._name}\n{text}".encode(errors="surrogatepass")
            self._mark = hashlib.md5(first).hexdigest()[:12]
        found = self._form.pattern.fullmatch(text)
        carries_on = _CARRIES_ON.match(text) is not None
        if found is None:
            return None if carries_on else _Open(number, [text], None, None, len(text))
        fields = found.groupdict()
        time = self._clock.utc(fields)
        if time is None and carries_on:
            return None
        return _Open(number, [text], fields, time, len(text))

    def _record(self, opened: _Open) -> Record:
        lines = opened.texts
        while len(lines) > 1 and not lines[-1].strip():
            lines.pop()
        record: Record = {
            "log_id": f"{self._system}-{self._mark}-{opened.line}",
            "system": self._system,
            "file": self._name,
            "line": opened.line,
            "text": "\n".join(lines),
        }
        if opened.fields is None:
            return record | {"error": "does not match the format of its system"}
        return record | _filled(self._form, opened.fields, opened.time, lines[1:])


def _filled(
    form: LogFormat, fields: dict[str, str | None], time: str | None, trace: list[str]
) -> Record:
    """Return what a record says; what it leaves open is left out."""
    written = " ".join(fields[name] or "" for name in form.time)
    message = fields["Content"] or ""
    told = form.request.search(message) if form.request else None
    request = {name.lower(): fields.get(name) for name in ("Ip", "Status", "Took")}
    request |= told.groupdict() if told else {}
    status = request["status"]
    known = {
        "timestamp": time or written,
        "level": fields[form.level] if form.level else None,
        "component": fields[form.component] if form.component else None,
        "message": message,
        "method": request.get("method"),
        "path": request.get("path"),
        "status": int(status) if status and status != "-" else None,
        "response_ms": _milliseconds(request["took"]),
        "request_id": _first_word(fields[form.request_id]) if form.request_id else None,
        "ip": request["ip"],
        "stack_trace": "\n".join(trace) or None,
        "fields": form.others(fields) or None,
    }
    return {name: value for name, value in known.items() if value is not None}


def _first_word(text: str | None) -> str | None:
    """Return the first word of a field, None where a dash stands for nothing."""
    word = (text or "").split(" ")[0]
    return None if word in ("", "-") else word


def _milliseconds(took: str | None) -> str | None:
    """Return the ms of whole microseconds, or of seconds with decimals, with four decimals."""
    if not took:
        return None
    factor = Decimal(1000) if "." in took else Decimal("0.001")
    return f"{(Decimal(took) * factor).quantize(_TEN_THOUSANDTH, ROUND_HALF_UP):f}"
