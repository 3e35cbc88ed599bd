"""The verbs and the page docs/local-athena.md, on a running local Athena."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from lake.athena.commands import athena

PAGE = Path(__file__).resolve().parents[3] / "docs" / "local-athena.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture
def lake(local_athena, monkeypatch):
    """Return a function that runs a verb, expects an exit code and gives standard output."""
    for name, value in local_athena.environment.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(athena, arguments)
        assert done.exit_code == code, done.output
        return done.stdout if code == 0 else done.stderr

    return run


@pytest.fixture
def words(local_athena):
    """An Iceberg table in two small files."""
    local_athena.query("drop table if exists control_words")
    local_athena.query(
        "create table control_words with (table_type = 'ICEBERG', is_external = false, "
        "location = 's3://lake/control_words/') as select 1 as id, 'one' as word"
    )
    local_athena.query("insert into control_words values (2, 'two')")
    yield "control_words"
    local_athena.query("drop table control_words")


def test_status_names_both_processes(lake, local_athena) -> None:
    known = json.loads(lake("status", "--json"))
    assert known["ready"]
    assert known["url"] == local_athena.settings.url
    assert [(part["name"], part["state"]) for part in known["processes"]] == [
        ("gateway", "running"),
        ("trino", "running"),
    ]
    assert all(part["memory"] > 10_000_000 for part in known["processes"])
    assert "running" in lake("status")


def test_up_once_more_prints_the_same_environment(lake, local_athena) -> None:
    lines = lake("up").splitlines()
    assert f"export AWS_ENDPOINT_URL={local_athena.settings.url}" in lines
    assert "it runs with other options" in lake("up", "--heap", "9G", code=2)


def test_a_query_is_a_table_for_people_and_json_for_machines(lake, words) -> None:
    known = json.loads(lake("query", f"select id, word from {words} order by id", "--json"))
    assert known["rows"] == [{"id": "1", "word": "one"}, {"id": "2", "word": "two"}]
    assert known["scanned_bytes"] > 0
    shown = lake("query", f"select word from {words} order by id", "--limit", "1")
    assert "one" in shown
    assert "two" not in shown
    assert "first 1 rows" in shown
    assert "1 row(s) written" in lake("query", f"insert into {words} values (3, 'three')")


def test_a_wrong_statement_is_one_line(lake) -> None:
    assert "TABLE_NOT_FOUND" in lake("query", "select * from no_such_table", code=2)
    syntax = lake("query", "selec 1", code=2)
    assert "line 1:1: mismatched input" in syntax
    assert syntax.count("\n") == 1


def test_maintenance_joins_files_and_the_dry_run_does_not(lake, words, local_athena) -> None:
    def of_words(text: str) -> dict:
        (found,) = [table for table in json.loads(text) if table["name"] == words]
        return found

    planned = of_words(lake("maintain", "--dry-run", "--database", "default", "--json"))
    assert (planned["before"]["data_files"], planned["after"]) == (2, None)
    done = of_words(lake("maintain", "--database", "default", "--json"))
    assert done["before"] == planned["before"]
    assert done["after"]["data_files"] == 1
    assert len(local_athena.query(f"select * from {words}").rows) == 2
    assert "no database nowhere" in lake("maintain", "--database", "nowhere", code=2)


def test_logs_are_shown(lake) -> None:
    lake("query", "select 'written into the log'")
    assert "written into the log" in lake("logs", "--lines", "1000")
    assert lake("logs", "--engine", "--lines", "5").count("\n") <= 5


@pytest.mark.parametrize("client", range(3), ids=["boto3", "PyAthena", "awswrangler"])
def test_the_examples_of_the_page_run(client: int, local_athena) -> None:
    done = subprocess.run(
        [sys.executable, "-c", blocks("python")[client]],
        env={**os.environ, **local_athena.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_profile_of_the_page_builds_a_project(local_athena, tmp_path: Path) -> None:
    (profile,) = blocks("yaml")
    (tmp_path / "profiles.yml").write_text(profile)
    (tmp_path / "dbt_project.yml").write_text("name: stranger\nprofile: my_project\n")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "numbers.sql").write_text(
        "{{ config(materialized='incremental', table_type='iceberg', "
        "incremental_strategy='merge', unique_key='id') }}\n"
        "select 1 as id, {{ 2 if is_incremental() else 1 }} as run\n"
    )
    for _ in range(2):
        done = subprocess.run(
            [str(Path(sys.executable).with_name("dbt")), "build", "--no-use-colors"],
            cwd=tmp_path,
            env={**os.environ, **local_athena.environment, "DBT_PROFILES_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
    assert local_athena.query("select * from my_schema.numbers").rows == [["1", "2"]]
