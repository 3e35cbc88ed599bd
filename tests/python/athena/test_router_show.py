"""SHOW and DESCRIBE."""

import base64
import json

import pytest
from router_fakes import World, rows_of

SHOWN = """CREATE TABLE awsdatacatalog_iceberg.d.i (
   id integer
)
WITH (
   format = 'ORC',
   format_version = 2,
   location = 's3://lake/i',
   partitioning = ARRAY['bucket(id, 16)','day(at)','name','truncate(name, 3)']
)"""


@pytest.fixture
def world():
    world = World()
    world.add_hive("h", "id int comment 'key', name string", keys="dt string")
    world.add_iceberg("i", vacuum_max_snapshot_age_seconds="60", metadata_location="m")
    view = {"originalSql": "SELECT 1\nFROM\n  t\n"}
    encoded = base64.b64encode(json.dumps(view).encode()).decode()
    world.add_view("v", f"/* Presto View: {encoded} */")
    world.engine.answers["SHOW CREATE TABLE"] = rows_of([SHOWN])
    return world


def test_lists(world):
    shown = world.run("show databases")
    assert (shown.statement_type, shown.substatement_type) == ("UTILITY", "SHOW_DATABASES")
    assert [column.name for column in shown.columns] == ["database_name"]
    assert (shown.rows, shown.extension, shown.has_header) == ([["d"]], "txt", False)
    assert world.texts("show tables") == ["h", "i", "v"]
    assert world.texts("show tables in d 'H|v*'") == ["h", "v"]
    assert world.texts("show views") == ["v"]
    assert world.texts("show schemas like 'x*'") == []
    assert "Database does not exist: x" in world.reason("show tables in x")
    assert "Invalid pattern" in world.reason("show tables '(('")


def test_columns(world):
    assert world.texts("show columns in h") == [name.ljust(20) for name in ("id", "name", "dt")]
    assert world.texts("show columns from i in d") == ["id", "name"]


def test_properties(world):
    shown = world.run("show tblproperties i")
    assert [column.name for column in shown.columns] == ["prpt_name", "prpt_value"]
    assert shown.rows[-1] == ["vacuum_max_snapshot_age_seconds\t60"]
    assert world.texts("show tblproperties i('table_type')") == ["table_type\tICEBERG"]
    assert "does not have property: x" in world.texts("show tblproperties h('x')")[0]


def test_describe_hive(world):
    def line(*texts):
        return "\t".join(text.ljust(20) for text in texts)

    assert world.texts("describe formatted h") == [
        line("id", "int", "key"),
        line("name", "string", ""),
        line("dt", "string", ""),
        "\t \t ",
        "# Partition Information\t \t ",
        line("# col_name", "data_type", "comment"),
        "\t \t ",
        line("dt", "string", ""),
    ]
    assert world.texts("desc h name") == [line("name", "string", "")]
    assert "Invalid column reference x" in world.reason("describe h x")


def test_describe_iceberg(world):
    assert world.texts("describe d.i") == [
        "# Table schema:\t\t",
        "# col_name\tdata_type\tcomment",
        "id\tint\t",
        "name\tstring\t",
        "\t\t",
        "# Partition spec:\t\t",
        "# field_name\tfield_transform\tcolumn_name",
        "id_bucket\tbucket[16]\tid",
        "at_day\tday\tat",
        "name\tidentity\tname",
        "name_trunc\ttruncate[3]\tname",
    ]


def test_show_create_of_hive_reads_back(world):
    text = "\n".join(world.texts("show create table h"))
    before = world.catalog.table("d", "h")
    world.run("drop table h")
    world.run(text)
    assert world.catalog.table("d", "h") == {k: v for k, v in before.items() if k != "DatabaseName"}


def test_show_create_of_iceberg(world):
    assert "\n".join(world.texts("show create table i")) == (
        "CREATE TABLE d.i (\n  id int,\n  name string)\n"
        "PARTITIONED BY (bucket(16, `id`), day(`at`), `name`, truncate(3, `name`))\n"
        "LOCATION 's3://lake/i/'\n"
        "TBLPROPERTIES (\n  'table_type'='iceberg',\n  'format'='orc',\n"
        "  'vacuum_max_snapshot_age_seconds'='60'\n);"
    )


def test_show_create_of_views(world):
    shown = world.run("show create view v")
    assert [row[0] for row in shown.rows] == ["CREATE VIEW d.v AS", "SELECT 1", "FROM", "  t"]
    assert shown.substatement_type == "SHOW_CREATE_VIEW"
    assert "d.h is not a view" in world.reason("show create view h")
    assert "d.v is not a table" in world.reason("show create table v")


def test_partitions_of_iceberg_come_from_the_engine(world):
    world.engine.answers["$partitions"] = rows_of(["{day=1}"], names=["partition"])
    shown = world.run("show partitions i")
    assert shown.rows == [["{day=1}"]]
    assert "is not a partitioned table" in world.reason("show partitions v")


def test_a_missing_table(world):
    for sql in ("describe x", "show columns in x", "show create table x", "show partitions x"):
        assert world.reason(sql) == ("FAILED: SemanticException [Error 10001]: Table not found d.x")


def test_another_catalogue(world):
    assert "Catalog 'other' not found" in world.reason("describe other.d.h")
    assert world.texts("show columns in awsdatacatalog.d.i") == ["id", "name"]
