"""Fetches bytes from the web under limits on address, hops, size and time; it knows nothing of what they mean."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from bot.errors import BlockedAddress, SourceError
from bot.settings import Http
from bot.sources.addresses import AllowedHosts, PrivateAddressError, checked, guarded_socket, shown

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 1 << 16
_LINE = 1 << 15
"""Longest header in bytes; content security policies are longer than aiohttp's own limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a server answered; header names are in small letters, the body is decoded, and empty unless the status is 2xx."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    """The address that answered, after all redirects."""


class Client:
    """Asks for addresses the bot may ask, and no others: private ones only where the operator allows the host."""

    def __init__(self, limits: Http) -> None:
        self._limits = limits
        self._allowed = AllowedHosts.read(limits.allow_hosts)
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
        self._guarded = self._session(aiohttp.TCPConnector(limit=64, limit_per_host=4, socket_factory=guarded_socket))
        self._trusted = self._session(aiohttp.TCPConnector(limit=64))

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

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Response:
        """Return what an address answers, whatever its status, after following its redirects.

        Raises:
            BlockedAddress: the address, or one it redirects to, is not for a bot to ask.
            SourceError: there was no answer, or it broke a limit; `unreachable` where no connection came about or held.
        """
        try:
            async with asyncio.timeout(self._limits.timeout.total_seconds()):
                return await self._follow(url, dict(headers or {}))
        except TimeoutError as error:
            limit = f"{self._limits.timeout.total_seconds():g} s"
            raise SourceError(f"{shown(url)} did not answer within {limit}.", unreachable=True) from error
        except (aiohttp.ClientError, OSError) as error:
            raise _explained(url, error) from error

    async def _follow(self, start: str, headers: dict[str, str]) -> Response:
        address: str | URL = start
        for _ in range(self._limits.max_hops + 1):
            url = checked(address, self._allowed)
            async with self._session_for(url).get(url, headers=headers, allow_redirects=False) as answer:
                onward = answer.headers.get("Location") if answer.status in _REDIRECTS else None
                if onward is None:
                    return Response(
                        status=answer.status,
                        headers={name.lower(): value for name, value in answer.headers.items()},
                        body=await self._body(answer) if answer.ok else b"",
                        url=str(url),
                    )
                address = _joined(url, onward)
        raise SourceError(f"{shown(start)} redirects more than {self._limits.max_hops} times: correct the url.")

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes:
        """Read a body as it comes, and no further than the limit, which counts what came out of the decompression."""
        body = bytearray()
        async for chunk in answer.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > self._limits.max_bytes:
                limit = f"{self._limits.max_bytes / 1e6:g} MB"
                raise SourceError(f"{shown(answer.url)} is larger than {limit}: raise max_bytes under [http] if it should be.")
        return bytes(body)

    def _session_for(self, url: URL) -> aiohttp.ClientSession:
        session = self._trusted if url in self._allowed else self._guarded
        if session is None:
            raise RuntimeError("the client is used before it was opened")
        return session

    def _session(self, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        contact = f" (+{self._limits.contact})" if self._limits.contact else ""
        return aiohttp.ClientSession(
            connector=connector,
            headers={"User-Agent": f"Sitrep/{metadata.version('sitrep')}{contact}"},
            # The whole of a fetch, its redirects included, is timed in `get`.
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._limits.connect.total_seconds()),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            max_line_size=_LINE,
            max_field_size=_LINE,
        )


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
            words = "sent a body that is cut off or cannot be decompressed"
        case _:
            words = f"gave an answer that is no HTTP ({type(error).__name__})"
    return SourceError(f"{shown(address)} {words}.", unreachable=not reached)
