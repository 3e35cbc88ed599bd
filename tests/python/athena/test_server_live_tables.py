"""Tables and what is in them, on a local Athena with its engine."""

import gzip
import json
import threading
import time

import pytest
from live import Failed, live

__all__ = ["live"]

JSON = "org.openx.data.jsonserde.JsonSerDe"
CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
REGEX = "org.apache.hadoop.hive.serde2.RegexSerDe"


@pytest.fixture(scope="module")
def hive(live):
    live.done(
        f'create table "awsdatacatalog"."{live.database}"."h" with (table_type=\'hive\','
        f" is_external=true, external_location='{live.location('h')}', partitioned_by=ARRAY['d'],"
        " format='parquet', write_compression='snappy') as"
        " select 1 id, 1.5 x, cast('a' as varchar) s, date '2024-01-01' d"
        " union all select 2, .25, 'b', date '2024-01-02'"
    )
    return live


@pytest.fixture(scope="module")
def iceberg(live):
    live.done(
        f"create table \"i\" with (table_type='iceberg', is_external=false,"
        f" location='{live.location('i')}', partitioning=ARRAY['day(ts)'], format='parquet',"
        " vacuum_max_snapshot_age_seconds=1) as select 1 id, 'a' n,"
        " cast(timestamp '2024-01-01 10:00:00' as timestamp(6)) ts"
    )
    return live


def test_a_hive_table_has_glue_types_and_takes_rows(hive):
    assert hive.columns("h") == {"id": "int", "x": "double", "s": "string"}
    hive.done("insert into h values (3, 2.5, 'c', date '2024-01-03')")
    assert hive.rows("select id, x, s, d from h order by id") == [
        ["1", "1.5", "a", "2024-01-01"],
        ["2", "0.25", "b", "2024-01-02"],
        ["3", "2.5", "c", "2024-01-03"],
    ]


def test_a_partition_filter_scans_fewer_bytes(hive):
    def scanned(sql):
        return hive.done(sql)["Statistics"]["DataScannedInBytes"]

    whole = scanned("select sum(x) from h")
    assert 0 < scanned("select sum(x) from h where d = date '2024-01-01'") < whole


def test_a_location_that_is_taken_is_refused(hive):
    with pytest.raises(Failed, match="HIVE_PATH_ALREADY_EXISTS"):
        hive.done(f"create table h2 with (external_location='{hive.location('h')}') as select 1 a")


def test_a_manifest_names_the_written_files(hive):
    execution = hive.done("create table listed with (format='parquet') as select 1 a")
    bucket, key = execution["Statistics"]["DataManifestLocation"][5:].split("/", 1)
    manifest = hive.s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode().split()
    location = hive.table("listed")["StorageDescriptor"]["Location"].rstrip("/")
    assert [uri.rsplit("/", 1)[0] for uri in manifest] == [location]


def test_a_view_has_real_columns_in_glue(hive):
    hive.done(
        "create or replace view v as select id, array[1] a, cast(1 as decimal(10,2)) de from h"
    )
    assert hive.columns("v") == {"id": "int", "a": "array<int>", "de": "decimal(10,2)"}
    hive.done("create or replace view v as select id, 1.5 as y from h")
    assert hive.columns("v") == {"id": "int", "y": "double"}


def test_an_iceberg_table_takes_every_change(iceberg):
    assert iceberg.table("i")["StorageDescriptor"]["Location"] == iceberg.location("i")
    insert = iceberg.results("insert into i values (2, 'b', timestamp '2024-01-02 10:00:00')")
    assert insert["UpdateCount"] == 1
    iceberg.done("update i set n = 'z' where id = 2")
    merge = iceberg.results(
        "merge into i t using (select 2 id, 'm' n union all select 3, 'n') s on (t.id = s.id)"
        " when matched then update set n = s.n"
        " when not matched then insert (id, n) values (s.id, s.n)"
    )
    assert merge["UpdateCount"] == 2
    iceberg.done("delete from i where id = 1")
    assert iceberg.rows("select id, n, ts from i order by id") == [
        ["2", "m", "2024-01-02 10:00:00.000000"],
        ["3", "n", None],
    ]


