"""`lake land check`: sets unreadable files aside, so that one of them cannot stop a build."""

import hashlib
import json
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from lake.contract import ARRIVAL_DAY, SUFFIXES, Table, load_contract
from lake.database import known_error
from lake.errors import UserError
from lake.landing.readable import reason_unreadable
from lake.landing.report import Steps, steps
from lake.landing.writer import write_file
from lake.paths import lake_root
from lake.quality.files import outside_the_contract
from lake.quality.screen import print_line

LEDGER = "_control/checked.json"
REJECTED = "_rejected"
LISTING = f"{REJECTED}/rejected.jsonl"
_LEDGER_VERSION = 1
_CHANGED_SHOWN = 5
# Below this, starting processes costs more than it saves.
_WORTH_PROCESSES = 64_000_000
_BATCH_BYTES = 32_000_000


@dataclass(frozen=True)
class Rejected:
    """A file set aside: its path in the lake, why, its size in bytes and its md5."""

    file: str
    reason: str
    size: int
    md5: str


@dataclass
class Checked:
    """What a check did: files and bytes read, files known from before, files rejected.

    `outside` is what lies beside the prefixes of the contract, and is left where it is; `changed`
    are the files that are not what they were when they were checked before.
    """

    files: int = 0
    bytes: int = 0
    known: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Landed:
    """A landed file: path in the lake, format, size, and modification time in ns."""

    file: str
    file_format: str
    size: int
    modified: int


@click.command("check")
@click.option("--out", type=click.Path(path_type=Path), help="Lake to check.  [default: LAKE_ROOT]")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def check(out: Path | None, as_json: bool) -> None:
    """Check the landed files that are new or changed, and set aside those that no engine can read.

    An unreadable file (broken gzip, not UTF-8, no Avro, a line longer than 16 MiB, outside an
    arrival_date=YYYY-MM-DD folder) moves to _rejected/ and is listed in _rejected/rejected.jsonl.
    The exit code is 0 all the same: the other files can be built.

    Example: lake land check
    """
    root = (out or lake_root()).resolve()
    with steps(as_json) as progress:
        result = check_lake(root, progress)
    if as_json:
        click.echo(json.dumps(asdict(result)))
        return
    console = Console()
    print_line(
        console,
        f"{root}: {result.files:,} files checked ({result.bytes / 1e6:,.1f} MB), {result.known:,}"
        f" known from before, {len(result.rejected):,} rejected",
    )
    if result.rejected:
        table = RichTable(title=f"moved to {REJECTED}/, the rest goes on", title_justify="left")
        table.add_column("file", overflow="fold")
        table.add_column("reason")
        table.add_column("bytes", justify="right")
        for item in result.rejected:
            table.add_row(escape(item.file), escape(item.reason), f"{item.size:,}")
        console.print(table)
    for name in result.changed[:_CHANGED_SHOWN]:
        print_line(console, f"changed since it was checked: {name}")
    if result.changed:
        days = (ARRIVAL_DAY.search(name) for name in result.changed)
        first = min(day[1] for day in days if day)
        print_line(
            console,
            f"{len(result.changed):,} changed files; what was built from them before is built anew "
            f"by `dbt build --vars '{{replay_from: {first}}}'`",
        )
    for name in result.outside:
        print_line(
            console,
            f"not read: {name}; no table of the contract lies there, so correct the name, or "
            "declare a table in models/staging/",
        )


def check_lake(root: Path, progress: Steps) -> Checked:
    """Check every landed file of the contract below `root` that the ledger does not hold as it is.

    Raises:
        UserError: no lake at `root`, or it cannot be read or written.
    """
    if not root.is_dir():
        raise UserError(f"no lake at {root}; land something first, or set LAKE_ROOT to your lake")
    before = _ledger(root)
    after: dict[str, tuple[int, int]] = {}
    result = Checked()
    new: list[_Landed] = []
    contract = load_contract()
    try:
        result.outside = outside_the_contract(root, contract.values())
        for landed, misplaced in _landed_files(root, contract):
            if misplaced:
                _reject(root, landed, misplaced, result)
            elif before.get(landed.file) == (landed.size, landed.modified):
                after[landed.file] = (landed.size, landed.modified)
                result.known += 1
            else:
                new.append(landed)
                if landed.file in before:
                    result.changed.append(landed.file)
        progress.begin("checking", total=sum(landed.size for landed in new))
        for landed, reason in _reasons(root, new):
            if reason:
                _reject(root, landed, reason, result)
            else:
                after[landed.file] = (landed.size, landed.modified)
            result.files += 1
            result.bytes += landed.size
            progress.advance(landed.size)
    except OSError as error:
        what = f"cannot read or move {error.filename or root}: {error.strerror}"
        raise known_error(str(error)) or UserError(
            f"{what}; make it readable or remove it, then run again"
        ) from error
    result.rejected.sort(key=lambda item: item.file)
    if after != before:
        ledger = {"version": _LEDGER_VERSION, "files": dict(sorted(after.items()))}
        write_file(root, LEDGER, json.dumps(ledger, separators=(",", ":")).encode())
    return result


