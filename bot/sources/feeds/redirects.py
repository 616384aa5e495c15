"""Decides when a redirect is proven permanent: a feed's address is changed for good only after days of the same answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.sources.web.answers import Hop

POLLS = 3
SPAN = timedelta(hours=24)

_PERMANENT = frozenset({301, 308})


def follow_up(hops: Sequence[Hop], before: str, now: datetime) -> tuple[str, str]:
    """Return what to remember of the redirects of a good poll, and the new address once it is proven; each may be empty.

    `before` is what was remembered after the last one. A new address is proven by the same target on three polls over a
    day, with every hop permanent and none that leads from https down to http.
    """
    target = _permanent_target(hops)
    if not target:
        return "", ""
    polls, since = 1, now
    if before.count(" ") == 2:
        count, start, known = before.split(" ")
        if known == target:
            polls, since = int(count) + 1, datetime.fromisoformat(start)
    if polls >= POLLS and now - since >= SPAN:
        return "", target
    return f"{min(polls, POLLS)} {since.isoformat()} {target}", ""


def _permanent_target(hops: Sequence[Hop]) -> str:
    if not hops or any(hop.status not in _PERMANENT for hop in hops):
        return ""
    if any(hop.origin.startswith("https:") and not hop.target.startswith("https:") for hop in hops):
        return ""
    target = hops[-1].target
    return target if target != hops[0].origin and " " not in target else ""
