"""What Firehose cannot do with a declared delivery: the limits that AWS documents."""

import math
from collections.abc import Iterator

from lake.streaming.declaration import Delivery

S3_BUFFER_MIB = (1, 128)
SEARCH_BUFFER_MIB = (1, 100)
BUFFER_SECONDS = (0, 900)
CONVERSION_BUFFER_MIB = 64
TRANSFORMATION_BUFFER_MB = (0.2, 3)
TRANSFORMATION_SECONDS = 300
RESPONSE_MB = 6.0
ACTIVE_PARTITIONS = 500
_ERROR_TYPE = "!{firehose:error-output-type}"

Broken = Iterator[tuple[str, str]]


def delivery_rules(delivery: Delivery) -> Broken:
    """Yield each rule that a delivery breaks: its name, and what cannot work with the mend."""
    yield from _buffer_rules(delivery)
    if delivery.format_conversion != "none":
        yield from _conversion_rules(delivery)
    if delivery.is_transformed:
        yield from _transformation_rules(delivery)
    if delivery.dynamic_partitioning:
        yield from _partitioning_rules(delivery)
    if "!{" in delivery.error_prefix + delivery.prefix and _ERROR_TYPE not in delivery.error_prefix:
        yield (
            "error_prefix",
            "a prefix with an expression wants an error prefix that holds"
            f" {_ERROR_TYPE}; add it to error_prefix",
        )
    yield from _latency_rules(delivery)


def _buffer_rules(delivery: Delivery) -> Broken:
    low, high = S3_BUFFER_MIB if delivery.destination == "s3" else SEARCH_BUFFER_MIB
    if not low <= delivery.buffer_mib <= high:
        yield (
            "buffer_size",
            f"a buffer of {delivery.buffer_mib:g} MiB for {delivery.destination}; declare {low} to"
            f" {high} MiB",
        )
    if not BUFFER_SECONDS[0] <= delivery.buffer_seconds <= BUFFER_SECONDS[1]:
        yield (
            "buffer_time",
            f"a buffer of {delivery.buffer_seconds:g} s; declare 0 to {BUFFER_SECONDS[1]} s",
        )


def _conversion_rules(delivery: Delivery) -> Broken:
    name = delivery.format_conversion.upper() if delivery.format_conversion == "orc" else "Parquet"
    if delivery.destination != "s3":
        yield (
            "conversion_destination",
            f"conversion to {name} for {delivery.destination}, and it works for S3 only; deliver"
            " to S3, or drop the conversion",
        )
    if delivery.compression != "none":
        yield (
            "conversion_compression",
            f"{delivery.compression} together with conversion to {name}, which compresses itself;"
            " declare compression none",
        )
    if delivery.buffer_mib < CONVERSION_BUFFER_MIB:
        yield (
            "conversion_buffer",
            f"a buffer of {delivery.buffer_mib:g} MiB with conversion to {name}; declare"
            f" {CONVERSION_BUFFER_MIB} MiB or more",
        )
    if not delivery.schema_table:
        yield (
            "conversion_schema",
            f"conversion to {name} takes its columns from a table of the Glue catalogue; name it in"
            " schema_table",
        )


def _transformation_rules(delivery: Delivery) -> Broken:
    low, high = TRANSFORMATION_BUFFER_MB
    if not low <= delivery.transformation_buffer_mb <= high:
        yield (
            "transformation_buffer",
            f"the transformation gathers {delivery.transformation_buffer_mb:g} MB; declare {low:g}"
            f" to {high:g} MB",
        )
    response = delivery.transformation_buffer_mb * delivery.enriched_size * 4 / 3
    if response > RESPONSE_MB:
        fitting = math.floor(RESPONSE_MB / delivery.enriched_size * 3 / 4 * 10) / 10
        yield (
            "transformation_response",
            f"{delivery.transformation_buffer_mb:g} MB grow to a response of {response:.1f} MB in"
            f" base64, and Lambda gives 6 MB; gather {fitting:g} MB or less",
        )
    if delivery.transformation_timeout_seconds > TRANSFORMATION_SECONDS:
        yield (
            "transformation_timeout",
            f"a transformation of {delivery.transformation_timeout_seconds:g} s; Firehose waits"
            f" {TRANSFORMATION_SECONDS} s at most",
        )


def _partitioning_rules(delivery: Delivery) -> Broken:
    active = delivery.partitions_per_second * delivery.buffer_seconds
    if delivery.destination != "s3":
        yield "partitioning_destination", "dynamic partitioning works for S3 only; drop it"
    if delivery.buffer_mib < CONVERSION_BUFFER_MIB:
        yield (
            "partitioning_buffer",
            f"a buffer of {delivery.buffer_mib:g} MiB with dynamic partitioning; declare"
            f" {CONVERSION_BUFFER_MIB} MiB or more",
        )
    if not delivery.buffer_seconds:
        yield "partitioning_time", "dynamic partitioning wants a buffer time; declare 60 s"
    if not delivery.error_prefix:
        yield (
            "partitioning_error_prefix",
            "dynamic partitioning wants an error prefix; declare error_prefix",
        )
    if active > ACTIVE_PARTITIONS:
        yield (
            "partitioning_keys",
            f"{delivery.partitions_per_second:g} new partitions/s in a buffer of"
            f" {delivery.buffer_seconds:g} s are {active:,.0f} at once, and {ACTIVE_PARTITIONS} is"
            " the limit: the rest goes to the error prefix; partition by a coarser key",
        )


def _latency_rules(delivery: Delivery) -> Broken:
    if delivery.latency_seconds is None:
        return
    waits = delivery.buffer_seconds
    if delivery.is_transformed:
        waits += delivery.transformation_buffer_seconds
    if waits > delivery.latency_seconds:
        yield (
            "latency",
            f"{delivery.latency_seconds:g} s asked, but its buffers wait up to {waits:g} s;"
            " shorten them, or promise no less than that",
        )
