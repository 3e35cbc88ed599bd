"""What has been generated already: `_control/generate.json` in the lake."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from lake.errors import UserError
from lake.landing.generate.world import EVENTS_PER_DAY, READINGS_PER_DAY
from lake.landing.writer import write_file

CONTROL = "_control/generate.json"


@dataclass(frozen=True)
class Control:
    """The parameters of a generated lake, and that all arrivals before day `landed` are written."""

    seed: int
    scale: float
    version: int
    tables: list[str]
    landed: int = 0
    events_per_day: float = EVENTS_PER_DAY
    readings_per_day: float = READINGS_PER_DAY

    def save(self, root: Path) -> None:
        """Write the state."""
        write_file(root, CONTROL, (json.dumps(asdict(self), indent=2) + "\n").encode())

    def same_parameters(self, other: "Control") -> bool:
        """Return whether both describe the same lake, however far each has landed."""
        mine, yours = asdict(self), asdict(other)
        return {**mine, "landed": 0} == {**yours, "landed": 0}


def read_control(root: Path) -> Control | None:
    """Return the state of a lake; None where nothing was generated.

    Raises:
        UserError: the file is there and cannot be understood.
    """
    path = root / CONTROL
    if not path.exists():
        return None
    try:
        return Control(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise UserError(f"{path}: not a state of the generator ({error}); pass --force") from error
