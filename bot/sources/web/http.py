"""Fetches bytes from the web under limits on address, hops, size and time; it knows nothing of what they mean."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import AsyncExitStack
from importlib import metadata
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from bot.errors import BlockedAddress, SourceError
from bot.model import now_utc
from bot.ports import Clock
from bot.settings import Http
from bot.sources.web.addresses import AllowedHosts, PrivateAddressError, checked, guarded_socket, shown
from bot.sources.web.answers import Hop, Response, pause_asked
from bot.sources.web.encodings import ACCEPTED, PackingError, unpacker
from bot.sources.web.pacing import Pacing

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REFUSALS = frozenset({401, 403, 429, 503})
"""What a guard before a server answers with; its page says who it is."""
_PRIVATE_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})
_CHUNK = 1 << 16
_PAGE = 1 << 15
"""Bytes of the page of a refusal that are read."""
_KEPT_S = 2.0
"""A connection is kept so long for the next hop or page of its host; the next poll comes much later."""
_LINE = 1 << 15
"""Longest header in bytes; content security policies are longer than aiohttp's own limit."""

MAX_RATIO = 100
"""A body that unpacks to more than this, and to more than a megabyte, is a bomb: feeds reach 20, very repetitive ones 50."""
_RATIO_FROM = 1_000_000


class Client:
    """Asks for addresses the bot may ask, and no others, each host in its turn: private ones only where the operator allows it."""

    def __init__(self, limits: Http, *, pacing: Pacing | None = None, clock: Clock = now_utc) -> None:
        self._limits = limits
        self._allowed = AllowedHosts.read(limits.allow_hosts)
        self._pacing = pacing or Pacing(pause=limits.host_pause, is_own=self._allowed.has_host)
        self._clock = clock
        self._guarded: aiohttp.ClientSession | None = None
        self._trusted: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def open(self) -> None:
        """Make the connection pools: one behind the guard, one for the operator's own hosts."""
        self._guarded = self._session(
            aiohttp.TCPConnector(limit=0, limit_per_host=4, keepalive_timeout=_KEPT_S, socket_factory=guarded_socket)
        )
        self._trusted = self._session(aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEPT_S))

    async def close(self) -> None:
        """Close every connection."""
        for session in (self._trusted, self._guarded):
            if session is not None:
                await session.close()

    def refuse(self, address: str) -> None:
        """Do nothing for an address that may be asked, as far as that can be told without asking.

        Raises:
            SourceError: it is none.
        """
        checked(address, self._allowed)

    async def get(self, url: str, headers: Mapping[str, str] | None = None, *, subscribers: int = 0) -> Response:
        """Return what an address answers, whatever its status, after following its redirects.

        Raises:
            BlockedAddress: the address, or one it redirects to, is not for a bot to ask.
            SourceError: there was no answer, or it broke a limit; `unreachable` where no connection came about or held.
        """
        first = checked(url, self._allowed)
        asked = {"Accept-Encoding": ACCEPTED, "User-Agent": self._agent(subscribers), **(headers or {})}
        try:
            async with AsyncExitStack() as turn:
                await turn.enter_async_context(self._pacing.turn(first.host or ""))
                async with asyncio.timeout(self._limits.timeout.total_seconds()):
                    return await self._follow(first, asked, turn)
        except TimeoutError as error:
            limit = f"{self._limits.timeout.total_seconds():g} s"
            raise SourceError(f"{shown(url)} did not answer within {limit}.", unreachable=True) from error
        except (aiohttp.ClientError, OSError) as error:
            raise _explained(url, error) from error

    async def post(self, url: str, form: Mapping[str, str]) -> Response:
        """Send a form and return what is answered; redirects are not followed, since a form is for whom it was made.

        Raises:
            BlockedAddress: the address is not for a bot to ask.
            SourceError: there was no answer, or it broke a limit.
        """
        target = checked(url, self._allowed)
        headers = {"Accept-Encoding": ACCEPTED, "User-Agent": self._agent(0)}
        try:
            async with self._pacing.turn(target.host or ""), asyncio.timeout(self._limits.timeout.total_seconds()):
                sent = self._session_for(target).post(target, data=form, headers=headers, allow_redirects=False)
                async with sent as answer:
                    return await self._response(answer, target, [])
        except TimeoutError as error:
            limit = f"{self._limits.timeout.total_seconds():g} s"
            raise SourceError(f"{shown(url)} did not answer within {limit}.", unreachable=True) from error
        except (aiohttp.ClientError, OSError) as error:
            raise _explained(url, error) from error

    async def _follow(self, start: URL, headers: Mapping[str, str], turn: AsyncExitStack) -> Response:
        url, hops = start, list[Hop]()
        while True:
            async with self._session_for(url).get(url, headers=headers, allow_redirects=False) as answer:
                onward = answer.headers.get("Location") if answer.status in _REDIRECTS else None
                if onward is None:
                    return await self._response(answer, url, hops)
                target = checked(_joined(url, onward), self._allowed)
            hops.append(Hop(status=answer.status, origin=str(url), target=str(target)))
            if len(hops) > self._limits.max_hops:
                raise SourceError(f"{shown(start)} redirects more than {self._limits.max_hops} times: correct the url.")
            if target.host != url.host:
                headers = {name: value for name, value in headers.items() if name.lower() not in _PRIVATE_HEADERS}
                await turn.aclose()  # before the next one is waited for: two that redirect to each other must not lock
                await turn.enter_async_context(self._pacing.turn(target.host or ""))
            url = target

    async def _response(self, answer: aiohttp.ClientResponse, url: URL, hops: list[Hop]) -> Response:
        body = await self._body(answer) if answer.ok else b""
        if answer.status in _REFUSALS:
            body = await self._page(answer)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if answer.status in {429, 503} and (pause := pause_asked(headers, self._clock())):
            self._pacing.rest(url.host or "", pause)
        return Response(status=answer.status, headers=headers, body=body, url=str(url), hops=tuple(hops))

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes:
        """Read a body as it comes, and no further than the limits on what comes, what it unpacks to, and how the two compare."""
        body, raw, where = bytearray(), 0, shown(answer.url)
        try:
            unpack = unpacker(answer.headers.get("Content-Encoding", ""))
            async for chunk in answer.content.iter_chunked(_CHUNK):
                raw += len(chunk)
                for piece in unpack.unpack(chunk):
                    body += piece
                    self._refuse_excess(where, raw, len(body))
            unpack.finish()
        except PackingError as error:
            raise SourceError(f"{where} sent a body that {error}: tell its operator.") from error
        return bytes(body)

    def _refuse_excess(self, where: str, raw: int, unpacked: int) -> None:
        if max(raw, unpacked) > self._limits.max_bytes:
            limit = f"{self._limits.max_bytes / 1e6:g} MB"
            raise SourceError(f"{where} is larger than {limit}: raise max_bytes under [http] if it should be.")
        if unpacked > max(_RATIO_FROM, raw * MAX_RATIO):
            raise SourceError(
                f"{where} sent {raw / 1e3:.0f} kB that unpack to more than {MAX_RATIO} times as much, as no feed does: "
                "tell its operator, or remove it."
            )

    async def _page(self, answer: aiohttp.ClientResponse) -> bytes:
        """Return the beginning of the page that goes with a refusal; what cannot be read of it is no matter."""
        page = bytearray()
        try:
            unpack = unpacker(answer.headers.get("Content-Encoding", ""))
            async for chunk in answer.content.iter_chunked(_CHUNK):
                for piece in unpack.unpack(chunk):
                    page += piece
                    if len(page) >= _PAGE:
                        return bytes(page[:_PAGE])
        except (PackingError, aiohttp.ClientPayloadError):
            return bytes(page)
        return bytes(page)

    def _session_for(self, url: URL) -> aiohttp.ClientSession:
        session = self._trusted if url in self._allowed else self._guarded
        if session is None:
            raise RuntimeError("the client is used before it was opened")
        return session

    def _agent(self, subscribers: int) -> str:
        """Say who asks, and for how many, as hosts of feeds count their readers."""
        more = [f"+{self._limits.contact}"] if self._limits.contact else []
        if subscribers:
            more.append(f"{subscribers} subscriber{'s' if subscribers != 1 else ''}")
        return _NAME + (f" ({'; '.join(more)})" if more else "")

    def _session(self, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=connector,
            # The whole of a fetch, its redirects included, is timed in `get`.
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._limits.connect.total_seconds()),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            max_line_size=_LINE,
            max_field_size=_LINE,
        )


