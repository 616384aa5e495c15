"""The fake service as a test holds it: start it, point a client at it, make things fail, wait, and act as a person."""

from __future__ import annotations

import base64
import contextlib
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from types import TracebackType
from typing import Self, TypeVar

import discord
import yarl
from aiohttp import web

from .faults import RESET, Fault, Limit
from .gateway import GUILDS, Gateway
from .interactions import Asked, Interaction, Interactions
from .openapi import Description, at_hand
from .people import Value, command_data, component_data, modal_data
from .rest import API, Rest, Violation
from .routes import MESSAGE, MESSAGES, Call, Routes
from .state import MEMBER, Channel, Json, Message, Permission, Person
from .waiting import PATIENCE_S, Bell
from .world import World

_T = TypeVar("_T")

ANYBODY = Person(id=100_000_000_000_000_001, name="Analyst")
OPERATOR = MEMBER | Permission.MANAGE_GUILD
"""The permissions of somebody who runs a server."""


class FakeDiscord:
    """A Discord of one server, `guild`, with one channel, `news`; more are added by `world`.

    Bodies are judged by Discord's own description where `$DISCORD_OPENAPI` names it, else by the rules kept here alone.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, description: Description | None = None) -> None:
        self._bell = Bell()
        self.world = World(clock=clock)
        self.guild = self.world.add_guild("Newsroom")
        self.news = self.world.add_channel(self.guild, "news")
        self.token = _token(self.world.bot)
        self.gateway = Gateway(self.world, token=self.token, rang=self._bell.ring)
        self.interactions = Interactions(self.world)
        routes = Routes(self.world, self.gateway, self.interactions)
        self.rest = Rest(routes, token=self.token, description=description or at_hand(), rang=self._bell.ring)
        self.api_url = ""
        self._taken: dict[int, int] = {}
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Listen on a free port of the loopback."""
        app = web.Application(client_max_size=32_000_000)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_route("*", API + "/{path:.*}", self.rest.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.api_url = f"http://{host}:{port}{API}"
        self.gateway.url = f"ws://{host}:{port}/gateway"
        return self

    async def __aexit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        """Let go of whoever is connected."""
        assert self._runner is not None
        self.rest.release()
        await self.gateway.drop(code=1001)
        await self._runner.cleanup()

    @property
    def ws_url(self) -> str:
        """The address of the gateway."""
        return self.gateway.url

    @contextlib.contextmanager
    def pointed(self) -> Iterator[None]:
        """Point the discord.py of this process at the fake, and back again."""
        route, socket, asset = discord.http.Route, discord.gateway.DiscordWebSocket, discord.asset.Asset
        before = route.BASE, socket.DEFAULT_GATEWAY, asset.BASE
        route.BASE, socket.DEFAULT_GATEWAY, asset.BASE = self.api_url, yarl.URL(self.ws_url), self.api_url
        try:
            yield
        finally:
            route.BASE, socket.DEFAULT_GATEWAY, asset.BASE = before

    @property
    def calls(self) -> list[Call]:
        """Every request, in the order it came."""
        return self.rest.calls

    @property
    def posts(self) -> list[Call]:
        """The requests to post a message into a channel, whatever became of them."""
        return self.sent("POST", MESSAGES)

    @property
    def violations(self) -> list[Violation]:
        """Bodies that broke a rule of Discord; each was answered with 400."""
        return self.rest.violations

    def sent(self, method: str, template: str) -> list[Call]:
        """Return the requests to one route."""
        return [call for call in self.calls if (call.method, call.template) == (method, template)]

    def messages(self, channel: Channel) -> list[Message]:
        """Return the messages that stand in a channel now, oldest first."""
        return list(self.world.messages[channel.id].values())

    @property
    def owners_messages(self) -> list[Message]:
        """The direct messages that the server's owner has."""
        return self.messages(self.world.open_direct(self.guild.owner))

    async def delete_channel(self, channel: Channel) -> None:
        """Let somebody delete a channel."""
        self.world.remove_channel(channel)
        await self.gateway.dispatch("CHANNEL_DELETE", channel.json(), intent=GUILDS)

    def fail_posts(self, *faults: Fault) -> None:
        """Let the next posts into channels fail, one fault each."""
        self.rest.faults.add("POST", MESSAGES, *faults)

    def fail_edits(self, *faults: Fault) -> None:
        """Let the next edits of messages fail, one fault each."""
        self.rest.faults.add("PATCH", MESSAGE, *faults)

    def fail(self, method: str, template: str, *faults: Fault) -> None:
        """Let the next requests of a route fail, one fault each."""
        self.rest.faults.add(method, template, *faults)

    @contextlib.asynccontextmanager
    async def outage(self, fault: Fault = RESET) -> AsyncIterator[None]:
        """Let every request fail and keep everybody out of the gateway, until it is over."""
        faults, before = self.rest.faults, self.rest.faults.weather
        faults.weather, self.gateway.away = lambda _method, _template: fault, True
        await self.gateway.drop(code=1006)
        try:
            yield
        finally:
            faults.weather, self.gateway.away = before, False

    def limit_posts(self, requests: int, *, window_s: float) -> None:
        """Let each channel take this many posts in a window."""
        self.rest.buckets.limits["POST", MESSAGES] = Limit(requests, window_s)

    async def until(
        self, look: Callable[[], _T | None], *, timeout_s: float = PATIENCE_S, what: str = "what was waited for"
    ) -> _T:
        """Wait until a look at the fake finds something true, and return it.

        Raises:
            TimeoutError: it did not come; the message lists the last requests.
        """
        return await self._bell.until(look, timeout_s=timeout_s, complain=lambda: f"{what} did not come ({self._last_calls()})")

    async def connected(self, *, timeout_s: float = PATIENCE_S) -> None:
        """Wait until a client has identified itself and has a socket."""
        await self.until(lambda: self.gateway.connected, timeout_s=timeout_s, what="a client")

    async def registered(self, name: str, *, timeout_s: float = PATIENCE_S) -> Json:
        """Wait until a command is registered, anywhere; return it as it stands."""
        commands = self.world.commands
        return await self.until(
            lambda: next((one for every in commands.values() for one in every if one["name"] == name), None),
            timeout_s=timeout_s,
            what=f"/{name}",
        )

    async def message(self, channel: Channel, *, timeout_s: float = PATIENCE_S) -> Message:
        """Wait for the next message in a channel that was not returned before."""
        message = await self.until(
            lambda: next((one for one in self.messages(channel) if one.id > self._taken.get(channel.id, 0)), None),
            timeout_s=timeout_s,
            what=f"a message in #{channel.name}",
        )
        self._taken[channel.id] = message.id
        return message

    async def slash(
        self,
        channel: Channel,
        name: str,
        options: Mapping[str, Value] | None = None,
        *,
        permissions: Permission = MEMBER,
        person: Person = ANYBODY,
        timeout_s: float = PATIENCE_S,
    ) -> Interaction:
        """Run a command such as `watch show`, and wait for what the person gets: a message, or a form.

        Raises:
            LookupError: there is no such command, option or choice, or it is hidden from this person.
        """
        await self.connected(timeout_s=timeout_s)
        data = command_data(self.world, channel, name, options or {}, permissions=permissions)
        return await self._ask(Asked.COMMAND, channel, data, person=person, permissions=permissions, timeout_s=timeout_s)

    async def autocomplete(
        self,
        channel: Channel,
        name: str,
        focused: str,
        typed: str = "",
        *,
        others: Mapping[str, Value] | None = None,
        permissions: Permission = MEMBER,
        person: Person = ANYBODY,
        timeout_s: float = PATIENCE_S,
    ) -> list[Json]:
        """Type into an option of a command; return the choices that are offered."""
        await self.connected(timeout_s=timeout_s)
        options = {**(others or {}), focused: typed}
        data = command_data(self.world, channel, name, options, permissions=permissions, focused=focused)
        asked = Asked.AUTOCOMPLETE
        done = await self._ask(asked, channel, data, person=person, permissions=permissions, timeout_s=timeout_s)
        return done.choices

    async def click(
        self,
        message: Message,
        custom_id: str,
        *,
        values: tuple[str, ...] = (),
        permissions: Permission = MEMBER,
        person: Person = ANYBODY,
        timeout_s: float = PATIENCE_S,
    ) -> Interaction:
        """Press a button of a message, or choose values of a menu, and wait for the answer."""
        await self.connected(timeout_s=timeout_s)
        data = component_data(message, custom_id, values)
        return await self._ask(
            Asked.COMPONENT,
            self.world.channels[message.channel_id],
            data,
            person=person,
            permissions=permissions,
            timeout_s=timeout_s,
            source=message,
        )

    async def submit(
        self,
        form: Interaction,
        texts: Mapping[str, str],
        *,
        permissions: Permission = MEMBER,
        person: Person = ANYBODY,
        timeout_s: float = PATIENCE_S,
    ) -> Interaction:
        """Fill in the form that an interaction was answered with, and wait for the answer."""
        data = modal_data(form.data, texts)
        return await self._ask(
            Asked.MODAL,
            form.channel,
            data,
            person=person,
            permissions=permissions,
            timeout_s=timeout_s,
            source=form.source,
        )

    async def _ask(
        self,
        asked: Asked,
        channel: Channel,
        data: Json,
        *,
        person: Person,
        permissions: Permission,
        timeout_s: float,
        source: Message | None = None,
    ) -> Interaction:
        interaction, event = self.interactions.begin(
            asked, channel, data, person=person, permissions=permissions, source=source
        )
        await self.gateway.dispatch("INTERACTION_CREATE", event)
        what = f"an answer to {data.get('name') or data.get('custom_id')}"
        await self.until(lambda: interaction.settled, timeout_s=timeout_s, what=what)
        return interaction

    def _last_calls(self) -> str:
        return "last requests: " + (", ".join(f"{call.method} {call.path} {call.status}" for call in self.calls[-8:]) or "none")


def _token(bot: Person) -> str:
    """Make a token of the real form: the bot's id, a time and a secret."""
    head = base64.urlsafe_b64encode(str(bot.id).encode()).decode().rstrip("=")
    return f"{head}.{secrets.token_urlsafe(4)}.{secrets.token_urlsafe(27)}"
