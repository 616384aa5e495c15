"""How sources do: what is known of each, what can be the matter with one, and what was told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.model.moments import require_aware
from bot.model.sources import Source
from bot.model.watches import CONFIG_SERVER


class Ailment(StrEnum):
    """What can be the matter with a source, beyond a failure that may pass."""

    DEAD = "dead"
    """It was given up, or has failed for long."""
    STALE = "stale"
    """Its polls succeed, but nothing new has come for far longer than is usual for it."""
    QUIET = "quiet"
    """It gives far less than is usual for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What is known of one source: its polls, who follows it, and how much it has given."""

    source: Source
    since: datetime
    """Since when somebody follows it."""
    followers: tuple[tuple[int, str], ...] = ((CONFIG_SERVER, ""),)
    """Who follows it, and under which name."""
    new_at: datetime | None = None
    """When its newest article came."""
    days: tuple[tuple[date, int], ...] = ()
    """How many new articles came on each day of UTC on which any did, the oldest day first."""

    def __post_init__(self) -> None:
        """Refuse naive times."""
        for moment in (self.since, self.new_at):
            require_aware(moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """That a source's ailment was noted for somebody: `destination` is empty where only the log tells."""

    source_id: int
    ailment: Ailment
    destination: str
    at: datetime
    server: int = CONFIG_SERVER
    mended_at: datetime | None = None
    reached: bool = False
    """It was told there, or may have been: what is over then deserves a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    """The sources that are looked at in one round, what was noted of late, and how all the others do."""

    charts: tuple[Chart, ...] = ()
    noted: tuple[Noted, ...] = ()
    """What stands open, and what was given or mended within a day."""
    cut_off: bool = False
    """Every feed of every host fails, which is our own network: nobody is looked at."""
    cut_off_at: datetime | None = None
    """When that was seen last, before this round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One telling to one destination on one or several sources: `title` and `text` are what its card says."""

    destination: str
    title: str
    text: str
    sources: tuple[tuple[int, Ailment, str], ...]
    """What is noted of each: its ailment, and the reason in words."""
    server: int = CONFIG_SERVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round changes: what is told as new, what as over, and what is over without a word."""

    ill: tuple[Word, ...] = ()
    well: tuple[Word, ...] = ()
    over: tuple[Noted, ...] = ()
    cut_off: bool = False
