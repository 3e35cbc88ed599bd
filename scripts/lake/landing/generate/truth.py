"""The truth of a generated lake: `_truth/planted.jsonl.gz`, put together from one part a day."""

import json
from collections import defaultdict
from pathlib import Path

from isal import igzip

from lake.landing.generate.defects import DUPLICATE, Defect
from lake.landing.generate.period import day_text
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
        planted = {
            "source": source,
            "file": file,
            "record_id": record_id,
            "defect": defect.name,
            "rule": defect.rule,
            "expected": defect.expected,
        }
        self._lines[day].append(json.dumps(planted, separators=(",", ":")) + "\n")

    def write_days(self, root: Path, first: int, stop: int) -> None:
        """Write the parts of the days in [first, stop) and forget them."""
        for day in range(first, stop):
            content = "".join(sorted(self._lines.pop(day, []))).encode()
            packed = igzip.compress(content, compresslevel=1, mtime=0)
            write_file(root, f"{PARTS}/{day_text(day)}.jsonl.gz", packed)


def publish(root: Path) -> None:
    """Put the parts of all days together; members of gzip one after the other are one gzip."""
    parts = sorted((root / PARTS).glob("*.jsonl.gz"))
    write_file(root, TRUTH, b"".join(part.read_bytes() for part in parts))
