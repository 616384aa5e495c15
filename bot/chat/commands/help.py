"""`/help`: what can be asked."""

from __future__ import annotations

from discord import app_commands

from bot.chat.desk import Asked, reply
from bot.chat.replies import help_embed


@app_commands.command(name="help")
async def show_help(interaction: Asked) -> None:
    """Show what can be asked, and the watch language in short."""
    await reply(interaction, embed=help_embed())
