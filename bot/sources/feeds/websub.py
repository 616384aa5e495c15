"""Lets hubs push what is new (W3C WebSub): asks them to, answers their question whether we did, and takes what is signed.

Polling goes on beside it: a push only brings the news sooner, and what a hub forgets comes with the next poll.
"""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from aiohttp import web

from bot.errors import ConfigError, SourceError
from bot.model import Pushed, Subscription
from bot.ports import Clock, SubscriptionStore
from bot.sources.web.http import Client

log = structlog.get_logger(__name__)

LEASE = timedelta(days=10)
"""So long a hub is asked to push; it may promise less."""
LONGEST_LEASE = timedelta(days=30)
AT_ONCE = 20
"""Hubs that are asked in one go."""

_METHODS = frozenset({"sha1", "sha256", "sha384", "sha512"})
"""What pushes may be signed with (WebSub, section 8)."""
_LISTEN = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[^\s:\[\]]*):(?P<port>\d{1,5})", re.IGNORECASE)
_HEADERS = ("content-type", "content-language", "link")


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Tell whether a body was signed with our secret: `sha256=` and its HMAC in hexadecimal digits."""
    method, _, given = signature.strip().partition("=")
    if method not in _METHODS or not given.isascii():
        return False
    return hmac.compare_digest(hmac.new(secret.encode(), body, method).hexdigest(), given.lower())


def listening_at(listen: str) -> tuple[str, int]:
    """Read `address:port`.

    Raises:
        ConfigError: it is neither.
    """
    found = _LISTEN.fullmatch(listen.strip())
    if found is None or not 0 <= int(found["port"]) < 65_536:
        raise ConfigError(f'settings.toml: websub.listen is "{listen}"; write it as address:port, like "127.0.0.1:8080".')
    return found["host"].strip("[]") or "0.0.0.0", int(found["port"])  # noqa: S104  # an empty address means all of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe:
    """Asks hubs to push what is new."""

    client: Client
    store: SubscriptionStore
    clock: Clock
    public_url: str

    async def __call__(self) -> None:
        """Ask the hubs that are due; what goes wrong is kept and tried again later."""
        for one in await self.store.due(self.clock(), limit=AT_ONCE):
            reason = await self._ask(one)
            await self.store.asked(one.source_id, self.clock(), reason=reason)
            if reason:
                log.info("hub does not push", source=one.source_id, reason=reason)

    async def _ask(self, one: Subscription) -> str:
        """Ask for one subscription; return why that was in vain."""
        form = {
            "hub.mode": "subscribe",
            "hub.topic": one.topic,
            "hub.callback": f"{self.public_url.rstrip('/')}/{one.token}",
            "hub.secret": one.secret,
            "hub.lease_seconds": str(int(LEASE.total_seconds())),
        }
        try:
            response = await self.client.post(one.hub, form)
        except SourceError as error:
            return str(error)
        return "" if 200 <= response.status < 300 else f"the hub answers {response.status}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hubs:
    """What hears hubs: who asks them, who answers them, and where."""

    subscribe: Subscribe
    callback: Callback
    address: tuple[str, int]

    async def hear(self, stop: asyncio.Event) -> None:
        """Listen until `stop`.

        Raises:
            ConfigError: the address cannot be listened at.
        """
        async with self.callback.listen(*self.address):
            await stop.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """Answers hubs: confirms what we asked for, and hands on what is pushed and signed."""

    store: SubscriptionStore
    clock: Clock
    receive: Callable[[Pushed], Awaitable[None]]
    max_bytes: int

    @asynccontextmanager
    async def listen(self, host: str, port: int) -> AsyncIterator[int]:
        """Listen until the block ends; give the port.

        Raises:
            ConfigError: the address cannot be listened at.
        """
        app = web.Application(client_max_size=self.max_bytes)
        app.router.add_get("/{path:(?:.*/)?}{token:[0-9a-f]{32}}", self._confirm)
        app.router.add_post("/{path:(?:.*/)?}{token:[0-9a-f]{32}}", self._take)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, host, port).start()
            except OSError as error:
                raise ConfigError(
                    f"settings.toml: websub.listen: nothing can listen at {host}:{port} ({error.strerror}): choose another port."
                ) from error
            yield int(runner.addresses[0][1])
        finally:
            await runner.cleanup()

    async def _confirm(self, request: web.Request) -> web.Response:
        """Answer whether we asked for this (WebSub, section 5.3): only who knows token and topic gets its challenge back."""
        one = await self.store.find(request.match_info["token"])
        asked = request.query
        mode = asked.get("hub.mode")
        if one is None or asked.get("hub.topic") != one.topic:
            return web.Response(
                status=200 if mode == "unsubscribe" and one is None else 404, text=asked.get("hub.challenge", "")
            )
        if mode == "denied":
            await self.store.denied(one.source_id, f"the hub denies it: {asked.get('hub.reason', 'it gives no reason')[:200]}")
            return web.Response(text="")
        if mode != "subscribe" or not asked.get("hub.challenge"):
            return web.Response(status=404)
        given = asked.get("hub.lease_seconds", "")
        lease = timedelta(seconds=int(given[:9])) if given.isascii() and given.isdecimal() else LEASE
        await self.store.verified(one.source_id, until=self.clock() + min(lease, LONGEST_LEASE))
        log.info("hub pushes", source=one.source_id, days=round(lease.total_seconds() / 86_400, 1))
        return web.Response(text=asked["hub.challenge"], content_type="text/plain")

    async def _take(self, request: web.Request) -> web.Response:
        """Take a push; one that is not signed is answered as if it were taken (WebSub, section 8), and left alone."""
        one = await self.store.find(request.match_info["token"])
        if one is None:
            return web.Response(status=410)  # so that the hub stops
        body = await request.read()
        if not is_signed(body, request.headers.get("X-Hub-Signature", ""), one.secret):
            log.warning("push without a good signature", source=one.source_id)
            return web.Response(status=202)
        headers = {name: request.headers[name] for name in _HEADERS if name in request.headers}
        await self.receive(Pushed(source_id=one.source_id, body=body, headers=headers))
        return web.Response(status=202)
