"""`lake stream replay`: events through producer, stream, handler and delivery into the lake."""

import json
import logging
import math
from array import array
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import numpy
from rich.table import Table as RichTable

from lake.contract import load_contract
from lake.errors import UserError
from lake.landing.report import steps
from lake.paths import lake_root
from lake.quality.screen import make_console
from lake.storage import clear_errors, client
from lake.streaming.checkpoint import Checkpoint
from lake.streaming.delivery import FORMATS, Delivery
from lake.streaming.in_process import LocalStream
from lake.streaming.kinesis import KinesisStream
from lake.streaming.pipeline import Pipeline
from lake.streaming.producer import DeliveryError, Producer
from lake.streaming.replay import ArrivalClock, Replay, Replayed
from lake.streaming.source import source_files

TABLE = "events"
_PARQUET_SUFFIX = "-parquet"
_LOCAL_NAME = "clickstream-events"


@click.command("replay")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--rate",
    type=click.FloatRange(min=0),
    default=1800,
    show_default=True,
    help="Records a second; 0 is as fast as it goes.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Lake to land in.  [default: LAKE_ROOT]"
)
@click.option(
    "--location", help="Prefix in the lake.  [default: that of the landed table `events`]"
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(FORMATS),
    default="json",
    show_default=True,
    help="json: lines, as the contract has it; parquet: as Firehose.",
)
@click.option(
    "--buffer-mb",
    type=click.FloatRange(min=0.001),
    default=5.0,
    show_default=True,
    help="Write when so many MB wait …",
)
@click.option(
    "--buffer-seconds",
    type=click.FloatRange(min=0),
    default=5.0,
    show_default=True,
    help="… or when the oldest record waits so long.",
)
@click.option(
    "--now",
    "arrives_now",
    is_flag=True,
    help="Arrive now, not on the day that the path of a landed file names.",
)
@click.option("--kinesis", help="Through this Kinesis stream, not one inside this process.")
@click.option("--again", is_flag=True, help="Send everything, whatever was sent before.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def replay(
    path: Path,
    *,
    rate: float,
    out: Path | None,
    location: str | None,
    file_format: str,
    buffer_mb: float,
    buffer_seconds: float,
    arrives_now: bool,
    kinesis: str | None,
    again: bool,
    as_json: bool,
) -> None:
    """Send the events in PATH (landed files, or any JSON lines) through the stream into the lake.

    A replay that was stopped, however hard, goes on where it was with the same command: nothing is
    lost, and what arrives twice has the same event_id. A second run sends only what is new.

    \b
    Example:
      lake stream replay lake/clickstream/stream=events --out streamed --rate 1800
    """
    if not all(map(math.isfinite, (rate, buffer_mb, buffer_seconds))):
        raise UserError("--rate, --buffer-mb and --buffer-seconds are plain numbers; give others")
    root = (out or lake_root()).resolve()
    place = _location(location, file_format)
    source = path.resolve()
    _refuse_circle(source, root / place)
    checkpoint = Checkpoint(root, source, f"{file_format}:{place}")
    if not again:
        checkpoint.load()
    clock = ArrivalClock()
    stream: LocalStream | KinesisStream
    if kinesis:
        aws = client("kinesis")
        stream, put_records = KinesisStream(aws, kinesis), aws.put_records
    else:
        stream = LocalStream(clock_ms=clock.now_ms)
        put_records = stream.put_records
    delivery = Delivery(
        root,
        place,
        file_format,
        buffer_bytes=int(buffer_mb * 1e6),
        buffer_seconds=buffer_seconds,
    )
    pipeline = Pipeline(Producer(put_records, kinesis or _LOCAL_NAME), stream, delivery)
    # Each poison record is counted, and stands whole under the error prefix.
    logging.getLogger("lake.streaming").setLevel(logging.ERROR)
    with steps(as_json) as progress, clear_errors("cannot replay"):
        progress.begin("replaying")
        run = Replay(
            pipeline,
            delivery,
            checkpoint,
            clock,
            arrives_now=arrives_now,
            on_records=progress.advance,
        )
        try:
            result = run.run(source_files(source), rate)
        except DeliveryError as error:
            raise UserError(f"{error}; mend the stream, then run the same command again") from error
    _print(result, rate, f"{root}/{place}", as_json)


def _location(given: str | None, file_format: str) -> str:
    """Return the prefix in the lake; Parquet has its own, as the contract's readers want lines."""
    if given is not None:
        parts = given.strip("/").split("/")
        if not all(parts) or ".." in parts:
            raise UserError(f"--location is {given!r}; give a folder below the lake")
        return "/".join(parts)
    return load_contract()[TABLE].location + (_PARQUET_SUFFIX if file_format == "parquet" else "")


def _refuse_circle(source: Path, target: Path) -> None:
    if source == target or source in target.parents or target in source.parents:
        raise UserError(
            f"{source} is where the stream would land; give another lake with --out"
            " or another prefix with --location"
        )


def _print(result: Replayed, rate: float, place: str, as_json: bool) -> None:
    latencies = {
        "enriched": _percentiles(result.enriched_latency),
        "landed": _percentiles(result.landed_latency),
    }
    if as_json:
        facts: dict[str, Any] = {
            "seconds": round(result.seconds, 3),
            "rate": round(result.rate, 1),
            **asdict(result.counts),
            **asdict(result.delivered),
            "latency_seconds": latencies,
        }
        click.echo(json.dumps(facts))
        return
    console = make_console()
    counts, done = result.counts, result.delivered
    asked = f" of {rate:,.0f} asked" if rate else ""
    console.print(
        f"{place}: {counts.records:,} records in {result.seconds:,.1f} s, {result.rate:,.0f}"
        f" records/s sustained{asked}",
        highlight=False,
        soft_wrap=True,
    )
    console.print(
        f"  {done.events:,} events in {done.files:,} files ({done.bytes / 1e6:,.1f} MB),"
        f" {done.failed:,} failed, {counts.dropped:,} empty, {counts.retried:,} sent again",
        highlight=False,
        soft_wrap=True,
    )
    table = RichTable()
    for column in ("latency, from when a record was due", "p50 s", "p95 s", "max s"):
        table.add_column(column, justify="left" if column.startswith("latency") else "right")
    for name, values in latencies.items():
        table.add_row(name, *(f"{values[key]:.3f}" for key in ("p50", "p95", "max")))
    console.print(table)


def _percentiles(values: "array[float]") -> dict[str, float]:
    if not values:
        return {"p50": 0.0, "p95": 0.0, "max": 0.0}
    found = numpy.percentile(numpy.frombuffer(values), [50, 95, 100])
    return dict(zip(("p50", "p95", "max"), (round(float(one), 4) for one in found), strict=True))
