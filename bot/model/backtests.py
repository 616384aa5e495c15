"""What a query would have caught: its matches in the archive, day by day, and how far was looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.model.articles import Article, Headline
from bot.model.watches import Watch, WatchDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Articles that may answer a query, the newest first, and how far was looked for them."""

    articles: tuple[Article, ...]
    reached: int
    """The id of the oldest article that was looked at; 1 or less at the end of the archive, or of the time asked for."""

    @property
    def is_last(self) -> bool:
        """Whether nothing is left to look at."""
        return self.reached <= 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What a query finds in the archive; until `whole`, only what the index says is known."""

    written: str
    note: str = ""
    """How plain text was read."""
    candidates: int = 0
    """Articles that may answer, by the index."""
    judged: int = 0
    """So many of them, the newest, were read."""
    oldest: datetime | None = None
    """When the last of those that were read came."""
    bounded: bool = False
    """There are more candidates than were read."""
    looked: int = 0
    """So many articles of the archive, the newest, were looked through."""
    found: int = 0
    per_day: tuple[tuple[date, int], ...] = ()
    samples: tuple[Headline, ...] = ()
    near: tuple[tuple[Headline, str], ...] = ()
    """What nearly answers, and what it lacks."""
    overlap: tuple[tuple[str, int], ...] = ()
    """Which watches have matched how many of the same articles."""
    archive: int = 0
    """Articles of the archive that were read."""
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchPreview:
    """A watch as it would be saved, and what it would have caught; `key` saves it."""

    key: str
    draft: WatchDraft
    test: Backtest
    clash: str = ""
    """What somebody else has done to it meanwhile, if that is so."""
    theirs: Watch | None = None
    """As they have saved it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedWatch:
    """A watch that was saved, and what its maker should know of it at once."""

    watch: Watch
    hint: str = ""
