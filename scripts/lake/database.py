"""The DuckDB file that dbt builds: opened for reading, with its errors in one line."""

import os
import re
from pathlib import Path
from typing import Any

import duckdb

from lake.errors import UserError
from lake.paths import database_path, project_dir

AVRO = "avro"


def schema(layer: str) -> str:
    """Return the schema of a layer (bronze, silver, gold, …), named as dbt names it."""
    return os.environ.get("LAKE_SCHEMA_PREFIX", "") + layer


def connect(path: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Open the database for reading.

    The landing views hold the lake's path as dbt was given it, often relative to the project, so
    the process moves there.

    Raises:
        UserError: there is no database yet, another process holds it, or it is no DuckDB file.
    """
    path = path or database_path()
    if not path.is_file():
        raise UserError(f"no database at {path}; run `lake build` first, or set LAKE_DB")
    os.chdir(project_dir())
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise as_user_error(error, f"cannot open {path}") from error
    connection.execute("set TimeZone = 'UTC'")
    return connection


def check_not_locked(path: Path) -> None:
    """Raise a UserError that names the process, if one holds the database open."""
    if not path.is_file():
        return
    try:
        duckdb.connect(str(path)).close()
    except duckdb.Error as error:
        raise as_user_error(error, f"cannot open {path}") from error


def close_dbt_connections() -> None:
    """Close the database that dbt-duckdb keeps open for the life of the process."""
    from dbt.adapters.duckdb.connections import (  # noqa: PLC0415  loaded by dbt anyway
        DuckDBConnectionManager,
    )
    from dbt.adapters.factory import reset_adapters  # noqa: PLC0415  as above

    environment = DuckDBConnectionManager._ENV
    if environment is not None:
        environment.close()
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    reset_adapters()  # type: ignore[no-untyped-call]


def ensure_avro() -> None:
    """Make DuckDB's Avro reader loadable, from its Python package if it is not installed yet.

    Raises:
        UserError: the package is missing.
    """
    with duckdb.connect() as connection:
        try:
            connection.load_extension(AVRO)
        except duckdb.Error:
            _import_avro(connection)


def _import_avro(connection: duckdb.DuckDBPyConnection) -> None:
    try:
        from duckdb_extensions import import_extension  # noqa: PLC0415  rarely needed

        import_extension(AVRO, con=connection)
        connection.load_extension(AVRO)
    except (ImportError, duckdb.Error) as error:
        raise UserError(
            "DuckDB has no Avro reader, which the suppliers need; install the package "
            f"duckdb-extension-avro in the version of duckdb ({duckdb.__version__})"
        ) from error


def literal(text: str) -> str:
    """Return a text as an SQL literal. (A bound parameter makes DuckDB import pandas: a second.)"""
    return "'" + text.replace("'", "''") + "'"


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """Run a query; return its rows as dictionaries by column name."""
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def has_table(connection: duckdb.DuckDBPyConnection, layer: str, name: str) -> bool:
    """Return whether a table or view of a layer was built."""
    found = connection.execute(
        "select 1 from information_schema.tables "
        f"where table_schema = '{schema(layer)}' and table_name = '{name}'"
    )
    return found.fetchone() is not None


def as_user_error(error: Exception | str, context: str) -> UserError:
    """Return the one line for an error of DuckDB: what happened, and the mend where it is known."""
    return known_error(str(error)) or UserError(f"{context}: {one_line(str(error))}")


def known_error(text: str) -> UserError | None:
    """Return the one line for the accidents that a user can mend, or None for any other text."""
    lock = re.search(r'lock on file "([^"]+)".*?held in (.*?) ?\(PID (\d+)\)', text, re.DOTALL)
    if lock:
        path, program, process = lock.groups()
        return UserError(
            f"{path} is in use by process {process} ({Path(program).name or 'unknown'}); "
            f"wait for it to end or stop it (kill {process}), then run the same command again"
        )
    if "No space left on device" in text or "Out of disk" in text:
        return UserError(
            "the disk is full; free space, or move the database (LAKE_DB) or the lake (LAKE_ROOT) "
            "to another disk, then run the same command again"
        )
    missing = re.search(r"no lake at '([^']*)'", text)
    if missing:
        return UserError(
            f"no landed file in {missing.group(1)}; run `lake land generate`, "
            "or set LAKE_ROOT to your landing folder"
        )
    renamed = re.search(r'Catalog "([^"]+)" does not exist', text)
    if renamed:
        name = renamed.group(1)
        return UserError(
            f"the database has another name than when it was built: its views look for {name}; "
            f"name the file {name}.duckdb, or run `lake build`, which writes them anew"
        )
    broken = re.search(
        r"not utf-8 encoded|Input is not a GZIP|unicode.*mismatch|gzip.*corrupt|"
        r"failed to decode gz|Failed to read Avro|not an avro|Avro.*(corrupt|invalid)|"
        r"Maximum line size",
        text,
        re.IGNORECASE,
    )
    if broken:
        file = re.search(r"""([^\s"'`=]+/arrival_date=[^\s"'`,;]+)""", text)
        name = file.group(1).rstrip(".:") if file else "a landed file"
        return UserError(
            f"{name} cannot be read ({broken.group(0)}); run `lake land check`, "
            "which moves unreadable files to _rejected/"
        )
    return None


def one_line(text: str) -> str:
    """Return the message of an error as one line, without its list of hints and candidates."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return " ".join(line for line in lines if line and not set(line) <= {"^", " "})
