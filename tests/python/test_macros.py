"""The macros, each by itself: the table of nasty values, and what they render to."""

import json
import re

import pytest
import yaml
from lakes import PROJECT
from macros_in_dbt import MacroError, render, run_operation

ENGINE = PROJECT / "macros" / "engine"
# Engine macros that compute no value: they name, configure or create, and every build uses them.
WITHOUT_VALUES = {
    "external_table_sql",
    "get_create_table_as_sql",
    "live_rows",
    "make_external_table",
    "merge_config",
    "path_column",
    "prepare_landing",
    "safe_cast",
    "unsupported_adapter",
}


def nasty_macros() -> set[str]:
    tables = (PROJECT / "macros" / "testing").glob("nasty_*.sql")
    return {name for table in tables for name in re.findall(r"'macro': '(\w+)'", table.read_text())}


def test_every_nasty_value_gives_what_was_worked_out_by_hand(engine, monkeypatch):
    monkeypatch.delenv("LAKE_PII_KEY", raising=False)
    run_operation(engine, "check_engine_macros")


def test_a_wrong_expectation_is_found(engine):
    check = {
        "macro": "to_integer",
        "call": "cast(nasty.word as bigint)",
        "inputs": {"word": "varchar"},
        "type": "bigint",
        "rows": [["1", "1"], ["2", "3"], ["4", None], [None, "5"], [None, None]],
    }
    with pytest.raises(MacroError) as error:
        run_operation(engine, "check_engine_macros", checks=[check])
    assert "3 of 5 cases differ on duckdb" in str(error.value)
    assert 'to_integer of ["2"] is "2", expected "3"' in str(error.value)
    assert 'to_integer of ["4"] is "4", expected null' in str(error.value)
    assert 'to_integer of [null] is null, expected "5"' in str(error.value)


def test_a_macro_that_rounds_is_found(engine):
    """The cast that to_integer is there to avoid takes '1.5' for 2."""
    check = {
        "macro": "to_integer",
        "call": "try_cast(nasty.word as bigint)",
        "inputs": {"word": "varchar"},
        "type": "bigint",
        "rows": [["1.5", None]],
    }
    with pytest.raises(MacroError, match=r'of \["1.5"\] is "2", expected null'):
        run_operation(engine, "check_engine_macros", checks=[check])


def test_every_engine_macro_has_nasty_values():
    macros = {path.stem for path in ENGINE.glob("*.sql")}
    assert macros - WITHOUT_VALUES - nasty_macros() == set()
    assert macros >= WITHOUT_VALUES


@pytest.mark.parametrize("path", sorted(ENGINE.glob("*.sql")), ids=lambda path: path.stem)
def test_a_macro_that_differs_has_a_form_for_each_engine_and_refuses_others(path):
    text = path.read_text()
    for name in re.findall(r"adapter\.dispatch\('(\w+)', 'lakehouse'\)", text):
        defined = set(re.findall(rf"macro (\w+)__{name}\(", text))
        assert defined == {"default", "duckdb", "athena"}
        refusal = re.search(rf"macro default__{name}\(.*?endmacro", text, re.DOTALL)
        assert refusal
        assert f"unsupported_adapter('{name}')" in refusal[0]


def test_an_unknown_engine_is_refused_with_the_macro_to_write(engine):
    with pytest.raises(MacroError, match="write duckdb__ratio in macros/engine"):
        run_operation(engine, "default__ratio", dividend="1", divisor="2")


def test_athena_finds_the_places_of_a_landed_table_by_their_folders(engine):
    table = "graph.sources.values() | selectattr('name', 'equalto', '{}') | first"
    sensors = render(
        engine, f"{{{{ athena__external_table_sql({table.format('sensor_readings')}) }}}}"
    )
    assert "partitioned by (\n        `place` string,\n        `arrival_date` string" in sensors
    assert "'projection.place.type' = 'enum'" in sensors
    values = re.search(r"'projection.place.values' = '([^']*)'", sensors)
    assert values and "device-type=temperature/location=warehouse-2" in values[1].split(",")
    assert "'projection.arrival_date.type' = 'date'" in sensors
    assert "/iot-sensors/${place}/arrival_date=${arrival_date}'" in sensors
    events = render(engine, f"{{{{ athena__external_table_sql({table.format('events')}) }}}}")
    assert "/clickstream/stream=events/arrival_date=${arrival_date}'" in events
    assert "enum" not in events


