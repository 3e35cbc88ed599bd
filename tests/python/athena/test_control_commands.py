"""What the verbs say where nothing runs, or something is wrong."""

import json
import re

import pytest
from click.testing import CliRunner

from lake.athena import commands
from lake.athena.commands import athena
from lake.athena.control import local, processes
from lake.athena.control.local import Home
from lake.athena.settings import Settings
from lake.cli import main


@pytest.fixture
def home(tmp_path, monkeypatch) -> Home:
    monkeypatch.setenv("LAKE_ATHENA_HOME", str(tmp_path / "home"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    return Home((tmp_path / "home").resolve())


def run(*arguments: str):
    return CliRunner().invoke(main, ["athena", *arguments])


@pytest.mark.parametrize("verb", sorted(athena.commands))
def test_every_verb_explains_itself_with_an_example(verb: str) -> None:
    done = run(verb, "--help")
    assert done.exit_code == 0
    assert re.search(rf"Examples?:\n +.*lake athena {verb}", done.output)


@pytest.mark.parametrize("arguments", [("query", "select 1"), ("maintain",)])
def test_a_verb_that_needs_it_says_how_to_start_it(home: Home, arguments) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert f"no local Athena runs in {home.path}; start it with `lake athena up`" in done.output


def test_nothing_to_stop_show_or_forget(home: Home) -> None:
    assert "nothing runs in" in run("down").output
    assert "nothing to forget in" in run("reset", "--yes").output
    assert "no log at" in run("logs").output
    status = run("status", "--json")
    assert status.exit_code == 1
    known = json.loads(status.output)
    assert not known["ready"]
    assert [part["state"] for part in known["processes"]] == ["stopped", "stopped"]
    assert not home.path.exists()


def test_a_process_that_ended_is_shown_with_its_reason(home: Home) -> None:
    home.log("trino").parent.mkdir(parents=True)
    home.log("trino").write_text("Terminating due to java.lang.OutOfMemoryError: Java heap space")
    home.settings_file.write_text(Settings(home=home.path).to_json())
    processes.write_down(processes.Started(1, 1.0, ("java",)), home.record("trino"))
    assert "trino has ended: out of memory with a heap of 3G" in run("status").output
    processes.write_down(processes.Started(1, 1.0, ("python",)), home.record("gateway"))
    done = run("query", "select 1")
    assert done.exit_code == 2
    assert "has ended" in done.output


def test_a_heap_that_is_no_size_is_refused(home: Home, monkeypatch) -> None:
    monkeypatch.setattr(local, "check_packages", lambda: None)
    done = run("up", "--heap", "lots")
    assert done.exit_code == 2
    assert "--heap lots is no size; write 3G or 2500M" in done.output


def test_the_environment_goes_past_a_proxy(home: Home, monkeypatch) -> None:
    settings = Settings(home=home.path)
    assert commands.exports(settings)[0] == "export AWS_ENDPOINT_URL=http://127.0.0.1:4566"
    assert not any("NO_PROXY" in line for line in commands.exports(settings))
    monkeypatch.setenv("http_proxy", "http://proxy:3128")
    monkeypatch.setenv("NO_PROXY", "internal")
    assert "export NO_PROXY=internal,127.0.0.1" in commands.exports(settings)
