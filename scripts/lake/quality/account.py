"""The account of what landed: where each record and each cent went, by source and batch."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lake.quality.files import LandedFile
from lake.quality.judged import DISPOSITIONS, Judged
from lake.quality.landed import Money

LANDED = "landed"
COLUMNS = (LANDED, *DISPOSITIONS)
Sums = defaultdict[str, Decimal]


def _no_sums() -> Sums:
    return defaultdict(Decimal)


@dataclass
class Account:
    """Records and money of one source, in one batch or in all (`batch` None).

    `records` and each currency of `money` hold the columns landed, kept, duplicate, quarantined.
    """

    source: str
    batch: int | None
    records: Counter[str] = field(default_factory=Counter)
    money: defaultdict[str, Sums] = field(default_factory=lambda: defaultdict(_no_sums))
    conflicts: int = 0
    warnings: int = 0
    unjustified: int = 0

    @property
    def difference(self) -> int:
        """Return the records that landed and are in no disposition (negative: too many)."""
        return self.records[LANDED] - sum(self.records[name] for name in DISPOSITIONS)

    def money_difference(self, currency: str) -> Decimal:
        """Return the money that landed in a currency and is in no disposition."""
        sums = self.money[currency]
        return sums[LANDED] - sum(sums[name] for name in DISPOSITIONS)

    @property
    def balances(self) -> bool:
        """Return whether every record and every cent has its disposition."""
        return self.difference == 0 and not any(map(self.money_difference, self.money))

    def add(self, other: "Account") -> None:
        """Add the figures of another account to this one."""
        self.records.update(other.records)
        for currency, sums in other.money.items():
            for name, amount in sums.items():
                self.money[currency][name] += amount
        self.conflicts += other.conflicts
        self.warnings += other.warnings
        self.unjustified += other.unjustified

    def as_dict(self) -> dict[str, Any]:
        """Return the account for programs; amounts are texts, so that no cent is rounded."""
        return {
            "source": self.source,
            **({"batch": self.batch} if self.batch is not None else {}),
            **{name: self.records[name] for name in COLUMNS},
            "difference": self.difference,
            "conflicts": self.conflicts,
            "warnings": self.warnings,
            "unjustified": self.unjustified,
            "money": [
                {
                    "currency": currency,
                    **{name: plain(sums[name]) for name in COLUMNS},
                    "difference": plain(self.money_difference(currency)),
                }
                for currency, sums in sorted(self.money.items())
            ],
        }


def by_batch(
    files: Iterable[LandedFile],
    landed: dict[str, int],
    money: Iterable[Money],
    judged: Iterable[Judged],
) -> list[Account]:
    """Return one account for each source and batch, in that order."""
    accounts: dict[tuple[str, int], Account] = {}

    def account(source: str, batch: int) -> Account:
        return accounts.setdefault((source, batch), Account(source, batch))

    place = {}
    for file in files:
        place[file.name] = (file.table, file.batch)
        account(file.table, file.batch).records[LANDED] += landed[file.name]
    for item in money:
        account(*place[item.file]).money[item.currency][LANDED] += item.amount
    for row in judged:
        found = account(row.source, row.batch)
        found.records[row.disposition] += row.records
        if row.amount:
            found.money[row.currency][row.disposition] += row.amount
        found.conflicts += row.conflicts
        found.warnings += row.warnings
        found.unjustified += row.unjustified
    return [accounts[key] for key in sorted(accounts)]


def by_source(sources: Iterable[str], batches: Iterable[Account]) -> list[Account]:
    """Add the accounts of all batches up, one for each of `sources`."""
    totals = {source: Account(source, None) for source in sources}
    for account in batches:
        totals[account.source].add(account)
    return list(totals.values())


def plain(amount: Decimal | int) -> str:
    """Return an amount as text with two decimals, or with up to four where it has them."""
    number = Decimal(amount)
    cents = number.quantize(Decimal("0.01"))
    return f"{cents if cents == number else number.normalize():f}"


@dataclass(frozen=True)
class FileProblem:
    """A file whose records are not those of the tables.

    `kind`: `late` (it appeared in a batch already passed), `new` (not built yet), `differs`,
    `vanished` (in the tables, not in the lake), `unread` (no reader finds it where it lies).
    """

    kind: str
    source: str
    file: str
    batch: int
    landed: int
    judged: int

    @property
    def day(self) -> str:
        """Return the arrival day of the batch."""
        digits = str(self.batch)
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"


def file_problems(
    files: Iterable[LandedFile], landed: dict[str, int], judged: Iterable[Judged]
) -> list[FileProblem]:
    """Compare the files of the lake with the files in the validated tables, record by record."""
    marks: defaultdict[str, int] = defaultdict(int)
    counted: Counter[tuple[str, str, int]] = Counter()
    for row in judged:
        marks[row.source] = max(marks[row.source], row.batch)
        counted[row.source, row.file, row.batch] += row.records
    problems = []
    for file in files:
        found = counted.pop((file.table, file.name, file.batch), 0)
        expected = landed[file.name]
        if file.arrival_date is None:
            kind = "unread"
        elif found == expected:
            continue
        elif found:
            kind = "differs"
        else:
            kind = "late" if file.batch < marks[file.table] else "new"
        problems.append(FileProblem(kind, file.table, file.name, file.batch, expected, found))
    for (source, name, batch), found in counted.items():
        problems.append(FileProblem("vanished", source, name, batch, 0, found))
    return problems


def mend(problems: Iterable[FileProblem]) -> str | None:
    """Return the command that brings the tables in line with the files, None where none does."""
    problems = [problem for problem in problems if problem.kind != "unread"]
    if not problems:
        return None
    if any(problem.judged > problem.landed for problem in problems):
        return "lake build --full-refresh"
    passed = [problem for problem in problems if problem.kind in ("late", "differs")]
    if not passed:
        return "lake build"
    first = min(passed, key=lambda problem: problem.batch).day
    return f"lake build --vars '{{replay_from: {first}}}'"
