"""The form of a watch, for long queries; it holds what the watch is now, and what is left empty there, it has no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import discord

from bot.chat.desk import Asked, explained, giving_back
from bot.chat.invite import require_tellable
from bot.chat.watch_buttons import show
from bot.errors import Unanswerable
from bot.model import Level, WatchDraft

MOST_CHANNELS = 5
MOST_ALONE = 1000
"""So high a cap of an hour may be."""

KINDS = [discord.ChannelType.text, discord.ChannelType.news]
"""Channels that take a message."""


class WatchForm(discord.ui.Modal):
    """Takes a query of several lines, and where and to whom it tells."""

    def __init__(self, draft: WatchDraft, guild: discord.Guild | None) -> None:
        super().__init__(title=f"Watch {draft.name}"[:45])
        self.draft = draft
        channels = [one for channel in draft.channels if guild and (one := guild.get_channel(channel)) and one.type in KINDS]
        role = guild.get_role(draft.role) if guild and draft.role else None
        self._query: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph,
            max_length=2000,
            placeholder="North Korea, missile test",
            default=draft.query or None,
        )
        self._level: discord.ui.Select[Any] = discord.ui.Select(
            options=[
                discord.SelectOption(label=said, value=level.label, default=level is draft.level)
                for level, said in ((Level.ABOUT, "Only what is about it"), (Level.MENTION, "Every mention"))
            ]
        )
        self._channels: discord.ui.ChannelSelect[Any] = discord.ui.ChannelSelect(
            channel_types=KINDS, min_values=0, max_values=MOST_CHANNELS, required=False, default_values=channels
        )
        self._role: discord.ui.RoleSelect[Any] = discord.ui.RoleSelect(
            min_values=0, required=False, default_values=[role] if role else []
        )
        self._cap: discord.ui.TextInput[Any] = discord.ui.TextInput(
            required=False, max_length=4, default=str(draft.per_hour) if draft.per_hour else None
        )
        for text, description, component in (
            ("Query", None, self._query),
            ("Alerts on", None, self._level),
            ("Channels", "Where it tells; left empty, in this server's usual one", self._channels),
            ("Role", "Whom an alert mentions; left empty, nobody", self._role),
            ("Alone an hour", "So many alerts stand alone, more fold into one card; left empty, no limit", self._cap),
        ):
            self.add_item(discord.ui.Label(text=text, description=description, component=component))

    @explained
    async def on_submit(self, interaction: Asked) -> None:
        """Show what would be saved."""
        query = str(self._query.value)
        await interaction.response.defer(ephemeral=True, thinking=True)
        with giving_back(query):
            draft = replace(
                self.draft,
                query=query,
                level=next((Level[one.upper()] for one in self._level.values), self.draft.level),
                channels=tuple(self._told_in(interaction.guild)),
                role=next((role.id for role in self._role.values), None),
                per_hour=_cap(str(self._cap.value).strip()),
            )
            await show(interaction, draft)

    def _told_in(self, guild: discord.Guild | None) -> Iterator[int]:
        """Yield the channels that were chosen; in those that the watch has not had yet, the bot has to be able to tell."""
        for chosen in self._channels.values:
            known = guild.get_channel(chosen.id) if guild else None
            if known is not None and chosen.id not in self.draft.channels:
                require_tellable(known)
            yield chosen.id


def _cap(written: str) -> int | None:
    if not written:
        return None
    if not (written.isascii() and written.isdecimal()) or not 1 <= int(written) <= MOST_ALONE:
        raise Unanswerable(f"Alone an hour is a whole number from 1 to {MOST_ALONE:,}, or left empty.")
    return int(written)
