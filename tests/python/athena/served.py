"""A service of the local Athena in the test's process, without an engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import boto3
from botocore.config import Config

from lake.athena.server import Service, listen
from lake.athena.settings import Settings

NO_ENGINE = 9


@contextmanager
def served(folder, **options) -> Iterator["Served"]:
    """Run a service below `folder` on a free port."""
    service = Service(Settings(port=0, trino_port=NO_ENGINE, home=folder / "home", **options))
    server = listen(service)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Served(service, server.port)
    finally:
        server.shutdown()
        server.server_close()
        service.close()


class Served:
    """A running service and clients of it."""

    def __init__(self, service, port):
        self.service = service
        self.url = f"http://127.0.0.1:{port}"

    def client(self, name, key="test", region="us-east-1"):
        """A boto3 client; the engine has the key `trino`."""
        return boto3.client(
            name,
            endpoint_url=self.url,
            region_name=region,
            aws_access_key_id=key,
            aws_secret_access_key="test",
            config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    def run(self, sql, **request):
        """The execution of a statement after its end."""
        athena = self.client("athena")
        name = athena.start_query_execution(QueryString=sql, **request)["QueryExecutionId"]
        return athena.get_query_execution(QueryExecutionId=name)["QueryExecution"]

    def rows(self, sql, **request):
        """The rows of a statement that must succeed."""
        execution = self.run(sql, **request)
        assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
        answer = self.client("athena").get_query_results(
            QueryExecutionId=execution["QueryExecutionId"]
        )
        return [
            [datum.get("VarCharValue") for datum in row["Data"]]
            for row in answer["ResultSet"]["Rows"]
        ]
