"""Articles of the archive, and what a reading finds in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple

from bot.model.moments import Dated, require_aware
from bot.model.watches import CONFIG_SERVER, Level


class SourceName(NamedTuple):
    """What a source is called, and by which server; a host is called so by everybody."""

    name: str
    server: int = CONFIG_SERVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article of the archive at one revision."""

    id: int
    source_id: int
    sources: tuple[SourceName, ...] = ()
    """What the source is called by whoever follows it, and its host."""
    revision: int = 1
    url: str = ""
    title: str
    text: str
    caption: str = ""
    published: Dated | None = None
    collected: datetime
    headless: bool = False
    excerpt: str = ""
    """Why the text is only a part of the article, in words for a card; empty where it is the whole."""

    def __post_init__(self) -> None:
        """Refuse a naive time."""
        require_aware(self.collected)


LONGEST_READ = 200_000
"""Characters of a text that are read and indexed: some thirty thousand words. What is longer is a book, or hostile."""


class Place(StrEnum):
    """Where in an article something stands; the lead is the first two sentences after the caption."""

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"


class Strength(IntEnum):
    """How far a mention can be trusted; from CONTEXT up it counts."""

    WEAK = 1
    UNSURE = 2
    CONTEXT = 3
    STRONG = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An actor or topic in one article: how often in which place, and the character offsets in the text."""

    subject: str
    strength: Strength
    title: int = 0
    lead: int = 0
    body: int = 0
    positions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A form that was found: the words as they stand, what they stand for, the rule that took them, and how often."""

    words: str
    subject: str
    rule: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The sentence that shows a match, with the spans to set in bold (offsets into it), and every term that counted."""

    sentence: str
    spans: tuple[tuple[int, int], ...]
    place: Place
    terms: tuple[Term, ...]
    told: str = ""
    """Of a relation, in one line: who does what to whom, and how far the sentence stands behind it."""

    def __post_init__(self) -> None:
        """Refuse a span that does not lie in the sentence."""
        if any(not 0 <= start < end <= len(self.sentence) for start, end in self.spans):
            raise ValueError(f"a span of {self.spans} is outside the sentence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A watch that an article revision answers, how strongly (score 0 to 1, about from .5), with its evidence."""

    watch_id: int
    watch_revision: int = 1
    level: Level
    score: float
    evidence: Evidence
    summary: tuple[str, ...] = ()
    reason: str = ""
    """In one line, where the article speaks of it and beside how much else."""
    server: int = 0
    """For whom it stands: for everybody, or for one server that has changed what an actor is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was found in one article revision; `trouble` says why only the exact scan was used."""

    article_id: int
    revision: int
    language: str = ""
    mentions: tuple[Mention, ...] = ()
    matches: tuple[Match, ...] = ()
    withheld: tuple[tuple[int, int], ...] = ()
    """Watch and server of each match for everybody that is none for one server."""
    trouble: str = ""


class Fate(StrEnum):
    """What became of a piece of text from one version to the next."""

    STAYS = "stays"
    GOES = "goes"
    COMES = "comes"


Edit = tuple[tuple[str, Fate], ...]
"""A sentence as it was changed, piece by piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What differs between two versions of an article: its title, and the sentences that were changed, in their order."""

    at: datetime
    title: Edit = ()
    sentences: tuple[Edit, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a naive time."""
        require_aware(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One article in a list: enough to recognise and open it."""

    article_id: int
    title: str
    url: str
    source: str
    published: Dated | None
    collected: datetime
    watches: tuple[str, ...] = ()
    level: Level = Level.MENTION
    evidence: Evidence | None = None
    sample: bool = False
