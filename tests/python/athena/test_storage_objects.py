"""The emulated S3 through its API: objects are files, and survive a restart where asked for."""

import os
import threading
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from served import served

from lake.athena.disk import Buffer, Folder, Stretch, joined
from lake.athena.errors import AthenaFailure
from lake.athena.storage import split

PART = 5 * 1024 * 1024


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with served(tmp_path_factory.mktemp("athena")) as running:
        yield running


@pytest.fixture(scope="module")
def s3(service):
    return service.client("s3")


def files(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def test_an_object_is_read_whole_and_in_ranges(s3):
    body = os.urandom(3_000_000)
    s3.put_object(Bucket="lake", Key="a/b.bin", Body=body, Metadata={"who": "me"})
    whole = s3.get_object(Bucket="lake", Key="a/b.bin")
    assert (whole["Body"].read(), whole["Metadata"]) == (body, {"who": "me"})
    for wanted, expected in [
        ("bytes=0-9", body[:10]),
        ("bytes=100-", body[100:]),
        ("bytes=-8", body[-8:]),
        ("bytes=1048570-1048590", body[1048570:1048591]),
    ]:
        part = s3.get_object(Bucket="lake", Key="a/b.bin", Range=wanted)
        assert part["Body"].read() == expected
        assert part["ContentLength"] == len(expected)


def test_a_range_behind_the_end_is_refused(s3):
    s3.put_object(Bucket="lake", Key="short", Body=b"abc")
    with pytest.raises(ClientError, match="InvalidRange"):
        s3.get_object(Bucket="lake", Key="short", Range="bytes=3-9")


def test_an_empty_object_can_be_read(s3):
    s3.put_object(Bucket="lake", Key="empty", Body=b"")
    assert s3.get_object(Bucket="lake", Key="empty")["Body"].read() == b""
    assert s3.head_object(Bucket="lake", Key="empty")["ContentLength"] == 0


def test_an_upload_in_parts_is_joined(s3):
    first, second = os.urandom(PART), b"the rest"
    upload = s3.create_multipart_upload(Bucket="lake", Key="big")["UploadId"]
    parts = [
        {
            "PartNumber": number,
            "ETag": s3.upload_part(
                Bucket="lake", Key="big", UploadId=upload, PartNumber=number, Body=part
            )["ETag"],
        }
        for number, part in enumerate([first, second], 1)
    ]
    done = s3.complete_multipart_upload(
        Bucket="lake", Key="big", UploadId=upload, MultipartUpload={"Parts": parts}
    )
    assert done["ETag"].endswith('-2"')
    assert s3.get_object(Bucket="lake", Key="big")["Body"].read() == first + second
    tail = s3.get_object(Bucket="lake", Key="big", Range=f"bytes={PART - 2}-{PART + 2}")
    assert tail["Body"].read() == (first + second)[PART - 2 : PART + 3]


def test_a_copy_is_an_object_of_its_own(s3):
    s3.put_object(Bucket="lake", Key="from", Body=b"content")
    s3.copy_object(Bucket="lake", Key="to", CopySource={"Bucket": "lake", "Key": "from"})
    s3.delete_object(Bucket="lake", Key="from")
    assert s3.get_object(Bucket="lake", Key="to")["Body"].read() == b"content"


def test_a_folder_is_listed_page_by_page(s3):
    for name in ("l/a/1", "l/a/2", "l/b/1", "l/c", "l0", "k/z"):
        s3.put_object(Bucket="lake", Key=name, Body=b"")
    s3.delete_object(Bucket="lake", Key="l/a/2")
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket="lake", Prefix="l/", PaginationConfig={"PageSize": 2}
    )
    found = [each["Key"] for page in pages for each in page["Contents"]]
    assert found == ["l/a/1", "l/b/1", "l/c"]
    listed = s3.list_objects_v2(Bucket="lake", Prefix="l/", Delimiter="/")
    assert [each["Prefix"] for each in listed["CommonPrefixes"]] == ["l/a/", "l/b/"]
    assert [each["Key"] for each in listed["Contents"]] == ["l/c"]


