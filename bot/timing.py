"""Decides when a source is asked next, after a good poll and after a failure, and when it is given up. It asks nobody."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import SourceError
from bot.model import Mark, Source, SourceKind
from bot.settings import Polling

JITTER = 0.1
"""A poll comes this share of its interval earlier or later, so that those of many feeds do not meet."""

LONGEST_BACKOFF = timedelta(hours=24)
OWN_OUTAGE_BACKOFF = timedelta(minutes=5)
FOLDER_BACKOFF = timedelta(minutes=15)
"""A folder that is away costs nobody anything, and may be back any moment."""

REFUSED = frozenset({401, 403, 404})
GONE = 410
PATIENCE, LEAST_TRIES = timedelta(days=7), 20
"""A source that refuses the bot is given up after so long and so many failures in a row."""

FAILING = "failing"
"""The mark of a source that fails: since when, and with which status last."""


@dataclass(slots=True)
class Reach:
    """Knows when anybody out there last answered: if nobody does, the fault may be in the bot's own network."""

    answered_at: datetime | None = None

    def may_be_own_fault(self, source: Source) -> bool:
        """Tell whether nobody has answered since this source was asked before."""
        if self.answered_at is None:
            return True
        return source.polled_at is not None and self.answered_at <= source.polled_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What follows from a failure."""

    reason: str
    wait: timedelta
    given_up: bool
    marks: tuple[Mark, ...]


def next_poll(
    source: Source,
    now: datetime,
    *,
    polling: Polling,
    newest: datetime | None,
    not_before: datetime | None,
    draw: random.Random,
) -> datetime:
    """Return when a source that is well is asked next: at its interval, a little earlier or later, but not before it wants."""
    every = source.every
    if source.kind is SourceKind.FEED and every == polling.every and newest is not None:
        every = slowed(every, silent=now - newest, longest=polling.quiet_every)
    planned = now + every * draw.uniform(1 - JITTER, 1 + JITTER)
    if not_before is None:
        return planned
    return max(planned, not_before + source.every * draw.uniform(0, JITTER))


def slowed(every: timedelta, *, silent: timedelta, longest: timedelta) -> timedelta:
    """Return the interval of a feed that has brought nothing new for so long: a 24th of that, between the two given."""
    return max(every, min(silent / 24, longest))


def judge(
    source: Source,
    error: SourceError,
    marks: Mapping[str, str],
    now: datetime,
    *,
    polling: Polling,
    reach: Reach,
    draw: random.Random,
) -> Verdict:
    """Return how long a source that failed is left alone, and whether it is given up."""
    since, last_status = _failing(source, marks, now)
    tries, lasted = source.failures + 1, now - since
    is_gone = error.status == GONE == last_status
    is_refused = error.status in REFUSED and tries >= LEAST_TRIES and lasted >= PATIENCE
    reason = str(error)
    if is_gone:
        reason += " It said so twice, and is asked no more until somebody resumes it."
    elif is_refused:
        reason += f" It has failed {tries} times in {lasted.days} days, and is asked no more until somebody resumes it."
    wait = _pause(source, error, polling=polling, is_own=error.unreachable and reach.may_be_own_fault(source), draw=draw)
    return Verdict(
        reason=reason,
        wait=max(wait, (error.retry_after or timedelta()) + source.every * draw.uniform(0, JITTER)),
        given_up=is_gone or is_refused,
        marks=(Mark(key=FAILING, value=f"{since.isoformat()} {error.status or 0}"),),
    )


def _failing(source: Source, marks: Mapping[str, str], now: datetime) -> tuple[datetime, int]:
    """Return since when a source fails, and with which status it did last; a first failure begins now."""
    kept = marks.get(FAILING, "")
    if not source.failures or not kept:
        return now, 0
    since, status = kept.split(" ")
    return datetime.fromisoformat(since), int(status)


def _pause(source: Source, error: SourceError, *, polling: Polling, is_own: bool, draw: random.Random) -> timedelta:
    """Return a pause that doubles with each failure, to a day at most, drawn from the whole of it so that many never meet.

    A fault of our own network bothers nobody out there, so then every source is tried again soon. What says that it is gone
    is asked once more to confirm it, as if it were well.
    """
    doubled: timedelta = source.every * 2 ** min(source.failures, 12)
    if source.kind is not SourceKind.FEED:
        return min(doubled, max(source.every, FOLDER_BACKOFF)) * draw.uniform(1 - JITTER, 1 + JITTER)
    if is_own:
        soon: timedelta = min(source.every, OWN_OUTAGE_BACKOFF) * 2 ** min(source.failures, 12)
        return min(soon, source.every) * draw.uniform(0.8, 1.2)
    if error.status == GONE:
        return source.every * draw.uniform(1 - JITTER, 1 + JITTER)
    return max(min(doubled, LONGEST_BACKOFF) * draw.random(), min(polling.least_every, source.every))
