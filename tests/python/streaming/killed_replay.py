"""A replay that kill -9 ends in the middle, and how far its checkpoint says it has come."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from lakes import PROJECT

REPLAY = (sys.executable, "-c", "from lake.cli import main; main()", "stream", "replay")


def lines_done(out: Path) -> int:
    """Return the lines of the source whose records are in the lake `out`."""
    saved = [json.loads(path.read_bytes()) for path in out.glob("_control/stream-*.json")]
    return sum(sum(one["lines"].values()) for one in saved)


def replay_until_killed(out: Path, lines: int, *arguments: str) -> None:
    """Replay into `out`, and kill the process once so many lines are done."""
    process = subprocess.Popen(
        (*REPLAY, *arguments, "--out", str(out)), cwd=PROJECT, stdout=subprocess.DEVNULL
    )
    while process.poll() is None and lines_done(out) < lines:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
