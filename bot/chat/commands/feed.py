"""`/feed list`: where the news comes from."""

from __future__ import annotations

from discord import app_commands

from bot.chat.desk import Asked, reply, viewer_of
from bot.chat.replies import sources_embed

feed = app_commands.Group(name="feed", description="Where the news comes from")


@feed.command(name="list")
@app_commands.describe(page="Which page of the list, where it has several")
async def list_feeds(interaction: Asked, page: app_commands.Range[int, 1, 999] = 1) -> None:
    """List feeds and folders, and whether they are well."""
    states = await interaction.client.answers.sources(viewer_of(interaction))
    await reply(interaction, embed=sources_embed(states, page=page))
