"""Where Trino is, and how it gets there: fetched once, checked, unpacked in part.

The archive holds every connector of Trino, 0.8 GB; the two that Athena needs take 0.2 GB.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from isal import igzip
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from lake.errors import UserError

VERSION = "476"
ARTEFACT = f"io.trino:trino-server:{VERSION}:tar.gz"
ARCHIVE = f"io/trino/trino-server/{VERSION}/trino-server-{VERSION}.tar.gz"
ARCHIVE_BYTES = 821_045_832
SHA256 = "cfd5accde17e8ebd251eeeb78aed1f490e77bb3a164d95a0f454bf8a7c1cbd3f"
ROOM = 1_200_000_000
"""Bytes that an installation needs for a while: the archive and what is unpacked from it."""

MAVEN = ("mvn", "-q", "-B", "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:get")
PLUGINS = ("hive", "iceberg")

# File systems, clouds and metastores that a lake on S3 and Glue never loads. Coral and Nessie look
# as spare and are not: without the first every query fails, without the second Iceberg's plugin.
SPARE_JARS = re.compile(
    r"""
    (^|[._-])(
        grpc|gax|opencensus|conscrypt|azure|msal4j|msal4j-persistence|alluxio|ratis|
        snowflake-jdbc|rocksdbjni|kotlin|okhttp3?|okio|google-[\w-]+|proto-google-[\w-]+
    )([._-]|$)
    | ^com\.google\.(api|auth|cloud|oauth-client|http-client|apis)\b
    | ^com\.\.\.\.apis_google-
    | netty-.*-(quic|boringssl-static-).*-(linux|osx|windows)-
    """,
    re.VERBOSE,
)


def cache_dir() -> Path:
    """Return the folder for what is fetched once: `LAKE_CACHE`, or `~/.cache/lakehouse`."""
    return Path(os.environ.get("LAKE_CACHE") or Path.home() / ".cache" / "lakehouse").resolve()


def trino_home() -> Path | None:
    """Return the unpacked Trino: `TRINO_HOME`, or the one in the cache folder; None without.

    Raises:
        UserError: TRINO_HOME names a folder that is no Trino of this version.
    """
    named = os.environ.get("TRINO_HOME")
    if not named:
        home = cache_dir() / f"trino-{VERSION}"
        return home if missing_part(home) is None else None
    home = Path(named).resolve()
    missing = missing_part(home)
    if missing is not None:
        raise UserError(
            f"TRINO_HOME={named} is no unpacked Trino {VERSION} ({missing} is missing); "
            "correct it, or unset it to have Trino fetched"
        )
    return home


def missing_part(home: Path) -> str | None:
    """Return what a folder lacks to be a Trino of this version with both connectors, or None."""
    parts = (
        f"lib/io.trino_trino-main-{VERSION}.jar",
        f"plugin/hive/io.trino_trino-hive-{VERSION}.jar",
        f"plugin/iceberg/io.trino_trino-iceberg-{VERSION}.jar",
    )
    return next((part for part in parts if not (home / part).is_file()), None)


def install(console: Console) -> Path:
    """Return the unpacked Trino; fetch and unpack it where there is none.

    Raises:
        UserError: no Maven, no network, no room, or the archive is not the expected one.
    """
    found = trino_home()
    if found is not None:
        return found
    cache = cache_dir()
    cache.mkdir(parents=True, exist_ok=True)
    home = cache / f"trino-{VERSION}"
    with tempfile.TemporaryDirectory(dir=cache, prefix="trino-") as folder:
        with _progress(console) as progress:
            archive = _local_archive() or _fetch(Path(folder), progress)
            check_sum(archive, progress)
            unpacked = Path(folder) / "unpacked"
            unpack(archive, unpacked, progress)
        missing = missing_part(unpacked)
        if missing is not None:
            raise UserError(f"{archive} holds no {missing}; report it as a fault of this project")
        if home.exists() and missing_part(home) is not None:
            shutil.rmtree(home)
        try:
            unpacked.rename(home)
        except OSError:
            if missing_part(home) is not None:  # otherwise another process was faster
                raise
    return home


def _local_archive() -> Path | None:
    """Return the archive of Maven's own repository, if an earlier use has left it there."""
    path = Path.home() / ".m2" / "repository" / ARCHIVE
    return path if path.is_file() and path.stat().st_size == ARCHIVE_BYTES else None


