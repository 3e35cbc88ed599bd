"""The quarantine as tables for people."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console

from lake.quality.quarantined import Quarantined, Release
from lake.quality.screen import make_grid, print_line

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
    grid = make_grid(["source", "rule"], ["records", "released"], ["reason"])
    for row in counts:
        grid.add_row(
            row["source"], row["rule"], f"{row['records']:,}", f"{row['released']:,}", row["reason"]
        )
    console.print(grid)
    grid = make_grid(["record", "source", "rules"], ["batch"], ["file", "released"])
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
        print_line(console, f"{name:9} {value}")
    for item in broken:
        print_line(console, f"breaks    {item['rule']}: {item['reason']}")
    console.print("the raw record follows; it may hold personal data", style="yellow")


def print_release(
    console: Console, diff: Iterable[str], landed: str, marker: str, dry_run: bool
) -> None:
    """Print the difference, what was written, and what to run next."""
    colors = {"+": "green", "-": "red", "@": "cyan"}
    for line in diff:
        print_line(console, line, colors.get(line[:1]))
    verb = "would land" if dry_run else "landed"
    print_line(console, f"{verb}: {landed}")
    print_line(console, f"{verb}: {marker}")
    if dry_run:
        console.print("dry run: nothing was written")
    else:
        console.print("next: lake build, then lake quarantine list", highlight=False)
