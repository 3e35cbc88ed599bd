"""Where things are: the project, its lake and its database; and what lies in a folder."""

import os
from collections.abc import Iterator
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


def files_below(path: Path) -> Iterator[Path]:
    """Yield every file of a folder and of those in it.

    Raises:
        UserError: a folder cannot be read; it would else be passed over with all its files.
    """

    def stop(error: OSError) -> None:
        raise UserError(
            f"cannot read {error.filename}: {error.strerror}; make it readable or move it elsewhere"
        ) from error

    for folder, _, names in os.walk(path, onerror=stop):
        yield from (Path(folder) / name for name in names)
