"""What Athena refuses is refused, with its message."""

import pytest

from lake.athena.errors import AthenaFailure
from lake.athena.sql.refused import NOT_SUPPORTED, check_table, check_table_as
from lake.athena.sql.statements import parse


@pytest.mark.parametrize(
    "sql",
    [
        "grant select on t to role x",
        "revoke select on t from x",
        "start transaction",
        "commit",
        "rollback",
        "call system.sync()",
        "set session a = 1",
        "reset session a",
        "use d",
        "truncate table t",
        "analyze t",
        "comment on table t is 'x'",
        "refresh materialized view v",
        "with function f() returns int return 1 select f()",
        "with session a = 1 select 1",
        "create role r",
        "create materialized view v as select 1",
        "create function f() returns int return 1",
        "create catalog c using hive",
        "drop role r",
        "drop materialized view v",
        "show functions",
        "show catalogs",
        "show session",
        "show stats for t",
        "show create schema s",
        "describe input p",
        "describe output p",
        "alter view v set authorization x",
        "alter table t execute optimize",
        "alter table t partition (a='1') compact 'major'",
        "alter materialized view v rename to w",
    ],
)
def test_foreign_statements(sql):
    with pytest.raises(AthenaFailure) as failure:
        parse(sql)
    assert failure.value.reason == NOT_SUPPORTED


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("", "line 1:1: mismatched input '<EOF>'. Expecting: <statement>"),
        ("-- only\n", "line 2:1: mismatched input '<EOF>'. Expecting: <statement>"),
        (
            "create or replace table t as select 1",
            "line 1:19: mismatched input 'table'. Expecting: 'VIEW'",
        ),
        ("create external view v", "line 1:17: mismatched input 'view'. Expecting: 'TABLE'"),
        ("select 1; select 2", "line 1:9: mismatched input ';'. Expecting: <EOF>"),
        ("insert into t select 1; select 2", "line 1:23: mismatched input ';'. Expecting: <EOF>"),
        ("select 'abc", "line 1:8: mismatched input '''"),
        ("\n select (1", "line 2:11: mismatched input '<EOF>'. Expecting: ')'"),
        (
            "alter table t set authorization x",
            "line 1:19: mismatched input 'authorization'. Expecting: 'TBLPROPERTIES', 'LOCATION'",
        ),
        (
            "alter table t add column a int",
            "line 1:19: mismatched input 'column'. Expecting: 'COLUMNS', 'PARTITION', 'IF'",
        ),
        ("vacuum t now", "line 1:10: mismatched input 'now'. Expecting: <EOF>"),
        (
            "optimize t rewrite data",
            "line 1:24: mismatched input '<EOF>'. Expecting: 'USING'",
        ),
        ("create external table t (a text)", "line 1:28: Unknown type: text"),
        ("create table t with (a=1, a=2) as select 1", "line 1:27: Duplicate property: a"),
        ("unload (select 1) to 's3://b/p'", "line 1:1: UNLOAD requires the property 'format'"),
        (
            "unload (select 1) to 's3://b/p' with (format='ORC', x=1)",
            "line 1:1: Unknown property for UNLOAD: x",
        ),
        ("drop index i", NOT_SUPPORTED),
        (
            "drop nothing",
            "line 1:6: mismatched input 'nothing'. Expecting: 'SCHEMA', 'TABLE', 'VIEW'",
        ),
        ("explain grant select on t to x", NOT_SUPPORTED),
    ],
)
def test_syntax(sql, reason):
    with pytest.raises(AthenaFailure) as failure:
        parse(sql)
    assert failure.value.reason == reason


def test_create_table_like():
    with pytest.raises(AthenaFailure, match="LIKE"):
        parse("create table t like u")


@pytest.mark.parametrize(
    ("sql", "match"),
    [
        ("create external table t (a int)", "No location was specified"),
        ("create table t (a int) location 's3://b/p'", "Managed tables"),
        (
            "create external table t (a int) location 's3://b/p' "
            "tblproperties ('table_type'='ICEBERG')",
            "EXTERNAL",
        ),
        ("create external table t (a int, a int) location 's3://b/p'", "Duplicate column name: a"),
        (
            "create external table t (a int) partitioned by (a int) location 's3://b/p'",
            "Duplicate column name: a",
        ),
        ("create external table t (a int) partitioned by (a) location 's3://b/p'", "type"),
        ("create external table t (a int) location 'hdfs://b/p'", "S3"),
        (
            "create table t (a int) partitioned by (b int) location 's3://b/p' "
            "tblproperties ('table_type'='iceberg')",
            "Iceberg",
        ),
    ],
)
def test_tables(sql, match):
    with pytest.raises(AthenaFailure, match=match) as failure:
        check_table(parse(sql))
    assert failure.value.reason.startswith("FAILED: SemanticException")


@pytest.mark.parametrize(
    ("table_type", "key"),
    [("hive", "foo"), ("hive", "location"), ("iceberg", "external_location"), ("iceberg", "foo")],
)
def test_unknown_properties_of_ctas(table_type, key):
    with pytest.raises(AthenaFailure, match=f"table property '{key}' does not exist"):
        check_table_as(table_type, [key])


def test_known_properties_of_ctas():
    check_table_as("hive", ["format", "external_location", "bucketed_by", "bucket_count"])
    check_table_as("iceberg", ["location", "vacuum_max_snapshot_age_seconds", "partitioning"])
    with pytest.raises(AthenaFailure, match="table_type"):
        check_table_as("delta", [])
