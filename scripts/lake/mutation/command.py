"""`lake prove unit-tests`: their mutation score."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table as Grid

from lake.errors import UserError
from lake.mutation.score import Score, Subject, score_subject
from lake.paths import project_dir
from lake.proofs.engine import BuildError
from lake.proofs.pool import Task, worker_pool
from lake.proofs.workbench import check_least, progress, workshop
from lake.quality.screen import make_console

_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)")


@click.command("unit-tests")
@click.option("--model", "models", multiple=True, help="Only this model; may be repeated.")
@click.option("--macro", "macros", multiple=True, help="Only this macro; may be repeated.")
@click.option("--least", default=0, show_default=True, help="Fail below this score, in percent.")
@click.option("--jobs", default=2, show_default=True, help="Processes that work side by side.")
@click.option("--json", "as_json", is_flag=True, help="Print the scores for programs.")
@click.pass_context
def unit_tests(
    context: click.Context,
    *,
    models: tuple[str, ...],
    macros: tuple[str, ...],
    least: int,
    jobs: int,
    as_json: bool,
) -> None:
    """Make one small mistake at a time in a model or a macro, and count those that unit tests find.

    A model has its own unit tests, a macro those of the models that use it. A mistake that gives no
    SQL at all is not counted. Without a choice, all are tried, for hours: the rules alone take most
    of one.

    \b
    Examples:
      lake prove unit-tests --model fct_orders
      lake prove unit-tests --macro dispositions --macro quality_rules
      lake prove unit-tests --least 80
    """
    check_least(least=(least, 0), jobs=(jobs, 1))
    project = project_dir()
    subjects = list(_chosen(project, models, macros))
    scores: list[Score] = []
    with (
        workshop(keep=False) as home,
        progress("models and macros", len(subjects)) as (advance, tell),
        worker_pool(home, jobs) as pool,
    ):
        tasks: list[Task[Score]] = [
            (score_subject, (project, home, subject)) for subject in subjects
        ]
        try:
            for score in pool.run(tasks, tell):
                scores.append(score)
                advance()
        except BuildError as error:
            first = str(error).splitlines()[0]
            raise UserError(f"the project does not build: {first}; mend it first") from error
    scores.sort(key=lambda score: (score.subject.kind == "macro", score.subject.file))
    share = _share(scores)
    if as_json:
        click.echo(json.dumps({"score": share, "scores": [_as_json(score) for score in scores]}))
    else:
        _print(scores)
    context.exit(0 if share >= least else 1)


def _chosen(project: Path, models: tuple[str, ...], macros: tuple[str, ...]) -> Iterator[Subject]:
    """Yield the models and macros of these names; without any name, all.

    Raises:
        UserError: no file holds one of them.
    """
    known = {(subject.kind, subject.name): subject for subject in _subjects(project)}
    if not models and not macros:
        yield from known.values()
    wanted = [("model", name) for name in models] + [("macro", name) for name in macros]
    for kind, name in wanted:
        if (kind, name) not in known:
            folder = project / f"{kind}s"
            raise UserError(f"no {kind} {name!r} in {folder}; give a name without its folder")
        yield known[kind, name]


def _subjects(project: Path) -> Iterator[Subject]:
    """Yield all models and all macros.

    The macros of `macros/engine` are left out: they are tried on each engine against values and not
    against models, by `dbt run-operation check_engine_macros`; those of `macros/testing` do so.
    """
    for path in sorted((project / "models").rglob("*.sql")):
        yield Subject("model", path.stem, str(path.relative_to(project)))
    for path in sorted((project / "macros").rglob("*.sql")):
        file = path.relative_to(project)
        if file.parts[1] not in ("engine", "testing"):
            for name in _MACRO.findall(path.read_text(encoding="utf-8")):
                yield Subject("macro", name, str(file))


def _share(scores: list[Score]) -> float:
    """Return the found ones of all that could be found, in percent, to one decimal."""
    total = sum(score.total for score in scores)
    found = sum(score.found for score in scores)
    return round(100 * found / total, 1) if total else 100.0


def _as_json(score: Score) -> dict[str, object]:
    missed = [
        {name: value for name, value in asdict(one).items() if name != "code"}
        for one in score.missed
    ]
    return {
        "kind": score.subject.kind,
        "name": score.subject.name,
        "found": score.found,
        "missed": missed,
        "invalid": score.invalid,
    }


def _print(scores: list[Score]) -> None:
    console = make_console()
    for score in scores:
        for one in score.missed:
            where = f"{score.subject.file}:{one.line}"
            console.print(f"{where}: {one.old} -> {one.new}", markup=False)
    table = Grid(title="Mutations that the unit tests find")
    for name in ("", "found", "missed", "score"):
        table.add_column(name, justify="right" if name else "left")
    for score in scores:
        if score.missed:
            table.add_row(score.subject.name, *_row([score]))
    for kind in ("model", "macro"):
        tried = [score for score in scores if score.subject.kind == kind and score.total]
        if tried:
            whole = sum(not score.missed for score in tried)
            table.add_section()
            table.add_row(f"{len(tried)} {kind}s, {whole} without a miss", *_row(tried))
    console.print(table)


def _row(scores: list[Score]) -> tuple[str, str, str]:
    found, missed = sum(one.found for one in scores), sum(len(one.missed) for one in scores)
    return str(found), str(missed), f"{_share(scores)} %"
