"""`lake bench`: figures of the platform on this machine. Benchmarks, never tests."""

import click

from lake.bench.athena import athena
from lake.bench.foundation import foundation
from lake.bench.streaming import streaming


@click.group()
def bench() -> None:
    """Measure the platform on this machine."""


bench.add_command(athena)
bench.add_command(foundation)
bench.add_command(streaming)
