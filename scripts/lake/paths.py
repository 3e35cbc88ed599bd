"""Where things are: the project, its lake and its database."""

import os
from pathlib import Path

from lake.errors import UserError


def project_dir() -> Path:
    """Return the nearest folder, from here upwards, that holds `dbt_project.yml`."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "dbt_project.yml").is_file():
            return folder
    raise UserError(f"no dbt_project.yml in {here} or above; run lake inside the project")


def lake_root() -> Path:
    """Return the landing root: `LAKE_ROOT`, or the folder `lake` of the project."""
    return Path(os.environ.get("LAKE_ROOT") or project_dir() / "lake").resolve()


def database_path() -> Path:
    """Return the DuckDB file: `LAKE_DB`, or `lake.duckdb` in the project."""
    return Path(os.environ.get("LAKE_DB") or project_dir() / "lake.duckdb").resolve()
