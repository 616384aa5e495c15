"""Decides from what the store knows whether the program is well, and says it in a sentence. It reads nothing."""

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


def sentence(vitals: Vitals, found: Sequence[Trouble], now: datetime) -> str:
    """Say how the program stands: what is the matter first, then the rest."""
    parts = {
        _running(vitals, found, now): {Trouble.NOT_RUNNING, Trouble.AWAY},
        _waiting(vitals.unread, ("article waits", "articles wait"), "to be read", now): {Trouble.NOT_READING},
        _waiting(vitals.untold, ("delivery waits", "deliveries wait"), "to be told", now): {Trouble.NOT_TELLING},
    }
    stuck = (("held", vitals.held), ("in doubt", vitals.in_doubt), ("dead", vitals.dead))
    said = [
        *sorted(parts, key=lambda part: parts[part].isdisjoint(found)),
        *(f"{count} {state}" for state, count in stuck if count),
    ]
    return f"{'Not well' if found else 'Well'}: {'; '.join(said)}."


def _running(vitals: Vitals, found: Sequence[Trouble], now: datetime) -> str:
    if vitals.beat is None or vitals.beat_at is None:
        return "it does not run, and has left no sign in this archive"
    if Trouble.NOT_RUNNING in found:
        return f"it does not run, or hangs: its last sign is {_span(now - vitals.beat_at)} old"
    match vitals.beat.gateway:
        case Gateway.NONE:
            return f"it has run for {_span(now - vitals.beat.started)}, in the terminal"
        case Gateway.AWAY:
            return f"Discord has been away for {_span(now - vitals.beat.gateway_since)}"
        case Gateway.CONNECTED:
            return f"connected to Discord for {_span(now - vitals.beat.gateway_since)}"


def _waiting(queue: Queue, who_waits: tuple[str, str], for_what: str, now: datetime) -> str:
    one, many = who_waits
    if not queue.count or queue.since is None:
        return f"no {one} {for_what}"
    return f"{queue.count} {one if queue.count == 1 else many} {for_what}, the oldest for {_span(now - queue.since)}"


def _span(span: timedelta) -> str:
    seconds = abs(span.total_seconds())
    for size, unit in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
