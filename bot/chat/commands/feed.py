"""`/feed`: where the news comes from; everybody may look, and who manages the server may change what it follows."""

from __future__ import annotations

import io

import discord
from aiohttp import ClientError
from discord import app_commands

from bot.chat.amounts import count
from bot.chat.commands.names import offer_checkable, offer_own, offer_paused, offer_told
from bot.chat.desk import Asked, in_time, reply, viewer_of
from bot.chat.feed_buttons import look_view
from bot.chat.feeds import checkup_embed, imported_embed, look_embed, paused, removed, resumed
from bot.chat.replies import sources_embed
from bot.errors import Unanswerable

LARGEST_LIST = 1_000_000
"""Bytes of a list of feeds: thousands of feeds are smaller."""

_Name = app_commands.Range[str, 1, 100]
_for_managers = app_commands.checks.has_permissions(manage_guild=True)

feed = app_commands.Group(name="feed", description="Where the news comes from")


@feed.command(name="list")
@app_commands.describe(page="Which page of the list, where it has several")
async def list_feeds(interaction: Asked, page: app_commands.Range[int, 1, 999] = 1) -> None:
    """List feeds and folders, and whether they are well."""
    found = await in_time(interaction, interaction.client.answers.source_page(viewer_of(interaction), page))
    await reply(interaction, embed=sources_embed(found))


@feed.command(name="add")
@app_commands.describe(
    url="of a feed, or of a page that has one", every="how often it is asked: 15 min, 2 h", name="what to call it"
)
@_for_managers
async def add_feed(
    interaction: Asked,
    url: app_commands.Range[str, 1, 2000],
    every: app_commands.Range[str, 1, 20] | None = None,
    name: _Name | None = None,
) -> None:
    """Look at a feed, and follow it once you confirm."""
    viewer = viewer_of(interaction)
    await interaction.response.defer(ephemeral=True)
    look = await interaction.client.feeds.look(viewer, url, every=every, name=name)
    await reply(interaction, embed=look_embed(look), view=look_view(look))


@feed.command(name="remove")
@app_commands.describe(name="a feed that this server has added")
@app_commands.autocomplete(name=offer_own)
@_for_managers
async def remove_feed(interaction: Asked, name: _Name) -> None:
    """Follow a feed no longer."""
    viewer = viewer_of(interaction)
    await interaction.response.defer(ephemeral=True)
    state = await interaction.client.feeds.remove(viewer, name)
    interaction.client.forget_sources(viewer)
    await reply(interaction, content=removed(state))


@feed.command(name="pause")
@app_commands.describe(name="the feed or folder")
@app_commands.autocomplete(name=offer_told)
@_for_managers
async def pause_feed(interaction: Asked, name: _Name) -> None:
    """Tell this server nothing of a feed or folder for a while."""
    viewer = viewer_of(interaction)
    await interaction.response.defer(ephemeral=True)
    state = await interaction.client.feeds.pause(viewer, name)
    interaction.client.forget_sources(viewer)
    await reply(interaction, content=paused(state))


@feed.command(name="resume")
@app_commands.describe(name="the feed or folder")
@app_commands.autocomplete(name=offer_paused)
@_for_managers
async def resume_feed(interaction: Asked, name: _Name) -> None:
    """Go on with a feed or folder that is paused, or was given up."""
    viewer = viewer_of(interaction)
    await interaction.response.defer(ephemeral=True)
    state = await interaction.client.feeds.resume(viewer, name)
    interaction.client.forget_sources(viewer)
    await reply(interaction, content=resumed(state))


@feed.command(name="check")
@app_commands.describe(name="the feed")
@app_commands.autocomplete(name=offer_checkable)
@_for_managers
async def check_feed(interaction: Asked, name: _Name) -> None:
    """Ask a feed now, and show what it answers; nothing of it is kept."""
    viewer = viewer_of(interaction)
    await interaction.response.defer(ephemeral=True)
    await reply(interaction, embed=checkup_embed(await interaction.client.feeds.check(viewer, name)))


@feed.command(name="export")
@_for_managers
async def export_feeds(interaction: Asked) -> None:
    """Get the feeds that this server has added as a file for other readers (OPML)."""
    viewer = viewer_of(interaction)
    await interaction.response.defer(ephemeral=True)
    body, number = await interaction.client.feeds.export(viewer)
    await reply(interaction, content=f"{count(number, 'feed')}.", file=discord.File(io.BytesIO(body), "feeds.opml"))


@feed.command(name="import")
@app_commands.describe(file="a list of feeds from another reader (OPML)")
@_for_managers
async def import_feeds(interaction: Asked, file: discord.Attachment) -> None:
    """Follow the feeds of a list from another reader."""
    viewer = viewer_of(interaction)
    if file.size > LARGEST_LIST:
        raise Unanswerable(f"{file.filename} is larger than 1 MB: split it into several lists.")
    await interaction.response.defer(ephemeral=True)
    try:
        body = await file.read()
    except (discord.DiscordException, OSError, ClientError) as error:
        raise Unanswerable("Discord did not hand the file over: please try again.") from error
    imported = await interaction.client.feeds.take_in(viewer, body)
    interaction.client.forget_sources(viewer)
    await reply(interaction, embed=imported_embed(imported))
