"""`lake parity`: shows that Athena and DuckDB make the same of the same lake."""

import json
from dataclasses import asdict

import click
from rich.table import Table as Grid

from lake.database import connect, ensure_avro
from lake.landing.report import steps
from lake.parity.athena import Athena
from lake.parity.compare import Parity
from lake.parity.profile import athena_target
from lake.parity.run import compare_all
from lake.paths import project_dir
from lake.quality.screen import make_console
from lake.storage import clear_errors


@click.command()
@click.option("--target", default="athena_local", show_default=True, help="Target of Athena.")
@click.option("--select", "patterns", multiple=True, help="Only these, e.g. 'gold.*'; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
@click.pass_context
def parity(context: click.Context, target: str, patterns: tuple[str, ...], as_json: bool) -> None:
    """Compare every relation of the DuckDB file with the same on Athena, rows and columns.

    Both must have been built from the same landed files. Every column but the audit stamps counts,
    exactly: types, NULLs, decimals, microseconds, and how often a row is there. A difference gives
    exit code 1.

    \b
    Examples:
      lake parity
      lake parity --select 'gold.*' --select int_orders
    """
    ensure_avro()
    with steps(as_json) as progress, clear_errors("cannot reach Athena"), connect() as connection:
        athena = Athena(athena_target(project_dir(), target))
        found: list[Parity] = []
        for total, result in compare_all(athena, connection, patterns):
            if not found:
                progress.begin("relations", total)
            found.append(result)
            progress.advance(1)
    if as_json:
        click.echo(json.dumps([asdict(item) | {"holds": item.holds} for item in found]))
    else:
        print_parity(found)
    context.exit(0 if all(item.holds for item in found) else 1)


def print_parity(found: list[Parity]) -> None:
    """Print a table of all relations, and samples of what differs."""
    console = make_console()
    table = Grid(title="DuckDB against Athena")
    table.add_column("relation")
    for name in ("rows in dev", "in athena", "only in dev", "only in athena"):
        table.add_column(name, justify="right")
    table.add_column("of the relation")
    for item in sorted(found, key=lambda item: item.relation):
        counts = (item.dev_rows, item.athena_rows, item.only_dev, item.only_athena)
        style = None if item.holds else "bold"
        table.add_row(
            item.relation, *(f"{count:,}" for count in counts), "; ".join(item.notes), style=style
        )
    table.add_section()
    totals = [
        sum(getattr(item, name) for item in found)
        for name in ("dev_rows", "athena_rows", "only_dev", "only_athena")
    ]
    wrong = sum(not item.holds for item in found)
    table.add_row(f"{len(found)} relations", *(f"{total:,}" for total in totals), f"{wrong} differ")
    console.print(table)
    for item in found:
        for sign, rows in (("dev", item.sample_dev), ("athena", item.sample_athena)):
            for row in rows:
                console.print(
                    f"{item.relation} only in {sign}: {row}", highlight=False, markup=False
                )
