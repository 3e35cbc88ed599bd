"""CREATE, DROP and CREATE TABLE AS: what reaches the catalogue and what the engine."""

from dataclasses import replace

import pytest
from router_fakes import World, rows_of

from lake.athena.errors import AthenaFailure
from lake.athena.router import execute


@pytest.fixture
def world():
    return World()


def test_databases(world):
    made = world.run("create schema if not exists E comment 'c' location 's3://e/'")
    assert (made.statement_type, made.substatement_type) == ("DDL", "CREATE_DATABASE")
    assert world.catalog.parameters["e"] == ("c", "s3://e/", {})
    world.run("create schema if not exists e")
    assert world.reason("create schema e").endswith("Database e already exists")
    world.run("alter database e set dbproperties ('a'='b')")
    assert world.catalog.parameters["e"][2] == {"a": "b"}
    world.run("drop schema e")
    assert world.catalog.databases() == ["d"]
    assert "Database does not exist: e" in world.reason("drop schema e")
    world.run("drop schema if exists e")


def test_a_database_with_tables_needs_cascade(world):
    world.add_hive("t")
    assert "is not empty" in world.reason("drop database d")
    world.run("drop database d cascade")
    assert world.catalog.databases() == []


def test_hive_table(world):
    world.run("create external table T (a int) location 's3://lake/t/'")
    assert world.catalog.table("d", "t")["StorageDescriptor"]["Location"] == "s3://lake/t/"
    assert world.engine.statements == []
    assert "AlreadyExistsException(message:Table t already exists.)" in world.reason(
        "create external table t (a int) location 's3://lake/t/'"
    )
    world.run("create external table if not exists t (a int) location 's3://lake/t/'")
    assert "Database does not exist: x" in world.reason(
        "create external table x.t (a int) location 's3://lake/t/'"
    )


def test_iceberg_table(world):
    world.engine.answers["CREATE TABLE"] = lambda sql: world.add_iceberg("t") or rows_of()
    world.run(
        "create table t (id bigint comment 'it''s', at timestamp, s struct<a:int>) "
        "partitioned by (bucket(16, id), day(at), `s`) location 's3://lake/t/' "
        "tblproperties ('table_type'='ICEBERG', 'format'='parquet', "
        "'write_compression'='zstd', 'optimize_rewrite_delete_file_threshold'='2')"
    )
    assert world.engine.statements == [
        'CREATE TABLE awsdatacatalog_iceberg."d"."t" ("id" bigint COMMENT \'it\'\'s\', '
        '"at" timestamp(6), "s" row("a" integer)) WITH (location = \'s3://lake/t\', '
        "partitioning = ARRAY['bucket(id, 16)', 'day(at)', 's'], format = 'PARQUET')"
    ]
    assert world.engine.sessions == [{"awsdatacatalog_iceberg.compression_codec": "ZSTD"}]
    parameters = world.catalog.table("d", "t")["Parameters"]
    assert parameters["optimize_rewrite_delete_file_threshold"] == "2"
    assert "write_compression" not in parameters


def test_ctas_of_hive(world):
    world.engine.answers["CREATE TABLE"] = rows_of(count=3)
    made = world.run(
        "create table d.t with (table_type='hive', is_external=true, "
        "external_location='s3://lake/t', partitioned_by=ARRAY['Dt'], bucketed_by=ARRAY['a'], "
        "bucket_count=4, field_delimiter=';', write_compression='gzip', format='textfile')\n"
        "as\n select 1.5 as a, '2.5' as dt;"
    )
    head, *query = world.engine.statements[0].split("\n")
    assert head == (
        'CREATE TABLE awsdatacatalog."d"."t" WITH (external_location = \'s3://lake/t/\', '
        "format = 'TEXTFILE', partitioned_by = ARRAY['dt'], bucketed_by = ARRAY['a'], "
        "bucket_count = 4, textfile_field_separator = ';') AS"
    )
    assert [line.rstrip() for line in query] == ["", "", " select 1.5e0 as a, '2.5' as dt"]
    assert world.engine.sessions == [{"awsdatacatalog.compression_codec": "GZIP"}]
    assert made.substatement_type == "CREATE_TABLE_AS_SELECT"
    assert (made.statement_type, made.update_count) == ("DDL", 3)
    assert made.location == "s3://lake/t/"


def test_ctas_without_location_goes_below_the_results(world):
    made = world.run("create table t as select 1 a")
    assert made.location == "s3://results/out/tables/q-1/"
    assert "external_location = 's3://results/out/tables/q-1/'" in world.engine.statements[0]
    assert world.storage.objects == {"s3://results/out/tables/q-1-manifest.csv": b""}


