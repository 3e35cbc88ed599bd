"""The gold layer, built from published data sets, shows the published figures."""

from decimal import Decimal

import pytest
from lakes import Lake
from published import real_data

MONTHLY_SALES = """
    select
        strftime(order_date, '%Y-%m'),
        sum(net_amount),
        count(*),
        count(*) filter (where line_type = 'credit_note'),
        count(distinct order_id) filter (where line_type = 'credit_note')
    from gold.fct_order_lines
    group by 1
    order by 1
"""
PUBLISHED_MONTHLY_SALES = [
    ("2010-12", Decimal("748957.02"), 42481, 728, 326),
    ("2011-01", Decimal("560000.26"), 35147, 701, 260),
    ("2011-02", Decimal("498062.65"), 27707, 475, 219),
]


@pytest.fixture(scope="module")
def online_retail(tmp_path_factory):
    published = real_data("online_retail")
    lake = Lake(tmp_path_factory.mktemp("online_retail"))
    lake.run("lake", "land", "online-retail", str(published))
    lake.build("--vars", "{reporting_currency: GBP}")
    return lake


@pytest.fixture(scope="module")
def olist(tmp_path_factory):
    published = real_data("olist")
    lake = Lake(tmp_path_factory.mktemp("olist"))
    lake.run("lake", "land", "olist", str(published))
    lake.build()
    return lake


def test_online_retail_months_show_the_published_sales(online_retail):
    assert online_retail.query(MONTHLY_SALES) == PUBLISHED_MONTHLY_SALES


def test_online_retail_daily_sales_add_up_to_the_published_sales(online_retail):
    daily = online_retail.query(
        "select strftime(order_date, '%Y-%m'), sum(revenue_amount)"
        " from gold.agg_daily_sales group by 1 order by 1"
    )
    assert daily == [month[:2] for month in PUBLISHED_MONTHLY_SALES]


def test_online_retail_counts_are_the_published_ones(online_retail):
    counts = online_retail.query(
        "select count(*), count(distinct order_id), count(distinct customer_id)"
        " from gold.fct_order_lines"
    )
    assert counts == [(105335, 4894, 1749)]


def test_online_retail_credit_notes_are_kept(online_retail):
    assert online_retail.query("select count(*) from quarantine.quarantined_records") == [(0,)]


def test_online_retail_landed_twice_changes_no_figure(online_retail):
    online_retail.run("lake", "land", "online-retail", str(real_data("online_retail")))
    online_retail.build("--vars", "{reporting_currency: GBP}")
    assert online_retail.query(MONTHLY_SALES) == PUBLISHED_MONTHLY_SALES


def test_olist_money_is_the_published_money(olist):
    sales = olist.query("select sum(net_amount), sum(shipping_amount) from gold.fct_order_lines")
    paid = olist.query("select sum(captured_amount), count(*) from gold.fct_payments")
    assert sales == [(Decimal("392468.58"), Decimal("68855.36"))]
    assert paid == [(Decimal("468087.37"), 3170)]


def test_olist_orders_agree_with_their_payments_as_published(olist):
    orders = olist.query(
        "select count(*), count(*) filter (where line_count > 0 and payment_count > 0),"
        " count(*) filter (where line_count > 0 and payment_count > 0"
        " and abs(total_amount - captured_amount) <= 0.01) from gold.fct_orders"
    )
    assert orders == [(3000, 2976, 2963)]


def test_olist_last_state_is_the_published_status(olist):
    published = olist.query(
        f"""
        select count(*)
        from read_csv('{real_data("olist")}/olist_orders_dataset.csv', all_varchar = true) as pub
        left join gold.fct_orders as fct on pub.order_id = fct.order_id
        where replace(pub.order_status, 'canceled', 'cancelled') is distinct from fct.order_status
        """
    )
    assert published == [(0,)]


@pytest.mark.parametrize("lake_name", ["online_retail", "olist"])
def test_reconciliation_balances(lake_name, request):
    lake = request.getfixturevalue(lake_name)
    lake.run("lake", "reconcile")
