"""Finds where those who run a server are told: its owner in a direct message, else the channels Discord itself writes to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import discord

from bot.chat.invite import missing

READY_S = 10.0
"""How long the gateway may take to say which channels there are; a bot that never connects to it cannot wait."""


Room = discord.PartialMessageable | discord.DMChannel | discord.TextChannel
"""Somewhere messages can be posted and read back."""


class NobodyThere(Exception):
    """Nobody who runs a server can be reached; the message says why."""


async def server_of(client: discord.Client, server: int) -> discord.Guild:
    """Return a server.

    Raises:
        NobodyThere: the bot is not in it.
        discord.HTTPException: Discord cannot be asked now.
    """
    if known := client.get_guild(server):
        return known
    try:
        return await client.fetch_guild(server, with_counts=False)
    except (discord.Forbidden, discord.NotFound) as error:
        if not error.code:
            raise  # it comes from the network in front of Discord
        raise NobodyThere(f"the bot is no longer in the server {server}") from error


async def rooms_of(client: discord.Client, guild: discord.Guild) -> AsyncGenerator[Room, None]:
    """Yield where those who run a server may be told, the best first; the next is for when one refuses.

    Raises:
        discord.HTTPException: Discord cannot be asked now.
    """
    if guild.owner_id is not None:
        try:
            yield await client.create_dm(discord.Object(guild.owner_id))
        except (discord.Forbidden, discord.NotFound) as error:
            if not error.code:
                raise
    async for room in _public_rooms(client, guild.id):
        yield room


async def _public_rooms(client: discord.Client, server: int) -> AsyncGenerator[discord.TextChannel, None]:
    if client.get_guild(server) is None:  # what is fetched alone has no channels
        try:
            async with asyncio.timeout(READY_S):
                await client.wait_until_ready()
        except TimeoutError:
            return
    guild = client.get_guild(server)
    for room in dict.fromkeys((guild.system_channel, guild.public_updates_channel)) if guild is not None else ():
        if room is not None and not missing(room.permissions_for(room.guild.me)):
            yield room
