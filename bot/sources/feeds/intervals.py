"""Decides when a feed may be asked again: by what it says of itself, and by what its server says of the answer."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from bot.sources.web.answers import http_date
from bot.timing import JITTER

LONGEST = timedelta(hours=24)
"""No feed is left alone for longer because of how long its answer stays good."""

_HOUR = timedelta(hours=1)
_LONGEST_SKIP = timedelta(days=3)
"""A feed that skips more than a long weekend at a stretch cannot mean it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a feed says of when it wants to be asked: `<ttl>` or `sy:`, `<skipHours>`, `<skipDays>` (Monday is 0), all in GMT."""

    rest: timedelta | None = None
    skip_hours: Collection[int] = ()
    skip_days: Collection[int] = ()

    @classmethod
    def read(cls, kept: str) -> Self:
        """Read what `written` wrote."""
        if not kept:
            return cls()
        rest, hours, days = json.loads(kept)
        return cls(rest=None if rest is None else timedelta(seconds=rest), skip_hours=hours, skip_days=days)

    def written(self) -> str:
        """Write the hints as one mark; empty where there are none."""
        if self.rest is None and not self.skip_hours and not self.skip_days:
            return ""
        rest = None if self.rest is None else self.rest.total_seconds()
        return json.dumps([rest, sorted(self.skip_hours), sorted(self.skip_days)])


def not_before(now: datetime, *, every: timedelta, hints: Hints, headers: Mapping[str, str]) -> datetime | None:
    """Return until when a feed wants to be left alone, where that is longer than its interval does."""
    wanted = min(max(hints.rest or timedelta(), _fresh_for(headers, now)), LONGEST)
    soonest = now + every * (1 - JITTER)
    start = max(soonest, now + wanted)
    start = _past_skips(start, every * 2 * JITTER, hints)
    return start if start > soonest else None


def _fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return for how long an answer stays good (RFC 9111, section 4.2.1); not at all where it must be asked about anyway."""
    directives = dict(_directive(part) for part in headers.get("cache-control", "").lower().split(","))
    if directives.keys() & {"no-cache", "no-store"}:
        return timedelta()
    if (age := directives.get("max-age", "")).isdecimal():
        spent = headers.get("age", "").strip()
        left_s = int(age[:9]) - (int(spent[:9]) if spent.isdecimal() else 0)
        return timedelta(seconds=max(0, left_s))
    expires, sent = http_date(headers.get("expires", "")), http_date(headers.get("date", "")) or now
    return max(timedelta(), expires - sent) if expires else timedelta()


def _directive(part: str) -> tuple[str, str]:
    name, _, value = part.strip().partition("=")
    return name.strip(), value.strip().strip('"')


def _past_skips(start: datetime, span: timedelta, hints: Hints) -> datetime:
    """Return the first moment from `start` on after which no hour is skipped for a while, or at least that one is not."""
    if not hints.skip_hours and not hints.skip_days:
        return start
    for width in (span, timedelta()):
        moment = start
        while moment - start <= _LONGEST_SKIP:
            if not _touches_skip(moment, width, hints):
                return moment
            moment = _full_hour(moment) + _HOUR
    return start


def _touches_skip(start: datetime, width: timedelta, hints: Hints) -> bool:
    moment = _full_hour(start)
    while moment <= start + width:
        if moment.hour in hints.skip_hours or moment.weekday() in hints.skip_days:
            return True
        moment += _HOUR
    return False


def _full_hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
