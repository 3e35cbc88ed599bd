"""`lake build`, `lake summary` and `lake query`: what they run, what they print, how they fail."""

import json
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest
import tiny
from click.testing import CliRunner
from lakes import Lake

from lake.build import _invoke, build, report
from lake.cli import main
from lake.database import known_error
from lake.errors import UserError
from lake.quality.query import query
from lake.quality.screen import make_console
from lake.quality.summary import summary

HOLD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"
SELECTED = (
    *("--select", "currencies exchange_rates stg_postgresql__orders int_orders_validated"),
    *("--exclude", "no_personal_data_outside_the_restricted_relations"),  # it looks at every layer
)


@pytest.fixture
def lake(tiny_lake, monkeypatch):
    use(tiny_lake, monkeypatch)
    return tiny_lake


def use(lake, monkeypatch):
    for name in ("LAKE_ROOT", "LAKE_DB", "DBT_TARGET_PATH", "DBT_LOG_PATH"):
        monkeypatch.setenv(name, lake.environment[name])


def run(command, *options, code=0):
    done = CliRunner().invoke(command, options, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


def test_build_checks_builds_tests_and_documents(tmp_path):
    lake = Lake(tmp_path)
    tiny.write_lake(lake.root)
    bad = lake.root / f"{tiny.CDC}orders/arrival_date=2025-01-15/bad.json.gz"
    bad.write_bytes(b"this is no gzip at all")
    output = lake.run("lake", "build", *SELECTED)
    assert "1 rejected" in output
    assert not bad.exists()
    layers = [line.split()[:3] for line in output.splitlines()]
    assert ["bronze", "1", "0"] in layers
    assert ["silver", "1", "0"] in layers
    assert "tests passed" in output
    assert len(output.splitlines()) < 70
    assert (tmp_path / "target" / "static_index.html").stat().st_size > 1_000_000
    assert lake.query("select count(*) from silver.int_orders_validated") == [(9,)]


def outcome(name, status, message, layer="silver", kind="model"):
    node = SimpleNamespace(
        name=name,
        resource_type=kind,
        schema=layer,
        original_file_path=f"models/{name}.sql",
        compiled_path=None,
        config=SimpleNamespace(materialized="incremental"),
    )
    return SimpleNamespace(status=status, message=message, execution_time=1.0, node=node)


def test_build_prints_a_failure_in_full(capsys):
    old_table = "Binder Error: no column\nLINE 3: select max(_x) as mark from t"
    passed = report(
        make_console(),
        [
            outcome("int_orders", "error", old_table),
            outcome("int_lines", "skipped", None),
            outcome("o_is_given", "fail", "Got 2 results", kind="test"),
            outcome("p_is_given", "warn", "Got 1 result", kind="test"),
            outcome("dim_date", "success", "OK", layer="gold"),
        ],
    )
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert passed is False
    assert ["silver", "0", "1", "1", "2.0"] in lines
    assert ["gold", "1", "0", "0", "1.0"] in lines
    assert ["data", "tests", "1", "1", "0", "2.0"] in lines
    assert ["ERROR", "int_orders"] in lines
    assert ["defined", "in", "models/int_orders.sql"] in lines
    assert old_table.splitlines()[1].split() in lines
    assert lines[lines.index(["ERROR", "int_orders"]) + 4][-3:] == [
        "lake",
        "build",
        "--full-refresh",
    ]
    assert ["FAIL", "o_is_given"] in lines
    assert ["WARN", "p_is_given"] in lines


def test_build_passes_without_a_failure(capsys):
    assert report(make_console(), [outcome("dim_date", "success", "OK", layer="gold")]) is True
    assert ["gold", "1", "0", "0", "1.0"] in [
        line.split() for line in capsys.readouterr().out.splitlines()
    ]


def test_a_full_disk_during_the_build_is_one_line():
    full = outcome("int_orders", "error", "IO Error: write: No space left on device")
    with pytest.raises(UserError, match="the disk is full"):
        report(make_console(), [full])


def test_a_selection_of_nothing_is_one_line(tmp_path):
    lake = Lake(tmp_path)
    tiny.write_lake(lake.root)
    output = lake.run("lake", "build", "--no-docs", "--select", "int_ordres", code=2)
    assert output.splitlines()[-1] == (
        "lake: no model of the project is selected by --select int_ordres; `dbt ls` names them"
    )


def test_build_names_the_process_that_holds_the_database(tmp_path, monkeypatch):
    lake = Lake(tmp_path)
    tiny.write_lake(lake.root)
    use(lake, monkeypatch)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lake.database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        for command in (build, summary):
            output = run(command, code=2)
            assert output.count("\n") == 1
            assert f"{lake.database} is in use by process {holder.pid} (" in output
            assert f"kill {holder.pid}" in output
        holder.communicate("\n")


def test_build_names_a_landing_folder_that_is_missing(tmp_path, monkeypatch):
    use(Lake(tmp_path), monkeypatch)
    output = run(build, code=2)
    assert output.count("\n") == 1
    assert f"no landing folder {tmp_path / 'lake'}" in output


def test_build_is_for_duckdb(tmp_path, monkeypatch):
    use(Lake(tmp_path), monkeypatch)
    monkeypatch.setenv("LAKE_TARGET", "athena")
    assert "for LAKE_TARGET=athena run `dbt build`" in run(build, code=2)


@pytest.mark.parametrize(
    ("contract", "line"),
    [
        (
            "sources: [{name: shop, tables: [{name: orders}]}]",
            "table orders wants external.location and a file_format of json_lines or avro",
        ),
        ("sources: [{name: shop}]", "not a source contract (KeyError('tables'))"),
        ("sources:", "not a source contract"),
        ("sources: [{name: shop, tables: [orders]}]", "not a source contract"),
        (
            "sources: [{name: shop, tables: [{name: orders, config: , external: {location: x,"
            " file_format: avro}}]}]",
            "not a source contract",
        ),
        ("sources: [", "not a source contract"),
    ],
)
def test_build_names_a_contract_that_is_broken(tmp_path, monkeypatch, contract, line):
    project = tmp_path / "project"
    (project / "models" / "staging" / "shop").mkdir(parents=True)
    (project / "dbt_project.yml").write_text("name: lakehouse\n")
    source = project / "models" / "staging" / "shop" / "_shop__sources.yml"
    source.write_text(f"{contract}\n")
    use(Lake(tmp_path), monkeypatch)
    (tmp_path / "lake").mkdir()
    monkeypatch.chdir(project)
    output = run(build, code=2)
    assert f"{source}: " in output and line in output


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("IO Error: Could not write file: No space left on device", "the disk is full"),
        (
            'Could not set lock on file "/a/lake.duckdb": Conflicting lock is held in '
            "/usr/bin/python3.11 (PID 4711) by user jane. See also https://duckdb.org",
            "/a/lake.duckdb is in use by process 4711 (python3.11)",
        ),
        (
            "Invalid Input Error: CSV Error on Line: 1\nInvalid unicode (byte sequence mismatch) "
            "detected. This file is not utf-8 encoded.\n"
            "  file=/lake/a/arrival_date=2025-01-15/b.json.gz\n",
            "/lake/a/arrival_date=2025-01-15/b.json.gz cannot be read",
        ),
        ("Compilation Error\n  no lake at '/x': run `lake land generate`", "no landed file in /x"),
    ],
)
def test_an_accident_is_one_line_with_its_mend(text, line):
    error = known_error(text)
    assert line in error.message
    assert "\n" not in error.message
    assert error.exit_code == 2


