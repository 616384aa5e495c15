"""How long a request to Discord is waited for, and what discord.py meets meanwhile and does not tell of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from types import SimpleNamespace

import aiohttp
import discord

PATIENCE_S = 60.0
"""Longer than discord.py takes to repeat a 5xx, or to sleep out a rate limit of at most 30 s."""

_met: ContextVar[list[int] | None] = ContextVar("met", default=None)


@asynccontextmanager
async def patience(client: discord.Client) -> AsyncIterator[None]:
    """Give a request so much time and no more.

    discord.py keeps all requests back while one of them sleeps out the global rate limit, and when that one is given up
    nobody lets the others go; if the limit still holds, their own answers will say so.

    Raises:
        TimeoutError: it took longer.
    """
    try:
        async with asyncio.timeout(PATIENCE_S):
            yield
    except TimeoutError:
        client.http._global_over.set()  # noqa: SLF001  # no part of the library's face does it
        raise


@contextmanager
def breakages() -> Iterator[list[int]]:
    """Gather each 5xx that requests of this block meet: discord.py repeats most by itself, and tells of the last answer alone."""
    met: list[int] = []
    token = _met.set(met)
    try:
        yield met
    finally:
        _met.reset(token)


def trace() -> aiohttp.TraceConfig:
    """Return what a client has to be made with, for its breakages to be gathered."""
    config = aiohttp.TraceConfig()
    config.on_request_end.append(_note)
    return config


async def _note(_session: aiohttp.ClientSession, _context: SimpleNamespace, end: aiohttp.TraceRequestEndParams) -> None:
    met = _met.get()
    if met is not None and end.response.status >= 500:
        met.append(end.response.status)
