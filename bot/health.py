"""Tells in one line how the feeds are: when the first round is over, when all have gone, and when they are back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from bot.model import Polled, SourceKind

NAMED = 3
"""A line names so many feeds that failed."""


@dataclass(slots=True, kw_only=True)
class FeedHealth:
    """Follows how polls end, and says so only when it is news."""

    feeds: Collection[int]
    """The ids of all feeds that are polled."""
    _last: dict[int, Polled] = field(default_factory=dict)
    _said: str = ""

    def heard(self, polled: Polled) -> str | None:
        """Take in how one poll ended; return a line for the operator if the picture has changed."""
        if polled.source.kind is not SourceKind.FEED or polled.source.id not in self.feeds:
            return None
        self._last[polled.source.id] = polled
        if len(self._last) < len(self.feeds):
            return None
        line = self._line()
        if line == self._said or (not line and not self._said):
            return None
        self._said = line
        return line or f"All {len(self.feeds)} feeds are well again."

    def _line(self) -> str:
        failed = sorted((one for one in self._last.values() if one.trouble), key=lambda one: one.source.name)
        if not failed:
            return ""
        count = f"{len(failed)} of {len(self.feeds)} feeds"
        if len(failed) == len(self.feeds) and all(one.unreachable for one in failed):
            return f"{count} unreachable, is there a network? trying again in 5 min"
        named = "; ".join(f"{one.source.name}: {one.trouble}" for one in failed[:NAMED])
        more = f"; and {len(failed) - NAMED} more" if len(failed) > NAMED else ""
        return f"{count} failed and will be tried again: {named}{more}"
