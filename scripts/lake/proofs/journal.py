"""Outcomes of schedules on disk, so that a proof of hours that was stopped goes on where it was."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from lake.errors import UserError
from lake.proofs.incremental import Outcome

# What an outcome depends on: the project that is built and the code that makes the schedules. Unit
# tests, the other proofs and what runs and shows them all are no part of it.
_SOURCES = (
    *("dbt_project.yml", "profiles.yml", "requirements.txt", "models", "macros", "seeds"),
    *("scripts/lake/proofs", "scripts/lake/contract.py", "scripts/lake/landing/writer.py"),
)
_NO_PART = ("__unit_tests.yml", "commands.py", "crash.py", "mutants.py", "pool.py", "workbench.py")


class Journal:
    """A file with an outcome a line, each with the state of the project that it is of."""

    def __init__(self, path: Path, project: Path, how: str) -> None:
        """Read the journal, or begin one; `how` says in what way the schedules are run.

        Raises:
            UserError: the file is no journal, or cannot be written.
        """
        self.path = path
        self.state = fingerprint(project, how)
        try:
            with path.open("a+", encoding="utf-8") as file:
                file.seek(0)
                # A line without an end was being written when the proof was stopped.
                entries = [json.loads(line) for line in file if line.endswith("\n")]
            self._held = {
                (entry["seed"], entry["batches"]): Outcome(**entry["outcome"])
                for entry in entries
                if entry["project"] == self.state
            }
        except OSError as error:
            raise UserError(f"cannot write the journal {path}: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(f"{path} is no journal of `lake prove`; name another file") from error

    def held(self, seed: int, batches: int) -> Outcome | None:
        """Return the outcome of a schedule that held on this state of the project."""
        return self._held.get((seed, batches))

    def add(self, outcome: Outcome) -> None:
        """Write an outcome that holds; one that does not is to be run again."""
        if not outcome.holds:
            return
        entry = {
            "project": self.state,
            "seed": outcome.seed,
            "batches": outcome.batches,
            "outcome": asdict(outcome),
        }
        line = json.dumps(entry) + "\n"
        with self.path.open("r+b") as file:
            # What was cut off before is written over.
            file.seek(self.path.read_bytes().rfind(b"\n") + 1)
            file.write(line.encode())
            file.truncate()


def fingerprint(project: Path, how: str) -> str:
    """Return a hash of everything that the outcome of a schedule depends on."""
    digest = hashlib.sha256(how.encode())
    for source in _SOURCES:
        path = project / source
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if not file.is_file() or "__pycache__" in file.parts or file.name.endswith(_NO_PART):
                continue
            digest.update(str(file.relative_to(project)).encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
