"""One query execution: what was asked, how far it is, what came out."""

import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from lake.athena.api.workgroups import ENGINE, WorkGroup
from lake.athena.engine.client import Statistics
from lake.athena.errors import AthenaFailure
from lake.athena.outcome import Outcome

CANCELED = "USER_CANCELED"
OVER_CUTOFF = "BYTES_SCANNED_LIMIT"
ERROR_TYPES = {"SYNTAX_ERROR": 1000, "ICEBERG_COMMIT_ERROR": 233}
USER_ERROR, SYSTEM_ERROR = 1006, 401
QUEUED, RUNNING, SUCCEEDED = "QUEUED", "RUNNING", "SUCCEEDED"
FAILED, CANCELLED = "FAILED", "CANCELLED"


@dataclass
class Execution:
    """A statement on its way through Athena; times in seconds since 1970."""

    query: str
    group: WorkGroup
    prefix: str
    context: dict[str, Any] = field(default_factory=dict)
    parameters: list[str] = field(default_factory=list)
    reuse: dict[str, Any] = field(default_factory=dict)
    configuration: dict[str, Any] = field(default_factory=dict)
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: str = QUEUED
    reason: str | None = None
    error: dict[str, Any] | None = None
    submitted: float = field(default_factory=time.time)
    started: float | None = None
    completed: float | None = None
    statistics: Statistics = field(default_factory=Statistics)
    outcome: Outcome | None = None
    rows_dropped: bool = False
    location: str | None = None
    manifest: str | None = None
    reused: bool = False
    done: threading.Event = field(default_factory=threading.Event)
    cancelled: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def database(self) -> str:
        """The database of names without one; some clients write it in backticks."""
        return str(self.context.get("Database") or "default").strip("`").lower()

    @property
    def question(self) -> tuple[Any, ...]:
        """What two executions must have in common so that one result serves both."""
        return (self.query.strip(), self.database, tuple(self.parameters), self.group.name)

    def start(self) -> bool:
        """Let the statement begin to run, unless it was stopped before."""
        with self.lock:
            if self.cancelled.is_set():
                return False
            self.state, self.started = RUNNING, time.time()
            return True

    def stop(self) -> None:
        """Ask for the end; one that has not begun ends at once, one that has ended stays so."""
        with self.lock:
            self.cancelled.set()
            if self.started is None and not self.done.is_set():
                self.cancel()

    def succeed(self, outcome: Outcome, location: str, manifest: str | None) -> None:
        """The statement came to its end, its result is at `location`."""
        self.outcome, self.location, self.manifest = outcome, location, manifest
        self.end(SUCCEEDED)

    def fail(self, failure: AthenaFailure) -> None:
        """The statement failed or was cancelled."""
        if failure.name == CANCELED:
            self.cancel()
            return
        if failure.name == OVER_CUTOFF:
            self.reason = failure.message
            self.end(CANCELLED)
            return
        self.reason = failure.reason
        by_blame = USER_ERROR if failure.category == 2 else SYSTEM_ERROR
        kind = ERROR_TYPES.get(failure.name, by_blame)
        if "ICEBERG_COMMIT_ERROR" in self.reason:
            kind = ERROR_TYPES["ICEBERG_COMMIT_ERROR"]
        self.error = {
            "ErrorCategory": failure.category,
            "ErrorType": kind,
            "Retryable": kind == ERROR_TYPES["ICEBERG_COMMIT_ERROR"],
            "ErrorMessage": self.reason,
        }
        self.end(FAILED)

    def cancel(self) -> None:
        """The statement was stopped by its user."""
        self.end(CANCELLED)

    def end(self, state: str) -> None:
        """The last state; whoever waits for it goes on."""
        self.completed = time.time()
        self.state = state
        self.done.set()

    def shown(self) -> dict[str, Any]:
        """The execution as GetQueryExecution shows it."""
        answer = {
            "QueryExecutionId": self.id,
            "Query": self.query,
            "WorkGroup": self.group.name,
            "QueryExecutionContext": self.context,
            "ResultConfiguration": self.configuration
            | {"OutputLocation": self.location or self.prefix + self.id},
            "Status": self.status(),
            "Statistics": self.figures(),
            "EngineVersion": dict(ENGINE),
            "StatementType": "DML" if self.outcome is None else self.outcome.statement_type,
        }
        if self.outcome is not None and self.outcome.substatement_type:
            answer["SubstatementType"] = self.outcome.substatement_type
        if self.parameters:
            answer["ExecutionParameters"] = self.parameters
        if self.reuse:
            answer["ResultReuseConfiguration"] = self.reuse
        return answer

    def status(self) -> dict[str, Any]:
        """State, times, and what went wrong."""
        status: dict[str, Any] = {"State": self.state, "SubmissionDateTime": self.submitted}
        if self.completed is not None:
            status["CompletionDateTime"] = self.completed
        if self.reason is not None:
            status["StateChangeReason"] = self.reason
        if self.error is not None:
            status["AthenaError"] = self.error
        return status

    def figures(self) -> dict[str, Any]:
        """The statistics: bytes, and milliseconds of each stage."""
        figures: dict[str, Any] = {
            "DataScannedInBytes": self.statistics.scanned_bytes,
            "ResultReuseInformation": {"ReusedPreviousResult": self.reused},
            **self.timeline(),
        }
        if self.manifest is not None:
            figures["DataManifestLocation"] = self.manifest
        return figures

    def timeline(self) -> dict[str, int]:
        """Milliseconds of each stage up to the end, or up to now."""
        end = self.completed or time.time()
        begin = self.started or end
        engine = self.statistics.elapsed_ms or milliseconds(end - begin)
        total = milliseconds(end - self.submitted)
        waited = milliseconds(begin - self.submitted)
        return {
            "QueryQueueTimeInMillis": waited + self.statistics.queued_ms,
            "ServicePreProcessingTimeInMillis": 0,
            "QueryPlanningTimeInMillis": self.statistics.planning_ms,
            "EngineExecutionTimeInMillis": engine,
            "ServiceProcessingTimeInMillis": max(total - waited - engine, 0),
            "TotalExecutionTimeInMillis": total,
        }


def milliseconds(seconds: float) -> int:
    """Seconds as whole milliseconds."""
    return int(seconds * 1000)
