"""Statements are parsed into their parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.athena.sql import alterations as alter
from lake.athena.sql import kinds
from lake.athena.sql.cursor import Name
from lake.athena.sql.statements import parse

T = Name("t", "d")
HEAD = "/* {'app': 'dbt'} */\n-- select\n"


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("select 1", kinds.Query),
        ("(select 1)", kinds.Query),
        ("with a as (select 1) select * from a", kinds.Query),
        ("with function as (select 1), session (a) as (select 1) select 1", kinds.Query),
        ("values 1", kinds.Query),
        ("table t", kinds.Query),
        ("select 'a' || 'b'", kinds.Query),
        ("insert into t select 1", kinds.Modify),
        ("update t set a = 1", kinds.Modify),
        ("delete from t", kinds.Modify),
        ("merge into t using u on true when matched then delete", kinds.Modify),
        ("create view v as select 1", kinds.CreateView),
        ("create or replace view d.v as select 1", kinds.CreateView),
        ("create table t as select 1", kinds.CreateTableAs),
        ("create table t (a int)", kinds.CreateTable),
        ("create external table t (a int)", kinds.CreateTable),
        ("msck repair table t", kinds.Repair),
        ("vacuum t", kinds.Vacuum),
    ],
)
def test_kind(sql, kind):
    assert type(parse(sql)) is kind
    assert type(parse(f"{HEAD}{sql.upper()} ;\n-- end")) is kind


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select 'it''s'", kinds.Literal("", "it's")),
        ("create schema if not exists `D`", kinds.CreateDatabase("", "d", True)),
        (
            "create database d comment 'c' location 's3://b/' with dbproperties ('a'='b')",
            kinds.CreateDatabase("", "d", False, "c", "s3://b/", {"a": "b"}),
        ),
        ("drop schema if exists awsdatacatalog.d cascade", kinds.DropDatabase("", "d", True, True)),
        ("drop database d restrict", kinds.DropDatabase("", "d", False, False)),
        (
            "alter database d set dbproperties ('a'='b')",
            kinds.AlterDatabase("", "d", {"a": "b"}),
        ),
        ("drop table if exists `d`.`t`", kinds.Drop("", "TABLE", T, True)),
        ("drop table `d.t`", kinds.Drop("", "TABLE", T, False)),
        (
            'drop view "awsdatacatalog"."D"."T"',
            kinds.Drop("", "VIEW", Name("t", "d", "awsdatacatalog"), False),
        ),
        ("show databases like 'a*'", kinds.ShowDatabases("", "a*")),
        ("show schemas", kinds.ShowDatabases("")),
        ("show tables in d 'x|y*'", kinds.ShowTables("", "TABLES", "d", "x|y*")),
        ("show views", kinds.ShowTables("", "VIEWS")),
        ("show columns in t from d", kinds.ShowColumns("", T)),
        ("show columns from d.t", kinds.ShowColumns("", T)),
        ("show partitions d.t", kinds.ShowPartitions("", T)),
        ("show tblproperties d.t('k')", kinds.ShowProperties("", T, "k")),
        ("show create table d.t", kinds.ShowCreate("", "TABLE", T)),
        ("show create view d.t", kinds.ShowCreate("", "VIEW", T)),
        ("desc formatted d.t", kinds.Describe("", T, "FORMATTED")),
        ("describe d.t c", kinds.Describe("", T, "", "c")),
        ("describe view", kinds.Describe("", Name("view"))),
        ("describe view d.t", kinds.Describe("", T)),
        ("vacuum d.t", kinds.Vacuum("", T)),
        ("optimize d.t rewrite data using bin_pack", kinds.Optimize("", T)),
        ("execute p using 1, 'a,b', f(1, 2)", kinds.Execute("", "p", ("1", "'a,b'", "f(1, 2)"))),
        ("execute p", kinds.Execute("", "p")),
        (
            "execute immediate 'select ''?'', ?' using 1",
            kinds.ExecuteImmediate("", "select '?', ?", ("1",)),
        ),
        ("deallocate prepare P", kinds.Deallocate("", "p")),
        (
            "alter table d.t set tblproperties ('a'='b', \"c\"='it\\'s')",
            alter.SetProperties("", T, {"a": "b", "c": "it's"}),
        ),
        ("alter table d.t unset tblproperties ('a','b')", alter.UnsetProperties("", T, ("a", "b"))),
        ("alter table d.t set location 's3://b/'", alter.SetLocation("", T, "s3://b/")),
        (
            "alter table d.t partition (a='1') set location 's3://b/'",
            alter.SetLocation("", T, "s3://b/", (alter.Condition("a", "=", "1"),)),
        ),
        ("alter table d.t rename to `e`.`u`", alter.RenameTable("", T, Name("u", "e"))),
        ("alter table d.t drop column C", alter.DropColumn("", T, "c")),
        (
            "alter table d.t add columns (a int comment 'x', b struct<c:array<int>>)",
            alter.AddColumns(
                "",
                T,
                (
                    kinds.ColumnDefinition("a", "int", "x"),
                    kinds.ColumnDefinition("b", "struct<c:array<int>>"),
                ),
            ),
        ),
        (
            "alter table d.t replace columns (a decimal(10, 2))",
            alter.ReplaceColumns("", T, (kinds.ColumnDefinition("a", "decimal(10,2)"),)),
        ),
        (
            "alter table d.t change column a b bigint comment 'x' after c",
            alter.ChangeColumn("", T, "a", kinds.ColumnDefinition("b", "bigint", "x"), "c"),
        ),
        (
            "alter table d.t change a a int first",
            alter.ChangeColumn("", T, "a", kinds.ColumnDefinition("a", "int"), "FIRST"),
        ),
        (
            "alter table d.t add if not exists partition (a='1', b=2) location 's3://x/' "
            "partition (a='2', b=3)",
            alter.AddPartitions(
                "",
                T,
                True,
                (
                    ((alter.Condition("a", "=", "1"), alter.Condition("b", "=", "2")), "s3://x/"),
                    ((alter.Condition("a", "=", "2"), alter.Condition("b", "=", "3")), None),
                ),
            ),
        ),
        (
            "alter table d.t drop if exists partition (a='1'), partition (a>='3')",
            alter.DropPartitions(
                "",
                T,
                True,
                ((alter.Condition("a", "=", "1"),), (alter.Condition("a", ">=", "3"),)),
            ),
        ),
        (
            "alter table d.t partition (a='1') rename to partition (a='2')",
            alter.RenamePartition(
                "", T, (alter.Condition("a", "=", "1"),), (alter.Condition("a", "=", "2"),)
            ),
        ),
    ],
)
def test_parts(sql, expected):
    found = parse(sql)
    assert {**vars(found), "text": ""} == vars(expected)
    assert type(found) is type(expected)


def test_create_table_as_keeps_the_place_of_its_query():
    found = parse("create table d.t with (format='ORC',\n x = ARRAY['a', 'b']) as\n  select ')'")
    assert found.name == T
    assert found.properties == {"format": "'ORC'", "x": "ARRAY['a', 'b']"}
    assert found.query.split("\n")[2] == "  select ')'"
    assert not found.query.split("select")[0].strip()


def test_unload():
    found = parse("unload (select ')', (1) -- )\n) to 's3://b/p' with (format = 'ORC')")
    assert found.query.strip() == "select ')', (1) -- )"
    assert found.target == "s3://b/p"
    assert found.options == {"format": "'ORC'"}


def test_optimize_where():
    found = parse("optimize t rewrite data using bin_pack where a = 1.5")
    assert found.where.strip() == "a = 1.5"


def test_explain_holds_its_statement():
    found = parse("explain (type distributed, format json) select 1")
    assert found.head == "explain (type distributed, format json) "
    assert type(found.statement) is kinds.Query
    assert type(parse("explain analyze verbose select 1").statement) is kinds.Query
    assert type(parse("explain create table t as select 1").statement) is kinds.CreateTableAs
    assert type(parse("explain (select 1)").statement) is kinds.Query


def test_prepare_keeps_the_statement():
    found = parse("prepare p from\nselect ?")
    assert (found.name, found.statement.strip()) == ("p", "select ?")


def test_iceberg_table():
    found = parse(
        "create table t (id int, at timestamp) partitioned by (id, bucket(16, id), day(at)) "
        "location 's3://b/t' tblproperties ('table_type'='ICEBERG')"
    )
    assert found.is_iceberg
    assert found.transforms == ("id", "bucket(16, id)", "day(at)")
    assert found.partitioned_by == ()


IDENTIFIER = st.from_regex(r"[a-z_][a-z0-9_]{0,6}", fullmatch=True)
QUOTED = st.text(min_size=1, max_size=6).filter(lambda s: "." not in s)
COMMENT = st.sampled_from([" ", "\n", " -- 'x\n", " /* ` */ "])


@given(IDENTIFIER, QUOTED, COMMENT, st.dictionaries(IDENTIFIER, st.integers(0, 99), max_size=3))
def test_random_ctas(schema, table, gap, properties):
    clause = ", ".join(f"{key}{gap}={gap}{value}" for key, value in properties.items())
    clause = f"with{gap}({clause}){gap}" if properties else ""
    quoted = table.replace("`", "``")
    sql = f"create{gap}table{gap}{schema}.`{quoted}`{gap}{clause}as{gap}select 1.5"
    found = parse(sql)
    assert found.name == Name(table.lower(), schema)
    assert found.properties == {key: str(value) for key, value in properties.items()}
    assert found.query.strip().endswith("select 1.5")
    assert sql.endswith(found.query.lstrip())
