"""The published rows of Online Retail, typed: the tables from which its lines are made."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from lake.errors import UserError
from lake.landing import cdc, tabular

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


def prepare(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Make the tables rows and invoices from the published rows; return how many were repeats."""
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    con.execute(
        f"""
        create table dated as
        select *,
            case when stamp between timestamp '2009-01-01' and timestamp '{tomorrow}'
                then stamp end as usable
        from (
            select * replace (
                    regexp_replace(order_id, '^([0-9]+)[.]0+$', '\\1') as order_id,
                    regexp_replace(customer_id, '^([0-9]+)[.]0+$', '\\1') as customer_id
                ),
                exact(quantity_text) as quantity, exact(price_text) as unit_price,
                coalesce(
                    try_cast(date_text as timestamp),
                    try_strptime(date_text, {list(_date_formats(con))})
                ) as stamp
            from (
                select file_no, position,
                    cell(invoice) as order_id, upper(cell(stock_code)) as product_id,
                    cell(description) as description, cell(quantity) as quantity_text,
                    cell(unit_price) as price_text, cell(invoice_date) as date_text,
                    cell(customer) as customer_id, cell(country) as country
                from published
            )
        )
        """
    )
    con.execute("drop table published")
    rows = tabular.number(con, "select count(*) from dated")
    usable = tabular.number(con, "select count(usable) from dated")
    if rows and not usable:
        raise UserError(
            f"{path}: no InvoiceDate is readable; write them as 2010-12-01 08:26:00, "
            "from 2009 to today"
        )
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
    days_first = tabular.number(
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
    repeated = tabular.number(con, "select count(*) from repeats")
    con.execute("drop table repeats; drop table publications")
    return repeated


def observe(con: duckdb.DuckDBPyConnection) -> None:
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
