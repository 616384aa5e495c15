"""`/watch list` and `/watch show`: what is watched."""

from __future__ import annotations

from discord import app_commands

from bot.chat.commands.names import offer_watches
from bot.chat.desk import Asked, reply, viewer_of
from bot.chat.replies import watch_embed, watches_embed
from bot.chat.watch_report import report

watch = app_commands.Group(name="watch", description="What is watched")
watch.add_command(report)


@watch.command(name="list")
async def list_watches(interaction: Asked) -> None:
    """List what is watched."""
    views = await interaction.client.answers.watches(viewer_of(interaction))
    await reply(interaction, embed=watches_embed(views))


@watch.command(name="show")
@app_commands.describe(name="the watch")
@app_commands.autocomplete(name=offer_watches)
async def show_watch(interaction: Asked, name: app_commands.Range[str, 1, 200]) -> None:
    """Show how a watch was read and what it has caught."""
    view = await interaction.client.answers.watch(viewer_of(interaction), name)
    await reply(interaction, embed=watch_embed(view))