def test_what_users_wrote_survives_commits(iceberg):
    table = iceberg.table("i")
    given = {key: table[key] for key in ("Name", "StorageDescriptor", "Parameters", "TableType")}
    given |= {"Description": "hello", "PartitionKeys": table.get("PartitionKeys", [])}
    given["Parameters"]["mine"] = "1"
    given["StorageDescriptor"]["Columns"][0]["Comment"] = "the id"
    iceberg.glue.update_table(DatabaseName=iceberg.database, TableInput=given, SkipArchive=True)
    iceberg.done("insert into i (id) values (7)")
    after = iceberg.table("i")
    assert (after["Description"], after["Parameters"]["mine"]) == ("hello", "1")
    assert after["StorageDescriptor"]["Columns"][0]["Comment"] == "the id"


def test_time_travel_and_maintenance(iceberg):
    snapshots = iceberg.rows('select snapshot_id from "i$snapshots" order by committed_at')
    first = snapshots[0][0]
    assert iceberg.rows(f"select id from i for version as of {first}") == [["1"]]
    iceberg.done("OPTIMIZE i REWRITE DATA USING BIN_PACK")
    iceberg.done("insert into i (id) values (8)")
    iceberg.done("delete from i where id = 8")
    before = iceberg.rows('select snapshot_id from "i$snapshots"')
    assert len(before) > len(snapshots)
    time.sleep(1.2)
    iceberg.done("VACUUM i")
    assert len(iceberg.rows('select snapshot_id from "i$snapshots"')) < len(before)


def test_a_renamed_and_a_dropped_table(iceberg):
    iceberg.done(
        f"create table r with (table_type='iceberg',"
        f" location='{iceberg.location('r')}') as select 1 a"
    )
    iceberg.done("alter table r rename to r2")
    assert iceberg.rows("select * from r2") == [["1"]]
    for key in iceberg.keys("r/"):
        iceberg.s3.delete_object(Bucket="lake", Key=key)
    iceberg.glue.delete_table(DatabaseName=iceberg.database, Name="r2")
    iceberg.done(
        f"create table r with (table_type='iceberg',"
        f" location='{iceberg.location('r')}') as select 2 a"
    )
    iceberg.done("drop table r")
    assert iceberg.keys("r/") == []


