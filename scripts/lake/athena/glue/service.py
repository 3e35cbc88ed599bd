"""moto's Glue behind the rules, one request at a time."""

import json
import threading
from collections.abc import Callable
from typing import Any

from moto.glue.models import glue_backends

from lake.athena.glue import rules
from lake.athena.glue.saved import SavedCatalogue
from lake.athena.journal import Journal
from lake.athena.settings import ACCOUNT

Forward = Callable[[dict[str, Any]], tuple[int, bytes]]


class Glue:
    """The Glue API; every request is read, compared and written in one critical section.

    Without it two commits can both find the same current version, and one of them is lost.
    """

    def __init__(self, region: str, journal: Journal) -> None:
        self.lock = threading.RLock()
        self.backend: Any = glue_backends[ACCOUNT][region]
        self.backend.databases.clear()
        self.conflicts = 0
        self.saved = SavedCatalogue(self.backend, journal)
        self.saved.restore()

    def answer(
        self, operation: str, request: dict[str, Any], from_engine: bool, forward: Forward
    ) -> tuple[int, bytes]:
        """Status and body of one request; `forward` hands it to moto."""
        with self.lock:
            rules.lower_case(operation, request)
            asked = rules.original_names(request) if from_engine else None
            known = rules.immediate(operation, request)
            if known is not None:
                return 200, json.dumps(known).encode()
            try:
                dropped = self.before(operation, request, from_engine)
            except rules.GlueRefusal as refusal:
                error = {"__type": refusal.code, "Message": refusal.message}
                return 400, json.dumps(error).encode()
            status, body = forward(request)
            if status == 200:
                self.after(operation, request, dropped)
        if from_engine and status == 200 and operation in ("GetTable", "GetTables"):
            answer = rules.for_engine(json.loads(body), asked)
            body = json.dumps(answer).encode()
        return status, body

    def before(self, operation: str, request: dict[str, Any], from_engine: bool) -> str | None:
        """Check and complete a write; the version to be dropped after it, where one is."""
        if operation not in ("CreateTable", "UpdateTable"):
            return None
        given = request["TableInput"]
        current = self.table(request["DatabaseName"], given["Name"])
        skip, version = request.pop("SkipArchive", False), request.pop("VersionId", None)
        if operation == "CreateTable" or current is None:
            request["TableInput"] = rules.table_input(given, None, from_engine)
            return None
        try:
            rules.check_commit(given, current, version, from_engine)
        except rules.GlueRefusal:
            self.conflicts += 1
            raise
        request["TableInput"] = rules.table_input(given, current, from_engine)
        return str(current["VersionId"]) if skip else None

    def after(self, operation: str, request: dict[str, Any], dropped: str | None) -> None:
        """Drop the version that SkipArchive leaves behind, and keep what changed."""
        if dropped is not None:
            held = self.saved.find(request["DatabaseName"], request["TableInput"]["Name"])
            held.versions.pop(dropped, None)
        self.saved.save(operation, request)

    def table(self, database: str, name: str) -> dict[str, Any] | None:
        """A table as glue:GetTable gives it, None where it is missing."""
        held = self.saved.find(database, name)
        return None if held is None else dict(held.as_dict())
