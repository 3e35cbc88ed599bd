"""The service: one WSGI application on one loopback port for every AWS API that is used.

`python -m lake.athena.server SETTINGS` runs it until it is told to end; SETTINGS is a file with
the settings as JSON, or the JSON itself.
"""

import io
import json
import logging
import re
import signal
import sys
import threading
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import BaseWSGIServer, make_server

from lake.athena import router
from lake.athena.api.catalogs import Catalogs
from lake.athena.api.errors import ApiError
from lake.athena.api.execution import OVER_CUTOFF, Execution
from lake.athena.api.executions import Executions
from lake.athena.api.history import History
from lake.athena.api.named import NamedQueries, PreparedStatements
from lake.athena.api.operations import Operations
from lake.athena.api.workgroups import WorkGroups
from lake.athena.engine import encoding
from lake.athena.engine.client import EngineResult, Statistics, Trino
from lake.athena.errors import AthenaFailure
from lake.athena.glue.catalog import Catalog
from lake.athena.glue.lake_formation import LakeFormation
from lake.athena.glue.service import Glue
from lake.athena.journal import Journal
from lake.athena.outcome import Outcome
from lake.athena.settings import ENGINE_KEY, Settings
from lake.athena.storage import OBJECTS, Storage

Environment = dict[str, Any]
Start = Callable[..., Any]

JSON = "application/x-amz-json-1.1"
READS = ("GET", "HEAD", "OPTIONS")
BY_ENGINE = f"Credential={ENGINE_KEY}/"
REGION = re.compile(r"(Credential=[^/]+/\d+/)[^/]+/")
log = logging.getLogger(__name__)


