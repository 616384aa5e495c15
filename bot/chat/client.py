"""The Discord client: which intents and commands there are, and how a login ends. Starting and closing it is for `app.py`."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import discord
import structlog
from aiohttp import ClientError
from discord import app_commands

from bot.chat.buttons import BUTTONS
from bot.chat.commands import COMMANDS
from bot.chat.desk import Desk, explain
from bot.chat.feed_buttons import FEED_BUTTONS
from bot.chat.feedback import FEEDBACK_BUTTONS
from bot.chat.pace import session_pause
from bot.chat.waiting import patience, trace
from bot.chat.watch_buttons import WATCH_BUTTONS
from bot.errors import StoreError, TokenError
from bot.model import Gateway
from bot.ports import Actors, Answers, Articles, Clock, Feeds, Insights, PlaceStore, WatchOrders

log = structlog.get_logger(__name__)

_SESSIONS = "gateway sessions"
"""The note that keeps when each session of the last day began."""
_PROBE_S = 5.0
_GATEWAY_PAUSE_S = 5.0
"""Discord takes one IDENTIFY in five seconds."""
_REFUSED = {4004: "it is not valid", 4013: "it may not use the intents", 4014: "it may not use the intents"}
"""Close codes of the gateway after which a restart would only be refused again (Discord, Gateway Close Event Codes)."""


class Tree(app_commands.CommandTree[Desk]):
    """The slash commands; what one of them raises is explained to the asker."""

    async def on_error(self, interaction: discord.Interaction[Desk], error: app_commands.AppCommandError) -> None:
        """Explain a failure."""
        await explain(interaction, error)


class SitrepClient(Desk):
    """Sitrep in Discord: no message is read, only servers, commands and buttons are known."""

    def __init__(
        self,
        *,
        answers: Answers,
        articles: Articles,
        feeds: Feeds,
        watches: WatchOrders,
        actors: Actors,
        insights: Insights,
        places: PlaceStore,
        clock: Clock,
    ) -> None:
        _need_no_voice()
        super().__init__(
            answers=answers,
            articles=articles,
            feeds=feeds,
            watches=watches,
            actors=actors,
            insights=insights,
            places=places,
            clock=clock,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=30.0,
            max_messages=None,
            chunk_guilds_at_startup=False,
            http_trace=trace(),
        )
        self.gateway = Gateway.AWAY
        self.gateway_since = clock()
        self.gateway_changed = asyncio.Event()
        self.tree = Tree(
            self,
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
        )
        for command in COMMANDS:
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        """Bring buttons of old messages to life, and register the commands if they changed; runs once, before the gateway."""
        self.add_dynamic_items(*BUTTONS, *FEED_BUTTONS, *FEEDBACK_BUTTONS, *WATCH_BUTTONS)
        try:
            await self.register_commands()
        except (discord.DiscordException, OSError, ClientError) as error:
            log.warning("the slash commands are not registered: trying again at the next start", reason=str(error))

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Pass an event on to its handlers; a client that is being closed starts nothing that nobody would wait for."""
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    async def on_ready(self) -> None:
        """Note that the gateway is there; it may come again after a reconnect."""
        log.info("connected", user=str(self.user), servers=len(self.guilds))

    async def on_connect(self) -> None:
        """Remember that the gateway is there."""
        self._stand(Gateway.CONNECTED)

    async def on_resumed(self) -> None:
        """Remember that the gateway is there again."""
        self._stand(Gateway.CONNECTED)

    async def on_disconnect(self) -> None:
        """Remember since when the gateway is away; each try that fails says it again."""
        self._stand(Gateway.AWAY)

    def _stand(self, gateway: Gateway) -> None:
        if gateway is not self.gateway:
            self.gateway, self.gateway_since = gateway, self.clock()
            self.gateway_changed.set()

    async def login(self, token: str) -> None:
        """Log in over REST; may be tried again after a ConnectionError.

        Raises:
            TokenError: Discord refuses the token.
            ConnectionError: Discord cannot be reached now.
        """
        _require_token(token)
        try:
            async with patience(self):
                await super().login(token)
        except discord.LoginFailure as error:
            raise TokenError("Discord refuses DISCORD_TOKEN: reset the token on the Bot page and copy it again.") from error
        except (discord.HTTPException, discord.RateLimited, OSError, ClientError) as error:
            await self.http.close()
            self.http.connector = discord.utils.MISSING
            raise ConnectionError(f"Discord cannot be reached: {error}") from error

    async def connect(self, *, reconnect: bool = True) -> None:
        """Stay connected to the gateway until closed; a program that is started again and again waits before.

        Raises:
            TokenError: Discord closed the connection for good.
        """
        if pause := session_pause(await self._sessions(), self.clock()):
            log.warning("too many sessions were begun lately: waiting, while alerts go on", wait_s=round(pause.total_seconds()))
            await asyncio.sleep(pause.total_seconds())
        try:
            await self._connect(reconnect=reconnect)
        except discord.PrivilegedIntentsRequired as error:
            raise TokenError(_closed_for_good(4014)) from error
        except discord.ConnectionClosed as error:
            if error.code in _REFUSED:
                raise TokenError(_closed_for_good(error.code)) from error
            raise

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Keep when each session began, for the next start to know."""
        now = self.clock()
        kept = [moment for moment in await self._sessions() if moment > now - timedelta(hours=24)]
        try:
            await self.places.note(_SESSIONS, json.dumps([moment.isoformat() for moment in [*kept, now]]), now=now)
        except StoreError as error:
            log.warning("the beginning of a session is not kept", reason=str(error))
        await super().before_identify_hook(shard_id, initial=initial)

    async def _sessions(self) -> list[datetime]:
        try:
            return [datetime.fromisoformat(moment) for moment in json.loads(await self.places.noted(_SESSIONS) or "[]")]
        except StoreError:
            return []

    async def _connect(self, *, reconnect: bool) -> None:
        """Connect; when the very first connection fails, discord.py trips over the socket it does not have yet."""
        while True:
            try:
                return await super().connect(reconnect=reconnect)
            except AttributeError:
                if self.ws is not None:
                    raise
            log.warning("the gateway cannot be reached, trying again", again_in_s=_GATEWAY_PAUSE_S)
            await asyncio.sleep(_GATEWAY_PAUSE_S)

    async def register_commands(self, *, anyway: bool = False) -> bool:
        """Register the slash commands with Discord if they differ from those registered last; return whether it was done."""
        key = f"commands:{self.application_id}"
        wanted = _fingerprint(self.tree)
        if not anyway and await self.places.noted(key) == wanted:
            return False
        async with patience(self):
            registered = await self.tree.sync()
        await self.places.note(key, wanted, now=self.clock())
        log.info("registered the slash commands", commands=len(registered))
        return True

    async def adopt_default(self, channel_id: int) -> bool:
        """Tell the server of this channel there, unless it has chosen its own; False, and a warning, if that cannot be.

        Raises:
            ConnectionError: Discord cannot be asked now.
        """
        try:
            async with patience(self):
                channel = await self.fetch_channel(channel_id)
        except (discord.Forbidden, discord.NotFound) as error:
            log.warning("DISCORD_CHANNEL_ID cannot be used: is the bot invited, and may it see the channel?", reason=str(error))
            return False
        except (discord.DiscordException, OSError, ClientError) as error:
            raise ConnectionError(f"Discord could not be asked about DISCORD_CHANNEL_ID: {error}") from error
        if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            log.warning("DISCORD_CHANNEL_ID cannot be used: it is no channel of a server", channel=channel_id)
            return False
        await self.places.default_channel(channel.guild.id, channel.id, now=self.clock())
        return True


async def refuse_bad_token(token: str) -> None:
    """Ask Discord about a token before anything is written; if it cannot be asked, that is found out later.

    Raises:
        TokenError: Discord refuses it.
    """
    _require_token(token)
    _need_no_voice()
    async with discord.Client(intents=discord.Intents(guilds=True)) as probe:  # without guilds it would warn of that
        try:
            async with asyncio.timeout(_PROBE_S):
                await probe.login(token)
        except discord.LoginFailure as error:
            raise TokenError("Discord refuses DISCORD_TOKEN: reset the token on the Bot page and copy it again.") from error
        except (discord.DiscordException, OSError, ClientError) as error:
            log.debug("the token was not checked", reason=str(error))


def _require_token(token: str) -> None:
    """Refuse what could not be a token, without asking anybody."""
    if not token.strip().isascii() or len(token.split()) != 1:
        raise TokenError("DISCORD_TOKEN is no token: copy it again from the Bot page of the application.")


def _need_no_voice() -> None:
    """Let discord.py not warn that it cannot speak: the bot never does."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


def _closed_for_good(close_code: int) -> str:
    return f"Discord closed the connection of DISCORD_TOKEN ({close_code}): {_REFUSED[close_code]}. See the Bot page of the application."


def _fingerprint(tree: Tree) -> str:
    commands = sorted((command.to_dict(tree) for command in tree.get_commands()), key=lambda command: str(command["name"]))
    return hashlib.blake2b(json.dumps(commands, sort_keys=True).encode(), digest_size=16).hexdigest()
