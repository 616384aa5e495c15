"""`/status`: how the bot stands."""

from __future__ import annotations

from discord import app_commands

from bot.chat.buttons import standing_view
from bot.chat.desk import Asked, in_time, reply, viewer_of
from bot.chat.replies import place, standing_embed


@app_commands.command()
async def status(interaction: Asked) -> None:
    """Show how the bot stands."""
    standing = await in_time(interaction, interaction.client.answers.standing(viewer_of(interaction)))
    view = standing_view(standing, for_manager=interaction.permissions.manage_guild)
    await reply(interaction, content=place(standing.channel), embed=standing_embed(standing), view=view)
