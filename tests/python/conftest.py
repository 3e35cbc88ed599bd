"""What the Python tests share: dbt within this process, and a tiny lake that it has built."""

import os
import shutil

import pytest
import tiny
from hypothesis import settings
from lakes import PROJECT, Lake

# How long an example takes is the machine's affair.
settings.register_profile("lake", deadline=None)
settings.load_profile("lake")

# What takes minutes begins at once, so that no worker waits for it at the end.
LONG = ("test_project.py", "test_proofs.py", "test_default_lake.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long modules first; the others keep their order."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


@pytest.fixture(autouse=True)
def _in_project(monkeypatch):
    """Work in the project's folder, where its commands belong."""
    monkeypatch.chdir(PROJECT)


@pytest.fixture
def lake(tiny_lake, tmp_path, monkeypatch):
    """Return a copy of the tiny lake that a test may spoil; every command works on it."""
    copy = Lake(tmp_path)
    shutil.copytree(tiny_lake.root, copy.root)
    shutil.copy(tiny_lake.database, copy.database)
    monkeypatch.setenv("LAKE_ROOT", str(copy.root))
    monkeypatch.setenv("LAKE_DB", str(copy.database))
    return copy


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    """Return dbt with the project parsed once, for builds of tiny lakes within this process."""
    from lake.proofs.engine import Engine  # noqa: PLC0415  only some tests need it

    before = dict(os.environ)
    yield Engine(PROJECT, tmp_path_factory.mktemp("engine"))
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def tiny_lake(engine, tmp_path_factory):
    """Return the lake of `tiny.py`, built; who wants to change it takes a copy."""
    lake = Lake(tmp_path_factory.mktemp("tiny"))
    tiny.write_lake(lake.root)
    engine.new_database(lake.folder)
    engine.build(lake.root, lake.database)
    return lake
