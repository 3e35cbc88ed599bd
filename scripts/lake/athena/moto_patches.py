"""The few places where moto is changed, each with its reason.

moto is written for short tests in one process: it holds objects in memory, never lets go of what
it made, and knows little of Glue's habits. `apply` is called once, before the first request.
"""

import bisect
import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any, ClassVar

from moto.core import common_models
from moto.glue import utils as glue_utils
from moto.s3 import models as s3_models
from moto.s3 import responses as s3_responses
from moto.s3.exceptions import EntityTooSmall, InvalidPart, MalformedXML
from moto.s3.utils import _VersionedKeyStore
from moto.settings import S3_UPLOAD_PART_MIN_SIZE

from lake.athena.disk import Buffer, Folder, joined

Touched = Callable[[str, str], None]

LAST = "\U0010ffff"

thread = threading.local()


class KeyStore(_VersionedKeyStore):
    """The objects of one bucket; `touched` learns the name of every object that changes.

    moto offers no other place through which every put, copy, upload and delete goes. The names
    are also kept in order: moto lists a folder by looking at every object of the bucket, and
    stumbles over one that is deleted meanwhile.
    """

    touched: ClassVar[Touched]

    def __init__(self, bucket: str) -> None:
        super().__init__()
        self.bucket = bucket
        self.lock = threading.Lock()
        self.names: list[str] = []

    def changed(self, key: str) -> None:
        """Keep the names in order, and tell of the change."""
        with self.lock:
            place = bisect.bisect_left(self.names, key)
            known = self.names[place : place + 1] == [key]
            if key in self and not known:
                self.names.insert(place, key)
            elif key not in self and known:
                del self.names[place]
        KeyStore.touched(self.bucket, key)

    def pop(self, key: str) -> None:  # type: ignore[override]  # moto's pop gives nothing back
        """Remove an object with all its versions."""
        super().pop(key)
        self.changed(key)

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        self.changed(key)

    def setlist(self, key: Any, list_: Any) -> Any:
        """Replace the versions of an object."""
        super().setlist(key, list_)
        self.changed(key)

    def beginning(self, prefix: str) -> list[str]:
        """The names that begin so, in order."""
        with self.lock:
            first = bisect.bisect_left(self.names, prefix)
            last = bisect.bisect_left(self.names, prefix + LAST, first)
            return self.names[first:last]

    def items(self) -> Iterator[tuple[str, Any]]:  # type: ignore[override]  # moto's is an iterator
        """Name and newest version of each object, of those alone that are being listed."""
        for name in self.beginning(getattr(thread, "listed", None) or ""):
            version = self.get(name)
            if version is not None:
                yield name, version

    def iterlists(self) -> Iterator[tuple[str, list[Any]]]:
        """Name and versions of each object; one that goes meanwhile is passed over."""
        for name in self.beginning(""):
            versions = self.getlist(name)
            if versions:
                yield name, versions


def apply(folder: Folder, touched: Touched) -> None:
    """Make moto hold objects in `folder`, tell of changed objects, and forget what is gone."""
    Buffer.folder = folder
    KeyStore.touched = staticmethod(touched)
    install()


@cache
def install() -> None:
    """Put every patch in place, once in the life of the process."""
    forget_instances()
    objects_on_disk()
    buckets_that_tell()
    listing_by_prefix()
    partition_filter_on_sized_text()


def replace(owner: Any, name: str, value: Any) -> None:
    """Set an attribute of one of moto's modules or classes."""
    setattr(owner, name, value)


def forget_instances() -> None:
    """moto keeps a reference to everything it ever made, so that memory only grows."""
    replace(common_models.BaseModel, "__new__", lambda cls, *_, **__: object.__new__(cls))


