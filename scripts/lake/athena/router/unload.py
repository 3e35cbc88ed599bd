"""UNLOAD: a hidden table at the target, forgotten when it is written."""

from lake.athena.errors import AthenaFailure
from lake.athena.outcome import Outcome
from lake.athena.router import manifest, outcomes, places, properties
from lake.athena.router.context import HIVE, Context
from lake.athena.sql import kinds
from lake.athena.sql.quoting import trino_name, trino_string

_FALLBACK = "default"


def unload(statement: kinds.Unload, context: Context) -> Outcome:
    """Write the rows of a query as files."""
    location = statement.target.rstrip("/") + "/"
    if context.storage.keys(location):
        raise AthenaFailure(
            "HIVE_PATH_ALREADY_EXISTS",
            f"Target directory {statement.target} is not empty. You may need to manually clean "
            "the data before retrying. Athena will not delete data in your account.",
        )
    schema, table = _hidden(context)
    try:
        result = places.run_behind(
            context,
            f"CREATE TABLE {HIVE}.{trino_name(schema)}.{trino_name(table)} "
            f"{properties.clause(options(statement))} AS",
            statement.query,
            session(statement),
        )
    finally:
        if context.catalog.table(schema, table) is not None:
            context.catalog.drop_table(schema, table)
    manifest.write(context, location)
    return outcomes.written("UNLOAD", result.update_count)


def _hidden(context: Context) -> tuple[str, str]:
    schema = context.database.lower()
    if not schema or not context.catalog.has_database(schema):
        schema = _FALLBACK
        if not context.catalog.has_database(schema):
            context.catalog.create_database(schema)
    return schema, "unload_" + context.query_id.replace("-", "_")


def options(statement: kinds.Unload) -> dict[str, str]:
    """Return the WITH properties of the hidden table."""
    given = statement.options
    found = {
        "external_location": trino_string(statement.target.rstrip("/") + "/"),
        "format": trino_string(_format(statement)),
    }
    if "partitioned_by" in given:
        names = properties.texts_of("partitioned_by", given["partitioned_by"])
        found["partitioned_by"] = properties.array([name.lower() for name in names])
    if "field_delimiter" in given:
        found["textfile_field_separator"] = given["field_delimiter"]
    return found


def _format(statement: kinds.Unload) -> str:
    wanted = properties.text_of(statement.options["format"]).upper()
    return "TEXTFILE" if wanted == "TEXT" else wanted


def session(statement: kinds.Unload) -> dict[str, str]:
    """Return the session properties: the compression, GZIP as in Athena where none is given."""
    compression = properties.text_of(statement.options.get("compression", "'GZIP'"))
    return {f"{HIVE}.compression_codec": properties.codec(compression, _format(statement))}
