"""Which mutations of a model or a macro the unit tests find."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from lake.errors import UserError
from lake.mutation.operators import Mutation, mutations
from lake.proofs.engine import Engine
from lake.proofs.pool import engine, say
from lake.proofs.schedule import make_schedule


@dataclass(frozen=True)
class Subject:
    """A model or a macro, and the file that holds its text, below the project."""

    kind: str  # model or macro
    name: str
    file: str


@dataclass(frozen=True)
class Score:
    """What became of the mutations of a subject; one that no engine would run counts nowhere."""

    subject: Subject
    found: int = 0
    missed: tuple[Mutation, ...] = ()
    invalid: int = 0

    @property
    def total(self) -> int:
        """Return how many mutations a test could find."""
        return self.found + len(self.missed)


def score_subject(project: Path, home: Path, subject: Subject) -> Score:
    """Try each mutation against the unit tests, in a worker of the pool.

    A model has its own tests, a macro those of all models that use it. A macro that no model uses
    has nothing to be tried against and is not scored.

    Raises:
        BuildError: the project does not build.
        UserError: a unit test does not pass on the project as it is.
    """
    tester = engine(project)
    code, line = _text(tester, project, subject)
    models = [subject.name] if subject.kind == "model" else _users(tester.manifest, subject.name)
    made = mutations(code, line)
    if not made or not models:
        return Score(subject)
    bench = _bench(tester, home)
    tested = [model for model in models if model in bench.tested]
    for model in tested:
        bench.check(model)
    outcomes: dict[str, list[Mutation]] = {"pass": [], "fail": [], "error": []}
    for number, mutation in enumerate(made):
        say(f"{subject.name}: mutation {number + 1} of {len(made)}")
        with _changed(tester, subject, mutation.code):
            outcomes[bench.try_tests(tested)].append(mutation)
    return Score(subject, len(outcomes["fail"]), tuple(outcomes["pass"]), len(outcomes["error"]))


def _text(tester: Engine, project: Path, subject: Subject) -> tuple[str, int]:
    """Return the text of a subject as dbt has it, and the line on which it begins in its file."""
    if subject.kind == "model":
        code = _model(tester.manifest, subject.name).raw_code
    else:
        code = _macro(tester.manifest, subject.name).macro_sql
    whole = (project / subject.file).read_text(encoding="utf-8")
    return code, whole.count("\n", 0, whole.index(code)) + 1


def _changed(tester: Engine, subject: Subject, code: str) -> AbstractContextManager[Any]:
    """Give a subject another text as long as the block runs."""
    if subject.kind == "model":
        return tester.changed(subject.name, code)
    return patch.object(_macro(tester.manifest, subject.name), "macro_sql", code)


def _model(manifest: Any, name: str) -> Any:
    return next(node for node in manifest.nodes.values() if node.name == name)


def _macro(manifest: Any, name: str) -> Any:
    project = manifest.metadata.project_name
    return manifest.macros[f"macro.{project}.{name}"]


def _users(manifest: Any, name: str) -> list[str]:
    """Return the models that call a macro, themselves or through other macros."""
    calls = {_macro(manifest, name).unique_id}
    more = calls
    while more:
        more = {
            macro.unique_id
            for macro in manifest.macros.values()
            if macro.unique_id not in calls and calls & set(macro.depends_on.macros)
        }
        calls |= more
    return [
        node.name
        for node in manifest.nodes.values()
        if node.resource_type == "model" and calls & set(node.depends_on.macros)
    ]


class _Bench:
    """A lake and a database with all relations, whose columns the unit tests ask for."""

    def __init__(self, tester: Engine, home: Path) -> None:
        self.tester = tester
        self.lake = home / "lake"
        self.database = tester.new_database(tester.home / "built")
        self.tested = {test.model for test in tester.manifest.unit_tests.values()}
        self._checked: set[str] = set()
        tester.land(self.lake, make_schedule(seed=1, batches=8).steps[0].files)
        tester.build(self.lake, self.database)

    def check(self, model: str) -> None:
        """Raise a UserError if the unit tests of a model fail as it is; once is enough."""
        if model in self._checked:
            return
        if self.try_tests([model]) != "pass":
            raise UserError(
                f"the unit tests of {model} do not pass as it is; "
                f"run `dbt test --select {model},test_type:unit` and mend them first"
            )
        self._checked.add(model)

    def try_tests(self, models: list[str]) -> str:
        """Run the unit tests model by model up to the first that does not pass; say how it went.

        That model is put first: what is wrong next is most often wrong there.
        """
        for model in models:
            statuses = self.tester.unit_test(self.lake, self.database, model)
            outcome = next((one for one in ("fail", "error") if one in statuses), "pass")
            if outcome != "pass":
                models.remove(model)
                models.insert(0, model)
                return outcome
        return "pass"


_benches: dict[Engine, _Bench] = {}


def _bench(tester: Engine, home: Path) -> _Bench:
    if tester not in _benches:
        _benches[tester] = _Bench(tester, home)
    return _benches[tester]
