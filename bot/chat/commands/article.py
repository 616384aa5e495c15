"""`/article`: where one article came from, what became of it, and how it was changed."""

from __future__ import annotations

from discord import app_commands

from bot.chat.desk import Asked, reply, viewer_of
from bot.chat.harmless import plain
from bot.chat.histories import history_embed
from bot.chat.limits import CHOICE, CHOICES


async def offer_articles(interaction: Asked, typed: str) -> list[app_commands.Choice[str]]:
    """Return the newest matching articles whose titles hold what was typed."""
    if typed.startswith("http"):
        return []
    found = await interaction.client.articles.offered(viewer_of(interaction), typed)
    return [
        app_commands.Choice(name=plain(one.title, CHOICE) or "Untitled", value=str(one.article_id)) for one in found[:CHOICES]
    ]


@app_commands.command()
@app_commands.describe(which="its link, or one of those that are offered")
@app_commands.autocomplete(which=offer_articles)
async def article(interaction: Asked, which: app_commands.Range[str, 1, 2000]) -> None:
    """Show where an article came from, what became of it, and how it was changed."""
    history = await interaction.client.articles.article(viewer_of(interaction), which)
    await reply(interaction, embed=history_embed(history))
