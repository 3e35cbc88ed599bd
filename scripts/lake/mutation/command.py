"""`lake prove unit-tests`: their mutation score."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table as Grid

from lake.errors import UserError
from lake.mutation.operators import mutations
from lake.mutation.score import Score, score_model
from lake.paths import project_dir
from lake.proofs.engine import BuildError
from lake.proofs.pool import Task, worker_pool
from lake.proofs.workbench import check_least, progress, workshop
from lake.quality.screen import make_console


@click.command("unit-tests")
@click.option("--model", "only", multiple=True, help="Only this model; may be repeated.")
@click.option("--least", default=0, show_default=True, help="Fail below this score, in percent.")
@click.option("--jobs", default=2, show_default=True, help="Processes that work side by side.")
@click.option("--json", "as_json", is_flag=True, help="Print the scores for programs.")
@click.pass_context
def unit_tests(
    context: click.Context, *, only: tuple[str, ...], least: int, jobs: int, as_json: bool
) -> None:
    """Make one small mistake at a time in a model, and count those that its unit tests find.

    A mistake that gives no SQL at all is not counted. All models take some twenty minutes.

    \b
    Examples:
      lake prove unit-tests --model fct_orders
      lake prove unit-tests --least 80
    """
    check_least(least=(least, 0), jobs=(jobs, 1))
    project = project_dir()
    models = {path.stem: path for path in sorted((project / "models").rglob("*.sql"))}
    for name in only:
        if name not in models:
            raise UserError(f"no model {name!r} in {project / 'models'}; give the name of a file")
    chosen = [models[name] for name in models if not only or name in only]
    tested = set(_tested(project))
    scores = [_untested(project, path) for path in chosen if path.stem not in tested]
    tasks: list[Task[Score]] = []
    with workshop(keep=False) as home:
        for path in chosen:
            if path.stem in tested:
                file = str(path.relative_to(project))
                tasks.append((score_model, (project, home, path.stem, file)))
        with progress("models", len(tasks)) as (advance, tell), worker_pool(home, jobs) as pool:
            try:
                for score in pool.run(tasks, tell):
                    scores.append(score)
                    advance()
            except BuildError as error:
                first = str(error).splitlines()[0]
                raise UserError(f"the project does not build: {first}; mend it first") from error
    scores.sort(key=lambda score: score.file)
    share = _share(scores)
    if as_json:
        click.echo(json.dumps({"score": share, "models": [_as_json(score) for score in scores]}))
    else:
        _print(scores)
    context.exit(0 if share >= least else 1)


def _tested(project: Path) -> Iterator[str]:
    """Yield the models that have a unit test."""
    for file in (project / "models").rglob("*__unit_tests.yml"):
        yield from re.findall(r"^\s+model: (\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)


def _untested(project: Path, path: Path) -> Score:
    missed = mutations(path.read_text(encoding="utf-8"))
    return Score(path.stem, str(path.relative_to(project)), missed=tuple(missed))


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
        "model": score.model,
        "found": score.found,
        "missed": missed,
        "invalid": score.invalid,
    }


def _print(scores: list[Score]) -> None:
    console = make_console()
    for score in scores:
        for one in score.missed:
            console.print(f"{score.file}:{one.line}: {one.old} -> {one.new}", markup=False)
    table = Grid(title="Mutations that the unit tests find")
    for name in ("model", "found", "missed", "score"):
        table.add_column(name, justify="left" if name == "model" else "right")
    for score in scores:
        if score.missed:
            row = (str(score.found), str(len(score.missed)), f"{_share([score])} %")
            table.add_row(score.model, *row)
    found, missed = sum(one.found for one in scores), sum(len(one.missed) for one in scores)
    whole = sum(not one.missed for one in scores)
    table.add_section()
    table.add_row(f"all ({whole} without a miss)", str(found), str(missed), f"{_share(scores)} %")
    console.print(table)
