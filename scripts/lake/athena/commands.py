"""`lake athena`: a local Athena, from its installation to its maintenance."""

import json
import os
import shlex
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import TaskID

from lake.athena import conformance as suite
from lake.athena.control import local, processes, screen
from lake.athena.control import maintain as upkeep
from lake.athena.control.client import environment, run
from lake.athena.control.install import install as install_trino
from lake.athena.control.java import java_command
from lake.athena.control.local import GATEWAY, TRINO, Home
from lake.athena.settings import Settings
from lake.errors import UserError
from lake.paths import project_dir


def home_option(command: Any) -> Any:
    """Add the option that names the folder of a local Athena."""
    return click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        help="Its folder; LAKE_ATHENA_HOME, or .athena in the project.",
    )(command)


def find_home(named: Path | None) -> Home:
    """Return the home: the option, `LAKE_ATHENA_HOME`, or `.athena` in the project."""
    path = named or os.environ.get("LAKE_ATHENA_HOME")
    if path:
        return Home(Path(path).resolve())
    try:
        return Home(project_dir() / ".athena")
    except UserError:
        raise UserError(
            "no dbt project here; go into one, or name a folder with --home or LAKE_ATHENA_HOME"
        ) from None


def running_settings(home: Home) -> Settings:
    """Return the settings of a running local Athena.

    Raises:
        UserError: it does not run.
    """
    settings = home.settings()
    for part in local.parts(home):
        if part.state == "ended":
            raise UserError(
                f"{part.name} has ended: {part.reason}; `lake athena up` starts it again"
            )
        if part.state != "running":
            raise UserError(f"no local Athena runs in {home.path}; start it with `lake athena up`")
    if settings is None:
        raise UserError(f"{home.settings_file} is unreadable; run `lake athena down`, then up")
    return settings


@click.group()
def athena() -> None:
    """Run a local Athena: Trino behind the Athena and Glue APIs, on this machine alone.

    What it does not do: Spark sessions and Python models, enforcement of Lake Formation grants,
    federated connectors, S3 Tables, Grok, Ion and CloudTrail SerDes. docs/local-athena.md has the
    whole table. What passes here may still fail on AWS, where grants, quotas and limits are real.
    """


@athena.command()
def install() -> None:
    """Fetch Trino into the cache folder (0.8 GB once, 0.2 GB kept); `up` does it as well.

    \b
    Example:
      lake athena install
      TRINO_HOME=/opt/trino-server-476 lake athena install    # checks the one that is there
    """
    local.check_packages()
    java = java_command()
    home = install_trino(Console(stderr=True))
    click.echo(f"Trino: {home}\nJava:  {java.parent.parent}")


@athena.command()
@click.option("--port", type=int, help="Port of the AWS APIs.  [default: 4566]")
@click.option("--trino-port", type=int, help="Port of Trino, for the service alone.  [8481]")
@click.option(
    "--persist",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep objects and catalogue in this folder over restarts.",
)
@click.option("--heap", help="Largest heap of Trino.  [default: 3G]")
@click.option(
    "--optimize", is_flag=True, default=None, help="For long queries; start and short ones slow."
)
@home_option
def up(
    *,
    port: int | None,
    trino_port: int | None,
    persist: Path | None,
    heap: str | None,
    optimize: bool | None,
    home: Path | None,
) -> None:
    """Start it, wait until it answers, print the environment for its clients.

    \b
    Examples:
      lake athena up
      eval "$(lake athena up)"             # and have the environment in this shell
      lake athena up --port 5000 --persist ~/athena-data --heap 4G
    """
    place = find_home(home)
    given = {
        "port": port,
        "trino_port": trino_port,
        "persist": persist.resolve() if persist else None,
        "heap": heap,
        "optimize": optimize,
    }
    chosen = {name: value for name, value in given.items() if value is not None}
    settings = _settings(place, chosen)
    console = Console(stderr=True)
    seconds = local.up(settings, console)
    console.print(f"ready in {seconds:.0f} s: {settings.url}", highlight=False)
    for line in exports(settings):
        click.echo(line)


