"""Why a process has ended, read from the end of its output."""

import re
from pathlib import Path

from lake.athena.settings import Settings

TAIL = 64 * 1024
KNOWN = (
    (
        re.compile(r"OutOfMemoryError"),
        "out of memory with a heap of {heap}; start it with more: `lake athena up --heap {more}`",
    ),
    (
        re.compile(r"UnsupportedClassVersionError"),
        "this Java is too old; run `make .venv/athena` to have the right one",
    ),
    (
        re.compile(r"Could not reserve enough space|insufficient memory|Cannot allocate memory"),
        "the machine has no memory for a heap of {heap}; give it less (--heap), or free memory",
    ),
    (
        re.compile(r"Address already in use|Failed to bind|BindException"),
        "its port is in use; choose others with --port and --trino-port",
    ),
    (re.compile(r"No space left on device"), "the disk is full; free space, then start again"),
)


def tail(log: Path, size: int = TAIL) -> str:
    """Return the end of a log, at most `size` bytes of it; nothing without a log."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - size))
            return file.read().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def why_ended(log: Path, settings: Settings) -> str:
    """Return in one line why a process has ended, with the mend where it is known."""
    text = tail(log)
    for pattern, line in KNOWN:
        if pattern.search(text):
            return line.format(heap=settings.heap, more=more(settings.heap))
    refused = re.search(r"^\d+\) (?:Error: )?(.+)$", text, re.MULTILINE)
    if refused:
        return f"its configuration was refused ({refused.group(1)}); see {log}"
    raised = re.findall(r"^(?:[\w.]+\.)?\w*(?:Error|Exception)\b.*$", text, re.MULTILINE)
    if raised:
        return f"{raised[-1].strip()[:200]} (see {log})"
    return "it was killed, by somebody or by the system for want of memory"


def more(heap: str) -> str:
    """Return a heap size one step larger: 3G becomes 4G, 1500M becomes 2500M."""
    step = {"G": 1, "M": 1000}[heap[-1:].upper()]
    return f"{int(heap[:-1]) + step}{heap[-1:].upper()}"
