"""Lake Formation where moto has a gap: data-cell filters, tags that add up, grants on them."""

import json
import pickle
from collections.abc import Iterable
from functools import cache
from typing import Any

from moto.core.responses import BaseResponse
from moto.lakeformation import models, responses, urls
from moto.lakeformation.exceptions import AlreadyExists, EntityNotFound

from lake.athena.journal import Journal
from lake.athena.settings import ACCOUNT

Filter = dict[str, Any]

TAGS = ("lf_database_tags", "lf_table_tags", "lf_columns_tags")
GRANTED = ("DataCellsFilter", "LFTagPolicy", "LFTag", "TableWithColumns")
KEPT = ("resources", "settings", "grants", "tagger", *TAGS, "cells")
READS = ("Get", "List", "Describe", "Search")


class Tags(dict[Any, list[dict[str, str]]]):
    """The tags of resources; a tag that is set again replaces its value, others stay."""

    def __missing__(self, key: Any) -> list[dict[str, str]]:
        return []

    def __setitem__(self, key: Any, tags: Iterable[dict[str, str]]) -> None:
        held = {tag["TagKey"]: tag for tag in self.get(key, [])}
        given = {tag["TagKey"]: tag for tag in tags}
        super().__setitem__(key, list((held | given).values()) if given else [])


def filter_name(each: Filter) -> tuple[str | None, ...]:
    """Database, table and name of a filter."""
    return each.get("DatabaseName"), each.get("TableName"), each.get("Name")


def backend_of(response: Any) -> Any:
    """moto's Lake Formation of the request's account and region."""
    return response.lakeformation_backend


def named(response: BaseResponse) -> tuple[str | None, ...]:
    """The filter that a request names."""
    return tuple(response._get_param(part) for part in ("DatabaseName", "TableName", "Name"))


def create_filter(response: Any) -> str:
    """CreateDataCellsFilter."""
    given = response._get_param("TableData")
    cells = backend_of(response).cells
    if filter_name(given) in cells:
        raise AlreadyExists("Data cells filter already exists.")
    cells[filter_name(given)] = given
    return "{}"


def update_filter(response: Any) -> str:
    """UpdateDataCellsFilter."""
    given = response._get_param("TableData")
    cells = backend_of(response).cells
    if filter_name(given) not in cells:
        raise EntityNotFound()
    cells[filter_name(given)] = given
    return "{}"


def delete_filter(response: Any) -> str:
    """DeleteDataCellsFilter."""
    if backend_of(response).cells.pop(named(response), None) is None:
        raise EntityNotFound()
    return "{}"


def get_filter(response: Any) -> str:
    """GetDataCellsFilter."""
    held = backend_of(response).cells.get(named(response))
    if held is None:
        raise EntityNotFound()
    return json.dumps({"DataCellsFilter": held})


def list_filters(response: Any) -> str:
    """ListDataCellsFilter, of one table where it is named."""
    table = response._get_param("Table") or {}
    wanted = (table.get("DatabaseName"), table.get("Name"))
    found = [
        each for name, each in backend_of(response).cells.items() if not table or name[:2] == wanted
    ]
    return json.dumps({"DataCellsFilters": found})


def granted(response: Any, kind: str, resource: Filter) -> str:
    """ListPermissions on one of the kinds of resources that moto passes over."""
    wanted = {
        key: value
        for key, value in resource.items()
        if value is not None and key not in ("TableCatalogId", "CatalogId")
    }
    catalog = response._get_param("CatalogId") or response.current_account
    found = [
        permission
        for permission in backend_of(response).list_permissions(catalog)
        if wanted.items() <= (permission["Resource"].get(kind) or {}).items()
        and kind in permission["Resource"]
    ]
    return json.dumps({"PrincipalResourcePermissions": found}, default=str)


@cache
def install() -> None:
    """Add the missing operations to moto's Lake Formation, once in the life of the process."""
    backend: Any = models.LakeFormationBackend
    response: Any = responses.LakeFormationResponse
    make, list_permissions = backend.__init__, response.list_permissions

    def init(self: Any, *arguments: Any, **options: Any) -> None:
        make(self, *arguments, **options)
        self.cells = {}
        for tags in TAGS:
            setattr(self, tags, Tags())

    def permissions(self: Any) -> Any:
        resource = self._get_param("Resource") or {}
        for kind in GRANTED:
            if kind in resource:
                return granted(self, kind, resource[kind])
        return list_permissions(self)

    backend.__init__ = init
    response.list_permissions = permissions
    response.create_data_cells_filter = create_filter
    response.update_data_cells_filter = update_filter
    response.delete_data_cells_filter = delete_filter
    response.get_data_cells_filter = get_filter
    response.list_data_cells_filter = list_filters
    for verb in ("Create", "Update", "Delete", "Get"):
        urls.url_paths[f"{{0}}/{verb}DataCellsFilter$"] = urls.response.dispatch


class LakeFormation:
    """Keeps what Lake Formation holds over a restart, as a whole: it is small."""

    def __init__(self, region: str, journal: Journal) -> None:
        install()
        models.lakeformation_backends[ACCOUNT].pop(region, None)
        self.backend: Any = models.lakeformation_backends[ACCOUNT][region]
        self.journal = journal
        for _, value in journal.items("lake_formation"):
            self.backend.__dict__.update(pickle.loads(bytes.fromhex(value)))

    def save(self, path: str) -> None:
        """Keep the state after a request to this path of the API that succeeded."""
        if self.journal.keeps and not path.lstrip("/").startswith(READS):
            held = {name: getattr(self.backend, name) for name in KEPT}
            self.journal.write([("lake_formation", "", pickle.dumps(held).hex())])