def test_no_object_holds_a_file_open(service, s3):
    before = len(os.listdir("/proc/self/fd"))
    for number in range(200):
        s3.put_object(Bucket="lake", Key=f"many/{number}", Body=b"x" * 10_000)
    assert len(os.listdir("/proc/self/fd")) < before + 20


def test_what_is_deleted_leaves_the_disk(service, s3):
    storage = service.service.storage
    storage.folder.sweep(0)
    before = len(files(storage.folder.path))
    for _ in range(3):
        s3.put_object(Bucket="lake", Key="again", Body=b"one")
    s3.delete_object(Bucket="lake", Key="again")
    storage.folder.sweep(0)
    assert len(files(storage.folder.path)) == before


def test_direct_calls_see_the_same_objects(service, s3):
    storage = service.service.storage
    storage.put("s3://lake/direct/b", b"2")
    s3.put_object(Bucket="lake", Key="direct/a", Body=b"1")
    assert storage.keys("s3://lake/direct/") == ["s3://lake/direct/a", "s3://lake/direct/b"]
    assert storage.get("s3://lake/direct/a") == b"1"
    storage.delete(["s3://lake/direct/a", "s3://lake/direct/b"])
    assert storage.keys("s3://lake/direct/") == []
    with pytest.raises(AthenaFailure, match="no object at"):
        storage.get("s3://lake/direct/a")
    with pytest.raises(AthenaFailure, match="bucket does not exist"):
        storage.put("s3://nowhere/a", b"")


def test_an_address_must_be_of_s3():
    assert split("s3://lake/a/b") == ("lake", "a/b")
    with pytest.raises(AthenaFailure, match="not an S3 address"):
        split("/tmp/a")


def test_a_reader_keeps_the_file_it_has_found(tmp_path):
    Buffer.folder = Folder(tmp_path)
    buffer = Buffer()
    buffer.write(b"old content")
    reading = buffer.stretch()
    buffer.close()
    Buffer.folder.sweep()
    assert b"".join(reading) == b"old content"
    Buffer.folder.sweep(0)
    assert files(tmp_path) == []


def test_stretches_are_cut_like_bytes(tmp_path):
    folder = Folder(tmp_path)
    path = folder.new()
    path.write_bytes(b"0123456789")
    whole = Stretch(path, 0, 10)
    assert b"".join(whole[2:5][1:]) == b"34"
    assert len(whole[8:20]) == 2
    assert b"".join(joined(folder, [whole[:2], whole[8:]])) == b"0189"


