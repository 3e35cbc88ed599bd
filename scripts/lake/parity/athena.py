"""Athena as a client sees it: statements run, small answers read, relations unloaded to Parquet."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from lake.errors import UserError
from lake.storage import Place, client, fetch, parse_place, remove, stored_objects

_LONGEST_WAIT = 1.0


class Athena:
    """Runs statements with the settings of a dbt target.

    An instance may be used by several threads.
    """

    def __init__(self, target: dict[str, Any]) -> None:
        self._catalog = str(target["database"])
        self._work_group = str(target["work_group"])
        self._results = str(target["s3_staging_dir"])
        self._client = client("athena")
        self._s3 = client("s3")

    def rows(self, sql: str) -> list[list[str | None]]:
        """Return the rows of a query, every value as text.

        Raises:
            UserError: the query failed.
        """
        execution = self._run(sql)
        pages = self._client.get_paginator("get_query_results").paginate(QueryExecutionId=execution)
        rows = [row["Data"] for page in pages for row in page["ResultSet"]["Rows"]]
        return [[datum.get("VarCharValue") for datum in row] for row in rows[1:]]

    @contextmanager
    def unloaded(self, query: str, folder: Path) -> Iterator[list[Path]]:
        """Give the Parquet files that a query is unloaded to, downloaded into `folder`.

        The objects in S3 go at once, the files with the block. No row, no file.

        Raises:
            UserError: the query failed.
        """
        below = parse_place(self._results)
        place = Place(below.bucket, below.key(f"parity/{uuid4().hex}"))
        self._run(
            f"unload ({query}) to '{place}/' with (format = 'PARQUET', compression = 'SNAPPY')"
        )
        files = fetch(self._s3, place, folder)
        remove(self._s3, place, list(stored_objects(self._s3, place)))
        try:
            yield files
        finally:
            for file in files:
                file.unlink(missing_ok=True)

    def _run(self, sql: str) -> str:
        """Run a statement to its end, and return its execution id."""
        execution: str = self._client.start_query_execution(
            QueryString=sql,
            QueryExecutionContext={"Catalog": self._catalog},
            ResultConfiguration={"OutputLocation": self._results},
            WorkGroup=self._work_group,
        )["QueryExecutionId"]
        wait = 0.05
        while True:
            found = self._client.get_query_execution(QueryExecutionId=execution)
            status = found["QueryExecution"]["Status"]
            if status["State"] == "SUCCEEDED":
                return execution
            if status["State"] in ("FAILED", "CANCELLED"):
                raise UserError(f"Athena: {status.get('StateChangeReason', status['State'])}")
            time.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)
