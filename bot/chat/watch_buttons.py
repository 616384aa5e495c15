"""The controls under a watch that is not saved yet, and the form for long queries. Each button carries the key of its draft."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, ClassVar, Self

import discord

from bot.chat.desk import Asked, explained, reply, require_manager, viewer_of
from bot.chat.watches import look_embed, saved
from bot.model import SavedWatch, WatchDraft, WatchPreview

_KEY = r"(?P<key>[0-9a-f]{16})"


class _OfDraft(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_KEY):
    """A button that carries the key of a draft."""

    verb: ClassVar[str]
    label: ClassVar[str]
    style: ClassVar[discord.ButtonStyle]

    def __init__(self, key: str) -> None:
        super().__init__(discord.ui.Button(label=self.label, style=self.style, custom_id=f"watch:{self.verb}:{key}"))
        self.key = key

    @classmethod
    async def from_custom_id(
        cls, _asked: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button again from what it carries."""
        return cls(match["key"])


class Save(_OfDraft, template=rf"watch:save:{_KEY}"):
    """Saves what was looked at."""

    verb = "save"
    label = "Save"
    style = discord.ButtonStyle.primary

    @explained
    async def callback(self, interaction: Asked) -> None:
        """Save it, for who manages the server; whoever comes second sees what was changed, with their own text."""
        require_manager(interaction)
        viewer = viewer_of(interaction)
        await interaction.response.defer()
        kept = await interaction.client.watches.save(viewer, self.key)
        if isinstance(kept, SavedWatch):
            interaction.client.forget_watches()
            await interaction.edit_original_response(content=saved(kept), embed=None, view=None)
        else:
            await interaction.edit_original_response(embed=look_embed(kept), view=look_view(kept))


class Discard(_OfDraft, template=rf"watch:cancel:{_KEY}"):
    """Saves nothing."""

    verb = "cancel"
    label = "Cancel"
    style = discord.ButtonStyle.secondary

    @explained
    async def callback(self, interaction: Asked) -> None:
        """Forget it, and say so in the place of the question."""
        require_manager(interaction)
        viewer = viewer_of(interaction)
        await interaction.response.defer()
        await interaction.client.watches.cancel(viewer, self.key)
        await interaction.edit_original_response(content="Nothing was changed.", embed=None, view=None)


class QueryForm(discord.ui.Modal):
    """Takes a query of several lines."""

    query: discord.ui.TextInput[Any] = discord.ui.TextInput(
        label="Query", style=discord.TextStyle.paragraph, max_length=2000, placeholder="North Korea, missile test"
    )

    def __init__(self, draft: WatchDraft) -> None:
        super().__init__(title=f"Watch {draft.name}"[:45])
        self.draft = draft
        self.query.default = draft.query or None

    @explained
    async def on_submit(self, interaction: Asked) -> None:
        """Show what would be saved."""
        await interaction.response.defer(ephemeral=True)
        await show(interaction, replace(self.draft, query=str(self.query.value)))


WATCH_BUTTONS = (Save, Discard)
"""What is registered at start, so that they outlive it."""


def look_view(preview: WatchPreview) -> discord.ui.View:
    """Return the controls under a watch that is not saved yet."""
    return discord.ui.View(timeout=None).add_item(Save(preview.key)).add_item(Discard(preview.key))


async def show(interaction: Asked, draft: WatchDraft) -> None:
    """Show what would be saved, after the interaction was deferred."""
    preview = await interaction.client.watches.look(viewer_of(interaction), draft)
    await reply(interaction, embed=look_embed(preview), view=look_view(preview))