def _ledger(root: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of the files checked before; nothing where the ledger is unusable."""
    try:
        ledger: dict[str, Any] = json.loads((root / LEDGER).read_bytes())
        if ledger["version"] != _LEDGER_VERSION:
            return {}
        return {file: (entry[0], entry[1]) for file, entry in ledger["files"].items()}
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        return {}


def _landed_files(root: Path, contract: dict[str, Table]) -> Iterator[tuple[_Landed, str | None]]:
    """Give each file below a prefix, and why its place or name is wrong, if it is."""
    for table in sorted(contract.values(), key=lambda table: table.location):
        prefix = root / table.location
        if not prefix.exists():
            continue
        for folder, folders, names in os.walk(prefix, onerror=_stop):
            folders.sort()
            partition = Path(folder).relative_to(prefix).as_posix()
            wrong_place = _wrong_partition(partition, table)
            for name in sorted(names):
                reason = wrong_place or _wrong_name(name, table.file_format)
                if reason and name[0] in "._" and not name.endswith(SUFFIXES[table.file_format]):
                    continue
                path = Path(folder) / name
                status = path.stat()
                yield (
                    _Landed(
                        path.relative_to(root).as_posix(),
                        table.file_format,
                        status.st_size,
                        status.st_mtime_ns,
                    ),
                    reason,
                )


def _stop(error: OSError) -> None:
    """Raise what a walk meets: a folder that cannot be listed may hold a day of records."""
    raise error


def _wrong_partition(partition: str, table: Table) -> str | None:
    place, _, day = partition.rpartition("/")
    match = ARRIVAL_DAY.fullmatch(day)
    if not match or (place not in table.places and table.places == ("",)):
        return "not directly in an arrival_date=YYYY-MM-DD folder"
    if place not in table.places:
        return f"its folder {place or table.location} is not in the contract of {table.name}"
    try:
        date.fromisoformat(match[1])
    except ValueError:
        return f"its folder names a day that does not exist: {match[1]}"
    return None


def _wrong_name(name: str, file_format: str) -> str | None:
    if name[0] in "._":
        return "its name starts with a dot or underscore, which Athena does not read"
    if set(name) & set("*?["):
        return "its name holds *, ? or [, which readers take for a pattern"
    if not name.endswith(SUFFIXES[file_format]):
        return f"its name does not end in {' or '.join(SUFFIXES[file_format])}"
    return None


def _reasons(root: Path, landed: list[_Landed]) -> Iterator[tuple[_Landed, str | None]]:
    """Give each file with why it is unreadable, on all processors where it is worth it."""
    workers = min(os.cpu_count() or 1, len(landed))
    if workers < 2 or sum(item.size for item in landed) < _WORTH_PROCESSES:
        yield from _reasons_of_batch(root, landed)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        futures = [
            pool.submit(_batch_results, root, batch)
            for batch in _batches(sorted(landed, key=lambda item: -item.size))
        ]
        for future in as_completed(futures):
            yield from future.result()


def _batches(landed: list[_Landed]) -> Iterator[list[_Landed]]:
    batch: list[_Landed] = []
    size = 0
    for item in landed:
        batch.append(item)
        size += item.size
        if size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _batch_results(root: Path, landed: list[_Landed]) -> list[tuple[_Landed, str | None]]:
    return list(_reasons_of_batch(root, landed))


def _reasons_of_batch(root: Path, landed: list[_Landed]) -> Iterator[tuple[_Landed, str | None]]:
    for item in landed:
        yield item, reason_unreadable(root / item.file, item.file_format)


def _reject(root: Path, landed: _Landed, reason: str, result: Checked) -> None:
    """List the file and move it aside; what was set aside by that name before stays."""
    path = root / landed.file
    with path.open("rb") as file:
        md5 = hashlib.file_digest(file, "md5").hexdigest()
    rejected = Rejected(landed.file, reason, landed.size, md5)
    target = root / REJECTED / landed.file
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target = target.with_name(f"{md5[:12]}-{target.name}")
    with (root / LISTING).open("a", encoding="utf-8") as listing:
        listing.write(json.dumps(asdict(rejected)) + "\n")
        listing.flush()
        os.fsync(listing.fileno())
    path.replace(target)
    result.rejected.append(rejected)
