"""Offers the names of watches while somebody types one."""

from __future__ import annotations

from discord import app_commands

from bot.chat.desk import Asked, viewer_of
from bot.chat.limits import CHOICE, CHOICES


async def offer_watches(interaction: Asked, typed: str) -> list[app_commands.Choice[str]]:
    """Return the watches whose name holds what was typed, those that begin with it first."""
    part = typed.strip().casefold()
    names = [
        name
        for name in await interaction.client.watch_names(viewer_of(interaction))
        if part in name.casefold() and len(name) <= CHOICE
    ]
    names.sort(key=lambda name: not name.casefold().startswith(part))
    return [app_commands.Choice(name=name, value=name) for name in names[:CHOICES]]
