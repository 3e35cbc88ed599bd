"""Executions that are known: found by id and by token, used again, forgotten in time."""

import threading
import time
from collections.abc import Iterable

from lake.athena.api.errors import ApiError
from lake.athena.api.execution import SUCCEEDED, Execution
from lake.athena.api.results import rows_of_csv
from lake.athena.errors import AthenaFailure
from lake.athena.outcome import Outcome
from lake.athena.storage import Storage

DEFAULT_AGE_MINUTES = 60
EVICTION_SECONDS = 1.0


class History:
    """All executions by id, newest last.

    Finished executions go `keep_hours` after their end, or when more than `keep_queries` are
    known; when more than `keep_rows` rows are held, the oldest are read from their files again.
    """

    def __init__(
        self, storage: Storage, *, keep_queries: int, keep_hours: float, keep_rows: int
    ) -> None:
        self.storage = storage
        self.keep_queries = keep_queries
        self.keep_seconds = keep_hours * 3600
        self.keep_rows = keep_rows
        self.lock = threading.Lock()
        self.executions: dict[str, Execution] = {}
        self.tokens: dict[str, Execution] = {}
        self.added = 0
        self.evicted = 0.0

    def get(self, name: str) -> Execution | None:
        """The execution of this id."""
        return self.executions.get(name)

    def known(self) -> list[Execution]:
        """All executions, oldest first."""
        with self.lock:
            return list(self.executions.values())

    def of_token(self, token: str | None, given: Execution) -> Execution | None:
        """The execution that a client's token has started; it must have asked the same."""
        with self.lock:
            return self.held(token, given)

    def add(self, execution: Execution, token: str | None) -> Execution:
        """Take an execution up, or give the one that its token has started meanwhile."""
        with self.lock:
            held = self.held(token, execution)
            if held is not None:
                return held
            self.executions[execution.id] = execution
            if token:
                self.tokens[token] = execution
            self.added += 1
            self.evict(time.time())
            return execution

    def held(self, token: str | None, given: Execution) -> Execution | None:
        """See `of_token`; called under the lock."""
        held = self.tokens.get(token) if token else None
        if held is None or held.id not in self.executions:
            return None
        if held.question != given.question:
            raise ApiError("Idempotent parameters do not match")
        return held

    def reusable(self, execution: Execution) -> Outcome | None:
        """The result of an equal query that is young enough, where the client takes one."""
        by_age = execution.reuse.get("ResultReuseByAgeConfiguration") or {}
        if not by_age.get("Enabled"):
            return None
        oldest = execution.submitted - 60 * by_age.get("MaxAgeInMinutes", DEFAULT_AGE_MINUTES)
        for earlier in reversed(self.known()):
            outcome = earlier.outcome
            if (
                earlier.state == SUCCEEDED
                and outcome is not None
                and outcome.substatement_type == "SELECT"
                and (earlier.completed or 0) >= oldest
                and not earlier.reused
                and earlier.question == execution.question
            ):
                return self.with_rows(earlier)
        return None

    def with_rows(self, execution: Execution) -> Outcome | None:
        """The outcome with all its rows; None where their file is gone."""
        outcome = execution.outcome
        if outcome is None or not execution.rows_dropped or execution.location is None:
            return outcome
        try:
            rows = rows_of_csv(self.storage.get(execution.location))
        except AthenaFailure:
            return None
        return Outcome(**(vars(outcome) | {"rows": rows}))

    def evict(self, now: float) -> None:
        """Forget old executions and drop old rows, now and then; called under the lock."""
        surplus = len(self.executions) - self.keep_queries
        if surplus <= 0 and now < self.evicted + EVICTION_SECONDS:
            return
        self.evicted = now
        for execution in list(self.executions.values()):
            ended = execution.completed
            if ended is not None and (surplus > 0 or ended < now - self.keep_seconds):
                del self.executions[execution.id]
                surplus -= 1
        self.tokens = {
            token: held for token, held in self.tokens.items() if held.id in self.executions
        }
        self.drop_rows(reversed(self.executions.values()))

    def drop_rows(self, newest_first: Iterable[Execution]) -> None:
        """Keep rows in memory up to the limit; those of results without a file stay."""
        count = 0
        for execution in newest_first:
            outcome = execution.outcome
            if outcome is None or outcome.extension != "csv":
                continue
            count += len(outcome.rows)
            if count > self.keep_rows and outcome.rows:
                execution.rows_dropped = True
                execution.outcome = Outcome(**(vars(outcome) | {"rows": []}))
