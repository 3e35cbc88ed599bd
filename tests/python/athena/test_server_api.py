"""The whole service through boto3, without an engine: what Glue and the service answer alone."""

import json
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError
from served import served


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with served(tmp_path_factory.mktemp("athena")) as running:
        running.client("glue").create_database(DatabaseInput={"Name": "shop"})
        yield running


@pytest.fixture(scope="module")
def athena(service):
    return service.client("athena")


@pytest.fixture(scope="module")
def glue(service):
    return service.client("glue")


def refused(code, call, **request):
    with pytest.raises(ClientError) as error:
        call(**request)
    assert error.value.response["Error"]["Code"] == code
    return error.value.response["Error"]["Message"]


def table(name, **more):
    return {
        "Name": name,
        "StorageDescriptor": {
            "Columns": [{"Name": "Id", "Type": "int", "Comment": "key"}],
            "Location": f"s3://lake/{name}/",
        },
    } | more


def test_status_is_json(service):
    with urllib.request.urlopen(f"{service.url}/_athena/status") as answer:
        status = json.load(answer)
    assert status["ready"] is True
    assert set(status["queries"]) == {"started", "running", "known"}


def test_an_unknown_operation_is_a_clear_error(athena):
    message = refused("InvalidRequestException", athena.list_sessions, WorkGroup="primary")
    assert message == "ListSessions is not part of the local Athena."


def test_a_request_without_what_it_needs_is_refused(service):
    request = urllib.request.Request(
        service.url,
        b"{}",
        {"X-Amz-Target": "AmazonAthena.GetQueryExecution", "Content-Type": "application/json"},
    )
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request)
    assert (
        'Missing required parameter in input: "QueryExecutionId"'
        in json.load(error.value)["Message"]
    )


def test_a_literal_needs_no_engine(service):
    assert service.rows("select 'x'") == [["_col0"], ["x"]]


def test_without_an_engine_a_query_fails_and_says_so(service):
    execution = service.run("select count(*) from shop.t")
    assert execution["Status"]["State"] == "FAILED"
    assert "no engine answers on port 9" in execution["Status"]["StateChangeReason"]


def test_tables_are_found_in_any_case(glue):
    glue.create_table(DatabaseName="Shop", TableInput=table("Cased"))
    held = glue.get_table(DatabaseName="SHOP", Name="CASED")["Table"]
    assert (held["Name"], held["StorageDescriptor"]["Columns"][0]["Name"]) == ("cased", "id")


def test_of_two_writers_on_one_version_one_is_refused(service, glue):
    glue.create_table(DatabaseName="shop", TableInput=table("raced"))
    version = glue.get_table(DatabaseName="shop", Name="raced")["Table"]["VersionId"]
    change = {"DatabaseName": "shop", "TableInput": table("raced"), "VersionId": version}
    glue.update_table(**change)
    before = service.service.glue.conflicts
    refused("ConcurrentModificationException", glue.update_table, **change)
    assert service.service.glue.conflicts == before + 1


def test_skip_archive_keeps_one_version(glue):
    glue.create_table(DatabaseName="shop", TableInput=table("archived"))
    glue.update_table(DatabaseName="shop", TableInput=table("archived"))
    glue.update_table(DatabaseName="shop", TableInput=table("archived"), SkipArchive=True)
    versions = glue.get_table_versions(DatabaseName="shop", TableName="archived")
    assert [each["VersionId"] for each in versions["TableVersions"]] == ["1", "3"]


def test_ranges_are_changed_for_the_engine_alone(service, glue):
    parameters = {"projection.d.range": "NOW-1YEAR,NOW"}
    glue.create_table(DatabaseName="shop", TableInput=table("ranged", Parameters=parameters))
    engine = service.client("glue", key="trino")
    for client, expected in ((glue, "NOW-1YEAR,NOW"), (engine, "NOW-366DAYS,NOW")):
        held = client.get_table(DatabaseName="shop", Name="ranged")["Table"]
        assert held["Parameters"]["projection.d.range"] == expected


def test_partitions_are_filtered_on_sized_text(glue):
    keys = [{"Name": "k", "Type": "varchar(10)"}]
    glue.create_table(DatabaseName="shop", TableInput=table("sized", PartitionKeys=keys))
    for value in ("a", "b"):
        glue.create_partition(
            DatabaseName="shop", TableName="sized", PartitionInput={"Values": [value]}
        )
    found = glue.get_partitions(DatabaseName="shop", TableName="sized", Expression="k = 'b'")
    assert [each["Values"] for each in found["Partitions"]] == [["b"]]


def test_table_metadata_is_glues(athena, glue):
    glue.create_table(DatabaseName="shop", TableInput=table("shown", Parameters={"p": "1"}))
    names = {"CatalogName": "AwsDataCatalog", "DatabaseName": "shop"}
    shown = athena.get_table_metadata(TableName="shown", **names)["TableMetadata"]
    assert shown["Columns"] == [{"Name": "id", "Type": "int", "Comment": "key"}]
    assert shown["Parameters"]["p"] == "1"
    assert shown["Parameters"]["location"] == "s3://lake/shown/"
    listed = athena.list_table_metadata(Expression="sho.*", **names)["TableMetadataList"]
    assert [each["Name"] for each in listed] == ["shown"]
    refused("MetadataException", athena.get_table_metadata, TableName="none", **names)
    refused(
        "MetadataException",
        athena.get_database,
        CatalogName="awsdatacatalog",
        DatabaseName="none",
    )
    databases = athena.list_databases(CatalogName="AwsDataCatalog")["DatabaseList"]
    assert [each["Name"] for each in databases] == ["default", "shop"]


