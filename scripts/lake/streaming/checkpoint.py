"""How far a replay has come: for each file of the source, the lines whose records are in the lake.

It is written only after the records are on the disk. So a replay that was killed sends again what
was on its way, which silver takes for the double it is, and loses nothing.
"""

import hashlib
import json
from pathlib import Path

from lake.errors import UserError
from lake.landing.writer import write_file

_VERSION = 1


class Checkpoint:
    """The lines done of one source for one place in the lake, in `_control/`."""

    def __init__(self, root: Path, source: Path, target: str) -> None:
        identity = hashlib.md5(f"{source}\n{target}".encode()).hexdigest()[:12]
        self._root = root
        self._name = f"_control/stream-{identity}.json"
        self.lines: dict[str, int] = {}

    def load(self) -> None:
        """Read what was saved; nothing where nothing was.

        Raises:
            UserError: the file is no checkpoint.
        """
        path = self._root / self._name
        if not path.exists():
            return
        try:
            saved = json.loads(path.read_bytes())
            if saved["version"] != _VERSION:
                raise ValueError(f"version {saved['version']}")
            self.lines = {str(name): int(number) for name, number in saved["lines"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UserError(
                f"{path} is no checkpoint ({error}); --again sends everything from the beginning"
            ) from error

    def save(self) -> None:
        """Write it as a whole.

        Raises:
            UserError: the disk is full or the folder cannot be written.
        """
        saved = {"version": _VERSION, "lines": self.lines}
        write_file(self._root, self._name, json.dumps(saved).encode())
