"""The proofs of the increments, and tests of the proofs themselves."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import psutil
import pytest
from click.testing import CliRunner, Result

from lake.errors import UserError
from lake.proofs.commands import prove
from lake.proofs.compare import compare
from lake.proofs.incremental import Outcome
from lake.proofs.journal import Journal
from lake.proofs.mutants import MUTANTS, sabotage
from lake.proofs.schedule import ADVERSITIES, make_schedule, survey

PROJECT = Path(__file__).resolve().parents[2]
QUICK_MUTANTS = ("vanished-groups-stay", "touched-days-from-the-state")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(prove, arguments)


def journal(path: Path, project: Path = PROJECT) -> Journal:
    return Journal(path, project, "dev, every=False")


# The proofs


def test_random_schedules_equal_their_rebuilds() -> None:
    result = run("incremental", "--schedules", "2", "--batches", "10", "--jobs", "2", "--json")
    outcomes = json.loads(result.stdout)
    assert [(one["error"], one["differences"]) for one in outcomes] == [("", [])] * 2
    assert result.exit_code == 0
    assert all(one["batches"] == 10 and one["builds"] >= 12 for one in outcomes)
    assert all(one["comparisons"] == 3 and one["rows"] > 5000 for one in outcomes)


def test_a_stopped_build_is_mended_by_the_next() -> None:
    result = run("crash", "--step", "6", "--kills", "1", "--jobs", "2", "--json")
    outcome = json.loads(result.stdout)
    assert outcome["error"] == ""
    assert [stop["after"] for stop in outcome["stops"] if stop["differences"]] == []
    assert result.exit_code == 0
    assert len(outcome["stops"]) > 8
    assert sum(stop["was_killed"] for stop in outcome["stops"]) == 1


def test_sabotage_is_found() -> None:
    only = [word for name in QUICK_MUTANTS for word in ("--only", name)]
    result = run("mutants", *only, "--jobs", "2", "--json")
    found = {one["name"]: one["found"] for one in json.loads(result.stdout)}
    assert found == dict.fromkeys(QUICK_MUTANTS, True)
    assert result.exit_code == 0


# The schedules


@pytest.mark.parametrize("batches", [8, 10, 12])
@pytest.mark.parametrize("seed", range(1, 6))
def test_a_schedule_contains_each_adversity(seed: int, batches: int) -> None:
    found = survey(make_schedule(seed, batches))
    assert [name for name in ADVERSITIES if not found[name]] == []


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_file_that_comes_again_loses_no_record(seed: int) -> None:
    held: dict[tuple[str, str, str], tuple] = {}
    for step in make_schedule(seed, 8).steps:
        for file in step.files:
            place = (file.table, file.day, file.name)
            before = held.get(place, ())
            assert file.records[: len(before)] == before
            held[place] = file.records


def test_a_schedule_is_a_function_of_its_seed() -> None:
    assert make_schedule(7, 10) == make_schedule(7, 10)
    assert make_schedule(7, 10) != make_schedule(8, 10)


def test_a_schedule_is_the_same_in_every_process() -> None:
    script = (
        "import hashlib; from lake.proofs.schedule import make_schedule;"
        "print(hashlib.md5(repr(make_schedule(7, 10)).encode()).hexdigest())"
    )
    here = hashlib.md5(repr(make_schedule(7, 10)).encode()).hexdigest()
    for salt in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": salt},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == here


# The comparison


def database(folder: Path, name: str, *statements: str) -> Path:
    path = folder / name / "lake.duckdb"
    path.parent.mkdir()
    with duckdb.connect(str(path)) as connection:
        for statement in ("create schema gold", *statements):
            connection.execute(statement)
    return path


TABLE = "create table gold.sales as select 1 as line, 'a' as product, now() as _built_at"


def test_equal_databases_compare_equal_whatever_their_audit_stamps(tmp_path: Path) -> None:
    left, right = (database(tmp_path, name, TABLE) for name in ("left", "right"))
    result = compare(left, right)
    assert (result.relations, result.rows, result.differences) == (1, 1, ())


@pytest.mark.parametrize(
    ("other", "only_left", "only_right"),
    [
        (TABLE.replace("'a'", "'b'"), 1, 1),
        (TABLE.replace("'a'", "cast(null as varchar)"), 1, 1),
        (f"{TABLE} union all select 1, 'a', now()", 0, 1),
        (f"{TABLE} where false", 1, 0),
        (TABLE.replace("1 as", "cast(1 as bigint) as"), 1, 1),
        (TABLE.replace("product", "good"), 1, 1),
    ],
    ids=["value", "null", "copy", "missing", "type", "name"],
)
def test_a_difference_is_seen(tmp_path: Path, other: str, only_left: int, only_right: int) -> None:
    result = compare(database(tmp_path, "left", TABLE), database(tmp_path, "right", other))
    (difference,) = result.differences
    assert difference.relation == "gold.sales"
    assert (difference.only_left, difference.only_right) == (only_left, only_right)


def test_a_relation_of_one_side_is_a_difference(tmp_path: Path) -> None:
    left = database(tmp_path, "left", TABLE)
    right = database(tmp_path, "right", TABLE, "create view gold.report as select 1 as one")
    (difference,) = compare(left, right).differences
    assert difference.note == "exists only in the right database"
    assert compare(left, right, skip=("report",)).differences == ()


# The workers


def test_no_worker_outlives_a_killed_command(tmp_path: Path) -> None:
    script = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from lake.proofs.pool import worker_pool\n"
        "with worker_pool(Path(sys.argv[1]), 1) as pool:\n"
        "    for pid in pool.run([(os.getpid, ())]):\n"
        "        print(pid, flush=True)\n"
        "    list(pool.run([(time.sleep, (600,))]))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as command:
        assert command.stdout is not None
        worker = int(command.stdout.readline())
        time.sleep(1)  # the long task has begun
        command.kill()
    for _ in range(100):
        if not psutil.pid_exists(worker) or psutil.Process(worker).status() == "zombie":
            return
        time.sleep(0.1)
    os.kill(worker, signal.SIGKILL)
    raise AssertionError("the worker goes on without its command")


# The sabotage and the options


def test_what_a_journal_holds_is_not_run_again(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    for seed in (1, 2):
        journal(path).add(Outcome(seed, 10, builds=9, rows=77))
    begun = ("incremental", "--schedules", "2", "--batches", "10", "--json")
    outcomes = json.loads(run(*begun, "--journal", str(path)).stdout)
    assert [(one["seed"], one["builds"], one["rows"]) for one in outcomes] == [
        (1, 9, 77),
        (2, 9, 77),
    ]


def test_a_journal_that_was_cut_off_keeps_its_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal(path).add(Outcome(1, 10))
    journal(path).add(Outcome(2, 10))
    path.write_bytes(path.read_bytes()[:-20])
    assert journal(path).held(1, 10) == Outcome(1, 10)
    assert journal(path).held(2, 10) is None
    journal(path).add(Outcome(3, 10))
    assert [journal(path).held(seed, 10) is not None for seed in (1, 2, 3)] == [True, False, True]
    assert path.read_bytes().count(b"\n") == 2


def test_a_journal_forgets_what_may_be_otherwise_now(tmp_path: Path) -> None:
    path, project = tmp_path / "journal.jsonl", tmp_path / "project"
    model = project / "models" / "a.sql"
    model.parent.mkdir(parents=True)
    (project / "dbt_project.yml").write_text("name: a")
    for name in ("profiles.yml", "requirements.txt"):
        (project / name).touch()
    model.write_text("select 1 as a")
    journal(path, project).add(Outcome(1, 10))
    journal(path, project).add(Outcome(2, 10, error="a model failed"))
    assert journal(path, project).held(1, 10) == Outcome(1, 10)
    assert journal(path, project).held(1, 12) is None
    assert journal(path, project).held(2, 10) is None
    assert Journal(path, project, "dev, every=True").held(1, 10) is None
    model.write_text("select 2 as a")
    assert journal(path, project).held(1, 10) is None


def test_each_mutant_still_breaks_something(tmp_path: Path) -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
    for mutant in MUTANTS:
        copy = sabotage(PROJECT, tmp_path / "project", mutant)
        assert (copy / mutant.file).read_text() != (PROJECT / mutant.file).read_text()


def test_a_mutant_that_no_longer_applies_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no longer holds"):
        sabotage(PROJECT, tmp_path / "project", replace(MUTANTS[0], old="not in the file"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("incremental", "--schedules", "0"),
        ("incremental", "--batches", "3"),
        ("incremental", "--jobs", "0"),
        ("incremental", "--journal", "README.md"),
        ("crash", "--step", "0"),
        ("crash", "--kills", "-1"),
        ("mutants", "--only", "nothing"),
    ],
)
def test_a_wrong_option_is_one_line_and_code_2(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1
