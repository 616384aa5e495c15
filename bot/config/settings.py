"""Reads settings.toml into Settings: the same names and defaults as the dataclasses, so that they stand in one place."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any, cast, get_type_hints
from urllib.parse import urlsplit

from pydantic import Field, create_model

from bot.config.files import fault, read_table
from bot.config.values import Count, Duration, LevelWord, NoneOrDiscordId, Table, Texts, shown, write_duration
from bot.model import Level
from bot.settings import Settings

_READ_AS: dict[Any, Any] = {
    timedelta: Duration,
    Level: LevelWord,
    int: Count,
    bool: bool,
    int | None: NoneOrDiscordId,
    tuple[str, ...]: Texts,
    str: str,
}
"""How the value for each type of a setting is written in the file."""


def _table(section: type[Any]) -> type[Table]:
    """Make the table of one section from its dataclass."""
    types = get_type_hints(section)
    columns = {one.name: (_READ_AS[types[one.name]], one.default) for one in fields(section)}
    return cast("type[Table]", create_model(section.__name__, __base__=Table, **cast("dict[str, Any]", columns)))


_SECTIONS: dict[str, type[Any]] = {one.name: get_type_hints(Settings)[one.name] for one in fields(Settings)}
_TABLES = {name: _table(section) for name, section in _SECTIONS.items()}
_FILE = create_model(
    "SettingsFile",
    __base__=Table,
    **cast("dict[str, Any]", {name: (table, Field(default_factory=table)) for name, table in _TABLES.items()}),
)


def read_settings(path: Path) -> Settings:
    """Read the file; what it does not set keeps its default.

    Raises:
        ConfigError: a setting cannot be used, or contradicts another.
    """
    read = read_table(path, _FILE)
    settings = Settings(**{name: section(**dict(getattr(read, name))) for name, section in _SECTIONS.items()})
    polling = settings.polling
    if polling.every < polling.least_every:
        least = write_duration(polling.least_every)
        raise fault(str(path), f"polling.every is below polling.least_every ({least}); raise the one or lower the other")
    if "\0" in settings.storage.path:
        raise fault(str(path), "storage.path has a NUL in it, which no path may have; name a file, like var/sitrep.db")
    if not settings.storage.path.strip():
        raise fault(str(path), "storage.path is empty; name a file, like var/sitrep.db")
    for host in settings.http.allow_hosts:
        if "/" in host or "@" in host:
            raise fault(str(path), f"http.allow_hosts has {shown(host)}; write only the host, or host:port")
    public = settings.websub.public_url
    if public and urlsplit(public).scheme not in {"http", "https"}:
        raise fault(str(path), f"websub.public_url is {shown(public)}; it must begin with https:// or http://")
    if not settings.http.contact.isprintable():
        raise fault(str(path), "http.contact has a line break or another invisible character; write it in one line")
    return settings