class Service:
    """Everything behind the port, put together from the settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.journal = Journal(settings.persist)
        folder = settings.spill if settings.persist is None else settings.persist / OBJECTS
        self.storage = Storage(folder, self.journal, settings.region)
        self.glue = Glue(settings.region, self.journal)
        self.lake_formation = LakeFormation(settings.region, self.journal)
        self.catalog = Catalog(self.glue)
        self.trino = Trino(settings.trino_url)
        for bucket in settings.buckets:
            self.storage.ensure_bucket(bucket)
        if not self.catalog.has_database("default"):
            self.catalog.create_database("default")
        groups = WorkGroups(self.journal, f"s3://{settings.buckets[-1]}/")
        self.prepared = PreparedStatements(self.journal, groups)
        history = History(
            self.storage,
            keep_queries=settings.keep_queries,
            keep_hours=settings.keep_hours,
            keep_rows=settings.keep_rows,
        )
        self.executions = Executions(
            self.run,
            self.check,
            groups,
            history,
            workers=settings.workers,
        )
        self.athena = Operations(
            self.executions,
            groups,
            Catalogs(self.catalog),
            NamedQueries(self.journal, groups),
            self.prepared,
        )
        self.moto = DomainDispatcherApplication(create_backend_app)

    # Statements ---------------------------------------------------------------------------------

    def run(self, execution: Execution) -> Outcome:
        """Execute a statement with the engine bound to its cut-off, its stop, its statistics."""
        return router.execute(execution.query, self.context(execution, self.engine_for(execution)))

    def check(self, execution: Execution) -> None:
        """Raise what is wrong with a statement before any table is looked at."""
        router.check(execution.query, self.context(execution, self.trino.run))

    def context(self, execution: Execution, engine: Callable[..., Any]) -> router.Context:
        """What a statement runs with."""
        return router.Context(
            database=execution.database,
            output_location=execution.prefix,
            query_id=execution.id,
            catalog=self.catalog,
            engine=engine,
            storage=self.storage,
            encoding=encoding,
            prepared=self.prepared.of_group(execution.group.name),
            parameters=execution.parameters,
            location_enforced=execution.group.decides_location,
        )

    def engine_for(self, execution: Execution) -> Callable[..., EngineResult]:
        """The engine for one execution, which may run several statements on it."""

        def run(sql: str, **options: Any) -> EngineResult:
            before, cutoff = execution.statistics, execution.group.cutoff

            def on_page(figures: Statistics, more: bool) -> None:
                execution.statistics = before + figures
                if more and cutoff is not None and execution.statistics.scanned_bytes > cutoff:
                    raise AthenaFailure(
                        OVER_CUTOFF, "Query cancelled! : Bytes scanned limit was exceeded"
                    )

            return self.trino.run(sql, cancelled=execution.cancelled, on_page=on_page, **options)

        return run

    # Requests -----------------------------------------------------------------------------------

    def __call__(self, environ: Environment, start: Start) -> Iterable[bytes]:
        """Answer one request, as WSGI has it."""
        service, _, operation = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")
        if service == "AmazonAthena":
            return reply(start, *self.answer_athena(operation, body_of(environ)))
        if service == "AWSGlue":
            return reply(start, *self.answer_glue(environ, operation, body_of(environ)))
        if environ.get("PATH_INFO") == "/_athena/status":
            return reply(start, 200, json.dumps(self.status()).encode(), "application/json")
        if environ.get("PATH_INFO", "").startswith("/moto-api"):
            refusal = {"Message": "The switches of the emulation are not part of the local Athena."}
            return reply(start, 403, json.dumps(refusal).encode(), "application/json")
        return self.answer_moto(self.in_region(environ), start)

    def in_region(self, environ: Environment) -> Environment:
        """The request as if it were signed for the one region; moto has a world for each."""
        signature = environ.get("HTTP_AUTHORIZATION")
        if signature is None:
            return environ
        ours = REGION.sub(rf"\g<1>{self.settings.region}/", signature)
        return environ | {"HTTP_AUTHORIZATION": ours}

    def answer_athena(self, operation: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of a call of the Athena API."""
        try:
            answer = self.athena.answer(operation, json.loads(body or b"{}"))
        except ApiError as error:
            return 400, json.dumps(error.body()).encode()
        except Exception as error:
            log.exception("AmazonAthena.%s", operation)
            problem = {"__type": "InternalServerException", "Message": str(error)}
            return 500, json.dumps(problem).encode()
        return 200, json.dumps(answer, default=str).encode()

    def answer_glue(self, environ: Environment, operation: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of a call of the Glue API."""
        from_engine = BY_ENGINE in environ.get("HTTP_AUTHORIZATION", "")

        def forward(request: dict[str, Any]) -> tuple[int, bytes]:
            return self.ask_moto(self.in_region(environ), json.dumps(request).encode())

        return self.glue.answer(operation, json.loads(body or b"{}"), from_engine, forward)

    def ask_moto(self, environ: Environment, body: bytes) -> tuple[int, bytes]:
        """Status and body of moto's answer to a request with this body."""
        statuses: list[str] = []

        def start(status: str, headers: Any, problem: Any = None) -> None:
            statuses.append(status)

        asked = environ | {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        answer = b"".join(self.moto(asked, start))
        return int(statuses[-1].split()[0]), answer

    def answer_moto(self, environ: Environment, start: Start) -> Iterable[bytes]:
        """moto's answer, given only when what the request changed is kept."""
        statuses: list[str] = []

        def noted(status: str, headers: Any, problem: Any = None) -> Any:
            statuses.append(status)
            return start(status, headers, problem)

        answer: Iterable[bytes] = self.moto(environ, noted)
        if environ["REQUEST_METHOD"] not in READS:
            self.storage.flush()
            if "/lakeformation/" in environ.get("HTTP_AUTHORIZATION", ""):
                self.lake_formation.save(environ["PATH_INFO"])
        return answer

    def status(self) -> dict[str, Any]:
        """What the service is doing; `ready` speaks of the service alone, not of the engine."""
        return {
            "ready": True,
            "queries": self.executions.status(),
            "conflicts": self.glue.conflicts,
            "persist": None if self.settings.persist is None else str(self.settings.persist),
        }

    def close(self) -> None:
        """End what runs and close what is kept."""
        self.executions.close()
        self.storage.folder.sweep(0)
        self.journal.close()


def body_of(environ: Environment) -> bytes:
    """The whole body of a request."""
    size = int(environ.get("CONTENT_LENGTH") or 0)
    body: bytes = environ["wsgi.input"].read(size) if size else b""
    return body


def reply(start: Start, status: int, body: bytes, kind: str = JSON) -> list[bytes]:
    """An answer of our own."""
    names = {200: "OK", 400: "Bad Request", 403: "Forbidden", 500: "Internal Server Error"}
    headers = [
        ("Content-Type", kind),
        ("Content-Length", str(len(body))),
        ("x-amzn-RequestId", str(uuid.uuid4())),
    ]
    start(f"{status} {names.get(status, 'Error')}", headers)
    return [body]


class Handler(MotoRequestHandler):
    """Keeps connections open and the log empty."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Every statement makes dozens of requests; none is worth a line."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """See `log`."""


def listen(service: Service) -> BaseWSGIServer:
    """A server of the service on its port of the loopback address; port 0 takes a free one."""
    return make_server(
        "127.0.0.1", service.settings.port, service, threaded=True, request_handler=Handler
    )


def serve(settings: Settings) -> None:
    """Run the service until SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("lake").setLevel(logging.INFO)
    service = Service(settings)
    server = listen(service)

    def stop(*_: Any) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"local Athena on {settings.url}", flush=True)
    try:
        server.serve_forever()
    finally:
        service.close()


def main(argument: str) -> None:
    """Run the service with settings from a file, or as JSON."""
    text = argument if argument.lstrip().startswith("{") else Path(argument).read_text()
    serve(Settings.from_json(text))


if __name__ == "__main__":
    main(sys.argv[1])
