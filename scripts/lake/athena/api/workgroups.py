"""Work groups: where results go, what a query may scan, whether queries are taken at all."""

import json
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from lake.athena.api.errors import ApiError
from lake.athena.api.paging import page
from lake.athena.journal import Journal

ENGINE = {
    "SelectedEngineVersion": "AUTO",
    "EffectiveEngineVersion": "Athena engine version 3",
}
SELECTABLE = ("AUTO", "Athena engine version 3")
LEAST_CUTOFF = 10_000_000
PRIMARY = "primary"


@dataclass
class WorkGroup:
    """A work group with its Configuration as the API has it."""

    name: str
    description: str = ""
    state: str = "ENABLED"
    created: float = field(default_factory=time.time)
    configuration: dict[str, Any] = field(default_factory=dict)

    @property
    def output_location(self) -> str | None:
        """Where results go by default."""
        location = (self.configuration.get("ResultConfiguration") or {}).get("OutputLocation")
        return location or None

    @property
    def enforced(self) -> bool:
        """Whether the settings of the group win over those of a client."""
        return bool(self.configuration.get("EnforceWorkGroupConfiguration"))

    @property
    def decides_location(self) -> bool:
        """Whether the group alone decides where results and tables go."""
        return self.enforced and self.output_location is not None

    @property
    def cutoff(self) -> int | None:
        """How many bytes one query may scan."""
        return self.configuration.get("BytesScannedCutoffPerQuery")


class WorkGroups:
    """All work groups by name; `primary` is always there."""

    def __init__(self, journal: Journal, default_location: str) -> None:
        self.journal = journal
        primary = {
            "ResultConfiguration": {"OutputLocation": default_location},
            "EnforceWorkGroupConfiguration": False,
        }
        self.groups = {PRIMARY: WorkGroup(PRIMARY, configuration=completed(primary))}
        for name, value in journal.items("workgroup"):
            self.groups[name] = WorkGroup(**json.loads(value))

    def get(self, name: str | None) -> WorkGroup:
        """The group of this name, `primary` by default."""
        held = self.groups.get(name or PRIMARY)
        if held is None:
            raise ApiError(f"WorkGroup {name} is not found.")
        return held

    def save(self, name: str) -> None:
        """Keep a group as it is now."""
        held = self.groups.get(name)
        value = None if held is None else json.dumps(asdict(held))
        self.journal.write([("workgroup", name, value)])

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """CreateWorkGroup."""
        name = request["Name"]
        if name in self.groups:
            raise ApiError("WorkGroup is already created")
        configuration = request.get("Configuration") or {}
        check(configuration)
        enforced = {"EnforceWorkGroupConfiguration": True}
        self.groups[name] = WorkGroup(
            name, request.get("Description", ""), configuration=completed(enforced | configuration)
        )
        self.save(name)
        return {}

    def show(self, request: dict[str, Any]) -> dict[str, Any]:
        """GetWorkGroup."""
        held = self.get(request["WorkGroup"])
        return {
            "WorkGroup": {
                "Name": held.name,
                "State": held.state,
                "Configuration": held.configuration,
                "Description": held.description,
                "CreationTime": held.created,
            }
        }

    def update(self, request: dict[str, Any]) -> dict[str, Any]:
        """UpdateWorkGroup."""
        held = self.get(request["WorkGroup"])
        updates = dict(request.get("ConfigurationUpdates") or {})
        check(updates)
        configuration = dict(held.configuration)
        if updates.pop("RemoveBytesScannedCutoffPerQuery", False):
            configuration.pop("BytesScannedCutoffPerQuery", None)
        results = dict(updates.pop("ResultConfigurationUpdates", None) or {})
        configuration["ResultConfiguration"] = changed_results(
            configuration.get("ResultConfiguration") or {}, results
        )
        held.configuration = completed(configuration | updates)
        held.description = request.get("Description", held.description)
        held.state = request.get("State", held.state)
        self.save(held.name)
        return {}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """DeleteWorkGroup."""
        held = self.get(request["WorkGroup"])
        if held.name == PRIMARY:
            raise ApiError("The primary workgroup cannot be deleted.")
        del self.groups[held.name]
        self.save(held.name)
        return {}

    def list(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListWorkGroups."""
        shown, more = page([self.groups[name] for name in sorted(self.groups)], request)
        summaries = [
            {
                "Name": held.name,
                "State": held.state,
                "Description": held.description,
                "CreationTime": held.created,
                "EngineVersion": held.configuration["EngineVersion"],
            }
            for held in shown
        ]
        return {"WorkGroups": summaries} | more


def check(configuration: dict[str, Any]) -> None:
    """Refuse what Athena refuses in a configuration, and what has no meaning here."""
    cutoff = configuration.get("BytesScannedCutoffPerQuery")
    if cutoff is not None and cutoff < LEAST_CUTOFF:
        raise ApiError(f"BytesScannedCutoffPerQuery must be at least {LEAST_CUTOFF} bytes.")
    engine = (configuration.get("EngineVersion") or {}).get("SelectedEngineVersion", "AUTO")
    if engine not in SELECTABLE:
        raise ApiError(f"Engine version {engine} is not part of the local Athena.")
    for results in ("ManagedQueryResultsConfiguration", "ManagedQueryResultsConfigurationUpdates"):
        if (configuration.get(results) or {}).get("Enabled"):
            raise ApiError("Managed query results are not part of the local Athena.")


def completed(configuration: dict[str, Any]) -> dict[str, Any]:
    """A configuration with every field that Athena shows."""
    defaults = {
        "ResultConfiguration": {},
        "EnforceWorkGroupConfiguration": False,
        "PublishCloudWatchMetricsEnabled": False,
        "RequesterPaysEnabled": False,
    }
    return defaults | configuration | {"EngineVersion": dict(ENGINE)}


def changed_results(held: dict[str, Any], updates: dict[str, Any]) -> dict[str, Any]:
    """A ResultConfiguration after ResultConfigurationUpdates, with its `Remove...` switches."""
    changed = dict(held)
    for name, value in updates.items():
        if not name.startswith("Remove"):
            changed[name] = value
        elif value:
            changed.pop(name.removeprefix("Remove"), None)
    return changed
