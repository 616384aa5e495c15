"""Watches, and the numbered snapshot of the rules that articles are read by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.model.catalogue import Catalogue
from bot.model.overrides import Overlay, Override

CONFIG_SERVER = 0
"""The server id under which everything of the config folder is kept."""


class Origin(StrEnum):
    """Where a follow or a watch was written: in a file, which is copied at each start, or by a command, which stays until one ends it."""

    FILE = "file"
    COMMAND = "command"


class Level(IntEnum):
    """How much an article concerns what is watched."""

    MENTION = 1
    ABOUT = 2

    @property
    def label(self) -> str:
        """The word for a person and for a config file."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How one server hears a watch of the config: not at all while paused, else in these channels, or where the watch says."""

    server: int
    channels: tuple[int, ...] = ()
    paused: bool = False
    here: tuple[int, ...] = ()
    """Of the channels that the watch itself names those of this server."""


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
    per_hour: int | None = None
    """So many alerts an hour stand alone in a channel; more fold into one card."""
    since: datetime | None = None
    """What was collected before is not told by it; None tells of everything."""
    origin: Origin = Origin.FILE
    routes: tuple[Route, ...] = ()
    """How single servers have it told, where it is the config's."""

    def channels_in(self, server: int) -> tuple[int, ...]:
        """Return its channels as a server has them."""
        return next((route.channels for route in self.routes if route.server == server and route.channels), self.channels)

    def is_silent_in(self, channel: int) -> bool:
        """Tell whether a channel hears nothing of it although it names it: its server has paused it, or has it told elsewhere."""
        return any(
            channel in route.here and (route.paused or (route.channels and channel not in route.channels))
            for route in self.routes
        )

    def is_paused_in(self, server: int) -> bool:
        """Tell whether a server hears nothing of it."""
        return self.paused or any(route.paused for route in self.routes if route.server == server)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchDraft:
    """A watch as somebody wants it, before it is saved; `watch_id` and `revision` name what it was made from, 0 for a new one."""

    name: str
    query: str
    level: Level = Level.ABOUT
    channels: tuple[int, ...] = ()
    role: int | None = None
    per_hour: int | None = None
    watch_id: int = 0
    revision: int = 0


TRIED_ONCE = -1
"""The number of rules that something is tried by once: nobody keeps them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A numbered snapshot of what is looked for; a change of any part makes a new number."""

    number: int
    catalogue: Catalogue
    watches: tuple[Watch, ...]
    overlays: tuple[Overlay, ...] = ()
    """What servers lay over the catalogue, each for itself; one of the config's server lies under all others."""

    def overrides_of(self, server: int) -> tuple[Override, ...]:
        """Return what one server has changed."""
        return next((one.overrides for one in self.overlays if one.server == server), ())
