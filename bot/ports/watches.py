"""The seams of watches that people keep by command."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

from bot.model import Backtest, SavedWatch, Viewer, Watch, WatchDraft, WatchPreview


class WatchStore(Protocol):
    """The watches of servers, and what may be saved; 0 stands for the bot's own."""

    async def keep_draft(self, server: int, draft: WatchDraft, *, now: datetime) -> str:
        """Keep what somebody may save, for a day; return its key (16 hexadecimal digits)."""
        ...

    async def draft(self, server: int, key: str, *, now: datetime) -> WatchDraft | None:
        """Return what a server may still save under a key."""
        ...

    async def withdraw(self, server: int, key: str) -> None:
        """Forget what might have been saved."""
        ...

    async def own(self, server: int) -> Sequence[Watch]:
        """Return the watches that a server has by command, by name."""
        ...

    async def save(self, server: int, draft: WatchDraft, *, most: int | None, now: datetime) -> Watch | None:
        """Make or change a watch, told from now on; None if it was changed, its name was taken, or there are `most` already."""
        ...

    async def remove(self, server: int, watch: Watch, *, now: datetime) -> bool:
        """End a watch as it stood; False if it has changed meanwhile."""
        ...

    async def pause(self, server: int, watch: Watch, *, paused: bool, here: Sequence[int] | None = None, now: datetime) -> bool:
        """Let a server, `here` its channels if they are known, hear nothing of a watch, or hear of it again; False if it has changed."""
        ...

    async def route(
        self, server: int, watch: Watch, channels: tuple[int, ...], *, here: Sequence[int] | None = None, now: datetime
    ) -> bool:
        """Tell a watch of the config in other channels of one server, `here` all of its channels; False if it has changed."""
        ...


class WatchOrders(Protocol):
    """What chat and command line may ask and change about watches; raises Unanswerable with a sentence for the person."""

    async def look(self, viewer: Viewer, draft: WatchDraft) -> WatchPreview:
        """Return a watch as it would be saved, and what it would have caught; nothing is saved yet."""
        ...

    async def editing(self, viewer: Viewer, name: str) -> Watch:
        """Return a watch that the viewer may change."""
        ...

    async def save(self, viewer: Viewer, key: str) -> SavedWatch | WatchPreview:
        """Save what was looked at; if somebody else was first, return it to be looked at again beside theirs."""
        ...

    async def all(self, viewer: Viewer) -> Sequence[Watch]:
        """Return the viewer's watches, by name, without what they have caught."""
        ...

    async def subjects(self, viewer: Viewer) -> Sequence[str]:
        """Return what a query can name: actors and topics, by id."""
        ...

    async def cancel(self, viewer: Viewer, key: str) -> None:
        """Forget what was looked at."""
        ...

    async def remove(self, viewer: Viewer, name: str) -> Watch:
        """End a watch of the viewer's own."""
        ...

    async def pause(self, viewer: Viewer, name: str, *, paused: bool, here: Sequence[int] | None = None) -> Watch:
        """Let the viewer, `here` its channels, hear nothing of a watch, or hear of it again."""
        ...

    async def route(self, viewer: Viewer, name: str, channels: tuple[int, ...], *, here: Sequence[int] | None = None) -> Watch:
        """Tell a watch of the config in other channels of the viewer's, `here` all of its channels."""
        ...

    def test(self, viewer: Viewer, query: str, *, days: int) -> AsyncIterator[Backtest]:
        """Yield what the index says of a query, then what it matches."""
        ...