def objects_on_disk() -> None:
    """moto holds small objects in memory and an open file for each larger one.

    A file of its own for each object, closed between uses, needs neither. A read sends the file
    in chunks, and a range opens only its part, where moto loads the object to cut it. What is no
    longer wanted is told by moto's `dispose`; `__del__` would also drop what is kept on disk. A
    listing of versions copies every object with its bytes; here the copy has the same file.
    """
    replace(s3_models, "tempfile", SimpleNamespace(SpooledTemporaryFile=Buffer))
    replace(s3_models.FakeKey, "etag", property(etag))
    replace(s3_models.FakeKey, "value", property(content, vars(s3_models.FakeKey)["value"].fset))
    replace(s3_models.FakeKey, "__del__", lambda key: None)
    replace(s3_models.FakeKey, "__deepcopy__", lambda key, memo: same_file(key))
    replace(s3_models.FakeMultipart, "complete", complete)
    read = s3_responses.S3Response.get_object

    def get_object(self: Any) -> Any:
        thread.sending = True
        try:
            return read(self)
        finally:
            thread.sending = False

    replace(s3_responses.S3Response, "get_object", get_object)
    replace(s3_responses.S3Response, "_handle_encoded_body", lambda self, body: decoded(body))


def listing_by_prefix() -> None:
    """While a prefix is listed, a bucket shows only the objects below it."""
    list_objects = s3_models.S3Backend.list_objects

    def listed(self: Any, bucket: Any, prefix: str | None, *arguments: Any, **options: Any) -> Any:
        thread.listed = prefix
        try:
            return list_objects(self, bucket, prefix, *arguments, **options)
        finally:
            thread.listed = None

    replace(s3_models.S3Backend, "list_objects", listed)


def same_file(key: Any) -> Any:
    """A copy of an object that shares its bytes."""
    twin = object.__new__(type(key))
    twin.__dict__.update(key.__dict__)
    return twin


def etag(key: Any) -> str:
    """The MD5 that was taken while the object was written."""
    return f'"{key._etag or key._value_buffer.etag}"'


def content(key: Any) -> Any:
    """The bytes of an object; while it is being sent, its file to be read in chunks."""
    if getattr(thread, "sending", False):
        return key._value_buffer.stretch()
    with key.lock:
        key._value_buffer.seek(0)
        return key._value_buffer.read()


def complete(upload: Any, body: Iterator[tuple[int, str]]) -> Any:
    """Join the parts of an upload file by file, where moto makes three copies in memory."""
    parts: list[Any] = []
    for number, given in body:
        part = upload.parts.get(number)
        if part is None or part.etag.strip('"') != given.strip('"'):
            raise InvalidPart()
        if parts and parts[-1].contentsize < S3_UPLOAD_PART_MIN_SIZE:
            raise EntityTooSmall()
        parts.append(part)
    if not parts:
        raise MalformedXML()
    digests = b"".join(bytes.fromhex(part.etag.strip('"')) for part in parts)
    tag = f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(parts)}"
    whole = joined(Buffer.folder, (part._value_buffer.stretch() for part in parts), tag)
    return whole, tag, checksum(upload.metadata, parts)


def checksum(metadata: Any, parts: list[Any]) -> tuple[str, str, int] | None:
    """The checksum of an upload whose client asked for one."""
    algorithm = metadata.get("x-amz-checksum-algorithm")
    if not algorithm:
        return None
    builder = s3_models.MultipartChecksumBuilder(algorithm, metadata.get("x-amz-checksum-type"))
    for part in parts:
        builder.addPart(part.value)
    return builder.build()


def decoded(body: Any) -> bytes:
    """The payload of a chunked upload, whose chunks moto adds up one by one."""
    raw = body if isinstance(body, bytes) else body.read() if body else b""
    view, place, chunks = memoryview(raw), 0, []
    while place < len(raw):
        line = raw.index(b"\r\n", place)
        size = int(raw[place:line].split(b";")[0], 16)
        if size == 0:
            break
        chunks.append(view[line + 2 : line + 2 + size])
        place = line + 2 + size + 2
    return b"".join(chunks)


def buckets_that_tell() -> None:
    """Each bucket's objects live in a store that tells of changes."""
    make = s3_models.FakeBucket.__init__

    def init(self: Any, name: str, *arguments: Any, **options: Any) -> None:
        make(self, name, *arguments, **options)
        self.keys = KeyStore(name)

    replace(s3_models.FakeBucket, "__init__", init)


def partition_filter_on_sized_text() -> None:
    """moto's filter on partitions knows `varchar` and `decimal`, not `varchar(10)`."""
    cast = glue_utils._cast

    def cast_sized(type_: str, value: Any) -> Any:
        return cast(re.sub(r"\s*\(.*", "", type_), value)

    replace(glue_utils, "_cast", cast_sized)
