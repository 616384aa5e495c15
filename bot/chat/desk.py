"""What every command and button stands on: the client with its answers, who asks, how to reply, and how to explain a failure."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar

import discord
import structlog
from aiohttp import ClientError
from discord import app_commands

from bot.chat.harmless import harmless
from bot.errors import Unanswerable
from bot.model import SourceState, Viewer, Watch
from bot.ports import Actors, Answers, Articles, Clock, Feeds, Insights, PlaceStore, WatchOrders

log = structlog.get_logger(__name__)

_T = TypeVar("_T")

_SOON = timedelta(seconds=1)
"""What is answered so soon needs no word that it is being worked on."""

_NAMES_KEPT = timedelta(seconds=30)
"""How long the names offered while somebody types may be old."""


class Desk(discord.Client):
    """A Discord client with what its commands and buttons need."""

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
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.answers = answers
        self.articles = articles
        self.feeds = feeds
        self.watches = watches
        self.actors = actors
        self.insights = insights
        self.places = places
        self.clock = clock
        self._watches: dict[Viewer, tuple[datetime, Sequence[Watch]]] = {}
        self._sources: dict[Viewer, tuple[datetime, Sequence[SourceState]]] = {}

    async def watches_of(self, viewer: Viewer) -> Sequence[Watch]:
        """Return a viewer's watches, at most half a minute old: people type faster than a store should be asked."""
        kept = self._watches.get(viewer)
        if kept is None or not self._is_fresh(kept[0]):
            kept = self.clock(), await self.watches.all(viewer)
            self._watches[viewer] = kept
        return kept[1]

    async def source_states(self, viewer: Viewer) -> Sequence[SourceState]:
        """Return how a viewer's sources stand, at most half a minute old."""
        kept = self._sources.get(viewer)
        if kept is None or not self._is_fresh(kept[0]):
            kept = self.clock(), await self.answers.sources(viewer)
            self._sources[viewer] = kept
        return kept[1]

    def forget_watches(self) -> None:
        """Ask anew next time, since watches have changed."""
        self._watches.clear()

    def forget_sources(self, viewer: Viewer) -> None:
        """Ask anew next time, since the viewer has changed them."""
        self._sources.pop(viewer, None)

    def _is_fresh(self, kept_at: datetime) -> bool:
        return kept_at <= self.clock() < kept_at + _NAMES_KEPT


Asked = discord.Interaction[Desk]
"""Somebody used a command or pressed a button."""


def viewer_of(interaction: Asked) -> Viewer:
    """Return who asks: a server, never a person.

    Raises:
        Unanswerable: the question comes from outside a server.
    """
    if interaction.guild_id is None:
        raise Unanswerable("This works only in a server, since a server is what follows the news.")
    return Viewer(server=interaction.guild_id)


def require_manager(interaction: Asked) -> None:
    """Let only members go on who may manage the server.

    Raises:
        app_commands.MissingPermissions: the asker is none of them.
    """
    if not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(["manage_guild"])


async def in_time(interaction: Asked, answer: Awaitable[_T]) -> _T:
    """Await an answer; if it takes long, say in time that it is being worked on: Discord gives a person up after three seconds."""
    asked = asyncio.ensure_future(answer)
    try:
        done, _ = await asyncio.wait({asked}, timeout=_SOON.total_seconds())
        if not done:
            await interaction.response.defer(ephemeral=True)
        return await asked
    finally:
        asked.cancel()


async def reply(
    interaction: Asked,
    *,
    content: str = "",
    embed: discord.Embed = discord.utils.MISSING,
    view: discord.ui.View = discord.utils.MISSING,
    file: discord.File = discord.utils.MISSING,
) -> None:
    """Answer the asker alone, whether or not the answer was deferred."""
    if interaction.response.is_done():
        await interaction.followup.send(content, embed=embed, view=view, file=file, ephemeral=True)
    else:
        await interaction.response.send_message(content, embed=embed, view=view, file=file, ephemeral=True)


@contextmanager
def giving_back(query: str) -> Iterator[None]:
    """Show a query that was refused below the reason: Discord forgets what was typed, and nobody types a long one twice.

    Raises:
        Unanswerable: what is said against it, with the query.
    """
    try:
        yield
    except Unanswerable as error:
        is_whole = error.quoted.partition("\n")[0] == query
        quoted = error.quoted if is_whole else "\n\n".join(filter(None, (error.quoted, query)))
        raise Unanswerable(str(error), quoted=quoted) from error


async def explain(interaction: Asked, error: BaseException) -> None:
    """Tell the asker what went wrong: the sentence of an expected failure, or an id under which the bug is in the log."""
    cause = getattr(error, "original", error)
    sentence = _sentence(cause, interaction)
    block = _block(cause.quoted) if isinstance(cause, Unanswerable) and cause.quoted else discord.utils.MISSING
    try:
        await reply(interaction, content=sentence, embed=block)
    except (discord.DiscordException, OSError, ClientError) as silence:
        log.warning("the asker could not be told", reason=str(silence))


def _sentence(cause: BaseException, interaction: Asked) -> str:
    match cause:
        case Unanswerable():
            return harmless(str(cause), 1500)
        case app_commands.MissingPermissions():
            return "Only members who may manage the server (Manage Server) can do this."
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return "This command has just changed. Please type it again in a minute."
        case app_commands.TransformerError(type=discord.AppCommandOptionType.channel):
            return "I do not see this channel. Please allow me View Channel there, and try again in a minute."
        case discord.Forbidden():
            return f"Discord forbids it: {harmless(cause.text, 300)}. Please check the bot's permissions."
    number = secrets.token_hex(4)
    log.error("an interaction failed", id=number, asked=_asked(interaction), exc_info=cause)
    return f"Something went wrong here. It is in the log of the bot under {number}."


def _block(lines: str) -> discord.Embed:
    """Draw lines as a block of code, in which nothing but its own end means anything; an embed has room for a long query."""
    return discord.Embed(description=f"```\n{lines.replace('`', 'ˋ')[:4000]}\n```")


def _asked(interaction: Asked) -> str:
    if command := interaction.command:
        return f"/{command.qualified_name}"
    data: Mapping[str, object] = {**(interaction.data or {})}
    return str(data.get("custom_id", "?"))


_Button = TypeVar("_Button")


def explained(
    press: Callable[[_Button, Asked], Awaitable[None]],
) -> Callable[[_Button, discord.Interaction[Any]], Coroutine[Any, Any, None]]:
    """Explain what a button's callback raises, as the command tree does for commands; discord.py would only log it."""

    @wraps(press)
    async def safely(button: _Button, interaction: discord.Interaction[Any]) -> None:
        try:
            await press(button, interaction)
        except Exception as error:  # noqa: BLE001 - the outermost frame of a button: nobody else can tell the asker
            await explain(interaction, error)

    return safely
