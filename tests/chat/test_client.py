"""Laws of the client: how a login ends, when commands are registered, and which channel is adopted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import discord
import pytest
import simcord
import yarl
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.chat.client import SitrepClient, refuse_bad_token
from bot.chat.desk import viewer_of
from bot.chat.invite import INVITED, invite_url, missing
from bot.errors import TokenError, Unanswerable
from tests.chat.fakes import Places, a_client
from tests.ports import kept_port

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.a-token-of-nobody"  # a token of the right shape
ME = {"id": "123456789012345678", "username": "Sitrep", "discriminator": "0", "avatar": None, "global_name": None}


@dataclass
class Doorkeeper:
    """The smallest Discord: lets a bot in or not, takes its commands, and closes its gateway."""

    me_status: int = 200
    commands_status: int = 200
    close_code: int = 4004
    registered: list[Any] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    def app(self) -> web.Application:
        """Return the routes."""
        app = web.Application()
        app.router.add_get("/api/users/@me", self.me)
        app.router.add_get("/api/oauth2/applications/@me", self.application)
        app.router.add_put("/api/applications/{id}/commands", self.commands)
        app.router.add_get("/gateway/", self.gateway)
        return app

    async def me(self, request: web.Request) -> web.Response:
        self.tokens.append(request.headers["Authorization"])
        return _json(ME if self.me_status == 200 else {"message": "no", "code": 0}, self.me_status)

    async def application(self, _request: web.Request) -> web.Response:
        return _json(
            {"id": ME["id"], "name": "Sitrep", "description": "", "icon": None, "summary": "", "verify_key": "0", "flags": 0}
            | {"bot_public": True, "bot_require_code_grant": False, "owner": ME, "team": None, "rpc_origins": []}
        )

    async def commands(self, request: web.Request) -> web.Response:
        commands = await request.json()
        self.registered.append(commands)
        if self.commands_status != 200:
            return _json({"message": "no", "code": 0}, self.commands_status)
        extra = {"application_id": ME["id"], "version": "1", "default_member_permissions": None}
        return _json([extra | one | {"id": str(number)} for number, one in enumerate(commands, start=1)])

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 45_000}, "s": None, "t": None})
        await socket.receive()
        await socket.close(code=self.close_code)
        return socket


def _json(body: object, status: int = 200) -> web.Response:
    """discord.py takes a body for JSON only where the type has no charset."""
    return web.Response(body=json.dumps(body).encode(), status=status, headers={"Content-Type": "application/json"})


@pytest.fixture
async def doorkeeper(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Doorkeeper]:
    keeper = Doorkeeper()
    async with TestServer(keeper.app(), host="127.0.0.1") as server:
        monkeypatch.setattr(discord.http.Route, "BASE", str(server.make_url("/api")))
        gateway = yarl.URL(str(server.make_url("/gateway/"))).with_scheme("ws")
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
        yield keeper


@pytest.fixture
def places() -> Places:
    return Places()


@pytest.fixture
async def client(places: Places) -> AsyncIterator[SitrepClient]:
    client = a_client(places=places)
    yield client
    await client.close()


async def test_a_good_token_logs_in_and_registers_the_commands(
    client: SitrepClient, places: Places, doorkeeper: Doorkeeper
) -> None:
    """After a login the bot has a name, and Discord its commands."""
    await client.login(TOKEN)

    assert client.user is not None
    assert client.user.name == "Sitrep"
    assert {command["name"] for command in doorkeeper.registered[0]} >= {"latest", "search", "setup"}
    assert list(places.notes) == [f"commands:{ME['id']}"]


async def test_commands_are_registered_only_when_they_changed(
    client: SitrepClient, places: Places, doorkeeper: Doorkeeper
) -> None:
    """A start with the commands of the last one leaves them alone; asking for it registers them anyway."""
    await client.login(TOKEN)
    assert await client.register_commands() is False
    assert await client.register_commands(anyway=True) is True

    client.tree.remove_command("help")
    assert await client.register_commands() is True
    assert len(doorkeeper.registered) == 3


async def test_commands_that_cannot_be_registered_do_not_stop_the_bot(
    client: SitrepClient, places: Places, doorkeeper: Doorkeeper, capsys: pytest.CaptureFixture[str]
) -> None:
    """Alerts go on without them, the log says so, and the next start tries again."""
    doorkeeper.commands_status = 403

    await client.login(TOKEN)

    assert places.notes == {}
    assert "the slash commands are not registered" in capsys.readouterr().out


async def test_a_refused_token_is_a_token_error(client: SitrepClient, doorkeeper: Doorkeeper) -> None:
    """The message says what to do and does not hold the token."""
    doorkeeper.me_status = 401

    with pytest.raises(TokenError, match="DISCORD_TOKEN") as refused:
        await client.login(TOKEN)

    assert TOKEN not in str(refused.value)


@pytest.mark.parametrize("token", ["", "  ", "two words", "line\nbreak", "żółw"])
async def test_what_is_no_token_is_refused_without_asking(client: SitrepClient, doorkeeper: Doorkeeper, token: str) -> None:
    """Nothing is sent that could not be a token, and the error does not repeat it."""
    with pytest.raises(TokenError, match="is no token") as refused:
        await client.login(token)

    assert doorkeeper.tokens == []
    assert "żółw" not in str(refused.value)


@pytest.mark.parametrize("token", ["two words", "żółw"])
async def test_what_is_no_token_is_refused_before_anything_is_written(doorkeeper: Doorkeeper, token: str) -> None:
    """The question whether a token is good needs no network to refuse what could not be one."""
    with pytest.raises(TokenError, match="is no token"):
        await refuse_bad_token(token)

    assert doorkeeper.tokens == []


async def test_asking_about_a_token_warns_of_nothing(
    doorkeeper: Doorkeeper, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What discord.py misses in a client that never speaks and lives for one request is no concern of the operator's."""
    monkeypatch.setattr(discord.VoiceClient, "warn_nacl", True)
    monkeypatch.setattr(discord.VoiceClient, "warn_dave", True)

    await refuse_bad_token(TOKEN)

    assert doorkeeper.tokens == [f"Bot {TOKEN}"]
    assert caplog.records == []


