"""`lake land csv`: every record of the file is one line, whatever its form."""

import csv
import gzip
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from lakes import PROJECT

from lake.cli import main
from lake.contract import load_contract
from lake.errors import UserError
from lake.landing.csv_file import to_lines

FIELDS = load_contract(PROJECT)["customer_files"].csv_columns
HEADER = ",".join(FIELDS)
ROW = 'C1,José Müller,j@x.org,+1 555 0100,1980-02-29,gold,yes,"may\nspan, ""lines""",{}'
TIME = "2025-01-05T02:00:00Z"


def lines(text: str, encoding: str = "utf-8") -> list[dict]:
    landed = to_lines("c.csv", text.encode(encoding), FIELDS)
    assert landed == b"" or landed.endswith(b"\n")
    return [json.loads(line) for line in landed.decode().split("\n")[:-1]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_record_is_one_line_of_its_fields(encoding: str, end: str) -> None:
    text = f"{HEADER}{end}{end}{ROW.format(TIME)}{end}"
    assert lines(text, encoding) == [
        {
            "file": "c.csv",
            "row": 1,
            "record": {
                "customer_id": "C1",
                "full_name": "José Müller",
                "email": "j@x.org",
                "phone": "+1 555 0100",
                "birth_date": "1980-02-29",
                "loyalty_tier": "gold",
                "marketing_consent": "yes",
                "notes": 'may\nspan, "lines"',
                "exported_at": TIME,
            },
        }
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_are_found(separator: str) -> None:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator)
    values = ["C1", "a;b,c\td", "", "", "", "none", "no", " ", TIME]
    writer.writerows([FIELDS, values])
    [line] = lines(file.getvalue())
    assert list(line["record"].values()) == [value if value.strip() else None for value in values]


def test_a_row_that_does_not_fit_lands_with_its_error() -> None:
    good = f"C9,n,e,p,,none,no,,{TIME}"
    text = "\n".join(
        (HEADER, "C2,x", good, 'C3,"open,e,p,,none,no,,t', good, 'C4,"a"b,e,p,,none,no,,t', good)
    )
    found = lines(text)
    assert [line["row"] for line in found] == [1, 2, 3, 4, 5, 6]
    errors = [line for line in found if "error" in line]
    assert [line["raw"] for line in errors] == [
        "C2,x",
        'C3,"open,e,p,,none,no,,t',
        'C4,"a"b,e,p,,none,no,,t',
    ]
    assert errors[0]["error"] == "expected 9 fields, got 2"
    assert all(line["error"].startswith("broken quotes: ") for line in errors[1:])
    assert [line["record"]["customer_id"] for line in found if "record" in line] == ["C9"] * 3


def test_marks_of_the_readers_do_not_land() -> None:
    name = "a\U0010ffffb\U0010fffe"
    landed = to_lines("c.csv", f"{HEADER}\nC1,{name},,,,,,,{TIME}\n".encode(), FIELDS)
    assert "\U0010ffff" not in landed.decode() and "\U0010fffe" not in landed.decode()
    assert json.loads(landed)["record"]["full_name"] == name


def test_a_record_that_no_reader_takes_lands_as_an_error() -> None:
    found = lines(f"{HEADER}\nC1,{'x' * (17 << 20)},,,,,,,{TIME}\nC2,,,,,,,,{TIME}\n")
    assert found[0]["error"] == "longer than 16 MiB: raw holds its first 1,000 characters"
    assert found[0]["raw"] == "C1," + "x" * 997
    assert found[1]["record"]["customer_id"] == "C2"


@settings(max_examples=60)
@given(st.lists(st.lists(st.text(max_size=12), min_size=9, max_size=9), max_size=6))
def test_whatever_csv_writes_comes_back(values: list[list[str]]) -> None:
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerows([FIELDS, *values])
    text = file.getvalue().encode("utf-8", errors="replace").decode()
    expected = [row for row in csv.reader(io.StringIO(text, newline=""))][1:]
    found = lines(text)
    assert [line["row"] for line in found] == list(range(1, len(values) + 1))
    assert [list(line["record"].values()) for line in found] == [
        [value if value.strip() else None for value in row] for row in expected
    ]


def test_another_header_is_refused() -> None:
    with pytest.raises(UserError, match=r"c.csv: its header lacks exported_at; wanted customer_id"):
        to_lines("c.csv", HEADER.replace(",exported_at", "").encode(), FIELDS)
    with pytest.raises(UserError, match="lacks customer_id"):
        to_lines("c.csv", b"", FIELDS)


def land(path: Path, lake: Path, *options: str, table: str = "customer_files") -> Result:
    command = ["land", "csv", table, str(path), "--out", str(lake), *options]
    return CliRunner().invoke(main, command)


def test_the_file_lands_beside_its_original(tmp_path: Path) -> None:
    path = tmp_path / "customers-2025-01-05.csv"
    content = f"{HEADER}\n{ROW.format(TIME)}\nC2,x\n".encode("cp1252")
    path.write_bytes(content)
    lake = tmp_path / "lake"
    for _ in range(2):
        result = land(path, lake, "--arrival-date", "2025-01-06", "--json")
        assert result.exit_code == 0, result.output
    day = "type=customer-data/arrival_date=2025-01-06"
    [landed] = (lake / "file-uploads" / day).iterdir()
    [original] = (lake / "file-uploads-original" / day).iterdir()
    assert original.read_bytes() == content
    first, second = map(json.loads, gzip.decompress(landed.read_bytes()).splitlines())
    assert first["file"] == path.name and first["record"]["full_name"] == "José Müller"
    assert (second["row"], second["raw"]) == (2, "C2,x")
    told = json.loads(result.stdout)
    assert told["tables"]["customer_files"]["records"] == 2
    assert told["facts"] == {"arrival_date": "2025-01-06", "rows_with_an_error": 1}
    path.write_bytes(content + b"C3,y\n")
    assert land(path, lake, "--arrival-date", "2025-01-06").exit_code == 0
    assert len(list((lake / "file-uploads" / day).iterdir())) == 2


def test_a_name_that_readers_take_for_a_pattern_lands_plain(tmp_path: Path) -> None:
    path = tmp_path / "we ird[1]'*?.csv"
    path.write_text(f"{HEADER}\nC1,,,,,,,,{TIME}\n")
    assert land(path, tmp_path / "lake").exit_code == 0
    landed = [file for file in (tmp_path / "lake" / "file-uploads").rglob("*") if file.is_file()]
    assert [file.name[:-20] for file in landed] == ["we_ird_1_-"]
    assert json.loads(gzip.decompress(landed[0].read_bytes()))["file"] == path.name


MISTAKES = {
    "missing": (None, "No such file"),
    "folder": (None, "Is a directory"),
    "other": (b"a,b\n1,2\n", "lacks customer_id"),
    "one long line": (b"x" * 200_000, "its header cannot be read"),
    "a column twice": (f"{HEADER},Notes\n".encode(), "names a column twice: notes"),
    "columns without a name": (f"{HEADER},,\n".encode(), "names a column twice: (no name)"),
    "packed": (gzip.compress(HEADER.encode()), "is packed"),
}


@pytest.mark.parametrize("kind", MISTAKES)
def test_a_mistake_is_one_line_and_code_2(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "c.csv"
    content, words = MISTAKES[kind]
    if kind == "folder":
        path.mkdir()
    if content is not None:
        path.write_bytes(content)
    result = land(path, tmp_path / "lake")
    assert result.exit_code == 2
    assert "c.csv" in result.stderr
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "lake").exists()


def test_a_lake_that_is_a_file_is_one_line_and_code_2(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(f"{HEADER}\n{ROW.format(TIME)}\n")
    result = land(path, path)
    assert result.exit_code == 2
    assert "Not a directory" in result.stderr or "File exists" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["_c.csv", ".c.csv"])
def test_a_hidden_name_lands_where_it_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(f"{HEADER}\n{ROW.format(TIME)}\n")
    assert land(path, tmp_path / "lake").exit_code == 0
    checked = CliRunner().invoke(main, ["land", "check", "--out", str(tmp_path / "lake"), "--json"])
    found = json.loads(checked.stdout)
    assert (found["files"], found["rejected"]) == (1, [])


def test_a_table_that_no_file_is_uploaded_for_is_named(tmp_path: Path) -> None:
    result = land(tmp_path / "c.csv", tmp_path / "lake", table="orders")
    assert result.exit_code == 2
    assert "orders is no table of uploaded files; choose from customer_files" in result.stderr


def test_every_uploaded_table_takes_a_file_with_its_columns(tmp_path: Path) -> None:
    for name, table in load_contract(PROJECT).items():
        if not table.csv_columns:
            continue
        path = tmp_path / f"{name}.csv"
        path.write_text(f"{','.join(table.csv_columns)}\n{'1,' * (len(table.csv_columns) - 1)}1\n")
        assert land(path, tmp_path / "lake", table=name).exit_code == 0
        [landed] = (tmp_path / "lake" / table.location).glob("*/*")
        assert set(json.loads(gzip.decompress(landed.read_bytes()))["record"].values()) == {"1"}
