"""`lake stream check`: says of the declared streams what cannot work, before anything is built."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from lake.paths import project_dir
from lake.streaming.capacity import check_stream
from lake.streaming.declaration import load_streams

DECLARATION = "streams.yml"


@click.command("check")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(path: Path | None, as_json: bool) -> None:
    """Check the streams declared in PATH (streams.yml of the project); exit 1 if one cannot work.

    \b
    Example:
      lake stream check
    """
    streams = load_streams(path or project_dir() / DECLARATION)
    findings = [finding for stream in streams for finding in check_stream(stream)]
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            kind = "cannot work" if finding.is_fatal else "tight"
            click.echo(f"{finding.where}: {kind}: {finding.message}")
        fatal = sum(finding.is_fatal for finding in findings)
        click.echo(f"{len(streams)} declared, {fatal} findings that cannot work")
    if any(finding.is_fatal for finding in findings):
        raise click.exceptions.Exit(1)
