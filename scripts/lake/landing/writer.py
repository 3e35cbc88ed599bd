"""Atomic writes into the lake: a file is whole or not there, after a power cut too."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from uuid import uuid4

from lake.errors import UserError

Content = bytes | memoryview


def write_file(root: Path, relative: str, content: Content) -> Path:
    """Write `content` to `root/relative` by a temporary name and a rename.

    A file of that name is replaced as a whole. On failure nothing is visible.

    Raises:
        UserError: the disk is full or the folder cannot be written.
    """
    target = root / relative
    temporary = root / "_tmp" / f"{uuid4().hex}.part"
    try:
        temporary.parent.mkdir(parents=True, exist_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        # Where the folder cannot be made, nothing can be removed from it either.
        with suppress(OSError):
            temporary.unlink()
        raise _cannot_write(target, error) from error
    return target


class Batch:
    """Many files that become visible together: one wait for the disk, then the renames.

    A wait for each file would cost more than the writing. The temporary names of a batch that is
    left without `publish` are removed; those of a process that was killed, by the next batch.
    A lake takes one batch at a time. `add` may be called from several threads.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / "_tmp" / "batch"
        self._waiting: list[tuple[Path, Path]] = []

    def __enter__(self) -> "Batch":
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = (self._root / "_tmp" / "landing.lock").open("a+")
            self._take_lock()
            self._clear()
        except OSError as error:
            raise _cannot_write(self._folder, error) from error
        return self

    def _take_lock(self) -> None:
        """Take the lock of the lake, which ends with the process, and name the process in it."""
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.seek(0)
            process = self._lock.read().strip()
            self._lock.close()
            raise UserError(
                f"{self._root} is being landed into by process {process}; wait for it to end or "
                f"stop it (kill {process}), then run the same command again"
            ) from error
        self._lock.truncate(0)
        self._lock.write(str(os.getpid()))
        self._lock.flush()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._clear()
        self._lock.close()

    def add(self, relative: str, content: Content) -> None:
        """Write a file that `publish` makes visible as `relative`.

        Raises:
            UserError: the disk is full or the folder cannot be written.
        """
        temporary = self._folder / f"{uuid4().hex}.part"
        try:
            temporary.write_bytes(content)
        except OSError as error:
            raise _cannot_write(self._root / relative, error) from error
        self._waiting.append((temporary, self._root / relative))

    def publish(self) -> None:
        """Make all files of `add` visible; those of the same name are replaced.

        Raises:
            UserError: a folder cannot be written.
        """
        if not self._waiting:
            return
        # A name that outlives a power cut must not point at what did not. Linux waits here until
        # all is written; other systems may only begin to, and none reports a failing disk.
        os.sync()
        for folder in {target.parent for _, target in self._waiting}:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise _cannot_write(folder, error) from error
        while self._waiting:
            temporary, target = self._waiting.pop()
            try:
                temporary.replace(target)
            except OSError as error:
                raise _cannot_write(target, error) from error

    def _clear(self) -> None:
        self._waiting.clear()
        for left in self._folder.glob("*.part"):
            left.unlink(missing_ok=True)


def _cannot_write(target: Path, error: OSError) -> UserError:
    return UserError(
        f"cannot write {target}: {error.strerror}; "
        "free the disk or choose another LAKE_ROOT, then run the same command again"
    )
