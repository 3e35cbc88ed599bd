"""`lake land online-retail`: the UCI Online Retail files, as changes of the shop's tables.

One order per invoice, the n-th row of an invoice is its line n. The records are a function of the
rows alone, however they are cut into files, so that a day landed twice is the same day.
"""

from pathlib import Path
from typing import Any

import duckdb

from lake.contract import load_contract
from lake.landing import cdc, tabular
from lake.landing import online_retail_rows as rows
from lake.landing.online_retail_lines import LINES
from lake.landing.published_set import Landed, write_tables
from lake.landing.report import Steps

PREFIX = "online-retail"
# The terms that put the lines of a table into a total order.
_ORDER_BY = {
    "orders": "order_id",
    "order_items": "order_id, is_broken, line_number",
    "customers": "key",
    "products": "key",
}


def land(path: Path, root: Path, progress: Steps) -> Landed:
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
        written = write_tables(con, root, _ORDER_BY, PREFIX, progress)
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
