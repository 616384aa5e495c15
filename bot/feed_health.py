"""Tells in one line how the feeds are: at the start, when the first round is over, when all have gone, and when they are back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil

from bot.model import Polled, Source, SourceKind

NAMED = 3
"""A line names so many feeds that failed."""


@dataclass(slots=True, kw_only=True)
class FeedHealth:
    """Follows how polls end, and says so only when it is news."""

    feeds: Collection[int]
    """The ids of all feeds that are polled."""
    _last: dict[int, Polled] = field(default_factory=dict)
    _said: Sequence[str] = ()

    def resume(self, sources: Sequence[Source]) -> str | None:
        """Take in how feeds were when the program ended; return a line if some are waiting to be tried again."""
        lines = [
            self.heard(Polled(source=source, trouble=source.reason if source.failures else ""))
            for source in sources
            if source.polled_at is not None
        ]
        return next(filter(None, reversed(lines)), None)

    def heard(self, polled: Polled) -> str | None:
        """Take in how one poll ended; return a line for the operator if the picture has changed."""
        if polled.source.kind is not SourceKind.FEED or polled.source.id not in self.feeds:
            return None
        self._last[polled.source.id] = polled
        if len(self._last) < len(self.feeds):
            return None
        failed = sorted((one for one in self._last.values() if one.trouble), key=lambda one: one.source.name)
        picture = [one.source.name + one.trouble for one in failed]
        if picture == list(self._said):
            return None
        self._said = picture
        return self._line(failed) if failed else f"All {len(self.feeds)} feeds are well again."

    def _line(self, failed: Sequence[Polled]) -> str:
        count = f"{len(failed)} of {len(self.feeds)} feeds"
        if len(failed) == len(self.feeds) and all(one.unreachable for one in failed):
            soonest = min(one.again or timedelta() for one in failed)
            return f"{count} unreachable, is there a network? trying again in {_minutes(soonest)}"
        named = "; ".join(f"{one.source.name}: {one.trouble}" for one in failed[:NAMED])
        more = f"; and {len(failed) - NAMED} more" if len(failed) > NAMED else ""
        return f"{count} failed and will be tried again: {named}{more}"


def _minutes(pause: timedelta) -> str:
    seconds = pause.total_seconds()
    return f"{ceil(seconds / 60)} min" if seconds >= 60 else f"{ceil(seconds)} s"  # a minute