_NAME = f"Sitrep/{metadata.version('sitrep')}"


def _joined(url: URL, onward: str) -> URL:
    try:
        return url.join(URL(onward.strip()))
    except ValueError as error:
        raise SourceError(f"{shown(url)} redirects to {onward[:200]!r}, which is no address.") from error


def _explained(address: str, error: aiohttp.ClientError | OSError) -> SourceError:
    """Say in one sentence why a fetch failed, and whether the other side was reached at all."""
    reached = True
    match error:
        case aiohttp.ClientConnectorError(os_error=PrivateAddressError()):
            words = f"leads to {error.host}, which is not public: name it under [http] allow_hosts if it is yours"
            return BlockedAddress(f"{shown(address)} {words}.")
        case aiohttp.InvalidURL():  # among others for an IP address that is not written in full
            return BlockedAddress(f"{shown(address)} is no address that may be asked: correct the url.")
        case aiohttp.ClientSSLError() | ssl.SSLError():
            words = "offers no secure connection that can be trusted: correct the url, or tell its operator"
        case aiohttp.ClientConnectorDNSError():
            words, reached = f"cannot be reached: no address is known for {error.host}", False
        case aiohttp.ClientConnectorError():
            words, reached = f"cannot be reached: {error.os_error.strerror or error.os_error}", False
        case aiohttp.ServerDisconnectedError() | OSError():
            words, reached = "closed the connection before it answered", False
        case aiohttp.ClientPayloadError():
            words = "sent a body that is cut off"
        case _:
            words = f"gave an answer that is no HTTP ({type(error).__name__})"
    return SourceError(f"{shown(address)} {words}.", unreachable=not reached)
