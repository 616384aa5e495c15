"""Watches, and the numbered snapshot of the rules that articles are read by."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from bot.model.catalogue import Catalogue

CONFIG_SERVER = 0
"""The server id under which everything of the config folder is kept."""


class Level(IntEnum):
    """How much an article concerns what is watched."""

    MENTION = 1
    ABOUT = 2

    @property
    def label(self) -> str:
        """The word for a person and for a config file."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A query somebody wants to be told about, at least at `level`; its own channels go before all others."""

    id: int = 0
    revision: int = 1
    server: int = CONFIG_SERVER
    name: str
    query: str
    level: Level = Level.ABOUT
    channels: tuple[int, ...] = ()
    role: int | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A numbered snapshot of what is looked for; a change of any part makes a new number."""

    number: int
    catalogue: Catalogue
    watches: tuple[Watch, ...]
