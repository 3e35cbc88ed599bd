"""Macros of the project, called from Python: run as operations, or rendered to SQL."""

import json
import re
from typing import Any

from lakes import PROJECT

from lake.database import close_dbt_connections
from lake.proofs.engine import Engine


class MacroError(Exception):
    """A macro that raised an error, with its message."""


def run_operation(engine: Engine, macro: str, **arguments: Any) -> None:
    """Run a macro as an operation on DuckDB.

    Raises:
        MacroError: the macro raised an error.
    """
    _invoke(engine, "run-operation", macro, "--args", json.dumps(arguments))


def render(engine: Engine, template: str) -> str:
    """Return the SQL that a template of Jinja renders to.

    Raises:
        MacroError: a macro of it raised an error.
    """
    outcome = _invoke(engine, "compile", "--inline", template)
    return outcome.result.results[0].node.compiled_code


def generic_tests() -> list[str]:
    """Return the names of the generic tests of the project."""
    texts = [path.read_text() for path in (PROJECT / "tests" / "generic").glob("*.sql")]
    return sorted(name for text in texts for name in re.findall(r"{%-?\s*test\s+(\w+)", text))


def _invoke(engine: Engine, *arguments: str) -> Any:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415  dbt takes two seconds to import

    said: list[str] = []

    def listen(event: Any) -> None:
        if event.info.level == "error":
            said.append(event.info.msg)

    try:
        outcome = dbtRunner(manifest=engine.manifest, callbacks=[listen]).invoke(
            [
                *("--log-level", "none", "--log-level-file", "none", "--no-use-colors"),
                *("--log-path", str(engine.home / "logs"), "--no-write-json", "--no-print"),
                *arguments,
                *("--project-dir", str(engine.project), "--profiles-dir", str(engine.project)),
                *("--target-path", str(engine.home / "target")),
            ]
        )
    finally:
        close_dbt_connections()
    if not outcome.success:
        raise MacroError("\n".join(said) or str(outcome.exception))
    return outcome
