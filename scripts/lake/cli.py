"""The `lake` command."""

from typing import Any

import click
import duckdb

from lake.athena.commands import athena
from lake.bench.commands import bench
from lake.build import build
from lake.database import as_user_error
from lake.landing.commands import land
from lake.mutation.command import unit_tests
from lake.parity.command import parity
from lake.proofs.commands import prove
from lake.quality.quarantine import quarantine
from lake.quality.query import query
from lake.quality.reconcile import reconcile
from lake.quality.summary import summary
from lake.streaming.commands import stream


class _OneLine(click.Group):
    """Says in one line what DuckDB could not do, and ends on Ctrl-C in its queries too."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command; raise what Python raises where DuckDB met the interrupt first.

        Raises:
            UserError: a query failed that no command expected to fail.
        """
        try:
            return super().invoke(context)
        except duckdb.Error as error:
            raise as_user_error(error, "DuckDB cannot answer") from error
        except RuntimeError as error:
            if str(error) == "Query interrupted":
                raise KeyboardInterrupt from error
            raise


@click.group(cls=_OneLine, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Land data, check it, prove the project, report on it."""


main.add_command(athena)
main.add_command(bench)
main.add_command(build)
main.add_command(land)
main.add_command(parity)
main.add_command(prove)
prove.add_command(unit_tests)
main.add_command(quarantine)
main.add_command(query)
main.add_command(reconcile)
main.add_command(stream)
main.add_command(summary)
