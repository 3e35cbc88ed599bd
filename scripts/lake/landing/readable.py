"""Whether a landed file can be read by every engine; says what is wrong with it."""

import codecs
from collections.abc import Iterator
from pathlib import Path

import fastavro
from isal import isal_zlib

from lake.landing.marks import find_mark

LONGEST_LINE = 16 * 1024 * 1024
_PACKED_CHUNK = 256 * 1024
_CHUNK = 4 * 1024 * 1024
_GZIP = 31
# The stubs call this class an instance.
IsalError: type[Exception] = isal_zlib.error  # type: ignore[assignment]
_GZIP_MAGIC = b"\x1f\x8b"


class UnreadableError(Exception):
    """What is wrong with a file, in a few words."""


def reason_unreadable(path: Path, file_format: str) -> str | None:
    """Return why a file of the contract's format cannot be read; None where it can.

    Memory is bounded, whatever the size of the file or of its lines.

    Raises:
        OSError: the file cannot be opened.
    """
    try:
        if file_format == "avro":
            _check_avro(path)
        elif path.name.endswith(".gz"):
            _check_lines(_unpacked(path))
        else:
            _check_lines(_plain(path))
    except UnreadableError as error:
        return str(error)
    return None


def _plain(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _unpacked(path: Path) -> Iterator[bytes]:
    """Unpack every gzip member; checksums are verified, which the readers do not do."""
    with path.open("rb") as file:
        packed = file.read(_PACKED_CHUNK)
        if not packed:
            raise UnreadableError("broken gzip: the file is empty")
        while packed:
            member = isal_zlib.decompressobj(wbits=_GZIP)
            if not _GZIP_MAGIC.startswith(packed[:2]):
                raise UnreadableError("broken gzip: bytes that are no gzip")
            while not member.eof:
                if not packed:
                    raise UnreadableError("broken gzip: it ends too early")
                try:
                    chunk = member.decompress(packed, _CHUNK)
                except (IsalError, ValueError) as error:
                    raise UnreadableError(f"broken gzip: {error}") from error
                packed = member.unconsumed_tail
                if chunk:
                    yield chunk
                if not packed and not member.eof:
                    packed = file.read(_PACKED_CHUNK)
            packed = member.unused_data or file.read(_PACKED_CHUNK)


def _check_lines(chunks: Iterator[bytes]) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    tail = b""
    length = 0
    for chunk in chunks:
        if tail or not chunk.isascii():
            _decode(decoder, chunk)
            _find_marks(tail + chunk)
            # A character that the chunk cuts: its first bytes belong before the next chunk.
            tail = decoder.getstate()[0]
        end = chunk.find(b"\n")
        if end < 0:
            length += len(chunk)
        else:
            longest, length = length + end, len(chunk) - chunk.rfind(b"\n") - 1
            if longest > LONGEST_LINE:
                raise UnreadableError("a line is longer than 16 MiB")
        if length > LONGEST_LINE:
            raise UnreadableError("a line is longer than 16 MiB")
    _decode(decoder, b"", final=True)


def _decode(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> None:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        raise UnreadableError(f"not UTF-8: {error.reason}") from error


def _find_marks(chunk: bytes) -> None:
    mark = find_mark(chunk)
    if mark:
        raise UnreadableError(f"holds {mark}, which the readers use as a mark")


def _check_avro(path: Path) -> None:
    try:
        with path.open("rb") as file:
            for _ in fastavro.reader(file):
                pass
    except OSError:
        raise
    except Exception as error:  # fastavro raises whatever the broken bytes lead to
        if "codec" in str(error) and "install" in str(error):
            return
        text = (str(error).splitlines() or [type(error).__name__])[0]
        raise UnreadableError(f"broken Avro: {text[:120]}") from error
