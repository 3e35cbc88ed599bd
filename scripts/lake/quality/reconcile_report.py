"""The reconciliation as tables for people and as one object for programs."""

from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from rich.console import Console

from lake.quality.account import COLUMNS, Account, plain
from lake.quality.bridge import END, START, Crossing
from lake.quality.reconciliation import STREAMED, Reconciliation
from lake.quality.screen import make_grid, print_line
from lake.streaming.delivery import ERRORS

KINDS = {
    "late": "appeared in a batch already passed",
    "new": "not built yet",
    "differs": "has another number of records than the tables",
    "vanished": "is in the tables but no longer in the lake",
    "unread": "lies where no reader finds it: not in arrival_date=YYYY-MM-DD, or another ending",
}
SHOWN = 20
BRIDGE_COLUMNS = ["start", "left on the way", "end", "lost"]


def as_json_object(found: Reconciliation) -> dict[str, Any]:
    """Return everything that was found; amounts are texts, so that no cent is rounded."""
    defects = found.defects or []
    return {
        "reconciled": not found.failures,
        "failures": found.failures,
        "mend": found.mend,
        "sources": [account.as_dict() for account in found.sources],
        "batches": [account.as_dict() for account in found.batches],
        "files": {
            "landed": found.file_count,
            "problems": [asdict(problem) for problem in found.files],
        },
        "rejected": found.rejected,
        "outside_the_contract": found.outside,
        "stream_errors": found.stream_errors,
        "pending": [{**row, "amount": plain(row["amount"])} for row in found.pending],
        "bridges": [_crossing(crossing) for crossing in found.bridges],
        "planted": None
        if found.defects is None
        else {
            "planted": sum(defect.planted for defect in defects),
            "found": sum(defect.found for defect in defects),
            "missed": sum(defect.missed for defect in defects),
            "false_quarantine": sum(item.records for item in found.false_quarantine),
            "defects": [{**asdict(defect), "missed": defect.missed} for defect in defects],
            "false_quarantine_by_rule": [asdict(item) for item in found.false_quarantine],
        },
    }


def print_report(console: Console, found: Reconciliation, by: str) -> None:
    """Print the tables, then what is off, then what mends it."""
    accounts = found.batches if by == "batch" else found.sources
    _print_records(console, accounts)
    _print_money(console, accounts)
    detailed = by == "batch" or len(found.sources) == 1
    _print_bridges(console, found.bridges, detailed)
    _print_planted(console, found)
    _print_notes(console, found)
    _print_files(console, found)
    if not found.failures:
        records = sum(account.records["landed"] for account in found.sources)
        console.print(
            f"[green]reconciled[/]: {records:,} records in {found.file_count:,} files, "
            "every record and every cent accounted for",
            highlight=False,
        )
        return
    console.print(f"[red]NOT reconciled[/]: {len(found.failures)} thing(s) off", highlight=False)
    for line in found.failures:
        print_line(console, f"  {line}")


def _print_records(console: Console, accounts: Iterable[Account]) -> None:
    grid = make_grid(
        ["source", "batch"], [*COLUMNS, "difference", "conflicts", "warnings"], title="records"
    )
    for account in accounts:
        grid.add_row(
            account.source,
            str(account.batch or "all"),
            *(f"{account.records[name]:,}" for name in COLUMNS),
            _zero(account.difference),
            f"{account.conflicts:,}",
            f"{account.warnings:,}",
        )
    console.print(grid)


def _print_money(console: Console, accounts: Iterable[Account]) -> None:
    grid = make_grid(["source", "batch", "currency"], [*COLUMNS, "difference"], title="money")
    for account in accounts:
        for currency, sums in sorted(account.money.items()):
            grid.add_row(
                account.source,
                str(account.batch or "all"),
                currency,
                *(_money(sums[name]) for name in COLUMNS),
                _zero(account.money_difference(currency)),
            )
    if grid.row_count:
        console.print(grid)


def _print_bridges(console: Console, crossings: list[Crossing], detailed: bool) -> None:
    """Print each bridge in each currency; or, not `detailed`, its records over all currencies."""
    if detailed:
        grid = make_grid(["bridge", "currency"], BRIDGE_COLUMNS, title="from kept to gold")
        for crossing in crossings:
            grid.add_row(
                crossing.bridge,
                crossing.currency,
                _money(crossing.amounts[START]),
                _terms([crossing], by_records=False),
                _money(crossing.amounts[END]),
                _lost([crossing]),
            )
    else:
        grid = make_grid(
            ["bridge"], ["currencies", *BRIDGE_COLUMNS], title="from kept to gold, records"
        )
        for name in dict.fromkeys(crossing.bridge for crossing in crossings):
            group = [crossing for crossing in crossings if crossing.bridge == name]
            counts = group[0].counts_records
            grid.add_row(
                name,
                str(len(group)),
                f"{sum(crossing.records[START] for crossing in group):,}" if counts else "",
                _terms(group, by_records=True),
                f"{sum(crossing.records[END] for crossing in group):,}" if counts else "",
                _lost(group),
            )
    if grid.row_count:
        console.print(grid)


