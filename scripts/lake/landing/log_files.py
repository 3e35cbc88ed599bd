"""`lake land loghub` and `access-log`: text logs, one record a line, beside their originals.

No Athena reader takes records that span lines, so landing cuts a file into records; it does not
judge what they hold. A day of records arrives on the day it was written. Files are read line by
line, so that memory does not grow with them.
"""

import hashlib
import mmap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
import orjson
from isal import igzip

from lake.contract import Table, load_contract
from lake.errors import UserError
from lake.landing.csv_file import plain_name
from lake.landing.log_formats import ACCESS, ALIASES, LOGHUB, LogFormat
from lake.landing.log_records import MOST_CHARACTERS, Clock, Record, Records
from lake.landing.partitions import Written, write_lines
from lake.landing.readable import IsalError
from lake.landing.report import Steps, print_summary, steps
from lake.landing.writer import write_file
from lake.paths import files_below, lake_root

_MOST_BYTES = 32_000_000  # of records that wait to be written
_RECORDS_A_STEP = 1000  # of the progress that is shown
_MOST_WITHOUT_A_TIME = 100_000  # records at the beginning of a file
_SUFFIXES = (".log", ".log.gz")


@dataclass(frozen=True)
class Reading:
    """How files are read: whose they are (None: by their names), their zone, year and day."""

    system: str | None
    zone: tzinfo
    year: int | None = None
    arrival_date: str | None = None


_shared = [
    click.argument("path", type=click.Path(path_type=Path)),
    click.option("--zone", default="UTC", show_default=True, help="Zone of times without one."),
    click.option(
        "--arrival-date",
        type=click.DateTime(["%Y-%m-%d"]),
        help="One day of arrival for all.  [default: the day each record was written]",
    ),
    click.option(
        "--out", type=click.Path(path_type=Path), help="Lake to write to.  [default: LAKE_ROOT]"
    ),
    click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON."),
]


def _with_shared(command: Any) -> Any:
    for decorate in reversed(_shared):
        command = decorate(command)
    return command


@click.command("loghub", no_args_is_help=True)
@_with_shared
@click.option("--system", type=click.Choice(sorted(LOGHUB), case_sensitive=False),
              help="Whose logs they are.  [default: by names of files and folders]")  # fmt: skip
@click.option("--year", type=click.IntRange(1970, 9999), help="Year of times without one.")
def loghub(
    *,
    path: Path,
    zone: str,
    arrival_date: datetime | None,
    out: Path | None,
    as_json: bool,
    system: str | None,
    year: int | None,
) -> None:
    """Land the log file PATH, or all *.log files in the folder PATH, of a system of loghub.

    Lines that do not match the format of the system land too, with what is wrong with them. The
    original is kept below application-logs-original/.

    Example: lake land loghub Apache_2k.log
    """
    reading = Reading(system, _zone(zone), year, _day(arrival_date))
    _run("loghub", path, (out or lake_root()).resolve(), reading, as_json)


@click.command("access-log", no_args_is_help=True)
@_with_shared
@click.option("--service", default="web", show_default=True, help="Service that wrote it.")
def access_log(
    *,
    path: Path,
    zone: str,
    arrival_date: datetime | None,
    out: Path | None,
    as_json: bool,
    service: str,
) -> None:
    """Land the access log PATH in common or combined log format, or all *.log files in PATH.

    Behind the format may stand the time that each request took: microseconds (%D of Apache), or
    seconds with decimals ($request_time of nginx).

    Example: lake land access-log access.log --service web
    """
    reading = Reading(service, _zone(zone), None, _day(arrival_date))
    _run("access-log", path, (out or lake_root()).resolve(), reading, as_json)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UserError(f"--zone is {name}; give one as Europe/Berlin or UTC") from error


def _day(arrival_date: datetime | None) -> str | None:
    return arrival_date.date().isoformat() if arrival_date else None


def _run(command: str, path: Path, root: Path, reading: Reading, as_json: bool) -> None:
    with steps(as_json) as progress:
        written, facts = land(path, root, reading, progress, is_access=command == "access-log")
    print_summary(f"{command}: {path} -> {root}", {"log_events": written}, facts, as_json)


def land(
    path: Path, root: Path, reading: Reading, progress: Steps, *, is_access: bool = False
) -> tuple[Written, dict[str, Any]]:
    """Land text logs and their originals; return what was written, and facts to report.

    Raises:
        UserError: no file, a file of no known system or of another form, a full disk.
    """
    table = load_contract()["log_events"]
    written, facts = Written(), Counter[str]()
    files = _find(path)
    chosen = [_system(path, file, reading, is_access) for file in files]
    for file, (system, form) in zip(files, chosen, strict=True):
        progress.begin(f"reading {file.name}")
        name = file.relative_to(path).as_posix() if path.is_dir() else file.name
        clock = Clock(form, reading.zone, reading.year)
        batch = _Batch(root, table, plain_name(file.name.split(".")[0]), written)
        days = _dated(Records(system, name, clock).read(_lines(file)), reading, file, system)
        first = ""
        for number, (day, record) in enumerate(days, 1):
            first = first or day
            facts["records_with_an_error"] += "error" in record
            facts["records_of_several_lines"] += "\n" in record["text"]
            batch.add(day, record)
            if number % _RECORDS_A_STEP == 0:
                progress.advance(_RECORDS_A_STEP)
        batch.write()
        _keep_original(root, table, first, file)
    return written, {"files_read": len(files), **facts}


