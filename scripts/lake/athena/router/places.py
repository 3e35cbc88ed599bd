"""Runs queries on the engine so that errors name the line and column of the text that was sent."""

import re
from collections.abc import Mapping

from lake.athena.errors import AthenaFailure
from lake.athena.router.context import HIVE, Context, EngineResult
from lake.athena.sql.translate import original_place, to_trino

_PLACE = re.compile(r"line (\d+):(\d+)")


def run(context: Context, sql: str, session: Mapping[str, str] | None = None) -> EngineResult:
    """Run a query of Athena's dialect as it is."""
    try:
        return _engine(context, to_trino(sql), session)
    except AthenaFailure as failure:
        raise restored(failure, sql) from None


def run_behind(
    context: Context, head: str, query: str, session: Mapping[str, str] | None = None
) -> EngineResult:
    """Run a query of Athena's dialect behind a head in Trino's."""
    try:
        return _engine(context, f"{head}\n{to_trino(query)}", session)
    except AthenaFailure as failure:
        raise restored(failure, query, added_lines=head.count("\n") + 1) from None


def _engine(context: Context, sql: str, session: Mapping[str, str] | None) -> EngineResult:
    return context.engine(sql, catalog=HIVE, schema=context.database or None, session=session)


def restored(failure: AthenaFailure, sql: str, added_lines: int = 0) -> AthenaFailure:
    """Return a failure whose place is one in `sql`, not in its translation."""
    match = _PLACE.match(failure.message)
    if match is None:
        return failure
    line, column = int(match[1]) - added_lines, int(match[2])
    if line < 1:
        line, column = 1, 1
    else:
        line, column = original_place(sql, line, column)
    message = f"line {line}:{column}{failure.message[match.end() :]}"
    return AthenaFailure(failure.name, message, failure.category)
