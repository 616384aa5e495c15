"""A narrow way to a PostgreSQL server, which a test can close, open and hush: the server itself is left alone."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from bot.store.address import Address
from tests.ports import kept_port

from .waiting import PATIENCE_S


class Strait:
    """Listens on a port of the loopback and passes everything on to the socket of a server."""

    def __init__(self, server: Address) -> None:
        self._server = server
        self._listener: asyncio.Server | None = None
        self._ways: set[asyncio.StreamWriter] = set()
        self._port = 0
        self._kept = ExitStack()
        """Keeps the port while it is closed."""
        self._speaking = asyncio.Event()
        self._speaking.set()
        self._kept_back = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Open it."""
        self._port = self._kept.enter_context(kept_port())
        await self.open()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        """Close it."""
        await self.close()
        self._kept.close()

    @property
    def url(self) -> str:
        """The address of the database through it, as DATABASE_URL has it."""
        given = self._server.url.set(drivername="postgres", host="127.0.0.1", port=self._port, query={"sslmode": "disable"})
        return given.render_as_string(hide_password=False)

    async def open(self) -> None:
        """Let connections through, on the same port as before."""
        self._listener = await asyncio.start_server(self._pass, "127.0.0.1", self._port)

    async def close(self) -> None:
        """Break every connection, and let no new one through."""
        self.speak()
        if self._listener is not None:
            self._listener.close()
        for way in list(self._ways):
            way.transport.abort()
        await asyncio.sleep(0)

    def hush(self) -> None:
        """Let nothing through from now on and break nothing, like a server that hangs."""
        self._speaking.clear()
        self._kept_back.clear()

    async def kept_something_back(self) -> None:
        """Wait until something is kept back, so that somebody waits for an answer."""
        async with asyncio.timeout(PATIENCE_S):
            await self._kept_back.wait()

    def speak(self) -> None:
        """Let through what was kept back, and all that follows."""
        self._speaking.set()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await self._connected()
        self._ways |= {writer, there[1]}
        try:
            await asyncio.gather(self._pump(reader, there[1]), self._pump(there[0], writer))
        finally:
            self._ways -= {writer, there[1]}

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        url = self._server.url
        folder = url.query.get("host") or url.host
        if isinstance(folder, str) and folder.startswith("/"):
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{url.port or 5432}")
        return await asyncio.open_connection(url.host, url.port or 5432)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                if not self._speaking.is_set():
                    self._kept_back.set()
                await self._speaking.wait()
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()
