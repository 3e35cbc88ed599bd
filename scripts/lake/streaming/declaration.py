"""The declared streams: what `streams.yml` says, typed."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import yaml

from lake.errors import UserError

DESTINATIONS = ("s3", "opensearch")
CONVERSIONS = ("none", "parquet", "orc")
COMPRESSIONS = ("none", "gzip", "snappy", "hadoop_snappy", "zip")

Declared = TypeVar("Declared")


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One Firehose stream behind the data stream.

    `enriched_size` is the size of a record behind the transformation for 1 before it;
    `partitions_per_second` are the new values of the dynamic partition key in a second.
    """

    name: str
    destination: str = "s3"
    description: str = ""
    prefix: str = ""
    error_prefix: str = ""
    buffer_mib: float = 5
    buffer_seconds: float = 300
    format_conversion: str = "none"
    schema_table: str = ""
    compression: str = "none"
    is_transformed: bool = False
    transformation_buffer_mb: float = 1
    transformation_buffer_seconds: float = 60
    transformation_timeout_seconds: float = 60
    enriched_size: float = 1.2
    dynamic_partitioning: bool = False
    partitions_per_second: float = 0
    latency_seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class Stream:
    """One data stream with provisioned shards.

    Loads are peaks: `mb_per_second` with keys, `largest_record_mib` with its key,
    `largest_key_share` is the part of the records that the busiest partition key has (0 to 1),
    `shared_consumers` are those that read without enhanced fan-out (0: one for each delivery).
    """

    name: str
    shards: int
    records_per_second: float
    mb_per_second: float
    description: str = ""
    largest_record_mib: float = 0.1
    largest_key_share: float = 0
    retention_hours: float = 24
    shared_consumers: int = 0
    partition_key: str = ""
    deliveries: list[Delivery] = field(default_factory=list)


def load_streams(path: Path) -> list[Stream]:
    """Return the streams of a declaration.

    Raises:
        UserError: no file, no YAML, or a field that is missing, unknown or of the wrong type.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(
            f"cannot read {path}: {error.strerror}; declare the streams there"
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: no YAML ({' '.join(str(error).split())}); mend it") from error
    streams = content.get("streams") if isinstance(content, dict) else None
    if not isinstance(streams, list) or not streams:
        raise UserError(f"{path}: no list `streams`; declare at least one")
    return [_stream(declared, f"{path}: streams[{at}]") for at, declared in enumerate(streams)]


def _stream(declared: Any, place: str) -> Stream:
    given = _mapping(declared, place)
    deliveries = given.get("deliveries") or []
    if not isinstance(deliveries, list):
        raise UserError(f"{place}: deliveries is no list; write one delivery an item")
    read = [
        _typed(Delivery, _mapping(one, f"{place}.deliveries[{at}]"), f"{place}.deliveries[{at}]")
        for at, one in enumerate(deliveries)
    ]
    for at, delivery in enumerate(read):
        for name, allowed in (
            ("destination", DESTINATIONS),
            ("format_conversion", CONVERSIONS),
            ("compression", COMPRESSIONS),
        ):
            if (value := getattr(delivery, name)) not in allowed:
                choice = ", ".join(allowed)
                raise UserError(f"{place}.deliveries[{at}]: {name} is {value!r}; use {choice}")
    return _typed(Stream, {**given, "deliveries": read}, place)


def _mapping(declared: Any, place: str) -> dict[str, Any]:
    if not isinstance(declared, dict):
        raise UserError(f"{place}: no mapping of fields; see streams.yml of the project")
    return declared


def _typed(kind: type[Declared], given: dict[str, Any], place: str) -> Declared:
    hints = get_type_hints(kind)
    known = set(hints)
    for name, value in given.items():
        if name not in known:
            raise UserError(f"{place}: unknown field {name}; known are {', '.join(sorted(known))}")
        if not _is_of(value, hints[name]):
            raise UserError(f"{place}: {name} is {value!r}; give {_words(hints[name])}")
    try:
        return kind(**given)
    except TypeError as error:
        raise UserError(f"{place}: {error.args[0].split(') ')[-1]}; add it") from error


def _is_of(value: Any, hint: Any) -> bool:
    if hint is bool or isinstance(value, bool):
        return hint is bool and isinstance(value, bool)
    if hint is str:
        return isinstance(value, str)
    if hint is int:
        return isinstance(value, int) and value >= 0
    if hint == list[Delivery]:
        return True
    return isinstance(value, int | float) and 0 <= value < float("inf")


def _words(hint: Any) -> str:
    names = {str: "a text", bool: "true or false", int: "a whole number from 0"}
    return names.get(hint, "a number from 0")
