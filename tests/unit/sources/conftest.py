"""A web server on loopback that answers as a test tells it, and a folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Protocol

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.unit.sources.inbox import Inbox

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Serve(Protocol):
    """Starts a server with one handler for every path."""

    async def __call__(self, handler: Handler, *, host: str = "127.0.0.1") -> TestServer:
        """Listen at this address."""
        ...


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Start servers with one handler for every path; they end with the test."""
    servers: list[TestServer] = []

    async def start(handler: Handler, *, host: str = "127.0.0.1") -> TestServer:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handler)
        server = TestServer(app, host=host)
        await server.start_server(shutdown_timeout=0)
        servers.append(server)
        return server

    yield start
    for server in servers:
        await server.close()


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    """Return an empty folder."""
    root = tmp_path / "inbox"
    root.mkdir()
    return Inbox(root)
