"""The mutation score: the mistakes that are made, and the tests that find them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lake.cli import main
from lake.mutation.operators import mutations
from lake.proofs.engine import copy_project

PROJECT = Path(__file__).resolve().parents[2]


def changed(code: str) -> list[str]:
    return [mutation.code for mutation in mutations(code)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a >= b", ["a > b"]),
        ("a <= b", ["a < b"]),
        ("a > b", ["a >= b"]),
        ("a < b", ["a <= b"]),
        ("a = b", ["a <> b"]),
        ("a <> b", ["a = b"]),
        ("a is null", ["a is not null"]),
        ("a is not null", ["a is null"]),
        ("a and b", ["a or b"]),
        ("not a or b", ["a or b", "not a and b"]),
        ("from a left join b", ["from a inner join b"]),
        ("from a inner join b", ["from a left join b"]),
        ("a union all b", ["a union b"]),
        ("a union distinct b", []),
        ("count(distinct a)", ["count( a)"]),
        ("order by a desc", ["order by a asc"]),
        ("max(a)", ["min(a)"]),
        ("sum(a)", ["max(a)"]),
        ("greatest(a, b)", ["least(a, b)"]),
        ("lead(a)", ["lag(a)"]),
        ("a + b", ["a - b"]),
        ("a - b", ["a + b"]),
        ("a * b", ["a / b"]),
        ("a / b", ["a * b"]),
        ("true", ["false"]),
        ("'paid'", ["'paidx'"]),
        ("interval '30' minute", ["interval '31' minute"]),
        ("a[2]", ["a[3]"]),
        ("round(a, 2)", ["round(a, 3)"]),
        ("cast(a as decimal(18, 2))", []),
        (r'{{ matches(a, "\x{0152}") }}', []),
        ("count(case when a then 1 end)", []),
        ("case when a then 1 end", ["case when a then 2 end"]),
        ("coalesce(f(a, b), c)", ["f(a, b)"]),
        ("coalesce(a, coalesce(b, c))", ["a", "coalesce(a, b)"]),
    ],
)
def test_a_mistake_is_one_small_change(code: str, expected: list[str]) -> None:
    assert changed(code) == expected


@pytest.mark.parametrize(
    "code",
    [
        "{{ ref('a') }}",
        "{{ a('b = 1') }}",
        "{{ a('it\\'s \"b = 1\"') }}",
        "{% if a > 1 and not b %}",
        "{# max of 3 #}",
        "-- sum(a) = 3, or not",
        "a_and_b, order_1, sum_of",
    ],
)
def test_jinja_comments_and_names_hold_no_operator(code: str) -> None:
    assert changed(code) == []


def test_a_text_in_double_quotes_within_jinja_is_sql() -> None:
    assert changed("{{ rule('a = 1', \"b is null\") }}") == [
        "{{ rule('a = 1', \"b is not null\") }}"
    ]
    assert changed("{% do all.append(\"b = 'it'\") %}") == [
        "{% do all.append(\"b <> 'it'\") %}",
        "{% do all.append(\"b = 'itx'\") %}",
    ]
    assert changed('{{ a ~ " || \'" ~ b ~ "\'" }}') == []


def test_a_text_holds_no_operator_and_is_left_where_jinja_writes_it() -> None:
    assert changed("'a = b'") == ["'a = bx'"]
    assert changed("'{{ name }}'") == []


def test_a_mistake_says_where_it_is() -> None:
    (found,) = mutations("select a\nfrom b\nleft join c using (d)\n", line=11)
    assert (found.line, found.old, found.new) == (13, "left join", "inner join")


# The score


def score(*arguments: str) -> dict:
    result = CliRunner().invoke(main, ["prove", "unit-tests", *arguments, "--jobs", "1", "--json"])
    assert result.exit_code in (0, 1), result.output
    return json.loads(result.stdout) | {"code": result.exit_code}


def test_the_tests_of_a_model_find_every_mistake_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    outcome = score("--model", "int_orders", "--least", "100")
    (model,) = outcome["scores"]
    assert (outcome["code"], outcome["score"], model["missed"]) == (0, 100.0, [])
    assert model["found"] >= 5


def test_the_tests_of_its_models_find_every_mistake_in_a_macro(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(PROJECT)
    outcome = score("--macro", "nps_group", "--macro", "stage_external_sources", "--least", "100")
    found = {one["name"]: one["found"] for one in outcome["scores"]}
    assert outcome["code"] == 0
    assert found["nps_group"] >= 5
    # An operation, which no model uses, has no unit tests to be tried against.
    assert found["stage_external_sources"] == 0


def test_fewer_tests_find_fewer_mistakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = copy_project(PROJECT, tmp_path / "project")
    tests = project / "models/intermediate/orders/_orders__unit_tests.yml"
    text = tests.read_text()
    first = text.index("  - name: int_orders__first_run__source_order_decides_the_state")
    after = text.index("  - name: ", first + 1)
    tests.write_text(text[:first] + text[after:])
    monkeypatch.chdir(project)
    # A model without a unit test: whatever is wrong in it, none finds it.
    (project / "models/marts/live/_live_marts__unit_tests.yml").unlink()
    outcome = score("--model", "int_orders", "--model", "rpt_orders_behind", "--least", "100")
    missed = {one["name"]: len(one["missed"]) for one in outcome["scores"]}
    assert outcome["code"] == 1
    assert missed["int_orders"] > 0
    assert missed["rpt_orders_behind"] > 5


def test_tests_that_fail_anyway_find_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = copy_project(PROJECT, tmp_path / "project")
    tests = project / "models/marts/live/_live_marts__unit_tests.yml"
    tests.write_text(tests.read_text().replace("lag_reason: missing", "lag_reason: lost"))
    monkeypatch.chdir(project)
    result = CliRunner().invoke(main, ["prove", "unit-tests", "--model", "rpt_orders_behind"])
    assert result.exit_code == 2
    assert "the unit tests of rpt_orders_behind do not pass" in result.stderr


def test_a_project_that_does_not_build_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = copy_project(PROJECT, tmp_path / "project")
    model = project / "models/marts/live/rpt_orders_behind.sql"
    model.write_text(model.read_text().replace("live.status as", "live.nothing as"))
    monkeypatch.chdir(project)
    result = CliRunner().invoke(main, ["prove", "unit-tests", "--model", "int_orders"])
    assert result.exit_code == 2
    (line,) = result.stderr.strip().splitlines()
    assert line.startswith("lake: the project does not build: rpt_orders_behind: ")


@pytest.mark.parametrize(
    "arguments",
    [("--model", "nothing"), ("--macro", "nothing"), ("--jobs", "0"), ("--least", "-1")],
    ids=str,
)
def test_a_wrong_option_is_one_line_and_code_2(arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, ["prove", "unit-tests", *arguments])
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1
