"""What sqlfluff cannot see: rules for macros too, and rules about where a thing may stand."""

import re
from pathlib import Path

import pytest
from lakes import PROJECT

FOLDERS = ("models", "macros", "tests/generic", "tests/singular")
CLOCKS = (
    r"\bnow\s*\(",
    r"\bcurrent_(timestamp|date|time)\b",
    r"\blocaltime(stamp)?\b",
    r"\bgetdate\s*\(",
    r"\brun_started_at\b",
    r"\bmodules\.datetime\b",
    r"\b(random|rand|uuid|gen_random_uuid)\s*\(",
)
# Words that DuckDB takes and Trino does not.
DUCKDB_ONLY = (
    r"[\w)\]'\"]::\s*[a-z]",
    r"\bqualify\b",
    r"\bgroup\s+by\s+all\b",
    r"\border\s+by\s+all\b",
    r"\bdistinct\s+on\b",
    r"\*\s*(exclude|replace)\b",
    r"\b(asof|semi|anti|positional)\s+join\b",
    r"\bilike\b",
)
MACRO = re.compile(r"\{%-?\s*macro\s+(\w+).*?endmacro\s*-?%\}", re.DOTALL)
COMMENT = re.compile(r"\{#.*?#\}|--[^\n]*|/\*.*?\*/", re.DOTALL)


def sql_files() -> list[Path]:
    return sorted(path for folder in FOLDERS for path in (PROJECT / folder).rglob("*.sql"))


def without_comments(text: str) -> str:
    return COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)


def lines_that_hold(patterns: tuple[str, ...], text: str) -> list[str]:
    return [
        f"{number}: {line.strip()}"
        for number, line in enumerate(text.splitlines(), start=1)
        if any(re.search(pattern, line, re.IGNORECASE) for pattern in patterns)
    ]


def for_every_engine(path: Path, text: str) -> str:
    """Return the text without the DuckDB forms of the engine macros, its lines in place."""
    if not path.is_relative_to(PROJECT / "macros" / "engine"):
        return text

    def blank(match: re.Match[str]) -> str:
        return "\n" * match[0].count("\n") if match[1].startswith("duckdb__") else match[0]

    return MACRO.sub(blank, text)


each_file = pytest.mark.parametrize(
    "path", sql_files(), ids=lambda path: str(path.relative_to(PROJECT))
)


@each_file
def test_no_row_depends_on_the_clock_or_on_chance(path: Path) -> None:
    assert lines_that_hold(CLOCKS, without_comments(path.read_text())) == []


@each_file
def test_sql_is_of_both_engines(path: Path) -> None:
    text = for_every_engine(path, without_comments(path.read_text()))
    assert lines_that_hold(DUCKDB_ONLY, text) == []


@each_file
def test_only_engine_macros_know_the_target(path: Path) -> None:
    """So do the check of these macros, and the pseudonym, which needs a key in production."""
    exempt = ("macros/engine/", "macros/testing/", "macros/governance/pseudonym.sql")
    if not path.relative_to(PROJECT).as_posix().startswith(exempt):
        text = without_comments(path.read_text())
        assert lines_that_hold((r"\btarget\s*\.\s*(type|name)\b", r"\badapter\.type\b"), text) == []


@pytest.mark.parametrize(
    ("patterns", "sql"),
    [
        (CLOCKS, "select now() as moment"),
        (CLOCKS, "select '{{ run_started_at }}' as moment"),
        (CLOCKS, "select CURRENT_DATE as today"),
        (DUCKDB_ONLY, "select amount::int as amount"),
        (DUCKDB_ONLY, "select * exclude (amount) from orders"),
        (DUCKDB_ONLY, "group by all"),
    ],
)
def test_the_rules_find_what_they_forbid(patterns: tuple[str, ...], sql: str) -> None:
    assert lines_that_hold(patterns, sql)


def test_only_duckdb_forms_of_engine_macros_are_left_out() -> None:
    engine = PROJECT / "macros" / "engine" / "example.sql"
    macro = "{% macro duckdb__f(x) -%} {{ x }}::date {%- endmacro %}\n"
    assert "::" not in for_every_engine(engine, macro)
    assert "::" in for_every_engine(engine, macro.replace("duckdb__", "athena__"))
    assert "::" in for_every_engine(PROJECT / "macros" / "quality" / "example.sql", macro)
