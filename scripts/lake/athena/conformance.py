"""The functional tests of dbt-athena itself, run against a local Athena.

The tests are the adapter's own, in a checkout that the user names; nothing of them is kept here.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

from lake.athena.control.client import environment
from lake.athena.settings import Settings
from lake.errors import UserError

SUITE = Path("tests") / "functional"
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"

NO_EMPTY_SEEDS = "dbt-core 1.11 has no `--empty` for seeds"
EXPECTED = (
    ("TestAthenaEmptySeedFlag", re.compile("No such option:? '?--empty"), NO_EMPTY_SEEDS),
    ("TestAthenaEmptySeedFlag", re.compile(r"assert \d+ == 0"), NO_EMPTY_SEEDS),
)
"""Failures with these versions whatever the engine: class, message, why."""


@dataclass(frozen=True)
class Case:
    """One test: its file, class and name, what became of it, and the first line of why."""

    file: str
    group: str
    name: str
    outcome: str
    reason: str = ""

    @property
    def expected(self) -> str | None:
        """Why a failure of this test is no fault of the engine, or None."""
        for group, message, why in EXPECTED:
            known = self.group == group and message.search(self.reason)
            if self.outcome == FAILED and known:
                return why
        return None


@dataclass(frozen=True)
class Report:
    """What became of the whole suite."""

    cases: list[Case]

    @property
    def unexpected(self) -> list[Case]:
        """The failures without a known reason."""
        return [case for case in self.cases if case.outcome == FAILED and not case.expected]

    def count(self, outcome: str) -> int:
        """Return how many tests ended so."""
        return sum(case.outcome == outcome for case in self.cases)

    def by_file(self) -> dict[str, Counter[str]]:
        """Return the outcomes of each test file, by name."""
        files: dict[str, Counter[str]] = {}
        for case in sorted(self.cases, key=lambda case: case.file):
            files.setdefault(case.file, Counter())[case.outcome] += 1
        return files

    def as_object(self) -> dict[str, object]:
        """Return the report for JSON."""
        failures = [case for case in self.cases if case.outcome == FAILED]
        return {
            "passed": self.count(PASSED),
            "failed": self.count(FAILED),
            "skipped": self.count(SKIPPED),
            "unexpected": len(self.unexpected),
            "files": {file: dict(counts) for file, counts in self.by_file().items()},
            "failures": [{**asdict(case), "expected": case.expected} for case in failures],
            "skips": [asdict(case) for case in self.cases if case.outcome == SKIPPED],
        }


def suite_folder(path: Path) -> Path:
    """Return the folder `dbt-athena` of a checkout, given itself or the checkout's root.

    Raises:
        UserError: there is no functional suite, or pytest cannot import what it needs.
    """
    for folder in (path, path / "dbt-athena"):
        if (folder / SUITE).is_dir():
            break
    else:
        raise UserError(
            f"no {SUITE} in {path}; give the folder dbt-athena of a checkout of "
            "dbt-labs/dbt-adapters"
        )
    if find_spec("dbt.tests.adapter") is None:
        raise UserError(
            "the package dbt-tests-adapter is not installed; run `make .venv/athena`, or "
            "`pip install -r requirements-athena.txt`"
        )
    return folder.resolve()


def run_suite(
    folder: Path,
    settings: Settings,
    log: Path,
    *,
    select: str | None = None,
    workers: int = 1,
    on_progress: Callable[[int], object] = lambda percent: None,
) -> Report:
    """Run the suite in a process of its own; its output goes to `log`.

    `on_progress` is told from time to time how many hundredths of the tests are done.

    Raises:
        UserError: pytest could not run the suite at all.
    """
    with tempfile.TemporaryDirectory() as scratch:
        results = Path(scratch) / "results.xml"
        command = [sys.executable, "-m", "pytest", "-o", "addopts=", "-p", "no:cacheprovider"]
        command += ["-q", f"--junitxml={results}", f"--basetemp={Path(scratch) / 'tests'}"]
        command += ["-n", str(workers), "--dist", "loadscope", str(SUITE)]
        if select:
            command += ["-k", select]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=suite_environment(settings),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            while process.poll() is None:
                on_progress(percent_done(log))
                time.sleep(0.5)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
        if process.returncode not in (0, 1):
            raise UserError(f"pytest stopped with code {process.returncode}; see {log}")
        return Report(read_results(results))


def percent_done(log: Path) -> int:
    """Return the last percentage that pytest has printed."""
    printed = re.findall(r"\[ *(\d+)%\]", log.read_text(encoding="utf-8", errors="replace"))
    return int(printed[-1]) if printed else 0


def suite_environment(settings: Settings) -> dict[str, str]:
    """Return the environment in which the suite talks to this local Athena and to nothing else."""
    bucket = settings.buckets[-1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **kept,
        **environment(settings),
        "NO_PROXY": "127.0.0.1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_TEST_ATHENA_S3_STAGING_DIR": f"s3://{bucket}/staging/",
        "DBT_TEST_ATHENA_S3_TMP_TABLE_DIR": f"s3://{bucket}/tmp/",
        "DBT_TEST_ATHENA_REGION_NAME": settings.region,
        "DBT_TEST_ATHENA_DATABASE": "awsdatacatalog",
        "DBT_TEST_ATHENA_SCHEMA": "dbt_test",
        "DBT_TEST_ATHENA_WORK_GROUP": "primary",
        "DBT_TEST_ATHENA_THREADS": "2",
        "DBT_TEST_ATHENA_POLL_INTERVAL": "0.1",
        "DBT_TEST_ATHENA_NUM_RETRIES": "1",
    }


def read_results(path: Path) -> list[Case]:
    """Return the tests of a file in JUnit's format."""
    return list(_cases(ElementTree.parse(path).iter("testcase")))


def _cases(elements: Iterable[ElementTree.Element]) -> Iterable[Case]:
    for element in elements:
        module, _, group = element.get("classname", "").rpartition(".")
        outcome, reason = PASSED, ""
        for child in element:
            if child.tag in ("failure", "error"):
                outcome, reason = FAILED, _first_line(child)
            elif child.tag == "skipped":
                outcome, reason = SKIPPED, _first_line(child)
        file = module.removeprefix("tests.functional.").replace(".", "/")
        yield Case(f"{file}.py", group, element.get("name", ""), outcome, reason)


def _first_line(element: ElementTree.Element) -> str:
    text = (element.get("message") or element.text or "").strip()
    return text.splitlines()[0][:300] if text else ""
