"""What the Glue API does here that moto alone does not: requests in, requests out."""

import base64
import json

import pytest

from lake.athena.glue import rules

ICEBERG = {"table_type": "ICEBERG", "metadata_location": "s3://lake/t/u1/metadata/2.json"}


def commit(base, file="s3://lake/t/metadata/9.json"):
    return {"Parameters": {"metadata_location": file, "previous_metadata_location": base}}


def view(*columns):
    text = base64.b64encode(json.dumps({"columns": list(columns)}).encode()).decode()
    return {
        "Name": "v",
        "TableType": "VIRTUAL_VIEW",
        "ViewOriginalText": f"/* Presto View: {text} */",
        "StorageDescriptor": {"Columns": [{"Name": "dummy", "Type": "string"}]},
    }


def test_names_become_lower_case():
    request = {"DatabaseName": "Shop", "Name": "Orders", "TableInput": {"Name": "Orders"}}
    rules.lower_case("GetTable", request)
    assert request == {"DatabaseName": "shop", "Name": "orders", "TableInput": {"Name": "orders"}}


def test_other_services_of_glue_keep_their_names():
    request = {"Name": "My Job"}
    rules.lower_case("GetJob", request)
    assert request == {"Name": "My Job"}


def test_column_names_become_lower_case():
    given = {
        "Name": "t",
        "StorageDescriptor": {"Columns": [{"Name": "OrderId"}]},
        "PartitionKeys": [{"Name": "Day"}],
    }
    stored = rules.table_input(given, None, from_engine=False)
    assert stored["StorageDescriptor"]["Columns"] == [{"Name": "orderid"}]
    assert stored["PartitionKeys"] == [{"Name": "day"}]


@pytest.mark.parametrize("from_engine", [True, False])
def test_a_stale_version_is_refused(from_engine):
    with pytest.raises(rules.GlueRefusal, match="ConcurrentModificationException"):
        rules.check_commit({}, {"VersionId": "3"}, "2", from_engine)
    rules.check_commit({}, {"VersionId": "3"}, "3", from_engine)


def test_a_commit_on_an_older_file_is_refused():
    current = {"VersionId": "1", "Parameters": dict(ICEBERG)}
    with pytest.raises(rules.GlueRefusal):
        rules.check_commit(commit("s3://lake/t/u1/metadata/1.json"), current, None, True)
    rules.check_commit(commit(ICEBERG["metadata_location"]), current, None, True)


def test_a_client_may_write_without_a_base():
    current = {"VersionId": "1", "Parameters": dict(ICEBERG)}
    rules.check_commit(commit("s3://lake/t/u1/metadata/1.json"), current, None, False)


def test_an_iceberg_table_lies_where_its_metadata_lies():
    stored = rules.table_input({"Name": "t", "Parameters": dict(ICEBERG)}, None, True)
    assert stored["StorageDescriptor"]["Location"] == "s3://lake/t/u1"


def test_a_view_of_the_engine_gets_its_real_columns():
    given = view(
        {"name": "id", "type": "integer"},
        {"name": "Tags", "type": "array(varchar)", "comment": "all"},
    )
    stored = rules.table_input(given, None, from_engine=True)
    assert stored["StorageDescriptor"]["Columns"] == [
        {"Name": "id", "Type": "int"},
        {"Name": "tags", "Type": "array<string>", "Comment": "all"},
    ]


def test_a_view_of_a_client_keeps_its_columns():
    stored = rules.table_input(view({"name": "id", "type": "integer"}), None, from_engine=False)
    assert stored["StorageDescriptor"]["Columns"] == [{"Name": "dummy", "Type": "string"}]


def test_what_users_wrote_survives_a_commit_of_the_engine():
    current = {
        "Description": "orders",
        "Parameters": ICEBERG | {"owner": "sales", "trino_version": "1"},
        "StorageDescriptor": {
            "Columns": [{"Name": "id", "Comment": "key", "Parameters": {"pii": "no"}}]
        },
    }
    new = {
        "Name": "t",
        "Parameters": ICEBERG | {"trino_version": "2"},
        "StorageDescriptor": {
            "Columns": [{"Name": "id", "Parameters": {"iceberg.field.id": "1"}}, {"Name": "n"}]
        },
    }
    stored = rules.table_input(new, current, from_engine=True)
    assert stored["Description"] == "orders"
    assert (stored["Parameters"]["owner"], stored["Parameters"]["trino_version"]) == ("sales", "2")
    assert stored["StorageDescriptor"]["Columns"] == [
        {"Name": "id", "Comment": "key", "Parameters": {"pii": "no", "iceberg.field.id": "1"}},
        {"Name": "n"},
    ]


def test_a_client_can_take_a_parameter_away():
    current = {"Parameters": ICEBERG | {"owner": "sales"}}
    stored = rules.table_input({"Name": "t", "Parameters": dict(ICEBERG)}, current, False)
    assert "owner" not in stored["Parameters"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("NOW-3YEARS,NOW", "NOW-1098DAYS,NOW"),
        ("NOW-2 months,NOW+1WEEK", "NOW-62DAYS,NOW+7DAYS"),
        ("2024-01-01,NOW-5DAYS", "2024-01-01,NOW-5DAYS"),
    ],
)
def test_projected_ranges_are_told_in_days(given, expected):
    table = {"Parameters": {"projection.day.range": given, "projection.day.type": "date"}}
    answer = rules.for_engine({"Table": table}, "t")
    assert answer["Table"]["Parameters"]["projection.day.range"] == expected
    assert table["Parameters"]["projection.day.range"] == given


def test_partitions_come_in_one_segment():
    assert rules.immediate("GetPartitions", {"Segment": {"SegmentNumber": 1}}) == {"Partitions": []}
    assert rules.immediate("GetPartitions", {"Segment": {"SegmentNumber": 0}}) is None


def test_statistics_are_answered_empty():
    assert rules.immediate("DeleteColumnStatisticsForTable", {}) == {}
    assert rules.immediate("GetTable", {}) is None


def test_a_typed_csv_table_is_a_view_over_its_text_twin():
    table = {
        "Name": "orders",
        "DatabaseName": "shop",
        "StorageDescriptor": {
            "Columns": [{"Name": "id", "Type": "int"}],
            "SerdeInfo": {"SerializationLibrary": rules.open_csv.SERDE},
        },
    }
    request = {"DatabaseName": "shop", "Name": rules.open_csv.twin_name("orders")}
    asked = rules.original_names(request)
    assert request["Name"] == "orders"
    assert rules.for_engine({"Table": table}, asked)["Table"]["Name"] == asked
    view = rules.for_engine({"TableList": [table]}, None)["TableList"][0]
    assert (view["Name"], view["TableType"]) == ("orders", "VIRTUAL_VIEW")
    assert rules.for_engine({"Table": table}, "orders")["Table"] == view
