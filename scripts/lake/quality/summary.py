"""`lake summary`: what was landed, built, tested and quarantined, and where to look next."""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table as Grid

from lake.contract import load_contract
from lake.database import connect, has_table, rows, schema
from lake.paths import lake_root, project_dir
from lake.quality.files import judged_tables, landed_files
from lake.quality.judged import validated
from lake.quality.screen import LAYERS, make_console

TOP_RULES = 8


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON object.")
def summary(as_json: bool) -> None:
    """Show what was landed, built, tested and quarantined, and where to look next.

    \b
    Example:
      lake summary --json
    """
    if as_json:
        click.echo(json.dumps(collect(), default=str, indent=1))
    else:
        print_summary(make_console())


def collect() -> dict[str, Any]:
    """Return the summary as one object: `landed`, `built`, `tested`, `quarantined`, `next`."""
    contract = load_contract()
    files = [file for file in landed_files(lake_root(), contract.values()) if file.arrival_date]
    days = sorted({str(file.arrival_date) for file in files})
    with connect() as connection:
        records = {
            name: rows(connection, f"select count(*) as n from {validated(name)}")[0]["n"]
            for name in judged_tables(contract)
            if has_table(connection, "silver", f"int_{name}_validated")
        }
        built = rows(
            connection,
            """
            select schema_name as layer, count(*) as tables, sum(estimated_size) as rows
            from duckdb_tables() group by schema_name order by schema_name
            """,
        )
        views = rows(
            connection,
            "select schema_name as layer, count(*) as views from duckdb_views() "
            "where not internal group by schema_name",
        )
        quarantined = _top_rules(connection, list(records))
    counts = Counter(file.table for file in files)
    return {
        "landed": {
            "files": len(files),
            "bytes": sum(file.size for file in files),
            "days": len(days),
            "first_day": days[0] if days else None,
            "last_day": days[-1] if days else None,
            "records": sum(records.values()),
            "sources": [
                {"source": name, "files": counts[name], "records": records.get(name)}
                for name in judged_tables(contract)
            ],
        },
        "built": _layers(built, views),
        "tested": test_results(),
        "quarantined": quarantined,
        "next": {"docs": _docs_page(), "query": _query()},
    }


def target_dir() -> Path:
    """Return the folder of dbt's artefacts: `DBT_TARGET_PATH`, or `target` in the project."""
    return project_dir() / os.environ.get("DBT_TARGET_PATH", "target")


def test_results() -> dict[str, Any] | None:
    """Count the tests of the last dbt run by status, with the names of those that did not pass."""
    path = target_dir() / "run_results.json"
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
        results, verb = run["results"], run["args"]["which"]
    except (OSError, ValueError, KeyError):
        return None
    if verb not in ("build", "test", "run"):
        return None
    tests = [item for item in results if item["unique_id"].split(".")[0] in ("test", "unit_test")]
    models = [item for item in results if item not in tests]
    statuses = Counter(item["status"] for item in tests)
    return {
        "tests": len(tests),
        "passed": statuses["pass"],
        "skipped": statuses["skipped"],
        "not_passed": {
            item["unique_id"].split(".")[2]: item["status"]
            for item in tests
            if item["status"] not in ("pass", "skipped")
        },
        "models_failed": [
            item["unique_id"].split(".")[-1] for item in models if item["status"] == "error"
        ],
    }


