"""`lake land upload`: copies a lake on disk to S3, only what is new or changed there."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from rich.console import Console

from lake.contract import load_contract
from lake.errors import UserError
from lake.landing.report import Steps, steps
from lake.paths import files_below, lake_root
from lake.storage import (
    THREADS,
    Place,
    Stored,
    clear_errors,
    client,
    ensure_bucket,
    parse_place,
    remove,
    stored_objects,
)


@dataclass
class Uploaded:
    """What an upload did: files and bytes sent, files that were there, objects without a file."""

    files: int = 0
    bytes: int = 0
    present: int = 0
    without_file: int = 0
    removed: int = 0


@click.command("upload")
@click.argument("target")
@click.option(
    "--from", "source", type=click.Path(path_type=Path), help="Lake to copy.  [default: LAKE_ROOT]"
)
@click.option("--delete", is_flag=True, help="Remove objects that have no file in the lake.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def upload(target: str, source: Path | None, delete: bool, as_json: bool) -> None:
    """Copy the landed files of the contract to TARGET in S3: what is missing there or older.

    An object counts as the file's copy if it has its size and is not older than the file. What lies
    outside the contract's prefixes (_tmp, _rejected, the generator's truth) stays at home.

    \b
    Example:
      lake land upload s3://lake/landing
    """
    root = (source or lake_root()).resolve()
    place = parse_place(target)
    with steps(as_json) as progress, clear_errors(f"cannot copy to {place}"):
        result = upload_lake(root, place, progress, delete=delete)
    if as_json:
        click.echo(json.dumps(asdict(result)))
        return
    left = "" if delete or not result.without_file else "; --delete removes them"
    Console().print(
        f"{place}: {result.files:,} files copied ({result.bytes / 1e6:,.1f} MB), {result.present:,}"
        f" were there, {result.without_file:,} objects without a file{left}",
        highlight=False,
        soft_wrap=True,
    )


def upload_lake(root: Path, place: Place, progress: Steps, *, delete: bool = False) -> Uploaded:
    """Copy the landed files below `root` that `place` lacks; return what was done.

    Raises:
        UserError: no lake at `root`.
    """
    prefixes = tuple(f"{table.location}/" for table in load_contract().values())
    files = _landed_files(root, prefixes)
    s3 = client("s3")
    ensure_bucket(s3, place.bucket)
    everything = stored_objects(s3, place)
    # Other things below the place, tables for example, are none of ours.
    stored = {name: item for name, item in everything.items() if name.startswith(prefixes)}
    result = Uploaded()
    new = [name for name, path in files.items() if not _is_copied(path, stored.get(name))]
    sizes = {name: files[name].stat().st_size for name in new}
    progress.begin("copying", total=sum(sizes.values()))

    def send(name: str) -> str:
        s3.upload_file(str(files[name]), place.bucket, place.key(name))
        return name

    with ThreadPoolExecutor(THREADS) as pool:
        for name in pool.map(send, new):
            progress.advance(sizes[name])
    strays = sorted(stored.keys() - files.keys())
    if delete and strays:
        remove(s3, place, strays)
        result.removed = len(strays)
    result.files, result.bytes = len(new), sum(sizes.values())
    result.present = len(files) - len(new)
    result.without_file = len(strays)
    return result


def _landed_files(root: Path, prefixes: tuple[str, ...]) -> dict[str, Path]:
    """Return the files below the prefixes by their path in the lake."""
    if not root.is_dir():
        raise UserError(f"no lake at {root}; land something first, or set LAKE_ROOT to your lake")
    files = {}
    for prefix in prefixes:
        for path in sorted(files_below(root / prefix)) if (root / prefix).is_dir() else ():
            files[path.relative_to(root).as_posix()] = path
    return files


def _is_copied(path: Path, stored: Stored | None) -> bool:
    """Return whether the object is the file's copy; its time is cut to seconds, to be safe."""
    if stored is None:
        return False
    status = path.stat()
    written = stored.modified.replace(microsecond=0).timestamp()
    return stored.size == status.st_size and status.st_mtime <= written