def test_another_error_is_not_taken_for_an_accident():
    assert known_error("Binder Error: no column disk") is None


def test_summary_counts_what_landed_and_what_was_built(lake):
    found = json.loads(run(summary, "--json"))
    landed = found["landed"]
    assert [landed[name] for name in ("files", "records", "days", "first_day", "last_day")] == [
        8,
        19,
        2,
        "2025-01-15",
        "2025-01-16",
    ]
    assert {row["source"]: row["records"] for row in landed["sources"] if row["records"]} == {
        "orders": 9,
        "order_items": 3,
        "customers": 1,
        "products": 1,
        "payments": 2,
        "refunds": 1,
        "suppliers": 2,
    }
    assert found["quarantined"]["records"] == 3
    assert [layer["layer"] for layer in found["built"]] == [
        "reference",
        "bronze",
        "silver",
        "quarantine",
        "gold",
    ]
    assert found["tested"] is None
    output = run(summary)
    assert "3 records in quarantine" in output
    assert "tested: nothing yet" in output
    assert 'lake query "' in output


def test_summary_counts_the_tests_of_the_last_build(lake, tmp_path, monkeypatch):
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path))
    results = [
        {"unique_id": "test.lakehouse.a_is_given.1f", "status": "pass"},
        {"unique_id": "test.lakehouse.b_is_given.2f", "status": "fail"},
        {"unique_id": "unit_test.lakehouse.model.c", "status": "pass"},
        {"unique_id": "test.lakehouse.e_is_given.3f", "status": "skipped"},
        {"unique_id": "model.lakehouse.d", "status": "error"},
    ]
    run_results = {"args": {"which": "build"}, "results": results}
    (tmp_path / "run_results.json").write_text(json.dumps(run_results))
    output = run(summary)
    assert "tested: 2 of 4 tests passed, 1 skipped" in output
    assert "fail: b_is_given" in output
    assert "model failed: d" in output


