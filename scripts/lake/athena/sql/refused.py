"""What Athena refuses, although Trino or Hive would take it."""

from collections.abc import Iterable

from lake.athena.errors import AthenaFailure
from lake.athena.sql.kinds import CreateTable
from lake.athena.sql.tokens import Token, syntax_error

NOT_SUPPORTED = "Queries of this type are not supported"

_OF_HIVE_AND_TRINO = (
    *("ANALYZE", "CALL", "COMMENT", "COMMIT", "DENY", "DFS", "EXPORT", "GRANT", "IMPORT", "KILL"),
    *("LOAD", "LOCK", "REFRESH", "RELOAD", "RESET", "REVOKE", "ROLLBACK", "SET", "START"),
    *("TRUNCATE", "UNLOCK", "USE"),
)
_CREATE_OR_DROP = ("CATALOG", "FUNCTION", "INDEX", "MATERIALIZED", "ROLE", "TEMPORARY", "BRANCH")

_CTAS_BOTH = ("table_type", "is_external", "format", "write_compression", "compression_level")
_CTAS_HIVE = (
    *_CTAS_BOTH,
    *("external_location", "partitioned_by", "bucketed_by", "bucket_count", "field_delimiter"),
    *("parquet_compression", "orc_compression"),
)
_CTAS_ICEBERG = (
    *_CTAS_BOTH,
    *("location", "partitioning", "format_version", "sorted_by"),
    *("write_target_data_file_size_bytes", "write_data_path_enabled", "object_store_enabled"),
    *("data_location",),
)
_CTAS_ICEBERG_PREFIXES = ("vacuum_", "optimize_", "write_")
_UNLOAD = ("format", "compression", "compression_level", "field_delimiter", "partitioned_by")


def unsupported() -> AthenaFailure:
    """Return the failure of a statement of a kind that Athena does not have."""
    return AthenaFailure("SYNTAX_ERROR", NOT_SUPPORTED)


def check_kind(first: Token, second: Token, third: Token) -> None:
    """Raise for a statement of a kind that Athena does not have, by its first three words."""
    words = first.upper, second.upper
    if words[0] in _OF_HIVE_AND_TRINO:
        raise unsupported()
    if words[0] in ("CREATE", "DROP") and words[1] in _CREATE_OR_DROP:
        raise unsupported()
    in_line = words in (("WITH", "FUNCTION"), ("WITH", "SESSION"))
    if in_line and third.upper not in ("AS", "("):
        raise unsupported()


def check_table_as(table_type: str, properties: Iterable[str]) -> None:
    """Raise for a property that CREATE TABLE AS does not know.

    Raises:
        AthenaFailure: INVALID_TABLE_PROPERTY.
    """
    if table_type not in ("hive", "iceberg"):
        raise AthenaFailure(
            "INVALID_TABLE_PROPERTY",
            f"Invalid value for table_type property: {table_type}. Expecting: 'HIVE', 'ICEBERG'",
        )
    for key in properties:
        known = key in (_CTAS_ICEBERG if table_type == "iceberg" else _CTAS_HIVE)
        if not known and not (table_type == "iceberg" and key.startswith(_CTAS_ICEBERG_PREFIXES)):
            raise AthenaFailure(
                "INVALID_TABLE_PROPERTY",
                f"line 1:1: Catalog 'awsdatacatalog' table property '{key}' does not exist",
            )


def check_unload(sql: str, options: Iterable[str]) -> None:
    """Raise for an option that UNLOAD does not know, and where `format` is missing.

    Raises:
        AthenaFailure: SYNTAX_ERROR.
    """
    given = list(options)
    for key in given:
        if key not in _UNLOAD:
            raise syntax_error(sql, 0, f"Unknown property for UNLOAD: {key}")
    if "format" not in given:
        raise syntax_error(sql, 0, "UNLOAD requires the property 'format'")


def check_table(table: CreateTable) -> None:
    """Raise for a table that Athena would not create.

    Raises:
        AthenaFailure: no LOCATION, a Hive table that is not external, an Iceberg table that is,
            partitions of the wrong kind, or a column twice.
    """
    if table.is_iceberg and table.external:
        raise failed("SemanticException Iceberg tables cannot be created with EXTERNAL")
    if not table.is_iceberg and not table.external:
        raise failed(
            "SemanticException Managed tables are not supported: use CREATE EXTERNAL TABLE, or "
            "TBLPROPERTIES ('table_type'='ICEBERG')"
        )
    if not table.location:
        raise failed(
            "SemanticException No location was specified for table. "
            "An S3 location must be specified"
        )
    if not table.location.startswith("s3"):
        raise failed(f"SemanticException Location must be on S3: {table.location}")
    if table.transforms and not table.is_iceberg:
        raise failed("SemanticException A partition column needs a type")
    if table.partitioned_by and table.is_iceberg:
        raise failed("SemanticException A partition column of Iceberg is one of the table's")
    _check_names([column.name for column in (*table.columns, *table.partitioned_by)])


def _check_names(names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise failed(f"SemanticException [Error 10036]: Duplicate column name: {name}")


def failed(message: str) -> AthenaFailure:
    """Return the failure of a Hive statement, as `FAILED: message`."""
    return AthenaFailure("FAILED", message)
