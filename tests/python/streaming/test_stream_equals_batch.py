"""What the stream brings builds the same silver as the files: the same events and sessions.

The stream is killed half way and goes on; in the small form it then sends everything again, as
after a loss. The large form is 2.4 million events, as many as a day has; some twenty minutes:
`pytest -m large tests/python/streaming/test_stream_equals_batch.py` runs it.
"""

import json
from dataclasses import dataclass

import pytest
from click.testing import CliRunner
from killed_replay import lines_done, replay_until_killed
from lakes import PROJECT, Lake

from lake.cli import main
from lake.contract import load_contract

SILVER = ("int_events", "int_session_events", "int_sessions")
RAW = "_row_hash"  # the hash of the raw line, which enrichment makes another


@dataclass(frozen=True)
class Size:
    """How many events at least, in how many a day until when, and how they are replayed."""

    events: int
    per_day: int
    until: str
    pace: tuple[str, ...]
    again: bool


SMALL = Size(2_000, 120, "2025-01-25", ("--rate", "1000", "--buffer-seconds", "0.1"), again=True)
LARGE = Size(2_400_000, 1_100_000, "2025-01-03", ("--rate", "0"), again=False)


def run(*arguments: str) -> dict:
    result = CliRunner().invoke(main, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(SMALL, id="2-thousand"),
        pytest.param(LARGE, id="2-million", marks=pytest.mark.large),
    ],
)
def lakes(request, engine, tmp_path_factory):
    """The same generated events by both paths, built."""
    size = request.param
    batch, streamed = (Lake(tmp_path_factory.mktemp(name)) for name in ("batch", "streamed"))
    source = str(batch.root / load_contract(PROJECT)["events"].location)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(PROJECT)
        days = ("--events-per-day", str(size.per_day), "--until", size.until)
        shop = ("--scale", "0.2", "--tables", "events", "--out", str(batch.root))
        landed = run("land", "generate", *shop, *days)["records"]
        assert landed > size.events
        replay_until_killed(streamed.root, landed // 2, source, *size.pace)
        assert landed // 2 <= lines_done(streamed.root) < landed
        replay = ("stream", "replay", source, "--out", str(streamed.root), "--rate", "0")
        run(*replay)
        assert lines_done(streamed.root) == landed
        if size.again:
            run(*replay, "--again")
    for lake in (batch, streamed):
        engine.new_database(lake.folder)
        engine.build(lake.root, lake.database, ["+int_sessions"])
    return batch, streamed


@pytest.mark.parametrize("relation", SILVER)
def test_every_row_is_the_same(lakes, relation) -> None:
    batch, streamed = (written(lake, relation) for lake in lakes)
    for one, other in ((batch, streamed), (streamed, batch)):
        assert lakes[0].query(f"(from {one}) except all (from {other}) limit 5") == []
    assert lakes[0].query(f"select count(*) > 100 from {batch}") == [(True,)]


def written(lake: Lake, relation: str) -> str:
    """Write a relation as a file, as one database cannot read a view of another; return it."""
    file = lake.folder / f"{relation}.parquet"
    lake.query(f"copy (select columns(c -> c <> '{RAW}') from silver.{relation}) to '{file}'")
    return f"'{file}'"
