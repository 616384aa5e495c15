"""`/watch`: what is watched; everybody may look, and who manages the server may change it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import discord
from discord import app_commands

from bot.chat.commands.names import (
    offer_endings,
    offer_own_watches,
    offer_paused_watches,
    offer_told_watches,
    offer_watches,
)
from bot.chat.desk import Asked, giving_back, in_time, reply, viewer_of
from bot.chat.harmless import code, harmless
from bot.chat.invite import require_tellable
from bot.chat.replies import watch_embed, watches_embed
from bot.chat.watch_buttons import show
from bot.chat.watch_form import KINDS, MOST_ALONE, MOST_CHANNELS, WatchForm
from bot.chat.watch_report import report
from bot.chat.watches import backtest_embed
from bot.errors import Unanswerable
from bot.model import CONFIG_SERVER, Level, WatchDraft

_Name = app_commands.Range[str, 1, 200]
_NewName = app_commands.Range[str, 1, 80]
_Query = app_commands.Range[str, 1, 2000]
_Level = Literal["about", "mention"]
_Channels = app_commands.Range[str, 1, 300]
_Cap = app_commands.Range[int, 1, MOST_ALONE]
_Clear = Literal["role", "cap", "channels", "role, cap and channels"]
_for_managers = app_commands.checks.has_permissions(manage_guild=True)

watch = app_commands.Group(name="watch", description="What is watched")
watch.add_command(report)


@watch.command(name="list")
@app_commands.describe(page="which page of the list")
async def list_watches(interaction: Asked, page: app_commands.Range[int, 1, 999] = 1) -> None:
    """List what is watched."""
    views = await in_time(interaction, interaction.client.answers.watches(viewer_of(interaction)))
    await reply(interaction, embed=watches_embed(views, server=interaction.guild_id or CONFIG_SERVER, page=page))


@watch.command(name="show")
@app_commands.describe(name="the watch")
@app_commands.autocomplete(name=offer_watches)
async def show_watch(interaction: Asked, name: _Name) -> None:
    """Show how a watch was read and what it has caught."""
    view = await in_time(interaction, interaction.client.answers.watch(viewer_of(interaction), name))
    await reply(interaction, embed=watch_embed(view, interaction.guild_id or CONFIG_SERVER))


@watch.command(name="add")
@app_commands.describe(
    name="what to call it",
    query="North Korea, or actor:north-korea AND missile; left out, a form asks for a long one and the rest",
    level="tell of every mention, or only of what is about it",
    channels="where it tells, as #channels; this server's usual one if left out",
    role="whom an alert mentions",
    cap="so many alerts an hour stand alone, more fold into one card",
)
@app_commands.autocomplete(query=offer_endings)
@_for_managers
async def add_watch(
    interaction: Asked,
    name: _NewName,
    *,
    query: _Query | None = None,
    level: _Level = "about",
    channels: _Channels | None = None,
    role: discord.Role | None = None,
    cap: _Cap | None = None,
) -> None:
    """Look at a watch and what it would have caught, and save it."""
    draft = WatchDraft(
        name=name,
        query=query or "",
        level=Level[level.upper()],
        channels=_channels_of(interaction, channels or ""),
        role=role.id if role else None,
        per_hour=cap,
    )
    await _ask(interaction, draft, by_form=query is None)


@watch.command(name="edit")
@app_commands.describe(
    name="the watch",
    query="left out together with all else, a form holds all of the watch",
    level="tell of every mention, or only of what is about it",
    channels="where it tells, as #channels; a watch of the config can be told elsewhere, too",
    role="whom an alert mentions",
    cap="so many alerts an hour stand alone, more fold into one card",
    clear="what it should have no more; then what is usual in this server holds again",
)
@app_commands.autocomplete(name=offer_watches, query=offer_endings)
@_for_managers
async def edit_watch(
    interaction: Asked,
    name: _Name,
    *,
    query: _Query | None = None,
    level: _Level | None = None,
    channels: _Channels | None = None,
    role: discord.Role | None = None,
    cap: _Cap | None = None,
    clear: _Clear | None = None,
) -> None:
    """Change a watch of this server, or where one of the config is told."""
    cleared = _cleared(clear, role=role, cap=cap, channels=channels)
    where = () if "channels" in cleared else _channels_of(interaction, channels) if channels else None
    changes = (query, level, role, cap, clear if clear != "channels" else None)
    if where is not None and not any(changes) and await _rerouted(interaction, name, where):
        return
    known = await interaction.client.watches.editing(viewer_of(interaction), name)
    draft = WatchDraft(
        name=known.name,
        query=query or known.query,
        level=Level[level.upper()] if level else known.level,
        channels=known.channels if where is None else where,
        role=None if "role" in cleared else role.id if role else known.role,
        per_hour=None if "cap" in cleared else cap or known.per_hour,
        watch_id=known.id,
        revision=known.revision,
    )
    await _ask(interaction, draft, by_form=where is None and not any(changes))


@watch.command(name="remove")
@app_commands.describe(name="a watch that this server has added")
@app_commands.autocomplete(name=offer_own_watches)
@_for_managers
async def remove_watch(interaction: Asked, name: _Name) -> None:
    """Watch for something no longer; what still waits to be told of it is not told."""
    viewer = viewer_of(interaction)
    await interaction.response.defer(ephemeral=True)
    gone = await interaction.client.watches.remove(viewer, name)
    interaction.client.forget_watches()
    await reply(
        interaction, content=f"**{harmless(gone.name, 120)}** is no longer watched. Its query was {code(gone.query, 1500)}"
    )


@watch.command(name="pause")
@app_commands.describe(name="the watch")
@app_commands.autocomplete(name=offer_told_watches)
@_for_managers
async def pause_watch(interaction: Asked, name: _Name) -> None:
    """Tell this server nothing of a watch for a while."""
    await _silence(interaction, name, "is paused here until /watch resume.", paused=True)


@watch.command(name="resume")
@app_commands.describe(name="the watch")
@app_commands.autocomplete(name=offer_paused_watches)
@_for_managers
async def resume_watch(interaction: Asked, name: _Name) -> None:
    """Go on with a watch that is paused here."""
    await _silence(interaction, name, "goes on: what came meanwhile is not told.", paused=False)


@watch.command(name="test")
@app_commands.describe(query="as a watch has it: north korea, or actor:russia AND coal", days="how far back, 30 if left out")
@app_commands.autocomplete(query=offer_endings)
@_for_managers
async def try_query(interaction: Asked, query: _Query, days: app_commands.Range[int, 1, 365] = 30) -> None:
    """Run a query over the archive before it is saved."""
    viewer = viewer_of(interaction)
    await interaction.response.defer(ephemeral=True)
    with giving_back(query):
        async for test in interaction.client.watches.test(viewer, query, days=days):
            await interaction.edit_original_response(embed=backtest_embed(test))


async def _silence(interaction: Asked, name: str, said: str, *, paused: bool) -> None:
    viewer = viewer_of(interaction)
    await interaction.response.defer(ephemeral=True)
    watch = await interaction.client.watches.pause(viewer, name, paused=paused, here=_all_channels(interaction))
    interaction.client.forget_watches()
    await reply(interaction, content=f"**{harmless(watch.name, 120)}** {said}")


def _cleared(clear: _Clear | None, **given: object) -> frozenset[str]:
    """Return what a watch is to have no more.

    Raises:
        Unanswerable: one of it is given, too.
    """
    cleared = frozenset(re.findall(r"role|cap|channels", clear or ""))
    if both := [name for name, value in given.items() if value is not None and name in cleared]:
        raise Unanswerable(f"Either give {both[0]} or clear it, not both.")
    return cleared


async def _rerouted(interaction: Asked, name: str, where: tuple[int, ...]) -> bool:
    """Tell a watch of the config in other channels of this server; False if it is the server's own."""
    viewer = viewer_of(interaction)
    view = await interaction.client.answers.watch(viewer, name)
    if view.watch.server != CONFIG_SERVER:
        return False
    routed = await interaction.client.watches.route(viewer, name, where, here=_all_channels(interaction))
    interaction.client.forget_watches()
    there = "there" if where else "again where the config says"
    await reply(interaction, content=f"**{harmless(routed.name, 120)}** is told {there} from now on.")
    return True


async def _ask(interaction: Asked, draft: WatchDraft, *, by_form: bool) -> None:
    if by_form:
        await interaction.response.send_modal(WatchForm(draft, interaction.guild))
        return
    await interaction.response.defer(ephemeral=True)
    with giving_back(draft.query):
        await show(interaction, draft)


def _all_channels(interaction: Asked) -> Sequence[int]:
    """Return the channels and threads of the server, which a watch of the config may name."""
    guild = interaction.guild
    return [one.id for one in (*guild.channels, *guild.threads)] if guild else []


def _channels_of(interaction: Asked, written: str) -> tuple[int, ...]:
    """Return the channels that somebody has named, all of them in this server.

    Raises:
        Unanswerable: one is not, or the bot may not tell there.
    """
    named = tuple(dict.fromkeys(int(one) for one in re.findall(r"<#(\d{1,20})>", written)))
    known = {one.id: one for one in (interaction.guild.channels if interaction.guild else ()) if one.type in KINDS}
    if len(named) > MOST_CHANNELS or (written and not named) or not known.keys() >= set(named):
        raise Unanswerable(f"Name up to {MOST_CHANNELS} text channels of this server, as #news #alerts.")
    for one in named:
        require_tellable(known[one])
    return named