def print_summary(console: Console) -> None:
    """Print the summary as a few tables and lines."""
    found = collect()
    landed = found["landed"]
    grid = Grid(title="landed", title_justify="left", box=None, pad_edge=False)
    grid.add_column("source")
    grid.add_column("files", justify="right")
    grid.add_column("records", justify="right")
    for source in landed["sources"]:
        number = "not built" if source["records"] is None else f"{source['records']:,}"
        grid.add_row(source["source"], f"{source['files']:,}", number)
    days = f"{landed['days']} days ({landed['first_day']} to {landed['last_day']})"
    grid.add_row("[bold]all[/]", f"{landed['files']:,}", f"{landed['records']:,}")
    console.print(grid)
    size = f"{landed['bytes'] / 1e6:,.1f} MB"
    console.print(f"{days}, {size}\n", highlight=False)

    grid = Grid(title="built", title_justify="left", box=None, pad_edge=False)
    grid.add_column("layer")
    for heading in ("tables", "views", "rows"):
        grid.add_column(heading, justify="right")
    for layer in found["built"]:
        grid.add_row(
            layer["layer"], str(layer["tables"]), str(layer["views"]), f"{layer['rows']:,}"
        )
    console.print(grid)
    console.print()
    _print_quarantine(console, found["quarantined"])
    _print_tests(console, found["tested"])
    if found["next"]["docs"]:
        console.print(f"look  {found['next']['docs']}", highlight=False, soft_wrap=True)
    query = found["next"]["query"]
    console.print(f'try   lake query "{query}"', highlight=False, soft_wrap=True)
    console.print("      lake reconcile · lake quarantine list", highlight=False)


def _print_tests(console: Console, tested: dict[str, Any] | None) -> None:
    if tested is None:
        console.print("tested: nothing yet; run `lake build`")
        return
    color = "green" if tested["passed"] == tested["tests"] else "red"
    skipped = f", {tested['skipped']} skipped" if tested["skipped"] else ""
    console.print(
        f"tested: [{color}]{tested['passed']} of {tested['tests']} tests passed[/]{skipped}"
    )
    for name, status in list(tested["not_passed"].items())[:TOP_RULES]:
        console.print(f"  {status}: {name}", highlight=False)
    if len(tested["not_passed"]) > TOP_RULES:
        console.print(f"  and {len(tested['not_passed']) - TOP_RULES} more", highlight=False)
    for name in tested["models_failed"]:
        console.print(f"  model failed: {name}", highlight=False)


def _print_quarantine(console: Console, quarantined: dict[str, Any]) -> None:
    grid = Grid(title="quarantined", title_justify="left", box=None, pad_edge=False)
    grid.add_column("source")
    grid.add_column("rule")
    grid.add_column("records", justify="right")
    for rule in quarantined["rules"][:TOP_RULES]:
        grid.add_row(rule["source"], rule["rule"], f"{rule['records']:,}")
    console.print(grid)
    more = len(quarantined["rules"]) - TOP_RULES
    tail = f"; {more} more rules in `lake quarantine list`" if more > 0 else ""
    console.print(f"{quarantined['records']:,} records in quarantine{tail}\n", highlight=False)


def _top_rules(connection: Any, sources: list[str]) -> dict[str, Any]:
    if not sources:
        return {"records": 0, "rules": []}
    union = " union all ".join(
        f"select '{name}' as source, _errors from {validated(name)} "
        "where _disposition = 'quarantined'"
        for name in sources
    )
    rules = rows(
        connection,
        f"""
        select source, rule, count(*) as records
        from (select source, unnest(string_split(_errors, ',')) as rule from ({union}))
        group by source, rule order by records desc, source, rule
        """,
    )
    total = rows(connection, f"select count(*) as n from ({union})")[0]["n"]
    return {"records": total, "rules": rules}


def _layers(built: list[dict[str, Any]], views: list[dict[str, Any]]) -> list[dict[str, Any]]:
    prefix = schema("")
    by_layer = {item["layer"].removeprefix(prefix): item["views"] for item in views}
    layers = {item["layer"].removeprefix(prefix): item for item in built}
    return [
        {
            "layer": name,
            "tables": layers.get(name, {}).get("tables", 0),
            "views": by_layer.get(name, 0),
            "rows": int(layers.get(name, {}).get("rows", 0)),
        }
        for name in LAYERS
        if name in by_layer or name in layers
    ]


def _query() -> str:
    return f"select * from {schema('gold')}.agg_daily_sales_total order by order_date desc limit 5"


def _docs_page() -> str | None:
    page = target_dir() / "static_index.html"
    return str(page) if page.is_file() else None
