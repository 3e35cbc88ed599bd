"""`lake land`: everything that writes into the lake."""

from functools import partial

import click

from lake.landing import click_files, olist, online_retail, sensor_files
from lake.landing.check import check
from lake.landing.csv_file import csv_file
from lake.landing.generate.command import generate
from lake.landing.log_files import access_log, loghub
from lake.landing.published_set import set_command
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
land.add_command(upload)
land.add_command(
    set_command(
        "online-retail",
        "Land the published UCI Online Retail (or II) files in PATH, a file or a folder.\n\n"
        "CSV or Parquet, both headers, any years, one file or one a day. Landing the same again "
        "changes nothing.\n\n"
        "Example: lake land online-retail data/online_retail",
        online_retail.land,
    )
)
land.add_command(
    set_command(
        "olist",
        "Land the published Olist files in PATH, a folder with any of the nine, or one file.\n\n"
        "Landing the same again changes nothing.\n\n"
        "Example: lake land olist data/olist",
        olist.land,
    )
)
land.add_command(
    set_command(
        "rees46",
        "Land the published events of REES46 (multi-category shop, cosmetics, ...) in PATH.\n\n"
        "Example: lake land rees46 2019-Oct.csv.gz",
        partial(click_files.land, "rees46"),
    )
)
land.add_command(
    set_command(
        "retailrocket",
        "Land the published events of RetailRocket in PATH, events.csv or its folder.\n\n"
        "Example: lake land retailrocket data/retailrocket",
        partial(click_files.land, "retailrocket"),
    )
)
land.add_command(
    set_command(
        "yoochoose",
        "Land the published clicks and buys of YooChoose (RecSys 2015) in PATH.\n\n"
        "Example: lake land yoochoose yoochoose-data",
        partial(click_files.land, "yoochoose"),
    )
)
land.add_command(
    set_command(
        "nab",
        "Land series of the Numenta Anomaly Benchmark in PATH, a file or a folder, with labels.\n\n"
        "Example: lake land nab NAB/data/realKnownCause",
        partial(sensor_files.land, "nab"),
    )
)
land.add_command(
    set_command(
        "occupancy",
        "Land the readings of UCI Occupancy Detection in PATH (datatraining, datatest, "
        "datatest2).\n\n"
        "Example: lake land occupancy occupancy_data",
        partial(sensor_files.land, "occupancy"),
    )
)