async def test_a_login_can_be_tried_again(client: SitrepClient, doorkeeper: Doorkeeper) -> None:
    """Where Discord answers with trouble, the same client logs in later."""
    doorkeeper.me_status = 503
    with pytest.raises(ConnectionError, match="503"):
        await client.login(TOKEN)

    doorkeeper.me_status = 200
    await client.login(TOKEN)

    assert client.user is not None


async def test_no_network_is_a_connection_error(client: SitrepClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody at the address is something to try again, not an end."""
    with kept_port() as port:
        monkeypatch.setattr(discord.http.Route, "BASE", f"http://127.0.0.1:{port}/api")

        with pytest.raises(ConnectionError, match="cannot be reached"):
            await client.login(TOKEN)


@pytest.mark.parametrize(("close_code", "reason"), [(4004, "not valid"), (4013, "intents"), (4014, "intents")])
async def test_a_gateway_closed_for_good_is_a_token_error(
    client: SitrepClient, doorkeeper: Doorkeeper, close_code: int, reason: str
) -> None:
    """After these close codes another try would end alike, and too many tries reset the token."""
    doorkeeper.close_code = close_code
    await client.login(TOKEN)

    with pytest.raises(TokenError, match=reason):
        await client.connect()


async def test_another_end_of_the_gateway_is_passed_on(client: SitrepClient, doorkeeper: Doorkeeper) -> None:
    """What is not about the token stays what it is."""
    doorkeeper.close_code = 4012
    await client.login(TOKEN)

    with pytest.raises(discord.ConnectionClosed):
        await client.connect()


async def test_the_channel_of_the_environment_is_adopted_for_its_server(places: Places) -> None:
    """The channel tells which server it belongs to."""
    client = a_client(places=places)
    async with simcord.run(client) as env:
        guild = env.create_guild()
        room = guild.create_text_channel("alerts")

        assert await client.adopt_default(room.id) is True

    assert places.channels == {guild.id: room.id}


async def test_a_channel_that_cannot_be_seen_is_a_warning(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong number does not stop the bot; the log names the setting."""
    client = a_client(places=places)
    async with simcord.run(client):
        assert await client.adopt_default(1) is False

    assert places.channels == {}
    assert "DISCORD_CHANNEL_ID cannot be used" in capsys.readouterr().out


async def test_a_private_channel_is_no_place_for_alerts(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    """Alerts are for servers."""
    client = a_client(places=places)
    async with simcord.run(client) as env:
        user = env.create_user("ann")
        env.create_guild().add_member(user)
        private = await (await client.fetch_user(user.id)).create_dm()

        assert await client.adopt_default(private.id) is False

    assert "no channel of a server" in capsys.readouterr().out


async def test_a_closed_client_starts_nothing(client: SitrepClient, doorkeeper: Doorkeeper) -> None:
    """An event that comes while the program ends leaves no work behind that nobody waits for."""
    await client.login(TOKEN)
    before = asyncio.all_tasks()
    client.dispatch("ready")
    begun = asyncio.all_tasks() - before
    await asyncio.gather(*begun)
    await client.close()

    client.dispatch("ready")

    assert (len(begun), asyncio.all_tasks() - before) == (1, set())


async def test_a_question_from_outside_a_server_is_refused() -> None:
    """A private message belongs to no server, so nobody knows what it may see."""
    outside: Any = type("Interaction", (), {"guild_id": None})()

    with pytest.raises(Unanswerable, match="only in a server"):
        viewer_of(outside)


def test_the_client_reads_no_messages(client: SitrepClient) -> None:
    """Of all events only those of servers are asked for."""
    assert client.intents == discord.Intents(guilds=True)


def test_the_invitation_asks_for_the_least() -> None:
    """View, send, send in threads, embed and read history: nothing else."""
    address = yarl.URL(invite_url(42))

    assert dict(address.query) == {"client_id": "42", "scope": "bot applications.commands", "permissions": str(INVITED.value)}
    assert {name for name, allowed in INVITED if allowed} == {
        "read_messages",
        "send_messages",
        "send_messages_in_threads",
        "embed_links",
        "read_message_history",
    }


def test_missing_permissions_are_named_as_discord_names_them() -> None:
    """People find the words in the settings of the channel."""
    assert missing(INVITED) == []
    assert missing(discord.Permissions(send_messages=True)) == ["View Channel", "Embed Links", "Read Message History"]
