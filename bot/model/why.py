"""Why an article was or was not told: what each watch found in it, which stage stopped it, and what would have let it through."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.model.watches import Level


class Stage(StrEnum):
    """What decides over a part of a query, from the cheapest to the last."""

    SCAN = "exact scan"
    CASE = "case rule"
    DECOY = "decoy"
    WEAK = "weak without partner"
    VETO = "veto of the model"
    PATTERN = "pattern of the topic"
    OFFICE = "days of office"
    FACET = "facet"
    RELATION = "grammar of the relation"
    SCOPE = "scope"
    EXCLUDED = "NOT"
    LEVEL = "level"
    QUERY = "query"
    """It cannot be read any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One part of a query that was found."""

    part: str
    """As it is written in the watch language."""
    words: tuple[str, ...]
    """As they stand in the article, each form once."""
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Maybe:
    """A sentence that sounds like what a topic is described as; it decides nothing."""

    sentence: str
    likeness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One part of a query that stopped an article: the stage, what was seen there, and what would have let it through."""

    part: str
    stage: Stage
    seen: str
    mend: str
    maybe: Maybe | None = None
    """Of a topic that was found nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """How an article answers one query, step by step; without a level it does not."""

    written: str
    level: Level | None
    wanted: Level
    score: float = 0.0
    matched: tuple[Clue, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    lacks: str = ""
    """The one required part that is missing, where all others hold; a part that has alternatives is written with them."""

    @property
    def likeness(self) -> float:
        """How much a sentence sounds like a topic that was found nowhere."""
        return max((one.maybe.likeness for one in self.obstacles if one.maybe), default=0.0)

    @property
    def holds(self) -> bool:
        """Whether the article answers the query at the level that was asked for."""
        return self.level is not None and not self.obstacles


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchTrace:
    """One watch and an article: the trace of its query, and what became of the match when it came to telling."""

    watch: str
    trace: Trace
    telling: str = ""
    """Where it was told, or which rule kept it back; empty where there was nothing to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why one article was or was not told, watch by watch: those that took it first."""

    title: str
    url: str
    watches: tuple[WatchTrace, ...]
