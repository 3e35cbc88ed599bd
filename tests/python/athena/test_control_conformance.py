"""The report on the adapter's tests says what passed, and why the rest did not."""

from pathlib import Path

import pytest

from lake.athena import conformance
from lake.athena.conformance import FAILED, PASSED, SKIPPED
from lake.athena.settings import Settings
from lake.errors import UserError

SUITE = """
import os
import pytest

class TestGood:
    def test_passes(self):
        assert os.environ["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4001"
        assert "AWS_PROFILE" not in os.environ

    @pytest.mark.skip("needs Spark")
    def test_of_another_engine(self):
        pass

class TestBad:
    def test_fails(self):
        raise ValueError("no such table")

class TestAthenaEmptySeedFlag:
    @pytest.fixture
    def seeded(self):
        raise RuntimeError("No such option: --empty")

    def test_seed(self, seeded):
        pass

    def test_rows(self):
        assert 2 == 0

    def test_another_fault(self):
        raise ValueError("the engine is gone")
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "dbt-athena"
    (folder / conformance.SUITE / "adapter").mkdir(parents=True)
    for package in ("tests", "tests/functional", "tests/functional/adapter"):
        (folder / package / "__init__.py").touch()
    (folder / conformance.SUITE / "adapter" / "test_basic.py").write_text(SUITE)
    (folder / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = "--no-such"\n')
    return folder


def test_a_suite_is_run_and_read(checkout: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    settings = Settings(home=tmp_path, port=4001)
    seen: list[int] = []
    report = conformance.run_suite(checkout, settings, tmp_path / "log", on_progress=seen.append)
    assert {case.name: case.outcome for case in report.cases} == {
        "test_passes": PASSED,
        "test_of_another_engine": SKIPPED,
        "test_fails": FAILED,
        "test_seed": FAILED,
        "test_rows": FAILED,
        "test_another_fault": FAILED,
    }
    assert report.by_file() == {"adapter/test_basic.py": {PASSED: 1, FAILED: 4, SKIPPED: 1}}
    assert seen[0] == 0
    assert conformance.percent_done(tmp_path / "log") == 100
    assert sorted(case.reason for case in report.unexpected) == [
        "ValueError: no such table",
        "ValueError: the engine is gone",
    ]
    known = report.as_object()
    assert (known["passed"], known["failed"], known["unexpected"]) == (1, 4, 2)
    assert [skip["reason"] for skip in known["skips"]] == ["needs Spark"]
    only = conformance.run_suite(checkout, settings, tmp_path / "log", select="TestGood")
    assert [case.group for case in only.cases] == ["TestGood", "TestGood"]


def test_what_pytest_cannot_run_is_one_line(checkout: Path, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with pytest.raises(UserError, match=r"pytest stopped with code \d; see .*log"):
        conformance.run_suite(checkout, settings, tmp_path / "log", select="not (")


def test_the_root_of_a_checkout_does_as_well(checkout: Path, monkeypatch) -> None:
    monkeypatch.setattr(conformance, "find_spec", lambda name: name)
    assert conformance.suite_folder(checkout) == checkout
    assert conformance.suite_folder(checkout.parent) == checkout


def test_a_folder_without_the_suite_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no tests/functional in"):
        conformance.suite_folder(tmp_path)


def test_a_missing_package_is_named(checkout: Path, monkeypatch) -> None:
    monkeypatch.setattr(conformance, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="dbt-tests-adapter is not installed"):
        conformance.suite_folder(checkout)
