"""`/latest`: the newest articles that a watch took."""

from __future__ import annotations

from discord import app_commands

from bot.chat.buttons import page_view
from bot.chat.commands.names import offer_watches
from bot.chat.desk import Asked, in_time, reply, viewer_of
from bot.chat.replies import page_embed


@app_commands.command()
@app_commands.describe(watch="of this watch only", limit="how many on a page")
@app_commands.autocomplete(watch=offer_watches)
async def latest(interaction: Asked, watch: str | None = None, limit: app_commands.Range[int, 1, 10] = 5) -> None:
    """Show the newest articles that a watch took."""
    answer = interaction.client.answers.latest(viewer_of(interaction), watch=watch, size=limit)
    page = await in_time(interaction, answer)
    await reply(interaction, embed=page_embed(page), view=page_view(page))
