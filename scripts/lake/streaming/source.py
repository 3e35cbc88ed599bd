"""The events that a replay sends: the lines of landed files, or of any JSON-lines file."""

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lake.contract import ARRIVAL_DAY
from lake.errors import UserError
from lake.paths import files_below

_ENDINGS = (".json", ".jsonl", ".json.gz", ".jsonl.gz")


@dataclass(frozen=True)
class SourceFile:
    """A file to send: `name` is its path below the source, `arrival_day` the day its path names."""

    name: str
    path: Path
    arrival_day: date | None


@dataclass(frozen=True)
class Line:
    """One physical line of a file: its number from 1, and the records in it (most often one)."""

    file: SourceFile
    number: int
    records: list[bytes]


def source_files(source: Path) -> list[SourceFile]:
    """Return the files below `source`, or the file itself, by day of arrival and name.

    Raises:
        UserError: nothing there that can be sent, or a folder that cannot be read.
    """
    if source.is_file():
        found = [(source.name, source)]
    else:
        found = [(path.relative_to(source).as_posix(), path) for path in files_below(source)]
    files = [
        SourceFile(name, path, _arrival_day(path))
        for name, path in found
        if path.name.endswith(_ENDINGS) and not _is_hidden(name)
    ]
    if not files:
        raise UserError(
            f"no events at {source}; give a folder or file of JSON lines (.json, .json.gz)"
        )
    return sorted(files, key=lambda file: (file.arrival_day or date.min, file.name))


def read_lines(file: SourceFile, after: int) -> Iterator[Line]:
    """Yield the lines of a file behind line number `after`.

    Raises:
        UserError: it cannot be read, or has fewer lines than that.
    """
    number = 0
    try:
        is_packed = file.name.endswith(".gz")
        with gzip.open(file.path) if is_packed else file.path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if number > after:
                    records = [part for part in re.split(rb"[\r\n]", line) if part]
                    yield Line(file, number, records)
    except (OSError, EOFError, zlib.error) as error:
        raise UserError(f"cannot read {file.path}: {error}; mend or remove the file") from error
    if number < after:
        raise UserError(
            f"{file.path} has {number} lines, but {after} were sent before: it is another file;"
            " --again sends everything from the beginning"
        )


def _arrival_day(path: Path) -> date | None:
    match = ARRIVAL_DAY.fullmatch(path.parent.name)
    if not match:
        return None
    try:
        return date.fromisoformat(match[1])
    except ValueError as error:
        raise UserError(f"{path}: no such day; rename the folder") from error


def _is_hidden(name: str) -> bool:
    return any(part[0] in "._" for part in Path(name).parts)
