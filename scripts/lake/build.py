"""`lake build`: from landed files to tested tables, in one command."""

import os
import re
import time
from collections import Counter
from contextlib import chdir
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Grid

from lake.contract import load_contract
from lake.database import (
    check_not_locked,
    close_dbt_connections,
    ensure_avro,
    known_error,
    one_line,
)
from lake.errors import UserError
from lake.paths import database_path, lake_root, project_dir
from lake.quality.files import landed_files
from lake.quality.screen import LAYERS, make_console, print_line
from lake.quality.summary import print_summary, target_dir

ORDER = [*LAYERS, "data tests", "unit tests"]
DUCKDB = "dev"
BAD = {"error", "fail", "runtime error", "partial success"}


@click.command()
@click.option("--full-refresh", is_flag=True, help="Build every table anew from all landed files.")
@click.option("-s", "--select", multiple=True, help="Only these models, as dbt selects them.")
@click.option("--exclude", multiple=True, help="All but these models, as dbt selects them.")
@click.option("--vars", "variables", help="Variables for dbt, e.g. '{replay_from: 2025-01-15}'.")
@click.option("--no-docs", is_flag=True, help="Skip the documentation page.")
@click.pass_context
def build(
    context: click.Context,
    *,
    full_refresh: bool,
    select: tuple[str, ...],
    exclude: tuple[str, ...],
    variables: str | None,
    no_docs: bool,
) -> None:
    """Land the example lake if there is none, check the files, build, test and document.

    \b
    Examples:
      lake build
      lake build --select int_orders+ --no-docs
      lake build --vars '{replay_from: 2025-01-15}'
    """
    target = os.environ.get("LAKE_TARGET", DUCKDB)
    if target != DUCKDB:
        raise UserError(
            f"lake build is for the DuckDB file; for LAKE_TARGET={target} run `dbt build`, "
            "or unset LAKE_TARGET"
        )
    console = make_console()
    options = [*_repeated("--select", select), *_repeated("--exclude", exclude)]
    if full_refresh:
        options.append("--full-refresh")
    if variables:
        options += ["--vars", variables]
    started = time.monotonic()
    project = project_dir()
    _pin_paths()
    check_not_locked(database_path())
    ensure_avro()
    with chdir(project):
        prepare_lake(console)
        passed = run_dbt(console, options, docs=not no_docs)
    print_summary(console)
    console.print(f"built in {time.monotonic() - started:.0f} s", highlight=False)
    context.exit(0 if passed else 1)


def prepare_lake(console: Console) -> None:
    """Land the example lake where there is none, and move unreadable files out of the way.

    Raises:
        UserError: LAKE_ROOT names a folder that does not exist.
    """
    root = lake_root()
    if os.environ.get("LAKE_ROOT") and not root.is_dir():
        raise UserError(
            f"no landing folder {root}; correct LAKE_ROOT, "
            f"or `mkdir -p {root}` to have the example lake landed there"
        )
    if not any(landed_files(root, load_contract().values())):
        console.print(f"[bold]land[/]   the lake {root} is empty: landing the example lake")
        _invoke_land("generate")
    console.print("[bold]check[/]  every landed file can be read", highlight=False)
    _invoke_land("check")


def _invoke_land(name: str) -> None:
    """Run one verb of `lake land`, with its defaults."""
    from lake.landing.commands import land  # noqa: PLC0415  heavy, and needed only here

    land.commands[name].main(args=[], prog_name=f"lake land {name}", standalone_mode=False)


def run_dbt(console: Console, options: list[str], docs: bool) -> bool:
    """Run `dbt build` and, on success, write the documentation page; return whether dbt passed.

    Raises:
        UserError: dbt could not start: a broken contract or model, a locked database, a full disk;
            or there was nothing to do.
    """
    from dbt.cli.main import dbtRunner  # noqa: PLC0415  takes a second to import

    manifest = _invoke(dbtRunner(), ["parse"])
    with _progress(console) as progress:
        task = progress.add_task("build", total=None)

        def follow(event: Any) -> None:
            if event.info.name == "LogStartLine":
                progress.update(task, total=event.data.total)
            elif event.info.name == "NodeFinished":
                node = event.data.node_info.node_name
                progress.update(task, advance=1, description=f"{node[:44]:44}")

        result = _invoke(dbtRunner(manifest, callbacks=[follow]), ["build", *options])
        progress.update(task, description=f"{'build':44}")
    close_dbt_connections()
    if not result.results:
        raise UserError(
            f"no model of the project is selected by {' '.join(options)}; `dbt ls` names them"
        )
    passed = report(console, result.results)
    if docs and passed:
        with console.status("writing the documentation"):
            _invoke(dbtRunner(manifest), ["docs", "generate", "--static", "--no-compile"])
        close_dbt_connections()
    return passed


