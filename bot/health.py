"""Decides from what the store knows whether the program is well. It reads and renders nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum, auto

from bot.model import Gateway, Queue, Vitals

SILENT = timedelta(minutes=2)
"""A program that runs says so every half minute."""
AWAY = timedelta(minutes=5)
"""Discord's gateway is changed under a connection now and then; that is over sooner."""
UNREAD = timedelta(minutes=10)
UNTOLD = timedelta(minutes=10)


class Trouble(Enum):
    """What can be the matter."""

    NOT_RUNNING = auto()
    AWAY = auto()
    NOT_READING = auto()
    NOT_TELLING = auto()


def troubles(vitals: Vitals, now: datetime) -> Sequence[Trouble]:
    """Return what is the matter, the worst first; nothing for a program that is well.

    What waited while the program did not run counts from its start, so that a restart is given its time.
    """
    if vitals.beat is None or vitals.beat_at is None or abs(now - vitals.beat_at) > SILENT:
        return [Trouble.NOT_RUNNING]  # a beat from the future is that of a clock that has been set back since
    found = []
    started = vitals.beat.started
    if vitals.beat.gateway is Gateway.AWAY and now - vitals.beat.gateway_since > AWAY:
        found.append(Trouble.AWAY)
    if _waits(vitals.unread, max(started, vitals.read_at or started), now) > UNREAD:
        found.append(Trouble.NOT_READING)
    if _waits(vitals.untold, started, now) > UNTOLD:
        found.append(Trouble.NOT_TELLING)
    return found


def _waits(queue: Queue, since: datetime, now: datetime) -> timedelta:
    """Return how long the oldest has waited, no longer than since this moment."""
    return now - max(queue.since, since) if queue.since is not None else timedelta()
