"""Landing within this process, and what lies in the lake then."""

import gzip
import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from lake.cli import main


def run(*arguments: str | Path) -> Result:
    """Return what `lake land` with these arguments gave."""
    return CliRunner().invoke(main, ["land", *map(str, arguments)], catch_exceptions=False)


def land(name: str, path: Path, lake: Path, *options: str) -> dict[str, Any]:
    """Land a published set; return what the command reports: `tables` and `facts`."""
    result = run(name, path, "--out", lake, "--json", *options)
    assert result.exit_code == 0, result.output
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def land_facts(name: str, path: Path, lake: Path, *options: str) -> dict[str, Any]:
    """Land a published set; return the facts that the command reports."""
    facts: dict[str, Any] = land(name, path, lake, *options)["facts"]
    return facts


def landed(lake: Path, location: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the records below a location, each with its day of arrival, file by file."""
    records = []
    for path in sorted((lake / location).glob("arrival_date=*/*.json.gz")):
        day = path.parent.name.removeprefix("arrival_date=")
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
            records += [(day, json.loads(line)) for line in file]
    return records


def tree(lake: Path) -> dict[str, bytes]:
    """Return every file of a lake by its path."""
    files = (path for path in lake.rglob("*") if path.is_file())
    return {path.relative_to(lake).as_posix(): path.read_bytes() for path in files}
