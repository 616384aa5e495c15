"""The seams of what hubs push (WebSub)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.model import Collected, Pushed, Source, Subscription


class PushReader(Protocol):
    """Reads what hubs push."""

    async def read_push(self, source: Source, marks: Mapping[str, str], pushed: Pushed) -> Collected:
        """Read a pushed document, given what its source remembers; nothing of that changes.

        Raises:
            SourceError: it is no feed.
        """
        ...


class SubscriptionStore(Protocol):
    """Which hubs push, and how that stands."""

    async def due(self, now: datetime, *, limit: int) -> Sequence[Subscription]:
        """Return what a hub is to be asked for: never asked yet, soon to lapse, or asked in vain some time ago."""
        ...

    async def asked(self, source_id: int, now: datetime, *, reason: str = "") -> None:
        """Write that a hub was asked, and why that was in vain, if it was."""
        ...

    async def find(self, token: str) -> Subscription | None:
        """Return the subscription that is called back under this token."""
        ...

    async def verified(self, source_id: int, *, until: datetime) -> None:
        """Write that a hub pushes from now on, until then."""
        ...

    async def denied(self, source_id: int, reason: str) -> None:
        """Write that a hub does not push, or no longer."""
        ...

    async def source(self, source_id: int) -> Source | None:
        """Return a source that is still followed."""
        ...
