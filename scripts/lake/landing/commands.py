"""`lake land`: everything that writes into the lake."""

import click

from lake.landing.olist import olist
from lake.landing.online_retail import online_retail


@click.group()
def land() -> None:
    """Write records into the lake, generated or real."""


land.add_command(olist)
land.add_command(online_retail)
