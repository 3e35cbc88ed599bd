"""`lake land olist`: the Olist files, as changes of the shop's tables and as charges.

An order's life is its changes: created, approved, shipped, delivered at their published times, and
a last one where the published status is another. Any subset of the nine files lands; what a missing
file would have told is then absent, and the position of a record grows with what is known, so that
landing the whole set later supersedes it.
"""

from pathlib import Path
from typing import Any

import duckdb

from lake.errors import UserError
from lake.landing import cdc, tabular
from lake.landing import olist_lines as lines
from lake.landing import olist_rows as rows
from lake.landing.published_set import Landed, write_tables
from lake.landing.report import Steps

# The terms that put the lines of a table into a total order.
_ORDER_BY = {
    "orders": "order_id, step, line",
    "order_items": "order_id, line_number, line",
    "customers": "key, lsn, line",
    "products": "product_id, line",
    "payments": "id, line",
}


def land(path: Path, root: Path, progress: Steps) -> Landed:
    """Land the files of `path` in the lake `root`; return what was written, and facts to report.

    Raises:
        UserError: no file, a file that is none of Olist's, a full disk.
    """
    files = tabular.find_files(path)
    with tabular.workbench() as (con, folder):
        cdc.number_macros(con)
        progress.begin("reading", total=len(files))
        found: dict[str, list[tabular.Published]] = {form.name: [] for form in rows.FORMS}
        unused = []
        for file in files:
            published = tabular.open_published(file, folder)
            name = _kind(published)
            if name in found:
                found[name].append(published)
            else:
                unused.append(file.name)
            progress.advance(1)
        loaded = {form.name: tabular.load(con, form, found[form.name]) for form in rows.FORMS}
        progress.begin("joining")
        rows.prepare(con, found)
        for name, query in lines.queries(found).items():
            con.execute(f"create view {name} as {query}")
        written = write_tables(con, root, _ORDER_BY, "olist", progress)
        facts = {
            "files_read": len(files) - len(unused),
            "files_not_used": ", ".join(unused) or "none",
            "rows_of_another_width": sum(part.broken_rows for part in loaded.values()),
            **_facts(con),
        }
    return written, facts


def _kind(published: tabular.Published) -> str:
    for form in (*rows.FORMS, *rows.UNUSED):
        if form.places(published.header) is not None:
            return form.name
    raise UserError(
        f"{published.path}: its header is {', '.join(published.header)[:200]}, which is none of the"
        " nine Olist files; move it elsewhere"
    )


def _facts(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    row = con.execute(
        """
        with due as (
            select order_id, sum(lines_amount + shipping_amount) as amount,
                bool_or(has_lines) as has_lines
            from purchases group by order_id
        ),
        paid as (
            select order_id, sum(value) as amount, bool_and(has_order) as has_order
            from charges group by order_id
        )
        select
            (select count(*) from due),
            (select coalesce(sum(line_amount), 0) from items),
            (select coalesce(sum(cast(freight as decimal(18, 2))), 0) from items),
            (select coalesce(sum(cast(value as decimal(18, 2))), 0) from charges),
            (select count(*) from due join paid using (order_id) where due.has_lines),
            (select count(*) from due join paid using (order_id)
                where due.has_lines and due.amount = paid.amount),
            (select count(*) from due join paid using (order_id)
                where due.has_lines and abs(due.amount - paid.amount) <= 0.01),
            (select count(*) from due where not has_lines),
            (select count(*) from due anti join paid using (order_id)),
            (select count(*) from charges where not has_order),
            (select count(*) from items anti join due using (order_id)),
            (select count(*) from purchases where customer_id is null)
        """
    ).fetchone()
    names = (
        "orders",
        "item_price_brl",
        "freight_brl",
        "payments_brl",
        "orders_with_items_and_payments",
        "of_these_equal",
        "of_these_within_one_cent",
        "orders_without_items",
        "orders_without_charge",
        "charges_without_order",
        "items_without_order",
        "orders_without_customer",
    )
    return dict(zip(names, row or (), strict=True))
