"""A port of the loopback for whoever must know its number beforehand."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_port() -> Iterator[int]:
    """Keep a free port: nobody answers at it, and nobody gets it who does not ask for it by its number."""
    with socket.socket() as keeper:
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # so that a listener may share it
        keeper.bind(("127.0.0.1", 0))
        yield int(keeper.getsockname()[1])
