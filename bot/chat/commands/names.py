"""Offers names and queries while somebody types one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

from discord import app_commands

from bot.chat.desk import Asked, viewer_of
from bot.chat.limits import CHOICE, CHOICES
from bot.chat.query_endings import endings
from bot.errors import Unanswerable
from bot.model import CONFIG_SERVER, Origin, SourceKind, SourceState, Watch

_Choices = list[app_commands.Choice[str]]


async def offer_watches(interaction: Asked, typed: str) -> _Choices:
    """Return the watches whose name holds what was typed, those that begin with it first."""
    return await _offer_watches(interaction, typed, lambda _watch: True)


async def offer_own_watches(interaction: Asked, typed: str) -> _Choices:
    """Return the watches that the server keeps by command, which alone it can remove."""
    server = viewer_of(interaction).server
    return await _offer_watches(interaction, typed, lambda watch: watch.server == server and watch.origin is Origin.COMMAND)


async def offer_told_watches(interaction: Asked, typed: str) -> _Choices:
    """Return the watches that are not paused here."""
    server = viewer_of(interaction).server or CONFIG_SERVER
    return await _offer_watches(interaction, typed, lambda watch: not watch.is_paused_in(server))


async def offer_paused_watches(interaction: Asked, typed: str) -> _Choices:
    """Return the watches that are paused here."""
    server = viewer_of(interaction).server or CONFIG_SERVER
    return await _offer_watches(interaction, typed, lambda watch: watch.is_paused_in(server))


async def offer_endings(interaction: Asked, typed: str) -> _Choices:
    """Return the query as typed, its last words completed to actors, topics and the parts of a relation."""
    known = await interaction.client.watches.subjects(viewer_of(interaction))
    return _choices(one for one in endings(typed, known) if len(one) <= CHOICE)


async def offer_actors(interaction: Asked, typed: str) -> _Choices:
    """Return the actors whose name or id holds what was typed."""
    part = typed.strip().casefold().removeprefix("actor:")
    known = await interaction.client.actors.names(viewer_of(interaction))
    fitting = [one for one in known if part in one.name.casefold() or part in one.id]
    fitting.sort(key=lambda one: (not one.name.casefold().startswith(part), not one.id.startswith(part)))
    return [app_commands.Choice(name=one.name[:CHOICE], value=one.id) for one in fitting[:CHOICES]]


async def offer_forms(interaction: Asked, typed: str) -> _Choices:
    """Return the names and decoys of the actor that was chosen, those first that this server has added."""
    name = getattr(interaction.namespace, "actor", None)
    if not name:
        return []
    try:
        view = await interaction.client.actors.show(viewer_of(interaction), name)
    except Unanswerable:
        return []
    added = (one.text for one in view.changes if not one.taken)
    forms = dict.fromkeys([*added, *(one.text for one in view.actor.aliases), *view.actor.decoys])
    return _offered(forms, typed)


async def offer_own(interaction: Asked, typed: str) -> _Choices:
    """Return the feeds that the server follows by itself."""
    viewer = viewer_of(interaction)
    return await _offer_sources(interaction, typed, lambda state: state.server == viewer.server)


async def offer_told(interaction: Asked, typed: str) -> _Choices:
    """Return the sources that are told here."""
    return await _offer_sources(interaction, typed, lambda state: not state.paused)


async def offer_paused(interaction: Asked, typed: str) -> _Choices:
    """Return the sources that are paused here, and those that were given up."""
    return await _offer_sources(interaction, typed, lambda state: state.paused or state.source.given_up_at is not None)


async def offer_checkable(interaction: Asked, typed: str) -> _Choices:
    """Return the feeds; a folder is looked at by nobody but the bot."""
    return await _offer_sources(interaction, typed, lambda state: state.source.kind is SourceKind.FEED)


async def _offer_watches(interaction: Asked, typed: str, fits: Callable[[Watch], bool]) -> _Choices:
    watches = await interaction.client.watches_of(viewer_of(interaction))
    return _offered((watch.name for watch in watches if fits(watch)), typed)


async def _offer_sources(interaction: Asked, typed: str, fits: Callable[[SourceState], bool]) -> _Choices:
    states = await interaction.client.source_states(viewer_of(interaction))
    return _offered((state.source.name for state in states if fits(state)), typed)


def _offered(names: Iterable[str], typed: str) -> _Choices:
    part = typed.strip().casefold()
    fitting = [name for name in names if part in name.casefold() and len(name) <= CHOICE]
    fitting.sort(key=lambda name: not name.casefold().startswith(part))
    return _choices(fitting)


def _choices(names: Iterable[str]) -> _Choices:
    return [app_commands.Choice(name=name, value=name) for name in islice(names, CHOICES)]
