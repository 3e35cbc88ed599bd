"""`lake query`: one statement against the built database."""

import csv
import json
import sys
from typing import Any

import click
import duckdb
from rich.box import SIMPLE_HEAD
from rich.table import Table as Grid

from lake.database import as_user_error, connect
from lake.errors import UserError
from lake.quality.screen import make_console


@click.command()
@click.argument("sql")
@click.option("--json", "as_json", is_flag=True, help="One JSON list of objects.")
@click.option("--csv", "as_csv", is_flag=True, help="Comma separated, with a header.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="Rows of the table for people.",
)
def query(sql: str, as_json: bool, as_csv: bool, limit: int) -> None:
    """Run SQL on the built tables, for reading only.

    \b
    Example:
      lake query "select * from gold.agg_daily_sales_total order by order_date desc limit 5"
    """
    with connect() as connection:
        try:
            cursor = connection.execute(sql)
            if cursor is None:
                raise UserError('no statement to run; e.g. lake query "select 1"')
            names = [column[0] for column in cursor.description or []]
            rows = cursor.fetchall() if as_json or as_csv else cursor.fetchmany(limit + 1)
        except duckdb.Error as error:
            raise as_user_error(error, "the query failed") from error
    if as_json:
        objects = [dict(zip(names, row, strict=True)) for row in rows]
        click.echo(json.dumps(objects, default=str, ensure_ascii=False, indent=1))
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([names, *rows])
    else:
        _print_table(names, rows, limit)


def _print_table(names: list[str], rows: list[tuple[Any, ...]], limit: int) -> None:
    console = make_console()
    grid = Grid(box=SIMPLE_HEAD)
    for position, name in enumerate(names):
        numeric = bool(rows) and isinstance(rows[0][position], int | float)
        grid.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows[:limit]:
        grid.add_row(*("" if value is None else str(value) for value in row))
    console.print(grid, markup=False)
    more = f"first {limit} rows; --limit shows more" if len(rows) > limit else f"{len(rows)} row(s)"
    console.print(more, highlight=False)
