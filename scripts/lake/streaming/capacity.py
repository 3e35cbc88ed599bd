"""Whether a declared stream can work: the limits that AWS documents for Kinesis and Firehose."""

import math
from dataclasses import dataclass

from lake.streaming.capacity_delivery import Broken, delivery_rules
from lake.streaming.declaration import Stream

SHARD_MB = 1.0
SHARD_RECORDS = 1000
SHARD_READ_MB = 2.0
RECORD_MIB = 1.0
RETENTION_HOURS = (24, 8760)
# Keys never spread evenly over shards: above this part of the capacity the fullest shard throttles.
COMFORTABLE = 0.8
HEADROOM = "shard_headroom"


@dataclass(frozen=True)
class Finding:
    """One rule that a declaration breaks; `is_fatal` tells that it cannot work."""

    where: str
    rule: str
    is_fatal: bool
    message: str


def check_stream(stream: Stream) -> list[Finding]:
    """Return what is wrong with a stream and its deliveries, what cannot work first."""
    findings = [
        Finding(stream.name, rule, rule != HEADROOM, message)
        for rule, message in _stream_rules(stream)
    ]
    for delivery in stream.deliveries:
        where = f"{stream.name}/{delivery.name}"
        findings += [
            Finding(where, rule, True, message) for rule, message in delivery_rules(delivery)
        ]
    return sorted(findings, key=lambda finding: not finding.is_fatal)


def _stream_rules(stream: Stream) -> Broken:
    needed = max(
        1,
        math.ceil(stream.mb_per_second / SHARD_MB),
        math.ceil(stream.records_per_second / SHARD_RECORDS),
    )
    shards = f"{stream.shards} shard{'' if stream.shards == 1 else 's'}"
    mend = f"declare {needed} shards or more"
    if stream.shards < 1:
        yield "shards", f"no shard takes no record; {mend}"
        return
    full = False
    if stream.mb_per_second > stream.shards * SHARD_MB:
        full = True
        yield (
            "shard_bytes",
            f"{stream.mb_per_second:g} MB/s on {shards}, which take {stream.shards * SHARD_MB:g}"
            f" MB/s (1 MB/s each); {mend}",
        )
    if stream.records_per_second > stream.shards * SHARD_RECORDS:
        full = True
        yield (
            "shard_records",
            f"{stream.records_per_second:,g} records/s on {shards}, which take"
            f" {stream.shards * SHARD_RECORDS:,} (1,000 each); {mend}",
        )
    used = (
        max(stream.mb_per_second / SHARD_MB, stream.records_per_second / SHARD_RECORDS)
        / stream.shards
    )
    if not full and used > COMFORTABLE:
        roomy = math.ceil(stream.shards * used / COMFORTABLE)
        yield (
            HEADROOM,
            f"peak load is {used:.0%} of {shards}, and keys do not spread evenly;"
            f" {roomy} shards leave room",
        )
    yield from _key_and_record_rules(stream)
    consumers = stream.shared_consumers or len(stream.deliveries)
    if consumers * stream.mb_per_second > stream.shards * SHARD_READ_MB:
        wanted = math.ceil(consumers * stream.mb_per_second / SHARD_READ_MB)
        yield (
            "shard_reads",
            f"{consumers} consumers read {consumers * stream.mb_per_second:g} MB/s of"
            f" {stream.shards * SHARD_READ_MB:g} MB/s that {shards} share out (2 MB/s each);"
            f" declare {wanted} shards, or enhanced fan-out for all but Firehose",
        )


def _key_and_record_rules(stream: Stream) -> Broken:
    key_load = stream.largest_key_share * max(
        stream.mb_per_second / SHARD_MB, stream.records_per_second / SHARD_RECORDS
    )
    if key_load > 1:
        yield (
            "hot_key",
            f"one partition key has {stream.largest_key_share:.0%} of the load, more than the one"
            " shard takes that it falls on; more shards do not help, choose a finer key",
        )
    if stream.largest_record_mib > RECORD_MIB:
        yield (
            "record_size",
            f"a record of {stream.largest_record_mib:g} MiB, and a stream takes 1 MiB with its key;"
            " split the record, or put it into S3 and send its place",
        )
    low, high = RETENTION_HOURS
    if not low <= stream.retention_hours <= high:
        yield (
            "retention",
            f"retention of {stream.retention_hours:g} hours; declare {low} to {high:,}",
        )