def test_the_query_that_the_summary_proposes_works(lake):
    proposed = json.loads(run(summary, "--json"))["next"]["query"]
    rows = json.loads(run(query, proposed, "--json"))
    assert rows[0]["order_date"] == "2025-01-14"


def test_query_prints_tables_json_and_csv(lake):
    sql = "select 1 as a, 'x,\"y' as b, cast(null as integer) as c, 1.50 as d"
    assert json.loads(run(query, sql, "--json")) == [{"a": 1, "b": 'x,"y', "c": None, "d": "1.50"}]
    assert run(query, sql, "--csv") == 'a,b,c,d\n1,"x,""y",,1.50\n'
    assert "[red]x" in run(query, "select '[red]x' as a")
    assert "first 2 rows" in run(query, "select * from range(5)", "--limit", "2")


def test_an_interrupt_is_no_traceback(lake, monkeypatch):
    def interrupted():
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr("lake.quality.query.connect", interrupted)
    done = CliRunner().invoke(main, ["query", "select 1"])
    assert (done.exit_code, done.output.strip()) == (1, "Aborted!")


def test_an_interrupt_of_dbt_ends_the_build():
    runner = SimpleNamespace(invoke=lambda _: SimpleNamespace(exception=KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        _invoke(runner, ["build"])


def test_a_renamed_database_is_one_line(lake, tmp_path, monkeypatch):
    shutil.copy(lake.database, tmp_path / "copy.duckdb")
    monkeypatch.setenv("LAKE_DB", str(tmp_path / "copy.duckdb"))
    done = CliRunner().invoke(main, ["reconcile"])
    assert done.exit_code == 2
    assert "its views look for lake; name the file lake.duckdb" in done.stderr
    assert done.stderr.count("\n") == 1


def test_query_refuses_a_number_of_rows_below_one(lake):
    assert "--limit" in run(query, "select 1", "--limit", "-1", code=2)


@pytest.mark.parametrize(
    "sql",
    ["select", "select * from nothing", "create table x (a integer)", "select 'a' + 1 as b", ""],
)
def test_a_query_that_fails_is_one_line(lake, sql):
    output = run(query, sql, code=2)
    assert output.startswith("lake: ")
    assert output.count("\n") == 1
