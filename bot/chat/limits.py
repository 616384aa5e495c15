"""Keeps an embed within what Discord accepts, whatever is in it. It cuts; it never refuses."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.chat.harmless import plain, shorten, web_address

TITLE = 256
DESCRIPTION = 4096
AUTHOR = 256
FOOTER = 2048
FIELDS = 25
FIELD_NAME = 256
FIELD_VALUE = 1024
EMBED = 6000
"""Title, description, author, footer, field names and values together."""
CONTENT = 2000
BUTTON_URL = 512
BUTTON_LABEL = 80
CHOICES = 25
CHOICE = 100
BLANK = "\u200b"
"""The name of a field that needs none: a gap above it, which every client draws alike."""

_REST = 60
"""Characters that are kept for how many there are more."""


def with_each(embed: discord.Embed, fields: Sequence[tuple[str, str]], *, of: str) -> discord.Embed:
    """Return an embed with as many of these fields as it has room for, whole, and in its footer how many more there are."""
    for name, value in fields:
        if len(embed) + len(name) + len(value) + _REST > EMBED or len(embed.fields) == FIELDS:
            rest = len(fields) - len(embed.fields)
            embed.set_footer(text=f"and {rest} more {of}")
            break
        embed.add_field(name=name, value=value, inline=False)
    return within_limits(embed)


def within_limits(embed: discord.Embed) -> discord.Embed:
    """Return an embed like this one that obeys every limit: parts cut, empty fields and bad addresses left out.

    What is too long as a whole loses its description first, then its last fields.
    """
    fit = discord.Embed(
        title=shorten(embed.title or "", TITLE) or None,
        description=shorten(embed.description or "", DESCRIPTION) or None,
        url=web_address(embed.url or ""),
        colour=embed.colour,
        timestamp=embed.timestamp,
    )
    if embed.author.name:
        fit.set_author(name=plain(embed.author.name, AUTHOR))
    if embed.footer.text:
        fit.set_footer(text=plain(embed.footer.text, FOOTER))
    filled = [field for field in embed.fields if (field.name or "").strip() and (field.value or "").strip()]
    for field in filled[:FIELDS]:
        name, value = shorten(str(field.name), FIELD_NAME), shorten(str(field.value), FIELD_VALUE)
        fit.add_field(name=name, value=value, inline=field.inline)
    return _within_total(fit)


def _within_total(embed: discord.Embed) -> discord.Embed:
    """Take from the description what is too much in all, then the last fields."""
    if embed.description and len(embed) > EMBED:
        room = max(0, len(embed.description) - (len(embed) - EMBED))
        embed.description = shorten(embed.description, room) or None
    while len(embed) > EMBED:
        embed.remove_field(len(embed.fields) - 1)
    return embed
