"""What a server changes about actors: laid over the shared catalogue where something is judged for that server."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.catalogue import Actor, AliasKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One written form of an actor that a server has added, or has taken away; a `kind` of None makes it a decoy."""

    actor: str
    text: str
    kind: AliasKind | None
    taken: bool = False

    @property
    def label(self) -> str:
        """What the form is, in a word."""
        return DECOY if self.kind is None else self.kind


DECOY = "decoy"
"""A longer name that only looks like an actor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """All that one server has changed, in the order in which it did; that of the config's server holds for everybody."""

    server: int
    overrides: tuple[Override, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedActor:
    """An actor by its id and its name, whether somebody has changed it, and whether it is theirs alone."""

    id: str
    name: str
    changed: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorView:
    """What an actor is made of for somebody, and what of it they have changed themselves."""

    actor: Actor
    changes: tuple[Override, ...] = ()
    own: bool = False
    """Nobody else has it."""
    watches: tuple[str, ...] = ()
    """The viewer's watches that name it."""
    hint: str = ""
    """What the viewer should know of a change just made."""
