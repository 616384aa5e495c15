"""Reads moments and spans as people write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bot.errors import Unanswerable

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


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
