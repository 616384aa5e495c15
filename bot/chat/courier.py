"""Tells Discord channels: posts, edits and finds cards, and says how it ended. It decides nothing about repeating."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta

import discord
from aiohttp import ClientError

from bot.chat.buttons import card_view, carried_by
from bot.chat.cards import card_embed, notice_embed
from bot.chat.invite import missing
from bot.chat.owners import READY_S, NobodyThere, Room, rooms_of, server_of
from bot.chat.pace import Pace
from bot.chat.waiting import breakages, patience
from bot.errors import TokenError
from bot.model import Alert, Broken, Card, Gone, Later, Notice, Outcome, Refused, Sent, channel_of, managed_by

UNKNOWN_MESSAGE = 10008

_BANNED = timedelta(minutes=10)
"""After an answer that is not Discord's own: it comes from the network in front of it, which bans for minutes."""
_LOOK_BACK = timedelta(hours=2)
"""How far the clocks of bot and Discord may differ."""
_SURELY_BEFORE = timedelta(minutes=1)
"""How far before an attempt a look has to reach at least."""
_LOOK_THROUGH = 1000
_MENTIONED = 75
"""Roles that fit into the 2,000 characters of a message."""


class _Unreadable(Exception):
    """What was posted in a channel cannot be told."""


class DiscordCourier:
    """Tells Discord (the protocol `ports.Courier`): a channel, or in a notice those who manage a server."""

    def __init__(self, client: discord.Client, pace: Pace | None = None) -> None:
        self._client = client
        self._pace = pace or Pace()

    async def post(self, card: Card, destination: str, *, nonce: str) -> Outcome:
        """Post a card; with the nonce goes `enforce_nonce`, so that a repeat within minutes makes no second message."""
        await self._pace.turn()
        server = managed_by(destination)
        if server is not None:
            return await self._outcome(self._tell_managers(card, server, nonce))
        roles = _roles(card)
        outcome = await self._outcome(
            self._channel(destination).send(
                _mentions(roles),
                embed=card_embed(card),
                view=card_view(card),
                nonce=nonce,
                allowed_mentions=_allowed(roles),
            )
        )
        return self._explained(outcome, destination)

    async def edit(self, card: Card, destination: str, message_id: int) -> Outcome:
        """Bring a posted card up to date; an edit pings nobody, and a notice stays as it was posted."""
        if isinstance(card, Notice):
            return Sent(message_id=message_id)
        roles = _roles(card)
        await self._pace.turn()
        outcome = await self._outcome(
            self._channel(destination)
            .get_partial_message(message_id)
            .edit(
                content=_mentions(roles),
                embed=card_embed(card),
                view=card_view(card),
                allowed_mentions=_allowed(roles),
            )
        )
        return self._explained(outcome, destination)

    async def find(self, delivery_id: str, destination: str, *, since: datetime) -> int | None:
        """Look through the destination's own messages for the button that carries a delivery.

        Raises:
            LookupError: the messages cannot be read, or are too many, so nobody can tell.
            ConnectionError: Discord cannot be asked now.
        """
        await self._pace.turn()
        try:
            async with patience(self._client), aclosing(self._rooms(destination)) as rooms:
                async for room in rooms:
                    found = await self._find_in(room, delivery_id, since)
                    if found is not None:
                        return found
        except (discord.Forbidden, discord.NotFound, NobodyThere, _Unreadable) as error:
            raise LookupError(f"the messages of {destination} cannot be read: {error}") from error
        except (discord.DiscordException, OSError, ClientError) as error:
            _require_token(error)
            raise ConnectionError(f"Discord could not be asked: {type(error).__name__} {error}".rstrip()) from error
        return None

    async def _rooms(self, destination: str) -> AsyncGenerator[Room, None]:
        server = managed_by(destination)
        if server is None:
            yield self._channel(destination)
            return
        async with aclosing(rooms_of(self._client, await server_of(self._client, server))) as rooms:
            async for room in rooms:
                yield room

    async def _find_in(self, room: Room, delivery_id: str, since: datetime) -> int | None:
        """Look from the newest message backwards: what is looked for is not far down, whatever our clock has said of it."""
        read, oldest = 0, None
        async for message in room.history(limit=_LOOK_THROUGH):
            read, oldest = read + 1, message.created_at
            if oldest < since - _LOOK_BACK:
                return None
            if self._is_own(message) and delivery_id in carried_by(message):
                return message.id
        if read == _LOOK_THROUGH and oldest is not None and oldest >= since - _SURELY_BEFORE:
            raise _Unreadable(f"there are more than {_LOOK_THROUGH:,} since then")
        if not read and not await self._may_read(room):
            raise _Unreadable("Read Message History is missing")
        return None

    async def _may_read(self, room: Room) -> bool:
        """Tell an empty channel from one whose history is hidden: Discord answers both with an empty list."""
        if isinstance(room, discord.DMChannel):
            return True
        async with asyncio.timeout(READY_S):
            await self._client.wait_until_ready()
        known = self._client.get_channel(room.id)
        return isinstance(known, discord.abc.GuildChannel) and known.permissions_for(known.guild.me).read_message_history

    async def _tell_managers(self, card: Card, server: int, nonce: str) -> discord.Message:
        """Post where the first of those places takes it.

        Raises:
            NobodyThere: none does.
        """
        guild = await server_of(self._client, server)
        embed = notice_embed(card, server=guild.name) if isinstance(card, Notice) else card_embed(card)
        async with aclosing(rooms_of(self._client, guild)) as rooms:
            async for room in rooms:
                try:
                    return await room.send(embed=embed, view=card_view(card), nonce=nonce, allowed_mentions=_allowed(()))
                except (discord.Forbidden, discord.NotFound) as refused:
                    if not refused.code:
                        raise  # it comes from the network in front of Discord
        raise NobodyThere("the server's owner takes no direct message, and no channel for Discord's own notices can be used")

    async def _outcome(self, request: Awaitable[discord.Message]) -> Outcome:
        """Wait for a request and say how it ended.

        Raises:
            TokenError: Discord no longer accepts the token.
        """
        with breakages() as met:
            outcome = await self._ended(request)
        # What broke before the last answer may have been posted all the same.
        return replace(outcome, unsure=True) if met and isinstance(outcome, Later | Broken) else outcome

    async def _ended(self, request: Awaitable[discord.Message]) -> Outcome:
        try:
            async with patience(self._client):
                message = await request
        except discord.RateLimited as limited:
            return Later(reason="Discord asked to wait", pause=timedelta(seconds=limited.retry_after), unsure=False)
        except discord.HTTPException as error:
            return _answered(error)
        except NobodyThere as error:
            return Broken(reason=str(error))
        except (OSError, ClientError) as error:
            return Later(reason=f"Discord could not be reached: {type(error).__name__} {error}".rstrip())
        return Sent(message_id=message.id)

    def _explained(self, outcome: Outcome, destination: str) -> Outcome:
        """Add to a breakage what people call the channel, whose it is, and what is missing there."""
        known = self._client.get_channel(channel_of(destination) or 0) if isinstance(outcome, Broken) else None
        if not isinstance(outcome, Broken) or not isinstance(known, discord.abc.GuildChannel | discord.Thread):
            return outcome
        lacking = missing(known.permissions_for(known.guild.me)) if isinstance(known, discord.abc.GuildChannel) else ()
        return replace(outcome, name=f"#{known.name}", server=known.guild.id, allow=tuple(lacking))

    def _is_own(self, message: discord.Message) -> bool:
        return self._client.user is not None and message.author.id == self._client.user.id

    def _channel(self, destination: str) -> discord.PartialMessageable:
        channel = channel_of(destination)
        assert channel is not None, f"{destination} is no channel"
        return self._client.get_partial_messageable(channel)


