"""Named queries and prepared statements."""

import json
import time
import uuid
from collections.abc import Iterator, MutableMapping
from typing import Any

from lake.athena.api.errors import ApiError
from lake.athena.api.paging import page
from lake.athena.api.workgroups import WorkGroups
from lake.athena.journal import Journal, key_of, parts_of


class NamedQueries:
    """Queries that were saved under a name, by their id."""

    def __init__(self, journal: Journal, groups: WorkGroups) -> None:
        self.journal = journal
        self.groups = groups
        self.queries: dict[str, dict[str, Any]] = {
            key: json.loads(value) for key, value in journal.items("named_query")
        }
        self.tokens: dict[str, str] = {}

    def save(self, name: str) -> None:
        """Keep a query as it is now."""
        held = self.queries.get(name)
        self.journal.write([("named_query", name, None if held is None else json.dumps(held))])

    def held(self, name: str) -> dict[str, Any]:
        """The query of this id."""
        if name not in self.queries:
            raise ApiError(f"NamedQuery {name} was not found")
        return self.queries[name]

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """CreateNamedQuery; the same token makes one query only."""
        token = request.get("ClientRequestToken")
        if token in self.tokens:
            return {"NamedQueryId": self.tokens[token]}
        group = self.groups.get(request.get("WorkGroup")).name
        name = str(uuid.uuid4())
        self.queries[name] = {
            "Name": request["Name"],
            "Description": request.get("Description", ""),
            "Database": request["Database"],
            "QueryString": request["QueryString"],
            "NamedQueryId": name,
            "WorkGroup": group,
        }
        if token:
            self.tokens[token] = name
        self.save(name)
        return {"NamedQueryId": name}

    def show(self, request: dict[str, Any]) -> dict[str, Any]:
        """GetNamedQuery."""
        return {"NamedQuery": self.held(request["NamedQueryId"])}

    def batch(self, request: dict[str, Any]) -> dict[str, Any]:
        """BatchGetNamedQuery."""
        asked = request["NamedQueryIds"]
        missing = [{"NamedQueryId": name} for name in asked if name not in self.queries]
        found = [self.queries[name] for name in asked if name in self.queries]
        return {"NamedQueries": found, "UnprocessedNamedQueryIds": missing}

    def update(self, request: dict[str, Any]) -> dict[str, Any]:
        """UpdateNamedQuery."""
        held = self.held(request["NamedQueryId"])
        for part in ("Name", "Description", "QueryString"):
            if part in request:
                held[part] = request[part]
        self.save(held["NamedQueryId"])
        return {}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """DeleteNamedQuery."""
        name = self.held(request["NamedQueryId"])["NamedQueryId"]
        del self.queries[name]
        self.save(name)
        return {}

    def list(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListNamedQueries of a work group."""
        group = self.groups.get(request.get("WorkGroup")).name
        names = [name for name, held in self.queries.items() if held["WorkGroup"] == group]
        shown, more = page(names, request)
        return {"NamedQueryIds": shown} | more


class PreparedStatements:
    """Prepared statements by work group and name."""

    def __init__(self, journal: Journal, groups: WorkGroups) -> None:
        self.journal = journal
        self.groups = groups
        self.statements: dict[tuple[str, str], dict[str, Any]] = {}
        for key, value in journal.items("prepared"):
            group, name = parts_of(key)
            self.statements[group, name] = json.loads(value)

    def put(self, group: str, name: str, statement: str, description: str = "") -> None:
        """Keep a statement."""
        self.statements[group, name] = {
            "StatementName": name,
            "QueryStatement": statement,
            "WorkGroupName": group,
            "Description": description,
            "LastModifiedTime": time.time(),
        }
        self.save(group, name)

    def remove(self, group: str, name: str) -> None:
        """Forget a statement."""
        del self.statements[group, name]
        self.save(group, name)

    def save(self, group: str, name: str) -> None:
        """Write a statement as it is now."""
        held = self.statements.get((group, name))
        value = None if held is None else json.dumps(held)
        self.journal.write([("prepared", key_of(group, name), value)])

    def held(self, request: dict[str, Any]) -> dict[str, Any]:
        """The statement that a request names."""
        group = self.groups.get(request["WorkGroup"]).name
        found = self.statements.get((group, request["StatementName"]))
        if found is None:
            raise ApiError(
                f"PreparedStatement {request['StatementName']} was not found",
                "ResourceNotFoundException",
            )
        return found

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """CreatePreparedStatement."""
        group, name = self.groups.get(request["WorkGroup"]).name, request["StatementName"]
        if (group, name) in self.statements:
            raise ApiError(f"PreparedStatement {name} already exists in workgroup {group}")
        self.put(group, name, request["QueryStatement"], request.get("Description", ""))
        return {}

    def show(self, request: dict[str, Any]) -> dict[str, Any]:
        """GetPreparedStatement."""
        return {"PreparedStatement": self.held(request)}

    def batch(self, request: dict[str, Any]) -> dict[str, Any]:
        """BatchGetPreparedStatement."""
        group = self.groups.get(request["WorkGroup"]).name
        found = []
        missing = []
        for name in request["PreparedStatementNames"]:
            held = self.statements.get((group, name))
            if held is None:
                missing.append({"StatementName": name, "ErrorCode": "STATEMENT_NOT_FOUND"})
            else:
                found.append(held)
        return {"PreparedStatements": found, "UnprocessedPreparedStatementNames": missing}

    def update(self, request: dict[str, Any]) -> dict[str, Any]:
        """UpdatePreparedStatement."""
        held = self.held(request)
        description = request.get("Description", held["Description"])
        name, group = held["StatementName"], held["WorkGroupName"]
        self.put(group, name, request["QueryStatement"], description)
        return {}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """DeletePreparedStatement."""
        held = self.held(request)
        self.remove(held["WorkGroupName"], held["StatementName"])
        return {}

    def list(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListPreparedStatements of a work group."""
        group = self.groups.get(request["WorkGroup"]).name
        summaries = [
            {"StatementName": name, "LastModifiedTime": held["LastModifiedTime"]}
            for (owner, name), held in sorted(self.statements.items())
            if owner == group
        ]
        shown, more = page(summaries, request)
        return {"PreparedStatements": shown} | more

    def of_group(self, group: str) -> "GroupStatements":
        """The statements of one work group by name."""
        return GroupStatements(self, group)


class GroupStatements(MutableMapping[str, str]):
    """Name and text of the prepared statements of one work group; what is set is kept."""

    def __init__(self, all_statements: PreparedStatements, group: str) -> None:
        self.all = all_statements
        self.group = group

    def __getitem__(self, name: str) -> str:
        return str(self.all.statements[self.group, name]["QueryStatement"])

    def __setitem__(self, name: str, statement: str) -> None:
        self.all.put(self.group, name, statement)

    def __delitem__(self, name: str) -> None:
        self.all.remove(self.group, name)

    def __iter__(self) -> Iterator[str]:
        return (name for group, name in list(self.all.statements) if group == self.group)

    def __len__(self) -> int:
        return sum(1 for _ in self)