def _find(path: Path) -> list[Path]:
    if not path.exists():
        raise UserError(f"no such file or folder: {path}; give a log file, or a folder of them")
    if path.is_file():
        return [path]
    files = sorted(file for file in files_below(path) if file.name.lower().endswith(_SUFFIXES))
    if not files:
        raise UserError(f"{path}: holds no file that ends in .log or .log.gz; give a log file")
    return files


def _system(path: Path, file: Path, reading: Reading, is_access: bool) -> tuple[str, LogFormat]:
    """Return whose log a file is, by its name or else by the folders above it, and its format."""
    if is_access:
        return reading.system or "web", ACCESS
    known = {name.lower(): name for name in LOGHUB} | ALIASES
    folders = [folder.name for folder in file.parents if folder.is_relative_to(path)]
    words = (name.split(".")[0].split("_")[0].split("-")[0] for name in (file.name, *folders))
    system = reading.system or next(
        (known[word.lower()] for word in words if word.lower() in known), None
    )
    if system is None:
        raise UserError(f"{file}: its name is that of no known system; pass --system, see --help")
    form = LOGHUB[system]
    if not form.has_year and reading.year is None:
        raise UserError(f"{file}: {system} writes no year; pass --year, that of its first line")
    return system, form


def _lines(file: Path) -> Iterator[str]:
    """Yield the lines of a file without their ends; those that are not UTF-8 as Windows-1252.

    A line that no record may hold comes in pieces: the rest of it is a record with an error.
    """
    is_packed = file.name.lower().endswith(".gz")
    try:
        opened: IO[bytes] = igzip.open(file) if is_packed else file.open("rb")  # type: ignore[no-untyped-call]
        with opened as source:
            for number, line in enumerate(iter(partial(source.readline, MOST_CHARACTERS), b"")):
                content = line.rstrip(b"\r\n")
                if not number:
                    content = content.removeprefix(b"\xef\xbb\xbf")
                try:
                    yield content.decode()
                except UnicodeDecodeError:
                    yield content.decode("cp1252", errors="replace")
    except (OSError, EOFError, IsalError) as error:
        raise UserError(f"cannot read {file}: {error}; give a whole log file") from error


def _dated(
    records: Iterable[Record], reading: Reading, file: Path, system: str
) -> Iterator[tuple[str, Record]]:
    """Yield each record with its day of arrival: one without a time has that of the one before."""
    day = ""
    waiting: list[Record] = []
    for record in records:
        # What could not be read stands there as it was written, and is no ISO 8601 in UTC.
        time = str(record.get("timestamp", ""))
        if time.endswith("Z") and "T" in time:
            day = time[:10]
        if not day:
            waiting.append(record)
            if len(waiting) < _MOST_WITHOUT_A_TIME:
                continue
            break
        for earlier in waiting:
            yield reading.arrival_date or day, earlier
        waiting.clear()
        yield reading.arrival_date or day, record
    if not day:
        many = f"of its first {_MOST_WITHOUT_A_TIME:,} records none"
        raise UserError(f"{file}: {many} has a time that can be read; is it a log of {system}?")


class _Batch:
    """Records that wait to be written, by day: a file of the lake each time they are many."""

    def __init__(self, root: Path, table: Table, prefix: str, written: Written) -> None:
        self._root = root
        self._table = table
        self._prefix = prefix
        self._written = written
        self._days: dict[str, list[bytes]] = defaultdict(list)
        self._bytes = 0

    def add(self, day: str, record: Record) -> None:
        line = orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)
        self._days[day].append(line)
        self._bytes += len(line)
        if self._bytes > _MOST_BYTES:
            self.write()

    def write(self) -> None:
        """Write what waits, in files that are named by their content."""
        for day, lines in sorted(self._days.items()):
            size = write_lines(self._root, self._table, day, self._prefix, b"".join(lines))
            self._written.add(Written(len(lines), 1, size))
        self._days.clear()
        self._bytes = 0


def _keep_original(root: Path, table: Table, day: str, file: Path) -> None:
    """Keep a file as it came, on the day of its first record, under a name with its hash."""
    location = f"{table.location}-original/arrival_date={day}"
    stem, dot, suffix = file.name.partition(".")
    with (
        file.open("rb") as source,
        mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as content,
        memoryview(content) as view,
    ):
        name = f"{stem}-{hashlib.md5(view).hexdigest()[:12]}{dot}{suffix}"
        write_file(root, f"{location}/{name}", view)
