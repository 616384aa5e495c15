"""The way of an article, told over protocols: poll a source, analyse what it brought, deliver what follows.

Each step is idempotent and joined to the next by rows in the store alone. The work is done outside any transaction.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.errors import ReadingError, SitrepError, SourceError, StoreError
from bot.model import (
    CONFIG_SERVER,
    Article,
    Broken,
    Card,
    Delivery,
    Gone,
    Kind,
    Later,
    Outcome,
    Polled,
    Reading,
    Refused,
    Rules,
    Sent,
    Source,
    SourceKind,
)
from bot.ports import AnalysisStore, Clock, Collector, Courier, DeliveryStore, PollStore, Reader
from bot.settings import Polling

log = structlog.get_logger(__name__)

LONGEST_BACKOFF = timedelta(hours=24)
FIRST_BACKOFF = timedelta(minutes=5)
OUTAGE = timedelta(hours=6)
"""After so long without polling, what is caught up counts as one poll for the caps."""

MANY = 10
BURST_PAUSE = timedelta(seconds=10)
"""Looks at a folder that follow each other so soon, when one brings many articles, are one burst: somebody copies files."""

BATCH = 32
READING_LEASE = timedelta(minutes=10)

SENDING_LEASE = timedelta(minutes=2)
"""Longer than a courier waits for its request, so that a claim that expires was given up."""
NONCE_WINDOW = timedelta(minutes=2)
"""Discord knows a nonce again for "the past few minutes"; after two, only its history tells what was posted."""

NOTHING_TO_SAY = Gone(reason="nothing is left to say: the article changed, or its watches went")

SETTLE_PAUSE = timedelta(seconds=2)
SETTLE_TRIES = 45
"""So often the outcome of a delivery is written again, well within its lease."""

PATIENCE = 5
"""A delivery that a bug keeps from being told is given up after so many attempts, so that its channel goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """Fetches one source and stores what is new in it."""

    collectors: Mapping[SourceKind, Collector]
    store: PollStore
    clock: Clock
    polling: Polling
    draw: random.Random = field(default_factory=random.Random)
    bursts: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    """The poll that a source's next one belongs to, if it begins before then."""

    async def __call__(self, source: Source) -> Polled:
        """Poll one source; its failure, and a bug of ours that it brings to light, is a value and ends nothing else."""
        try:
            return await self._collect(source)
        except SourceError as error:
            return await self._fail(source, error)
        except SitrepError:
            raise
        except Exception as error:
            log.exception("bug", source=source.name)
            name = type(error).__name__
            return await self._fail(source, SourceError(f"the program fails on it ({name}): its log says where."))

    async def _collect(self, source: Source) -> Polled:
        collected = await self.collectors[source.kind].collect(source, await self.store.marks(source.id))
        now = self.clock()
        batch = self._batch(source, now)
        new = await self.store.record_poll(
            source,
            collected,
            now=now,
            next_poll=now + (self._spread(source.every) if collected.look_again is None else collected.look_again),
            told_from=now - self.polling.max_age if source.kind is SourceKind.FEED else None,
            batch=batch,
        )
        if collected.unfinished or (source.kind is not SourceKind.FEED and new >= MANY):
            self.bursts[source.id] = batch, now + BURST_PAUSE
        for problem in collected.problems:
            log.warning("not read", source=source.name, part=problem.part, reason=problem.reason)
        if new:
            log.info("polled", source=source.name, new=new)
        return Polled(source=source, new=new, look_again=collected.look_again)

    async def _fail(self, source: Source, error: SourceError) -> Polled:
        pause = _backoff(source, unreachable=error.unreachable)
        wait = max(pause * self.draw.uniform(0.8, 1.2), error.retry_after or timedelta())
        now = self.clock()
        await self.store.record_failure(source, str(error), now=now, next_poll=now + wait)
        log.info("poll failed", source=source.name, reason=str(error), again_in_s=round(wait.total_seconds()))
        return Polled(
            source=source, trouble=str(error), unreachable=error.unreachable, again=max(pause, error.retry_after or pause)
        )

    def _spread(self, every: timedelta) -> timedelta:
        return every * self.draw.uniform(0.95, 1.05)

    def _batch(self, source: Source, now: datetime) -> str:
        """Name the poll that caps count by: everything caught up after an outage is one, and so is a drop of many files."""
        name, until = self.bursts.pop(source.id, ("", now))
        if now < until:
            return name
        if source.ok_at is not None and now - source.ok_at > max(OUTAGE, 2 * source.every):
            return f"after {now:%Y-%m-%dT%H}"
        return f"{source.id} at {now:%Y-%m-%dT%H:%M:%S.%f}"


