"""Tells in one line how the feeds are: at the start, when the first round is over, when all have gone, and when they are back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from bot.model import Polled, Source, SourceKind

NAMED = 3
"""A line names so many feeds that failed."""


@dataclass(slots=True, kw_only=True)
class FeedHealth:
    """Follows how polls end, and says so only when it is news."""

    feeds: Collection[int]
    """The ids of all feeds that are polled from the start on."""
    _last: dict[int, Polled] = field(default_factory=dict)
    _told: frozenset[int] = frozenset()
    """The feeds that the operator knows to have failed."""
    _away: bool = False
    """The operator knows that none can be reached."""

    def resume(self, sources: Sequence[Source], now: datetime) -> str | None:
        """Take in how feeds were when the program ended; return a line if some are waiting to be tried again."""
        asked = [source for source in sources if source.id in self.feeds and source.polled_at is not None]
        for source in asked:
            again = max((source.next_poll or now) - now, timedelta())
            self._last[source.id] = Polled(source=source, trouble=source.reason if source.failures else "", again=again)
        if len(self._last) < len(self.feeds):
            return None
        failed = self._failed()
        self._told = frozenset(one.source.id for one in failed)
        if self._are_all(failed) and len(failed) > NAMED:  # how each failed is too much to say, and is mostly one thing
            self._away = True
            return self._asking_for_network(failed, "failed last time")
        return self._naming(failed, failed) if failed else None

    def heard(self, polled: Polled) -> str | None:
        """Take in how one poll ended; return a line for the operator if the picture has changed."""
        if polled.source.kind is not SourceKind.FEED:
            return None
        if polled.source.id not in self.feeds:
            return self._alone(polled)
        self._last[polled.source.id] = polled
        if len(self._last) < len(self.feeds):
            return None
        failed = self._failed()
        new = [one for one in failed if one.source.id not in self._told]
        was_told, self._told = self._told, frozenset(one.source.id for one in failed)
        if self._are_all(failed) and all(one.unreachable for one in failed):
            was_away, self._away = self._away, True
            return None if was_away else self._asking_for_network(failed, "unreachable")
        self._away = self._away and self._are_all(failed)
        if new:
            return self._naming(new, failed)
        return f"All {len(self.feeds)} feeds are well again." if was_told and not failed else None

    def _alone(self, polled: Polled) -> str | None:
        """Tell of a feed that was added after the start, when it begins to fail."""
        if not polled.trouble or polled.source.failures:
            return None
        return f"{polled.source.name} failed and will be tried again: {polled.trouble}"

    def _failed(self) -> list[Polled]:
        return sorted((one for one in self._last.values() if one.trouble), key=lambda one: one.source.name)

    def _are_all(self, failed: Sequence[Polled]) -> bool:
        return 0 < len(failed) == len(self.feeds)

    def _asking_for_network(self, failed: Sequence[Polled], how: str) -> str:
        soonest = min(one.again or timedelta() for one in failed)
        return f"{self._count(failed)} {how}, is there a network? trying again in {_minutes(soonest)}"

    def _naming(self, new: Sequence[Polled], failed: Sequence[Polled]) -> str:
        """Name what failed anew, and count it with what failed before."""
        named = "; ".join(f"{one.source.name}: {one.trouble}" for one in new[:NAMED])
        more = f"; and {len(new) - NAMED} more" if len(new) > NAMED else ""
        return f"{self._count(failed)} failed and will be tried again: {named}{more}"

    def _count(self, failed: Sequence[Polled]) -> str:
        return f"{len(failed)} of {len(self.feeds)} feeds"


def _minutes(pause: timedelta) -> str:
    seconds = pause.total_seconds()
    return f"{ceil(seconds / 60)} min" if seconds >= 60 else f"{ceil(seconds)} s"  # a minute
