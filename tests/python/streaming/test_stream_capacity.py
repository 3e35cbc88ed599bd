"""`lake stream check`: each limit at its edge, and declarations that say nothing usable."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from lakes import PROJECT

from lake.cli import main
from lake.contract import load_contract
from lake.streaming.capacity import check_stream
from lake.streaming.declaration import Delivery, Stream, load_streams
from lake.streaming.delivery import ERRORS

ERROR_TYPE = "errors/!{firehose:error-output-type}/"
S3 = Delivery(name="bronze", buffer_mib=64, buffer_seconds=60, error_prefix="errors/")
PARQUET = replace(S3, format_conversion="parquet", schema_table="lake.events")
PARTITIONED = replace(S3, dynamic_partitioning=True, partitions_per_second=8)
TRANSFORMED = replace(S3, is_transformed=True, transformation_buffer_seconds=10)
SEARCH = Delivery(name="search", destination="opensearch", buffer_mib=5, buffer_seconds=60)
STREAM = Stream(name="clicks", shards=10, records_per_second=1800, mb_per_second=6.5)


def broken(stream: Stream) -> list[str]:
    return [finding.rule for finding in check_stream(stream)]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["stream", "check", *arguments])


@pytest.mark.parametrize(
    ("works", "breaks", "rule"),
    [
        ({"shards": 9}, {"shards": 8}, "shard_headroom"),
        ({"shards": 7}, {"shards": 6}, "shard_bytes"),
        ({"shards": 7}, {"shards": 4}, "shard_bytes"),
        ({"records_per_second": 10_000}, {"records_per_second": 10_001}, "shard_records"),
        ({"shards": 7}, {"shards": 0}, "shards"),
        ({"largest_record_mib": 1.0}, {"largest_record_mib": 1.01}, "record_size"),
        ({"largest_key_share": 0.15}, {"largest_key_share": 0.16}, "hot_key"),
        ({"retention_hours": 24}, {"retention_hours": 23}, "retention"),
        ({"retention_hours": 8760}, {"retention_hours": 8761}, "retention"),
        ({"shared_consumers": 3}, {"shared_consumers": 4}, "shard_reads"),
    ],
)
def test_a_stream_works_up_to_its_limits(
    works: dict[str, Any], breaks: dict[str, Any], rule: str
) -> None:
    assert rule not in broken(replace(STREAM, **works))
    assert rule in broken(replace(STREAM, **breaks))


@pytest.mark.parametrize(
    ("works", "breaks", "rule"),
    [
        (replace(S3, compression="gzip"), replace(PARQUET, compression="gzip"), "conversion_comp"),
        (PARQUET, replace(PARQUET, buffer_mib=63.9), "conversion_buffer"),
        (PARQUET, replace(PARQUET, destination="opensearch"), "conversion_destination"),
        (PARQUET, replace(PARQUET, schema_table=""), "conversion_schema"),
        (replace(S3, buffer_mib=128), replace(S3, buffer_mib=129), "buffer_size"),
        (replace(S3, buffer_mib=1), replace(S3, buffer_mib=0.9), "buffer_size"),
        (replace(SEARCH, buffer_mib=100), replace(SEARCH, buffer_mib=101), "buffer_size"),
        (replace(S3, buffer_seconds=900), replace(S3, buffer_seconds=901), "buffer_time"),
        (
            replace(TRANSFORMED, transformation_buffer_mb=3),
            replace(TRANSFORMED, transformation_buffer_mb=3.1),
            "transformation_buffer",
        ),
        (
            replace(TRANSFORMED, transformation_buffer_mb=3, enriched_size=1.5),
            replace(TRANSFORMED, transformation_buffer_mb=3, enriched_size=1.51),
            "transformation_response",
        ),
        (
            replace(TRANSFORMED, transformation_timeout_seconds=300),
            replace(TRANSFORMED, transformation_timeout_seconds=301),
            "transformation_timeout",
        ),
        (
            replace(TRANSFORMED, latency_seconds=70),
            replace(TRANSFORMED, latency_seconds=69),
            "latency",
        ),
        (replace(S3, latency_seconds=60), replace(S3, latency_seconds=1.2), "latency"),
        (PARTITIONED, replace(PARTITIONED, partitions_per_second=9), "partitioning_keys"),
        (PARTITIONED, replace(PARTITIONED, buffer_mib=63), "partitioning_buffer"),
        (PARTITIONED, replace(PARTITIONED, buffer_seconds=0), "partitioning_time"),
        (PARTITIONED, replace(PARTITIONED, error_prefix=""), "partitioning_error_prefix"),
        (PARTITIONED, replace(PARTITIONED, destination="opensearch"), "partitioning_destination"),
        (
            replace(S3, prefix="d=!{timestamp:dd}/", error_prefix=ERROR_TYPE),
            replace(S3, prefix="d=!{timestamp:dd}/"),
            "error_prefix",
        ),
    ],
)
def test_a_delivery_works_up_to_its_limits(works: Delivery, breaks: Delivery, rule: str) -> None:
    assert broken(replace(STREAM, deliveries=[works])) == []
    found = broken(replace(STREAM, deliveries=[breaks]))
    assert [one for one in found if one.startswith(rule)] == found != []


DESCRIBED = {
    "name": "clickstream-events",
    "shards": 4,
    "records_per_second": 1800,
    "mb_per_second": 6.5,
    "deliveries": [
        {
            "name": "bronze",
            "buffer_mib": 5,
            "compression": "gzip",
            "format_conversion": "parquet",
            "schema_table": "bronze.events",
        }
    ],
}


def declared(folder: Path, content: Any) -> str:
    path = folder / "streams.yml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return str(path)


def test_the_described_system_cannot_work_and_each_line_says_the_mend(tmp_path: Path) -> None:
    result = run(declared(tmp_path, {"streams": [DESCRIBED]}))
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert [line.split(";")[-1].strip() for line in lines[:3]] == [
        "declare 7 shards or more",
        "declare compression none",
        "declare 64 MiB or more",
    ]
    assert "6.5 MB/s on 4 shards" in lines[0]
    assert lines[0].startswith("clickstream-events: cannot work: ")
    assert lines[1].startswith("clickstream-events/bronze: cannot work: gzip together")


def test_programs_get_the_same_as_json(tmp_path: Path) -> None:
    result = run(declared(tmp_path, {"streams": [DESCRIBED]}), "--json")
    assert result.exit_code == 1
    findings = json.loads(result.stdout)
    assert [one["rule"] for one in findings] == [
        "shard_bytes",
        "conversion_compression",
        "conversion_buffer",
    ]
    assert all(one["is_fatal"] for one in findings)


def test_what_is_only_tight_is_no_failure(tmp_path: Path) -> None:
    tight = {**DESCRIBED, "shards": 7, "deliveries": []}
    result = run(declared(tmp_path, {"streams": [tight]}))
    assert result.exit_code == 0
    assert "tight: peak load is 93% of 7 shards" in result.stdout
    assert "9 shards leave room" in result.stdout


def test_the_streams_of_the_project_can_work() -> None:
    assert run().exit_code == 0
    assert load_streams(PROJECT / "streams.yml")


def test_declared_events_land_where_the_contract_reads_them() -> None:
    deliveries = [one for each in load_streams(PROJECT / "streams.yml") for one in each.deliveries]
    to_lake = [delivery for delivery in deliveries if delivery.destination == "s3"]
    assert [delivery.prefix for delivery in to_lake] == [
        load_contract()["events"].partition("!{timestamp:yyyy-MM-dd}") + "/"
    ]
    assert [delivery.error_prefix.split("/")[0] for delivery in to_lake] == [ERRORS]
    assert json.loads(run("--json").stdout) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("streams: [", "no YAML"),
        ("", "no list `streams`"),
        ({"streams": []}, "no list `streams`"),
        ({"streams": ["clicks"]}, "no mapping"),
        ({"streams": [{"name": "clicks"}]}, "missing"),
        ({"streams": [{**DESCRIBED, "shard": 4}]}, "unknown field shard"),
        ({"streams": [{**DESCRIBED, "shards": "4"}]}, "shards is '4'; give a whole number"),
        ({"streams": [{**DESCRIBED, "shards": True}]}, "shards is True"),
        ({"streams": [{**DESCRIBED, "mb_per_second": -1}]}, "mb_per_second is -1"),
        ({"streams": [{**DESCRIBED, "mb_per_second": float("nan")}]}, "mb_per_second is nan"),
        ({"streams": [{**DESCRIBED, "deliveries": {}}]}, ""),
        ({"streams": [{**DESCRIBED, "deliveries": {"a": 1}}]}, "deliveries is no list"),
        ({"streams": [{**DESCRIBED, "deliveries": [{}]}]}, "missing"),
        (
            {"streams": [{**DESCRIBED, "deliveries": [{"name": "a", "destination": "ftp"}]}]},
            "destination is 'ftp'; use s3, opensearch",
        ),
    ],
)
def test_a_mistake_in_the_declaration_is_one_clear_line(
    tmp_path: Path, content: Any, words: str
) -> None:
    result = run(declared(tmp_path, content))
    if not words:
        assert result.exit_code == 1
        return
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_without_a_declaration_it_says_where_one_belongs(tmp_path: Path) -> None:
    result = run(str(tmp_path / "none.yml"))
    assert result.exit_code == 2
    assert "declare" in result.stderr
