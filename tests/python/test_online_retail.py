"""Online Retail: what lands, against a computation of its own with csv, Decimal and json."""

import csv
import gzip
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from lakes import PROJECT
from lands import land, land_facts, landed, run, tree
from published import real_data

CDC = "database-cdc/source=postgresql/table="
TABLES = ("orders", "order_items", "customers", "products")
HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
HEADER_II = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country"


Changes = dict[str, list[tuple[str, dict[str, Any]]]]


def rows_of(lines: list[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    return [line["value"]["after"] for _, line in lines]


def after(lake: Path, table: str) -> list[dict[str, Any]]:
    return rows_of(landed(lake, CDC + table))


def amount(quantity: str, price: str) -> Decimal:
    """Quantity times price, half a penny away from zero."""
    return (Decimal(quantity) * Decimal(price)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def write(path: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("\n".join((header, *rows, "")).encode(encoding))
    return path


@pytest.fixture(scope="module")
def published() -> Path:
    return real_data("online_retail")


@pytest.fixture(scope="module")
def rows(published: Path) -> list[dict[str, str]]:
    found = []
    for path in sorted(published.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += list(csv.DictReader(file))
    return found


@pytest.fixture(scope="module")
def lake(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("online_retail")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(PROJECT)
        land("online-retail", published, folder)
    return folder


@pytest.fixture(scope="module")
def changes(lake: Path) -> Changes:
    """The landed lines of the published data, read once."""
    return {table: landed(lake, CDC + table) for table in TABLES}


def test_published_figures_hold_per_month(changes: Changes) -> None:
    revenue: dict[str, Decimal] = defaultdict(Decimal)
    lines: Counter[str] = Counter()
    credit_lines: Counter[str] = Counter()
    credit_notes: dict[str, set[str]] = defaultdict(set)
    for line in rows_of(changes["order_items"]):
        month = line["created_at"][:7]
        revenue[month] += Decimal(line["line_amount"])
        lines[month] += 1
        if line["line_type"] == "credit_note":
            credit_lines[month] += 1
            credit_notes[month].add(line["order_id"])
    months = ("2010-12", "2011-01", "2011-02")
    assert [str(revenue[month]) for month in months] == ["748957.02", "560000.26", "498062.65"]
    assert [lines[month] for month in months] == [42481, 35147, 27707]
    assert [credit_lines[month] for month in months] == [728, 701, 475]
    assert [len(credit_notes[month]) for month in months] == [326, 260, 219]
    assert sum(lines.values()) == 105_335
    assert len(rows_of(changes["orders"])) == 4_894
    assert len({row["customer_id"] for row in rows_of(changes["customers"])}) == 1_749


def test_every_row_is_the_line_it_should_be(changes: Changes, rows: list[dict[str, str]]) -> None:
    count: Counter[str] = Counter()
    expected = {}
    for row in rows:
        count[row["InvoiceNo"]] += 1
        expected[row["InvoiceNo"], count[row["InvoiceNo"]]] = (
            row["StockCode"].strip().upper(),
            row["Description"].strip() or None,
            int(row["Quantity"]),
            Decimal(row["UnitPrice"]),
            amount(row["Quantity"], row["UnitPrice"]),
            "credit_note" if row["InvoiceNo"].startswith("C") else "sale",
            row["InvoiceDate"].replace(" ", "T") + "Z",
        )
    found = {}
    for day, line in changes["order_items"]:
        values = line["value"]["after"]
        assert line["key"] == {key: values[key] for key in ("order_id", "line_number")}
        assert day == values["created_at"][:10]
        found[values["order_id"], values["line_number"]] = (
            values["product_id"],
            values["description"],
            values["quantity"],
            Decimal(values["unit_price"]),
            Decimal(values["line_amount"]),
            values["line_type"],
            values["created_at"],
        )
    assert found == expected


def test_orders_are_their_lines(changes: Changes, rows: list[dict[str, str]]) -> None:
    total: dict[str, Decimal] = defaultdict(Decimal)
    times: dict[str, list[str]] = defaultdict(list)
    customer: dict[str, str | None] = {}
    for row in rows:
        total[row["InvoiceNo"]] += amount(row["Quantity"], row["UnitPrice"])
        times[row["InvoiceNo"]].append(row["InvoiceDate"].replace(" ", "T") + "Z")
        customer[row["InvoiceNo"]] = row["CustomerID"].removesuffix(".0") or None
    orders = {order["order_id"]: order for order in rows_of(changes["orders"])}
    assert orders.keys() == total.keys()
    for name, order in orders.items():
        assert Decimal(order["total_amount"]) == Decimal(order["lines_amount"]) == total[name]
        assert order["created_at"] == min(times[name])
        assert order["customer_id"] == customer[name]


def test_products_and_customers_exist_before_their_first_use(changes: Changes) -> None:
    first_product: dict[str, str] = {}
    first_customer: dict[str, str] = {}
    for line in rows_of(changes["order_items"]):
        known = first_product.get(line["product_id"], line["created_at"])
        first_product[line["product_id"]] = min(known, line["created_at"])
    for order in rows_of(changes["orders"]):
        if order["customer_id"]:
            known = first_customer.get(order["customer_id"], order["created_at"])
            first_customer[order["customer_id"]] = min(known, order["created_at"])
    for table, key, first in (
        ("products", "product_id", first_product),
        ("customers", "customer_id", first_customer),
    ):
        created = {row[key]: row["created_at"] for row in rows_of(changes[table])}
        assert created == first
    services = {row["product_id"] for row in rows_of(changes["products"]) if row["is_service"]}
    assert {"POST", "DOT", "M", "BANK CHARGES"} <= services
    assert not any(code[:5].isdigit() for code in services)


def test_a_change_has_its_place_of_its_own(changes: Changes) -> None:
    for table in TABLES:
        places = [
            (tuple(line["key"].values()), line["value"]["source"]["lsn"])
            for _, line in changes[table]
        ]
        assert len(set(places)) == len(places)
        assert all(0 < lsn < 9 * 10**18 for _, lsn in places)
    seen: Counter[str] = Counter()
    for _, line in sorted(changes["customers"], key=lambda item: item[1]["value"]["source"]["lsn"]):
        name = line["key"]["customer_id"]
        assert line["value"]["op"] == ("u" if seen[name] else "c")
        seen[name] += 1


def test_again_as_one_file_gives_the_same_bytes(
    lake: Path, published: Path, tmp_path: Path
) -> None:
    before = tree(lake)
    whole = tmp_path / "whole.csv"
    with whole.open("wb") as file:
        for number, path in enumerate(sorted(published.glob("*.csv"))):
            content = path.read_bytes()
            file.write(content if number == 0 else content.partition(b"\n")[2])
    land("online-retail", whole, lake)
    assert tree(lake) == before


def test_day_by_day_gives_the_same_bytes(lake: Path, published: Path, tmp_path: Path) -> None:
    for path in sorted(published.glob("2010-12-0[1-7].csv")):
        land("online-retail", path, tmp_path)
    days = {name: content for name, content in tree(lake).items() if "2010-12-0" in name}
    days = {
        name: content for name, content in days.items() if name.split("=")[3][:10] < "2010-12-08"
    }
    assert tree(tmp_path) == days


@pytest.mark.parametrize("form", ["csv", "parquet", "semicolon"])
def test_both_headers_and_forms_read_alike(tmp_path: Path, form: str) -> None:
    row = "489434,85048,15CM BALL,12,2009-12-01 07:45:00,6.95,{},United Kingdom"
    old = write(tmp_path / "old.csv", row.format("13085.0"), row.format(""))
    new = write(tmp_path / "new.csv", row.format("13085"), row.format("nan"), header=HEADER_II)
    if form == "parquet":
        new = tmp_path / "new.parquet"
        duckdb.sql(
            "select 489434 as Invoice, '85048' as StockCode, '15CM BALL' as Description,"
            " 12 as Quantity, timestamp '2009-12-01 07:45:00' as InvoiceDate,"
            " 6.95::double as Price, unnest([13085.0::double, 'nan'::double]) as \"Customer ID\","
            " 'United Kingdom' as Country"
        ).write_parquet(str(new))
    if form == "semicolon":
        new.write_text(new.read_text().replace(",", ";"))
    land("online-retail", old, tmp_path / "a")
    land("online-retail", new, tmp_path / "b")
    assert tree(tmp_path / "a") == tree(tmp_path / "b")
    assert [order["customer_id"] for order in after(tmp_path / "a", "orders")] == ["13085"]


def test_guest_credit_adjustment_and_service(tmp_path: Path) -> None:
    path = write(
        tmp_path / "in.csv",
        "536365,85123a ,  HEART ,6,2010-12-01 08:26:00,2.555,nan,United Kingdom",
        "536365,85123A,HEART,6,2010-12-01 08:27:00,2.555,,United Kingdom",
        "C536366,POST,POSTAGE,-1,2010-12-01 09:00:00,1.005,17850.0,France",
        "A563185,B,Adjust bad debt,1,2010-12-01 10:00:00,-11062.06,,United Kingdom",
        "536367,22423,,-10,2010-12-01 11:00:00,0.0,,United Kingdom",
    )
    land("online-retail", path, tmp_path / "lake")
    orders = {order["order_id"]: order for order in after(tmp_path / "lake", "orders")}
    assert {name: order["order_type"] for name, order in orders.items()} == {
        "536365": "sale",
        "C536366": "credit_note",
        "A563185": "adjustment",
        "536367": "sale",
    }
    assert orders["536365"]["customer_id"] is None
    assert orders["536365"]["created_at"] == "2010-12-01T08:26:00Z"
    assert {name: order["total_amount"] for name, order in orders.items()} == {
        "536365": "30.66",
        "C536366": "-1.01",
        "A563185": "-11062.06",
        "536367": "0.00",
    }
    lines = after(tmp_path / "lake", "order_items")
    assert [line["line_number"] for line in lines if line["order_id"] == "536365"] == [1, 2]
    assert {line["unit_price"] for line in lines if line["order_id"] == "536365"} == {"2.555"}
    products = {row["product_id"]: row for row in after(tmp_path / "lake", "products")}
    assert products["85123A"]["product_name"] == "HEART"
    assert products["22423"]["product_name"] == "22423"
    assert products["POST"]["is_service"] and not products["22423"]["is_service"]


def test_equal_rows_are_lines_of_their_own(tmp_path: Path) -> None:
    row = "536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom"
    other = "536366,85123A,HEART,6,2010-12-01 08:28:00,2.55,17850.0,United Kingdom"
    land("online-retail", write(tmp_path / "in.csv", row, row, other, row), tmp_path / "lake")
    lines = after(tmp_path / "lake", "order_items")
    assert [line["line_number"] for line in lines if line["order_id"] == "536365"] == [1, 2, 3]


@pytest.mark.parametrize("one_file", [True, False])
def test_a_day_in_both_years_lands_once(tmp_path: Path, one_file: bool) -> None:
    """The two years of Online Retail II overlap; the row that only one of them has is kept."""
    first = "536300,22423,STAND,1,2010-11-30 08:00:00,5.00,17850.0,United Kingdom"
    equal = "536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom"
    extra = "536365,22423,STAND,1,2010-12-01 08:26:00,5.00,17850.0,United Kingdom"
    later = "536400,22423,STAND,1,2010-12-02 08:00:00,5.00,17850.0,United Kingdom"
    years = [(first, equal, equal, later), (equal, extra, equal, later)]
    if one_file:
        path = write(tmp_path / "in.csv", *years[0], *years[1])
    else:
        path = write(tmp_path / "in" / "1.csv", *years[0]).parent
        write(tmp_path / "in" / "2.csv", *years[1])
    facts = land_facts("online-retail", path, tmp_path / "lake")
    assert facts["rows_published_twice"] == 3
    lines = after(tmp_path / "lake", "order_items")
    assert Counter(line["order_id"] for line in lines) == {"536300": 1, "536365": 3, "536400": 1}
    assert facts["net_revenue_gbp"] == str(Decimal("5.00") * 3 + Decimal("15.30") * 2)


def test_broken_rows_keep_their_text(tmp_path: Path) -> None:
    path = write(
        tmp_path / "in.csv",
        "536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom",
        "536365,85123A,HEART,abc,2010-12-01 08:26:00,2.55,17850.0,United Kingdom",
        "536366,85123A,HEART,6,2010-13-45 08:26:00,cheap,17850.0,United Kingdom",
        ",85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom",
        "536367,85123A,HEART",
        '536368,85123A,"HEART,1,2010-12-01 08:26:00,2.55,17850.0,United Kingdom',
        "536369,85123A,HEART,1,2010-12-01 08:30:00,2.55,17850.0,United Kingdom",
    )
    facts = land_facts("online-retail", path, tmp_path / "lake")
    assert facts["rows_read"] == 7
    assert facts["rows_of_another_width"] == 2
    assert facts["rows_with_an_unreadable_field"] == 3
    lines = landed(tmp_path / "lake", CDC + "order_items")
    assert {day for day, _ in lines} == {"2010-12-01"}
    texts = [line["value"]["after"] for _, line in lines if "value" in line]
    assert next(text for text in texts if text["quantity"] == "abc")["line_amount"] is None
    undated = next(text for text in texts if text["unit_price"] == "cheap")
    assert undated["created_at"] == "2010-13-45 08:26:00"
    assert [text["order_id"] for text in texts].count(None) == 1
    assert [line["raw"] for _, line in lines if "raw" in line] == [
        "536367,85123A,HEART",
        '536368,85123A,"HEART,1,2010-12-01 08:26:00,2.55,17850.0,United Kingdom',
    ]
    orders = {order["order_id"]: order for order in after(tmp_path / "lake", "orders")}
    assert orders.keys() == {"536365", "536366", "536369"}
    assert orders["536365"]["total_amount"] == "15.30"


def test_text_in_cp1252_and_over_lines(tmp_path: Path) -> None:
    path = write(
        tmp_path / "in.csv",
        "536365,GIFT,Voucher £40.00 • café,1,12/1/2010 8:26,2.55,17850,EIRE",
        '536366,85123A,"LARGE ""RED""\nHEART, 5"" wide",1,12/13/2010 18:26,2.55,17850,EIRE',
        encoding="cp1252",
    )
    land("online-retail", path, tmp_path / "lake")
    lines = after(tmp_path / "lake", "order_items")
    assert [line["description"] for line in lines] == [
        "Voucher £40.00 • café",
        'LARGE "RED"\nHEART, 5" wide',
    ]
    assert [line["created_at"] for line in lines] == [
        "2010-12-01T08:26:00Z",
        "2010-12-13T18:26:00Z",
    ]


def test_country_and_name_change_as_updates(tmp_path: Path) -> None:
    row = "{},85123A,{},{},2010-12-0{} 08:26:00,{},12370.0,{}"
    path = write(
        tmp_path / "in.csv",
        row.format(1, "OLD", 1, 1, "2.55", "Cyprus"),
        row.format(2, "damaged", -1, 2, "0", "Cyprus"),
        row.format(3, "NEW", 1, 3, "2.55", "Austria"),
        row.format(4, "NEW", 1, 4, "2.55", "Austria"),
    )
    land("online-retail", path, tmp_path / "lake")
    for table, field, values in (
        ("customers", "country", ["Cyprus", "Austria"]),
        ("products", "product_name", ["OLD", "NEW"]),
    ):
        changes = landed(tmp_path / "lake", CDC + table)
        assert [line["value"]["after"][field] for _, line in changes] == values
        assert [line["value"]["op"] for _, line in changes] == ["c", "u"]
        assert [day for day, _ in changes] == ["2010-12-01", "2010-12-03"]
        assert {line["value"]["after"]["created_at"] for _, line in changes} == {
            "2010-12-01T08:26:00Z"
        }
    before = tree(tmp_path / "lake")
    land("online-retail", path, tmp_path / "lake")
    assert tree(tmp_path / "lake") == before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no such file or folder"),
        ("folder", "holds no .csv"),
        ("", "has no header line"),
        ("a,b,c\n1,2,3\n", "its header is a, b, c; wanted invoiceno"),
        (f"{HEADER}\n1,2,3,4,never,6,7,8\n", "no InvoiceDate is readable"),
        (f"{HEADER}\n1,2,3,4,1999-12-01 08:26:00,6,7,8\n", "from 2009 to today"),
    ],
)
def test_a_mistake_is_one_line_and_code_2(tmp_path: Path, content: str | None, words: str) -> None:
    path = tmp_path / "in.csv"
    if content == "folder":
        path.mkdir()
    elif content is not None:
        path.write_text(content)
    result = run("online-retail", path, "--out", tmp_path / "lake")
    assert result.exit_code == 2
    assert words in result.stderr
    assert str(path) in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "lake").exists()


_PACKED = bytearray(gzip.compress(HEADER.encode() * 99))
_PACKED[30:50] = b"\xff" * 20


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("damaged.csv.gz", bytes(_PACKED)),
        ("cut.csv", HEADER.encode("utf-16") + b"x"),
        ("surrogate.csv", HEADER.encode("utf-16") + b"\x00\xd8\x00\xd8"),
        ("one-line.csv", b"x" * 200_000),
    ],
)
def test_a_damaged_file_is_one_line_and_code_2(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = run("online-retail", path, "--out", tmp_path / "lake")
    assert result.exit_code == 2
    assert f"{path}: cannot be read (" in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "lake").exists()


def test_the_table_for_people_names_the_counts(tmp_path: Path) -> None:
    row = "536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom"
    result = run("online-retail", write(tmp_path / "in.csv", row), "--out", tmp_path / "lake")
    assert result.exit_code == 0
    assert "order_items" in result.stdout
    assert "net revenue gbp: 15.30" in result.stdout


def test_a_broken_earlier_landing_is_one_line_and_code_2(tmp_path: Path) -> None:
    row = "536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom"
    path = write(tmp_path / "in.csv", row)
    lake = tmp_path / "the [lake]"
    land("online-retail", path, lake)
    [file] = (lake / f"{CDC}customers").glob("arrival_date=*/*.json.gz")
    file.write_bytes(b"no gzip")
    result = run("online-retail", path, "--out", lake)
    assert result.exit_code == 2
    assert "run `lake land check`" in result.stderr
    assert result.stderr.count("\n") == 1
