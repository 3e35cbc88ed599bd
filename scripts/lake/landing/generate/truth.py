"""The truth of a generated lake: `_truth/planted.jsonl.gz`, put together from parts.

A part begins on the day it is named by, and ends where the next one begins; however the days were
cut into parts, together they are the same bytes.
"""

from pathlib import Path

from isal import igzip

from lake.landing.generate.defects import DUPLICATE, Defect
from lake.landing.generate.period import DAYS, day_text
from lake.landing.writer import write_file

TRUTH = "_truth/planted.jsonl.gz"
PARTS = "_control/truth"
REDELIVERED_FILE = Defect("redelivered_file", None, DUPLICATE, "again")


class Truth:
    """What was planted, by day of arrival; several threads may add."""

    def __init__(self) -> None:
        self._lines: list[list[str]] = [[] for _ in range(DAYS)]

    def add(self, day: int, source: str, file: str, record_id: str, defect: Defect) -> None:
        """Note one planted record of a file that lands on `day`."""
        rule = f'"{defect.rule}"' if defect.rule else "null"
        # By hand: nothing in it needs an escape, and there is one for each of many records.
        self._lines[day].append(
            f'{{"source":"{source}","file":"{file}","record_id":"{record_id}",'
            f'"defect":"{defect.name}","rule":{rule},"expected":"{defect.expected}"}}\n'
        )

    def write_part(self, root: Path, first: int, stop: int) -> None:
        """Write the days in [first, stop), each a member of gzip, and forget them."""
        members = []
        for day in range(first, stop):
            content = "".join(sorted(self._lines[day])).encode()
            self._lines[day] = []
            members.append(igzip.compress(content, compresslevel=1, mtime=0))
        write_file(root, f"{PARTS}/{day_text(first)}.jsonl.gz", b"".join(members))


def publish(root: Path) -> None:
    """Put all parts together; members of gzip one after the other are one gzip."""
    parts = sorted((root / PARTS).glob("*.jsonl.gz"))
    write_file(root, TRUTH, b"".join(part.read_bytes() for part in parts))
