"""Runs one statement on Trino over its REST protocol and gathers what it answers."""

import http.client
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from lake.athena.errors import AthenaFailure

CATALOG = "awsdatacatalog"
CATEGORIES = {"USER_ERROR": 2, "INSUFFICIENT_RESOURCES": 2, "INTERNAL_ERROR": 1, "EXTERNAL": 1}
NO_ANSWER_SECONDS = 600
BUSY = (502, 503, 504)
# Athena writes at most 100 partitions in a statement; the engine counts them for each writer.
ONE_WRITER = "task_max_writer_count=1"


@dataclass(frozen=True)
class Statistics:
    """What a statement cost so far: bytes, rows and milliseconds."""

    scanned_bytes: int = 0
    scanned_rows: int = 0
    written_bytes: int = 0
    queued_ms: int = 0
    planning_ms: int = 0
    elapsed_ms: int = 0

    def __add__(self, other: "Statistics") -> "Statistics":
        return Statistics(*(a + b for a, b in zip(self.parts(), other.parts(), strict=True)))

    def parts(self) -> tuple[int, ...]:
        """The figures in the order of their declaration."""
        return tuple(vars(self).values())


@dataclass
class EngineResult:
    """What Trino answered: its own columns and values, floats kept as the text it wrote."""

    columns: list[dict[str, Any]] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    update_count: int | None = None
    statistics: Statistics = field(default_factory=Statistics)


def statistics(page: Mapping[str, Any]) -> Statistics:
    """The figures of a page's `stats`; processed bytes where no physical read was counted."""
    stats = page.get("stats") or {}
    return Statistics(
        scanned_bytes=int(stats.get("physicalInputBytes") or stats.get("processedBytes") or 0),
        scanned_rows=int(stats.get("processedRows") or 0),
        written_bytes=int(stats.get("physicalWrittenBytes") or 0),
        queued_ms=int(stats.get("queuedTimeMillis") or 0),
        planning_ms=int(stats.get("planningTimeMillis") or 0),
        elapsed_ms=int(stats.get("elapsedTimeMillis") or 0),
    )


def failure(error: Mapping[str, Any]) -> AthenaFailure:
    """Trino's error object as a failure of the statement."""
    return AthenaFailure(
        str(error.get("errorName") or "GENERIC_INTERNAL_ERROR"),
        str(error.get("message") or ""),
        CATEGORIES.get(str(error.get("errorType")), 3),
    )


def request_headers(
    catalog: str, schema: str | None, session: Mapping[str, str] | None
) -> dict[str, str]:
    """The headers of a statement.

    Without PARAMETRIC_DATETIME the types of timestamps come without their precision.
    """
    headers = {
        "X-Trino-User": "athena",
        "X-Trino-Source": "lake-athena",
        "X-Trino-Catalog": catalog,
        "X-Trino-Time-Zone": "UTC",
        "X-Trino-Client-Capabilities": "PARAMETRIC_DATETIME",
        "Content-Type": "text/plain; charset=utf-8",
    }
    if schema:
        headers["X-Trino-Schema"] = schema
    properties = (f"{name}={quote(value, safe='')}" for name, value in (session or {}).items())
    headers["X-Trino-Session"] = ",".join([ONE_WRITER, *properties])
    return headers


class Trino:
    """A client of one Trino server; every thread keeps its own connection open."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host = parts.hostname or "127.0.0.1"
        self.port = parts.port or 8080
        self.local = threading.local()

    def run(
        self,
        sql: str,
        *,
        catalog: str = CATALOG,
        schema: str | None = None,
        session: Mapping[str, str] | None = None,
        cancelled: threading.Event | None = None,
        on_page: Callable[[Statistics, bool], None] | None = None,
    ) -> EngineResult:
        """Run `sql` to its end; AthenaFailure when it fails.

        `on_page` sees the statistics of each page and whether more pages follow; what it raises
        ends the statement on the engine, as does `cancelled`.
        """
        headers = request_headers(catalog, schema, session)
        result = EngineResult()
        page = self.page("POST", "/v1/statement", sql.encode(), headers)
        while True:
            gather(result, page)
            path = path_of(page.get("nextUri"))
            try:
                if page.get("error"):
                    raise failure(page["error"])
                if on_page is not None:
                    on_page(result.statistics, path is not None)
                if cancelled is not None and cancelled.is_set() and path is not None:
                    raise AthenaFailure("USER_CANCELED", "Query was canceled")
            except AthenaFailure:
                if path is not None:
                    self.exchange("DELETE", path, None, headers)
                raise
            if path is None:
                return result
            page = self.page("GET", path, None, headers)

    def page(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> dict[str, Any]:
        """One page of the answer as Trino wrote it, floats as text."""
        status, answer = self.exchange(method, path, body, headers)
        while status in BUSY:
            threading.Event().wait(0.1)
            status, answer = self.exchange(method, path, body, headers)
        if status != 200:
            raise AthenaFailure(
                "GENERIC_INTERNAL_ERROR",
                f"the engine answered {status}: {answer.decode(errors='replace')[:500]}",
                1,
            )
        decoded: dict[str, Any] = json.loads(answer, parse_float=str)
        return decoded

    def exchange(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        """Status and body of one request.

        A request over a kept connection that was closed meanwhile is sent again over a new one; a
        statement always has a new one, because sent twice it could write twice.
        """
        kept = None if method == "POST" else getattr(self.local, "connection", None)
        try:
            return self.send(kept or self.connect(), method, path, body, headers)
        except (http.client.HTTPException, OSError) as error:
            problem = error
        if kept is not None:
            try:
                return self.send(self.connect(), method, path, body, headers)
            except (http.client.HTTPException, OSError) as error:
                problem = error
        raise AthenaFailure(
            "GENERIC_INTERNAL_ERROR",
            f"no engine answers on port {self.port} ({type(problem).__name__}: {problem})",
            1,
        )

    def send(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: bytes | None,
        headers: dict[str, str],
    ) -> tuple[int, bytes]:
        """Status and body of one request over this connection, kept for the thread's next one."""
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (http.client.HTTPException, OSError):
            connection.close()
            self.local.connection = None
            raise
        self.local.connection = connection
        return answer.status, content

    def connect(self) -> http.client.HTTPConnection:
        """A connection of its own for the calling thread."""
        return http.client.HTTPConnection(self.host, self.port, timeout=NO_ANSWER_SECONDS)


def path_of(uri: str | None) -> str | None:
    """Path and query of a page's next address; None on the last page."""
    if uri is None:
        return None
    parts = urlsplit(uri)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def gather(result: EngineResult, page: Mapping[str, Any]) -> None:
    """Add one page to the result."""
    if page.get("columns") is not None:
        result.columns = page["columns"]
    result.rows.extend(page.get("data") or [])
    if page.get("updateCount") is not None:
        result.update_count = page["updateCount"]
    result.statistics = statistics(page)
