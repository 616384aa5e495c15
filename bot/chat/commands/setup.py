"""`/setup channel` and `/setup caps`: where a server is told, checked before anything changes, and how much at once."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.chat.buttons import card_view
from bot.chat.cards import alert_embed
from bot.chat.desk import Asked, reply, viewer_of
from bot.chat.invite import require_tellable
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
    require_tellable(channel)
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


_Cap = app_commands.Range[int, 1, 1000]


@setup.command(name="caps")
@app_commands.describe(
    per_poll="more alerts than this from one poll become one card",
    per_hour="more alerts than this in an hour become one card",
    channel="the channel; by default the one of /setup channel",
)
@app_commands.checks.has_permissions(manage_guild=True)
async def set_caps(
    interaction: Asked,
    per_poll: _Cap | None = None,
    per_hour: _Cap | None = None,
    channel: discord.TextChannel | None = None,
) -> None:
    """Set how many alerts a channel takes before they become one card; without numbers, what sources and settings say."""
    server = viewer_of(interaction).server
    assert server is not None  # a viewer in Discord is a server
    places = interaction.client.places
    where = await places.set_caps(server, channel.id if channel else None, per_poll=per_poll, per_hour=per_hour)
    if where is None:
        raise Unanswerable("This server has no channel for alerts yet: /setup channel chooses one.")
    await reply(interaction, content=f"<#{where}>: {_caps(per_poll, per_hour)} What is above is one card with their titles.")


def _caps(per_poll: int | None, per_hour: int | None) -> str:
    said = [
        f"{number:,} alerts {span}"
        for number, span in ((per_poll, "from one poll"), (per_hour, "an hour"))
        if number is not None
    ]
    return f"at most {' and '.join(said)} stand alone." if said else "the usual caps hold again."