@pytest.mark.parametrize("day", ["2025-01-15", "20250115", 20250115, "2025011500", 2025011500])
def test_replay_from_takes_a_day_or_a_batch(engine, day):
    assert render(engine, f"{{{{ replay_batch({day!r}) }}}}") == "2025011500"


@pytest.mark.parametrize("day", ["yesterday", "2025-1-5", "2025", "2025011500000"])
def test_replay_from_refuses_anything_else(engine, day):
    with pytest.raises(MacroError, match=f"replay_from is '{day}'"):
        run_operation(engine, "replay_batch", replay_from=day)


@pytest.mark.parametrize(
    ("call", "sql"),
    [
        ("arrived_since(2025011600, 'lnd.arrival_date')", "lnd.arrival_date >= '2025-01-16'"),
        ("arrived_since(2025011623)", "arrival_date >= '2025-01-16'"),
        ("arrived_since(none)", "true"),
        (
            "touched_since(5, 'chg.order_id', 'changes', 'order_id')",
            "chg.order_id in (select order_id from changes where _batch_id >= 5)",
        ),
        (
            "touched_since(5, 'order_id', 'changes')",
            "order_id in (select order_id from changes where _batch_id >= 5)",
        ),
        ("touched_since(none, 'order_id', 'changes')", "true"),
        (
            "touched_since_any({'_a': 5, '_b': 6}, 'x.id', 'rows', 'id')",
            "x.id in (select id from rows where _a >= 5 or _b >= 6)",
        ),
        (
            "touched_since_any({'_a': 5, '_b': none}, 'x.id', 'rows', 'id')",
            "x.id in (select id from rows where _a >= 5 or _b is not null)",
        ),
        ("touched_since_any({'_a': none, '_b': none}, 'x.id', 'rows', 'id')", "true"),
    ],
)
def test_filters_of_an_increment(engine, call, sql):
    assert " ".join(render(engine, f"{{{{ {call} }}}}").split()) == sql


def test_a_folder_without_a_schema_stops_the_build(engine):
    with pytest.raises(MacroError, match="model stray has no schema"):
        run_operation(
            engine,
            "generate_schema_name",
            custom_schema_name=None,
            node={"resource_type": "model", "name": "stray"},
        )


def test_schemas_of_a_shared_catalogue_have_a_prefix(engine, monkeypatch):
    template = "{{ generate_schema_name('gold', {'resource_type': 'model', 'name': 'x'}) }}"
    assert render(engine, template).strip() == "gold"
    monkeypatch.setenv("LAKE_SCHEMA_PREFIX", "ci_12_")
    assert render(engine, template).strip() == "ci_12_gold"


@pytest.mark.parametrize("secret", ["k" * 65, "ü" * 33])
def test_a_key_longer_than_a_block_is_refused(engine, secret):
    with pytest.raises(MacroError, match="longer than 64 bytes"):
        run_operation(engine, "hmac_pad", secret=secret, pad=54)


def test_every_quality_rule_fires_in_a_unit_test_of_its_source(engine):
    rules = json.loads(render(engine, "{{ quality_rules() | tojson }}"))
    fired = set()
    for path in (PROJECT / "models").rglob("_*__unit_tests.yml"):
        for test in yaml.safe_load(path.read_text())["unit_tests"]:
            source = re.fullmatch(r"int_(\w+)_validated", test["model"])
            for row in test["expect"]["rows"] if source else []:
                for column, severity in (("_errors", "error"), ("_warnings", "warn")):
                    for rule in (row.get(column) or "").split(","):
                        fired.add((source[1], severity, rule))
    assert {
        (source, rule["severity"], rule["id"]) for rule in rules for source in rule["sources"]
    } - fired == set()
