"""`lake bench`: figures of the platform on this machine. Benchmarks, never tests."""

import click

from lake.bench.athena import athena
from lake.bench.foundation import foundation


@click.group()
def bench() -> None:
    """Measure the platform on this machine."""


bench.add_command(athena)
bench.add_command(foundation)
