"""Every landed record and cent, against what the build made of it."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.progress import Progress, TextColumn

from lake.contract import Table
from lake.database import as_user_error, connect, schema
from lake.errors import UserError
from lake.landing.check import LISTING
from lake.quality import bridge as bridges
from lake.quality.account import (
    Account,
    FileProblem,
    by_batch,
    by_source,
    file_problems,
    mend,
    plain,
)
from lake.quality.files import LandedFile, judged_tables, landed_files, outside_the_contract
from lake.quality.judged import DISPOSITIONS, Judged, judge, published
from lake.quality.landed import count_all, count_records, money
from lake.quality.planted import Defect, FalseQuarantine, find_defects, load_manifest
from lake.streaming.delivery import ERRORS

STREAMED = "events"


@dataclass
class Reconciliation:
    """Everything that was found; `failures` is one line for each thing that is off."""

    sources: list[Account]
    batches: list[Account]
    files: list[FileProblem]
    file_count: int
    bridges: list[bridges.Crossing]
    pending: list[dict[str, Any]]
    rejected: list[dict[str, Any]]
    stream_errors: dict[str, int]
    defects: list[Defect] | None
    false_quarantine: list[FalseQuarantine]
    outside: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def mend(self) -> str | None:
        """Return the command that brings the tables in line with the files."""
        return mend(self.files)


def run(root: Path, contract: dict[str, Table], only: str | None = None) -> Reconciliation:
    """Count the files of the lake at `root`, compare the built tables, return all that was found.

    `only` limits it to one source.

    Raises:
        UserError: no lake, no database, an unreadable file, a table that is not built.
    """
    tables = judged_tables(contract)
    if only is not None:
        if only not in tables:
            raise UserError(f"no source {only}; one of: {', '.join(sorted(tables))}")
        tables = {only: tables[only]}
    if not root.is_dir():
        raise UserError(f"no landing folder {root}; run `lake build`, or correct LAKE_ROOT")
    files = list(landed_files(root, tables.values()))
    with connect() as connection:
        judged = [row for table in tables.values() for row in judge(connection, table)]
        with _counting(files) as done:
            landed = count_all(files, done)
            sums = [
                item
                for table in tables.values()
                for item in money(table, _readable(files, table), _digits(connection))
            ]
        read = [file for file in files if file.arrival_date]
        batches = by_batch(read, landed, sums, judged)
        try:
            found = Reconciliation(
                sources=by_source(tables, batches),
                batches=batches,
                files=file_problems(files, landed, judged),
                file_count=len(files),
                bridges=[
                    crossing
                    for bridge in bridges.bridges()
                    if bridge.source in tables
                    for crossing in bridges.cross(connection, bridge)
                ],
                pending=bridges.pending(connection) if only is None else [],
                rejected=rejected_files(root),
                stream_errors=stream_errors(root) if STREAMED in tables else {},
                defects=None,
                false_quarantine=[],
                outside=outside_the_contract(root, contract.values()) if only is None else [],
            )
        except duckdb.CatalogException as error:
            raise as_user_error(error, "the build is not complete, run `lake build`") from error
        if load_manifest(connection, root, only):
            found.defects, found.false_quarantine = find_defects(connection, tables)
        found.failures = [
            *_account_failures(found),
            *_published_failures(connection, judged),
            *_bridge_failures(found),
            *_planted_failures(found),
        ]
    return found


def rejected_files(root: Path) -> list[dict[str, Any]]:
    """Return what `lake land check` rejected: its lines, oldest first."""
    path = root / LISTING
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    try:
        return [json.loads(line) for line in lines if line.strip()]
    except ValueError as error:
        raise UserError(f"{path}: {error}; correct or remove that line") from error


def stream_errors(root: Path) -> dict[str, int]:
    """Return how many records the stream could not deliver, by kind: sent = landed + these.

    Raises:
        UserError: a file cannot be read.
    """
    found: Counter[str] = Counter()
    for path in sorted((root / ERRORS).rglob("*")):
        if path.is_file():
            found[path.relative_to(root / ERRORS).parts[0]] += count_records(path)
    return dict(found)


def _readable(files: list[LandedFile], table: Table) -> list[LandedFile]:
    return [file for file in files if file.table == table.name and file.arrival_date]


def _digits(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    try:
        found = connection.execute(
            f"select currency_code, minor_unit_digits from {schema('reference')}.currencies"
        )
    except duckdb.CatalogException as error:
        raise as_user_error(error, "the build is not complete, run `lake build`") from error
    return dict(found.fetchall())


@contextmanager
def _counting(files: list[LandedFile]) -> Iterator[Any]:
    """Show on the terminal how many files are counted."""
    screen = Console(stderr=True)
    with Progress(
        *Progress.get_default_columns(),
        TextColumn("{task.completed:.0f} of {task.total:.0f} MB"),
        console=screen,
        transient=True,
        disable=not screen.is_terminal,
    ) as progress:
        task = progress.add_task("counting what landed", total=sum(f.size for f in files) / 1e6)
        yield lambda file: progress.advance(task, file.size / 1e6)


def _account_failures(found: Reconciliation) -> Iterator[str]:
    for account in found.sources:
        if account.difference:
            yield f"{account.source}: {_off(account.difference, 'record(s)')}"
        for currency in account.money:
            gap = account.money_difference(currency)
            if gap:
                yield f"{account.source}: {_off(gap, currency)}"
        if account.unjustified:
            yield (
                f"{account.source}: {account.unjustified} record(s) have a disposition that "
                "contradicts their rules or their copy number"
            )
    unbalanced = {account.source for account in found.sources if not account.balances}
    for account in found.batches:
        if not account.balances and account.source not in unbalanced:
            yield f"{account.source}: batch {account.batch} does not balance, although the sum does"
    named = {"late", "new", "differs", "vanished"}
    if any(problem.kind in named for problem in found.files):
        yield "files of the lake and files in the tables differ"
    unread = [problem for problem in found.files if problem.kind == "unread"]
    if unread:
        yield f"{len(unread)} file(s) lie where no reader finds them, first: {unread[0].file}"


def _off(gap: Any, unit: str) -> str:
    amount = plain(abs(gap)) if unit != "record(s)" else f"{abs(gap):,}"
    if gap > 0:
        return f"{amount} {unit} landed and are not in the tables"
    return f"{amount} {unit} more in the tables than landed"


def _published_failures(
    connection: duckdb.DuckDBPyConnection, judged: list[Judged]
) -> Iterator[str]:
    """Compare the published report with the tables it reports on."""
    counted: dict[tuple[Any, ...], list[Any]] = {}
    for row in judged:
        figures = counted.setdefault((row.source, row.batch, row.currency), [0] * 6)
        if row.disposition in DISPOSITIONS:
            position = DISPOSITIONS.index(row.disposition)
            figures[position] += row.records
            figures[position + 3] += row.amount or 0
    sources = {row.source for row in judged}
    stated = {
        (row["source"], row["batch"], row["currency"]): [
            *(row[name] for name in DISPOSITIONS),
            *(row[f"{name}_amount"] for name in DISPOSITIONS),
        ]
        for row in published(connection)
        if row["source"] in sources
    }
    off = sorted(key for key in {*counted, *stated} if counted.get(key) != stated.get(key))
    if off:
        first = " ".join(map(str, off[0]))
        yield (
            f"rpt_reconciliation states other figures than the tables hold in {len(off)} row(s) "
            f"of source, batch and currency, first: {first}"
        )


def _bridge_failures(found: Reconciliation) -> Iterator[str]:
    for crossing in found.bridges:
        where = f"{crossing.bridge}, {crossing.currency}"
        if crossing.missing_records:
            yield f"{where}: {crossing.missing_records} record(s) lost on the way"
        if crossing.missing_amount:
            yield f"{where}: {plain(crossing.missing_amount)} lost on the way"


def _planted_failures(found: Reconciliation) -> Iterator[str]:
    missed = sum(defect.missed for defect in found.defects or [])
    if missed:
        yield f"{missed} planted defect(s) were not found as expected"
    records = sum(item.records for item in found.false_quarantine)
    if records:
        yield f"{records} record(s) are in quarantine and should not be"
