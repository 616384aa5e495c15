"""The protocols about feeds: what is asked of people's feeds, of the web, of the store, and of lists that readers exchange."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.model import (
    Checkup,
    Choice,
    FeedLink,
    Follow,
    Imported,
    Outline,
    OutlineList,
    Preview,
    Probe,
    Proposal,
    Source,
    SourceState,
    Viewer,
)


class Prober(Protocol):
    """Looks at feeds as a poll would, without a trace in the archive; what it raises is a SourceError, a sentence for a person."""

    def address(self, written: str) -> str:
        """Return an address in full, as a person wrote it; raise if it is none that the bot may ask."""
        ...

    async def find(self, address: str) -> Probe | Sequence[FeedLink]:
        """Return the feed at an address, or that of the web page there; where the page names several, those."""
        ...

    async def check(self, source: Source, marks: Mapping[str, str]) -> Probe:
        """Ask a source for what changed, as its next poll would, and say what it holds even if nothing did."""
        ...


class FeedLists(Protocol):
    """Reads and writes the lists of feeds that readers exchange."""

    def read(self, body: bytes) -> OutlineList:
        """Return what a list holds; raise SourceError with a sentence if it is none."""
        ...

    def write(self, title: str, outlines: Sequence[Outline]) -> bytes:
        """Return a list of feeds as a file."""
        ...


class FollowStore(Protocol):
    """Who follows what by command: `server` is that of the follow, where 0 is the bot's own, which every server sees."""

    async def propose(self, server: int, proposals: Sequence[Proposal], *, now: datetime) -> Sequence[str]:
        """Keep what somebody may confirm, for a day; return the key of each (16 characters)."""
        ...

    async def proposal(self, server: int, key: str, *, now: datetime) -> Proposal | None:
        """Return what a server may still confirm under a key."""
        ...

    async def withdraw(self, server: int, key: str) -> None:
        """Forget what was proposed."""
        ...

    async def followed_as(self, server: int, address: str) -> str | None:
        """Return under which name a server sees a feed already, by its own follow or by the bot's."""
        ...

    async def add(self, follow: Follow, *, now: datetime) -> None:
        """Follow from now on, or follow again."""
        ...

    async def remove(self, server: int, source_id: int, *, now: datetime) -> None:
        """End a follow; its history is kept."""
        ...

    async def pause(self, server: int, source_id: int, *, now: datetime) -> None:
        """Tell a server nothing of a source from now on, whoever follows it."""
        ...

    async def resume(self, server: int, source_id: int, *, now: datetime) -> bool:
        """Tell a server of a source again, and ask a source again that was given up; False if the pause was not the server's."""
        ...

    async def own(self, server: int) -> Sequence[Follow]:
        """Return the feeds that a server follows by itself, by name."""
        ...

    async def marks(self, source_id: int) -> Mapping[str, str]:
        """Return what a source remembers of its polls."""
        ...


class Feeds(Protocol):
    """What chat and command line may ask and change about feeds; every method raises Unanswerable with a sentence for the person."""

    async def look(self, viewer: Viewer, url: str, *, every: str | None = None, name: str | None = None) -> Preview | Choice:
        """Return the feed at an address as it would be followed, or the feeds that the page there names; nothing is followed yet."""
        ...

    async def pick(self, viewer: Viewer, key: str) -> Preview | Choice:
        """Return one of the feeds that a page names as it would be followed."""
        ...

    async def confirm(self, viewer: Viewer, key: str) -> Proposal:
        """Follow what was looked at."""
        ...

    async def cancel(self, viewer: Viewer, key: str) -> None:
        """Forget what was looked at."""
        ...

    async def remove(self, viewer: Viewer, name: str) -> SourceState:
        """End a follow of the viewer's own; return how it stood."""
        ...

    async def pause(self, viewer: Viewer, name: str) -> SourceState:
        """Tell the viewer nothing of a source until it is resumed; return how it stood."""
        ...

    async def resume(self, viewer: Viewer, name: str) -> SourceState:
        """Tell the viewer of a source again, and ask it again if it was given up; return how it stood."""
        ...

    async def check(self, viewer: Viewer, name: str) -> Checkup:
        """Ask a feed now and say what it answers; nothing of it is kept."""
        ...

    async def export(self, viewer: Viewer) -> tuple[bytes, int]:
        """Return the viewer's own feeds as a list for other readers, and how many they are."""
        ...

    async def take_in(self, viewer: Viewer, body: bytes) -> Imported:
        """Follow the feeds of a list from another reader."""
        ...
