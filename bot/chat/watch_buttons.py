"""The controls under a watch that is not saved yet. Each button carries the key of its draft."""

from __future__ import annotations

import discord

from bot.chat.desk import Asked, explained, reply, require_manager, viewer_of
from bot.chat.harmless import harmless
from bot.chat.keyed_buttons import KEY, KeyedButton
from bot.chat.replies import place
from bot.chat.watches import look_embed, saved
from bot.errors import Unanswerable
from bot.model import SavedWatch, Watch, WatchDraft, WatchPreview


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
            said = " ".join(filter(None, (saved(kept), await _told_nowhere(interaction, kept.watch))))
            await interaction.edit_original_response(content=said, embed=None, view=None)
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
    """Show what would be saved, after the interaction was deferred.

    Raises:
        Unanswerable: it cannot be saved.
    """
    if draft.role and draft.role == interaction.guild_id:  # the role that everybody has
        raise Unanswerable("An alert cannot mention @everyone: choose another role, or none.")
    preview = await interaction.client.watches.look(viewer_of(interaction), draft)
    await reply(interaction, content=_unpinged(interaction.guild, draft), embed=look_embed(preview), view=look_view(preview))


def _unpinged(guild: discord.Guild | None, draft: WatchDraft) -> str:
    """Say what to allow where Discord would show the mention of a role, and ping nobody."""
    role = guild.get_role(draft.role) if guild and draft.role else None
    if guild is None or role is None or role.mentionable or guild.me.guild_permissions.mention_everyone:
        return ""
    return (
        f"@{harmless(role.name, 100)} is not pinged yet: in the settings of the role, let anyone mention it, "
        "or allow me to mention all roles."
    )


async def _told_nowhere(interaction: Asked, watch: Watch) -> str:
    """Say how to choose a channel, where neither the watch nor the server has one."""
    if watch.channels or (await interaction.client.answers.standing(viewer_of(interaction))).channel:
        return ""
    return place(None)
