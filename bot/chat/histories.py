"""Draws the history of one article. Pure: a value in, an embed out."""

from __future__ import annotations

import discord

from bot.chat.cards import COLOURS, QUIET, WARNING, listed, moment
from bot.chat.changes import change_lines
from bot.chat.harmless import code, harmless
from bot.chat.limits import TITLE, within_limits
from bot.model import Change, History

_VERSIONS = 5
_VERSION = 900


def history_embed(history: History) -> discord.Embed:
    """Draw one article: its dates, what is unusual about it, and its changes, the newest first."""
    headline = history.headline
    colour = WARNING if history.withdrawn_at else COLOURS[headline.level] if headline.watches else QUIET
    embed = discord.Embed(title=harmless(headline.title, TITLE) or "Untitled", url=headline.url, colour=colour)
    embed.set_author(name=headline.source)
    embed.add_field(name="Published", value=_published(history))
    embed.add_field(name="Found", value=discord.utils.format_dt(headline.collected, "R"))
    embed.add_field(name="Watches", value=listed([harmless(name, 60) for name in headline.watches], 300) or "none matches")
    embed.add_field(name="Also from", value=listed([harmless(name, 60) for name in history.copies], 300), inline=False)
    embed.add_field(name="To know", value="\n".join(_unusual(history)), inline=False)
    for change in history.changes[:_VERSIONS]:
        embed.add_field(name=_name(change), value="\n".join(_lines(change)), inline=False)
    rest = len(history.changes) - _VERSIONS
    embed.set_footer(text=f"and {rest} earlier versions" if rest > 0 else f"Article {headline.article_id}")
    return within_limits(embed)


def _published(history: History) -> str:
    published = history.published
    if published is None:
        return "no date was given"
    raw = f"\nread from {code(published.raw, 60)}" if published.raw else ""
    return f"{moment(history.headline)}{raw}"


def _unusual(history: History) -> list[str]:
    withdrawn = history.withdrawn_at
    return [
        line
        for line in (
            f"Its source deleted it {discord.utils.format_dt(withdrawn, 'R')}." if withdrawn else "",
            f"Only a part was read: {harmless(history.excerpt, 200)}." if history.excerpt else "",
            f"Nobody was told: {harmless(history.untold, 200)}." if history.untold else "",
            f"It was {harmless(history.trouble, 200)}" if history.trouble else "",
            "It is still to be read." if history.unread else "",
            "" if history.changes else "It has not been changed since it was found.",
        )
        if line
    ]


def _name(change: Change) -> str:
    return f"Changed · {change.at:%Y-%m-%d %H:%M} UTC"


def _lines(change: Change) -> list[str]:
    return change_lines(change, most=6, limit=_VERSION) or ["Only its setting was changed."]