def _terms(group: list[Crossing], by_records: bool) -> str:
    """Return what left on the way, in records, or in the money of the one currency of `group`."""
    texts = []
    for name in dict.fromkeys(name for crossing in group for name in crossing.records):
        if name in (START, END):
            continue
        records = sum(crossing.records[name] for crossing in group)
        amount = sum(crossing.amounts[name] for crossing in group)
        if records or amount:
            texts.append(f"{name} {records:,}" if by_records else f"{name} {_money(amount)}")
    return ", ".join(texts)


def _lost(group: list[Crossing]) -> str:
    records = sum(abs(crossing.missing_records) for crossing in group)
    texts = [f"{records:,} records"] if records else []
    texts += [
        f"{plain(crossing.missing_amount)} {crossing.currency}"
        for crossing in group
        if crossing.missing_amount
    ]
    return f"[red]{', '.join(texts)}[/]" if texts else "0"


def _print_planted(console: Console, found: Reconciliation) -> None:
    if found.defects is None:
        return
    grid = make_grid(
        ["source", "defect", "rule", "expected"],
        ["planted", "found", "missed"],
        title="planted defects",
    )
    for defect in found.defects:
        grid.add_row(
            defect.source,
            defect.defect,
            defect.rule or "",
            defect.expected,
            f"{defect.planted:,}",
            f"{defect.found:,}",
            _zero(defect.missed),
        )
    console.print(grid)
    for defect in found.defects:
        for example in defect.examples:
            print_line(console, f"  missed {defect.defect}: {example}")
    planted = sum(defect.planted for defect in found.defects)
    hits = sum(defect.found for defect in found.defects)
    recall = 100 * hits / planted if planted else 100.0
    false = sum(item.records for item in found.false_quarantine)
    shown = f"{recall:.2f} %" if hits < planted else "100 %"
    console.print(
        f"recall {shown} ({hits:,} of {planted:,}), false quarantine {false:,}\n", highlight=False
    )
    for item in found.false_quarantine[:SHOWN]:
        print_line(
            console,
            f"  false: {item.records:,} of {item.source} by {item.rules}, e.g. {item.example}",
        )


def _print_notes(console: Console, found: Reconciliation) -> None:
    for what in dict.fromkeys(row["what"] for row in found.pending):
        group = [row for row in found.pending if row["what"] == what]
        records = sum(row["records"] for row in group)
        amounts = ", ".join(f"{_money(row['amount'])} {row['currency']}" for row in group)
        console.print(f"waiting: {records:,} {what} ({amounts})", highlight=False, soft_wrap=True)
    for item in found.rejected:
        reason = item.get("reason") or item.get("error") or "unreadable"
        print_line(console, f"rejected: {item.get('file')} ({reason})")
    for name in found.outside:
        print_line(console, f"not read: {name} (no table of the contract lies there)")
    for kind, records in found.stream_errors.items():
        console.print(
            f"stream errors: {records:,} {STREAMED} {kind} (whole in {ERRORS}/{kind}/)",
            highlight=False,
            soft_wrap=True,
        )


def _print_files(console: Console, found: Reconciliation) -> None:
    for kind, meaning in KINDS.items():
        problems = [problem for problem in found.files if problem.kind == kind]
        if not problems:
            continue
        console.print(f"\n[red]{len(problems):,} file(s): {meaning}[/]", highlight=False)
        for problem in problems[:SHOWN]:
            print_line(
                console,
                f"  {problem.file}: {problem.landed:,} landed, {problem.judged:,} in the tables",
            )
        if len(problems) > SHOWN:
            console.print(f"  and {len(problems) - SHOWN:,} more (--json names all)")
    if found.mend:
        print_line(console, f"mend: {found.mend}")


def _crossing(crossing: Crossing) -> dict[str, Any]:
    terms = [name for name in crossing.amounts if name not in (START, END)]
    return {
        "bridge": crossing.bridge,
        "currency": crossing.currency,
        "start": plain(crossing.amounts[START]),
        "terms": {
            name: {"records": crossing.records[name], "amount": plain(crossing.amounts[name])}
            for name in terms
        },
        "end": plain(crossing.amounts[END]),
        "lost_records": crossing.missing_records,
        "lost_amount": plain(crossing.missing_amount),
    }


def _money(amount: Decimal | int) -> str:
    text = plain(amount)
    whole, _, fraction = text.partition(".")
    return f"{int(whole):,}.{fraction}" if whole != "-0" else text


def _zero(difference: Decimal | int) -> str:
    if not difference:
        return "0"
    text = f"{difference:,}" if isinstance(difference, int) else plain(difference)
    return f"[red]{text}[/]"