def test_there_is_one_data_catalog(athena):
    catalogs = athena.list_data_catalogs()["DataCatalogsSummary"]
    assert [each["CatalogName"] for each in catalogs] == ["AwsDataCatalog"]
    assert athena.get_data_catalog(Name="awsdatacatalog")["DataCatalog"]["Type"] == "GLUE"
    refused("InvalidRequestException", athena.create_data_catalog, Name="x", Type="HIVE")


def test_a_work_group_lives_and_ends(athena):
    configuration = {
        "ResultConfiguration": {"OutputLocation": "s3://athena-results/team/"},
        "BytesScannedCutoffPerQuery": 10_000_000,
    }
    athena.create_work_group(Name="team", Configuration=configuration, Description="d")
    held = athena.get_work_group(WorkGroup="team")["WorkGroup"]
    assert held["Configuration"]["EnforceWorkGroupConfiguration"] is True
    assert held["Configuration"]["EngineVersion"]["EffectiveEngineVersion"].endswith("3")
    athena.update_work_group(
        WorkGroup="team",
        State="DISABLED",
        ConfigurationUpdates={
            "RemoveBytesScannedCutoffPerQuery": True,
            "ResultConfigurationUpdates": {"RemoveOutputLocation": True},
        },
    )
    held = athena.get_work_group(WorkGroup="team")["WorkGroup"]
    assert (held["State"], held["Description"]) == ("DISABLED", "d")
    assert "BytesScannedCutoffPerQuery" not in held["Configuration"]
    assert held["Configuration"]["ResultConfiguration"] == {}
    assert "team" in [each["Name"] for each in athena.list_work_groups()["WorkGroups"]]
    athena.delete_work_group(WorkGroup="team")
    refused("InvalidRequestException", athena.get_work_group, WorkGroup="team")
    refused("InvalidRequestException", athena.delete_work_group, WorkGroup="primary")


def test_named_queries_are_kept(athena):
    made = athena.create_named_query(Name="n", Database="shop", QueryString="select 1")
    name = made["NamedQueryId"]
    athena.update_named_query(NamedQueryId=name, Name="m", QueryString="select 2")
    held = athena.get_named_query(NamedQueryId=name)["NamedQuery"]
    assert (held["Name"], held["QueryString"], held["WorkGroup"]) == ("m", "select 2", "primary")
    assert athena.list_named_queries()["NamedQueryIds"] == [name]
    both = athena.batch_get_named_query(NamedQueryIds=[name, "x"])
    assert len(both["NamedQueries"]) == len(both["UnprocessedNamedQueryIds"]) == 1
    athena.delete_named_query(NamedQueryId=name)
    refused("InvalidRequestException", athena.get_named_query, NamedQueryId=name)


def test_prepared_statements_are_kept(service, athena):
    names = {"StatementName": "p", "WorkGroup": "primary"}
    athena.create_prepared_statement(QueryStatement="select ?", **names)
    athena.update_prepared_statement(QueryStatement="select 'x'", **names)
    held = athena.get_prepared_statement(**names)["PreparedStatement"]
    assert held["QueryStatement"] == "select 'x'"
    service.rows("prepare q from select 'y'")
    listed = athena.list_prepared_statements(WorkGroup="primary")["PreparedStatements"]
    assert [each["StatementName"] for each in listed] == ["p", "q"]
    service.rows("deallocate prepare q")
    athena.delete_prepared_statement(**names)
    refused("ResourceNotFoundException", athena.get_prepared_statement, **names)


def test_data_cell_filters(service):
    lake_formation = service.client("lakeformation")
    given = {
        "TableCatalogId": "123456789012",
        "DatabaseName": "shop",
        "TableName": "t",
        "Name": "f",
        "RowFilter": {"FilterExpression": "a > 1"},
        "ColumnNames": ["a"],
    }
    lake_formation.create_data_cells_filter(TableData=given)
    lake_formation.update_data_cells_filter(
        TableData=given | {"RowFilter": {"FilterExpression": "a > 2"}}
    )
    place = {"CatalogId": "123456789012", "DatabaseName": "shop", "Name": "t"}
    held = lake_formation.list_data_cells_filter(Table=place)["DataCellsFilters"]
    assert [each["RowFilter"]["FilterExpression"] for each in held] == ["a > 2"]
    names = {key: given[key] for key in ("TableCatalogId", "DatabaseName", "TableName", "Name")}
    lake_formation.delete_data_cells_filter(**names)
    refused("EntityNotFoundException", lake_formation.get_data_cells_filter, **names)


def test_engine_versions(athena):
    versions = athena.list_engine_versions()["EngineVersions"]
    assert versions[0]["SelectedEngineVersion"] == "AUTO"


def test_other_services_are_motos(service):
    assert service.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_every_region_is_the_one(service):
    glue = service.client("glue", region="eu-central-1")
    assert "shop" in [each["Name"] for each in glue.get_databases()["DatabaseList"]]
    lake_formation = service.client("lakeformation", region="eu-central-1")
    lake_formation.create_lf_tag(TagKey="k", TagValues=["v"])
    assert service.client("lakeformation").get_lf_tag(TagKey="k")["TagValues"] == ["v"]


def test_the_emulation_cannot_be_reset_from_outside(service):
    request = urllib.request.Request(f"{service.url}/moto-api/reset", b"", method="POST")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request)
