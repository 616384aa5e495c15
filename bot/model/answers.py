"""What people ask and are answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.articles import Change, Evidence, Headline
from bot.model.conditions import Ailment
from bot.model.moments import Dated
from bot.model.sources import Problem, Source
from bot.model.telling import State
from bot.model.watches import CONFIG_SERVER, Level, Origin, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who asks: a server sees the config's articles and its own; None is the operator, who sees all."""

    server: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """What somebody looked up: enough to make any page of the answer again."""

    verb: str
    """`latest` or `search`."""
    words: str = ""
    """The watch's name, or the query."""
    since: datetime | None = None
    size: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of headlines, the number of the page (from 0), whether more follow, and a line on how far was looked."""

    headlines: tuple[Headline, ...]
    title: str = ""
    key: str = ""
    """The kept look-up, for turning pages."""
    number: int = 0
    more: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One article with all that is kept of it: where it came from, what became of it, and how it was changed."""

    headline: Headline
    published: Dated | None
    """With the rule that found the date, and the text it was found in."""
    excerpt: str = ""
    """Why only a part of its text was read."""
    untold: str = ""
    """The rule by which nobody was told of it."""
    unread: bool = False
    trouble: str = ""
    """Why it was read by the exact scan alone."""
    withdrawn_at: datetime | None = None
    changes: tuple[Change, ...] = ()
    """From each version to the next, the newest first."""
    copies: tuple[str, ...] = ()
    """The other sources that had the same article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchView:
    """A watch as a person asks about it: its query with all operators, how plain text was read, and what it has caught."""

    watch: Watch
    written: str
    note: str = ""
    matches: int = 0
    more: bool = False
    """Whether it has matched more articles than were counted."""

    @property
    def caught(self) -> str:
        """How many articles it has matched, in words."""
        return f"over {self.matches:,}" if self.more else f"{self.matches:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """A source as a person asks about it."""

    source: Source
    today: int = 0
    """New articles of this day of UTC."""
    lately: float | None = None
    """New articles a day, over the last seven whole days; None while that is not known yet."""
    usual: float | None = None
    """The same over the four weeks before these."""
    ailment: Ailment | None = None
    """What the rounds have found to be the matter with it."""
    complaint: str = ""
    """The same in words."""
    problems: tuple[Problem, ...] = ()
    server: int = CONFIG_SERVER
    """By whose follow the viewer sees it."""
    origin: Origin = Origin.FILE
    paused: bool = False
    """It is not told to the viewer."""

    @property
    def healthy(self) -> bool:
        """Whether the last poll went well, and it gives what is usual for it."""
        return not self.source.failures and self.source.given_up_at is None and self.ailment is None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceBrief:
    """As much of a source as says where in a list it stands."""

    id: int
    paused: bool
    healthy: bool
    has_problems: bool
    """A part of it could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """A page of the list of sources, those in trouble first and paused ones last, and how all of them are."""

    states: tuple[SourceState, ...] = ()
    healthy: int = 0
    asked: int = 0
    """How many are not paused."""
    number: int = 1
    pages: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why one watch took an article: for the private answer behind `Why?`."""

    watch: str
    query: str
    server: int = CONFIG_SERVER
    """Whose watch it is: by the names of that server its query is read."""
    level: Level
    wanted: Level
    score: float
    evidence: Evidence
    said: str = ""
    """In one line, where the article speaks of it and beside how much else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A delivery that only a person can help: held, in doubt or dead, and why."""

    id: str
    state: State
    destination: str
    since: datetime
    title: str
    reason: str


class WayOut(StrEnum):
    """What a person can do with what is stuck."""

    RESEND = "resend"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the bot stands, for `/status`: counts, ages and what waits."""

    sources: int = 0
    """How many are followed and not paused."""
    unwell: tuple[SourceState, ...] = ()
    """Those of them that are not healthy."""
    watches: int = 0
    articles: int = 0
    waiting_articles: int = 0
    last_article: datetime | None = None
    last_alert: datetime | None = None
    deliveries: tuple[tuple[State, str, int], ...] = ()
    """State, reason and number of what is not simply sent."""
    channel: int | None = None
    disambiguation: str = ""
    ranking: str = ""
    """Whether what is only like a topic can be marked."""

    @property
    def stuck(self) -> int:
        """How many deliveries only a person can help."""
        return sum(count for state, _, count in self.deliveries if state in {State.HELD, State.IN_DOUBT, State.DEAD})