def test_an_enforced_work_group_decides_the_location(world):
    context = replace(world.context(), location_enforced=True)
    with pytest.raises(AthenaFailure, match="enforces a centralized output location"):
        execute("create table t with (external_location='s3://lake/t') as select 1 a", context)
    assert execute("create table t as select 1 a", context).location.startswith("s3://results/")


def test_ctas_of_iceberg(world):
    world.engine.answers["CREATE TABLE"] = lambda sql: world.add_iceberg("t") or rows_of(count=1)
    world.run(
        "create table t with (table_type='ICEBERG', is_external=false, location='s3://lake/t/', "
        "format='orc', partitioning=ARRAY['Dt', 'bucket(5, ID)'], format_version=2, "
        "vacuum_max_snapshot_age_seconds=60, write_compression='zlib') as select 1 a"
    )
    assert world.engine.statements[0].split(" AS\n")[0] == (
        'CREATE TABLE awsdatacatalog_iceberg."d"."t" WITH (location = \'s3://lake/t\', '
        "format = 'ORC', partitioning = ARRAY['dt', 'bucket(id, 5)'], format_version = 2)"
    )
    assert world.engine.sessions == [{"awsdatacatalog_iceberg.compression_codec": "GZIP"}]
    assert world.catalog.table("d", "t")["Parameters"]["vacuum_max_snapshot_age_seconds"] == "60"


def test_ctas_is_refused_where_something_is(world):
    world.add_hive("t")
    assert "Destination table 'awsdatacatalog.d.t' already exists" in world.reason(
        "create table t as select 1 a"
    )
    assert world.run("create table if not exists t as select 1 a").update_count == 0
    world.storage.objects["s3://lake/u/file"] = b""
    assert world.reason(
        "create table u with (external_location='s3://lake/u/') as select 1 a"
    ).startswith("HIVE_PATH_ALREADY_EXISTS: Target directory for table 'd.u' already exists")
    assert "property 'foo' does not exist" in world.reason(
        "create table u with (foo=1) as select 1"
    )
    assert "cannot be written" in world.reason(
        "create table u with (write_compression='BZIP2') as select 1 a"
    )
    assert "an ARRAY of strings" in world.reason(
        "create table u with (partitioned_by='a') as select 1 a"
    )
    assert world.engine.statements == []


def test_an_error_in_a_ctas_names_its_own_place(world):
    world.engine.answers["nope"] = lambda sql: AthenaFailure(
        "COLUMN_NOT_FOUND", f"line 3:{sql.split(chr(10))[2].index('nope') + 1}: Column 'nope' ..."
    )
    sql = "create table t as\nselect 1.5, `b`, nope"
    assert world.reason(sql) == "COLUMN_NOT_FOUND: line 2:18: Column 'nope' ..."


def test_lines_of_a_comment_do_not_count(world):
    world.engine.answers["nope"] = AthenaFailure("COLUMN_NOT_FOUND", "line 4:14: no")
    sql = "create table t comment 'a\nb' as select nope"
    assert world.reason(sql) == "COLUMN_NOT_FOUND: line 2:14: no"


def test_views(world):
    made = world.run("create or replace view `V` as select 1.5 as a from `t`")
    assert made.substatement_type == "CREATE_VIEW"
    assert world.engine.statements == ['create or replace view "V" as select 1.5e0 as a from "t"']


def test_drop_of_hive_tables_and_views_leaves_the_engine_alone(world):
    world.add_hive("t")
    world.add_view("v")
    assert "Did you mean DROP VIEW?" in world.reason("drop table v")
    assert "Did you mean DROP TABLE?" in world.reason("drop view t")
    assert world.run("drop table `d`.`t`").substatement_type == "DROP_TABLE"
    assert world.run("drop view if exists v").substatement_type == "DROP_VIEW"
    assert world.catalog.tables("d") == []
    assert "Table not found d.t" in world.reason("drop table t")
    world.run("drop table if exists nowhere.t")
    assert world.engine.statements == []


def test_drop_of_iceberg_falls_back_to_the_catalogue(world):
    world.add_iceberg("t")
    world.engine.answers["DROP"] = AthenaFailure("ICEBERG_MISSING_METADATA", "gone")
    world.run("drop table t")
    assert world.engine.statements == ['DROP TABLE awsdatacatalog_iceberg."d"."t"']
    assert world.catalog.table("d", "t") is None