def test_of_sixteen_parallel_inserts_none_is_lost(live):
    live.done(
        f"create table cc with (table_type='iceberg',"
        f" location='{live.location('cc')}') as select 0 id"
    )
    refused = []

    def write(number):
        try:
            live.done(f"insert into cc values ({number})")
        except Failed as failure:
            refused.append(str(failure))

    writers = [threading.Thread(target=write, args=(number,)) for number in range(1, 17)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    stored = int(live.rows("select count(*) from cc")[0][0]) - 1
    assert stored > 0 and stored + len(refused) == 16
    assert all("ICEBERG_COMMIT_ERROR" in reason for reason in refused)


def test_json_tables(live):
    lines = [
        {"id": 1, "Name": "a", "tags": ["x", "y"], "o": {"k": 1.5}, "ts": "2024-01-01 10:00:00"},
        {"id": 2, "Name": None, "tags": [], "o": None},
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines).encode()
    live.put("json/a.json.gz", gzip.compress(text))
    live.put("json/sub/b.json", text)
    live.done(
        "create external table j (id int, name string, tags array<string>, o struct<k:double>,"
        f" ts timestamp) row format serde '{JSON}' location '{live.location('json/')}'"
    )
    one = ["1", "a", "[x, y]", "{k=1.5}", "2024-01-01 10:00:00.000"]
    two = ["2", None, "[]", None, None]
    assert live.rows("select * from j order by id") == [one, one, two, two]


def test_csv_columns_have_their_types(live):
    live.put("csv/a.csv.gz", gzip.compress(b'id,name,x,d\n1,"a, ""q""",1.5,19723\n'))
    live.done(
        f"create external table c (id int, name string, x double, d date) row format serde '{CSV}'"
        f" location '{live.location('csv/')}' tblproperties ('skip.header.line.count'='1')"
    )
    assert live.rows("select id + 1, name, x * 2e0, d from c") == [
        ["2", 'a, "q"', "3.0", "2024-01-01"]
    ]
    assert live.columns("c") == {"id": "int", "name": "string", "x": "double", "d": "date"}


def test_lines_by_a_pattern_and_as_they_are(live):
    live.put("log/a.log", "1.2.3.4 GET /a 200\n")
    live.done(
        f"create external table rx (ip string, verb string, path string, code int) row format serde"
        f" '{REGEX}' with serdeproperties ('input.regex'='(\\\\S+) (\\\\S+) (\\\\S+) (\\\\d+)')"
        f" location '{live.location('log/')}'"
    )
    assert live.rows("select * from rx") == [["1.2.3.4", "GET", "/a", "200"]]
    live.put("raw/a.json", '{"t":"a\\tb"}\n{broken \\n "x\n')
    live.done(
        "create external table raw (line string) row format delimited fields terminated by '\\001'"
        f" stored as textfile location '{live.location('raw/')}'"
    )
    assert live.rows("select line from raw") == [['{"t":"a\\tb"}'], ['{broken \\n "x']]


def test_partition_projection(live):
    for region in ("eu", "us"):
        for day in ("2024-01-01", "2024-01-02"):
            live.put(f"pp/{region}/{day}/a.json", json.dumps({"v": f"{region} {day}"}) + "\n")
    live.done(
        "create external table pp (v string) partitioned by (region string, dt string)"
        f" row format serde '{JSON}' location '{live.location('pp/')}' tblproperties ("
        "'projection.enabled'='true','projection.region.type'='enum',"
        "'projection.region.values'='eu,us','projection.dt.type'='date',"
        "'projection.dt.format'='yyyy-MM-dd','projection.dt.range'='2024-01-01,NOW-3MONTHS',"
        f"'storage.location.template'='{live.location('pp/')}${{region}}/${{dt}}/')"
    )
    assert live.rows("select v from pp where region = 'eu' and dt = '2024-01-02'") == [
        ["eu 2024-01-02"]
    ]


def test_partitions_are_found_added_and_dropped(live):
    for day in ("1", "2"):
        live.put(f"ms/dt={day}/a.json", f'{{"id":{day}}}\n')
    live.put("other/x.json", '{"id":9}\n')
    live.done(
        "create external table ms (id int) partitioned by (dt string)"
        f" row format serde '{JSON}' location '{live.location('ms/')}'"
    )
    live.done("msck repair table ms")
    assert live.rows("show partitions ms") == [["dt=1"], ["dt=2"]]
    live.done(f"alter table ms add partition (dt='3') location '{live.location('other/')}'")
    live.done("alter table ms drop partition (dt='1')")
    assert live.rows("select id from ms order by id") == [["2"], ["9"]]


def test_unload_writes_files(hive):
    target = hive.location("unl/")
    execution = hive.done(f"unload (select id from h) to '{target}' with (format='PARQUET')")
    assert hive.keys("unl/")
    assert execution["Statistics"]["DataManifestLocation"].endswith("-manifest.csv")


@pytest.mark.parametrize("kind", ["hive", "iceberg"])
def test_more_than_a_hundred_partitions_are_refused(live, kind):
    by = {
        "hive": "partitioned_by",
        "iceberg": f"location='{live.location('many')}', partitioning",
    }
    table = f"create table many with (table_type='{kind}', {by[kind]}=array['p']) as"
    with pytest.raises(Failed, match="TOO_MANY_OPEN_PARTITIONS"):
        live.done(f"{table} select n v, cast(n as varchar) p from unnest(sequence(1, 101)) t(n)")
