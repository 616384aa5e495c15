"""A hub brings the news at once, through the real program and a real socket."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot import running
from tests.flow.conftest import NO_MODEL, Newsroom, item
from tests.ports import kept_port
from tests.wire.feeds import rss
from tests.wire.waiting import PATIENCE_S


class Hub:
    """Confirms whoever subscribes, and pushes what it is given, signed."""

    def __init__(self) -> None:
        self.address = ""
        self.form: dict[str, str] = {}
        self.confirmed = asyncio.Event()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        app = web.Application()
        app.router.add_post("/", self._subscribe)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.address = f"127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield
        finally:
            await runner.cleanup()

    async def _subscribe(self, request: web.Request) -> web.Response:
        self.form = {name: str(value) for name, value in (await request.post()).items()}
        asked = {name: self.form[name] for name in ("hub.mode", "hub.topic", "hub.lease_seconds")}
        question = {**asked, "hub.challenge": "echo"}
        async with aiohttp.ClientSession() as browser, browser.get(self.form["hub.callback"], params=question) as answer:
            if answer.status == 200 and await answer.text() == "echo":
                self.confirmed.set()
        return web.Response(status=202)

    async def push(self, body: bytes) -> int:
        signature = hmac.new(self.form["hub.secret"].encode(), body, "sha256").hexdigest()
        headers = {"X-Hub-Signature": f"sha256={signature}", "Content-Type": "application/rss+xml"}
        where = self.form["hub.callback"]
        async with aiohttp.ClientSession() as browser, browser.post(where, data=body, headers=headers) as answer:
            return answer.status


def naming(hub: str, topic: str, body: bytes) -> bytes:
    """Let a feed name its hub and itself."""
    links = f'<link xmlns="http://www.w3.org/2005/Atom" rel="hub" href="http://{hub}/"/>'
    links += f'<link xmlns="http://www.w3.org/2005/Atom" rel="self" href="{topic}"/>'
    return body.replace(b"<channel>", b"<channel>" + links.encode(), 1)


async def test_what_a_hub_pushes_is_told_at_once_and_once(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot subscribes to the hub that a feed names, tells what is pushed long before the next poll, and not again with it."""
    monkeypatch.setattr(running, "ASKING", running.TICK)
    hub = Hub()
    with kept_port() as port:
        async with hub.open():
            room.follow(Wire="/feed")
            topic = room.feeds.url("/feed")
            room.feeds.serve("/feed", naming(hub.address, topic, rss("Wire", [item(1)])))
            settings = room.folder / "settings.toml"
            settings.write_text(
                '[polling]\nevery = "1 h"\nleast_every = "1 s"\n'
                f'[http]\nallow_hosts = ["{room.feeds.address}", "{hub.address}"]\n'
                f"[matching]\n{NO_MODEL}\n"
                f'[websub]\npublic_url = "http://127.0.0.1:{port}/hubs"\nlisten = "127.0.0.1:{port}"\n'
            )
            async with room.running():
                await room.until("Statement 1")
                await asyncio.wait_for(hub.confirmed.wait(), PATIENCE_S)
                pushed = [await hub.push(rss("Wire", [item(2)])), await hub.push(rss("Wire", [item(2), item(1)]))]
                await room.until("Statement 2")

    assert (pushed, hub.form["hub.topic"], len(room.feeds.requests("/feed"))) == ([202, 202], topic, 1)
    assert room.text.count("North Korea issued statement 2") == 1
