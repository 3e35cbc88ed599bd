"""The whole project on a local Athena, in three increments, against DuckDB.

The lake is a schedule of `lake prove incremental`, cut in three: late, repeated, contradicting,
broken and deleted records, and days that vanish. The tests run in their order, and each builds on
what the one before left; pytest-xdist keeps a module together (`--dist loadscope`).
"""

import json

import duckdb
import pytest
from macros_in_dbt import generic_tests
from rehearsal import Rehearsal, assert_equal_and_filled

from lake.contract import load_contract
from lake.landing.writer import write_file
from lake.paths import project_dir
from lake.proofs.schedule import Step, make_schedule

# The days on which the schedule lands: an unfiltered scan of a projected table lists every day.
DAYS = {"landing_start": "2025-02-20", "landing_end": "2025-03-31"}
# No JSON, all of them; the file begins with a byte order mark.
NASTY_LINES = (
    "\ufeff{",
    "cut at \x01 a control character",
    "\\N",
    "carriage return and line feed\r",
    "carriage\rreturn",
    "  blanks around  ",
    "other line ends \u0085 \u2028 \u2029",
    "nothing \x00 there",
    'quotes " and \\ and \t',
    "   ",
    "",
)
# The data tests of silver are the same few, some hundred times, on rows that are equal by parity.
CHEAP_TESTS = ("test_type:unit", "marts", "test_type:singular")


def land(lake: Rehearsal, steps: tuple[Step, ...]) -> str | None:
    """Land the files of some steps on both sides; return the first batch to replay, if any."""
    tables = load_contract(project_dir())
    for step in steps:
        for file in step.files:
            place = f"{tables[file.table].partition(file.day)}/{file.name}"
            write_file(lake.home / "lake", place, file.content)
    lake.upload()
    replays = [step.replay_from.replace("-", "") for step in steps if step.replay_from]
    return min((replay.ljust(10, "0") for replay in replays), default=None)


def land_nasty_lines(lake: Rehearsal) -> None:
    """Land a file of lines that a reader of text could cut, trim or take for NULL."""
    partition = load_contract(project_dir())["orders"].partition(DAYS["landing_start"])
    content = "\n".join(NASTY_LINES).encode()
    write_file(lake.home / "lake", f"{partition}/nasty.json", content)


def days_sold(lake: Rehearsal) -> set[str]:
    """Return the days of the daily sales on the DuckDB side."""
    with duckdb.connect(str(lake.home / "lake.duckdb"), read_only=True) as connection:
        found = connection.execute("select order_date from silver.int_daily_sales").fetchall()
    return {str(day) for (day,) in found}


@pytest.fixture(scope="module")
def rehearsal(local_athena, tmp_path_factory):
    return Rehearsal(tmp_path_factory.mktemp("rehearsal"), local_athena.environment, DAYS)


@pytest.fixture(scope="module")
def thirds():
    steps = make_schedule(seed=1, batches=8).steps
    cut = len(steps) // 3
    return steps[:cut], steps[cut : 2 * cut], steps[2 * cut :]


def test_first_build_takes_nasty_lines(rehearsal, thirds):
    land_nasty_lines(rehearsal)
    rehearsal.build(land(rehearsal, thirds[0]))


def test_third_build_equals_duckdb(rehearsal, thirds):
    before = days_sold(rehearsal)
    rehearsal.build(land(rehearsal, thirds[1]))
    assert before - days_sold(rehearsal), "no day vanishes: this proves less than it should"
    rehearsal.build(land(rehearsal, thirds[2]))
    assert_equal_and_filled(rehearsal.parity())


def test_every_test_says_on_athena_what_it_says_on_duckdb(rehearsal):
    """The schedule's shop breaks a few rules of business on purpose: more refunded than paid."""
    found = rehearsal.on_both(lambda side: rehearsal.tested(side, *CHEAP_TESTS))
    assert found["athena"] == found["dev"]
    unit_tests = [result for name, result in found["dev"].items() if name.startswith("unit_test.")]
    assert len(unit_tests) > 90
    assert {status for status, _ in unit_tests} == {"pass"}
    passed = sum(status == "pass" for status, _ in found["dev"].values())
    assert passed > 0.95 * len(found["dev"])


def test_every_nasty_value_gives_what_was_worked_out_by_hand(rehearsal):
    rehearsal.dbt("athena", "run-operation", "check_engine_macros")


def test_every_generic_test_tells_its_fixtures_apart(rehearsal):
    arguments = json.dumps({"names": generic_tests()})
    rehearsal.dbt("athena", "run-operation", "check_generic_tests", "--args", arguments)


def test_docs_describe_tables_views_and_seeds_of_the_catalogue(rehearsal):
    rehearsal.dbt("athena", "docs", "generate")
    catalog = json.loads((rehearsal.home / "athena" / "catalog.json").read_text())
    described = {node["metadata"]["name"] for node in catalog["nodes"].values()}
    assert {"int_orders", "fct_orders", "dim_customer", "agg_daily_sales", "regions"} <= described


def test_parity_finds_a_cent(rehearsal):
    """The same comparison, after a change of one value on one side."""
    with duckdb.connect(str(rehearsal.home / "lake.duckdb")) as connection:
        connection.execute(
            "update silver.int_orders set total_amount = total_amount + 0.01 "
            "where order_id = (select min(order_id) from silver.int_orders where total_amount > 0)"
        )
    command = ("lake", "parity", "--json", "--select", "int_orders")
    printed = rehearsal.run(rehearsal.dev_environment | rehearsal.athena, *command, code=1)
    (found,) = json.loads(printed)
    assert (found["only_dev"], found["only_athena"], found["holds"]) == (1, 1, False)
