"""What the verbs of `lake athena` send to a running local Athena, with boto3."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lake.athena.settings import Settings
from lake.errors import UserError

if TYPE_CHECKING:
    from mypy_boto3_athena import AthenaClient
    from mypy_boto3_athena.type_defs import QueryExecutionTypeDef
    from mypy_boto3_glue import GlueClient

RUNNING = ("QUEUED", "RUNNING")
WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE", "CREATE_TABLE_AS_SELECT")
CREDENTIALS = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}


@dataclass(frozen=True)
class Answer:
    """What a statement gave: its columns, its rows as text, bytes read and seconds."""

    columns: list[str]
    types: list[str]
    rows: list[list[str | None]]
    is_complete: bool
    scanned_bytes: int
    seconds: float
    update_count: int
    statement: str

    @property
    def is_write(self) -> bool:
        """Whether it wrote rows: INSERT, UPDATE, DELETE, MERGE, CREATE TABLE AS SELECT."""
        return self.statement in WRITES


def session(settings: Settings) -> dict[str, Any]:
    """Return the arguments that point any boto3 client at this local Athena."""
    from botocore.config import Config  # noqa: PLC0415  slow to import, and not always needed

    config = Config(proxies={}, retries={"max_attempts": 1}, read_timeout=120)
    return {
        "endpoint_url": settings.url,
        "region_name": settings.region,
        "config": config,
        **CREDENTIALS,
    }


def athena(settings: Settings) -> "AthenaClient":
    """Return a client of the Athena API."""
    import boto3  # noqa: PLC0415  slow to import, and not always needed

    return boto3.client("athena", **session(settings))


def glue(settings: Settings) -> "GlueClient":
    """Return a client of the Glue API."""
    import boto3  # noqa: PLC0415  slow to import, and not always needed

    return boto3.client("glue", **session(settings))


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables that point an unchanged client at this local Athena."""
    return {
        "AWS_ENDPOINT_URL": settings.url,
        "AWS_ACCESS_KEY_ID": CREDENTIALS["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": CREDENTIALS["aws_secret_access_key"],
        "AWS_REGION": settings.region,
        "AWS_DEFAULT_REGION": settings.region,
    }


def run(
    settings: Settings, sql: str, database: str = "default", limit: int | None = None
) -> Answer:
    """Run a statement to its end; `limit` bounds the rows that are fetched.

    Raises:
        UserError: nothing answers, or the statement failed.
    """
    with plain_errors(settings):
        client = athena(settings)
        started = client.start_query_execution(
            QueryString=sql,
            QueryExecutionContext={"Database": database},
            ResultConfiguration={"OutputLocation": f"s3://{settings.buckets[-1]}/lake-athena/"},
        )
        execution = _finished(client, started["QueryExecutionId"])
        status = execution["Status"]
        if status["State"] != "SUCCEEDED":
            reason = status.get("StateChangeReason", "no reason given")
            raise UserError(f"the statement {status['State'].lower()}: {' '.join(reason.split())}")
        return _answer(client, execution, limit)


def _finished(client: "AthenaClient", identity: str) -> "QueryExecutionTypeDef":
    """Return a statement at its end; stop it when the user interrupts."""
    try:
        while True:
            execution = client.get_query_execution(QueryExecutionId=identity)["QueryExecution"]
            if execution["Status"]["State"] not in RUNNING:
                return execution
            time.sleep(0.1)
    except KeyboardInterrupt:
        client.stop_query_execution(QueryExecutionId=identity)
        raise


def _answer(
    client: "AthenaClient", execution: "QueryExecutionTypeDef", limit: int | None
) -> Answer:
    statistics = execution.get("Statistics", {})
    columns: list[str] = []
    types: list[str] = []
    rows: list[list[str | None]] = []
    update_count = 0
    is_complete = True
    has_header = execution.get("StatementType") == "DML"
    pages = client.get_paginator("get_query_results").paginate(
        QueryExecutionId=execution["QueryExecutionId"]
    )
    for page in pages:
        update_count = page.get("UpdateCount") or 0
        described = page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
        columns = [column["Name"] for column in described]
        types = [column["Type"] for column in described]
        rows += [
            [datum.get("VarCharValue") for datum in row["Data"]]
            for row in page["ResultSet"]["Rows"]
        ]
        if limit is not None and len(rows) > limit + has_header:
            is_complete = False
            break
    if has_header and rows and rows[0] == columns:
        rows = rows[1:]
    return Answer(
        columns=columns,
        types=types,
        rows=rows if limit is None else rows[:limit],
        is_complete=is_complete,
        scanned_bytes=statistics.get("DataScannedInBytes", 0),
        seconds=statistics.get("TotalExecutionTimeInMillis", 0) / 1000,
        update_count=update_count,
        statement=execution.get("SubstatementType", ""),
    )


@contextmanager
def plain_errors(settings: Settings) -> Iterator[None]:
    """Turn what boto3 raises into one line."""
    from botocore.exceptions import (  # noqa: PLC0415  slow to import, and not always needed
        BotoCoreError,
        ClientError,
    )

    try:
        yield
    except ClientError as error:
        message = error.response.get("Error", {}).get("Message") or str(error)
        raise UserError(f"refused: {' '.join(message.split())}") from error
    except BotoCoreError as error:
        raise UserError(
            f"nothing answers at {settings.url} ({error}); see `lake athena status`"
        ) from error
