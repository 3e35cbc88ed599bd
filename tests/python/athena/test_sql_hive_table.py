"""CREATE EXTERNAL TABLE to Glue, to SHOW CREATE TABLE, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.athena.errors import AthenaFailure
from lake.athena.sql.hive_table import create_statement, table_input
from lake.athena.sql.quoting import hive_name, hive_string
from lake.athena.sql.statements import parse

FULL = r"""
CREATE EXTERNAL TABLE IF NOT EXISTS `db`.`logs` (
  `Line` string COMMENT 'it\'s "raw"',
  n array<struct<a:int, b:map<string,double>>> -- nested
)
COMMENT "all; of (it)"
PARTITIONED BY (dt string COMMENT 'day', h int)
CLUSTERED BY (line) SORTED BY (line DESC) INTO 4 BUCKETS
ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe'
WITH SERDEPROPERTIES ('input.regex'='^(\\S+) \'(.*)\'$')
STORED AS TEXTFILE
LOCATION 's3://b/logs/'
TBLPROPERTIES ('projection.enabled'='true', "skip.header.line.count"="1")
"""


def glue(sql):
    return table_input(parse(sql))


def test_every_clause():
    table = glue(FULL)
    storage = table["StorageDescriptor"]
    assert table["Name"] == "logs"
    assert table["TableType"] == "EXTERNAL_TABLE"
    assert table["Description"] == "all; of (it)"
    assert table["PartitionKeys"] == [
        {"Name": "dt", "Type": "string", "Comment": "day"},
        {"Name": "h", "Type": "int"},
    ]
    assert table["Parameters"] == {
        "EXTERNAL": "TRUE",
        "comment": "all; of (it)",
        "projection.enabled": "true",
        "skip.header.line.count": "1",
    }
    assert storage["Columns"] == [
        {"Name": "line", "Type": "string", "Comment": 'it\'s "raw"'},
        {"Name": "n", "Type": "array<struct<a:int,b:map<string,double>>>"},
    ]
    assert storage["SerdeInfo"] == {
        "SerializationLibrary": "org.apache.hadoop.hive.serde2.RegexSerDe",
        "Parameters": {"input.regex": r"^(\S+) '(.*)'$"},
    }
    assert storage["Location"] == "s3://b/logs/"
    assert storage["BucketColumns"] == ["line"]
    assert storage["NumberOfBuckets"] == 4
    assert storage["SortColumns"] == [{"Column": "line", "SortOrder": 0}]


def test_delimited_rows():
    table = glue(
        r"""create external table t (a int) row format delimited
        fields terminated by '\t' escaped by '\\' collection items terminated by '\002'
        map keys terminated by ':' lines terminated by '\n' null defined as '\\N'
        location 's3://b/t/'"""
    )
    assert table["StorageDescriptor"]["SerdeInfo"]["Parameters"] == {
        "field.delim": "\t",
        "serialization.format": "\t",
        "escape.delim": "\\",
        "collection.delim": "\x02",
        "mapkey.delim": ":",
        "line.delim": "\n",
        "serialization.null.format": r"\N",
    }


@pytest.mark.parametrize(
    ("stored", "serde"),
    [
        ("", "lazy.LazySimpleSerDe"),
        ("stored as textfile", "lazy.LazySimpleSerDe"),
        ("stored as PARQUET", "ParquetHiveSerDe"),
        ("stored as orc", "OrcSerde"),
        ("stored as avro", "AvroSerDe"),
        ("stored as jsonfile", "JsonSerDe"),
        ("stored as inputformat 'a.B' outputformat 'c.D'", "LazySimpleSerDe"),
        ("row format serde 'x.Y' stored as parquet", "x.Y"),
    ],
)
def test_formats(stored, serde):
    table = glue(f"create external table t (a int) {stored} location 's3://b/t'")
    found = table["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"]
    assert found.endswith(serde)


def test_an_unknown_format_is_refused():
    with pytest.raises(AthenaFailure, match="Unrecognized file format"):
        glue("create external table t (a int) stored as excel location 's3://b/t'")


def test_show_create_is_hive_ddl():
    text = create_statement(glue(FULL))
    assert text.startswith("CREATE EXTERNAL TABLE `logs`(\n  `line` string COMMENT")
    assert "PARTITIONED BY ( \n  `dt` string COMMENT 'day', \n  `h` int)\n" in text
    assert r"'input.regex'='^(\\S+) \'(.*)\'$'" in text
    assert "EXTERNAL'=" not in text


TEXT = st.text(max_size=12)
NAME = st.text(min_size=1, max_size=8).filter(lambda name: name.strip() and "." not in name)
TYPE = st.sampled_from(["int", "string", "decimal(5,1)", "array<string>", "struct<a:int,b:date>"])
COLUMN = st.tuples(NAME.map(str.lower), TYPE, st.none() | TEXT.filter(bool))


def written(columns):
    return ", ".join(
        f"{hive_name(name)} {kind}"
        + ("" if comment is None else f" COMMENT {hive_string(comment)}")
        for name, kind, comment in columns
    )


PROPERTIES = st.dictionaries(TEXT, TEXT, max_size=3)


def pairs(properties):
    return ", ".join(f"{hive_string(k)} = {hive_string(v)}" for k, v in properties.items())


@st.composite
def statements(draw):
    sql = f"create external table `t` ({written(draw(st.lists(COLUMN, min_size=1, max_size=4)))})"
    if comment := draw(st.none() | TEXT.filter(bool)):
        sql += f" comment {hive_string(comment)}"
    if keys := draw(st.lists(COLUMN, max_size=2)):
        sql += f" partitioned by ({written(keys)})"
    sql += f" row format serde 'x.Y' with serdeproperties ({pairs(draw(PROPERTIES))})"
    sql += f" stored as {draw(st.sampled_from(['TEXTFILE', 'PARQUET', 'ORC', 'JSONFILE']))}"
    own = {k: v for k, v in draw(PROPERTIES).items() if k not in ("EXTERNAL", "comment")}
    return f"{sql} location 's3://b/t' tblproperties ({pairs(own)})"


@given(statements())
def test_show_create_reads_back_as_the_same_table(sql):
    first = glue(sql)
    assert glue(create_statement(first)) == first
