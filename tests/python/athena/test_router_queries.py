"""Queries, changes, maintenance, UNLOAD, EXPLAIN, prepared statements, and the check at start."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from router_fakes import World, rows_of

from lake.athena.errors import AthenaFailure
from lake.athena.router import check
from lake.athena.router.prepared import bind
from lake.athena.sql.quoting import trino_string

ICEBERG = 'ALTER TABLE awsdatacatalog_iceberg."d"."i" EXECUTE '


@pytest.fixture
def world():
    return World()


def test_a_literal_needs_no_engine(world):
    answer = world.run("/* dbt */ select 'it''s 1.5';")
    assert answer.rows == [["it's 1.5"]]
    assert (answer.columns[0].name, answer.columns[0].type) == ("_col0", "varchar")
    assert (answer.has_header, answer.extension, answer.update_count) == (True, "csv", 0)
    assert world.engine.statements == []


def test_a_query_is_translated(world):
    world.engine.answers["select"] = rows_of(["1"], [None])
    answer = world.run("select `a`, 1.5, '1.5' from t -- 1.5\n;")
    assert world.engine.statements == ["select \"a\", 1.5e0, '1.5' from t -- 1.5\n"]
    assert answer.rows == [["1"], [None]]
    assert (answer.statement_type, answer.substatement_type) == ("DML", "SELECT")


@pytest.mark.parametrize(
    ("sql", "extension"),
    [
        ("insert into t select 1.5", ""),
        ("update t set a = 1.5", "csv"),
        ("delete from t where a = 1.5", "csv"),
        ("merge into t using u on a = 1.5 when matched then delete", "csv"),
    ],
)
def test_changes(world, sql, extension):
    world.engine.answers[""] = rows_of(count=7)
    done = world.run(sql)
    assert world.engine.statements == [sql.replace("1.5", "1.5e0")]
    assert (done.statement_type, done.substatement_type) == ("DML", sql.split()[0].upper())
    assert (done.update_count, done.extension) == (7, extension)


def test_a_place_outside_of_the_text_is_its_start(world):
    world.engine.answers["CREATE"] = AthenaFailure("TABLE_NOT_FOUND", "line 1:1: no")
    assert world.reason("create table t as\nselect 1") == "TABLE_NOT_FOUND: line 1:1: no"


def test_optimize(world):
    world.add_iceberg("i")
    world.run("optimize i rewrite data using bin_pack")
    world.run("optimize i rewrite data using bin_pack where dt = 1.5")
    assert world.engine.statements[0] == ICEBERG + "optimize"
    head, where = world.engine.statements[1].split("\n")
    assert (head, where.strip()) == (ICEBERG + "optimize WHERE", "dt = 1.5e0")
    world.add_hive("h")
    assert "Iceberg tables only" in world.reason("optimize h rewrite data using bin_pack")
    assert world.reason("vacuum x") == (
        "TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.d.x' does not exist"
    )


def test_vacuum_takes_the_age_of_the_table(world):
    world.add_iceberg("i")
    world.run("vacuum i")
    assert world.engine.statements == [
        ICEBERG + "expire_snapshots(retention_threshold => '432000s')",
        ICEBERG + "remove_orphan_files(retention_threshold => '432000s')",
    ]


def test_vacuum_keeps_snapshots(world):
    world.add_iceberg("i", vacuum_max_snapshot_age_seconds="60", vacuum_min_snapshots_to_keep="3")
    world.engine.answers["$snapshots"] = rows_of([500])
    world.run("vacuum i")
    assert "LIMIT 3)" in world.engine.statements[0]
    assert world.engine.statements[1:] == [
        ICEBERG + "expire_snapshots(retention_threshold => '500s')",
        ICEBERG + "remove_orphan_files(retention_threshold => '60s')",
    ]


def test_unload(world):
    def write(sql):
        world.add_hive("unload_q_1")
        world.storage.objects["s3://lake/u/dt=1/file"] = b""
        return rows_of(count=2)

    world.engine.answers["CREATE TABLE"] = write
    done = world.run(
        "unload (select `a`, 1.5 from t) to 's3://lake/u' with (format='textfile', "
        "compression='SNAPPY', field_delimiter='|', partitioned_by=ARRAY['DT'])"
    )
    head, query = world.engine.statements[0].split("\n")
    assert head == (
        'CREATE TABLE awsdatacatalog."d"."unload_q_1" WITH (external_location = '
        "'s3://lake/u/', format = 'TEXTFILE', partitioned_by = ARRAY['dt'], "
        "textfile_field_separator = '|') AS"
    )
    assert query.strip() == 'select "a", 1.5e0 from t'
    assert world.engine.sessions == [{"awsdatacatalog.compression_codec": "SNAPPY"}]
    assert world.catalog.table("d", "unload_q_1") is None
    assert world.storage.objects["s3://results/out/q-1-manifest.csv"] == (
        b"s3://lake/u/dt=1/file\n"
    )
    assert (done.substatement_type, done.update_count) == ("UNLOAD", 2)
    assert "is not empty" in world.reason(
        "unload (select 1 a) to 's3://lake/u/' with (format='ORC')"
    )


def test_explain(world):
    world.engine.answers["explain"] = rows_of(["Fragment 0\n  scan"])
    plan = world.run("explain select 1.5")
    assert world.engine.statements[0].replace("\n", " ").split() == ["explain", "select", "1.5e0"]
    assert plan.rows == [["Query Plan"], ["Fragment 0"], ["  scan"]]
    world.run("explain -- plan\n (type io) create table t as select 1.5 a")
    head = world.engine.statements[1].split("\n")[0]
    assert head.startswith('explain ( type io ) CREATE TABLE awsdatacatalog."d"."t" WITH')
    world.run("explain unload (select 1 a) to 's3://x/y' with (format='ORC')")
    assert "format = 'ORC'" in world.engine.statements[2]
    assert world.reason("explain show tables") == "Queries of this type are not supported"


def test_prepared_statements(world):
    world.run("prepare P from select ? + ?, '?' -- ?\n")
    assert world.prepared == {"p": "select ? + ?, '?' -- ?"}
    world.run("execute p using 1.5, x + 1")
    world.run("execute p", ["1", "DATE '2024-01-01'"])
    assert world.engine.statements == [
        "select 1.5e0 + (x + 1), '?' -- ?",
        "select 1 + (DATE '2024-01-01'), '?' -- ?",
    ]
    assert world.reason("execute p using 1") == (
        "INVALID_PARAMETER_USAGE: line 1:1: Incorrect number of parameters: expected 2 but found 1"
    )
    world.run("execute p using a < b, c > d")
    assert world.engine.statements[-1] == "select (a < b) + (c > d), '?' -- ?"
    world.run("deallocate prepare p")
    assert world.reason("execute p") == "NOT_FOUND: Prepared statement not found: p"


def test_values_of_an_execution(world):
    world.run("select * from t where a = ? and b = ?", ["1", "'x'"])
    world.run("execute immediate 'select ''a'', ?' using 2")
    assert world.engine.statements == ["select * from t where a = 1 and b = 'x'", "select 'a', 2"]


def test_values_reach_ctas_and_literals(world):
    world.run("create table t as select ? a", ["5"])
    assert world.engine.statements[0].endswith("select 5 a")
    assert world.run("select ?", ["'x'"]).rows == [["x"]]


@pytest.mark.parametrize("value", ["", "1, 2", "1; drop table t", "'open", "1)", "(1"])
def test_a_value_is_one_expression(value):
    with pytest.raises(AthenaFailure):
        bind("select ?", [value])


@given(st.text(max_size=20))
def test_a_string_stays_a_string(text):
    assert bind("select ?, '?'", [trino_string(text)]) == f"select {trino_string(text)}, '?'"


def test_check_asks_the_engine_to_parse(world):
    def answer(sql):
        assert sql == "EXECUTE IMMEDIATE '\nselect 1.5e0, ''x'' frm a b' USING 1"
        return AthenaFailure("SYNTAX_ERROR", "line 2:23: mismatched input 'b'")

    world.engine.answers["EXECUTE"] = answer
    with pytest.raises(AthenaFailure) as failure:
        check("select 1.5, 'x' frm a b", world.context())
    assert failure.value.reason == "line 1:21: mismatched input 'b'"


@pytest.mark.parametrize(
    "sql",
    [
        "select ? from nowhere",
        "create table t as select nope",
        "unload (select nope) to 's3://a/b' with (format='ORC')",
        "explain insert into t select 1",
        "create view v as select 1",
    ],
)
def test_check_takes_other_errors_for_no_matter(world, sql):
    world.engine.answers["EXECUTE"] = AthenaFailure("INVALID_PARAMETER_USAGE", "expected 0")
    check(sql, world.context(["1"] if "?" in sql else []))
    assert len(world.engine.statements) == 1


def test_check_of_own_statements_needs_no_engine(world):
    check("select 'x'", world.context())
    check("alter table t set tblproperties ('a'='b')", world.context())
    check("select frm frm", world.context(), ask_engine=False)
    assert world.engine.statements == []
    with pytest.raises(AthenaFailure, match="line 1:21: mismatched input"):
        check("alter table t rename", world.context())
