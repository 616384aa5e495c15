"""`/search`: the archive, asked in the language of the watches."""

from __future__ import annotations

from discord import app_commands

from bot.chat.buttons import page_view
from bot.chat.commands.names import offer_endings
from bot.chat.desk import Asked, reply, viewer_of
from bot.chat.replies import page_embed

_SIZE = 5


@app_commands.command()
@app_commands.describe(query="North Korea, or actor:north-korea AND missile", since="3 days, 12h or 2026-11-01")
@app_commands.autocomplete(query=offer_endings)
async def search(
    interaction: Asked, query: app_commands.Range[str, 1, 500], since: app_commands.Range[str, 1, 40] | None = None
) -> None:
    """Search the archive in the language of the watches."""
    viewer = viewer_of(interaction)
    await interaction.response.defer(ephemeral=True)
    page = await interaction.client.answers.search(viewer, query=query, since=since, size=_SIZE)
    await reply(interaction, embed=page_embed(page), view=page_view(page))
