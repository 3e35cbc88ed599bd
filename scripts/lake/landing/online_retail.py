"""`lake land online-retail`: the UCI Online Retail files, as changes of orders, lines, customers, products.

One order per invoice, the n-th row of an invoice is its line n. The records are a function of the
rows alone, however they are cut into files, so that a day landed twice is the same day.
"""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import duckdb

from lake.contract import load_contract
from lake.errors import UserError
from lake.landing import cdc, tabular
from lake.landing.partitions import Written, write_partitions
from lake.landing.report import Steps, print_summary, steps
from lake.paths import lake_root

PREFIX = "online-retail"
FORM = tabular.Form(
    "published",
    {
        "invoice": ("invoiceno", "invoice"),
        "stock_code": ("stockcode",),
        "description": ("description",),
        "quantity": ("quantity",),
        "invoice_date": ("invoicedate",),
        "unit_price": ("unitprice", "price"),
        "customer": ("customerid", "customer id"),
        "country": ("country",),
    },
)
_MONTH_FIRST = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%y %H:%M", "%m/%d/%Y")
_DAY_FIRST = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%y %H:%M", "%d/%m/%Y")
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
    with tempfile.TemporaryDirectory() as folder:
        con = _connect(Path(folder))
        progress.begin("reading", total=len(files))
        published = []
        for file in files:
            published.append(tabular.open_published(file, Path(folder)))
            progress.advance(1)
        loaded = tabular.load(con, FORM, published)
        progress.begin("sorting rows into invoices")
        repeated = _prepare(con, path)
        _observe(con)
        for name, key, value in (
            ("customers", "customer_id", "country"),
            ("products", "product_id", "product_name"),
        ):
            cdc.known_values(con, root, contract[name], PREFIX, key, value)
            con.execute(f"create table {name}_changes as {cdc.value_changes(f'{name}_seen')}")
        _make_lines(con)
        written = {}
        for name, order_by in _TABLES.items():
            progress.begin(f"writing {name}", total=_number(con, f"select count(*) from {name}"))
            written[name] = write_partitions(
                con, root, contract[name], name, order_by, PREFIX, on_rows=progress.advance
            )
        facts = _facts(con, loaded, repeated)
        con.close()
    return written, facts


