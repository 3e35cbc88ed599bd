"""The documentation is whole: proved on the manifest, and on the columns that bronze has."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from lakes import PROJECT, Lake
from tiny import write_lake

PII_CLASSES = {"none", "pseudonym", "raw"}
FILLERS = {"a", "an", "and", "for", "in", "is", "its", "of", "the"}
# What a constraint means as a data test: Athena ignores constraints, so each one stands twice.
DATA_TESTS = {
    "not_null": ["not_null"],
    "unique": ["unique"],
    "primary_key": ["not_null", "unique"],
    "foreign_key": ["relationships"],
    "check": ["holds"],
}

Node = dict[str, Any]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Return a tiny lake whose bronze is built, with dbt's manifest beside it."""
    lake = Lake(tmp_path_factory.mktemp("documentation"))
    write_lake(lake.root)
    lake.run("dbt", "--quiet", "run", "--select", "staging")
    return lake


@pytest.fixture(scope="module")
def manifest(lake: Lake) -> Node:
    return json.loads((lake.folder / "target" / "manifest.json").read_text())


def of_type(manifest: Node, *kinds: str) -> list[Node]:
    nodes = [*manifest["nodes"].values(), *manifest["sources"].values()]
    return [node for node in nodes if node["resource_type"] in kinds]


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower())) - FILLERS


def says_nothing(name: str, description: str) -> bool:
    """Tell whether a description is missing, or holds no word that the name does not."""
    return not description.strip() or words(description) <= words(name)


def test_every_relation_has_a_description(manifest: Node) -> None:
    poor = [
        node["unique_id"]
        for node in of_type(manifest, "model", "seed", "snapshot", "source")
        if says_nothing(node["name"], node["description"])
    ]
    poor += [
        node["source_name"]
        for node in of_type(manifest, "source")
        if says_nothing(node["source_name"], node["source_description"])
    ]
    assert poor == []


def test_every_relation_names_its_grain_first(manifest: Node) -> None:
    relations = of_type(manifest, "model", "seed", "snapshot", "source")
    assert [
        node["unique_id"]
        for node in relations
        if not node["description"].startswith("One row per ")
    ] == []


def test_every_column_has_a_description(manifest: Node) -> None:
    relations = of_type(manifest, "model", "seed", "snapshot", "source")
    assert [node["unique_id"] for node in relations if not node["columns"]] == []
    assert [
        f"{node['unique_id']}.{column['name']}: {column['description']!r}"
        for node in relations
        for column in node["columns"].values()
        if says_nothing(column["name"], column["description"])
    ] == []


def test_every_column_has_a_type_and_its_personal_data_are_classified(manifest: Node) -> None:
    columns = [
        (f"{node['unique_id']}.{column['name']}", column)
        for node in of_type(manifest, "model", "seed", "snapshot")
        for column in node["columns"].values()
    ]
    assert [name for name, column in columns if not column["data_type"]] == []
    assert [
        name for name, column in columns if column["config"]["meta"].get("pii") not in PII_CLASSES
    ] == []


def test_a_model_is_as_sensitive_as_its_most_sensitive_column(manifest: Node) -> None:
    order = ["none", "pseudonym", "raw"]
    wrong = []
    for node in of_type(manifest, "model", "seed", "snapshot"):
        classes = [column["config"]["meta"]["pii"] for column in node["columns"].values()]
        highest = max(classes, key=order.index)
        if node["config"]["meta"]["pii"] != highest:
            wrong.append(f"{node['name']}: {node['config']['meta']['pii']}, columns: {highest}")
    assert wrong == []


def test_every_constraint_is_doubled_by_a_data_test(manifest: Node) -> None:
    tested = {
        (test["attached_node"], test["column_name"], test["test_metadata"]["name"])
        for test in of_type(manifest, "test")
        if test.get("test_metadata")
    }
    constraints = [
        (node["unique_id"], column, constraint["type"])
        for node in of_type(manifest, "model")
        for column, given in [
            *((name, column["constraints"]) for name, column in node["columns"].items()),
            (None, node["constraints"]),
        ]
        for constraint in given
    ]
    assert len(constraints) > 100
    assert [
        f"{model}.{column}: {kind} without data test {name}"
        for model, column, kind in constraints
        for name in DATA_TESTS[kind]
        if (model, column, name) not in tested
    ] == []


def test_every_data_test_reads_as_an_assertion(manifest: Node) -> None:
    """A test without a name of its own gets one from dbt, made of its arguments."""
    named = re.compile(r"^[a-z][a-z0-9]*(_{1,2}[a-z0-9]+)*__[a-z0-9]+(_[a-z0-9]+)+$")
    assert [
        test["name"]
        for test in of_type(manifest, "test")
        if test.get("test_metadata") and not named.match(test["name"])
    ] == []


def macro_files() -> list[Path]:
    return sorted([*PROJECT.glob("macros/**/*.sql"), *PROJECT.glob("tests/generic/*.sql")])


@pytest.mark.parametrize("path", macro_files(), ids=lambda path: path.stem)
def test_every_macro_has_a_doc_comment(path: Path) -> None:
    """The form of a macro for one adapter is described where the macro dispatches."""
    text = path.read_text()
    found = list(re.finditer(r"\{%-?\s*(?:macro|test)\s+(\w+)", text))
    assert found, f"{path.name} holds no macro"
    assert [
        match[1]
        for match in found
        if not re.match(r"(default|duckdb|athena)__", match[1])
        and not text[: match.start()].rstrip().endswith("#}")
    ] == []


def test_bronze_has_the_documented_columns_and_no_other(lake: Lake, manifest: Node) -> None:
    """Contracts prove the same of silver and gold whenever these are built."""
    documented = {
        (node["name"], place, column["name"], plain(column["data_type"]))
        for node in of_type(manifest, "model")
        if node["config"]["schema"] == "bronze"
        for place, column in enumerate(node["columns"].values(), start=1)
    }
    real = {
        (table, place, column, plain(data_type))
        for table, place, column, data_type in lake.query(
            "select table_name, ordinal_position, column_name, data_type "
            "from information_schema.columns where table_schema = 'bronze'"
        )
    }
    assert sorted(documented - real) == []
    assert sorted(real - documented) == []


def plain(data_type: str) -> str:
    return data_type.lower().replace(" ", "")


def test_seeds_have_the_documented_columns_and_no_other(manifest: Node) -> None:
    for node in of_type(manifest, "seed"):
        with (PROJECT / node["original_file_path"]).open(newline="") as file:
            header = next(csv.reader(file))
        assert header == list(node["columns"]), node["name"]
        types = {name: column["data_type"] for name, column in node["columns"].items()}
        assert node["config"]["column_types"] == types, node["name"]
