"""The protocols between packages: what each step asks of the others, in at most ten methods a seam."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.model import (
    CONFIG_SERVER,
    Article,
    Card,
    Collected,
    Delivery,
    Draft,
    Level,
    Mark,
    Match,
    Outcome,
    Reading,
    Round,
    Rules,
    Source,
    Teaser,
    Unread,
    Ward,
)
from bot.ports.actors import Actors, Meanings, OverrideStore, Understand
from bot.ports.articles import Articles, HistoryStore
from bot.ports.feeds import FeedLists, Feeds, FollowStore, Prober
from bot.ports.lookups import Answers, ArchiveStore, BacklogStore, PlaceStore
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
        level: Level = Level.MENTION,
    ) -> Sequence[Match | None]:
        """Return for each article, as a server reads it, how it answers one query, or None where it does not.

        The query is read by the names that its author has, by default the server itself; what is undecided stays so where
        it makes no difference to the level from which somebody cares.

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


class WardStore(Protocol):
    """What the rounds of the sources read and write."""

    async def ward(self, now: datetime, *, turn: int) -> Ward:
        """Return the sources in trouble and a share of the others: in so many turns that each is cheap, all of them come."""
        ...

    async def note_round(self, found: Round, *, now: datetime) -> None:
        """Note what is told as new and as over, with its notices, in one transaction."""
        ...
