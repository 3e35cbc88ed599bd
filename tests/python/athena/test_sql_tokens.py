"""The tokenizer: nothing is lost, and strings, comments, names and numbers are what they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.athena.errors import AthenaFailure
from lake.athena.sql.tokens import Kind, Mode, check_closed, place, significant, tokenize

SQL_LIKE = st.text(alphabet="aE1._'\"`-/*\\\n ;()[]<>=!|?é\x00", max_size=60)


@given(st.one_of(st.text(max_size=60), SQL_LIKE), st.sampled_from(Mode))
def test_no_character_is_lost(sql, mode):
    tokens = tokenize(sql, mode)
    assert "".join(token.text for token in tokens) == sql
    assert all(sql[token.start : token.end] == token.text for token in tokens)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1.5", Kind.DECIMAL),
        (".5", Kind.DECIMAL),
        ("1.", Kind.DECIMAL),
        ("1_000.5", Kind.DECIMAL),
        ("1e5", Kind.DOUBLE),
        ("1.e-5", Kind.DOUBLE),
        (".5E+3", Kind.DOUBLE),
        ("12", Kind.INTEGER),
        ("1_000", Kind.INTEGER),
        ("0xFF", Kind.INTEGER),
        ("0b10", Kind.INTEGER),
        ("2020_sales", Kind.WORD),
        ("1e5x", Kind.WORD),
        ("_x1", Kind.WORD),
        ("'it''s'", Kind.STRING),
        ('"a""b"', Kind.QUOTED),
        ("`a``b`", Kind.BACKTICK),
        ("-- text", Kind.COMMENT),
        ("/* a\n' */", Kind.COMMENT),
        ("'open", Kind.BROKEN),
        ("/* open", Kind.BROKEN),
        ("<>", Kind.SYMBOL),
        ("->", Kind.SYMBOL),
        ("é", Kind.SYMBOL),
    ],
)
def test_kind(text, kind):
    assert [token.kind for token in tokenize(text)] == [kind]


def test_a_backslash_escapes_in_hive_only():
    text = r"'a\'b'"
    assert [token.kind for token in tokenize(text, Mode.HIVE)] == [Kind.STRING]
    assert [token.text for token in tokenize(text)] == [r"'a\'", "b", "'"]


def test_numbers_end_where_trino_ends_them():
    assert [token.text for token in tokenize("1.5x a.b 1.e x[1].y")] == (
        ["1.5", "x", " ", "a", ".", "b", " ", "1.", "e", " ", "x", "[", "1", "]", ".", "y"]
    )


@given(SQL_LIKE)
def test_significant_tokens_are_the_others(sql):
    ignored = (Kind.SPACE, Kind.COMMENT)
    assert significant(sql) == tuple(t for t in tokenize(sql) if t.kind not in ignored)


@given(st.text(alphabet="ab\n", max_size=20), st.data())
def test_place_counts_from_one(sql, data):
    offset = data.draw(st.integers(0, len(sql)))
    line, column = place(sql, offset)
    assert sum(len(text) + 1 for text in sql.split("\n")[: line - 1]) + column - 1 == offset


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select 'abc", "line 1:8: mismatched input '''"),
        ("select\n (1, [2)", "line 2:8: mismatched input ')'"),
        ("select 1)", "line 1:9: mismatched input ')'"),
        ("select (1", "line 1:10: mismatched input '<EOF>'. Expecting: ')'"),
    ],
)
def test_what_is_open_is_refused(sql, message):
    with pytest.raises(AthenaFailure) as failure:
        check_closed(sql, significant(sql))
    assert failure.value.reason == message
