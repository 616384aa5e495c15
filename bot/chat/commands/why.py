"""`/why`: why an article was or was not told, watch by watch."""

from __future__ import annotations

from discord import app_commands

from bot.chat.commands.article import offer_articles
from bot.chat.desk import Asked, in_time, reply, viewer_of
from bot.chat.explanations import explanation_embed


@app_commands.command()
@app_commands.describe(url="the link of an article of the archive, or one of those that are offered")
@app_commands.autocomplete(url=offer_articles)
async def why(interaction: Asked, url: app_commands.Range[str, 1, 2000]) -> None:
    """Say watch by watch why an article was told, or what stopped it."""
    explanation = await in_time(interaction, interaction.client.insights.explain(viewer_of(interaction), url))
    await reply(interaction, embed=explanation_embed(explanation))
