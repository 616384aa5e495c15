"""Tells Discord channels: posts, edits and finds cards, and says how it ended. It decides nothing about repeating."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import datetime, timedelta

import discord
from aiohttp import ClientError

from bot.chat.buttons import card_view, carried_by
from bot.chat.cards import card_embed
from bot.chat.pace import Pace
from bot.errors import TokenError
from bot.model import Alert, Broken, Fold, Gone, Later, Outcome, Refused, Sent

UNKNOWN_MESSAGE = 10008

_PATIENCE_S = 60.0
"""Longer than discord.py takes to repeat a 5xx, or to sleep out a rate limit of at most 30 s."""
_READY_S = 10.0
"""How long the gateway may take to say which channels there are; a bot that never connects to it cannot wait."""
_BANNED = timedelta(minutes=10)
"""After an answer that is not Discord's own: it comes from the network in front of it, which bans for minutes."""
_LOOK_BACK = timedelta(minutes=1)
"""How far the clocks of bot and Discord may differ."""
_LOOK_THROUGH = 1000
_MENTIONED = 75
"""Roles that fit into the 2,000 characters of a message."""


class DiscordCourier:
    """Tells Discord channels (the protocol `ports.Courier`); a destination is `channel:<id>`."""

    def __init__(self, client: discord.Client, pace: Pace | None = None) -> None:
        self._client = client
        self._pace = pace or Pace()

    async def post(self, card: Alert | Fold, destination: str, *, nonce: str) -> Outcome:
        """Post a card; with the nonce goes `enforce_nonce`, so that a repeat within minutes makes no second message."""
        roles = _roles(card)
        await self._pace.turn()
        return await _outcome(
            self._channel(destination).send(
                _mentions(roles),
                embed=card_embed(card),
                view=card_view(card),
                nonce=nonce,
                allowed_mentions=_allowed(roles),
            )
        )

    async def edit(self, card: Alert | Fold, destination: str, message_id: int) -> Outcome:
        """Bring a posted card up to date; an edit pings nobody."""
        roles = _roles(card)
        await self._pace.turn()
        return await _outcome(
            self._channel(destination)
            .get_partial_message(message_id)
            .edit(
                content=_mentions(roles),
                embed=card_embed(card),
                view=card_view(card),
                allowed_mentions=_allowed(roles),
            )
        )

    async def find(self, delivery_id: str, destination: str, *, since: datetime) -> int | None:
        """Look through the channel's own messages for the button that carries a delivery.

        Raises:
            LookupError: the messages cannot be read, or are too many, so nobody can tell.
            ConnectionError: Discord cannot be asked now.
        """
        channel = self._channel(destination)
        await self._pace.turn()
        read = 0
        try:
            async with asyncio.timeout(_PATIENCE_S):
                async for message in channel.history(limit=_LOOK_THROUGH, after=since - _LOOK_BACK):
                    read += 1
                    if self._is_own(message) and delivery_id in carried_by(message):
                        return message.id
                readable = read > 0 or await self._may_read(channel)
        except (discord.Forbidden, discord.NotFound) as error:
            raise LookupError(f"the messages of {destination} cannot be read: {error}") from error
        except (discord.DiscordException, OSError, ClientError) as error:
            raise ConnectionError(f"Discord could not be asked: {type(error).__name__} {error}".rstrip()) from error
        if not readable:
            raise LookupError(f"the messages of {destination} cannot be read: Read Message History is missing")
        if read == _LOOK_THROUGH:
            raise LookupError(f"{destination} has more than {_LOOK_THROUGH:,} messages since then")
        return None

    async def _may_read(self, channel: discord.PartialMessageable) -> bool:
        """Tell an empty channel from one whose history is hidden: Discord answers both with an empty list."""
        async for _ in channel.history(limit=1):
            return True
        async with asyncio.timeout(_READY_S):
            await self._client.wait_until_ready()
        known = self._client.get_channel(channel.id)
        return isinstance(known, discord.abc.GuildChannel) and known.permissions_for(known.guild.me).read_message_history

    def _is_own(self, message: discord.Message) -> bool:
        return self._client.user is not None and message.author.id == self._client.user.id

    def _channel(self, destination: str) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(int(destination.removeprefix("channel:")))


def _roles(card: Alert | Fold) -> Sequence[int]:
    """Return the roles to mention, each once: those of all watches of the card."""
    if isinstance(card, Fold):
        return ()
    return tuple(dict.fromkeys(watch.role for watch in card.watches if watch.role))[:_MENTIONED]


def _mentions(roles: Sequence[int]) -> str | None:
    return " ".join(f"<@&{role}>" for role in roles) or None


def _allowed(roles: Sequence[int]) -> discord.AllowedMentions:
    return discord.AllowedMentions(
        everyone=False, users=False, roles=[discord.Object(role) for role in roles], replied_user=False
    )


async def _outcome(request: Awaitable[discord.Message]) -> Outcome:
    """Wait for a request and say how it ended.

    Raises:
        TokenError: Discord no longer accepts the token.
    """
    try:
        async with asyncio.timeout(_PATIENCE_S):
            message = await request
    except discord.RateLimited as limited:
        return Later(reason="Discord asked to wait", pause=timedelta(seconds=limited.retry_after), unsure=False)
    except discord.HTTPException as error:
        return _answered(error)
    except (OSError, ClientError) as error:
        return Later(reason=f"Discord could not be reached: {type(error).__name__} {error}".rstrip())
    return Sent(message_id=message.id)


def _answered(error: discord.HTTPException) -> Outcome:
    """Turn an answer that is no success into an outcome; the text of a 400 names the part that Discord refuses."""
    reason = f"{error.status} ({error.code}) {'; '.join(error.text.splitlines())}".rstrip()
    match error.status:
        case 401:
            raise TokenError("Discord no longer accepts the token: put a new one into DISCORD_TOKEN.") from error
        case 429:
            return Later(reason=reason, pause=_asked_to_wait(error), unsure=False)
        case 403 | 404 if not error.code:
            return Later(reason=reason, pause=_BANNED, unsure=False)
        case 403:
            return Broken(reason=reason)
        case 404:
            return Gone(reason=reason) if error.code == UNKNOWN_MESSAGE else Broken(reason=reason)
    return Later(reason=reason) if error.status >= 500 else Refused(reason=reason)


def _asked_to_wait(error: discord.HTTPException) -> timedelta:
    try:
        return timedelta(seconds=float(error.response.headers["Retry-After"]))
    except (KeyError, ValueError):
        return _BANNED
