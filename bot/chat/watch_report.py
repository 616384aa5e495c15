"""`/watch report`: what people think of the alerts of a watch, and what would help."""

from __future__ import annotations

from discord import app_commands

from bot.chat.commands.names import offer_watches
from bot.chat.desk import Asked, in_time, reply, viewer_of
from bot.chat.explanations import report_embed


@app_commands.command()
@app_commands.describe(name="the watch")
@app_commands.autocomplete(name=offer_watches)
async def report(interaction: Asked, name: app_commands.Range[str, 1, 200]) -> None:
    """Show how many alerts of a watch were relevant, and what would help."""
    found = await in_time(interaction, interaction.client.insights.report(viewer_of(interaction), name))
    await reply(interaction, embed=report_embed(found))
