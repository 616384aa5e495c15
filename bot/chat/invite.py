"""Says what the bot may do in a server: the address that invites it, and what it lacks in a channel."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.errors import Unanswerable

INVITED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    read_message_history=True,
)
"""All the bot asks for. Read Message History is what settles a delivery in doubt."""

_NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
    "read_message_history": "Read Message History",
}


def invite_url(application_id: int) -> str:
    """Return the address at which somebody adds the bot to a server, with the least permissions."""
    return discord.utils.oauth_url(application_id, permissions=INVITED, scopes=("bot", "applications.commands"))


def require_tellable(channel: discord.abc.GuildChannel) -> None:
    """Do nothing where the bot may tell.

    Raises:
        Unanswerable: it lacks something in the channel; the sentence names what.
    """
    if lacking := missing(channel.permissions_for(channel.guild.me)):
        raise Unanswerable(f"I may not do this in #{channel.name} yet. Please allow me there: {', '.join(lacking)}.")


def missing(permissions: discord.Permissions) -> Sequence[str]:
    """Return what a bot lacks to tell a channel, in the words of Discord's settings."""
    return [name for flag, name in _NEEDED.items() if not getattr(permissions, flag)]
