"""What the people of one server may follow: how often a feed is asked, how many there are, how much is looked at in an hour."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import Unanswerable
from bot.questions.times import write_span
from bot.settings import Polling, Servers

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLimits:
    """The rules of the settings; each refusal is a sentence that names the rule and the mend."""

    polling: Polling
    servers: Servers | None
    """None for the operator's own commands: only `[polling] least_every` holds for them."""
    _looks: dict[int, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))
    """When each server had an address looked at, within the last hour; a restart forgets it, which no server can bring about."""

    def interval(self, span: timedelta | None) -> timedelta:
        """Return how often a feed is asked that somebody adds, who may have said how often.

        Raises:
            Unanswerable: it is more often than a feed may be asked.
        """
        least = max(self.polling.least_every, self.servers.least_every if self.servers else timedelta())
        if span is None:
            return max(self.polling.every, least)
        if span < least:
            raise Unanswerable(
                f"{write_span(span)} is too often: no feed may be asked more often than every {write_span(least)}."
            )
        return span

    def refuse_more(self, followed: int) -> None:
        """Do nothing while a server may follow one feed more.

        Raises:
            Unanswerable: it follows as many as it may.
        """
        if self.servers is not None and followed >= self.servers.feeds:
            raise Unanswerable(f"This server follows {self.servers.feeds} feeds, as many as it may: remove one first.")

    def spend(self, server: int, *, now: datetime) -> None:
        """Count one more look for a server.

        Raises:
            Unanswerable: it has had as many within the hour as it may.
        """
        if self.servers is None:
            return
        looks, most = self._looks[server], self.servers.looks_per_hour
        while looks and not now - HOUR < looks[0] <= now:  # one from the future: the clock was set back
            looks.popleft()
        if len(looks) >= most:
            raise Unanswerable(
                f"This server has had {most} addresses looked at within an hour, as many as it may: wait a little."
            )
        looks.append(now)
