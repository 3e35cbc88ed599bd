"""Olist: what lands, against a computation of its own with csv, Decimal and json."""

import csv
from collections import Counter, defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lakes import PROJECT
from lands import land, land_facts, landed, tree
from published import real_data

from lake.cli import main

CDC = "database-cdc/source=postgresql/table="
PAYMENTS = "api-data/provider=stripe/endpoint=payments"
Rows = dict[str, list[dict[str, str]]]
Lines = dict[str, list[tuple[str, dict[str, Any]]]]


def by_table(lake: Path) -> Lines:
    """The lines of each table with their day of arrival."""
    tables = ("orders", "order_items", "customers", "products")
    prefixes = {table: f"{CDC}{table}" for table in tables} | {"payments": PAYMENTS}
    return {table: landed(lake, prefix) for table, prefix in prefixes.items()}


def after(lines: Lines, table: str) -> list[dict[str, Any]]:
    return [line["value"]["after"] for _, line in lines[table]]


def iso(text: str) -> str:
    return text.replace(" ", "T") + "Z"


def lives(lines: Lines) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """The changes of each order in the order of their position."""
    found = defaultdict(list)
    for day, line in sorted(lines["orders"], key=lambda item: item[1]["value"]["source"]["lsn"]):
        found[line["key"]["order_id"]].append((day, line["value"]))
    return found


@pytest.fixture(scope="module")
def published() -> Path:
    return real_data("olist")


@pytest.fixture(scope="module")
def rows(published: Path) -> Rows:
    found = {}
    for path in published.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found[path.stem.removeprefix("olist_").removesuffix("_dataset")] = list(
                csv.DictReader(file)
            )
    return found


