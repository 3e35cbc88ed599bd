"""The `lake` command."""

import click

from lake.athena.commands import athena
from lake.bench.commands import bench
from lake.build import build
from lake.landing.commands import land
from lake.mutation.command import unit_tests
from lake.parity.command import parity
from lake.proofs.commands import prove
from lake.quality.quarantine import quarantine
from lake.quality.query import query
from lake.quality.reconcile import reconcile
from lake.quality.summary import summary
from lake.streaming.commands import stream


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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
