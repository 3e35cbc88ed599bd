"""What survives a restart, written before a request is answered.

One SQLite file holds a row for each thing that is kept. A change is committed inside the request
that makes it, so a client that has its answer finds the change again even after the service was
killed. A killed process loses nothing; a machine that loses its power may lose the last moments.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

FILE = "state.sqlite"
LAST = "\U0010ffff"
SEPARATOR = "\x1f"

Change = tuple[str, str, str | None]


def key_of(*parts: str) -> str:
    """The key of a thing below others: a table below its database, a partition below its table."""
    return SEPARATOR.join(parts)


def parts_of(key: str) -> list[str]:
    """The names that `key_of` joined."""
    return key.split(SEPARATOR)


class Journal:
    """Rows of (kind, key, value); without a folder it keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.connection: sqlite3.Connection | None = None
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self.connection = sqlite3.connect(
                folder / FILE, check_same_thread=False, isolation_level=None
            )
            self.connection.execute("pragma journal_mode = wal")
            self.connection.execute("pragma synchronous = normal")
            self.connection.execute(
                "create table if not exists kept"
                " (kind text, key text, value text, primary key (kind, key)) without rowid"
            )

    @property
    def keeps(self) -> bool:
        """Whether anything is kept over a restart."""
        return self.connection is not None

    def write(self, changes: Iterable[Change]) -> None:
        """Put or, where the value is None, remove the rows, all or none."""
        if self.connection is None:
            return
        with self.lock:
            self.connection.execute("begin immediate")
            try:
                for kind, key, value in changes:
                    self.change(kind, key, value)
            except BaseException:
                self.connection.execute("rollback")
                raise
            self.connection.execute("commit")

    def change(self, kind: str, key: str, value: str | None) -> None:
        """Put or remove one row inside the open transaction."""
        assert self.connection is not None
        if value is None:
            self.connection.execute("delete from kept where kind = ? and key = ?", (kind, key))
        else:
            self.connection.execute("replace into kept values (?, ?, ?)", (kind, key, value))

    def below(self, kind: str, *parts: str) -> list[str]:
        """The keys of a kind below the named thing."""
        first = key_of(*parts, "")
        return [key for key, _ in self.rows(kind, first, first + LAST)]

    def items(self, kind: str) -> Iterator[tuple[str, str]]:
        """Key and value of every row of a kind, in the order of the keys."""
        yield from self.rows(kind, "", LAST)

    def rows(self, kind: str, first: str, last: str) -> list[tuple[str, str]]:
        """Key and value of the rows of a kind with first <= key < last."""
        if self.connection is None:
            return []
        with self.lock:
            return self.connection.execute(
                "select key, value from kept where kind = ? and key >= ? and key < ? order by key",
                (kind, first, last),
            ).fetchall()

    def close(self) -> None:
        """Close the file; a later write fails rather than be forgotten."""
        with self.lock:
            if self.connection is not None:
                self.connection.close()
