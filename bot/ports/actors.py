"""The seams of actors as each server has them, and of what names mean to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from bot.model import ActorView, AliasKind, Catalogue, NamedActor, Override, Rules, Understood, Viewer

Understand = Callable[[str], Understood]
"""Reads a query of the watch language, or plain words; raises QueryError."""


class Meanings(Protocol):
    """What names mean to each server."""

    def catalogue(self, rules: Rules, server: int) -> Catalogue:
        """Return the actors and topics that a server can watch, as it has them."""
        ...

    def understand(self, rules: Rules, server: int, *, author: int | None = None) -> Understand:
        """Return what reads queries by the names that their author has, by default the server itself, and looks as the server does."""
        ...


class OverrideStore(Protocol):
    """What servers have changed about actors; 0 stands for the bot's own, which holds for everybody."""

    async def put(self, server: int, override: Override, *, most: int | None, now: datetime) -> bool:
        """Write what a server says of one form of an actor, in the place of what it said before; False if it has `most` already."""
        ...

    async def drop(self, server: int, actor: str, text: str, *, now: datetime) -> bool:
        """Take back what a server says of one form; False if it says nothing of it."""
        ...

    async def reset(self, server: int, actor: str, *, now: datetime) -> int:
        """Take back all that a server says of an actor; return of how many forms it did."""
        ...

    async def spread(self, viewer: Viewer, forms: Sequence[str], *, among: int) -> tuple[int, int]:
        """Return in how many of the newest real articles that a viewer sees one of these forms stands, and how many those are."""
        ...


class Actors(Protocol):
    """What chat and command line may ask and change about actors; raises Unanswerable with a sentence for the person."""

    async def names(self, viewer: Viewer) -> Sequence[NamedActor]:
        """Return all actors of the viewer's, by name."""
        ...

    async def show(self, viewer: Viewer, name: str) -> ActorView:
        """Return what an actor is made of, as the viewer has it."""
        ...

    async def add(self, viewer: Viewer, name: str, kind: AliasKind | None, text: str) -> ActorView:
        """Give an actor another alias, or without a kind a decoy."""
        ...

    async def remove(self, viewer: Viewer, name: str, text: str) -> ActorView:
        """Take an alias or a decoy from an actor."""
        ...

    async def define(self, viewer: Viewer, name: str, *, key: str | None = None) -> ActorView:
        """Make an actor of the viewer's own."""
        ...

    async def reset(self, viewer: Viewer, name: str) -> ActorView | None:
        """Let an actor be what it is for everybody again; None where it was the viewer's own, and has gone."""
        ...
