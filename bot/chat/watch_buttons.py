"""The controls under a watch that is not saved yet. Each button carries the key of its draft."""

from __future__ import annotations

import discord

from bot.chat.desk import Asked, explained, reply, require_manager, viewer_of
from bot.chat.keyed_buttons import KEY, KeyedButton
from bot.chat.watches import look_embed, saved
from bot.model import SavedWatch, WatchDraft, WatchPreview


class Save(KeyedButton, template=rf"watch:save:{KEY}"):
    """Saves what was looked at."""

    action = "watch:save"
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


class Discard(KeyedButton, template=rf"watch:cancel:{KEY}"):
    """Saves nothing."""

    action = "watch:cancel"
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


WATCH_BUTTONS = (Save, Discard)
"""What is registered at start, so that they outlive it."""


def look_view(preview: WatchPreview) -> discord.ui.View:
    """Return the controls under a watch that is not saved yet."""
    return discord.ui.View(timeout=None).add_item(Save(preview.key)).add_item(Discard(preview.key))


async def show(interaction: Asked, draft: WatchDraft) -> None:
    """Show what would be saved, after the interaction was deferred."""
    preview = await interaction.client.watches.look(viewer_of(interaction), draft)
    await reply(interaction, embed=look_embed(preview), view=look_view(preview))
