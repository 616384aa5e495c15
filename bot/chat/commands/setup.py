"""`/setup channel`: where a server is told, checked before anything changes."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.chat.buttons import card_view
from bot.chat.cards import alert_embed
from bot.chat.desk import Asked, reply, viewer_of
from bot.chat.invite import missing
from bot.chat.replies import welcome
from bot.errors import Unanswerable

setup = app_commands.Group(
    name="setup", description="Where alerts go", default_permissions=discord.Permissions(manage_guild=True)
)


@setup.command(name="channel")
@app_commands.describe(channel="where alerts are to be posted")
@app_commands.checks.has_permissions(manage_guild=True)
async def choose_channel(interaction: Asked, channel: discord.TextChannel) -> None:
    """Post this server's alerts in a channel from now on."""
    lacking = missing(channel.permissions_for(channel.guild.me))
    if lacking:
        raise Unanswerable(f"I may not do this in #{channel.name} yet. Please allow me there: {', '.join(lacking)}.")
    await interaction.response.defer(ephemeral=True)
    viewer = viewer_of(interaction)
    answers = interaction.client.answers
    alert = await answers.settle_in(channel.guild.id, channel.id)
    if alert is None:
        said = welcome(await answers.watches(viewer), await answers.sources(viewer))
    else:
        await channel.send(embed=alert_embed(alert), view=card_view(alert))
        said = "A test alert shows how one looks."
    await reply(interaction, content=f"Alerts go to {channel.mention} from now on. {said}")
