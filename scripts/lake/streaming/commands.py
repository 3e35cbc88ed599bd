"""`lake stream`: the streaming path on this machine."""

import click

from lake.streaming.check_command import check
from lake.streaming.replay_command import replay


@click.group()
def stream() -> None:
    """Replay events through the stream, and check whether a declared stream can work."""


stream.add_command(check)
stream.add_command(replay)
