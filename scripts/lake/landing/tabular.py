"""Reads published CSV and Parquet files into DuckDB as text, row by row, and loses no row."""

import codecs
import csv
import gzip
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from itertools import groupby
from pathlib import Path

import duckdb

from lake.database import literal
from lake.errors import UserError
from lake.paths import files_below

SUFFIXES = (".csv", ".csv.gz", ".parquet")
SEPARATORS = (",", ";", "\t")
_CHUNK = 1 << 20
_NO_CHARACTER = "\U0010ffff"
_UNDEFINED_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
# A field and its separator: quoted with doubled quotes inside, or anything without a separator.
_FIELD = '("(?:[^"]|"")*"|[^"{0}][^{0}]*|){0}'
_LONGEST_RECORD = 100


@dataclass(frozen=True)
class Form:
    """One kind of published file: its columns, each with the header names that mean it."""

    name: str
    columns: dict[str, tuple[str, ...]]

    def places(self, header: Sequence[str]) -> dict[str, int] | None:
        """Return the place of each column in `header`, or None where one is missing."""
        found = [cell.strip().lower() for cell in header]
        places = {}
        for column, names in self.columns.items():
            place = next((found.index(name) for name in names if name in found), None)
            if place is None:
                return None
            places[column] = place
        return places


@dataclass(frozen=True)
class Published:
    """A file with its header; `text` is the UTF-8 file to read where it is no Parquet."""

    path: Path
    header: tuple[str, ...]
    separator: str = ","
    text: Path | None = None


@dataclass
class Loaded:
    """What `load` read: rows that have the header's columns, and rows that do not."""

    rows: int = 0
    broken_rows: int = 0
    files: list[str] = field(default_factory=list)


def find_files(
    path: Path, suffixes: tuple[str, ...] = SUFFIXES, passed_over: tuple[str, ...] = ()
) -> list[Path]:
    """Return the data files of a folder, sorted by path, or the one file.

    Of a folder, hidden files and those whose names begin as `passed_over` (lower case) are left.

    Raises:
        UserError: nothing is there, nothing that ends in one of `suffixes`, or a folder that
            cannot be read.
    """
    if not path.exists():
        raise UserError(f"no such file or folder: {path}; give the folder of the published files")
    if path.is_file():
        if not path.name.lower().endswith(suffixes):
            raise UserError(f"{path}: not a CSV or Parquet file; save it as .csv or .parquet")
        return [path]
    files = sorted(
        file
        for file in files_below(path)
        if file.is_file()
        and file.name.lower().endswith(suffixes)
        and not file.name.lower().startswith((".", *passed_over))
    )
    if not files:
        raise UserError(
            f"{path}: holds no {', '.join(suffixes[:-1])} or {suffixes[-1]} file; "
            "give the folder of the published files"
        )
    return files


def copy_behind(text: str, file: Path, workspace: Path) -> Path:
    """Return a copy of a file, in `workspace`, that begins with `text`."""
    copy = _new_csv(workspace)
    with copy.open("wb") as target, file.open("rb") as source:
        target.write(text.encode())
        shutil.copyfileobj(source, target, _CHUNK)
    return copy


def open_published(path: Path, workspace: Path) -> Published:
    """Return the file with its header, decoded to UTF-8 in `workspace` where it is not.

    Raises:
        UserError: the file cannot be read, or is empty.
    """
    given, path = path, _plain_name(path.resolve(), workspace)
    try:
        if path.name.lower().endswith(".parquet"):
            with duckdb.connect() as con:
                con.execute("select name from parquet_schema(?)", [str(path)])
                return Published(path, tuple(row[0] for row in con.fetchall()[1:]))
        text = _as_utf8(path, workspace)
        with text.open(encoding="utf-8-sig") as lines:
            first = lines.readline()
        separator = max(SEPARATORS, key=first.count)
        header = tuple(next(csv.reader([first], delimiter=separator), ()))
    except (duckdb.Error, OSError, EOFError, zlib.error, UnicodeError, csv.Error) as error:
        raise UserError(f"{given}: cannot be read ({first_line(error)}); fetch it again") from error
    if not first.strip():
        raise UserError(f"{given}: has no header line; give the file as it was published")
    return Published(path, header, separator, text)


