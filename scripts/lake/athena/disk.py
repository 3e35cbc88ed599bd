"""Objects as files: a stand-in for the temporary file in which moto holds an object's bytes."""

import hashlib
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

CHUNK = 1 << 20
GRACE_SECONDS = 60.0


class Stretch:
    """Bytes `start` up to `end` of a file, read when they are asked for.

    It stands where moto expects the bytes of an object: it has their length, a slice of it is
    another stretch, and a web server sends it chunk by chunk.
    """

    def __init__(self, path: Path, start: int, end: int) -> None:
        self.path = path
        self.start = start
        self.end = end

    def __len__(self) -> int:
        return self.end - self.start

    def __getitem__(self, wanted: slice) -> "Stretch":
        first, last, _ = wanted.indices(len(self))
        return Stretch(self.path, self.start + first, self.start + max(first, last))

    def __iter__(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            file.seek(self.start)
            left = len(self)
            while left and (chunk := file.read(min(CHUNK, left))):
                left -= len(chunk)
                yield chunk


class Whole(Stretch):
    """A file of nobody's yet: who writes it into a buffer takes it over without a copy."""

    def __init__(self, path: Path, etag: str | None = None) -> None:
        super().__init__(path, 0, path.stat().st_size)
        self.etag = etag


class Folder:
    """The folder of the objects' files, one file a version of an object, none held open.

    A file that is no longer needed goes `GRACE_SECONDS` later, so that a reader who has just
    found the object still gets its bytes.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.Lock()
        self.unwanted: deque[tuple[float, Path]] = deque()

    def new(self) -> Path:
        """A path that no object has."""
        name = uuid.uuid4().hex
        folder = self.path / name[:2]
        folder.mkdir(parents=True, exist_ok=True)
        return folder / name

    def drop(self, path: Path) -> None:
        """Mark a file as no longer needed."""
        with self.lock:
            self.unwanted.append((time.monotonic(), path))

    def sweep(self, grace: float = GRACE_SECONDS) -> None:
        """Remove the files that were dropped more than `grace` seconds ago."""
        before = time.monotonic() - grace
        while True:
            with self.lock:
                if not self.unwanted or self.unwanted[0][0] > before:
                    return
                path = self.unwanted.popleft()[1]
            path.unlink(missing_ok=True)

    def keep_only(self, names: set[str]) -> None:
        """Remove every file that no object names: what a killed service left behind."""
        for path in self.path.glob("*/*"):
            if path.name not in names:
                path.unlink(missing_ok=True)

    def at(self, name: str) -> Path:
        """The path of the file with this name."""
        return self.path / name[:2] / name


class Buffer:
    """The temporary file of one object, on disk and closed between uses.

    It has the methods that moto uses: `seek`, `truncate`, `write`, `read`, `close`.
    """

    folder: Folder

    def __init__(self, max_size: int = 0) -> None:
        del max_size
        self.path: Path | None = None
        self.etag = ""
        self.position = 0
        self.closed = False

    def seek(self, position: int) -> None:
        """Set the place of the next read."""
        self.position = position

    def truncate(self) -> None:
        """Forget the content."""
        self.close()
        self.path = None

    def write(self, content: bytes | bytearray | memoryview | Stretch) -> None:
        """Set the whole content; a stretch of another file is copied, not loaded."""
        self.closed = False
        if isinstance(content, Whole):
            self.path, self.etag = content.path, content.etag or md5_of(content)
            return
        chunks = content if isinstance(content, Stretch) else (content,)
        digest = hashlib.md5(usedforsecurity=False)
        path = self.folder.new()
        with path.open("wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                file.write(chunk)
        self.path, self.etag = path, digest.hexdigest()

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes from the place on, all that follow by default."""
        with self.file().open("rb") as file:
            file.seek(self.position)
            content = file.read(size)
        self.position += len(content)
        return content

    def stretch(self) -> Stretch:
        """The whole content, to be read later."""
        path = self.file()
        return Stretch(path, 0, path.stat().st_size)

    def file(self) -> Path:
        """The file with the content."""
        if self.path is None:
            raise ValueError("the object has no content")
        return self.path

    def close(self) -> None:
        """Give the file up; who has found the object already can read it for a while."""
        if self.path is not None and not self.closed:
            self.folder.drop(self.path)
        self.closed = True


def md5_of(chunks: Iterable[bytes]) -> str:
    """The MD5 of the chunks one after the other, as S3 shows it."""
    digest = hashlib.md5(usedforsecurity=False)
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def joined(folder: Folder, parts: Iterable[Stretch], etag: str | None = None) -> Whole:
    """The parts one after the other in a file of their own."""
    path = folder.new()
    with path.open("wb") as file:
        for part in parts:
            for chunk in part:
                file.write(chunk)
    return Whole(path, etag)
