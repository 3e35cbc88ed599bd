"""What an executed statement gives."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """A column of a result: its name and type as Athena names them, in decimal digits."""

    name: str
    type: str
    precision: int = 0
    scale: int = 0


@dataclass
class Outcome:
    """The result of one statement, already as text.

    `statement_type` is DML, DDL or UTILITY; `has_header` says whether the first row of the first
    page holds the column names; `extension` (csv, txt or empty) is that of the file at the output
    location, which `location` replaces where the statement wrote its data elsewhere.
    """

    statement_type: str
    substatement_type: str
    columns: list[Column] = field(default_factory=list)
    rows: list[list[str | None]] = field(default_factory=list)
    update_count: int | None = None
    has_header: bool = False
    extension: str = ""
    location: str | None = None
    scanned_bytes: int = 0
