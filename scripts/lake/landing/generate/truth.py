"""The truth of a generated lake: `_truth/planted.jsonl.gz`, put together from one part a day."""

from collections import defaultdict
from pathlib import Path

from lake.landing.generate.defects import DUPLICATE, Defect
from lake.landing.generate.period import day_text
from lake.landing.generate.render import Piece
from lake.landing.writer import write_file

TRUTH = "_truth/planted.jsonl.gz"
PARTS = "_control/truth"
REDELIVERED_FILE = Defect("redelivered_file", None, DUPLICATE, "again")


class Truth:
    """What was planted, by day of arrival."""

    def __init__(self) -> None:
        self._lines: dict[int, list[str]] = defaultdict(list)

    def add(self, day: int, source: str, file: str, record_id: str, defect: Defect) -> None:
        """Note one planted record of a file that lands on `day`."""
        rule = f'"{defect.rule}"' if defect.rule else "null"
        # By hand: nothing in it needs an escape, and there is one for each of many records.
        self._lines[day].append(
            f'{{"source":"{source}","file":"{file}","record_id":"{record_id}",'
            f'"defect":"{defect.name}","rule":{rule},"expected":"{defect.expected}"}}\n'
        )

    def take(self, day: int) -> tuple[str, list[Piece]]:
        """Return path and content of the part of a day, and forget it."""
        lines: list[Piece] = [line.encode() for line in sorted(self._lines.pop(day, []))]
        return f"{PARTS}/{day_text(day)}.jsonl.gz", lines


def publish(root: Path) -> None:
    """Put the parts of all days together; members of gzip one after the other are one gzip."""
    parts = sorted((root / PARTS).glob("*.jsonl.gz"))
    write_file(root, TRUTH, b"".join(part.read_bytes() for part in parts))
