"""`lake land extract`: a table of an operational database as it is now, landed as JSON lines."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import click
import duckdb
from isal import igzip

from lake.contract import Table, load_contract
from lake.errors import UserError
from lake.landing.marks import escape_marks
from lake.landing.partitions import Written
from lake.landing.report import print_summary
from lake.landing.writer import write_file
from lake.live.dynamodb import dynamodb_items
from lake.paths import lake_root

# Every value as the text that PostgreSQL writes, so that no number is rounded on its way.
POSTGRESQL = """
select (select json_object_agg(key, value) from json_each_text(row_to_json(t)))::text as raw_line
from {table} as t
"""
# What an empty table lands as, for the newest day with a line is the state; no row is it.
NO_ROW = "{}"


@click.command(no_args_is_help=True)
@click.argument("database", type=click.Choice(["postgresql", "dynamodb"]))
@click.argument("table")
@click.option(
    "--arrival-date",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day of arrival.  [default: today, UTC]",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Lake to write to.  [default: LAKE_ROOT]"
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def extract(
    database: str, table: str, arrival_date: datetime | None, out: Path | None, as_json: bool
) -> None:
    """Land every row of TABLE of DATABASE, for models that read the live database elsewhere.

    PGHOST, PGPORT, PGUSER, PGDATABASE and PGPASSWORD say where PostgreSQL is; the standard
    configuration of AWS clients where DynamoDB is. An extract of the same day is replaced.

    Example: PGHOST=/var/run/postgresql lake land extract postgresql orders
    """
    landed = _contract(database, table)
    root = (out or lake_root()).resolve()
    day = (arrival_date or datetime.now(UTC)).date().isoformat()
    rows = postgresql_rows(table) if database == "postgresql" else _items(table)
    lines = escape_marks("".join(f"{row}\n" for row in rows or [NO_ROW]).encode())
    packed = igzip.compress(lines, 1, mtime=0)
    write_file(root, f"{landed.partition(day)}/{table}.json.gz", packed)
    facts = {"arrival_date": day, "md5": hashlib.md5(lines).hexdigest()}
    written = Written(len(rows), 1, len(packed))
    print_summary(f"extract: {database} {table} -> {root}", {landed.name: written}, facts, as_json)


def _contract(database: str, table: str) -> Table:
    location = f"database-extract/source={database}/table={table}"
    found = [one for one in load_contract().values() if one.location == location]
    if not found:
        raise UserError(
            f"no contract has the location {location}; add a table to models/staging/live"
        )
    return found[0]


def postgresql_rows(table: str) -> list[str]:
    """Return every row of a table of PostgreSQL as JSON text.

    Raises:
        UserError: no server answers, or it does not know the table.
    """
    with duckdb.connect() as connection:
        connection.execute("load postgres_scanner")
        try:
            connection.execute("attach '' as live (type postgres, read_only)")
            query = "select raw_line from postgres_query('live', ?)"
            found = connection.execute(query, [POSTGRESQL.format(table=table)]).fetchall()
        except duckdb.Error as error:
            raise UserError(
                f"cannot read {table} of PostgreSQL: {str(error).splitlines()[0]}; set PGHOST, "
                "PGPORT, PGUSER and PGDATABASE"
            ) from error
    return [row for (row,) in found]


def _items(table: str) -> list[str]:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  as boto3 itself

    try:
        return dynamodb_items(table)
    except (BotoCoreError, ClientError) as error:
        raise UserError(f"cannot read {table} of DynamoDB: {error}") from error
