"""What a feed says of itself: its name, when to ask again, who pushes it, what it has deleted. It decides nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.sources.text import markup

_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
"""`sy:updatePeriod` (RDF Site Summary 1.0, module Syndication)."""

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_TEXTS = frozenset({"title", "language", "ttl", "updateperiod", "updatefrequency"})
_HOLDERS = frozenset({"channel", "feed"})
_LISTS = {"hour": "skiphours", "day": "skipdays"}

_MOST_DELETED = 2_000
"""Tombstones that are read of one document."""

_LINK = re.compile(r"<([^<>]{1,2000})>\s*((?:;\s*[\w*!#$&+.^`|~-]+\s*=\s*(?:\"[^\"]{0,500}\"|[^\s\",;]{1,500})\s*){1,10})")
_REL = re.compile(r"\brel\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a feed says of itself, in the form in which the poller needs it."""

    title: str = ""
    language: str = ""
    rest: timedelta | None = None
    """How long it wants to be left alone after each answer."""
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day, in GMT, in which it does not change."""
    skip_days: frozenset[int] = frozenset()
    """Days of the week, Monday being 0, on which it does not change."""
    hub: str = ""
    topic: str = ""
    withdrawn: tuple[str, ...] = ()


class Head:
    """Gathers hints from the elements of a feed that stand outside its entries, in the order in which they come."""

    def __init__(self) -> None:
        self._path: list[str] = []
        self._texts: dict[str, str] = {}
        self._skipped: dict[str, list[str]] = {"hour": [], "day": []}
        self._links: dict[str, str] = {}
        self._deleted: list[str] = []
        self._pieces: list[str] | None = None
        self._until = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element; `name` has no prefix and small letters."""
        parent = self._path[-1] if self._path else ""
        self._path.append(name)
        if name in _HOLDERS or name == "rss":
            self._texts.setdefault("xml:lang", attributes.get("xml:lang", ""))
        if name == "link" and parent in _HOLDERS:
            for rel in attributes.get("rel", "").lower().split():
                self._links.setdefault(rel, attributes.get("href", ""))
        elif name == "deleted-entry" and len(self._deleted) < _MOST_DELETED:
            self._deleted.append(attributes.get("ref", ""))
        elif self._pieces is None and ((name in _TEXTS and parent in _HOLDERS) or _LISTS.get(name) == parent):
            self._pieces, self._until = [], len(self._path)

    def text(self, piece: str) -> None:
        """Take characters."""
        if self._pieces is not None:
            self._pieces.append(piece)

    def end(self) -> None:
        """Take the end of the element that began last."""
        name = self._path.pop()
        if self._pieces is None or len(self._path) >= self._until:
            return
        text = "".join(self._pieces).strip()
        self._pieces = None
        if name in self._skipped:
            self._skipped[name].append(text)
        else:
            self._texts.setdefault(name, text)

    def hints(self) -> Hints:
        """Return what was gathered so far."""
        texts = self._texts
        return Hints(
            title=markup.plain_line(texts.get("title", "")[:1000]),
            language=(texts.get("language") or texts.get("xml:lang", ""))[:35],
            rest=_rest(texts),
            skip_hours=frozenset(int(hour) % 24 for hour in self._skipped["hour"] if re.fullmatch(r"[01]?\d|2[0-4]", hour)),
            skip_days=frozenset(_DAYS.index(day.lower()) for day in self._skipped["day"] if day.lower() in _DAYS),
            hub=self._links.get("hub", "").strip(),
            topic=self._links.get("self", "").strip(),
            withdrawn=tuple(dict.fromkeys(ref.strip() for ref in self._deleted if ref.strip())),
        )


def _rest(texts: Mapping[str, str]) -> timedelta | None:
    """Return the longer of what `ttl`, in minutes, and `sy:` say."""
    ttl = _count(texts.get("ttl", ""))
    period = _PERIODS.get(texts.get("updateperiod", "").lower())
    often = _count(texts.get("updatefrequency", "1") or "1")
    wanted = [timedelta(minutes=ttl)] if ttl else []
    if period and often:
        wanted.append(period / often)
    return max(wanted, default=None)


def _count(digits: str) -> int:
    return int(digits) if re.fullmatch("[0-9]{1,6}", digits) else 0


def announced(header: str) -> dict[str, str]:
    """Return the first link of each relation that an HTTP header `Link` names (RFC 8288)."""
    found: dict[str, str] = {}
    for link in _LINK.finditer(header[:10_000]):
        rel = _REL.search(link[2])
        for name in (rel[1] or rel[2] or "").lower().split() if rel else ():
            found.setdefault(name, link[1].strip())
    return found
