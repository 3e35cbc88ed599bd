"""Published series of sensors: what lands, and its silver, against counts of its own."""

import csv
import gzip
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lakes import Lake
from lands import land_facts, run
from published import real_data

from lake.contract import load_contract
from lake.errors import UserError
from lake.quality.files import landed_files

MODELS = ["int_sensor_readings_validated", "int_sensor_readings", "agg_sensor_hourly"]
MACHINE = "machine_temperature_system_failure.csv"
SERIES = (
    "timestamp,value\n"
    "2014-04-01 00:00:00,1.5e-05\n"
    "2014-04-01 00:05:00,20.0023333333333333335\n"
    "2014-04-01 00:05:00,-7\n"
    "soon,3\n"
    "2014-04-02 00:10:00,much\n"
    "2014-04-02 00:15:00\n"
)
ROOM = (
    '"date","Temperature","Humidity","Light","CO2","HumidityRatio","Occupancy"\n'
    '"1","2015-02-04 17:51:00",23.18,27.272,426,721.25,0.00479298817650529,1\n'
)

Line = tuple[str, str, dict[str, Any]]  # place, day, record


def landed(lake: Path) -> list[Line]:
    lines: list[Line] = []
    for path in sorted((lake / "iot-sensors").rglob("*.json.gz")):
        day = path.parent.name.removeprefix("arrival_date=")
        place = path.parent.parent.relative_to(lake / "iot-sensors").as_posix()
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
            lines += [(place, day, json.loads(line)) for line in file]
    return lines


def build(engine: Any, folder: Path) -> Lake:
    lake = Lake(folder)
    engine.new_database(folder)
    engine.build(lake.root, lake.database, ["stg_iot__sensor_readings", *MODELS])
    return lake


def test_nab_lands_every_reading_and_finds_the_hour_that_came_twice(
    engine: Any, tmp_path: Path
) -> None:
    source = real_data("iot") / MACHINE
    with source.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 22_695 and len({row["timestamp"] for row in rows}) == 22_683
    facts = land_facts("nab", source, tmp_path / "lake")
    assert facts["labels"] == 4
    lines = landed(tmp_path / "lake")
    assert Counter((line["reading_at"], line["value"]) for _, _, line in lines) == Counter(
        (row["timestamp"].replace(" ", "T") + "Z", row["value"]) for row in rows
    )
    assert {place for place, _, _ in lines} == {"device-type=temperature/location=machine"}
    assert all(line["reading_at"].startswith(day) for _, day, line in lines)
    labels = (tmp_path / "lake/_truth/nab-labels.jsonl").read_text().splitlines()
    assert [json.loads(label)["labelled_at"] for label in labels] == [
        "2013-12-11T06:00:00Z",
        "2013-12-16T17:25:00Z",
        "2014-01-28T13:55:00Z",
        "2014-02-08T14:30:00Z",
    ]
    lake = build(engine, tmp_path)
    assert lake.query(
        "select _disposition, is_conflict, count(*), min(reading_at)::varchar,"
        " max(reading_at)::varchar from silver.int_sensor_readings_validated"
        " where is_conflict or _disposition = 'kept' group by 1, 2 order by 1"
    ) == [
        ("duplicate", True, 12, "2014-01-07 02:00:00", "2014-01-07 02:55:00"),
        ("kept", False, 22_683, "2013-12-02 21:15:00", "2014-02-19 15:25:00"),
    ]
    # The published minimum and maximum, 2.084721206 and 108.5105428 degrees Fahrenheit.
    assert lake.query("select min(value), max(value) from silver.int_sensor_readings") == [
        (Decimal("-16.6196"), Decimal("42.5058"))
    ]
    assert lake.query(
        "select sum(reading_count), max(reading_count), min(expected_count), max(expected_count)"
        " from gold.agg_sensor_hourly"
    ) == [(22_683, 12, 12, 12)]


def test_occupancy_lands_each_column_as_a_sensor(engine: Any, tmp_path: Path) -> None:
    source = real_data("iot") / "occupancy_datatest.txt"
    with source.open(newline="", encoding="utf-8") as file:
        header, *rows = list(csv.reader(file))
    assert len(rows) == 2_665
    facts = land_facts("occupancy", source, tmp_path / "lake")
    assert facts["devices"] == 6
    columns = ["temperature", "humidity", "light", "co2", "humidity_ratio", "occupancy"]
    assert [name.lower() for name in header[1:]] == [name.replace("_", "") for name in columns]
    wanted = Counter(
        (name, row[1].replace(" ", "T") + "Z", row[2 + place])
        for row in rows
        for place, name in enumerate(columns)
    )
    lines = landed(tmp_path / "lake")
    found = Counter((line["device_type"], line["reading_at"], line["value"]) for *_, line in lines)
    assert found == wanted
    lake = build(engine, tmp_path)
    occupied = sum(row[-1] == "1" for row in rows)
    assert lake.query(
        "select device_type, count(*), sum(value)::int from silver.int_sensor_readings"
        " where device_type in ('occupancy', 'co2') group by 1 order by 1"
    ) == [
        ("co2", 2_665, round(sum(Decimal(row[5]).quantize(Decimal("1.0000")) for row in rows))),
        ("occupancy", 2_665, occupied),
    ]