def _backoff(source: Source, *, unreachable: bool) -> timedelta:
    """Return the pause after a failure: doubling from five minutes to a day.

    What was not reached at all was not bothered either, and it may be our own network: its usual interval is enough.
    """
    longest = max(source.every, FIRST_BACKOFF) if unreachable else LONGEST_BACKOFF
    doubled: timedelta = min(source.every, FIRST_BACKOFF) * 2 ** min(source.failures, 12)
    return min(doubled, longest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analyse:
    """Reads unread articles and stores what they mention, match and make to tell."""

    reader: Reader
    store: AnalysisStore
    clock: Clock

    async def __call__(self) -> int:
        """Read one batch; return how many articles it held."""
        articles = await self.store.lease_articles(self.clock(), lease=READING_LEASE, limit=BATCH)
        if not articles:
            return 0
        rules = await self.store.rules()
        readings = await self._read(articles, rules)
        await self._record(readings, rules)
        matched = sum(bool(reading.matches) for reading in readings)
        log.info("analysed", articles=len(readings), matched=matched)
        return len(articles)

    async def _read(self, articles: Sequence[Article], rules: Rules) -> list[Reading]:
        """Read a batch; if it fails, one by one, so that one bad article spoils no other."""
        try:
            return list(await self.reader.read(articles, rules))
        except ReadingError as error:
            log.warning("batch failed", articles=len(articles), reason=str(error))
            alone = [await self._read_alone(article, rules) for article in articles]
            return [reading for reading in alone if reading is not None]

    async def _read_alone(self, article: Article, rules: Rules) -> Reading | None:
        """Read one article of a batch that failed; if it fails again, by the exact scan alone, with the reason kept.

        None if that fails too: the article stays unread and is tried again when its lease is over.
        """
        try:
            return (await self.reader.read([article], rules))[0]
        except ReadingError as error:
            trouble = str(error)
        try:
            plain = (await self.reader.read([article], rules, plainly=True))[0]
        except ReadingError as error:
            log.error("article cannot be read", article=article.id, reason=str(error))  # noqa: TRY400  # its message says it all
            return None
        return replace(plain, trouble=f"read by the exact scan alone: {trouble}")

    async def _record(self, readings: Sequence[Reading], rules: Rules) -> None:
        """Write a batch; if a bug of ours prevents that, one by one."""
        try:
            written = await self.store.record_readings(readings, rules.number, now=self.clock())
        except StoreError:
            with suppress(StoreError):
                await self._release(readings)
            raise
        except Exception:
            if len(readings) == 1:
                log.exception("bug", article=readings[0].article_id)
                return
            for reading in readings:
                await self._record([reading], rules)
            return
        if not written:
            # Somebody changed a watch meanwhile: the next round reads these again, by the new rules.
            await self._release(readings)

    async def _release(self, readings: Sequence[Reading]) -> None:
        await self.store.release_articles([reading.article_id for reading in readings])


async def _sleep(pause: timedelta) -> None:
    await asyncio.sleep(pause.total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver:
    """Posts or edits one message, between a claim and an outcome."""

    courier: Courier
    store: DeliveryStore
    clock: Clock
    started: datetime
    """Attempts from before this belong to a process that is dead: how they ended only the channel can tell."""
    pause: Callable[[timedelta], Awaitable[None]] = field(default=_sleep)

    async def __call__(self, due: Delivery) -> Outcome | None:
        """Deliver; None if somebody else has it or nobody can tell whether it is there."""
        delivery = await self.store.claim(due, self.clock(), lease=SENDING_LEASE)
        if delivery is None:
            return None
        try:
            outcome = await self._send(delivery, first_attempt=due.attempted_at)
        except StoreError as error:
            outcome = Later(reason=str(error), unsure=False)  # what is asked of the store comes before any post
        except SitrepError:
            raise
        except Exception as error:
            log.exception("bug", delivery=delivery.id)
            reason = f"the program fails on it ({type(error).__name__}): its log says where"
            outcome = Refused(reason=reason) if delivery.attempts >= PATIENCE else Later(reason=reason)
        if outcome is None:
            return None
        if isinstance(outcome, Later | Broken) and due.attempted_at is not None:
            outcome = replace(outcome, unsure=True)  # an earlier attempt may still have been posted
        await self._settle(delivery, outcome)
        _note(delivery, outcome)
        return outcome

    async def _settle(self, delivery: Delivery, outcome: Outcome) -> None:
        """Write how it ended; while the store is away, again and again: nobody else knows it, and the claim still holds."""
        for _ in range(SETTLE_TRIES):
            try:
                return await self.store.settle(delivery, outcome, self.clock())
            except StoreError as error:
                log.warning("the outcome is not written yet", delivery=delivery.id, reason=str(error))
                await self.pause(SETTLE_PAUSE)
        return await self.store.settle(delivery, outcome, self.clock())

    async def _send(self, delivery: Delivery, *, first_attempt: datetime | None) -> Outcome | None:
        card = await self.store.card(delivery)
        if delivery.message_id is None:
            return await self._post(delivery, card, first_attempt) if card else NOTHING_TO_SAY
        if card is None:
            return Sent(message_id=delivery.message_id)  # what was told stands; should it match again, the card is edited
        return await self.courier.edit(card, delivery.destination, delivery.message_id)

    async def _post(self, delivery: Delivery, card: Card, first_attempt: datetime | None) -> Outcome | None:
        """Post a card, unless an earlier attempt did; whoever knows a nonce again answers with the message as it was then."""
        nonce_holds_from = self.clock() - NONCE_WINDOW
        if first_attempt is not None and first_attempt < max(self.started, nonce_holds_from):
            try:
                found = await self.courier.find(delivery.id, delivery.destination, since=first_attempt)
            except ConnectionError as error:
                return Later(reason=str(error))
            except LookupError as error:
                if first_attempt < nonce_holds_from:
                    await self.store.leave_in_doubt(delivery, str(error), self.clock())
                    log.error("in doubt", delivery=delivery.id, reason=str(error))  # noqa: TRY400  # its message says it all
                    return None
                found = None
            if found is not None:
                return Sent(message_id=found, earlier=True)
        outcome = await self.courier.post(card, delivery.destination, nonce=delivery.nonce)
        return replace(outcome, earlier=first_attempt is not None) if isinstance(outcome, Sent) else outcome


def _note(delivery: Delivery, outcome: Outcome) -> None:
    """Log how sending ended, as loud as what is lost by it."""
    facts = {"delivery": delivery.id, "to": delivery.destination, "outcome": type(outcome).__name__.lower()}
    match outcome:
        case Sent():
            log.info("delivered", **facts)
        case Later() | Gone():
            log.info("not delivered", **facts, reason=outcome.reason)
        case Refused():
            log.error("not delivered", **facts, reason=outcome.reason)
        case Broken():
            told = delivery.kind is not Kind.NOTICE and (delivery.server or outcome.server) != CONFIG_SERVER
            where = {"channel": outcome.name} if outcome.name else {}
            # Where nobody who manages the server can be told, the log is the only one who tells.
            (log.warning if told else log.error)("not delivered", **facts, **where, reason=outcome.reason)
