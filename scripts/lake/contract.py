"""The ingestion contract: the `external:` blocks of the source YAML, read by landing and checks."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from lake.errors import UserError
from lake.paths import project_dir

# The folder of a day of arrival, and how files end that the readers of a format find.
ARRIVAL_DAY = re.compile(r"arrival_date=(\d{4}-\d{2}-\d{2})")
SUFFIXES = {"json_lines": (".json", ".json.gz"), "avro": (".avro",)}


@dataclass(frozen=True)
class Table:
    """One landed table.

    `location` is its prefix below the lake root, `file_format` is `json_lines` or `avro`, `money`
    says by which JSON paths a record's amount and currency are found (empty: it carries none).
    `places` are the folders between the prefix and the days of arrival, "" where there are none.
    `csv_columns` names the columns of the CSV file that a record was cut from (empty: from none).
    """

    source: str
    name: str
    location: str
    file_format: str
    money: dict[str, str] = field(default_factory=dict)
    places: tuple[str, ...] = ("",)
    csv_columns: tuple[str, ...] = ()

    def within(self, place: str) -> "Table":
        """Return the part of the table that lies in one of its places.

        Raises:
            UserError: the contract does not declare the place, so no engine would read it.
        """
        if place not in self.places:
            raise UserError(
                f"{self.location}/{place} is not in the contract of {self.name}; "
                f"add it to the values of its partition, or take {' or '.join(self.places)}"
            )
        folders = (self.location, place)
        return replace(self, location="/".join(filter(None, folders)), places=("",))

    def partition(self, arrival_date: str) -> str:
        """Return the folder of one arrival day in the first place, relative to the lake root."""
        folders = (self.location, self.places[0], f"arrival_date={arrival_date}")
        return "/".join(filter(None, folders))

    @property
    def days(self) -> str:
        """Return the pattern of the folders of all arrival days, relative to the prefix."""
        return "*/" * len(list(filter(None, self.places[0].split("/")))) + "arrival_date=*"


def batch_id(arrival_date: str) -> int:
    """Return the arrival key of a day: 2025-01-15 is 2025011500."""
    return int(arrival_date.replace("-", "")) * 100


def load_contract(project: Path | None = None) -> dict[str, Table]:
    """Return every landed table by its name, from `models/staging/**/_*__sources.yml`.

    Raises:
        UserError: a source file is no YAML, or a table lacks a location or a known format.
    """
    tables: dict[str, Table] = {}
    for path in sorted((project or project_dir()).glob("models/staging/*/_*__sources.yml")):
        try:
            for source in yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]:
                for table in source["tables"]:
                    tables[table["name"]] = _table(source["name"], table, path)
        except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            raise UserError(f"{path}: not a source contract ({error!r}); mend the YAML") from error
    return tables


def _table(source: str, table: dict[str, Any], path: Path) -> Table:
    external = table.get("external") or {}
    if not external.get("location") or external.get("file_format") not in SUFFIXES:
        raise UserError(
            f"{path}: table {table.get('name')} wants external.location and a file_format of "
            f"{' or '.join(SUFFIXES)}; add both"
        )
    money = table.get("config", {}).get("meta", {}).get("money") or {}
    places = [
        partition["projection"]["values"]
        for partition in external.get("partitions") or []
        if partition["projection"]["type"] == "enum"
    ]
    return Table(
        source=source,
        name=table["name"],
        location=external["location"],
        file_format=external["file_format"],
        money=money,
        places=tuple(places[0]) if places else ("",),
        csv_columns=tuple(external.get("csv_columns") or ()),
    )