def test_every_labelled_incident_of_a_generated_lake_is_flagged_and_nothing_else(
    engine: Any, tmp_path: Path
) -> None:
    options = ("--tables", "sensor_readings", "--scale", "0.05", "--out", tmp_path / "lake")
    assert run("generate", *options).exit_code == 0
    lake = build(engine, tmp_path)
    flags = dict(
        lake.query(
            """
            select
                case
                    when is_spike then 'spike' when is_stuck then 'stuck'
                    when is_suspected_unit then 'unit_mixed_up'
                    when gap_before_seconds > 60 then 'gap_before'
                end as flag,
                list(distinct _row_hash)
            from silver.int_sensor_readings group by 1
            """
        )
    )
    truth = gzip.decompress((tmp_path / "lake/_truth/planted.jsonl.gz").read_bytes())
    labels: dict[str, set[str]] = {}
    for line in truth.splitlines():
        planted = json.loads(line)
        if planted["expected"] == "kept":
            labels.setdefault(planted["defect"], set()).add(planted["record_id"])
    assert labels.keys() == {"spike", "stuck", "unit_mixed_up", "gap_before"}
    assert {flag: set(found) for flag, found in flags.items() if flag} == labels
    assert lake.query(
        "select sum(spike_count), sum(stuck_count), sum(suspected_unit_count)"
        " from gold.agg_sensor_hourly"
    ) == [tuple(len(labels[name]) for name in ("spike", "stuck", "unit_mixed_up"))]


def test_a_series_without_a_unit_loses_no_row(engine: Any, tmp_path: Path) -> None:
    source = tmp_path / "realAWSCloudwatch"
    source.mkdir()
    (source / "ec2_cpu_utilization_5f5533.csv").write_text(SERIES)
    facts = land_facts("nab", source, tmp_path / "lake")
    assert (facts["rows_of_another_width"], facts["labels"]) == (1, 0)
    lines = landed(tmp_path / "lake")
    assert len(lines) == 6
    assert {place for place, _, _ in lines} == {"device-type=metric/location=service"}
    assert [line["value"] for _, _, line in lines if "raw" not in line] == [
        "0.000015",
        "20.002333333333333334",
        "-7",
        "3",
        "much",
    ]
    lake = build(engine, tmp_path)
    assert lake.query(
        "select _disposition, count(*) from silver.int_sensor_readings_validated"
        " group by 1 order by 1"
    ) == [("duplicate", 1), ("kept", 2), ("quarantined", 3)]


def test_nab_as_its_repository_lies_finds_places_and_labels(tmp_path: Path) -> None:
    series = tmp_path / "NAB/data/realKnownCause"
    series.mkdir(parents=True)
    for name in ("ambient_temperature_system_failure", "nyc_taxi"):
        (series / f"{name}.csv").write_text("timestamp,value\n2014-07-01 00:00:00,69.88\n")
    labels = tmp_path / "NAB/labels/combined_labels.json"
    labels.parent.mkdir()
    labels.write_text(
        '{"realKnownCause/nyc_taxi.csv": ["2014-11-01 19:00:00.000000"], "other.csv": ["x"]}'
    )
    for path in (series, tmp_path / "NAB/data"):
        assert land_facts("nab", path, tmp_path / "lake")["labels"] == 1
    assert (tmp_path / "lake/_truth/nab-labels.jsonl").read_text() == (
        '{"device_id":"nab-nyc_taxi","labelled_at":"2014-11-01T19:00:00Z"}\n'
    )
    assert [(place, line["unit"]) for place, _, line in landed(tmp_path / "lake")] == [
        ("device-type=metric/location=service", "1"),
        ("device-type=temperature/location=office", "F"),
    ]
    labels.write_text("[1]")
    result = run("nab", series, "--out", tmp_path / "lake")
    assert result.exit_code == 2 and "not the label file of NAB" in result.stderr


def test_landing_the_same_again_changes_nothing(tmp_path: Path) -> None:
    source = tmp_path / "datatraining.txt"
    source.write_text(ROOM)
    land_facts("occupancy", source, tmp_path / "lake")
    before = {path: path.read_bytes() for path in (tmp_path / "lake").rglob("*.gz")}
    land_facts("occupancy", source, tmp_path / "lake")
    assert {path: path.read_bytes() for path in (tmp_path / "lake").rglob("*.gz")} == before
    assert len(before) == 6


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("nab", ROOM, "wanted timestamp, value"),
        ("occupancy", SERIES, "wanted date, temperature"),
        ("nab", SERIES.replace("2014", "x"), "no row has a time"),
        ("occupancy", "", "has no header line"),
    ],
)
def test_another_file_is_one_line(tmp_path: Path, name: str, content: str, message: str) -> None:
    source = tmp_path / "readings.csv"
    source.write_text(content)
    result = run(name, source, "--out", tmp_path / "lake")
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_place_outside_the_contract_is_refused_and_set_aside(tmp_path: Path) -> None:
    table = load_contract()["sensor_readings"]
    assert "device-type=temperature/location=warehouse-1" in table.places
    with pytest.raises(UserError, match="location=attic is not in the contract"):
        table.within("device-type=temperature/location=attic")
    lake = tmp_path / "lake"
    for place in ("device-type=temperature/location=attic", "device-type=temperature", ""):
        folder = lake / "iot-sensors" / place / "arrival_date=2025-01-15"
        folder.mkdir(parents=True)
        (folder / "a.json").write_text("{}\n")
    sound = lake / table.partition("2025-01-15") / "a.json"
    sound.parent.mkdir(parents=True)
    sound.write_text("{}\n")
    read = {file.name for file in landed_files(lake, [table]) if file.arrival_date}
    assert read == {sound.relative_to(lake).as_posix()}
    result = run("check", "--out", lake, "--json")
    rejected = json.loads(result.stdout)["rejected"]
    assert sorted(item["reason"] for item in rejected) == [
        "its folder device-type=temperature is not in the contract of sensor_readings",
        "its folder device-type=temperature/location=attic is not in the contract of"
        " sensor_readings",
        "its folder iot-sensors is not in the contract of sensor_readings",
    ]
    assert sound.exists()
