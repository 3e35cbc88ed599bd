"""What ALTER TABLE can be: one dataclass a kind, with its parts."""

from dataclasses import dataclass

from lake.athena.sql.cursor import Name
from lake.athena.sql.kinds import ColumnDefinition, Properties, Statement


@dataclass(frozen=True)
class Condition:
    """One condition of a partition: `key operator value`."""

    key: str
    operator: str
    value: str


PartitionSpec = tuple[Condition, ...]


@dataclass(frozen=True)
class AlterTable(Statement):
    """Any ALTER TABLE."""

    name: Name


@dataclass(frozen=True)
class SetProperties(AlterTable):
    """ALTER TABLE ... SET TBLPROPERTIES."""

    properties: Properties


@dataclass(frozen=True)
class UnsetProperties(AlterTable):
    """ALTER TABLE ... UNSET TBLPROPERTIES."""

    keys: tuple[str, ...]


@dataclass(frozen=True)
class SetLocation(AlterTable):
    """ALTER TABLE ... [PARTITION (...)] SET LOCATION."""

    location: str
    partition: PartitionSpec = ()


@dataclass(frozen=True)
class RenameTable(AlterTable):
    """ALTER TABLE ... RENAME TO."""

    target: Name


@dataclass(frozen=True)
class AddColumns(AlterTable):
    """ALTER TABLE ... ADD COLUMNS."""

    columns: tuple[ColumnDefinition, ...]


@dataclass(frozen=True)
class ReplaceColumns(AlterTable):
    """ALTER TABLE ... REPLACE COLUMNS."""

    columns: tuple[ColumnDefinition, ...]


@dataclass(frozen=True)
class DropColumn(AlterTable):
    """ALTER TABLE ... DROP COLUMN."""

    column: str


@dataclass(frozen=True)
class ChangeColumn(AlterTable):
    """ALTER TABLE ... CHANGE COLUMN; `place` is empty, FIRST, or the column that goes before."""

    column: str
    definition: ColumnDefinition
    place: str = ""


@dataclass(frozen=True)
class AddPartitions(AlterTable):
    """ALTER TABLE ... ADD PARTITION, each with its location or None."""

    if_not_exists: bool
    partitions: tuple[tuple[PartitionSpec, str | None], ...]


@dataclass(frozen=True)
class DropPartitions(AlterTable):
    """ALTER TABLE ... DROP PARTITION."""

    if_exists: bool
    partitions: tuple[PartitionSpec, ...]


@dataclass(frozen=True)
class RenamePartition(AlterTable):
    """ALTER TABLE ... PARTITION (...) RENAME TO PARTITION (...)."""

    partition: PartitionSpec
    target: PartitionSpec