def _invoke(runner: Any, arguments: list[str]) -> Any:
    """Run one dbt command without its log on the screen; return its result object."""
    outcome = runner.invoke([*arguments, "--quiet", "--log-level", "none", "--no-use-colors"])
    if outcome.exception is not None:
        close_dbt_connections()
        if isinstance(outcome.exception, KeyboardInterrupt):
            raise outcome.exception
        text = str(outcome.exception)
        raise known_error(text) or UserError(
            f"dbt {arguments[0]} stopped: {one_line(text)}; mend it and run `lake build` again"
        )
    return outcome.result


def report(console: Console, results: list[Any]) -> bool:
    """Print one line a layer and every failure in full; return whether all passed.

    Raises:
        UserError: a model failed by an accident that is not its own, such as a full disk.
    """
    for item in results:
        error = known_error(str(item.message)) if item.status in BAD else None
        if error:
            raise error
    total, bad, skipped = Counter[str](), Counter[str](), Counter[str]()
    seconds: dict[str, float] = {}
    # An exposure is a note of who reads what: there is nothing to build.
    for item in (one for one in results if one.status != "no-op"):
        layer = _layer(item.node)
        total[layer] += 1
        bad[layer] += item.status in BAD
        skipped[layer] += item.status == "skipped"
        seconds[layer] = seconds.get(layer, 0) + item.execution_time
    grid = Grid(box=None, pad_edge=False)
    for heading in ("layer", "done", "failed", "skipped", "seconds"):
        grid.add_column(heading, justify="left" if heading == "layer" else "right")
    for layer in sorted(total, key=lambda name: ORDER.index(name) if name in ORDER else -1):
        done = total[layer] - bad[layer] - skipped[layer]
        failed = f"[red]{bad[layer]}[/]" if bad[layer] else "0"
        grid.add_row(layer, str(done), failed, str(skipped[layer]), f"{seconds[layer]:.1f}")
    console.print(grid)
    for item in results:
        if item.status in BAD or item.status == "warn":
            _print_failure(console, item)
    return not any(bad.values())


def _print_failure(console: Console, item: Any) -> None:
    color = "yellow" if item.status == "warn" else "red"
    console.print(f"\n[{color}]{item.status.upper()}[/] {item.node.name}", highlight=False)
    console.print(f"  defined in {item.node.original_file_path}", markup=False, highlight=False)
    for line in str(item.message).strip().splitlines():
        print_line(console, f"  {line}")
    is_incremental = getattr(item.node.config, "materialized", "") == "incremental"
    if is_incremental and re.search(r"max\(\w+\) as mark from", str(item.message)):
        console.print("  the table is of an older version of the project; run", end=" ")
        console.print("lake build --full-refresh", style="bold")
    compiled = getattr(item.node, "compiled_path", None)
    if compiled and Path(compiled).is_file():
        print_line(console, f"  its SQL: {compiled}")


def _layer(node: Any) -> str:
    kind = str(node.resource_type)
    if kind in ("model", "seed", "snapshot"):
        return str(node.schema).removeprefix(os.environ.get("LAKE_SCHEMA_PREFIX", ""))
    return {"test": "data tests", "unit_test": "unit tests"}.get(kind, "preparation")


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("[bold]build[/]  {task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


def _pin_paths() -> None:
    """Make relative paths of the environment absolute, because dbt runs in the project folder."""
    for name, path in (("LAKE_ROOT", lake_root()), ("LAKE_DB", database_path())):
        if os.environ.get(name):
            os.environ[name] = str(path)
    if os.environ.get("DBT_TARGET_PATH"):
        os.environ["DBT_TARGET_PATH"] = str(target_dir())


def _repeated(option: str, values: tuple[str, ...]) -> list[str]:
    return [word for value in values for word in (option, *value.split())]
