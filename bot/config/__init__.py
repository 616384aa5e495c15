"""Reads the config folder and the environment into one Config, or says in one sentence what is wrong. It starts nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.config.actors import read_actors
from bot.config.acts import read_acts
from bot.config.environment import Secret, read_channel, read_database_url, read_platform, read_secrets, read_token
from bot.config.files import fault, nearest
from bot.config.settings import read_settings
from bot.config.sources import read_sources
from bot.config.topics import read_topics
from bot.config.watches import Origin, read_watches
from bot.errors import ConfigError
from bot.model import Catalogue, Follow, Watch
from bot.settings import Settings

__all__ = ["Config", "Origin", "Secret", "load", "read_secrets"]

_FILES = ("acts", "settings", "sources", "watches")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All that the operator has set."""

    folder: Path
    settings: Settings
    catalogue: Catalogue
    follows: tuple[Follow, ...]
    watches: tuple[Watch, ...]
    origins: tuple[Origin, ...]
    token: Secret | None = None
    channel_id: int | None = None
    database_url: str | None = field(default=None, repr=False)
    """May hold a password, so it stands in no repr."""
    platform: str = ""
    """The host that it runs on, if that is one whose disk does not outlive a deploy."""

    def query_fault(self, watch: str, said: str, *, quoted: str = "") -> ConfigError:
        """Make the error for the query of one of these watches, in the words of all other faults."""
        where = next(origin.where for origin in self.origins if origin.watch == watch)
        found = fault(where, f"query: {said}")
        found.quoted = quoted
        return found


def load(folder: Path, environ: Mapping[str, str]) -> Config:
    """Read the config folder and the environment; a file that is not there counts as empty.

    Raises:
        ConfigError: something cannot be used; the message names file, key, fault and mend in one line.
    """
    if not folder.is_dir():
        raise ConfigError(f"there is no config folder {folder}: name yours with --config.")
    _refuse_strangers(folder)
    settings = read_settings(folder / "settings.toml")
    follows = read_sources(folder / "sources.toml", settings.polling)
    actors = read_actors(folder / "actors")
    topics = read_topics(folder / "topics", actors)
    catalogue = Catalogue(actors=actors, topics=topics, acts=read_acts(folder / "acts.toml"))
    watches, origins = read_watches(folder / "watches.toml", settings.matching.level)
    return Config(
        folder=folder,
        settings=settings,
        catalogue=catalogue,
        follows=follows,
        watches=watches,
        origins=origins,
        token=read_token(environ),
        channel_id=read_channel(environ),
        database_url=read_database_url(environ),
        platform=read_platform(environ),
    )


def _refuse_strangers(folder: Path) -> None:
    """Refuse a file that would be passed over in silence, such as `watch.toml`."""
    for path in sorted(folder.glob("*.toml")):
        if path.stem not in _FILES:
            mend = nearest(path.stem, _FILES, otherwise=f"known are {', '.join(_FILES)}")
            raise fault(str(path), f"is no file of the config; {mend}")
