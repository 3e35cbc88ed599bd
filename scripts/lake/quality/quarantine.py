"""`lake quarantine`: list, show and release the records that broke a rule."""

import getpass
import json
import os
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click
import duckdb

from lake.contract import Table, batch_id, load_contract
from lake.database import connect, schema
from lake.errors import UserError
from lake.landing.writer import write_file
from lake.paths import lake_root
from lake.quality.files import judged_tables, landed_files
from lake.quality.quarantine_report import (
    SHORT,
    count_rules,
    print_list,
    print_record,
    print_release,
)
from lake.quality.quarantined import (
    RELEASES,
    Release,
    built_sources,
    disposed,
    find,
    landed_raw,
    quarantined,
    reasons,
    releases,
)
from lake.quality.repair import pretty, repair
from lake.quality.screen import make_console


@click.group()
def quarantine() -> None:
    """List, show and release the records that broke a rule."""


@quarantine.command(name="list")
@click.option("--source", help="Only this landed table, e.g. orders.")
@click.option("--rule", help="Only records that break this rule, e.g. negative_sale.")
@click.option("--batch", help="Only this arrival: a day as 2025-01-15, or a batch as 2025011500.")
@click.option("--unreleased", is_flag=True, help="Only records that nobody released yet.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    help="Records to name; 0 for all.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON object.")
def list_records(
    *,
    source: str | None,
    rule: str | None,
    batch: str | None,
    unreleased: bool,
    limit: int,
    as_json: bool,
) -> None:
    """Count the quarantined records by source and rule, and name the newest.

    \b
    Examples:
      lake quarantine list
      lake quarantine list --source orders --rule negative_sale --unreleased
    """
    contract, root = load_contract(), lake_root()
    released = releases(root, contract)
    with connect() as connection:
        sources = _sources(connection, contract, source)
        texts = reasons(connection)
        if rule is not None and rule not in {rule_id for _, rule_id in texts}:
            table = f"{schema('silver')}.quality_rules"
            raise UserError(f'no rule {rule}; `lake query "select * from {table}"` names them')
        found = quarantined(connection, sources, rule, _batch(batch))
        states = {
            key: _state(connection, release)
            for key, release in released.items()
            if release.source in sources
        }
    if unreleased:
        found = [item for item in found if (item.source, item.record_id) not in states]
    counts = count_rules(found, states, texts, rule)
    shown = found[: limit or None]
    if as_json:
        records = [
            {**asdict(item), "release": states.get((item.source, item.record_id))} for item in shown
        ]
        result = {"total": len(found), "counts": counts, "records": records}
        click.echo(json.dumps(result, ensure_ascii=False, indent=1))
        return
    print_list(make_console(), counts, shown, states, len(found))


@quarantine.command()
@click.argument("record_id")
@click.option("--source", help="The landed table, where one id stands in several.")
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON object.")
def show(*, record_id: str, source: str | None, as_json: bool) -> None:
    """Show one quarantined record as it landed, personal data included, and what is wrong with it.

    RECORD_ID is its id, or the first 8 or more digits of it.

    \b
    Example:
      lake quarantine show 3f2a9c01
    """
    contract, root = load_contract(), lake_root()
    released = releases(root, contract)
    with connect() as connection:
        record = find(connection, _sources(connection, contract, source), record_id)
        texts = reasons(connection)
        release = released.get((record.source, record.record_id))
        state = _state(connection, release) if release else None
    raw = landed_raw(root, record)
    broken = [
        {"rule": rule, "reason": texts.get((record.source, rule), "")} for rule in record.rules
    ]
    if as_json:
        result = {
            **asdict(record),
            "rules": broken,
            "release": {**asdict(release), "state": state} if release else None,
            "raw_record": raw,
        }
        click.echo(json.dumps(result, ensure_ascii=False, indent=1))
        return
    print_record(make_console(), record, broken, release, state)
    click.echo(pretty(raw))


@quarantine.command()
@click.argument("record_id")
@click.option("--source", help="The landed table, where one id stands in several.")
@click.option("--set", "changes", multiple=True, metavar="PATH=VALUE", help="Set a field.")
@click.option(
    "--file",
    "replacement",
    type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path),
    help="The whole repaired record, as one JSON object.",
)
@click.option("--reason", required=True, help="Why this repair is right.")
@click.option("--by", "released_by", help="Who releases it.  [default: $USER]")
@click.option("--arrival-date", help="Day it lands under.  [default: the newest of its table]")
@click.option("--dry-run", is_flag=True, help="Show the difference, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="The result as one JSON object.")
def release(
    *,
    record_id: str,
    source: str | None,
    changes: tuple[str, ...],
    replacement: Path | None,
    reason: str,
    released_by: str | None,
    arrival_date: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Land a repaired copy of a quarantined record, and mark that one as released.

    Nothing is edited in place: the copy lands as a new file and is judged at the next build.
    The difference that is shown holds raw fields, personal data included.

    \b
    Examples:
      lake quarantine release 3f2a9c01 --set status=paid --reason "typo in the shop"
      lake quarantine release 3f2a9c01 --set value.after.customer_id=null --reason guest --dry-run
      lake quarantine release 9b1d44e7 --file repaired.json --reason "line was cut off"
    """
    if bool(changes) == bool(replacement):
        raise UserError("say how to repair the record: either --set PATH=VALUE or --file, not both")
    contract, root = load_contract(), lake_root()
    with connect() as connection:
        record = find(connection, _sources(connection, contract, source), record_id)
        done = releases(root, contract).get((record.source, record.record_id))
        if done:
            raise UserError(
                f"{record.record_id} is already released by {done.repaired_record_id} "
                f"({done.released_by}: {done.reason})"
            )
        repaired = repair(root, record, list(changes), replacement)
        known = disposed(connection, [record.source], repaired.record_id)
    day = _arrival_day(root, contract[record.source], arrival_date)
    folder = contract[record.source].partition(day)
    name = f"repair-{record.record_id[:SHORT]}-{repaired.record_id[:SHORT]}"
    landed = f"{folder}/{name}{repaired.ending}"
    line = {
        "source": record.source,
        "record_id": record.record_id,
        "repaired_record_id": repaired.record_id,
        "released_by": released_by or os.environ.get("USER") or getpass.getuser(),
        "reason": reason,
    }
    marker = f"{contract[RELEASES].partition(day)}/{name.replace('repair-', 'release-')}.json"
    if not dry_run:
        write_file(root, landed, repaired.content)
        write_file(root, marker, (json.dumps(line, ensure_ascii=False) + "\n").encode())
    if as_json:
        result = {**line, "landed": landed, "release": marker, "dry_run": dry_run}
        result["diff"] = repaired.diff
        click.echo(json.dumps(result, ensure_ascii=False, indent=1))
        return
    print_release(make_console(), repaired.diff, landed, marker, dry_run)
    if known:
        click.echo(f"note: the same record is in the tables already, as {known[0]['disposition']}")


def _sources(
    connection: duckdb.DuckDBPyConnection, contract: dict[str, Table], only: str | None
) -> list[str]:
    sources = built_sources(connection, judged_tables(contract))
    if only is not None and only not in sources:
        raise UserError(f"no source {only}; one of: {', '.join(sorted(sources))}")
    return [only] if only else sources


def _batch(text: str | None) -> int | None:
    """Return the arrival key of a day or of a key itself."""
    if text is None:
        return None
    if text.isdigit() and len(text) == 10:
        return int(text)
    return batch_id(_day(text))


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UserError(f"'{text}' is no day; give it as 2025-01-15") from error


def _arrival_day(root: Path, table: Table, wanted: str | None) -> str:
    """Return the day to land under: `wanted`, or the newest arrival of the table.

    Raises:
        UserError: the day is older than the newest arrival, so that no build would see it.
    """
    files = landed_files(root, [table])
    newest = max((file.arrival_date for file in files if file.arrival_date), default=None)
    if newest is None:
        raise UserError(f"no landed file of {table.name} in {root}; correct LAKE_ROOT")
    day = _day(wanted) if wanted else newest
    if day < newest:
        raise UserError(
            f"arrival day {day} is already passed, {table.name} goes on from {newest}; "
            f"give --arrival-date {newest} or later"
        )
    return day


def _state(connection: duckdb.DuckDBPyConnection, item: Release) -> str:
    """Return what became of the repaired record of a release."""
    found = disposed(connection, [item.source], item.repaired_record_id)
    if not found:
        return "waiting for the next build"
    return (
        "quarantined again"
        if found[0]["disposition"] == "quarantined"
        else str(found[0]["disposition"])
    )
