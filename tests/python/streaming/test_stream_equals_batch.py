"""What the stream brings builds the same silver as the files: the same events and sessions."""

import json
from collections import Counter

import pytest
from click.testing import CliRunner
from lakes import PROJECT, Lake

from lake.cli import main
from lake.contract import load_contract

SILVER = ("int_events", "int_session_events", "int_sessions")
RAW = "_row_hash"
"""The hash of the raw line, which enrichment makes another."""


def run(*arguments: str) -> dict:
    result = CliRunner().invoke(main, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def lakes(engine, tmp_path_factory):
    """The same generated events by both paths; the stream is replayed twice, as after a loss."""
    batch, streamed = (Lake(tmp_path_factory.mktemp(name)) for name in ("batch", "streamed"))
    source = batch.root / load_contract(PROJECT)["events"].location
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(PROJECT)
        generated = ("--scale", "0.2", "--until", "2025-01-25", "--events-per-day", "120")
        run("land", "generate", "--tables", "events", "--out", str(batch.root), *generated)
        replay = ("stream", "replay", str(source), "--out", str(streamed.root), "--rate", "0")
        once, again = run(*replay), run(*replay, "--again")
    assert once["events"] == again["events"] > 2000
    for lake in (batch, streamed):
        engine.new_database(lake.folder)
        engine.build(lake.root, lake.database, ["+int_sessions"])
    return batch, streamed


@pytest.mark.parametrize("relation", SILVER)
def test_every_row_is_the_same(lakes, relation) -> None:
    batch, streamed = (rows(lake, relation) for lake in lakes)
    assert batch == streamed
    assert batch.total() > 100


def rows(lake: Lake, relation: str) -> Counter[tuple]:
    columns = lake.query(
        "select column_name from duckdb_columns() "
        f"where table_name = '{relation}' and column_name <> '{RAW}' order by column_index"
    )
    names = ", ".join(name for (name,) in columns)
    return Counter(lake.query(f"select {names} from silver.{relation}"))
