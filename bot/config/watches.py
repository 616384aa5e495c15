"""Reads watches.toml into watches. It does not read their queries: that is the business of matching."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from bot.config.files import entry, fault, read_table
from bot.config.values import DiscordId, DiscordIds, LevelWord, Name, Table, Text
from bot.model import Level, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a watch of the config stands, for faults that only show later: `config/watches.toml: watch 3 (North Korea)`."""

    watch: str
    where: str


class _Entry(Table):
    name: Name
    query: Text
    level: LevelWord | None = None
    channel: DiscordId | None = None
    channels: DiscordIds = ()
    role: DiscordId | None = None


class _File(Table):
    watch: list[_Entry] = Field(default_factory=list)


def read_watches(path: Path, level: Level) -> tuple[tuple[Watch, ...], tuple[Origin, ...]]:
    """Read the file; a watch that names no level has the given one.

    Raises:
        ConfigError: a watch cannot be used, or its name is there twice.
    """
    watches: dict[str, Watch] = {}
    origins = []
    for number, one in enumerate(read_table(path, _File).watch, start=1):
        where = entry(path, "watch", number, one.name)
        if one.name.casefold() in watches:
            taken = [*watches].index(one.name.casefold()) + 1
            raise fault(where, f"name is taken by watch {taken}; choose another")
        if one.channel and one.channels:
            raise fault(where, "has both channel and channels; put all of them into channels")
        channels = (one.channel,) if one.channel else tuple(dict.fromkeys(one.channels))
        watches[one.name.casefold()] = Watch(
            name=one.name, query=one.query, level=one.level or level, channels=channels, role=one.role
        )
        origins.append(Origin(watch=one.name, where=where))
    return tuple(watches.values()), tuple(origins)
