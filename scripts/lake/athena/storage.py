"""The emulated S3: moto's, with every object in a file, kept over a restart where asked for."""

import json
import shutil
import threading
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from moto.s3 import models as s3

from lake.athena import moto_patches
from lake.athena.disk import Folder, Whole
from lake.athena.errors import AthenaFailure
from lake.athena.journal import Change, Journal, key_of, parts_of
from lake.athena.settings import ACCOUNT

OBJECTS = "objects"


def split(uri: str) -> tuple[str, str]:
    """Bucket and key of an `s3://bucket/key` address; the key may be empty."""
    scheme, separator, rest = uri.partition("://")
    if scheme not in ("s3", "s3a", "s3n") or not separator:
        raise AthenaFailure("INVALID_LOCATION", f"not an S3 address: {uri}")
    bucket, _, key = rest.partition("/")
    return bucket, key


class Storage:
    """Objects and buckets, for direct use by the service and for moto's S3 API alike.

    The file of an object is complete before its row is written, and the row before the request
    is answered: whatever a client was told is there after a kill. A row goes before its file.
    """

    def __init__(self, folder: Path, journal: Journal, region: str = "us-east-1") -> None:
        self.journal = journal
        self.region = region
        self.lock = threading.Lock()
        self.pending = threading.local()
        self.known_buckets: dict[str, str] = {}
        if not journal.keeps:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = Folder(folder)
        moto_patches.apply(self.folder, self.touched)
        self.backend.buckets.clear()
        s3.s3_backends.bucket_accounts.clear()
        self.restore()

    @property
    def backend(self) -> Any:
        """moto's S3 of the one account."""
        return s3.s3_backends[ACCOUNT]["aws"]

    def ensure_bucket(self, name: str) -> None:
        """Make the bucket unless it is there."""
        if name not in self.backend.buckets:
            self.backend.create_bucket(name, self.region)
            self.flush()

    def put(self, uri: str, data: bytes) -> None:
        """Write an object; AthenaFailure where the bucket is missing."""
        bucket, key = split(uri)
        self.backend.put_object(self.bucket(bucket).name, key, data)
        self.flush()

    def get(self, uri: str) -> bytes:
        """The bytes of an object; AthenaFailure where it is missing."""
        bucket, key = split(uri)
        found = self.backend.get_object(self.bucket(bucket).name, key)
        if found is None:
            raise AthenaFailure("S3_NO_SUCH_KEY", f"no object at {uri}")
        value: bytes = found.value
        return value

    def keys(self, uri_prefix: str) -> list[str]:
        """The addresses of all objects that begin so, sorted; none where the bucket is missing."""
        bucket, prefix = split(uri_prefix)
        held = self.backend.buckets.get(bucket)
        if held is None:
            return []
        names = sorted(name for name in list(held.keys) if name.startswith(prefix))
        return [
            f"s3://{bucket}/{name}" for name in names if isinstance(held.keys.get(name), s3.FakeKey)
        ]

    def delete(self, uris: Iterable[str]) -> None:
        """Remove objects; one that is missing is no error."""
        for uri in uris:
            bucket, key = split(uri)
            self.backend.delete_object(self.bucket(bucket).name, key)
        self.flush()

    def bucket(self, name: str) -> Any:
        """moto's bucket of this name."""
        held = self.backend.buckets.get(name)
        if held is None:
            raise AthenaFailure("S3_NO_SUCH_BUCKET", f"The specified bucket does not exist: {name}")
        return held

    # What is kept over a restart ----------------------------------------------------------------

    def touched(self, bucket: str, key: str) -> None:
        """Note that the running request changed an object."""
        changed = getattr(self.pending, "changed", None)
        if changed is None:
            changed = self.pending.changed = set()
        changed.add((bucket, key))

    def flush(self) -> None:
        """Write what the running request changed; called before it is answered."""
        changed = getattr(self.pending, "changed", None) or set()
        self.pending.changed = set()
        if self.journal.keeps:
            with self.lock:
                self.journal.write([*self.bucket_changes(), *map(self.object_change, changed)])
        self.folder.sweep()

    def bucket_changes(self) -> list[Change]:
        """The rows of buckets that are new, changed or gone."""
        now = {
            name: json.dumps({"region": held.region_name, "versioning": held.versioning_status})
            for name, held in list(self.backend.buckets.items())
        }
        gone: list[Change] = [
            ("bucket", name, None) for name in self.known_buckets.keys() - now.keys()
        ]
        fresh: list[Change] = [
            ("bucket", name, value)
            for name, value in now.items()
            if self.known_buckets.get(name) != value
        ]
        self.known_buckets = now
        return gone + fresh

    def object_change(self, changed: tuple[str, str]) -> Change:
        """The row of an object as it is now."""
        bucket, key = changed
        held = self.backend.buckets.get(bucket)
        versions = [] if held is None else held.keys.getlist(key, [])
        value = json.dumps([version_state(each) for each in versions]) if versions else None
        return "object", key_of(bucket, key), value

    def restore(self) -> None:
        """Take up buckets and objects as they were, and clear files that no object has."""
        for name, value in self.journal.items("bucket"):
            state = json.loads(value)
            self.backend.create_bucket(name, state["region"])
            self.backend.buckets[name].versioning_status = state["versioning"]
            self.known_buckets[name] = value
        files = set()
        for key, value in self.journal.items("object"):
            bucket, name = parts_of(key)
            versions: list[Any] = []
            for state in json.loads(value):
                versions.append(self.version(bucket, name, state, versions))
                files.add(state.get("file"))
            self.backend.buckets[bucket].keys.setlist(name, versions)
        self.pending.changed = set()
        if self.journal.keeps:
            self.folder.keep_only(files)

    def version(self, bucket: str, name: str, state: dict[str, Any], earlier: list[Any]) -> Any:
        """One version of an object from its row."""
        modified = datetime.fromisoformat(state["modified"])
        if "file" not in state:
            hidden: Any = earlier[-1] if earlier else SimpleNamespace(name=name)
            marker = s3.FakeDeleteMarker(key=hidden)
            marker._version_id, marker.last_modified = state["id"], modified
            return marker
        algorithm, kind, value, parts = state["checksum"]
        key = s3.FakeKey(
            name,
            Whole(self.folder.at(state["file"]), state["md5"]),  # type: ignore[arg-type]
            account_id=ACCOUNT,
            region_name=self.region,
            storage=state["storage"],
            etag=state["etag"],
            is_versioned=state["versioned"],
            version_id=state["id"],
            bucket_name=bucket,
            checksum_value=value,
            checksum_type=kind,
            checksum_parts=parts,
        )
        key.checksum_algorithm = algorithm
        key.last_modified = modified
        key.set_metadata(state["metadata"])
        return key


def version_state(version: Any) -> dict[str, Any]:
    """What is kept of a version of an object; a delete marker has no file."""
    state = {"id": version._version_id, "modified": version.last_modified.isoformat()}
    if isinstance(version, s3.FakeDeleteMarker):
        return state
    return state | {
        "file": version._value_buffer.file().name,
        "md5": version._value_buffer.etag,
        "etag": version._etag,
        "storage": version._storage_class,
        "versioned": version._is_versioned,
        "metadata": dict(version._metadata),
        "checksum": [
            version.checksum_algorithm,
            version.checksum_type,
            version.checksum_value,
            version.checksum_parts,
        ],
    }
