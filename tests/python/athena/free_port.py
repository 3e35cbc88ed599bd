"""A port that nobody listens on."""

import socket


def free_port() -> int:
    """Ask the system for a free port of the loopback address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