def create_tables(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    """Create the empty tables `<form>` (rows in order of `position`) and `<form>_broken`."""
    columns = ", ".join(f"{column} varchar" for column in form.columns)
    con.execute(f"create or replace table {form.name} (file_no int, position bigint, {columns})")
    con.execute(
        f"create or replace table {form.name}_broken"
        " (file_no int, position bigint, error varchar, raw varchar)"
    )


def load(con: duckdb.DuckDBPyConnection, form: Form, files: Sequence[Published]) -> Loaded:
    """Read `files` of one form into the tables that `create_tables` made.

    `position` counts on over the files, so that it orders all rows. A line that does not have as
    many fields as its header stays in `<form>_broken`, as it is. A cell is NULL where it is empty.

    Raises:
        UserError: a file lacks a column of the form, or cannot be read.
    """
    create_tables(con, form)
    numbered = list(enumerate(files))
    for layout, group in groupby(numbered, key=lambda item: (item[1].header, item[1].separator)):
        places = form.places(layout[0])
        members = list(group)
        if places is None:
            wanted = ", ".join(names[0] for names in form.columns.values())
            raise UserError(
                f"{members[0][1].path}: its header is {', '.join(layout[0])[:200]}; wanted {wanted}"
            )
        for parquet, part in groupby(members, key=lambda item: item[1].text is None):
            batch = list(part)
            try:
                if parquet:
                    _load_parquet(con, form, batch, places)
                else:
                    _load_text(con, form, batch, places)
            except duckdb.Error as error:
                path = batch[0][1].path
                raise UserError(
                    f"{path}: cannot be read ({first_line(error)}); fetch it again"
                ) from error
    return Loaded(
        rows=number(con, f"select count(*) from {form.name}"),
        broken_rows=number(con, f"select count(*) from {form.name}_broken"),
        files=[file.path.name for file in files],
    )


def number(con: duckdb.DuckDBPyConnection, query: str) -> int:
    """Return the one integer that `query` selects, 0 for NULL."""
    row = con.execute(query).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def first_line(error: BaseException) -> str:
    """Return the first line of an error's message."""
    return (str(error).splitlines() or [type(error).__name__])[0][:160]


@contextmanager
def workbench() -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """Give a database in memory, and a folder to spill and copy to, for one landing.

    It defines `cell(x)`: the trimmed text, NULL where it is empty or `nan`.

    Raises:
        UserError: memory or disk do not suffice.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        duckdb.connect(
            config={"memory_limit": "2GB", "temp_directory": str(Path(folder) / "spill")}
        ) as con,
    ):
        con.execute("set enable_progress_bar = false")
        con.execute(
            "create macro bare(x) as trim(x, ' ' || chr(9) || chr(10) || chr(13) || chr(160))"
        )
        con.execute(
            "create macro cell(x) as"
            " case when bare(x) <> '' and lower(bare(x)) <> 'nan' then bare(x) end"
        )
        try:
            yield con, Path(folder)
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            raise UserError(
                f"{folder}: no room for the work ({first_line(error)}); free disk and memory, or"
                " set TMPDIR to a larger disk"
            ) from error


def pattern(folder: Path) -> str:
    """Return the folder as a glob pattern that matches nothing but itself."""
    return re.sub(r"([*?\[])", r"[\1]", str(folder))


def _load_parquet(
    con: duckdb.DuckDBPyConnection,
    form: Form,
    files: Sequence[tuple[int, Published]],
    places: dict[str, int],
) -> None:
    for number, file in files:
        columns = ", ".join(
            'cast("{}" as varchar)'.format(file.header[place].replace('"', '""'))
            for place in places.values()
        )
        start = _next_position(con, form)
        con.execute(
            f"insert into {form.name} select {number}, {start} + file_row_number, {columns}"
            f" from read_parquet({literal(str(file.path))}, file_row_number = true)"
        )


def _load_text(
    con: duckdb.DuckDBPyConnection,
    form: Form,
    files: Sequence[tuple[int, Published]],
    places: dict[str, int],
) -> None:
    separator = files[0][1].separator
    width = len(files[0][1].header)
    paths = ", ".join(literal(str(file.text)) for _, file in files)
    names = ", ".join(f"{literal(str(file.text))}: {number}" for number, file in files)
    start = _next_position(con, form)
    con.execute(
        f"""
        create or replace temp table landed_lines as
        select map {{{names}}}[filename] as file_no, rtrim(line, chr(13)) as line
        from read_csv(
            [{paths}], columns = {{line: 'varchar'}}, delim = '{_NO_CHARACTER}', quote = '',
            escape = '', header = false, auto_detect = false, new_line = '\\n',
            strict_mode = false, max_line_size = 16777216, skip = 1, filename = true
        )
        """
    )
    fields = _FIELD.format("\\t" if separator == "\t" else separator)
    con.execute(
        f"""
        create or replace temp table landed_rows as
        select *, {_is_sound(width)} as is_sound
        from (
            select rowid as place, file_no, line,
                case when contains(line, '"')
                    then regexp_extract_all(line || '{separator}', '{fields}', 1)
                    else string_split(line, '{separator}')
                end as fields
            from landed_lines where line <> ''
        )
        """
    )
    _join_spanning(con, separator, width)
    columns = ", ".join(
        f"""case when fields[{place + 1}] like '"%' then
            replace(substr(fields[{place + 1}], 2, length(fields[{place + 1}]) - 2), '""', '"')
            else fields[{place + 1}] end"""
        for place in places.values()
    )
    con.execute(
        f"insert into {form.name} select file_no, {start} + place, {columns}"
        " from landed_rows where is_sound order by place"
    )
    con.execute(
        f"insert into {form.name}_broken select file_no, {start} + place,"
        f" 'not a row of {width} fields', line from landed_rows where not is_sound order by place"
    )
    con.execute("drop table landed_rows; drop table landed_lines")


def _next_position(con: duckdb.DuckDBPyConnection, form: Form) -> int:
    return number(
        con,
        f"select greatest((select coalesce(max(position), -1) from {form.name}),"
        f" (select coalesce(max(position), -1) from {form.name}_broken)) + 1",
    )


def _is_sound(width: int) -> str:
    """SQL: the line is `width` fields and nothing between them."""
    return (
        f"len(fields) = {width} and "
        "list_sum(list_transform(fields, lambda x: strlen(x))) + len(fields) = strlen(line) + 1"
    )


def _join_spanning(con: duckdb.DuckDBPyConnection, separator: str, width: int) -> None:
    """Join the lines of a record whose quoted field holds line ends; they are rare."""
    lines = con.execute(
        "select place, file_no, line from landed_rows where not is_sound order by place"
    ).fetchall()
    done = -1
    for index, (place, file_no, line) in enumerate(lines):
        if place <= done or line.count('"') % 2 == 0:
            continue
        for last, last_file, _ in lines[index + 1 : index + 1 + _LONGEST_RECORD]:
            if last_file != file_no or last - place > _LONGEST_RECORD:
                break
            rows = con.execute(
                "select line from landed_rows where place between ? and ? order by place",
                [place, last],
            ).fetchall()
            fields = _record([row[0] for row in rows], separator)
            if fields is not None and len(fields) == width:
                con.execute("delete from landed_rows where place between ? and ?", [place, last])
                quoted = ['"' + text.replace('"', '""') + '"' for text in fields]
                con.execute(
                    "insert into landed_rows values (?, ?, ?, ?, true)",
                    [place, file_no, separator.join(quoted), quoted],
                )
                done = last
                break


def _record(lines: list[str], separator: str) -> list[str] | None:
    """Return the fields where `lines` are exactly one record, else None."""
    reader = csv.reader([line + "\n" for line in lines], delimiter=separator, strict=True)
    try:
        records = list(reader)
    except csv.Error:
        return None
    return records[0] if len(records) == 1 else None


def _plain_name(path: Path, workspace: Path) -> Path:
    """Return a path that no reader takes for a pattern: `path`, or a link to it."""
    if not set("*?[{") & set(str(path)):
        return path
    link = workspace / f"{len(list(workspace.iterdir())):05d}{''.join(path.suffixes[-2:])}"
    link.symlink_to(path)
    return link


def _new_csv(workspace: Path) -> Path:
    return workspace / f"{len(list(workspace.iterdir())):05d}.csv"


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        packed = path.name.lower().endswith(".gz")
        content: gzip.GzipFile | BufferedReader = gzip.GzipFile(fileobj=file) if packed else file
        while chunk := content.read(_CHUNK):
            yield chunk


def _encoding(path: Path) -> tuple[str, bool]:
    """Return the encoding, and whether the text holds U+10FFFF."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    marked = False
    is_utf8, is_cp1252 = True, True
    for number, chunk in enumerate(_chunks(path)):
        if number == 0 and chunk[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16", True
        if is_utf8:
            try:
                marked |= _NO_CHARACTER in decoder.decode(chunk)
            except UnicodeDecodeError:
                is_utf8 = False
        is_cp1252 = is_cp1252 and not any(byte in chunk for byte in _UNDEFINED_IN_CP1252)
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
            return "utf-8-sig", marked
        except UnicodeDecodeError:
            pass
    return ("cp1252" if is_cp1252 else "latin-1"), True


def _as_utf8(path: Path, workspace: Path) -> Path:
    """Return a file of UTF-8 text without U+10FFFF: `path` itself, or a copy in `workspace`."""
    encoding, needs_copy = _encoding(path)
    if not needs_copy and not path.name.lower().endswith(".gz"):
        return path
    decoder = codecs.getincrementaldecoder(encoding)()
    copy = _new_csv(workspace)
    with copy.open("w", encoding="utf-8", newline="") as target:
        for chunk in _chunks(path):
            target.write(decoder.decode(chunk).replace(_NO_CHARACTER, "\ufffd"))
        target.write(decoder.decode(b"", final=True))
    return copy
