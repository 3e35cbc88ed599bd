"""`lake land online-retail`: the UCI Online Retail files, as changes of the shop's tables.

One order per invoice, the n-th row of an invoice is its line n. The records are a function of the
rows alone, however they are cut into files, so that a day landed twice is the same day.
"""

from pathlib import Path
from typing import Any

import click
import duckdb

from lake.contract import load_contract
from lake.landing import cdc, tabular
from lake.landing import online_retail_rows as rows
from lake.landing.online_retail_lines import LINES
from lake.landing.partitions import Written, write_partitions
from lake.landing.report import Steps, print_summary, steps
from lake.paths import lake_root

PREFIX = "online-retail"
_TABLES = {
    "orders": "order_id",
    "order_items": "order_id, is_broken, line_number",
    "customers": "key",
    "products": "key",
}


@click.command("online-retail", no_args_is_help=True)
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Lake to write to (LAKE_ROOT).")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def online_retail(path: Path, out: Path | None, as_json: bool) -> None:
    """Land the published UCI Online Retail (or II) files in PATH, a file or a folder.

    CSV or Parquet, both headers, any years, one file or one a day. Landing the same again
    changes nothing.

    Example: lake land online-retail data/online_retail
    """
    root = (out or lake_root()).resolve()
    with steps(as_json) as progress:
        tables, facts = land(path, root, progress)
    print_summary(f"online-retail: {path} -> {root}", tables, facts, as_json)


def land(path: Path, root: Path, progress: Steps) -> tuple[dict[str, Written], dict[str, Any]]:
    """Land the files of `path` in the lake `root`; return what was written, and facts to report.

    Raises:
        UserError: no file, a wrong header, no readable date, a full disk.
    """
    contract = load_contract()
    files = tabular.find_files(path)
    with tabular.workbench() as (con, folder):
        cdc.number_macros(con)
        progress.begin("reading", total=len(files))
        published = []
        for file in files:
            published.append(tabular.open_published(file, folder))
            progress.advance(1)
        loaded = tabular.load(con, rows.FORM, published)
        progress.begin("sorting rows into invoices")
        repeated = rows.prepare(con, path)
        rows.observe(con)
        for name, key, value in (
            ("customers", "customer_id", "country"),
            ("products", "product_id", "product_name"),
        ):
            cdc.known_values(con, root, contract[name], prefix=PREFIX, key=key, value=value)
            con.execute(f"create table {name}_changes as {cdc.value_changes(f'{name}_seen')}")
        for name, query in LINES.items():
            con.execute(f"create view {name} as {query}")
        written = {}
        for name, order_by in _TABLES.items():
            progress.begin(
                f"writing {name}", total=tabular.number(con, f"select count(*) from {name}")
            )
            written[name] = write_partitions(
                con,
                root,
                contract[name],
                name,
                order_by=order_by,
                prefix=PREFIX,
                on_rows=progress.advance,
            )
        facts = _facts(con, loaded, repeated)
    return written, facts


def _facts(con: duckdb.DuckDBPyConnection, loaded: tabular.Loaded, repeated: int) -> dict[str, Any]:
    row = con.execute(
        """
        select
            (select count(*) from invoices where order_type = 'sale'),
            (select count(*) from invoices where order_type = 'credit_note'),
            (select count(*) from invoices where order_type = 'adjustment'),
            (select count(*) from invoices where customer_id is null),
            (select count(distinct customer_id) from invoices),
            coalesce(sum(line_amount), 0),
            count(*) filter (
                stamp is null or quantity is null or unit_price is null or order_id is null
                or product_id is null
            ),
            cast(min(arrival_date) as varchar), cast(max(arrival_date) as varchar)
        from rows
        """
    ).fetchone()
    names = (
        "sales",
        "credit_notes",
        "adjustments",
        "orders_of_guests",
        "known_customers",
        "net_revenue_gbp",
        "rows_with_an_unreadable_field",
        "first_day",
        "last_day",
    )
    return {
        "files_read": len(loaded.files),
        "rows_read": loaded.rows + loaded.broken_rows,
        "rows_published_twice": repeated,
        "rows_of_another_width": loaded.broken_rows,
        **dict(zip(names, row or (), strict=True)),
    }
