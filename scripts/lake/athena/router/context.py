"""What a statement runs with: the catalogue, the engine, the objects, and where it stands.

The parts are described as protocols, so that a test can pass small fakes.
"""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from lake.athena.errors import AthenaFailure
from lake.athena.outcome import Column
from lake.athena.sql.cursor import Name

HIVE, ICEBERG = "awsdatacatalog", "awsdatacatalog_iceberg"

GlueTable = dict[str, Any]


class EngineResult(Protocol):
    """What Trino answered: columns and rows as in its JSON, floats as text."""

    @property
    def columns(self) -> list[dict[str, Any]]:
        """Return Trino's columns."""

    @property
    def rows(self) -> list[list[Any]]:
        """Return the values."""

    @property
    def update_count(self) -> int | None:
        """Return the number of rows written."""


class Engine(Protocol):
    """Runs one statement on Trino."""

    def __call__(
        self,
        sql: str,
        *,
        catalog: str = HIVE,
        schema: str | None = None,
        session: Mapping[str, str] | None = None,
    ) -> EngineResult:
        """Return the result; AthenaFailure with Trino's name and message if it fails."""


class Encoding(Protocol):
    """Turns what Trino answers into Athena's columns and text."""

    def columns(self, result: Any) -> list[Column]:
        """Return the columns with Athena's type names."""

    def rows(self, result: Any) -> list[list[str | None]]:
        """Return the values as text."""


class Catalog(Protocol):
    """The Glue catalogue. Names are lower case; what is missing raises AthenaFailure."""

    def databases(self) -> list[str]:
        """Return the names of all databases."""

    def has_database(self, name: str) -> bool:
        """Return whether there is such a database."""

    def create_database(
        self,
        name: str,
        comment: str | None = None,
        location: str | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        """Create a database."""

    def set_database_parameters(self, name: str, parameters: Mapping[str, str]) -> None:
        """Add parameters to those of a database."""

    def drop_database(self, name: str) -> None:
        """Delete a database with its tables."""

    def table(self, db: str, name: str) -> GlueTable | None:
        """Return a table as glue:GetTable gives it, or None."""

    def tables(self, db: str) -> list[GlueTable]:
        """Return all tables of a database."""

    def create_table(self, db: str, table_input: GlueTable) -> None:
        """Create a table."""

    def update_table(self, db: str, name: str, change: Callable[[GlueTable], GlueTable]) -> None:
        """Replace a table by what `change` makes of it, with no other change in between."""

    def drop_table(self, db: str, name: str) -> None:
        """Delete a table; its objects stay."""

    def partitions(self, db: str, name: str) -> list[GlueTable]:
        """Return all partitions, as glue:GetPartitions gives them."""

    def create_partition(
        self, db: str, name: str, values: list[str], location: str | None = None
    ) -> None:
        """Add a partition."""

    def drop_partition(self, db: str, name: str, values: list[str]) -> None:
        """Delete a partition; its objects stay."""


class Storage(Protocol):
    """The objects on S3."""

    def put(self, uri: str, data: bytes) -> None:
        """Write an object."""

    def keys(self, uri_prefix: str) -> list[str]:
        """Return the URIs or keys that begin so."""


@dataclass(frozen=True)
class Context:
    """What a statement runs with.

    `database` is the one of tables named without, `output_location` the folder of results (it ends
    with a slash), `prepared` the statements of the work group by name, `parameters` the values
    (SQL expressions) of its question marks; `location_enforced` says that the work group alone
    decides where data goes.
    """

    database: str
    output_location: str
    query_id: str
    catalog: Catalog
    engine: Engine
    storage: Storage
    encoding: Encoding
    prepared: MutableMapping[str, str] = field(default_factory=dict)
    parameters: Sequence[str] = ()
    location_enforced: bool = False

    def place(self, name: Name) -> tuple[str, str]:
        """Return database and table of a name.

        Raises:
            AthenaFailure: CATALOG_NOT_FOUND, there is but one catalogue.
        """
        if name.catalog not in (None, HIVE):
            raise AthenaFailure(
                "CATALOG_NOT_FOUND", f"line 1:1: Catalog '{name.catalog}' not found"
            )
        return name.schema or self.database.lower() or "default", name.table
