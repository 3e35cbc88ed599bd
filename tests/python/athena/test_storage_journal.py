"""The journal keeps what was written, all of a change or none."""

import sqlite3

import pytest

from lake.athena.journal import Journal, key_of, parts_of


def test_rows_are_there_again(tmp_path):
    journal = Journal(tmp_path)
    journal.write([("table", key_of("shop", "orders"), "1"), ("table", key_of("shop", "x"), "2")])
    journal.write([("table", key_of("shop", "x"), None), ("database", "shop", "{}")])
    journal.close()
    again = Journal(tmp_path)
    assert list(again.items("table")) == [(key_of("shop", "orders"), "1")]
    assert list(again.items("database")) == [("shop", "{}")]


def test_a_change_that_fails_leaves_nothing(tmp_path):
    journal = Journal(tmp_path)

    def changes():
        yield "table", "a", "1"
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        journal.write(changes())
    assert list(journal.items("table")) == []


def test_below_names_one_thing_and_not_its_neighbour(tmp_path):
    journal = Journal(tmp_path)
    names = [("shop", "orders"), ("shop", "orders_old"), ("shopping", "orders")]
    journal.write([("version", key_of(*name, "1"), "v") for name in names])
    assert [parts_of(key) for key in journal.below("version", "shop", "orders")] == [
        ["shop", "orders", "1"]
    ]
    assert len(journal.below("version", "shop")) == 2


def test_without_a_folder_nothing_is_kept():
    journal = Journal(None)
    journal.write([("table", "a", "1")])
    assert (journal.keeps, list(journal.items("table"))) == (False, [])


def test_a_write_after_the_end_fails(tmp_path):
    journal = Journal(tmp_path)
    journal.close()
    with pytest.raises(sqlite3.ProgrammingError):
        journal.write([("table", "a", "1")])
