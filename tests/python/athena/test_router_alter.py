"""ALTER TABLE and partitions."""

import pytest
from router_fakes import World, rows_of

from lake.athena.sql.refused import NOT_SUPPORTED


@pytest.fixture
def world():
    world = World()
    world.add_hive("h", "a int, b string, c date", keys="dt string, n int")
    world.add_iceberg("i", "a int, b string, c date", comment="x")
    return world


def columns(world, name="h"):
    found = world.catalog.table("d", name)["StorageDescriptor"]["Columns"]
    return [" ".join(column.values()) for column in found]


def statements(world):
    prefix = 'ALTER TABLE awsdatacatalog_iceberg."d"."i" '
    return [sql.removeprefix(prefix) for sql in world.engine.statements]


@pytest.mark.parametrize("name", ["h", "i"])
def test_properties(world, name):
    done = world.run(f"alter table `d`.`{name}` set tblproperties ('a'='b', 'c'='d')")
    assert (done.statement_type, done.substatement_type) == ("DDL", "ALTER_TABLE")
    assert world.catalog.table("d", name)["Parameters"]["c"] == "d"
    world.run(f"alter table {name} unset tblproperties ('a', 'zz')")
    assert "a" not in world.catalog.table("d", name)["Parameters"]
    assert world.engine.statements == []


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("add columns (E bigint comment 'x')", ["a int", "b string", "c date", "e bigint x"]),
        ("replace columns (a bigint, z string)", ["a bigint", "z string"]),
        ("change column b bb varchar(3)", ["a int", "bb varchar(3)", "c date"]),
        ("change b b string comment 'y' first", ["b string y", "a int", "c date"]),
        ("change a a int after b", ["b string", "a int", "c date"]),
    ],
)
def test_columns_of_hive(world, action, expected):
    world.run(f"alter table h {action}")
    assert columns(world) == expected
    assert world.engine.statements == []


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (
            "add columns (e timestamp comment 'it''s', f array<int>)",
            [
                "ADD COLUMN \"e\" timestamp(6) COMMENT 'it''s'",
                'ADD COLUMN "f" array(integer)',
            ],
        ),
        (
            "replace columns (a bigint, b string, z date)",
            [
                'DROP COLUMN "c"',
                'ADD COLUMN "z" date',
                'ALTER COLUMN "a" SET DATA TYPE bigint',
            ],
        ),
        (
            "change column a aa bigint comment 'k'",
            [
                'ALTER COLUMN "a" SET DATA TYPE bigint',
                'RENAME COLUMN "a" TO "aa"',
                'COMMENT ON COLUMN awsdatacatalog_iceberg."d"."i"."aa" IS \'k\'',
            ],
        ),
        ("change column a a int", []),
        ("drop column C", ['DROP COLUMN "c"']),
        ("rename to j", ['RENAME TO "d"."j"']),
        ("rename to `e`.`j`", ['RENAME TO "e"."j"']),
    ],
)
def test_iceberg_goes_to_the_engine(world, action, expected):
    world.run(f"alter table i {action}")
    assert statements(world) == expected
    assert set(world.engine.catalogs) <= {"awsdatacatalog_iceberg"}


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("alter table h rename to j", NOT_SUPPORTED),
        ("alter table h drop column a", NOT_SUPPORTED),
        ("alter table nope set location 's3://x/'", "Table not found d.nope"),
        ("alter table h add columns (dt int)", "Duplicate column name: dt"),
        ("alter table i add columns (a int)", "Duplicate column name: a"),
        ("alter table h change column zz a int", "Invalid column reference zz"),
        ("alter table h change column a b int", "Duplicate column name: b"),
        ("alter table h change column a a int after zz", "Column zz does not exist"),
        ("alter table i add partition (a='1')", "is not a partitioned table"),
        ("alter table h add partition (dt='1')", "doesn't contain all (2) partition columns"),
        ("alter table h drop partition (dt='1')", "Partition not found"),
        ("alter table h partition (dt='1', n='1') set location 's3://x/'", "Partition not found"),
    ],
)
def test_what_fails(world, sql, reason):
    assert reason in world.reason(sql)


def test_partitions(world):
    world.run(
        "alter table h add if not exists partition (n=1, dt='2024') partition (dt='2025', n=10) "
        "location 's3://x/'"
    )
    assert world.catalog.partition_rows["d", "h"] == {
        ("2024", "1"): "s3://lake/h/dt=2024/n=1",
        ("2025", "10"): "s3://x/",
    }
    world.run("alter table h add if not exists partition (dt='2024', n=1) location 's3://y/'")
    assert world.texts("show partitions h") == ["dt=2024/n=1", "dt=2025/n=10"]
    assert "AlreadyExists" in world.reason("alter table h add partition (dt='2024', n=1)")
    world.run("alter table h partition (dt='2024', n='1') set location 's3://z/'")
    world.run("alter table h partition (dt='2024', n=1) rename to partition (dt='2023', n=2)")
    assert world.catalog.partition_rows["d", "h"] == {
        ("2025", "10"): "s3://x/",
        ("2023", "2"): "s3://z/",
    }
    world.run("alter table h drop partition (n > 9), partition (dt = '2023', n = '2')")
    assert world.texts("show partitions h") == []
    world.run("alter table h drop if exists partition (dt='1')")


def test_location(world):
    world.run("alter table h set location 's3://new/'")
    assert world.catalog.table("d", "h")["StorageDescriptor"]["Location"] == "s3://new/"


def test_repair_tells_what_it_found(world):
    def found(sql):
        world.catalog.create_partition("d", "h", ["2024", "1"], "s3://lake/h/dt=2024/n=1")
        return rows_of()

    world.engine.answers["CALL"] = found
    done = world.run("msck repair table h")
    assert world.engine.statements == [
        "CALL awsdatacatalog.system.sync_partition_metadata('d', 'h', 'ADD', false)"
    ]
    assert done.rows == [
        ["Partitions not in metastore:\th:dt=2024/n=1"],
        ["Repair: Added partition to metastore h:dt=2024/n=1"],
    ]
    assert world.run("msck repair table h").rows == []


def test_repair_of_typed_csv_names_the_twin(world):
    serde = "row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'"
    world.add_hive("c", keys="dt string", more=serde)
    world.run("msck repair table c")
    assert "('d', 'c__open_csv_text', 'ADD', false)" in world.engine.statements[0]
