"""The quarantine as tables for people."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid

from lake.quality.quarantined import Quarantined, Release

SHORT = 12
States = Mapping[tuple[str, str], str]


def count_rules(
    records: Iterable[Quarantined],
    states: States,
    texts: Mapping[tuple[str, str], str],
    only: str | None = None,
) -> list[dict[str, Any]]:
    """Count records by source and rule, the most frequent first; a record counts for each rule.

    `states` holds what became of the released ones, `texts` the reason of each rule.
    """
    total: Counter[tuple[str, str]] = Counter()
    released: Counter[tuple[str, str]] = Counter()
    for record in records:
        for rule in record.rules:
            if only in (None, rule):
                total[record.source, rule] += 1
                released[record.source, rule] += (record.source, record.record_id) in states
    return [
        {
            "source": key[0],
            "rule": key[1],
            "records": number,
            "released": released[key],
            "reason": texts.get(key, ""),
        }
        for key, number in sorted(total.items(), key=lambda item: (-item[1], item[0]))
    ]


def print_list(
    console: Console,
    counts: list[dict[str, Any]],
    shown: list[Quarantined],
    states: States,
    total: int,
) -> None:
    """Print the counts by source and rule, then the records."""
    if not total:
        console.print("no such record in quarantine")
        return
    grid = _grid(["source", "rule"], ["records", "released"], ["reason"])
    for row in counts:
        grid.add_row(
            row["source"], row["rule"], f"{row['records']:,}", f"{row['released']:,}", row["reason"]
        )
    console.print(grid)
    grid = _grid(["record", "source", "rules"], ["batch"], ["file", "released"])
    for record in shown:
        grid.add_row(
            record.record_id[:SHORT],
            record.source,
            ", ".join(record.rules),
            str(record.batch),
            record.file.rsplit("/", 1)[-1],
            states.get((record.source, record.record_id), ""),
        )
    console.print(grid)
    console.print(f"{len(shown):,} of {total:,} records", highlight=False)
    console.print("next: lake quarantine show RECORD", highlight=False)


def print_record(
    console: Console,
    record: Quarantined,
    broken: list[dict[str, str]],
    release: Release | None,
    state: str | None,
) -> None:
    """Print where a record landed, what is wrong with it, and whether it was released."""
    facts = {
        "record": record.record_id,
        "source": record.source,
        "batch": record.batch,
        "file": record.file,
    }
    if release:
        facts["released"] = f"by {release.released_by}: {release.reason}"
        facts["repaired"] = f"{release.repaired_record_id}, {state}"
    for name, value in facts.items():
        console.print(f"{name:9} {value}", markup=False, highlight=False, soft_wrap=True)
    for item in broken:
        console.print(
            f"breaks    {item['rule']}: {item['reason']}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    console.print("the raw record follows; it may hold personal data", style="yellow")


def print_release(
    console: Console, diff: Iterable[str], landed: str, marker: str, dry_run: bool
) -> None:
    """Print the difference, what was written, and what to run next."""
    colors = {"+": "green", "-": "red", "@": "cyan"}
    for line in diff:
        console.print(
            line, style=colors.get(line[:1]), markup=False, highlight=False, soft_wrap=True
        )
    verb = "would land" if dry_run else "landed"
    console.print(f"{verb}: {landed}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"{verb}: {marker}", markup=False, highlight=False, soft_wrap=True)
    if dry_run:
        console.print("dry run: nothing was written")
    else:
        console.print("next: lake build, then lake quarantine list", highlight=False)


def _grid(left: list[str], right: list[str], more: list[str]) -> Grid:
    grid = Grid(box=SIMPLE_HEAD, pad_edge=False)
    for name in left:
        grid.add_column(name)
    for name in right:
        grid.add_column(name, justify="right")
    for name in more:
        grid.add_column(name, overflow="fold")
    return grid
