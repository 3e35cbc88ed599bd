"""Atomic writes into the lake: a file is whole or not there."""

import os
from pathlib import Path
from uuid import uuid4

from lake.errors import UserError


def write_file(root: Path, relative: str, content: bytes | memoryview) -> Path:
    """Write `content` to `root/relative` by a temporary name and a rename.

    A file of that name is replaced as a whole. On failure nothing is visible.

    Raises:
        UserError: the disk is full or the folder cannot be written.
    """
    target = root / relative
    temporary = root / "_tmp" / f"{uuid4().hex}.part"
    try:
        temporary.parent.mkdir(parents=True, exist_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UserError(
            f"cannot write {target}: {error.strerror}; "
            "free the disk or choose another LAKE_ROOT, then run the same command again"
        ) from error
    return target
