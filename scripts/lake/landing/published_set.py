"""What the landings of published sets share: their command, and the writing of their tables."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
import duckdb

from lake.contract import load_contract
from lake.landing import tabular
from lake.landing.partitions import Written, write_partitions
from lake.landing.report import Steps, print_summary, steps
from lake.paths import lake_root

# What was written, by table, and facts to report.
Landed = tuple[dict[str, Written], dict[str, Any]]


def set_command(name: str, text: str, land: Callable[[Path, Path, Steps], Landed]) -> click.Command:
    """Return the command `lake land NAME`, whose help is `text`.

    `land` takes where the published files are, the lake, and the progress to tell.
    """

    @click.command(name, no_args_is_help=True, help=text)
    @click.argument("path", type=click.Path(path_type=Path))
    @click.option(
        "--out", type=click.Path(path_type=Path), help="Lake to write to.  [default: LAKE_ROOT]"
    )
    @click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
    def command(path: Path, out: Path | None, as_json: bool) -> None:
        root = (out or lake_root()).resolve()
        with steps(as_json) as progress:
            tables, facts = land(path, root, progress)
        print_summary(f"{name}: {path} -> {root}", tables, facts, as_json)

    return command


def write_tables(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    order_by: Mapping[str, str],
    prefix: str,
    progress: Steps,
) -> dict[str, Written]:
    """Write the views that are named as landed tables; return what was written of each.

    `order_by` holds for each table the terms that put its lines into a total order.

    Raises:
        UserError: the disk is full or the folder cannot be written.
    """
    contract = load_contract()
    written = {}
    for name, terms in order_by.items():
        lines = tabular.number(con, f"select count(*) from {name}")
        progress.begin(f"writing {name}", total=lines)
        written[name] = write_partitions(
            con,
            root,
            contract[name],
            name,
            order_by=terms,
            prefix=prefix,
            on_rows=progress.advance,
        )
    return written
