"""`lake reconcile`: the reconciliation, printed."""

import json

import click

from lake.contract import load_contract
from lake.paths import lake_root
from lake.quality.reconcile_report import as_json_object, print_report
from lake.quality.reconciliation import run
from lake.quality.screen import make_console


@click.command()
@click.option("--by", type=click.Choice(["source", "batch"]), default="source", show_default=True)
@click.option("--source", help="Only this landed table, e.g. orders.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as one JSON object.")
@click.pass_context
def reconcile(context: click.Context, *, by: str, source: str | None, as_json: bool) -> None:
    """Prove that every landed record and cent is kept, a duplicate or quarantined.

    What landed is counted from the files. Exit code 1 on a difference of one record or one cent,
    on a planted defect that was missed, and on a sound record in quarantine.

    \b
    Examples:
      lake reconcile
      lake reconcile --source payments --by batch
      lake reconcile --json
    """
    found = run(lake_root(), load_contract(), source)
    if as_json:
        click.echo(json.dumps(as_json_object(found), ensure_ascii=False, indent=1))
    else:
        print_report(make_console(), found, by)
    context.exit(1 if found.failures else 0)
