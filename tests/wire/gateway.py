"""The gateway: one websocket a client, sessions that outlive their sockets, and the events a resumed client missed."""

from __future__ import annotations

import asyncio
import json
import secrets
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from .state import Json
from .world import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME = 0, 1, 2, 6
RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 9, 10, 11

GUILDS = 1 << 0
GUILD_MESSAGES = 1 << 9
DIRECT_MESSAGES = 1 << 12
PRIVILEGED = (1 << 1) | (1 << 8) | (1 << 15)
"""Members, presences and message content: an application must be allowed them."""


class Socket:
    """One connection; all payloads of it go through one compressor when the client asked for zlib-stream."""

    def __init__(self, response: web.WebSocketResponse, *, compressed: bool) -> None:
        self.response = response
        self._squeeze = zlib.compressobj() if compressed else None
        self._turn = asyncio.Lock()

    async def send(self, op: int, data: object = None, *, event: str | None = None, seq: int | None = None) -> None:
        """Send a payload; a client that has gone is not waited for."""
        text = json.dumps({"op": op, "d": data, "t": event, "s": seq})
        async with self._turn:
            if self.response.closed:
                return
            try:
                if self._squeeze is None:
                    await self.response.send_str(text)
                else:
                    flushed = self._squeeze.compress(text.encode()) + self._squeeze.flush(zlib.Z_SYNC_FLUSH)
                    await self.response.send_bytes(flushed)
            except ConnectionError:
                return


@dataclass(slots=True, kw_only=True)
class Session:
    """A client's session: what was sent to it is kept for when it resumes."""

    id: str
    intents: int
    socket: Socket | None = None
    seq: int = 0
    sent: list[tuple[int, str, object]] = field(default_factory=list)

    async def dispatch(self, event: str, data: object) -> None:
        """Send an event now, or when the client resumes."""
        self.seq += 1
        self.sent.append((self.seq, event, data))
        if self.socket is not None:
            await self.socket.send(DISPATCH, data, event=event, seq=self.seq)


class Gateway:
    """Accepts clients, and sends what happens to all of them."""

    def __init__(self, world: World, *, token: str, rang: Callable[[], None]) -> None:
        self._world = world
        self._token = token
        self._rang = rang
        self.url = ""
        self.heartbeat_interval_ms = 41_250
        self.refused_intents = PRIVILEGED
        self.away = False
        self.hang_ups = 0
        """How many of the next connections are closed before a word is said."""
        self.sessions: dict[str, Session] = {}
        self.identifies = 0
        self.resumes = 0
        self.heartbeats = 0
        self._sockets: set[Socket] = set()

    @property
    def connected(self) -> list[Session]:
        """The sessions that have a socket now."""
        return [session for session in self.sessions.values() if session.socket is not None]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Speak with one client until one side closes; while the gateway is away there is nobody to speak with."""
        if self.away:
            return web.Response(status=503)
        response = web.WebSocketResponse(compress=False, autoping=True)
        await response.prepare(request)
        if self.hang_ups:
            self.hang_ups -= 1
            await response.close(code=4000)
            return response
        socket = Socket(response, compressed=request.query.get("compress") == "zlib-stream")
        self._sockets.add(socket)
        await socket.send(HELLO, {"heartbeat_interval": self.heartbeat_interval_ms})
        try:
            async for received in response:
                if received.type is WSMsgType.TEXT:
                    await self._take(socket, json.loads(received.data))
        finally:
            self._sockets.discard(socket)
            for session in self.connected:
                if session.socket is socket:
                    session.socket = None
            self._rang()
        return response

    async def dispatch(self, event: str, data: object, *, intent: int = 0) -> None:
        """Send an event to every session that asked for its intent, connected or about to resume."""
        for session in list(self.sessions.values()):
            if not intent or session.intents & intent:
                await session.dispatch(event, data)

    async def drop(self, code: int = 4000) -> None:
        """Close every connection; the sessions can be resumed."""
        for socket in list(self._sockets):
            await socket.response.close(code=code)

    async def ask_to_reconnect(self) -> None:
        """Ask every client to connect again and resume."""
        for session in self.connected:
            assert session.socket is not None
            await session.socket.send(RECONNECT)

    async def invalidate(self) -> None:
        """End every session, so that the clients identify anew."""
        ended, self.sessions = self.connected, {}
        for session in ended:
            assert session.socket is not None
            await session.socket.send(INVALID_SESSION, data=False)

    async def _take(self, socket: Socket, payload: Json) -> None:
        match payload["op"]:
            case 1:
                self.heartbeats += 1
                await socket.send(HEARTBEAT_ACK)
            case 2:
                await self._identify(socket, payload["d"])
            case 6:
                await self._resume(socket, payload["d"])
        self._rang()

    async def _identify(self, socket: Socket, data: Json) -> None:
        self.identifies += 1
        if data["token"] != self._token:
            await socket.response.close(code=4004, message=b"Authentication failed.")
            return
        if data["intents"] & self.refused_intents:
            await socket.response.close(code=4014, message=b"Disallowed intent(s).")
            return
        session = Session(id=secrets.token_hex(16), intents=data["intents"], socket=socket)
        guilds = list(self._world.guilds.values())
        ready: Json = {
            "v": 10,
            "user": self._world.bot.json() | {"verified": True, "mfa_enabled": False, "email": None},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": str(self._world.bot.id), "flags": 0},
        }
        await session.dispatch("READY", ready)
        if session.intents & GUILDS:
            for guild in guilds:
                await session.dispatch("GUILD_CREATE", self._world.guild_json(guild))
        self.sessions[session.id] = session

    async def _resume(self, socket: Socket, data: Json) -> None:
        self.resumes += 1
        session = self.sessions.get(data["session_id"])
        if session is None or data["token"] != self._token:
            await socket.send(INVALID_SESSION, data=False)
            return
        for seq, event, missed in session.sent:
            if seq > data["seq"]:
                await socket.send(DISPATCH, missed, event=event, seq=seq)
        session.socket = socket
        await session.dispatch("RESUMED", {})
