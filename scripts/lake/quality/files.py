"""The files in the lake, as the contract places them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lake.contract import ARRIVAL_DAY, SUFFIXES, Table, batch_id
from lake.paths import files_below

# Sources without a history to lose: what the platform writes itself, and extracts of databases, of
# which each replaces the one before.
NOT_JUDGED = ("control", "live")


@dataclass(frozen=True)
class LandedFile:
    """One file below the prefix of a table; `name` is its path relative to the lake.

    `arrival_date` is None where the file is not one that the table's reader finds: it lies in no
    partition, or has another ending.
    """

    table: str
    name: str
    path: Path
    arrival_date: str | None
    size: int

    @property
    def batch(self) -> int:
        """Return the arrival key, 0 for a file that no reader finds."""
        return batch_id(self.arrival_date) if self.arrival_date else 0


def landed_files(root: Path, tables: Iterable[Table]) -> Iterator[LandedFile]:
    """Yield every visible file below the prefixes of `tables`, in order of its name.

    Names that begin with `.` or `_` are hidden, as they are for Hive and Athena.

    Raises:
        UserError: a folder cannot be read.
    """
    for table in tables:
        prefix = root / table.location
        for path in sorted(files_below(prefix)) if prefix.is_dir() else ():
            parts = path.relative_to(prefix).parts
            if any(part[0] in "._" for part in parts):
                continue
            yield LandedFile(
                table=table.name,
                name=path.relative_to(root).as_posix(),
                path=path,
                arrival_date=_arrival_date(parts, table),
                size=path.stat().st_size,
            )


def outside_the_contract(root: Path, tables: Iterable[Table]) -> list[str]:
    """Return what lies beside the prefixes of `tables`, and so is read by nobody.

    A misspelt folder would else be a table that stays empty without a word. Hidden names, and the
    originals that landing keeps beside a prefix, are not meant to be read.
    """
    prefixes = {PurePosixPath(table.location) for table in tables}
    above = {folder for prefix in prefixes for folder in prefix.parents}
    found = [
        folder / path.name
        for folder in above
        if (root / folder).is_dir()
        for path in (root / folder).iterdir()
        if path.name[0] not in "._" and not path.name.endswith("-original")
    ]
    return sorted(str(path) for path in found if path not in prefixes | above)


def _arrival_date(parts: tuple[str, ...], table: Table) -> str | None:
    if len(parts) < 2 or not parts[-1].endswith(SUFFIXES[table.file_format]):
        return None
    *place, day, _ = parts
    if "/".join(place) not in table.places:
        return None
    partition = ARRIVAL_DAY.fullmatch(day)
    return partition.group(1) if partition else None


def judged_tables(contract: dict[str, Table]) -> dict[str, Table]:
    """Return the tables whose records are judged."""
    return {name: table for name, table in contract.items() if table.source not in NOT_JUDGED}