def _settings(home: Home, chosen: dict[str, Any]) -> Settings:
    """Return the settings to start with: those it runs with, or the defaults with the choice."""
    running = home.settings() if any(home.running(part) for part in local.PARTS) else None
    if running is None:
        return Settings(home=home.path, **chosen)
    changed = replace(running, **chosen)
    if changed != running:
        raise UserError(
            f"it runs with other options already ({running.url}, heap {running.heap}); "
            "`lake athena down` first"
        )
    return running


def exports(settings: Settings) -> list[str]:
    """Return the lines for a shell that point AWS clients at a local Athena."""
    variables = environment(settings)
    if any(os.environ.get(name) for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY")):
        others = os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or ""
        variables["NO_PROXY"] = ",".join(
            dict.fromkeys([*filter(None, others.split(",")), "127.0.0.1"])
        )
    return [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]


@athena.command()
@home_option
def down(home: Path | None) -> None:
    """Stop it. Without --persist, tables and objects are gone.

    \b
    Example:
      lake athena down
    """
    place = find_home(home)
    click.echo("stopped" if local.down(place.path) else f"nothing runs in {place.path}")


@athena.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@home_option
@click.pass_context
def status(context: click.Context, as_json: bool, home: Path | None) -> None:
    """Show both processes, their memory and the statements so far; exit code 1 if not ready.

    \b
    Example:
      lake athena status --json
    """
    place = find_home(home)
    settings = place.settings() or Settings(home=place.path)
    parts = local.parts(place)
    is_running = all(part.state == "running" for part in parts)
    service = local.service_status(settings) if parts[0].state == "running" else {}
    is_ready = is_running and bool(service)
    if as_json:
        known = {
            "ready": is_ready,
            "url": settings.url,
            "home": str(place.path),
            "persist": None if settings.persist is None else str(settings.persist),
            "processes": [asdict(part) for part in parts],
            "service": service,
        }
        click.echo(json.dumps(known, indent=1))
    else:
        screen.print_status(settings, parts, service)
    context.exit(0 if is_ready else 1)


@athena.command()
@click.option("--follow", is_flag=True, help="Go on until interrupted.")
@click.option("--engine", is_flag=True, help="Trino's instead of the service's.")
@click.option("--lines", default=40, show_default=True, help="How many of the last lines.")
@home_option
def logs(follow: bool, engine: bool, lines: int, home: Path | None) -> None:
    """Print the end of a log.

    \b
    Example:
      lake athena logs --engine --follow
    """
    log = find_home(home).log(TRINO if engine else GATEWAY)
    if not log.is_file():
        raise UserError(f"no log at {log}; start it with `lake athena up`")
    with log.open(encoding="utf-8", errors="replace") as file:
        for line in file.readlines()[-lines:] if lines else file:
            click.echo(line, nl=False)
        try:
            while follow:
                line = file.readline()
                click.echo(line, nl=False) if line else time.sleep(0.3)
        except KeyboardInterrupt:
            return


@athena.command()
@click.argument("sql")
@click.option("--database", default="default", show_default=True, help="Where names are looked up.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with rows and figures.")
@click.option("--limit", default=100, show_default=True, help="Rows of the table for people.")
@home_option
def query(sql: str, database: str, as_json: bool, limit: int, home: Path | None) -> None:
    """Run a statement through the Athena API; show rows, bytes scanned and time.

    \b
    Examples:
      lake athena query "select count(*) from gold.fct_orders"
      lake athena query "show tables" --database gold --json
    """
    settings = running_settings(find_home(home))
    answer = run(settings, sql, database, None if as_json else limit)
    if as_json:
        known = {
            "columns": [
                {"name": name, "type": type_}
                for name, type_ in zip(answer.columns, answer.types, strict=True)
            ],
            "rows": [dict(zip(answer.columns, row, strict=False)) for row in answer.rows],
            "scanned_bytes": answer.scanned_bytes,
            "seconds": answer.seconds,
            "update_count": answer.update_count,
        }
        click.echo(json.dumps(known, ensure_ascii=False, indent=1))
    else:
        screen.print_answer(answer, limit)


@athena.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@home_option
def reset(yes: bool, home: Path | None) -> None:
    """Forget everything: stop it, delete its tables, objects, results and logs.

    \b
    Example:
      lake athena reset --yes
    """
    place = find_home(home)
    settings = place.settings()
    if settings is None:
        click.echo(f"nothing to forget in {place.path}")
        return
    kept = f" and what is kept in {settings.persist}" if settings.persist else ""
    if not yes:
        click.confirm(f"Delete what is in {place.path}{kept}?", abort=True)
    local.down(place.path)
    local.forget(place, settings)
    click.echo("everything is forgotten")


@athena.command()
@click.option("--dry-run", is_flag=True, help="Show the tables, change nothing.")
@click.option("--database", "databases", multiple=True, help="Only this one; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@home_option
def maintain(dry_run: bool, databases: tuple[str, ...], as_json: bool, home: Path | None) -> None:
    """Optimize and vacuum every Iceberg table: join small files, expire old snapshots.

    \b
    Examples:
      lake athena maintain --dry-run
      lake athena maintain --database silver --database gold
    """
    settings = running_settings(find_home(home))
    tables = upkeep.iceberg_tables(settings, databases)
    done: list[tuple[upkeep.IcebergTable, upkeep.Size, upkeep.Size | None]] = []
    with screen.counting("maintain", len(tables)) as progress:
        for table in tables:
            before = upkeep.size(settings, table)
            if not dry_run:
                upkeep.maintain(settings, table)
            done.append((table, before, None if dry_run else upkeep.size(settings, table)))
            progress.advance(TaskID(0))
    if as_json:
        known = [
            {**asdict(table), "before": asdict(before), "after": asdict(after) if after else None}
            for table, before, after in done
        ]
        click.echo(json.dumps(known, indent=1))
        return
    screen.print_maintained(done)


@athena.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("-k", "select", help="Only tests whose names match, as pytest selects them.")
@click.option("--workers", default=2, show_default=True, help="Tests at the same time.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@home_option
@click.pass_context
def conformance(
    context: click.Context,
    *,
    path: Path,
    select: str | None,
    workers: int,
    as_json: bool,
    home: Path | None,
) -> None:
    """Run dbt-athena's own functional tests; exit code 1 on a failure without a known reason.

    PATH is the folder dbt-athena of a checkout of dbt-labs/dbt-adapters. The local Athena that
    runs is used; where none runs, one is started for the tests and stopped afterwards.

    \b
    Example:
      lake athena conformance ~/dbt-adapters/dbt-athena
    """
    folder = suite.suite_folder(path)
    log = Path(tempfile.gettempdir()) / f"lake-athena-conformance-{os.getpid()}.log"
    console = Console(stderr=True)
    with _own_or_running(find_home(home), console) as settings:
        console.print(f"the suite's output is in {log}", highlight=False, soft_wrap=True)
        with screen.counting("conformance", 100) as progress:
            report = suite.run_suite(
                folder,
                settings,
                log,
                select=select,
                workers=workers,
                on_progress=lambda percent: progress.update(TaskID(0), completed=percent),
            )
    if as_json:
        click.echo(json.dumps(report.as_object(), indent=1))
    else:
        screen.print_report(report)
    context.exit(1 if report.unexpected or not report.cases else 0)


@contextmanager
def _own_or_running(home: Home, console: Console) -> Iterator[Settings]:
    """Give the local Athena that runs, or one that lives as long as the block."""
    if all(part.state == "running" for part in local.parts(home)):
        yield running_settings(home)
        return
    with tempfile.TemporaryDirectory(prefix="lake-athena-") as folder:
        settings = Settings(
            home=Path(folder).resolve(),
            port=processes.free_port(),
            trino_port=processes.free_port(),
        )
        try:
            local.up(settings, console)
            yield settings
        finally:
            local.down(settings.home)
