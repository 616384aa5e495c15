"""What people think of alerts, and what follows from it for a watch."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.articles import Article, Term
from bot.model.watches import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """One member's word on one alert, for one of its watches."""

    server: int
    watch_id: int
    delivery_id: str
    user: int
    relevant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An article that a watch has told, with the voices on it and the terms by which it was taken."""

    article: Article
    relevant: int
    irrelevant: int
    terms: tuple[Term, ...] = ()

    @property
    def is_relevant(self) -> bool | None:
        """What most say; None where they are divided."""
        return None if self.relevant == self.irrelevant else self.relevant > self.irrelevant


@dataclass(frozen=True, slots=True, kw_only=True)
class TermShare:
    """A term, and by how many false and how many relevant alerts it was found."""

    words: str
    false: int
    relevant: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A change of a watch, and its effect on what is known."""

    change: str
    """What to do, in the words of the watch language."""
    false_dropped: int
    relevant_lost: int
    matches_before: int
    matches_after: int
    """Of the newest articles of the archive that may answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How good the alerts of a watch are, by the people of a server."""

    watch: Watch
    relevant: int
    false: int
    divided: int
    low: float
    high: float
    """The interval in which the precision lies with a probability of 95 % (Wilson)."""
    terms: tuple[TermShare, ...] = ()
    suggestion: Suggestion | None = None
    note: str = ""

    @property
    def precision(self) -> float:
        """The share of relevant ones."""
        return self.relevant / max(1, self.relevant + self.false)
