"""`/actor`: what the actors are made of; everybody may look, and who manages the server may change what they are called here."""

from __future__ import annotations

import io

import discord
from discord import app_commands

from bot.chat.actors import actor_embed, actor_text, actors_embed, changed, is_cut
from bot.chat.commands.names import offer_actors, offer_forms
from bot.chat.desk import Asked, reply, viewer_of
from bot.chat.harmless import harmless
from bot.model import DECOY, ActorView, AliasKind

_Name = app_commands.Range[str, 1, 100]
_Form = app_commands.Range[str, 1, 100]
_KINDS = [app_commands.Choice(name=kind, value=kind) for kind in (*map(str, AliasKind), DECOY)]
_for_managers = app_commands.checks.has_permissions(manage_guild=True)

actor = app_commands.Group(name="actor", description="Who can be watched, and by which names")


@actor.command(name="list")
@app_commands.describe(page="which page of the list")
async def list_actors(interaction: Asked, page: app_commands.Range[int, 1, 999] = 1) -> None:
    """List who can be watched."""
    await reply(interaction, embed=actors_embed(await interaction.client.actors.names(viewer_of(interaction)), page=page))


@actor.command(name="show")
@app_commands.describe(actor="its name or id")
@app_commands.autocomplete(actor=offer_actors)
async def show_actor(interaction: Asked, actor: _Name) -> None:
    """Show what an actor is made of: names, leaders with their days, institutions, decoys."""
    await _show(interaction, await interaction.client.actors.show(viewer_of(interaction), actor))


@actor.command(name="add")
@app_commands.describe(
    actor="its name or id", kind="what the alias is of it; a decoy only looks like it", alias="what it is called"
)
@app_commands.autocomplete(actor=offer_actors)
@app_commands.choices(kind=_KINDS)
@_for_managers
async def add_alias(interaction: Asked, actor: _Name, kind: str, alias: _Form) -> None:
    """Give an actor another name in this server, or a decoy."""
    viewer = viewer_of(interaction)
    await interaction.response.defer(ephemeral=True)
    view = await interaction.client.actors.add(viewer, actor, None if kind == DECOY else AliasKind(kind), alias)
    await reply(interaction, content=changed(view, alias, kind=kind))


@actor.command(name="remove")
@app_commands.describe(actor="its name or id", alias="one of its names or decoys")
@app_commands.autocomplete(actor=offer_actors, alias=offer_forms)
@_for_managers
async def remove_alias(interaction: Asked, actor: _Name, alias: _Form) -> None:
    """Take a name or a decoy from an actor in this server."""
    viewer = viewer_of(interaction)
    await interaction.response.defer(ephemeral=True)
    view = await interaction.client.actors.remove(viewer, actor, alias)
    await reply(interaction, content=changed(view, alias))


@actor.command(name="define")
@app_commands.describe(name="what it is called", key="what queries call it, such as acme-corp; made of the name if left out")
@_for_managers
async def define_actor(interaction: Asked, name: _Form, key: app_commands.Range[str, 1, 60] | None = None) -> None:
    """Make an actor that only this server has."""
    viewer = viewer_of(interaction)
    await interaction.response.defer(ephemeral=True)
    await _show(interaction, await interaction.client.actors.define(viewer, name, key=key))


@actor.command(name="reset")
@app_commands.describe(actor="its name or id")
@app_commands.autocomplete(actor=offer_actors)
@_for_managers
async def reset_actor(interaction: Asked, actor: _Name) -> None:
    """Let an actor be as it is for everybody; one that only this server has ends."""
    viewer = viewer_of(interaction)
    await interaction.response.defer(ephemeral=True)
    view = await interaction.client.actors.reset(viewer, actor)
    if view is None:
        await reply(interaction, content=f"**{harmless(actor, 120)}** is no actor of this server any more.")
    else:
        await reply(interaction, content=f"**{harmless(view.actor.name, 120)}** is as it is for everybody again.")


async def _show(interaction: Asked, view: ActorView) -> None:
    whole = discord.utils.MISSING
    if is_cut(view):
        whole = discord.File(io.BytesIO(actor_text(view).encode()), f"{view.actor.id}.txt")
    await reply(interaction, embed=actor_embed(view), file=whole)
