"""The published data sets on both engines, in three increments each: every relation is equal.

Large: some ten minutes. `pytest -m large tests/python/athena/test_real_data.py` runs it.
"""

import os
import shutil
from dataclasses import dataclass

import pytest
from published import real_data
from rehearsal import Rehearsal, assert_equal_and_filled

pytestmark = pytest.mark.large


@dataclass(frozen=True)
class Published:
    """A published data set: its verb of `lake land`, its folder, dbt's variables for it."""

    verb: str
    folder: str
    variables: dict[str, str]


SETS = [
    Published("online-retail", "online_retail", {"reporting_currency": "GBP"}),
    Published("olist", "olist", {}),
]


@pytest.mark.parametrize("published", SETS, ids=lambda published: published.verb)
def test_three_increments_equal_duckdb(local_athena, tmp_path, published) -> None:
    variables, prefix = dict(published.variables), f"{published.folder}_"
    lake = Rehearsal(tmp_path, local_athena.environment, variables, prefix)
    landed = tmp_path / "landed"
    environment = lake.dev_environment | {"LAKE_ROOT": str(landed)}
    lake.run(environment, "lake", "land", published.verb, str(real_data(published.folder)))
    partitions = sorted(landed.rglob("arrival_date=*"), key=lambda folder: folder.name)
    days = sorted({folder.name.partition("=")[2] for folder in partitions})
    lake.variables.update(landing_start=days[0], landing_end=days[-1])
    for third in range(3):
        chosen = set(days[len(days) * third // 3 : len(days) * (third + 1) // 3])
        for folder in partitions:
            if folder.name.partition("=")[2] in chosen:
                goal = tmp_path / "lake" / folder.relative_to(landed)
                shutil.copytree(folder, goal, copy_function=os.link)
        lake.upload()
        lake.build()
        assert_equal_and_filled(lake.parity(), filled=25)
