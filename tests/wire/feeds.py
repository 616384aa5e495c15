"""A web server on the loopback with feeds that a test writes: validators, redirects, faults, and a record of who asked."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from types import TracebackType
from typing import Self
from xml.sax.saxutils import escape, quoteattr

from aiohttp import web

from .waiting import PATIENCE_S, Bell

DRIP_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry of a feed, before it is written as RSS or Atom."""

    title: str
    text: str
    link: str = ""
    guid: str = ""
    published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What one request is answered with instead: a status with headers, or with `hang` nothing at all."""

    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: bool = False


@dataclass(slots=True, kw_only=True)
class Asked:
    """A request that came; `status` is what it was answered with, 0 while it was not."""

    path: str
    headers: Mapping[str, str]
    status: int = 0


@dataclass(frozen=True, slots=True)
class _Body:
    content: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:16]}"'


class FeedServer:
    """Serves bodies by path; who names the validator of the body that stands there gets a 304.

    At `0.0.0.0` each address of the loopback is a host of its own, with the same paths.
    """

    def __init__(self, listening: str = "127.0.0.1") -> None:
        self._listening = listening
        self.asked: list[Asked] = []
        self.address = ""
        self.port = 0
        self._drips: set[str] = set()
        self._bodies: dict[str, _Body] = {}
        self._redirects: dict[str, tuple[int, str]] = {}
        self._troubles: dict[str, deque[Trouble]] = defaultdict(deque)
        self._bell = Bell()
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Listen on a free port of the loopback."""
        app = web.Application()
        app.router.add_get("/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._listening, 0).start()
        self.port = self._runner.addresses[0][1]
        self.address = f"127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        """Close it."""
        assert self._runner is not None
        self._closing.set()
        await self._runner.cleanup()

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        """Return the address of a path, served or not."""
        return f"http://{host}:{self.port}{path}"

    def serve(self, path: str, content: bytes | str, *, content_type: str = "application/rss+xml", encoding: str = "") -> str:
        """Serve a body, packed already where an encoding is named, at a path from now on; return its address."""
        body = content.encode() if isinstance(content, str) else content
        self._bodies[path] = _Body(body, content_type, {"Content-Encoding": encoding} if encoding else {})
        return self.url(path)

    def drip(self, path: str) -> str:
        """Answer a path a byte at a time, without end; return its address."""
        self._drips.add(path)
        return self.url(path)

    def redirect(self, path: str, to: str, *, status: int = 301) -> str:
        """Answer a path with another address; return its own."""
        self._redirects[path] = (status, to)
        return self.url(path)

    def fail(self, path: str, *troubles: Trouble) -> None:
        """Let the next requests of a path fail, one trouble each."""
        self._troubles[path].extend(troubles)

    def mend(self, path: str) -> None:
        """Let no further request of a path fail."""
        self._troubles.pop(path, None)

    def requests(self, path: str) -> list[Asked]:
        """Return the requests that came for a path."""
        return [one for one in self.asked if one.path == path]

    async def answered(self, path: str, *, times: int = 1, timeout_s: float = PATIENCE_S) -> Asked:
        """Wait until a path was asked for and answered this many times; return the last of them."""
        return await self._bell.until(
            lambda: next(iter([one for one in self.requests(path) if one.status][times - 1 :]), None),
            timeout_s=timeout_s,
            complain=lambda: f"{path} was not answered {times} times, only {self.requests(path)}",
        )

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        asked = Asked(path=request.path, headers=request.headers)
        self.asked.append(asked)
        self._bell.ring()
        response = await self._answer(request)
        asked.status = response.status
        self._bell.ring()
        return response

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
        await stream.prepare(request)
        with suppress(ConnectionError):
            while not self._closing.is_set():
                await stream.write(b" ")
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), DRIP_S)
        return stream

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if path in self._drips:
            return await self._drip(request)
        if self._troubles[path]:
            trouble = self._troubles[path].popleft()
            if trouble.hang:
                await self._closing.wait()
            return web.Response(status=trouble.status, headers=trouble.headers)
        if path in self._redirects:
            status, to = self._redirects[path]
            return web.Response(status=status, headers={"Location": to})
        if path not in self._bodies:
            return web.Response(status=404)
        body = self._bodies[path]
        if request.headers.get("If-None-Match") == body.etag:
            return web.Response(status=304, headers={"ETag": body.etag})
        headers = {"ETag": body.etag, "Content-Type": body.content_type, **body.headers}
        return web.Response(body=body.content, headers=headers)


def rss(title: str, items: Sequence[Item]) -> bytes:
    """Write a feed as RSS 2.0, newest first as given."""
    entries = "".join(map(_rss_item, items))
    head = f"<title>{escape(title)}</title><link>https://example.org/</link><description>{escape(title)}</description>"
    text = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>{head}{entries}</channel></rss>'
    return text.encode()


def atom(title: str, items: Sequence[Item]) -> bytes:
    """Write a feed as Atom (RFC 4287), newest first as given."""
    entries = "".join(map(_atom_entry, items))
    updated = max((item.published for item in items if item.published), default=datetime(2026, 1, 1, tzinfo=UTC)).isoformat()
    head = f"<title>{escape(title)}</title><id>https://example.org/</id><updated>{updated}</updated>"
    text = f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'
    return text.encode()


def _rss_item(item: Item) -> str:
    date = f"<pubDate>{format_datetime(item.published)}</pubDate>" if item.published else ""
    link = f"<link>{escape(item.link)}</link>" if item.link else ""
    guid = f'<guid isPermaLink="false">{escape(item.guid)}</guid>' if item.guid else ""
    text = f"<description>{escape(item.text)}</description>"
    return f"<item><title>{escape(item.title)}</title>{link}{guid}{text}{date}</item>"


def _atom_entry(item: Item) -> str:
    date = f"<published>{item.published.isoformat()}</published>" if item.published else ""
    link = f"<link href={quoteattr(item.link)}/>" if item.link else ""
    key = f"<id>{escape(item.guid or item.link)}</id>"
    return f"<entry><title>{escape(item.title)}</title>{link}{key}{date}<content>{escape(item.text)}</content></entry>"
