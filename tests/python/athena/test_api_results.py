"""Result files and pages."""

from hypothesis import given
from hypothesis import strategies as st

from lake.athena.api.results import csv_file, results_page, rows_of_csv, text_file
from lake.athena.outcome import Column, Outcome

VALUES = st.one_of(st.none(), st.text(max_size=6, alphabet='ab,"\n\r\t é'))


def select(rows, width=1):
    columns = [Column(f"c{number}", "varchar") for number in range(width)]
    return Outcome("DML", "SELECT", columns, rows, 0, has_header=True, extension="csv")


@given(
    st.integers(1, 3).flatmap(
        lambda width: st.tuples(
            st.just(width), st.lists(st.lists(VALUES, min_size=width, max_size=width))
        )
    )
)
def test_a_result_file_reads_back_as_it_was(given_rows):
    width, rows = given_rows
    assert rows_of_csv(csv_file(select(rows, width))) == rows


def test_null_and_empty_text_differ_in_the_file():
    assert csv_file(select([[None, ""], ['a"b', "c"]], 2)) == b'"c0","c1"\n,""\n"a""b","c"\n'


def test_text_files_have_no_header():
    outcome = Outcome("UTILITY", "SHOW_TABLES", [Column("tab_name", "string")], [["a"], ["b"]])
    assert text_file(outcome) == b"a\nb\n"


@given(st.integers(0, 7), st.integers(1, 4), st.booleans())
def test_pages_together_are_the_whole(count, size, has_header):
    outcome = select([[str(number)] for number in range(count)])
    outcome.has_header = has_header
    texts, start = [], 0
    while True:
        page = results_page(outcome, outcome.rows, start, size)
        rows = page["ResultSet"]["Rows"]
        assert len(rows) <= size
        texts += [row["Data"][0]["VarCharValue"] for row in rows]
        if "NextToken" not in page:
            break
        start = int(page["NextToken"])
    header = ["c0"] if has_header else []
    assert texts == header + [str(number) for number in range(count)]


def test_null_has_no_text_in_a_page():
    page = results_page(select([[None]]), [[None]], 1, 10)
    assert page["ResultSet"]["Rows"] == [{"Data": [{}]}]
