"""Sources, who follows them, and what one poll brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.moments import Dated, require_aware
from bot.model.watches import CONFIG_SERVER, Origin


class SourceKind(StrEnum):
    """What a source is; samples are told to the terminal only."""

    FEED = "feed"
    FOLDER = "folder"
    SAMPLE = "sample"


class FirstRun(StrEnum):
    """What of the first poll is judged for alerts."""

    LATEST = "latest"
    ALL = "all"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Which files of a folder are read, and how it is watched."""

    include: tuple[str, ...] = ()
    """Patterns of which a file must match one; none lets every file through."""
    exclude: tuple[str, ...] = ()
    polling: bool = False
    """The system tells nothing of changes in it, as on a network mount: it is looked through again and again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """Who sees a source, under which name, how often: what `sources.toml` or a command says of one source."""

    server: int = CONFIG_SERVER
    kind: SourceKind
    address: str
    """A feed's URL as it was written, or a folder's resolved path."""
    name: str
    every: timedelta
    first_run: FirstRun
    zone: str = ""
    """The zone of its dates that name none, by its IANA name; empty is UTC."""
    per_poll: int | None = None
    """More alerts than this from one poll become one card; None leaves it to the settings."""
    files: Files = Files()
    """Of a folder alone."""
    origin: Origin = Origin.FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A feed or folder as it is polled: once, whoever follows it, at the shortest interval asked for."""

    id: int
    kind: SourceKind
    address: str
    name: str
    every: timedelta
    first_run: FirstRun
    zone: str = ""
    """The zone of its dates that name none, by its IANA name; empty is UTC."""
    followers: int = 1
    """So many follow it, the config as one."""
    host: str = ""
    """Who is asked: sources of one host take turns. A folder is its own."""
    polled_at: datetime | None = None
    """The last poll, however it ended."""
    ok_at: datetime | None = None
    """The last poll that went well; none before the first one."""
    next_poll: datetime | None = None
    failures: int = 0
    reason: str = ""
    given_up_at: datetime | None = None
    """Since then it is asked no more, until a person wants it again; `reason` says why."""

    def __post_init__(self) -> None:
        """Refuse naive times."""
        for moment in (self.polled_at, self.ok_at, self.next_poll, self.given_up_at):
            require_aware(moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One article as a source gives it, before the archive knows it."""

    guid: str = ""
    url: str = ""
    title: str
    text: str
    caption: str = ""
    published: Dated | None = None
    headless: bool = False
    """The title was taken from the text, where it stands again."""
    excerpt: str = ""
    """Why this is only a part of the article's text, in words for a card; empty where it is the whole."""
    place: str = ""
    """Where the source keeps it, such as the path of a file: what stands there later with other words is a new version of it."""

    def __post_init__(self) -> None:
        """Refuse an article without a title."""
        if not self.title.strip():
            raise ValueError("an article has a title")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One fact a source remembers between polls (a validator, a file it has seen); None forgets it."""

    key: str
    value: str | None


TROUBLE = "feed"
"""The mark of a feed that is read in spite of faults, and the part of its problem: the one goes with the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A part of a source that could not be read, and why; told once and tried again when it changes."""

    part: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one poll brought: drafts newest first, the marks that changed, and when to look again if sooner than planned."""

    drafts: tuple[Draft, ...] = ()
    marks: tuple[Mark, ...] = ()
    problems: tuple[Problem, ...] = ()
    look_again: timedelta | None = None
    not_before: datetime | None = None
    """The source wants to be left alone until then."""
    newest: datetime | None = None
    """When its newest entry was published, as far as that is known."""
    moved_to: str = ""
    """Its address from now on: proven permanent."""
    known: int = 0
    """So many entries were left out of `drafts`, since they stand there as they did at the last poll."""
    withdrawn: tuple[str, ...] = ()
    """The guids of entries that the source says it has deleted."""
    unfinished: bool = False
    """There is more of it than one poll takes: the next one goes on, and to the caps both are one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """How one poll ended: what it brought, or why it failed."""

    source: Source
    new: int = 0
    look_again: timedelta | None = None
    trouble: str = ""
    unreachable: bool = False
    again: timedelta | None = None
    """After a failure: the pause before it is tried again, about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A hub that is asked to push what is new in a feed (WebSub), and under which address it does."""

    source_id: int
    hub: str
    topic: str
    token: str
    """The last part of the address that is called back; whoever does not know it is not heard."""
    secret: str = field(repr=False)
    """Signs what is pushed."""
    lease_until: datetime | None = None
    """The hub has promised to push until then; none before it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What a hub has pushed, and is proven to have: the bytes of a feed document."""

    source_id: int
    body: bytes
    headers: Mapping[str, str]
