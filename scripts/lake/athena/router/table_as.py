"""CREATE TABLE AS: its properties in Trino's words, where its data goes."""

from dataclasses import dataclass, field

from lake.athena.errors import AthenaFailure
from lake.athena.outcome import Outcome
from lake.athena.router import manifest, outcomes, places, properties, tables
from lake.athena.router.context import HIVE, ICEBERG, Context
from lake.athena.sql import kinds
from lake.athena.sql.quoting import trino_name, trino_string
from lake.athena.sql.refused import check_table_as

_COMPRESSION = ("write_compression", "parquet_compression", "orc_compression")
_SAME_IN_HIVE = ("bucket_count",)
_ARRAYS_IN_HIVE = ("partitioned_by", "bucketed_by")
_SAME_IN_ICEBERG = ("format_version",)


@dataclass
class Target:
    """Where a CREATE TABLE AS writes, in Trino's words.

    `options` are the WITH properties, `parameters` what only Glue keeps.
    """

    catalog: str
    location: str
    options: dict[str, str] = field(default_factory=dict)
    session: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)


def target(statement: kinds.CreateTableAs, context: Context) -> Target:
    """Return where and how the table is written.

    Raises:
        AthenaFailure: a property that Athena does not know.
    """
    given = dict(statement.properties)
    table_type = properties.text_of(given.pop("table_type", "'hive'")).lower()
    check_table_as(table_type, given)
    given.pop("is_external", None)
    file_format = properties.text_of(given.pop("format", "'PARQUET'")).upper()
    file_format = "TEXTFILE" if file_format == "TEXT" else file_format
    found = _target_of_type(table_type, given, context)
    found.options["format"] = trino_string(file_format)
    for key in _COMPRESSION:
        if key in given:
            compression = properties.codec(properties.text_of(given.pop(key)), file_format)
            found.session[f"{found.catalog}.compression_codec"] = compression
    given.pop("compression_level", None)
    _map_options(found, given)
    return found


def _target_of_type(table_type: str, given: dict[str, str], context: Context) -> Target:
    default = trino_string(f"{context.output_location}tables/{context.query_id}")
    if table_type == "iceberg":
        location = properties.text_of(given.pop("location", default)).rstrip("/")
        return Target(ICEBERG, location, {"location": trino_string(location)})
    if "external_location" in given and context.location_enforced:
        raise AthenaFailure(
            "INVALID_TABLE_PROPERTY",
            "The Create Table As Select query failed because it was submitted with an "
            "'external_location' property to an Athena Workgroup that enforces a centralized "
            "output location for all queries. Please remove the 'external_location' property and "
            "resubmit the query.",
        )
    location = properties.text_of(given.pop("external_location", default)).rstrip("/") + "/"
    return Target(HIVE, location, {"external_location": trino_string(location)})


def _map_options(found: Target, given: dict[str, str]) -> None:
    for key, value in given.items():
        if found.catalog == HIVE and key == "field_delimiter":
            found.options["textfile_field_separator"] = value
        elif found.catalog == HIVE and key in _ARRAYS_IN_HIVE:
            names = [name.lower() for name in properties.texts_of(key, value)]
            found.options[key] = properties.array(names)
        elif key in (_SAME_IN_HIVE if found.catalog == HIVE else _SAME_IN_ICEBERG):
            found.options[key] = value
        elif key == "partitioning":
            parts = properties.texts_of(key, value)
            transforms = [properties.iceberg_transform(part) for part in parts]
            found.options[key] = properties.array(transforms)
        elif key == "sorted_by":
            fields = [properties.sorted_by(text) for text in properties.texts_of(key, value)]
            found.options[key] = properties.array(fields)
        else:
            found.parameters[key] = properties.text_of(value)


def head(statement: kinds.CreateTableAs, context: Context, found: Target) -> str:
    """Return the statement in Trino's words up to its query."""
    schema, table = context.place(statement.name)
    comment = f"COMMENT {trino_string(statement.comment)} " if statement.comment else ""
    return (
        f"CREATE TABLE {found.catalog}.{trino_name(schema)}.{trino_name(table)} "
        f"{comment}{properties.clause(found.options)} AS"
    )


def create(statement: kinds.CreateTableAs, context: Context) -> Outcome:
    """Create the table and fill it; the data is where Athena would have put it."""
    found = target(statement, context)
    schema, table = context.place(statement.name)
    if context.catalog.has_database(schema) and context.catalog.table(schema, table) is not None:
        if statement.if_not_exists:
            return outcomes.table_as(0)
        raise AthenaFailure(
            "TABLE_ALREADY_EXISTS",
            f"line 1:1: Destination table '{HIVE}.{schema}.{table}' already exists",
        )
    if found.catalog == HIVE:
        check_empty(context, found.location, f"{schema}.{table}")
    result = places.run_behind(
        context, head(statement, context, found), statement.query, found.session
    )
    tables.set_parameters(context, statement.name, found.parameters)
    manifest.write(context, found.location, "tables/")
    return outcomes.table_as(result.update_count, found.location)


def check_empty(context: Context, location: str, table: str) -> None:
    """Raise where objects are at a location that a new table would take."""
    if context.storage.keys(location.rstrip("/") + "/"):
        raise AthenaFailure(
            "HIVE_PATH_ALREADY_EXISTS",
            f"Target directory for table '{table}' already exists: {location}. You may need to "
            f"manually clean the data at location '{context.output_location}tables/"
            f"{context.query_id}' before retrying. Athena will not delete data in your account.",
        )
