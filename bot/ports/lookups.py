"""The seams of what people look up: the archive for one viewer, where servers are told, and what could not be told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.model import (
    Alert,
    Article,
    Headline,
    Lookup,
    Page,
    Query,
    Reason,
    SourceBrief,
    SourcePage,
    SourceState,
    Standing,
    Stretch,
    Stuck,
    Viewer,
    Watch,
    WatchView,
    WayOut,
)


class ArchiveStore(Protocol):
    """What questions read. Every method takes the viewer: a server never sees what another one follows."""

    async def latest(self, viewer: Viewer, *, watch: str | None, limit: int, offset: int) -> Sequence[Headline]:
        """Return the newest matching articles, newest first."""
        ...

    async def candidates(self, viewer: Viewer, query: Query, *, since: datetime | None, limit: int) -> Sequence[Article]:
        """Return the newest articles that may answer a query, for the reader to judge."""
        ...

    async def walk(
        self,
        viewer: Viewer,
        query: Query,
        *,
        since: datetime | None,
        before: int | None = None,
        most: int,
        budget: timedelta,
    ) -> Stretch:
        """Return the next articles below an id that may answer a query, the newest first: at most so many, in about that time."""
        ...

    async def count_candidates(
        self, viewer: Viewer, query: Query, *, since: datetime | None, budget: timedelta
    ) -> tuple[int, bool]:
        """Return how many articles may answer a query, as far as they can be counted in that time, and whether those are all."""
        ...

    async def looked_at(self, reached: int) -> int:
        """Return how many articles of the archive are as new as the one of this id, or newer."""
        ...

    async def overlap(self, viewer: Viewer, article_ids: Sequence[int]) -> Mapping[str, int]:
        """Return how many of these articles each of the viewer's watches has matched."""
        ...

    async def headlines(self, viewer: Viewer, article_ids: Sequence[int]) -> Sequence[Headline]:
        """Return the headlines of these articles, in the order asked."""
        ...

    async def watches(self, viewer: Viewer) -> Sequence[Watch]:
        """Return the watches a viewer has, by name."""
        ...

    async def sources(
        self, viewer: Viewer, *, now: datetime | None = None, among: Collection[int] | None = None
    ) -> Sequence[SourceState]:
        """Return the sources a viewer sees, or some of them, by name; and how much they give these days, if a moment is given."""
        ...

    async def source_briefs(self, viewer: Viewer) -> Sequence[SourceBrief]:
        """Return what decides the order of a list of the sources that a viewer sees, by name."""
        ...

    async def reasons(self, viewer: Viewer, delivery_id: str) -> Sequence[Reason]:
        """Return why a delivery was made, watch by watch, the strongest first."""
        ...

    async def standing(self, viewer: Viewer) -> Standing:
        """Return how the bot stands."""
        ...

    async def match_count(self, viewer: Viewer, watch_id: int, *, most: int) -> int:
        """Return how many of the viewer's articles a watch has matched at its level, up to a number."""
        ...

    async def frequency(self, viewer: Viewer, subject: str, *, newest: int) -> tuple[int, int]:
        """Return in how many of the viewer's newest articles a subject was found, or may be, and how many were looked at."""
        ...

    async def archive_size(self) -> int:
        """Return how many real articles have been read."""
        ...


class PlaceStore(Protocol):
    """Where each server is told, and what its people look through."""

    async def set_channel(self, server: int, channel: int, *, now: datetime) -> None:
        """Tell a server's alerts in this channel from now on, and there what a broken one has kept waiting."""
        ...

    async def set_caps(self, server: int, channel: int | None, *, per_poll: int | None, per_hour: int | None) -> int | None:
        """Cap what stands alone in a channel, by default the server's own; return the channel, None where there is none."""
        ...

    async def default_channel(self, server: int, channel: int, *, now: datetime) -> None:
        """Tell a server's alerts in the channel of the environment, unless the server has chosen its own; no other server's by default."""
        ...

    async def keep_lookup(self, lookup: Lookup, *, now: datetime) -> str:
        """Keep what somebody looked up, so that its pages can be turned after a restart; return its key (16 characters)."""
        ...

    async def lookup(self, key: str) -> Lookup | None:
        """Return what is kept under a key."""
        ...

    async def note(self, key: str, value: str, *, now: datetime) -> None:
        """Keep one fact of the program, such as the hash of the registered commands."""
        ...

    async def noted(self, key: str) -> str | None:
        """Return a kept fact."""
        ...


class BacklogStore(Protocol):
    """What could not be told. Every method takes the viewer: a server neither sees nor touches what is another one's."""

    async def stuck(self, viewer: Viewer) -> Sequence[Stuck]:
        """Return what is held, in doubt or dead, the oldest first; what a cap has folded is none of it."""
        ...

    async def resend(self, viewer: Viewer, ids: Sequence[str] | None, *, now: datetime) -> int:
        """Let these be told again as if for the first time, or all; return how many."""
        ...

    async def drop(self, viewer: Viewer, ids: Sequence[str] | None) -> int:
        """End these untold, or all; return how many."""
        ...


class Answers(Protocol):
    """What chat and command line may ask; every method raises Unanswerable with a sentence for the person."""

    async def latest(self, viewer: Viewer, *, watch: str | None, size: int) -> Page:
        """Return the newest matching articles."""
        ...

    async def search(self, viewer: Viewer, *, query: str, since: str | None, size: int) -> Page:
        """Return the newest articles that answer a query of the watch language; `since` is `3 days`, `12h` or `2026-11-01`."""
        ...

    async def turn(self, viewer: Viewer, key: str, number: int) -> Page:
        """Return another page of an earlier answer."""
        ...

    async def watches(self, viewer: Viewer) -> Sequence[WatchView]:
        """Return the viewer's watches, by name."""
        ...

    async def watch(self, viewer: Viewer, name: str) -> WatchView:
        """Return one watch, whatever the case its name is written in."""
        ...

    async def sources(self, viewer: Viewer) -> Sequence[SourceState]:
        """Return the sources the viewer sees, folders too, by name, without how much they give."""
        ...

    async def source_page(self, viewer: Viewer, number: int) -> SourcePage:
        """Return a page of the list of them, those in trouble first; a number too high is the last page."""
        ...

    async def why(self, viewer: Viewer, delivery_id: str) -> Sequence[Reason]:
        """Return why a card was posted, watch by watch."""
        ...

    async def standing(self, viewer: Viewer) -> Standing:
        """Return how the bot stands."""
        ...

    async def unstick(self, viewer: Viewer, way: WayOut, *, named: Sequence[str] | None = None) -> int:
        """Tell again or drop what is stuck, all of it or what is named; return how many."""
        ...

    async def settle_in(self, server: int, channel: int) -> Alert | None:
        """Tell a server's alerts in this channel from now on; return the newest matching article as a test alert, if there is one."""
        ...
