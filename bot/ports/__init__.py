"""The protocols between packages: what each step asks of the others, in at most ten methods a seam."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.model import (
    CONFIG_SERVER,
    Alert,
    Article,
    Card,
    Collected,
    Delivery,
    Draft,
    Headline,
    Lookup,
    Mark,
    Match,
    Outcome,
    Page,
    Query,
    Reading,
    Reason,
    Round,
    Rules,
    Source,
    SourceBrief,
    SourcePage,
    SourceState,
    Standing,
    Stretch,
    Stuck,
    Teaser,
    Unread,
    Viewer,
    Ward,
    Watch,
    WatchView,
    WayOut,
)
from bot.ports.actors import Actors, Meanings, OverrideStore, Understand
from bot.ports.articles import Articles, HistoryStore
from bot.ports.feeds import FeedLists, Feeds, FollowStore, Prober
from bot.ports.pushes import PushReader, SubscriptionStore
from bot.ports.watches import WatchOrders, WatchStore
from bot.ports.why import Explainer, ExplanationStore, FeedbackStore, Insights

__all__ = [
    "Actors",
    "AnalysisStore",
    "Answers",
    "ArchiveStore",
    "Articles",
    "BacklogStore",
    "Clock",
    "Collector",
    "Courier",
    "DeliveryStore",
    "Explainer",
    "ExplanationStore",
    "FeedLists",
    "FeedbackStore",
    "Feeds",
    "FollowStore",
    "HistoryStore",
    "Insights",
    "Meanings",
    "OverrideStore",
    "PlaceStore",
    "PollStore",
    "Prober",
    "PushReader",
    "Reader",
    "SubscriptionStore",
    "Understand",
    "WatchOrders",
    "WatchStore",
]

Clock = Callable[[], datetime]
"""Tells the present moment, aware, in UTC."""


class Collector(Protocol):
    """A kind of source: turns a Source into what is new in it."""

    async def collect(self, source: Source, marks: Mapping[str, str]) -> Collected:
        """Fetch and read one source, given what it remembers.

        Raises:
            SourceError: the source could not be collected; the message is for its operator.
        """
        ...


class Reader(Protocol):
    """Reads articles in a worker process."""

    async def read(self, articles: Sequence[Article], rules: Rules, *, plainly: bool = False) -> Sequence[Reading]:
        """Return a reading for each article, in order; `plainly` uses the exact scan alone.

        Raises:
            ReadingError: the worker failed on this batch.
        """
        ...

    async def judge(
        self,
        articles: Sequence[Article],
        rules: Rules,
        query: str,
        *,
        server: int = CONFIG_SERVER,
        author: int | None = None,
    ) -> Sequence[Match | None]:
        """Return for each article, as a server reads it, how it answers one query, or None where it does not.

        The query is read by the names that its author has, by default the server itself.

        Raises:
            ReadingError: the worker failed.
            QueryError: the query cannot be read.
        """
        ...


class PollStore(Protocol):
    """What the poll step reads and writes."""

    async def marks(self, source_id: int) -> Mapping[str, str]:
        """Return what a source remembers."""
        ...

    async def record_poll(
        self,
        source: Source,
        collected: Collected,
        *,
        now: datetime,
        next_poll: datetime,
        told_from: datetime | None,
        batch: str,
    ) -> int:
        """Write new articles, marks, problems and the next poll in one transaction; return how many articles are new.

        Articles dated before `told_from` are stored but not told; `batch` names the poll that a cap counts by.
        """
        ...

    async def record_failure(
        self,
        source: Source,
        reason: str,
        *,
        now: datetime,
        next_poll: datetime,
        marks: Sequence[Mark] = (),
        given_up: bool = False,
        host_rests_until: datetime | None = None,
    ) -> None:
        """Write that a poll failed, when to try again, and whether that is only when somebody resumes it.

        No source of its host is asked before `host_rests_until`.
        """
        ...


class PageReader(Protocol):
    """Reads the page of an article of which its source gives only a part."""

    async def read(self, article: Article) -> Draft | Unread:
        """Return the article with the text of its page, or why that gives no more than is known."""
        ...


class TeaserStore(Protocol):
    """What the step reads and writes that completes articles; each write is one short transaction and gives the lease back."""

    async def take_teasers(self, now: datetime, *, lease: timedelta, limit: int) -> Sequence[Teaser]:
        """Take the newest articles that wait for their page, for as long as the lease."""
        ...

    async def complete(self, article: Article, draft: Draft) -> None:
        """Give an article the text of its page and let it be read; nothing if it has changed meanwhile."""
        ...

    async def leave_teaser(self, article: Article, reason: str) -> None:
        """Let an article be read as its source gives it; the reason is for its card."""
        ...

    async def put_off(self, article: Article, until: datetime) -> None:
        """Count a try that failed, and let nobody take the article before then."""
        ...


class AnalysisStore(Protocol):
    """What the analyse step reads and writes."""

    async def rules(self) -> Rules:
        """Return the current snapshot of catalogue and watches."""
        ...

    async def lease_articles(self, now: datetime, *, lease: timedelta, limit: int) -> Sequence[Article]:
        """Take the newest unread articles for as long as the lease, so that nobody else reads them."""
        ...

    async def record_readings(self, readings: Sequence[Reading], rules_number: int, *, now: datetime) -> bool:
        """Write mentions, matches, stories and deliveries in one transaction; False, and nothing written, if the rules changed."""
        ...

    async def release_articles(self, article_ids: Sequence[int]) -> None:
        """Give leased articles back unread."""
        ...


class DeliveryStore(Protocol):
    """What the deliver step reads and writes."""

    async def claim(self, delivery: Delivery, now: datetime, *, lease: timedelta) -> Delivery | None:
        """Mark a delivery as being sent; None if somebody else has it or it is no longer due."""
        ...

    async def card(self, delivery: Delivery) -> Card | None:
        """Return what the card of a delivery says now; None when nothing is left to say."""
        ...

    async def settle(self, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        """Write how sending ended."""
        ...

    async def leave_in_doubt(self, delivery: Delivery, reason: str, now: datetime) -> None:
        """Write that nobody can tell whether a delivery was posted."""
        ...


class Courier(Protocol):
    """Tells one kind of destination."""

    async def post(self, card: Card, destination: str, *, nonce: str) -> Outcome:
        """Post a new message; the same nonce never makes a second one while the other side remembers it."""
        ...

    async def edit(self, card: Card, destination: str, message_id: int) -> Outcome:
        """Bring a posted message up to date."""
        ...

    async def find(self, delivery_id: str, destination: str, *, since: datetime) -> int | None:
        """Look through the destination's recent messages for a delivery; None if it is not there.

        Raises:
            LookupError: the messages cannot be read, so nobody can tell.
            ConnectionError: the other side cannot be asked now.
        """
        ...


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

    async def match_count(self, viewer: Viewer, watch_id: int) -> int:
        """Return how many of the viewer's articles a watch has matched, at its level or below."""
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


class WardStore(Protocol):
    """What the rounds of the sources read and write."""

    async def ward(self, now: datetime, *, turn: int) -> Ward:
        """Return the sources in trouble and a share of the others: in so many turns that each is cheap, all of them come."""
        ...

    async def note_round(self, found: Round, *, now: datetime) -> None:
        """Note what is told as new and as over, with its notices, in one transaction."""
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
