"""Compares all relations; Athena unloads the next ones while DuckDB compares one."""

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import duckdb

from lake.errors import UserError
from lake.parity.athena import Athena
from lake.parity.compare import Parity, compare, unload_query
from lake.parity.relations import Columns, athena_relations, duckdb_relations, select

_AHEAD = 3


def compare_all(
    athena: Athena, connection: Any, patterns: tuple[str, ...] = ()
) -> Iterator[tuple[int, Parity]]:
    """Yield the number of relations and the parity of each, while Athena unloads the next ones.

    Raises:
        UserError: nothing is built on one side, or a query failed.
    """
    dev, remote = duckdb_relations(connection), athena_relations(athena)
    for side, relations, target in (("DuckDB", dev, "dev"), ("Athena", remote, "athena_local")):
        if not relations:
            raise UserError(f"{side} has no relation; run `dbt build --target {target}` first")
    names = select(dev.keys() | remote.keys(), patterns)
    shared = {name: (dev[name], remote[name]) for name in names if name in dev and name in remote}
    for name in names:
        if name not in shared:
            side = "dev" if name in dev else "athena"
            yield len(names), Parity(name, notes=[f"the relation is only in {side}"])
    with tempfile.TemporaryDirectory(prefix="lake-parity-") as folder:
        for result in _compare_shared(athena, connection, shared, Path(folder)):
            yield len(names), result


def _compare_shared(
    athena: Athena, connection: Any, shared: dict[str, tuple[Columns, Columns]], home: Path
) -> Iterator[Parity]:
    def unload(name: str) -> tuple[ExitStack, list[Path]]:
        folder = home / name
        folder.mkdir()
        stack = ExitStack()
        query = unload_query(name, *shared[name])
        return stack, stack.enter_context(athena.unloaded(query, folder))

    names = list(shared)
    with ThreadPoolExecutor(_AHEAD) as pool:
        waiting = [pool.submit(unload, name) for name in names[:_AHEAD]]
        for position, name in enumerate(names):
            stack, files = waiting[position].result()
            if position + _AHEAD < len(names):
                waiting.append(pool.submit(unload, names[position + _AHEAD]))
            with stack:
                try:
                    yield compare(connection, name, *shared[name], files)
                except duckdb.Error as error:
                    yield Parity(name, notes=[f"cannot be compared: {error}"])
