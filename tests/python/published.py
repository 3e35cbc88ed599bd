"""Where the published data sets are."""

import os
from pathlib import Path

import pytest
from lakes import PROJECT


def real_data(folder: str) -> Path:
    """Return a folder of the published data sets; skip where it is absent, fail so in CI.

    `LAKE_REAL_DATA` names the place (default: `../shared/data/real`); `none` says there is none.
    """
    place = os.environ.get("LAKE_REAL_DATA", str(PROJECT.parent / "shared" / "data" / "real"))
    path = Path(place) / folder
    if path.is_dir():
        return path
    message = f"no published data at {path}; set LAKE_REAL_DATA to the folder that holds {folder}/"
    if os.environ.get("CI") and place != "none":
        pytest.fail(message)
    pytest.skip(message)