def _fetch(folder: Path, progress: Progress) -> Path:
    """Fetch the archive with Maven into a repository of its own, which ends with the folder."""
    if shutil.which(MAVEN[0]) is None:
        raise UserError(
            f"Trino {VERSION} is fetched with Maven, and there is no `mvn`; install Maven, "
            f"or set TRINO_HOME to an unpacked trino-server-{VERSION}"
        )
    free = shutil.disk_usage(folder).free
    if free < ROOM:
        raise UserError(
            f"{folder.parent} has {free / 1e9:.1f} GB free and Trino needs {ROOM / 1e9:.1f} GB "
            "while it is unpacked; free space, or set LAKE_CACHE to another disk"
        )
    repository = folder / "repository"
    options = [f"-Dartifact={ARTEFACT}", "-Dtransitive=false", f"-Dmaven.repo.local={repository}"]
    task = progress.add_task("fetch Trino", total=ARCHIVE_BYTES)
    with (folder / "maven.log").open("w+", encoding="utf-8") as log:
        with _running([*MAVEN, *options], log.fileno()) as process:
            while process.poll() is None:
                progress.update(task, completed=min(_size(repository), ARCHIVE_BYTES))
                time.sleep(0.5)
        log.seek(0)
        said = log.read()
    archive = repository / ARCHIVE
    if process.returncode or not archive.is_file():
        raise UserError(
            f"Maven could not fetch {ARTEFACT}: {_first_error(said)}; check the network (or the "
            "mirror in Maven's settings.xml), or set TRINO_HOME to an unpacked server"
        )
    progress.update(task, completed=ARCHIVE_BYTES)
    return archive


@contextmanager
def _running(command: list[str], output: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command; end it when the block is left early."""
    process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def _first_error(text: str) -> str:
    lines = [line.removeprefix("[ERROR]").strip() for line in text.splitlines() if "ERROR" in line]
    return lines[0] if lines else "it gave no reason"


def _size(folder: Path) -> int:
    """Return the bytes of all files below a folder that is being written to."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue
    return total


def check_sum(archive: Path, progress: Progress, expected: str = SHA256) -> None:
    """Raise a UserError unless the archive has the expected SHA-256."""
    task = progress.add_task("check", total=archive.stat().st_size)
    digest = hashlib.sha256()
    with archive.open("rb") as source:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
            progress.advance(task, len(chunk))
    if digest.hexdigest() != expected:
        raise UserError(
            f"{archive.name} has SHA-256 {digest.hexdigest()[:16]}…, expected {expected[:16]}…; "
            "delete it where it came from (Maven's repository or mirror) and run the command again"
        )


def is_wanted(name: str) -> bool:
    """Return whether a file of the archive, named from the server's folder, is unpacked."""
    folder, _, rest = name.partition("/")
    if folder == "lib":
        return rest.endswith(".jar")
    plugin, _, jar = rest.partition("/")
    is_jar = folder == "plugin" and plugin in PLUGINS and "/" not in jar and jar.endswith(".jar")
    return is_jar and SPARE_JARS.search(jar) is None


def unpack(archive: Path, target: Path, progress: Progress) -> None:
    """Unpack the wanted files of the archive.

    Nine files of ten are hard links, often into the folder of a connector that is not wanted. So
    the archive is read twice: for the names, then for the files that stand behind them.
    """
    task = progress.add_task("unpack", total=2 * archive.stat().st_size)
    with _opened(archive) as (members, position):
        wanted: dict[str, list[Path]] = {}
        for member in members:
            name = _inner(member.name)
            if (member.isfile() or member.islnk()) and is_wanted(name):
                source = member.linkname if member.islnk() else member.name
                wanted.setdefault(source, []).append(target / name)
            progress.update(task, completed=position())
    with _opened(archive) as (members, position):
        for member in members:
            paths = wanted.pop(member.name, []) if member.isfile() else []
            content = members.extractfile(member) if paths else None
            if content is not None:
                _write(content, paths)
            progress.update(task, completed=archive.stat().st_size + position())
            if not wanted:
                break
    progress.update(task, completed=2 * archive.stat().st_size)


def _inner(name: str) -> str:
    """Return a member's path below the archive's one folder, or nothing for a path that leaves."""
    inner = name.partition("/")[2]
    return "" if ".." in inner.split("/") else inner


@contextmanager
def _opened(archive: Path) -> Iterator[tuple[tarfile.TarFile, Callable[[], int]]]:
    """Open the archive for one pass; give also how many of its bytes were read so far."""
    with (
        archive.open("rb") as packed,
        igzip.IGzipFile(fileobj=packed) as plain,  # type: ignore[no-untyped-call]  # isal has no types
        tarfile.open(fileobj=plain, mode="r|", bufsize=1 << 20) as members,
    ):
        yield members, packed.tell


def _write(content: IO[bytes], paths: list[Path]) -> None:
    """Write one file, and give it its other names."""
    first, *others = paths
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
    with first.open("wb") as file:
        shutil.copyfileobj(content, file, 1 << 20)
    for path in others:
        try:
            os.link(first, path)
        except OSError:
            shutil.copyfile(first, path)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:12}"),
        BarColumn(bar_width=30),
        DownloadColumn(),
        TimeElapsedColumn(),
        console=console,
    )
