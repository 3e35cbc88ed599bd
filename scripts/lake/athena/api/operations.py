"""The Athena API: one name of an operation, one method."""

from collections.abc import Callable
from functools import cache
from typing import Any

import botocore.loaders
import botocore.model
import botocore.validate

from lake.athena.api.catalogs import Catalogs
from lake.athena.api.errors import ApiError
from lake.athena.api.executions import Executions
from lake.athena.api.named import NamedQueries, PreparedStatements
from lake.athena.api.paging import page
from lake.athena.api.workgroups import SELECTABLE, WorkGroups

Operation = Callable[[dict[str, Any]], dict[str, Any]]


@cache
def model() -> botocore.model.ServiceModel:
    """AWS's own description of the Athena API."""
    description = botocore.loaders.Loader().load_service_model("athena", "service-2")
    return botocore.model.ServiceModel(description, "athena")


class Operations:
    """Takes a request by the name of its operation to what answers it."""

    def __init__(
        self,
        executions: Executions,
        groups: WorkGroups,
        catalogs: Catalogs,
        named: NamedQueries,
        prepared: PreparedStatements,
    ) -> None:
        self.operations: dict[str, Operation] = {
            "StartQueryExecution": executions.start,
            "GetQueryExecution": executions.show,
            "BatchGetQueryExecution": executions.batch,
            "ListQueryExecutions": executions.list,
            "StopQueryExecution": executions.stop,
            "GetQueryResults": executions.results,
            "GetQueryRuntimeStatistics": executions.runtime,
            "CreateWorkGroup": groups.create,
            "GetWorkGroup": groups.show,
            "UpdateWorkGroup": groups.update,
            "DeleteWorkGroup": groups.delete,
            "ListWorkGroups": groups.list,
            "GetDataCatalog": catalogs.catalog_of,
            "ListDataCatalogs": catalogs.catalogs,
            "CreateDataCatalog": catalogs.refuse,
            "UpdateDataCatalog": catalogs.refuse,
            "DeleteDataCatalog": catalogs.refuse,
            "GetDatabase": catalogs.database,
            "ListDatabases": catalogs.databases,
            "GetTableMetadata": catalogs.table,
            "ListTableMetadata": catalogs.tables,
            "CreateNamedQuery": named.create,
            "GetNamedQuery": named.show,
            "BatchGetNamedQuery": named.batch,
            "UpdateNamedQuery": named.update,
            "DeleteNamedQuery": named.delete,
            "ListNamedQueries": named.list,
            "CreatePreparedStatement": prepared.create,
            "GetPreparedStatement": prepared.show,
            "BatchGetPreparedStatement": prepared.batch,
            "UpdatePreparedStatement": prepared.update,
            "DeletePreparedStatement": prepared.delete,
            "ListPreparedStatements": prepared.list,
            "ListEngineVersions": engine_versions,
        }

    def answer(self, name: str, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to a request; ApiError where it is refused or not known here."""
        operation = self.operations.get(name)
        if operation is None:
            raise ApiError(f"{name} is not part of the local Athena.")
        shape: Any = model().operation_model(name).input_shape
        report = botocore.validate.ParamValidator().validate(request, shape)
        if report.has_errors():
            raise ApiError(" ".join(report.generate_report().split()))
        return operation(request)


def engine_versions(request: dict[str, Any]) -> dict[str, Any]:
    """ListEngineVersions."""
    versions = [
        {"SelectedEngineVersion": name, "EffectiveEngineVersion": SELECTABLE[-1]}
        for name in SELECTABLE
    ]
    shown, more = page(versions, request, 10)
    return {"EngineVersions": shown} | more
