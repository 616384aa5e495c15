"""What people ask and are answered about feeds: what stands at an address, what may be followed, what an import did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.model.answers import SourceState
from bot.model.sources import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A feed that a web page names."""

    address: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What stood at the address of a feed when it was asked, without a trace in the archive."""

    address: str
    """The one that answered, after all redirects."""
    status: int
    rules: tuple[str, ...] = ()
    """What applied on the way, in words: redirects, an unchanged answer, faults that were read over."""
    title: str = ""
    entries: int = 0
    newest: tuple[Draft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A feed that somebody may confirm to follow."""

    address: str
    name: str
    every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A feed as it would be followed, and what it holds now; `key` confirms it."""

    key: str
    proposal: Proposal
    probe: Probe


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The feeds that a page names, each with the key under which it can be looked at."""

    address: str
    offers: tuple[tuple[str, FeedLink], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """How a feed stands, and what it answered just now; `trouble` says why it gave nothing."""

    state: SourceState
    probe: Probe | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A feed in a list that readers exchange (OPML)."""

    address: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineList:
    """What such a list holds: its feeds, each once, and how many entries were the same again or had no address."""

    outlines: tuple[Outline, ...] = ()
    repeated: int = 0
    without_address: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of the feeds of a list, by name; `refused` has the reason of each."""

    added: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    repeated: int = 0
    without_address: int = 0
