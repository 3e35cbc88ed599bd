"""Athena's queries in Trino's dialect: decimal literals and backticks, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.athena.sql.tokens import place, tokenize
from lake.athena.sql.translate import original_place, strip, to_trino

UNTOUCHED = st.sampled_from(
    [
        *("'1.5 `x`'", "'it''s 2.5'", '"1.5"', '"a""`b`"', "-- 1.5 `x`\n", "/* 1.5 '\n */"),
        *("a.b", "1", "1e5", "1.5e3", "DECIMAL '1.5'", "X'0A'", 't."c"', "(", ")", "||", "?"),
        *("select", "->", "x[1]", "\n"),
    ]
)
TOUCHED = st.sampled_from(
    [
        *(("1.5", "1.5e0"), (".5", ".5e0"), ("1.", "1.e0"), ("1_0.2_5", "10.25e0")),
        *(("`a`", '"a"'), ("`a``b`", '"a`b"'), ('`a"b`', '"a""b"'), ("`select`", '"select"')),
    ]
)
PIECE = st.one_of(UNTOUCHED.map(lambda text: (text, text)), TOUCHED)


@given(st.lists(PIECE, max_size=30))
def test_known_pieces_become_known_pieces(pieces):
    athena = " ".join(piece[0] for piece in pieces)
    assert to_trino(athena) == " ".join(piece[1] for piece in pieces)


@given(st.one_of(st.text(max_size=60), st.lists(PIECE).map(lambda ps: " ".join(p[0] for p in ps))))
def test_translating_twice_is_translating_once(sql):
    once = to_trino(sql)
    assert to_trino(once) == once
    assert once.count("\n") == sql.count("\n")


@given(st.lists(PIECE, max_size=30), st.data())
def test_a_place_in_the_translation_leads_back(pieces, data):
    athena = " ".join(piece[0] for piece in pieces)
    tokens = [token for token in tokenize(athena) if token.text.strip()]
    if not tokens:
        return
    token = data.draw(st.sampled_from(tokens))
    written = place(to_trino(athena), len(to_trino(athena[: token.start])))
    assert original_place(athena, *written) == place(athena, token.start)


def test_a_place_within_a_token_stays_within_it():
    sql = "select 1.5,\n'a\nb', nope"
    assert original_place(sql, 1, 12) == (1, 10)
    assert original_place(sql, 2, 2) == (2, 2)
    assert original_place(sql, 3, 1) == (3, 1)
    assert original_place(sql, 9, 9) == (3, 9)


@pytest.mark.parametrize(
    ("sql", "stripped"),
    [
        ("select 1;", "select 1"),
        ("select 1 ; ; -- end\n", "select 1 "),
        ("-- head\nselect ';'", "-- head\nselect ';'"),
        ("select 1 -- a;", "select 1 -- a;"),
        (";", ""),
    ],
)
def test_the_last_semicolon_goes(sql, stripped):
    assert strip(sql) == stripped