def _connect(folder: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(
        config={"memory_limit": "2GB", "temp_directory": str(folder / "spill")}
    )
    tabular.text_macros(con)
    cdc.number_macros(con)
    return con


def _number(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = con.execute(query).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def _prepare(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Make the tables rows and invoices from the published rows; return how many were repeats."""
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    con.execute(
        f"""
        create table dated as
        select *,
            case when stamp between timestamp '2009-01-01' and timestamp '{tomorrow}'
                then stamp end as usable
        from (
            select file_no, position,
                regexp_replace(cell(invoice), '^([0-9]+)[.]0+$', '\\1') as order_id,
                upper(cell(stock_code)) as product_id,
                cell(description) as description,
                cell(quantity) as quantity_text, exact(cell(quantity)) as quantity,
                cell(unit_price) as price_text, exact(cell(unit_price)) as unit_price,
                cell(invoice_date) as date_text,
                coalesce(
                    try_cast(cell(invoice_date) as timestamp),
                    try_strptime(cell(invoice_date), {list(_date_formats(con))})
                ) as stamp,
                regexp_replace(cell(customer), '^([0-9]+)[.]0+$', '\\1') as customer_id,
                cell(country) as country
            from published
        )
        """
    )
    con.execute("drop table published")
    rows = _number(con, "select count(*) from dated")
    usable = _number(con, "select count(usable) from dated")
    if rows and not usable:
        raise UserError(f"{path}: no InvoiceDate is readable; write them as 2010-12-01 08:26:00")
    repeated = _drop_repeats(con)
    near = """coalesce(
        usable,
        case when order_id is not null then min(usable) over (partition by order_id) end,
        last_value(usable ignore nulls) over (
            partition by file_no order by position
            rows between unbounded preceding and current row),
        first_value(usable ignore nulls) over (
            partition by file_no order by position
            rows between current row and unbounded following),
        (select min(usable) from dated))"""
    con.execute(
        f"""
        create table rows as
        select *, cast(event_at as date) as arrival_date,
            try_cast(round(quantity * unit_price, 2) as decimal(18, 2)) as line_amount,
            case upper(order_id[1]) when 'C' then 'credit_note' when 'A' then 'adjustment'
                else 'sale' end as order_type,
            row_number() over (
                partition by coalesce(order_id, 'of ' || cast(cast(event_at as date) as varchar))
                order by position
            ) as line_number
        from (select *, {"usable" if usable == rows else near} as event_at from dated)
        """
    )
    con.execute("drop table dated")
    con.execute(
        """
        create table invoices as
        select order_id, any_value(order_type) as order_type, min(event_at) as order_at,
            coalesce(min(usable), min(stamp)) as stamp, min(date_text) as date_text,
            arg_min(customer_id, position) filter (customer_id is not null) as customer_id,
            arg_min(country, position) filter (country is not null) as country,
            coalesce(sum(line_amount), 0) as amount
        from rows where order_id is not null group by order_id
        """
    )
    return repeated


def _date_formats(con: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Return the slashed forms of the input: month first, as published, unless that cannot be."""
    days_first = _number(
        con,
        """
        select count(*) filter (first > 12) > 0 and count(*) filter (second > 12) = 0
        from (
            select try_cast(split_part(invoice_date, '/', 1) as int) as first,
                try_cast(split_part(invoice_date, '/', 2) as int) as second
            from published where invoice_date like '%/%'
        )
        """,
    )
    return _DAY_FIRST if days_first else _MONTH_FIRST


def _drop_repeats(con: duckdb.DuckDBPyConnection) -> int:
    """Drop rows of an invoice that was published twice; return their number.

    The two years of Online Retail II overlap by nine days. Such an invoice comes back in another
    file, or in the same file after the days have jumped back. Equal rows of one publication are
    lines of their own; the k-th equal row of a second one is the k-th of the first.
    """
    con.execute(
        """
        create temp table publications as
        select order_id, position, file_no, sum(goes_back) over (order by position) as stretch
        from (
            select *, cast(coalesce(cast(usable as date) < lag(cast(usable as date))
                over (partition by file_no order by position), false) as int) as goes_back
            from dated
        )
        """
    )
    con.execute(
        """
        create temp table repeats as
        with republished as (
            select order_id from publications where order_id is not null
            group by order_id
            having min(file_no) <> max(file_no) or min(stretch) <> max(stretch)
        ),
        counted as (
            select row.position, row.order_id,
                hash(row.product_id, row.description, row.quantity_text, row.price_text,
                    row.date_text, row.customer_id, row.country) as content,
                pub.file_no, pub.stretch
            from dated as row
            join publications as pub on row.position = pub.position
            semi join republished on row.order_id = republished.order_id
        ),
        numbered as (
            select *, row_number() over (
                partition by order_id, content, file_no, stretch order by position) as copy
            from counted
        )
        select position from (
            select position, row_number() over (
                partition by order_id, content, copy order by position) as time
            from numbered
        ) where time > 1
        """
    )
    con.execute("delete from dated where position in (select position from repeats)")
    repeated = _number(con, "select count(*) from repeats")
    con.execute("drop table repeats; drop table publications")
    return repeated


def _observe(con: duckdb.DuckDBPyConnection) -> None:
    """Make customers_seen (country by order time) and products_seen (name by day)."""
    con.execute(
        f"""
        create table customers_seen as
        select customer_id as key, {cdc.lsn_at("order_at")} as lsn, order_at as changed_at,
            min_by(country, order_id) as value, min_by(country, order_id) as fallback
        from invoices where customer_id is not null group by customer_id, order_at
        """
    )
    # A name is what the shop sells it as: notes such as "damaged" stand on rows without a price.
    con.execute(
        f"""
        create table products_seen as
        select product_id as key, {cdc.lsn_at("min(event_at)")} as lsn, min(event_at) as changed_at,
            arg_min(description, position)
                filter (description is not null and unit_price > 0) as value,
            coalesce(arg_min(description, position) filter (description is not null), product_id)
                as fallback
        from rows where product_id is not null group by product_id, arrival_date
        """
    )


def _make_lines(con: duckdb.DuckDBPyConnection) -> None:
    """Make the views of the landed lines, one per table: arrival_date, line, and the sort keys."""
    for name, query in _LINES.items():
        con.execute(f"create view {name} as {query}")


def _orders() -> str:
    created = f"case when stamp is null then date_text else {cdc.iso('stamp')} end"
    amount = "cents(amount)"
    after = {
        "order_id": "order_id",
        "customer_id": "customer_id",
        "order_type": "order_type",
        "status": "'completed'",
        "channel": "'online'",
        "country": "country",
        "currency_code": "'GBP'",
        "lines_amount": amount,
        "discount_amount": "'0.00'",
        "tax_amount": "'0.00'",
        "shipping_amount": "'0.00'",
        "total_amount": amount,
        "customer_email": "cast(null as varchar)",
        "customer_phone": "cast(null as varchar)",
        "created_at": created,
        "updated_at": created,
    }
    line = cdc.change_line(
        "orders", {"order_id": "order_id"}, after, "order_at", cdc.lsn_at("order_at"), "'c'"
    )
    return f"select cast(order_at as date) as arrival_date, order_id, {line} as line from invoices"


def _order_items() -> str:
    created = f"case when stamp is null then date_text else {cdc.iso('stamp')} end"
    after = {
        "order_id": "order_id",
        "line_number": "line_number",
        "product_id": "product_id",
        "line_type": "order_type",
        "description": "description",
        "quantity": (
            "case when quantity = trunc(quantity) then to_json(cast(quantity as bigint))"
            " else to_json(coalesce(plain(quantity), quantity_text)) end"
        ),
        "unit_price": "coalesce(plain(unit_price), price_text)",
        "line_amount": "cents(line_amount)",
        "discount_amount": "'0.00'",
        "tax_amount": "'0.00'",
        "shipping_amount": "'0.00'",
        "currency_code": "'GBP'",
        "created_at": created,
        "updated_at": created,
    }
    keys = {"order_id": "order_id", "line_number": "line_number"}
    line = cdc.change_line(
        "order_items", keys, after, "event_at", cdc.lsn_at("event_at"), "'c'"
    )
    return f"""
        select arrival_date, order_id, line_number, false as is_broken, {line} as line from rows
        union all
        select coalesce(row.arrival_date, (select min(arrival_date) from rows)), null,
            row_number() over (order by bad.raw, bad.position), true,
            to_json({{'error': bad.error, 'raw': bad.raw}})
        from published_broken as bad
        asof left join rows as row
            on bad.file_no = row.file_no and bad.position >= row.position
    """


def _customers() -> str:
    after = {
        "customer_id": "key",
        "full_name": "cast(null as varchar)",
        "email": "cast(null as varchar)",
        "phone": "cast(null as varchar)",
        "street_address": "cast(null as varchar)",
        "city": "cast(null as varchar)",
        "postal_code": "cast(null as varchar)",
        "country": "value",
        "created_at": cdc.iso("created_at"),
        "updated_at": cdc.iso("changed_at"),
    }
    line = cdc.change_line("customers", {"customer_id": "key"}, after, "changed_at", "lsn", "operation")
    return f"select cast(changed_at as date) as arrival_date, key, {line} as line from customers_changes"


def _products() -> str:
    service = "not regexp_matches(key, '^[0-9]{5}')"
    after = {
        "product_id": "key",
        "product_name": "value",
        "category": f"case when {service} then 'service' else 'merchandise' end",
        "supplier_id": "cast(null as varchar)",
        "list_price": "cast(null as varchar)",
        "currency_code": "'GBP'",
        "is_service": service,
        "is_active": "true",
        "created_at": cdc.iso("created_at"),
        "updated_at": cdc.iso("changed_at"),
    }
    line = cdc.change_line("products", {"product_id": "key"}, after, "changed_at", "lsn", "operation")
    return f"select cast(changed_at as date) as arrival_date, key, {line} as line from products_changes"


_LINES = {
    "orders": _orders(),
    "order_items": _order_items(),
    "customers": _customers(),
    "products": _products(),
}


def _facts(
    con: duckdb.DuckDBPyConnection, loaded: tabular.Loaded, repeated: int
) -> dict[str, Any]:
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
