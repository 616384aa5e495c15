"""Reads sources.toml into what the operator follows. It opens no source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field

from bot.config.files import entry, fault, read_table
from bot.config.values import Count, Duration, FirstRunWord, Name, Patterns, Table, Text, Url, Zone, shown, write_duration
from bot.model import Files, FirstRun, Follow, SourceKind
from bot.settings import Polling


class _Entry(Table):
    name: Name
    url: Url | None = None
    folder: Text | None = None
    kind: Text | None = None
    every: Duration | None = None
    first_run: FirstRunWord | None = None
    zone: Zone | None = None
    per_poll: Count | None = None
    include: Patterns = ()
    exclude: Patterns = ()
    polling: bool = False


class _File(Table):
    source: list[_Entry] = Field(default_factory=list)


def read_sources(path: Path, polling: Polling) -> tuple[Follow, ...]:
    """Read the file; relative folders are those beside it, inside the config folder.

    Raises:
        ConfigError: a source cannot be used, or is there twice.
    """
    follows: dict[str, Follow] = {}
    feeds: dict[tuple[str, str, str], str] = {}
    for number, one in enumerate(read_table(path, _File).source, start=1):
        where = entry(path, "source", number, one.name)
        if one.name.casefold() in follows:
            raise fault(where, f"name is taken by source {_number(follows, one.name.casefold())}; choose another")
        follow = _follow(where, one, path.parent, polling)
        if twin := _twin(follow, follows, feeds):
            what = "url is" if one.url else "folder is, holds or lies in"
            raise fault(where, f"{what} that of source {_number(follows, twin)} ({follows[twin].name}); keep one of them")
        follows[one.name.casefold()] = follow
        if follow.kind is SourceKind.FEED:
            feeds[_canonical(follow.address)] = one.name.casefold()
    return tuple(follows.values())


def _follow(where: str, one: _Entry, home: Path, polling: Polling) -> Follow:
    if one.kind not in {None, "sample"}:
        raise fault(where, f'kind is {shown(one.kind)}; the only kind to write is "sample", for a folder of samples')
    if one.url and one.folder:
        raise fault(where, "has both url and folder; make two sources of it")
    if one.folder:
        return _folder(where, one, home, one.folder, polling)
    if one.url is None:
        raise fault(where, "has neither url nor folder; add the one it is read from")
    if one.kind:
        raise fault(where, "kind is “sample”, but samples are a folder; write folder instead of url, or leave kind out")
    for key in ("include", "exclude", "polling"):
        if getattr(one, key):
            raise fault(where, f"{key} is about the files of a folder, and this is a feed; take it out")
    every = one.every or polling.every
    if every < polling.least_every:
        least = write_duration(polling.least_every)
        raise fault(
            where, f"every is {write_duration(every)}, but polling.least_every is {least}; raise the one or lower the other"
        )
    return Follow(
        kind=SourceKind.FEED,
        address=one.url,
        name=one.name,
        every=every,
        first_run=one.first_run or FirstRun.LATEST,
        zone=one.zone or "",
        per_poll=one.per_poll,
    )


def _folder(where: str, one: _Entry, home: Path, folder: str, polling: Polling) -> Follow:
    try:
        address = (home / Path(folder).expanduser()).resolve()
    except (OSError, RuntimeError, ValueError):
        raise fault(where, f"folder is {shown(folder)}, which is no path; write it like inbox or /srv/news") from None
    if address.is_file():
        raise fault(where, f"folder is {shown(folder)}, which is a file; name the folder that it lies in")
    return Follow(
        kind=SourceKind.SAMPLE if one.kind else SourceKind.FOLDER,
        address=str(address),
        name=one.name,
        every=one.every or polling.folder_every,
        first_run=one.first_run or FirstRun.ALL,
        zone=one.zone or "",
        per_poll=one.per_poll,
        files=Files(include=one.include, exclude=one.exclude, polling=one.polling),
    )


def _twin(follow: Follow, others: Mapping[str, Follow], feeds: Mapping[tuple[str, str, str], str]) -> str | None:
    """Return the key of a source that gives the same articles: the same feed, or a folder in or around this one."""
    if follow.kind is SourceKind.FEED:
        return feeds.get(_canonical(follow.address))
    here = Path(follow.address)
    for key, other in others.items():
        if other.kind is not SourceKind.FEED:
            there = Path(other.address)
            if here.is_relative_to(there) or there.is_relative_to(here):
                return key
    return None


def _canonical(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return parts.netloc.casefold(), parts.path.rstrip("/"), parts.query


def _number(names: Iterable[str], name: str) -> int:
    return [*names].index(name) + 1