@pytest.fixture(scope="module")
def lake(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("olist")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(PROJECT)
        land("olist", published, folder)
    return folder


@pytest.fixture(scope="module")
def lines(lake: Path) -> Lines:
    return by_table(lake)


def test_published_figures_hold(lines: Lines) -> None:
    items = after(lines, "order_items")
    paid: dict[str, int] = defaultdict(int)
    for _, charge in lines["payments"]:
        paid[charge["metadata"]["order_id"]] += charge["amount"]
    due: dict[str, Decimal] = defaultdict(Decimal)
    for item in items:
        due[item["order_id"]] += Decimal(item["line_amount"]) + Decimal(item["shipping_amount"])
    both = due.keys() & paid.keys()
    assert len({order["order_id"] for order in after(lines, "orders")}) == 3_000
    assert sum(Decimal(item["line_amount"]) for item in items) == Decimal("392468.58")
    assert sum(Decimal(item["shipping_amount"]) for item in items) == Decimal("68855.36")
    assert sum(paid.values()) == 46808737
    assert len(both) == 2_976
    # The published count takes nine orders that differ by one cent as equal.
    assert sum(abs(due[order] * 100 - paid[order]) <= 1 for order in both) == 2_963
    assert sum(due[order] * 100 == paid[order] for order in both) == 2_954


def test_every_order_lives_as_published(lines: Lines, rows: Rows) -> None:
    person = {row["customer_id"]: row["customer_unique_id"] for row in rows["customers"]}
    price: dict[str, Decimal] = defaultdict(Decimal)
    freight: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows["order_items"]:
        price[row["order_id"]] += Decimal(row["price"])
        freight[row["order_id"]] += Decimal(row["freight_value"])
    found = lives(lines)
    assert found.keys() == {row["order_id"] for row in rows["orders"]}
    backwards = 0
    for row in rows["orders"]:
        name = row["order_id"]
        told = [
            (status, iso(row[column]))
            for status, column in (
                ("created", "order_purchase_timestamp"),
                ("approved", "order_approved_at"),
                ("shipped", "order_delivered_carrier_date"),
                ("delivered", "order_delivered_customer_date"),
            )
            if row[column]
        ]
        if told[-1][0] != row["order_status"]:
            told.append((row["order_status"], max(time for _, time in told)))
        values = [value["after"] for _, value in found[name]]
        assert [(value["status"], value["updated_at"]) for value in values] == told
        assert [value["op"] for _, value in found[name]] == ["c"] + ["u"] * (len(told) - 1)
        for (_, value), (_, time) in zip(found[name], told, strict=True):
            second = datetime.fromisoformat(time).timestamp()
            assert value["source"]["ts_ms"] == second * 1000
        latest = ""
        for (day, _), (_, time) in zip(found[name], told, strict=True):
            backwards += time < latest
            latest = max(latest, time)
            assert day == latest[:10]
        for value in values:
            assert value["customer_id"] == person[row["customer_id"]]
            assert value["created_at"] == told[0][1]
            assert Decimal(value["lines_amount"]) == price[name]
            assert Decimal(value["shipping_amount"]) == freight[name]
            assert Decimal(value["total_amount"]) == price[name] + freight[name]
    assert backwards > 0


def test_every_item_and_payment_is_as_published(lines: Lines, rows: Rows) -> None:
    orders = {row["order_id"]: row for row in rows["orders"]}
    items = {
        (line["order_id"], line["line_number"]): (
            line["product_id"],
            line["quantity"],
            line["unit_price"],
            line["shipping_amount"],
            line["created_at"],
        )
        for line in after(lines, "order_items")
    }
    assert items == {
        (row["order_id"], int(row["order_item_id"])): (
            row["product_id"],
            1,
            str(Decimal(row["price"]).quantize(Decimal("0.01"))),
            str(Decimal(row["freight_value"]).quantize(Decimal("0.01"))),
            iso(orders[row["order_id"]]["order_purchase_timestamp"]),
        )
        for row in rows["order_items"]
    }
    charges = {}
    for day, charge in lines["payments"]:
        time = datetime.fromtimestamp(charge["created"], UTC)
        assert day == time.date().isoformat()
        assert charge["updated"] == charge["created"]
        assert (charge["status"], charge["currency"]) == ("succeeded", "brl")
        charges[charge["id"]] = (
            charge["metadata"]["order_id"],
            charge["amount"],
            charge["amount_captured"],
            charge["payment_method_details"]["type"],
            time.strftime("%Y-%m-%d %H:%M:%S"),
        )
    expected = {}
    for row in rows["order_payments"]:
        order = orders[row["order_id"]]
        cents = int(Decimal(row["payment_value"]) * 100)
        expected[f"ch_{row['order_id']}_{row['payment_sequential']}"] = (
            row["order_id"],
            cents,
            cents,
            row["payment_type"],
            order["order_approved_at"] or order["order_purchase_timestamp"],
        )
    assert charges == expected
    assert any(cents == 0 for _, cents, *_ in charges.values())


def test_customers_are_persons_and_products_have_a_category(lines: Lines, rows: Rows) -> None:
    english = {
        row["product_category_name"]: row["product_category_name_english"]
        for row in rows["product_category_name_translation"]
    }
    categories = {row["product_id"]: row["category"] for row in after(lines, "products")}
    assert categories == {
        row["product_id"]: english.get(
            row["product_category_name"], row["product_category_name"] or "unknown"
        )
        for row in rows["products"]
    }
    places = {row["customer_id"]: set() for row in after(lines, "customers")}
    for row in after(lines, "customers"):
        places[row["customer_id"]].add((row["postal_code"], row["city"]))
    expected = defaultdict(set)
    for row in rows["customers"]:
        expected[row["customer_unique_id"]].add(
            (row["customer_zip_code_prefix"], row["customer_city"])
        )
    assert places == expected
    first_use = {}
    for line in after(lines, "order_items"):
        known = first_use.get(line["product_id"], line["created_at"])
        first_use[line["product_id"]] = min(known, line["created_at"])
    for product in after(lines, "products"):
        assert product["created_at"] <= first_use[product["product_id"]]


def test_landing_twice_gives_the_same_bytes(lake: Path, published: Path) -> None:
    before = tree(lake)
    land("olist", published, lake)
    assert tree(lake) == before


def test_the_rows_may_come_in_any_order(lake: Path, published: Path, tmp_path: Path) -> None:
    for path in published.glob("*.csv"):
        if "geolocation" in path.name or "reviews" in path.name:
            continue
        header, *body = path.read_text(encoding="utf-8").splitlines(keepends=True)
        (tmp_path / path.name).write_text("\ufeff" + header + "".join(reversed(body)))
    land("olist", tmp_path, tmp_path / "lake")
    assert tree(tmp_path / "lake") == tree(lake)


def write(folder: Path, name: str, *lines: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("\n".join((*lines, "")), encoding="utf-8")
    return path


ORDERS = (
    '"order_id","customer_id","order_status","order_purchase_timestamp","order_approved_at",'
    '"order_delivered_carrier_date","order_delivered_customer_date","order_estimated_delivery_date"'
)
ITEMS = (
    '"order_id","order_item_id","product_id","seller_id","shipping_limit_date","price",'
    '"freight_value"'
)
PAID = '"order_id","payment_sequential","payment_type","payment_installments","payment_value"'


def test_any_subset_lands_and_the_whole_supersedes_it(tmp_path: Path) -> None:
    orders = (ORDERS, '"o1","a1",canceled,2018-01-02 10:00:00,,,,2018-02-01 00:00:00')
    items = (ITEMS, '"o1",1,"p1","s1",2018-01-05 00:00:00,10.00,2.50')
    paid = (PAID, '"o1",1,voucher,1,12.50', '"o9",1,"not_defined",1,0.00')
    lake = tmp_path / "lake"
    part = write(tmp_path / "1", "olist_order_payments_dataset.csv", *paid)
    facts = land_facts("olist", part, lake)
    assert facts["charges_without_order"] == 2
    assert [day for day, _ in by_table(lake)["payments"]] == ["2016-09-04"] * 2
    part = write(tmp_path / "2", "olist_order_items_dataset.csv", *items)
    facts = land_facts("olist", part, lake)
    assert facts["items_without_order"] == 1
    part = write(tmp_path / "3", "olist_orders_dataset.csv", *orders)
    facts = land_facts("olist", part, lake)
    assert (facts["orders_without_items"], facts["orders_without_charge"]) == (1, 1)
    write(tmp_path / "4", "olist_order_payments_dataset.csv", *paid)
    write(tmp_path / "4", "olist_order_items_dataset.csv", *items)
    write(tmp_path / "4", "olist_orders_dataset.csv", *orders)
    facts = land_facts("olist", tmp_path / "4", lake)
    assert (facts["charges_without_order"], facts["of_these_equal"]) == (1, 1)
    lines = by_table(lake)
    last = lives(lines)["o1"][-1][1]["after"]
    assert (last["status"], last["total_amount"]) == ("canceled", "12.50")
    item = max(lines["order_items"], key=lambda item: item[1]["value"]["source"]["lsn"])
    assert item[1]["value"]["after"]["created_at"] == "2018-01-02T10:00:00Z"
    versions = {(charge["id"], charge["updated"]) for _, charge in lines["payments"]}
    assert Counter(name for name, _ in versions) == {"ch_o1_1": 2, "ch_o9_1": 1}
    charge = max(lines["payments"], key=lambda item: item[1]["updated"])
    assert (charge[0], charge[1]["id"]) == ("2018-01-02", "ch_o1_1")


def test_broken_rows_keep_their_text(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write(
        folder,
        "orders.csv",
        ORDERS,
        "o1,a1,delivered,soon,2018-01-02 11:00:00,whenever,,2018-02-01 00:00:00",
        "o2,a2,delivered",
    )
    write(folder, "items.csv", ITEMS, "o1,1,p1,s1,2018-01-05 00:00:00,dear,2.505")
    write(folder, "payments.csv", PAID, "o1,1,voucher,1,much")
    facts = land_facts("olist", folder, tmp_path / "lake")
    assert facts["rows_of_another_width"] == 1
    lines = by_table(tmp_path / "lake")
    assert [line["raw"] for _, line in lines["orders"] if "raw" in line] == ["o2,a2,delivered"]
    changes = [line["value"]["after"] for _, line in lines["orders"] if "value" in line]
    assert {change["created_at"] for change in changes} == {"soon"}
    assert ("shipped", "whenever") in {
        (change["status"], change["updated_at"]) for change in changes
    }
    assert changes[-1]["status"] == "delivered"
    [item] = after(lines, "order_items")
    assert (item["unit_price"], item["line_amount"], item["shipping_amount"]) == (
        "dear",
        None,
        "2.505",
    )
    [(_, charge)] = lines["payments"]
    assert charge["amount"] == "much"


@pytest.mark.parametrize(
    ("name", "header", "words"),
    [
        ("olist_orders_dataset.csv", '"order_id","customer_id"', "none of the nine Olist files"),
        ("orders.txt", ORDERS, "not a CSV or Parquet file"),
    ],
)
def test_a_mistake_is_one_line_and_code_2(
    tmp_path: Path, name: str, header: str, words: str
) -> None:
    path = write(tmp_path / "in", name, header)
    result = CliRunner().invoke(main, ["land", "olist", str(path), "--out", str(tmp_path / "lake")])
    assert result.exit_code == 2
    assert words in result.stderr
    assert str(path) in result.stderr
    assert result.stderr.count("\n") == 1
