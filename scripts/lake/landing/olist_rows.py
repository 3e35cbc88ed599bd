"""The published rows of Olist, typed and joined: the tables from which its lines are made."""

from datetime import UTC, datetime, timedelta

import duckdb

from lake.landing import cdc, tabular

# The day of the first published order: when a record lands whose own time no file tells.
FIRST_DAY = "timestamp '2016-09-04 00:00:00'"
_TIMES = ("purchase_timestamp", "approved_at", "delivered_carrier_date", "delivered_customer_date")


def _form(name: str, *columns: str) -> tabular.Form:
    return tabular.Form(name, {column: (column,) for column in columns})


FORMS = (
    _form(
        "published_orders",
        "order_id",
        "customer_id",
        "order_status",
        *(f"order_{time}" for time in _TIMES),
    ),
    _form(
        "published_items",
        "order_id",
        "order_item_id",
        "product_id",
        "shipping_limit_date",
        "price",
        "freight_value",
    ),
    _form("published_payments", "order_id", "payment_sequential", "payment_type", "payment_value"),
    _form(
        "published_customers",
        "customer_id",
        "customer_unique_id",
        "customer_zip_code_prefix",
        "customer_city",
    ),
    _form("published_translation", "product_category_name", "product_category_name_english"),
    _form("published_products", "product_id", "product_category_name"),
)
UNUSED = (
    _form("reviews", "review_id"),
    _form("geolocation", "geolocation_zip_code_prefix", "geolocation_lat"),
    _form("sellers", "seller_id", "seller_zip_code_prefix"),
)


def usable(text: str) -> str:
    """SQL: the timestamp of a text, NULL where no partition of the lake could hold it."""
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    return (
        f"case when try_cast({text} as timestamp) between timestamp '2009-01-01'"
        f" and timestamp '{tomorrow}' then try_cast({text} as timestamp) end"
    )


def prepare(con: duckdb.DuckDBPyConnection, found: dict[str, list[tabular.Published]]) -> None:
    """Make the tables accounts, items, purchases, life, customers_changes, goods, charges."""
    con.execute(
        """
        create table accounts as
        select distinct cell(customer_id) as account_id, cell(customer_unique_id) as customer_id,
            lpad(cell(customer_zip_code_prefix), 5, '0') as postal_code,
            cell(customer_city) as city
        from published_customers
        """
    )
    con.execute(
        """
        create table items as
        select *, exact(price_text) as unit_price, exact(freight_text) as freight,
            cast(round(exact(price_text), 2) as decimal(18, 2)) as line_amount
        from (
            select distinct cell(order_id) as order_id, cell(order_item_id) as line_number,
                cell(product_id) as product_id, cell(shipping_limit_date) as limit_text,
                cell(price) as price_text, cell(freight_value) as freight_text
            from published_items
        )
        """
    )
    times = ", ".join(
        f"cell(order_{time}) as {time}_text, {usable(f'cell(order_{time})')} as {time}"
        for time in _TIMES
    )
    con.execute(
        f"""
        create table purchases as
        with told as (
            select distinct cell(order_id) as order_id, cell(customer_id) as account_id,
                cell(order_status) as status, {times}
            from published_orders
        ),
        people as (
            select account_id, min(customer_id) as customer_id from accounts group by account_id
        ),
        sums as (
            select order_id, sum(line_amount) as lines_amount,
                sum(cast(round(freight, 2) as decimal(18, 2))) as shipping_amount
            from items group by order_id
        )
        select told.*, people.customer_id,
            coalesce({", ".join(f"told.{time}" for time in _TIMES)}, {FIRST_DAY}) as purchased_at,
            sums.order_id is not null as has_lines,
            coalesce(sums.lines_amount, 0) as lines_amount,
            coalesce(sums.shipping_amount, 0) as shipping_amount
        from told
        left join people on told.account_id = people.account_id
        left join sums on told.order_id = sums.order_id
        """
    )
    _prepare_life(con)
    con.execute(
        f"""
        create table customers_seen as
        select customer_id as key, {cdc.lsn_at("moment")} as lsn, moment as changed_at,
            min_by(place, account_id) as value, min_by(place, account_id) as fallback
        from (
            select accounts.customer_id, accounts.account_id,
                cast(to_json({{'city': city, 'postal_code': postal_code}}) as varchar) as place,
                coalesce(purchases.purchased_at, {FIRST_DAY}) as moment
            from accounts left join purchases on accounts.account_id = purchases.account_id
        )
        group by customer_id, moment
        """
    )
    cdc.nothing_known(con)
    con.execute(f"create table customers_changes as {cdc.value_changes('customers_seen')}")
    con.execute(
        f"""
        create table goods as
        with used as (
            select items.product_id, min(purchases.purchased_at) as first_at
            from items join purchases on items.order_id = purchases.order_id
            group by items.product_id
        ),
        translated as (
            select cell(product_category_name) as name,
                min(cell(product_category_name_english)) as english
            from published_translation group by 1
        )
        select told.product_id, coalesce(used.first_at, {FIRST_DAY}) as created_at,
            coalesce(translated.english, told.category, 'unknown') as category
        from (
            select distinct cell(product_id) as product_id, cell(product_category_name) as category
            from published_products
        ) as told
        left join translated on told.category = translated.name
        left join used on told.product_id = used.product_id
        """
    )
    con.execute(
        f"""
        create table charges as
        with ordered as (
            select order_id, min(coalesce(approved_at, purchased_at)) as charged_at
            from purchases group by order_id
        )
        select told.*, ordered.order_id is not null as has_order,
            coalesce(ordered.charged_at, {FIRST_DAY}) as charged_at, exact(value_text) as value
        from (
            select distinct cell(order_id) as order_id, cell(payment_sequential) as number,
                cell(payment_type) as type, cell(payment_value) as value_text
            from published_payments
        ) as told
        left join ordered on told.order_id = ordered.order_id
        """
    )


def _prepare_life(con: duckdb.DuckDBPyConnection) -> None:
    """Make life: one row per change of an order, its steps in the order in which they follow.

    The published times are kept though some run backwards; a change arrives when the last of its
    predecessors has.
    """
    states = ("created", "approved", "shipped", "delivered")
    told = " union all ".join(
        f"select order_id, account_id, {step} as step, '{state}' as state, {time} as stamp,"
        f" {time}_text as stamp_text from purchases"
        + (f" where {time}_text is not null" if step else "")
        for step, (state, time) in enumerate(zip(states, _TIMES, strict=True))
    )
    con.execute(
        f"""
        create table life as
        with told as ({told}),
        reached as (
            select order_id, account_id, max_by(state, step) as state, max(stamp) as stamp
            from told group by order_id, account_id
        ),
        steps as (
            select * from told
            union all
            select reached.order_id, reached.account_id, {len(states)}, purchases.status,
                coalesce(reached.stamp, purchases.purchased_at), null
            from reached
            join purchases on reached.order_id = purchases.order_id
                and reached.account_id is not distinct from purchases.account_id
            where purchases.status is distinct from reached.state
        )
        select steps.step, steps.state, steps.stamp_text, steps.stamp, purchases.* exclude (status),
            coalesce(steps.stamp, purchases.purchased_at) as moment,
            max(coalesce(steps.stamp, purchases.purchased_at)) over (
                partition by purchases.order_id, purchases.account_id order by steps.step
            ) as arrived_at
        from steps
        join purchases on steps.order_id = purchases.order_id
            and steps.account_id is not distinct from purchases.account_id
        """
    )
