"""What a statement can be: one dataclass a kind, with its parts. Names are in lower case."""

from dataclasses import dataclass, field

from lake.athena.sql.cursor import Name

Properties = dict[str, str]


@dataclass(frozen=True)
class Statement:
    """Any statement; `text` is the statement itself, without comments around it."""

    text: str


@dataclass(frozen=True)
class Literal(Statement):
    """`SELECT '<value>'` alone."""

    value: str


@dataclass(frozen=True)
class Query(Statement):
    """SELECT, WITH, VALUES, TABLE: anything that gives rows."""


@dataclass(frozen=True)
class Modify(Statement):
    """INSERT, UPDATE, DELETE or MERGE (`verb`)."""

    verb: str


@dataclass(frozen=True)
class Explain(Statement):
    """EXPLAIN; `head` is the text before the statement that is explained."""

    head: str
    statement: Statement


@dataclass(frozen=True)
class CreateDatabase(Statement):
    """CREATE DATABASE."""

    name: str
    if_not_exists: bool
    comment: str | None = None
    location: str | None = None
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True)
class DropDatabase(Statement):
    """DROP DATABASE."""

    name: str
    if_exists: bool
    cascade: bool


@dataclass(frozen=True)
class AlterDatabase(Statement):
    """ALTER DATABASE ... SET DBPROPERTIES."""

    name: str
    properties: Properties


@dataclass(frozen=True)
class ColumnDefinition:
    """A column of a table: its type is Hive's."""

    name: str
    type: str
    comment: str | None = None


@dataclass(frozen=True)
class Buckets:
    """CLUSTERED BY ... INTO n BUCKETS; `sorted_by` pairs a name with ASC or DESC."""

    columns: tuple[str, ...]
    count: int
    sorted_by: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class RowFormat:
    """ROW FORMAT: the SerDe's class (None: that of the file format) and its properties."""

    serde: str | None = None
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True)
class FileFormat:
    """STORED AS: the name of a format, or the two classes."""

    name: str = "TEXTFILE"
    input_format: str | None = None
    output_format: str | None = None


@dataclass(frozen=True)
class CreateTable(Statement):
    """CREATE [EXTERNAL] TABLE with columns.

    `partitioned_by` are columns of a Hive table, `transforms` the expressions by which an Iceberg
    table is partitioned (`day(at)`, `bucket(16, id)`).
    """

    name: Name
    external: bool
    if_not_exists: bool
    columns: tuple[ColumnDefinition, ...]
    comment: str | None = None
    partitioned_by: tuple[ColumnDefinition, ...] = ()
    transforms: tuple[str, ...] = ()
    buckets: Buckets | None = None
    row_format: RowFormat = field(default_factory=RowFormat)
    file_format: FileFormat = field(default_factory=FileFormat)
    location: str | None = None
    properties: Properties = field(default_factory=dict)

    @property
    def is_iceberg(self) -> bool:
        """Return whether the table is one of Iceberg."""
        return self.properties.get("table_type", "").upper() == "ICEBERG"


@dataclass(frozen=True)
class CreateTableAs(Statement):
    """CREATE TABLE ... AS; the values of `properties` are SQL expressions as written."""

    name: Name
    if_not_exists: bool
    properties: Properties
    query: str
    comment: str | None = None


@dataclass(frozen=True)
class CreateView(Statement):
    """CREATE [OR REPLACE] VIEW."""

    name: Name


@dataclass(frozen=True)
class Drop(Statement):
    """DROP TABLE or DROP VIEW (`what`)."""

    what: str
    name: Name
    if_exists: bool


@dataclass(frozen=True)
class ShowDatabases(Statement):
    """SHOW DATABASES."""

    pattern: str | None = None


@dataclass(frozen=True)
class ShowTables(Statement):
    """SHOW TABLES or SHOW VIEWS (`what`)."""

    what: str
    schema: str | None = None
    pattern: str | None = None


@dataclass(frozen=True)
class ShowColumns(Statement):
    """SHOW COLUMNS."""

    name: Name


@dataclass(frozen=True)
class ShowPartitions(Statement):
    """SHOW PARTITIONS."""

    name: Name


@dataclass(frozen=True)
class ShowProperties(Statement):
    """SHOW TBLPROPERTIES; `key` for one of them."""

    name: Name
    key: str | None = None


@dataclass(frozen=True)
class ShowCreate(Statement):
    """SHOW CREATE TABLE or SHOW CREATE VIEW (`what`)."""

    what: str
    name: Name


@dataclass(frozen=True)
class Describe(Statement):
    """DESCRIBE [EXTENDED | FORMATTED] (`style`) of a table or view, or of one column."""

    name: Name
    style: str = ""
    column: str | None = None


@dataclass(frozen=True)
class Repair(Statement):
    """MSCK REPAIR TABLE."""

    name: Name


@dataclass(frozen=True)
class Optimize(Statement):
    """OPTIMIZE ... REWRITE DATA USING BIN_PACK; `where` is the text of the condition."""

    name: Name
    where: str | None = None


@dataclass(frozen=True)
class Vacuum(Statement):
    """VACUUM."""

    name: Name


@dataclass(frozen=True)
class Unload(Statement):
    """UNLOAD (query) TO target; the values of `options` are SQL expressions as written."""

    query: str
    target: str
    options: Properties = field(default_factory=dict)


@dataclass(frozen=True)
class Prepare(Statement):
    """PREPARE name FROM statement."""

    name: str
    statement: str


@dataclass(frozen=True)
class Execute(Statement):
    """EXECUTE name USING arguments."""

    name: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExecuteImmediate(Statement):
    """EXECUTE IMMEDIATE 'statement' USING arguments."""

    statement: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Deallocate(Statement):
    """DEALLOCATE PREPARE name."""

    name: str
