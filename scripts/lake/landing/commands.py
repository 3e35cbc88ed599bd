"""`lake land`: everything that writes into the lake."""

import click

from lake.landing import sensor_files
from lake.landing.check import check
from lake.landing.click_files import make_command
from lake.landing.csv_file import csv_file
from lake.landing.generate.command import generate
from lake.landing.log_files import access_log, loghub
from lake.landing.olist import olist
from lake.landing.online_retail import online_retail
from lake.landing.upload import upload
from lake.live.extract import extract


@click.group()
def land() -> None:
    """Write records into the lake, generated or real."""


land.add_command(access_log)
land.add_command(check)
land.add_command(csv_file)
land.add_command(extract)
land.add_command(generate)
land.add_command(loghub)
land.add_command(olist)
land.add_command(online_retail)
land.add_command(upload)
land.add_command(
    make_command(
        "rees46",
        "Land the published events of REES46 (multi-category shop, cosmetics, ...) in PATH.",
        "lake land rees46 2019-Oct.csv.gz",
    )
)
land.add_command(
    make_command(
        "retailrocket",
        "Land the published events of RetailRocket in PATH, events.csv or its folder.",
        "lake land retailrocket data/retailrocket",
    )
)
land.add_command(
    make_command(
        "yoochoose",
        "Land the published clicks and buys of YooChoose (RecSys 2015) in PATH.",
        "lake land yoochoose yoochoose-data",
    )
)
land.add_command(
    sensor_files.make_command(
        "nab",
        "Land series of the Numenta Anomaly Benchmark in PATH, a file or a folder, with labels.",
        "lake land nab NAB/data/realKnownCause",
    )
)
land.add_command(
    sensor_files.make_command(
        "occupancy",
        "Land the readings of UCI Occupancy Detection in PATH (datatraining, datatest, datatest2).",
        "lake land occupancy occupancy_data",
    )
)
