"""`lake land csv`: an uploaded CSV file as one record a line.

No Athena reader takes records that span lines, so landing cuts the file into records; it does not
judge what they hold. A record that does not have the fields of the header lands with what is wrong
with it, and the original is kept as it came.
"""

import codecs
import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from isal import igzip

from lake.contract import Table, load_contract
from lake.errors import UserError
from lake.landing.marks import escape_marks
from lake.landing.partitions import Written
from lake.landing.readable import LONGEST_LINE
from lake.landing.report import print_summary
from lake.landing.writer import write_file
from lake.paths import lake_root

_SEPARATORS = (",", ";", "\t")
# A physical line ends with LF, CR LF or CR, and with nothing else that Unicode calls a line end.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_SHORTENED = 1000  # characters that are kept of a record too long to land
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")
# How a gzip file begins, and a workbook or another zip file.
_PACKED = (b"\x1f\x8b", b"PK\x03\x04")


@dataclass(frozen=True)
class Record:
    """A record of a CSV file: its fields, or what is wrong with it; and its text."""

    fields: list[str]
    error: str | None
    raw: str


@click.command("csv", no_args_is_help=True)
@click.argument("table")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--arrival-date",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day of arrival; one that is built already needs a replay.  [default: today, UTC]",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Lake to write to.  [default: LAKE_ROOT]"
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def csv_file(
    table: str, path: Path, arrival_date: datetime | None, out: Path | None, as_json: bool
) -> None:
    """Land the CSV file PATH (separator and encoding are found out) in TABLE.

    TABLE is customer_files, sales_targets, marketing_spend or nps_responses. Rows that do not fit
    the header land too, with what is wrong with them. The original is kept below
    file-uploads-original/.

    Example: lake land csv customer_files customers-2025-01-05.csv --arrival-date 2025-01-05
    """
    root = (out or lake_root()).resolve()
    day = (arrival_date or datetime.now(UTC)).date().isoformat()
    written, errors = land(_uploaded(table), path, day, root)
    facts = {"arrival_date": day, "rows_with_an_error": errors}
    print_summary(f"csv: {path} -> {root}", {table: written}, facts, as_json)


def _uploaded(name: str) -> Table:
    uploaded = {name: table for name, table in load_contract().items() if table.csv_columns}
    if name not in uploaded:
        raise UserError(f"{name} is no table of uploaded files; choose from {', '.join(uploaded)}")
    return uploaded[name]


def land(table: Table, path: Path, arrival_date: str, root: Path) -> tuple[Written, int]:
    """Land one CSV file and its original; return what was written, and the rows with an error.

    The names carry a hash of the content, so that another file of the same name lands beside it.

    Raises:
        UserError: the file cannot be read, or is no CSV file with the columns of the table.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(
            f"cannot read {path}: {error.strerror}; give the path of a CSV file"
        ) from error
    if content.startswith(_PACKED):
        raise UserError(f"{path}: is packed, or a workbook; unpack it, or save it as CSV")
    uploaded = Path(path.name.encode(errors="replace").decode())  # a name that UTF-8 can write
    lines = to_lines(uploaded.name, content, table.csv_columns)
    name = f"{plain_name(uploaded.stem)}-{hashlib.md5(content).hexdigest()[:12]}"
    packed = igzip.compress(lines, 1, mtime=0)
    originals = f"{original_location(table)}/arrival_date={arrival_date}"
    write_file(root, f"{originals}/{name}{uploaded.suffix}", content)
    write_file(root, f"{table.partition(arrival_date)}/{name}.json.gz", packed)
    records = lines.count(b"\n")
    return Written(records, 1, len(packed)), sum(
        "error" in json.loads(line) for line in lines.splitlines() if b'"error"' in line
    )


def plain_name(stem: str) -> str:
    """Return the name of a file as every reader takes it: no pattern, no blank, not hidden."""
    return _NOT_PLAIN.sub("_", stem).lstrip("._") or "file"


def original_location(table: Table) -> str:
    """Return where the uploaded files of a table are kept as they came."""
    return table.location.replace("file-uploads/", "file-uploads-original/", 1)


def to_lines(name: str, content: bytes, columns: Sequence[str]) -> bytes:
    """Return the records of a CSV file `name` as JSON lines, in the form of docs/landing.md.

    `row` counts the records after the header from 1; blank lines are no records. A blank value
    is null. Where an open quote swallows what follows, only its own line is an error. A record that
    no reader would take lands as an error too; the original holds the whole of it.

    Raises:
        UserError: the header cannot be read, lacks one of `columns`, or names one twice.
    """
    physical = _LINE.findall(_decoded(content))
    filled = (number for number, line in enumerate(physical) if line.strip())
    start = next(filled, None)
    separator = max(_SEPARATORS, key=physical[start].count) if start is not None else ","
    header = _header(name, physical[start] if start is not None else "", separator, columns)
    lines: list[bytes] = []
    for row, record in enumerate(_records(physical, (start or 0) + 1, separator, len(header)), 1):
        landed: dict[str, object] = {"file": name, "row": row}
        if record.error is None:
            values = (value if value.strip() else None for value in record.fields)
            landed["record"] = dict(zip(header, values, strict=True))
        else:
            landed |= {"error": record.error, "raw": record.raw}
        line = _json(landed)
        if len(line) > LONGEST_LINE:
            error = f"longer than 16 MiB: raw holds its first {_SHORTENED:,} characters"
            line = _json({"file": name, "row": row, "error": error, "raw": record.raw[:_SHORTENED]})
        lines.append(line + b"\n")
    return b"".join(lines)


def _json(record: dict[str, object]) -> bytes:
    return escape_marks(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode())


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _header(name: str, line: str, separator: str, columns: Sequence[str]) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=separator), [])
    except csv.Error as error:
        raise UserError(
            f"{name}: its header cannot be read ({error}); is it a CSV file?"
        ) from error
    header = [cell.strip().lower() for cell in cells]
    missing = [column for column in columns if column not in header]
    if missing:
        raise UserError(
            f"{name}: its header lacks {', '.join(missing)}; wanted {', '.join(columns)}"
        )
    repeated = [cell or "(no name)" for cell, times in Counter(header).items() if times > 1]
    if repeated:
        raise UserError(
            f"{name}: its header names a column twice: {', '.join(repeated)}; "
            "remove or rename all but one"
        )
    return header


def _records(lines: list[str], start: int, separator: str, width: int) -> Iterator[Record]:
    """Give the records of the physical `lines` from `start`."""
    place = start
    while place < len(lines):
        rest = (lines[number] for number in range(place, len(lines)))
        reader = csv.reader(rest, delimiter=separator, strict=True)
        first, used = place, 0
        try:
            for fields in reader:
                place, used = first + used, reader.line_num
                raw = "".join(lines[place : first + used]).rstrip("\r\n")
                if len(fields) == width:
                    yield Record(fields, None, raw)
                elif raw.strip():
                    yield Record([], f"expected {width} fields, got {len(fields)}", raw)
            return
        except csv.Error as error:
            place = first + used
            yield Record([], f"broken quotes: {error}", lines[place].rstrip("\r\n"))
            place += 1
