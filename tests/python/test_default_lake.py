"""The default lake from end to end: landed, built with every test, documented, accounted for."""

import json

import pytest
from lakes import Lake


@pytest.fixture(scope="module")
def default_lake(tmp_path_factory):
    lake = Lake(tmp_path_factory.mktemp("default"))
    lake.root.mkdir()
    lake.run("lake", "build")
    return lake


def test_every_model_and_test_of_the_build_passes(default_lake):
    results = json.loads((default_lake.folder / "target" / "run_results.json").read_text())
    built = [one for one in results["results"] if not one["unique_id"].startswith("exposure.")]
    assert len(built) > 400
    assert {result["status"] for result in built} <= {"success", "pass"}
    assert sum(each["unique_id"].startswith("test.") for each in results["results"]) > 300


def test_the_docs_site_is_one_file(default_lake):
    page = (default_lake.folder / "target" / "static_index.html").read_text()
    assert "fct_order_lines" in page


def test_every_landed_record_and_cent_is_accounted_for(default_lake):
    account = json.loads(default_lake.run("lake", "reconcile", "--json"))
    assert account["reconciled"] is True


def test_every_planted_defect_is_found_and_nothing_else(default_lake):
    account = json.loads(default_lake.run("lake", "reconcile", "--json"))
    assert account["planted"]["planted"] > 1000
    assert account["planted"]["missed"] == 0
    assert account["planted"]["false_quarantine"] == 0


def test_revenue_is_the_same_on_every_way_down(default_lake):
    rows = default_lake.query(
        """
        select sum(revenue_amount) from gold.agg_daily_sales
        union all
        select sum(revenue_amount) from gold.agg_daily_sales_total
        union all
        select sum(revenue_amount) from gold.agg_product_performance
        union all
        select sum(net_reporting_amount) from gold.fct_order_lines where is_revenue
        union all
        select max(cumulative_revenue_amount) from gold.agg_daily_sales_total
        where order_date = (select max(order_date) from gold.agg_daily_sales_total)
        """
    )
    assert len(set(rows)) == 1
