"""Statements on the local Athena of this run, as a client without the adapter sends them."""

import uuid
from functools import cached_property

import boto3
import pytest

RESULTS = "s3://athena-results/live/"
BUCKET = "lake"


class Failed(Exception):
    """A statement that did not succeed."""


class Live:
    """Clients of a local Athena, and a database of this run's own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.database = "live_" + uuid.uuid4().hex[:8]

    def client(self, name):
        """A boto3 client."""
        return boto3.client(
            name,
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    @cached_property
    def athena(self):
        return self.client("athena")

    @cached_property
    def glue(self):
        return self.client("glue")

    @cached_property
    def s3(self):
        return self.client("s3")

    def location(self, name):
        """A folder of the lake for this run."""
        return f"s3://{BUCKET}/{self.database}/{name}"

    def start(self, sql, **request):
        """The id of a started statement."""
        defaults = {
            "QueryExecutionContext": {"Catalog": "awsdatacatalog", "Database": self.database},
            "ResultConfiguration": {"OutputLocation": RESULTS},
        }
        started = self.athena.start_query_execution(QueryString=sql, **(defaults | request))
        return started["QueryExecutionId"]

    def ended(self, name):
        """The execution after its end."""
        while True:
            execution = self.athena.get_query_execution(QueryExecutionId=name)["QueryExecution"]
            if execution["Status"]["State"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
                return execution

    def done(self, sql, **request):
        """The execution of a statement that must succeed."""
        execution = self.ended(self.start(sql, **request))
        if execution["Status"]["State"] != "SUCCEEDED":
            raise Failed(execution["Status"].get("StateChangeReason"))
        return execution

    def results(self, sql, **request):
        """The first page of a statement's results."""
        execution = self.done(sql, **request)
        return self.athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"])

    def rows(self, sql, **request):
        """The rows of a query, without the header."""
        page = self.results(sql, **request)["ResultSet"]
        texts = [[datum.get("VarCharValue") for datum in row["Data"]] for row in page["Rows"]]
        names = [column["Name"] for column in page["ResultSetMetadata"]["ColumnInfo"]]
        return texts[1:] if texts[:1] == [names] else texts

    def put(self, name, body):
        """Write an object below this run's folder."""
        data = body if isinstance(body, bytes) else body.encode()
        self.s3.put_object(Bucket=BUCKET, Key=f"{self.database}/{name}", Body=data)

    def keys(self, name):
        """The objects below this run's folder."""
        listed = self.s3.list_objects_v2(Bucket=BUCKET, Prefix=f"{self.database}/{name}")
        return [each["Key"] for each in listed.get("Contents", [])]

    def table(self, name):
        """A table as Glue has it."""
        return self.glue.get_table(DatabaseName=self.database, Name=name)["Table"]

    def columns(self, name):
        """Names and types of a table's columns in Glue."""
        columns = self.table(name)["StorageDescriptor"]["Columns"]
        return {column["Name"]: column["Type"] for column in columns}


@pytest.fixture(scope="module")
def live(local_athena):
    """A database on the local Athena of this run."""
    running = Live(local_athena.settings.url)
    running.done(f"create schema `{running.database}`")
    yield running
    running.done(f"drop schema `{running.database}` cascade")
