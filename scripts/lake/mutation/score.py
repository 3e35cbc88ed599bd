"""Which mutations of a model its unit tests find."""

from dataclasses import dataclass
from pathlib import Path

from lake.errors import UserError
from lake.mutation.operators import Mutation, mutations
from lake.proofs.engine import Engine
from lake.proofs.pool import engine, say
from lake.proofs.schedule import make_schedule


@dataclass(frozen=True)
class Score:
    """What became of the mutations of a model; one that no engine would run counts nowhere."""

    model: str
    file: str
    found: int = 0
    missed: tuple[Mutation, ...] = ()
    invalid: int = 0

    @property
    def total(self) -> int:
        """Return how many mutations a test could find."""
        return self.found + len(self.missed)


def score_model(project: Path, home: Path, model: str, file: str) -> Score:
    """Try each mutation of a model against its unit tests, in a worker of the pool.

    Raises:
        BuildError: the project does not build.
        UserError: a unit test does not pass on the model as it is.
    """
    tester = engine(project)
    lake, database = _built(tester, home)
    if set(tester.unit_test(lake, database, model)) != {"pass"}:
        raise UserError(
            f"the unit tests of {model} do not pass as it is; "
            f"run `dbt test --select {model},test_type:unit` and mend them first"
        )
    found, missed, invalid = 0, list[Mutation](), 0
    made = mutations((project / file).read_text(encoding="utf-8"))
    for number, mutation in enumerate(made):
        say(f"{model}: mutation {number + 1} of {len(made)}")
        with tester.changed(model, mutation.code):
            statuses = tester.unit_test(lake, database, model)
        if "fail" in statuses:
            found += 1
        elif "error" in statuses:
            invalid += 1
        else:
            missed.append(mutation)
    return Score(model, file, found, tuple(missed), invalid)


_databases: dict[Engine, tuple[Path, Path]] = {}


def _built(tester: Engine, home: Path) -> tuple[Path, Path]:
    """Return a lake and a database with all relations, whose columns the unit tests ask for."""
    if tester not in _databases:
        lake = home / "lake"
        database = tester.new_database(tester.home / "built")
        tester.land(lake, make_schedule(seed=1, batches=8).steps[0].files)
        tester.build(lake, database)
        _databases[tester] = lake, database
    return _databases[tester]
