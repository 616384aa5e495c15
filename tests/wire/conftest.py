"""A service for each test, and a bot that is ready."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from .desk import Desk
from .fake import FakeDiscord
from .feeds import FeedServer
from .newsbot import Newsbot
from .waiting import PATIENCE_S


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    """Serve, and hold the service's own answers against Discord's description."""
    async with FakeDiscord() as fake:
        with fake.pointed():
            yield fake
        assert fake.rest.gaps == []


@pytest_asyncio.fixture
async def bot(fake: FakeDiscord) -> AsyncIterator[Newsbot]:
    """Start a bot and wait until it is ready."""
    async with Newsbot() as bot:
        running = asyncio.create_task(bot.start(fake.token))
        async with asyncio.timeout(PATIENCE_S):
            await bot.wait_until_ready()
        yield bot
        await bot.close()
        await running


@pytest_asyncio.fixture
async def desk(fake: FakeDiscord, tmp_path: Path) -> AsyncIterator[Desk]:
    """Write the config; nothing runs yet."""
    async with FeedServer() as feeds:
        desk = Desk(fake, feeds, tmp_path)
        desk.publish(1)
        desk.furnish()
        yield desk
    assert fake.violations == []