def test_objects_and_tables_survive_a_restart(tmp_path):
    persist = tmp_path / "kept"
    column = {"Name": "id", "Type": "int"}
    with served(tmp_path, persist=persist) as running:
        s3, glue = running.client("s3"), running.client("glue")
        lake_formation = running.client("lakeformation")
        s3.create_bucket(Bucket="mine")
        s3.put_object(
            Bucket="mine", Key="a", Body=b"1", Metadata={"x": "y"}, ContentType="text/csv"
        )
        s3.put_object(Bucket="mine", Key="gone", Body=b"2")
        s3.delete_object(Bucket="mine", Key="gone")
        before = s3.head_object(Bucket="mine", Key="a")
        glue.create_database(DatabaseInput={"Name": "shop", "Description": "d"})
        table = {
            "Name": "orders",
            "StorageDescriptor": {"Columns": [column], "Location": "s3://mine/orders/"},
            "PartitionKeys": [{"Name": "day", "Type": "string"}],
        }
        glue.create_table(DatabaseName="shop", TableInput=table)
        glue.update_table(DatabaseName="shop", TableInput=table | {"Description": "second"})
        glue.create_table(DatabaseName="shop", TableInput=table | {"Name": "gone"})
        glue.delete_table(DatabaseName="shop", Name="gone")
        glue.batch_create_partition(
            DatabaseName="shop",
            TableName="orders",
            PartitionInputList=[{"Values": ["1"]}, {"Values": ["2"]}],
        )
        glue.delete_partition(DatabaseName="shop", TableName="orders", PartitionValues=["1"])
        running.client("athena").create_work_group(Name="team")
        running.client("athena").create_prepared_statement(
            StatementName="p", WorkGroup="team", QueryStatement="select 1"
        )
        lake_formation.create_lf_tag(TagKey="pii", TagValues=["yes"])
    with served(tmp_path, persist=persist) as running:
        s3, glue = running.client("s3"), running.client("glue")
        athena = running.client("athena")
        after = s3.head_object(Bucket="mine", Key="a")
        for part in ("ETag", "ContentType", "Metadata", "LastModified", "ContentLength"):
            assert after[part] == before[part]
        assert s3.get_object(Bucket="mine", Key="a")["Body"].read() == b"1"
        assert s3.list_objects_v2(Bucket="mine")["KeyCount"] == 1
        held = glue.get_tables(DatabaseName="shop")["TableList"]
        assert [(each["Name"], each["Description"]) for each in held] == [("orders", "second")]
        versions = glue.get_table_versions(DatabaseName="shop", TableName="orders")
        assert len(versions["TableVersions"]) == 2
        partitions = glue.get_partitions(DatabaseName="shop", TableName="orders")["Partitions"]
        assert [each["Values"] for each in partitions] == [["2"]]
        assert glue.get_database(Name="shop")["Database"]["Description"] == "d"
        assert athena.get_work_group(WorkGroup="team")["WorkGroup"]["State"] == "ENABLED"
        statement = athena.get_prepared_statement(StatementName="p", WorkGroup="team")
        assert statement["PreparedStatement"]["QueryStatement"] == "select 1"
        tags = running.client("lakeformation").list_lf_tags()["LFTags"]
        assert [tag["TagKey"] for tag in tags] == ["pii"]
        glue.delete_database(Name="shop")
    with served(tmp_path, persist=persist) as running:
        names = running.client("glue").get_databases()["DatabaseList"]
        assert [each["Name"] for each in names] == ["default"]
        assert running.service.journal.below("partition", "shop") == []


def test_versions_of_an_object_survive_a_restart(tmp_path):
    persist = tmp_path / "kept"
    with served(tmp_path, persist=persist) as running:
        s3 = running.client("s3")
        s3.put_bucket_versioning(Bucket="lake", VersioningConfiguration={"Status": "Enabled"})
        first = s3.put_object(Bucket="lake", Key="a", Body=b"1")["VersionId"]
        s3.put_object(Bucket="lake", Key="a", Body=b"2")
        s3.delete_object(Bucket="lake", Key="a")
    with served(tmp_path, persist=persist) as running:
        s3 = running.client("s3")
        assert s3.get_object(Bucket="lake", Key="a", VersionId=first)["Body"].read() == b"1"
        with pytest.raises(ClientError, match="NoSuchKey"):
            s3.get_object(Bucket="lake", Key="a")
        assert len(s3.list_object_versions(Bucket="lake")["Versions"]) == 2


def test_a_folder_is_listed_while_it_is_emptied(s3, service):
    backend = service.service.storage.backend
    stop = threading.Event()

    def churn():
        while not stop.is_set():
            for number in range(50):
                backend.put_object("lake", f"churn/{number}", b"")
            for number in range(50):
                backend.delete_object("lake", f"churn/{number}")

    writer = threading.Thread(target=churn)
    writer.start()
    try:
        for _ in range(20):
            assert s3.list_objects_v2(Bucket="lake", Prefix="churn/")["KeyCount"] <= 50
            s3.list_object_versions(Bucket="lake", Prefix="churn/")
    finally:
        stop.set()
        writer.join()
