"""`lake land`: everything that writes into the lake."""

import click

from lake.landing.check import check
from lake.landing.customer_file import customer_file
from lake.landing.generate.command import generate
from lake.landing.olist import olist
from lake.landing.online_retail import online_retail
from lake.landing.upload import upload


@click.group()
def land() -> None:
    """Write records into the lake, generated or real."""


land.add_command(check)
land.add_command(customer_file)
land.add_command(generate)
land.add_command(olist)
land.add_command(online_retail)
land.add_command(upload)
