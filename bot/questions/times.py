"""Reads moments and spans as people write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bot.errors import Unanswerable

LONGEST_SPAN = timedelta(days=30)

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def read_since(words: str, now: datetime) -> datetime:
    """Return the moment that `3 days`, `12h`, `2 weeks` or `2026-11-01` means.

    Raises:
        Unanswerable: it is none of these.
    """
    if found := re.fullmatch(r"\s*(\d{1,4})\s*(m|h|d|w)[a-z]*\s*", words.casefold()):
        return now - timedelta(**{_UNITS[found[2]]: int(found[1])})
    try:
        moment = datetime.fromisoformat(words.strip())
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Unanswerable(f"“{words}” is no time I know: write it as 3 days, 12h or 2026-11-01.") from None


def read_span(words: str) -> timedelta:
    """Return the span that `90 s`, `15 min`, `2 h` or `1 day` means.

    Raises:
        Unanswerable: it is none of these, or no interval to ask a feed at.
    """
    found = re.fullmatch(r"\s*(\d{1,5})\s*(s|m|h|d|w)[a-z]*\s*", words.casefold())
    span = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else timedelta()
    if not timedelta() < span <= LONGEST_SPAN:
        raise Unanswerable(f"“{words}” is no interval I know: write it as 15 min, 2 h or 1 day, and at most 30 days.")
    return span


def write_span(span: timedelta) -> str:
    """Return a span in its largest whole unit: `90 s`, `15 min`, `2 h`, `7 days`."""
    seconds = span.total_seconds()
    for size, unit in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return "1 day" if seconds == size == 86400 else f"{seconds / size:g} {unit}"
    return f"{seconds:.0f} s"