def _roles(card: Card) -> Sequence[int]:
    """Return the roles to mention, each once: those of all watches of the card."""
    if not isinstance(card, Alert):
        return ()
    return tuple(dict.fromkeys(watch.role for watch in card.watches if watch.role))[:_MENTIONED]


def _mentions(roles: Sequence[int]) -> str | None:
    return " ".join(f"<@&{role}>" for role in roles) or None


def _allowed(roles: Sequence[int]) -> discord.AllowedMentions:
    return discord.AllowedMentions(
        everyone=False, users=False, roles=[discord.Object(role) for role in roles], replied_user=False
    )


def _answered(error: discord.HTTPException) -> Outcome:
    """Turn an answer that is no success into an outcome; the text of a 400 names the part that Discord refuses."""
    reason = f"{error.status} ({error.code}) {'; '.join(error.text.splitlines())}".rstrip()
    _require_token(error)
    match error.status:
        case 429:
            return Later(reason=reason, pause=_asked_to_wait(error), unsure=False)
        case 403 | 404 if not error.code:
            return Later(reason=reason, pause=_BANNED, unsure=False)
        case 403:
            return Broken(reason=reason)
        case 404:
            return Gone(reason=reason) if error.code == UNKNOWN_MESSAGE else Broken(reason=reason, lost=True)
    return Later(reason=reason) if error.status >= 500 else Refused(reason=reason)


def _require_token(error: Exception) -> None:
    """Let nothing go on that would only be refused again: many answers with 401 ban the address.

    Raises:
        TokenError: Discord no longer accepts the token.
    """
    if isinstance(error, discord.HTTPException) and error.status == 401:
        raise TokenError("Discord no longer accepts the token: put a new one into DISCORD_TOKEN.") from error


def _asked_to_wait(error: discord.HTTPException) -> timedelta:
    try:
        return timedelta(seconds=float(error.response.headers["Retry-After"]))
    except (KeyError, ValueError):
        return _BANNED
