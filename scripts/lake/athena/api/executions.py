"""Query executions: start, follow, stop, read the results."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lake.athena.api.catalogs import is_ours
from lake.athena.api.errors import ApiError
from lake.athena.api.execution import CANCELLED, SUCCEEDED, Execution
from lake.athena.api.history import History
from lake.athena.api.paging import page, size_of, start_of
from lake.athena.api.results import (
    metadata_file,
    result_file,
    results_page,
)
from lake.athena.api.workgroups import WorkGroup, WorkGroups
from lake.athena.errors import AthenaFailure
from lake.athena.outcome import Outcome

LONGEST_QUERY = 262_144
LONGEST_PAGE = 1000
SHOWN_QUERY = 200
LONG_WAIT_SECONDS = 20.0
MANIFESTS = {"CREATE_TABLE_AS_SELECT": "tables/", "UNLOAD": ""}

Run = Callable[[Execution], Outcome]
Check = Callable[[Execution], None]
log = logging.getLogger(__name__)


class Executions:
    """The operations on query executions.

    `run` executes a statement to its Outcome, `check` raises AthenaFailure for what fails already
    at the start; `workers` statements run at a time, others wait in the queue.
    """

    def __init__(
        self,
        run: Run,
        check: Check,
        groups: WorkGroups,
        history: History,
        *,
        workers: int = 24,
    ) -> None:
        self.run = run
        self.check = check
        self.groups = groups
        self.history = history
        self.storage = history.storage
        self.pool = ThreadPoolExecutor(workers, thread_name_prefix="query")

    # Start --------------------------------------------------------------------------------------

    def start(self, request: dict[str, Any]) -> dict[str, Any]:
        """StartQueryExecution."""
        execution, token = self.accepted(request), request.get("ClientRequestToken")
        held = self.history.of_token(token, execution)
        if held is None:
            self.refuse_malformed(execution)
            held = self.history.add(execution, token)
            if held is execution:
                self.pool.submit(self.work, execution)
        return {"QueryExecutionId": held.id}

    def accepted(self, request: dict[str, Any]) -> Execution:
        """The execution that a request asks for; ApiError where it is refused."""
        query = request["QueryString"]
        if not query.strip():
            raise ApiError("Query string is empty")
        if len(query.encode()) > LONGEST_QUERY:
            raise ApiError(
                "1 validation error detected: Value at 'queryString' failed to satisfy constraint:"
                f" Member must have length less than or equal to {LONGEST_QUERY}"
            )
        group = self.groups.get(request.get("WorkGroup"))
        if group.state != "ENABLED":
            raise ApiError(f"WorkGroup {group.name} is disabled.")
        given = request.get("ResultConfiguration") or {}
        return Execution(
            query=query,
            group=group,
            prefix=output_prefix(group, given),
            context=request.get("QueryExecutionContext") or {},
            parameters=request.get("ExecutionParameters") or [],
            reuse=request.get("ResultReuseConfiguration") or {},
            configuration={key: given[key] for key in given if key != "OutputLocation"},
        )

    def refuse_malformed(self, execution: Execution) -> None:
        """Refuse a statement that no parser takes."""
        try:
            self.check(execution)
        except AthenaFailure as failure:
            raise ApiError(failure.message, athena_code="MALFORMED_QUERY") from failure

    def work(self, execution: Execution) -> None:
        """Run one execution to its end; whatever happens, it ends."""
        if not execution.start():
            return
        try:
            earlier = self.history.reusable(execution)
            if earlier is None:
                self.finish(execution, self.executed(execution))
            else:
                execution.reused = True
                self.finish(execution, earlier)
        except AthenaFailure as failure:
            execution.fail(failure)
        except Exception as error:
            log.exception("execution %s", execution.id)
            execution.fail(
                AthenaFailure("GENERIC_INTERNAL_ERROR", f"{type(error).__name__}: {error}", 1)
            )
        self.note(execution)

    def note(self, execution: Execution) -> None:
        """Write one line about an execution that has ended."""
        shown = " ".join(execution.query.split())[:SHOWN_QUERY]
        log.info(
            "%s %s %d ms, %d bytes scanned: %s%s",
            execution.id,
            execution.state,
            execution.timeline()["TotalExecutionTimeInMillis"],
            execution.statistics.scanned_bytes,
            shown,
            f" -- {execution.reason}" if execution.reason else "",
        )

    def executed(self, execution: Execution) -> Outcome:
        """The outcome of the statement."""
        catalog = execution.context.get("Catalog")
        if not is_ours(catalog):
            raise AthenaFailure("CATALOG_NOT_FOUND", f"Catalog '{catalog}' not found")
        return self.run(execution)

    def finish(self, execution: Execution, outcome: Outcome) -> None:
        """Write the files of the result, then let the execution succeed."""
        named = f"{execution.prefix}{execution.id}"
        location = f"{named}.{outcome.extension}" if outcome.extension else named
        content = result_file(outcome)
        if content is not None:
            self.storage.put(location, content)
            self.storage.put(f"{location}.metadata", metadata_file(outcome))
        folder = MANIFESTS.get(outcome.substatement_type)
        manifest = (
            None if folder is None else f"{execution.prefix}{folder}{execution.id}-manifest.csv"
        )
        if manifest is not None and not self.storage.keys(manifest):
            manifest = None
        execution.succeed(outcome, outcome.location or location, manifest)

    # Follow -------------------------------------------------------------------------------------

    def get(self, name: str) -> Execution:
        """The execution of this id."""
        held = self.history.get(name)
        if held is None:
            raise ApiError(f"QueryExecution {name} was not found")
        return held

    def show(self, request: dict[str, Any]) -> dict[str, Any]:
        """GetQueryExecution; waits a while for the end, so that a poll interval costs nothing."""
        execution = self.get(request["QueryExecutionId"])
        execution.done.wait(LONG_WAIT_SECONDS)
        return {"QueryExecution": execution.shown()}

    def batch(self, request: dict[str, Any]) -> dict[str, Any]:
        """BatchGetQueryExecution."""
        asked = request["QueryExecutionIds"]
        size_of(len(asked), 50)
        known = {name: self.history.get(name) for name in asked}
        missing = [
            {
                "QueryExecutionId": name,
                "ErrorCode": "INVALID_INPUT",
                "ErrorMessage": f"QueryExecution {name} was not found",
            }
            for name, execution in known.items()
            if execution is None
        ]
        found = [execution.shown() for execution in known.values() if execution is not None]
        return {"QueryExecutions": found, "UnprocessedQueryExecutionIds": missing}

    def list(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListQueryExecutions of a work group, newest first."""
        group = self.groups.get(request.get("WorkGroup")).name
        known = reversed(self.history.known())
        names = [execution.id for execution in known if execution.group.name == group]
        shown, more = page(names, request)
        return {"QueryExecutionIds": list(shown)} | more

    def stop(self, request: dict[str, Any]) -> dict[str, Any]:
        """StopQueryExecution; one that has ended stays as it is."""
        self.get(request["QueryExecutionId"]).stop()
        return {}

    # Results ------------------------------------------------------------------------------------

    def results(self, request: dict[str, Any]) -> dict[str, Any]:
        """GetQueryResults."""
        execution = self.get(request["QueryExecutionId"])
        start = start_of(request.get("NextToken"))
        size = size_of(request.get("MaxResults"), LONGEST_PAGE)
        if not execution.done.is_set():
            raise ApiError(
                f"Query has not yet finished. Current state: {execution.state}",
                athena_code="INVALID_QUERY_STATE",
            )
        if execution.state != SUCCEEDED:
            raise ApiError(
                f"Query did not finish successfully. Final query state: {execution.state}",
                athena_code="INVALID_QUERY_STATE",
            )
        outcome = self.history.with_rows(execution)
        if outcome is None:
            raise ApiError(
                f"Could not find results at {execution.location}", athena_code="INVALID_INPUT"
            )
        return results_page(outcome, outcome.rows, start, size)

    def runtime(self, request: dict[str, Any]) -> dict[str, Any]:
        """GetQueryRuntimeStatistics."""
        execution = self.get(request["QueryExecutionId"])
        if not execution.done.is_set() or execution.state == CANCELLED:
            raise ApiError(
                f"Query statistics are not available. Current state: {execution.state}",
                athena_code="INVALID_QUERY_STATE",
            )
        rows = 0 if execution.outcome is None else len(execution.outcome.rows)
        return {
            "QueryRuntimeStatistics": {
                "Timeline": execution.timeline(),
                "Rows": {
                    "InputRows": execution.statistics.scanned_rows,
                    "InputBytes": execution.statistics.scanned_bytes,
                    "OutputRows": rows,
                    "OutputBytes": execution.statistics.written_bytes,
                },
            }
        }

    def status(self) -> dict[str, int]:
        """How many statements were taken, run now, and are known."""
        known = self.history.known()
        running = sum(1 for execution in known if not execution.done.is_set())
        return {"started": self.history.added, "running": running, "known": len(known)}

    def close(self) -> None:
        """Stop what runs and take nothing more."""
        for execution in self.history.known():
            execution.cancelled.set()
        self.pool.shutdown(wait=False, cancel_futures=True)


def output_prefix(group: WorkGroup, given: dict[str, Any]) -> str:
    """Where results go, with a slash at its end; an enforcing group wins over the client."""
    own = given.get("OutputLocation")
    location = group.output_location if group.decides_location else own or group.output_location
    if not location:
        raise ApiError(
            "No output location provided. An output location is required either through the"
            " Workgroup result configuration setting or as an API input."
        )
    if not location.startswith("s3://"):
        raise ApiError(f"outputLocation is not a valid S3 path: {location}")
    return location if location.endswith("/") else location + "/"
