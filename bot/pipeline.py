"""The way of an article, told over protocols: poll a source, complete and analyse what it brought, deliver what follows.

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
    Mark,
    Outcome,
    Polled,
    Pushed,
    Reading,
    Refused,
    Rules,
    Sent,
    Source,
    SourceKind,
)
from bot.ports import (
    AnalysisStore,
    Clock,
    Collector,
    Courier,
    DeliveryStore,
    PollStore,
    PushReader,
    Reader,
    SubscriptionStore,
)
from bot.settings import Polling
from bot.timing import FAILING, Reach, judge, next_poll

log = structlog.get_logger(__name__)

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
    reach: Reach = field(default_factory=Reach)
    bursts: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    """The poll that a source's next one belongs to, if it begins before then."""

    async def __call__(self, source: Source) -> Polled:
        """Poll one source; its failure, and a bug of ours that it brings to light, is a value and ends nothing else."""
        marks = await self.store.marks(source.id)
        try:
            return await self._collect(source, marks)
        except SourceError as error:
            return await self._fail(source, error, marks)
        except SitrepError:
            raise
        except Exception as error:
            log.exception("bug", source=source.name)
            fault = SourceError(f"the program fails on it ({type(error).__name__}): its log says where.")
            return await self._fail(source, fault, marks)

    async def _collect(self, source: Source, marks: Mapping[str, str]) -> Polled:
        collected = await self.collectors[source.kind].collect(source, marks)
        now = self.clock()
        self._note_answer(source, now)
        if FAILING in marks:
            collected = replace(collected, marks=(*collected.marks, Mark(key=FAILING, value=None)))
        due = next_poll(
            source, now, polling=self.polling, newest=collected.newest, not_before=collected.not_before, draw=self.draw
        )
        batch = self._batch(source, now)
        new = await self.store.record_poll(
            source,
            collected,
            now=now,
            next_poll=due if collected.look_again is None else now + collected.look_again,
            told_from=now - self.polling.max_age if source.kind is SourceKind.FEED else None,
            batch=batch,
        )
        if collected.unfinished or (source.kind is not SourceKind.FEED and new >= MANY):
            self.bursts[source.id] = batch, now + BURST_PAUSE
        for problem in collected.problems:
            log.warning("not read", source=source.name, part=problem.part, reason=problem.reason)
        if collected.moved_to:
            log.info("moved for good", source=source.name)
        if new:
            log.info("polled", source=source.name, new=new)
        return Polled(source=source, new=new, look_again=collected.look_again)

    async def _fail(self, source: Source, error: SourceError, marks: Mapping[str, str]) -> Polled:
        now = self.clock()
        if error.status is not None:
            self._note_answer(source, now)
        verdict = judge(source, error, marks, now, polling=self.polling, reach=self.reach, draw=self.draw)
        rests = error.retry_after is not None and error.host == source.host
        await self.store.record_failure(
            source,
            verdict.reason,
            now=now,
            next_poll=now + verdict.wait,
            marks=verdict.marks,
            given_up=verdict.given_up,
            host_rests_until=now + (error.retry_after or timedelta()) if rests else None,
        )
        wait_s = round(verdict.wait.total_seconds())
        say = log.debug if error.unreachable else log.info  # one line for all of them is said by who hears how polls end
        say("poll failed", source=source.name, reason=verdict.reason, again_in_s=None if verdict.given_up else wait_s)
        return Polled(source=source, trouble=verdict.reason, unreachable=error.unreachable, again=verdict.wait)

    def _note_answer(self, source: Source, now: datetime) -> None:
        if source.kind is SourceKind.FEED:
            self.reach.answered_at = now

    def _batch(self, source: Source, now: datetime) -> str:
        """Name the poll that caps count by: everything caught up after an outage is one, and so is a drop of many files."""
        name, until = self.bursts.pop(source.id, ("", now))
        if now < until:
            return name
        if source.ok_at is not None and now - source.ok_at > max(OUTAGE, 2 * source.every):
            return f"after {now:%Y-%m-%dT%H}"
        return f"{source.id} at {now:%Y-%m-%dT%H:%M:%S.%f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive:
    """Stores what a hub has pushed, as if it had been polled; the next poll stays where it is."""

    reader: PushReader
    polls: PollStore
    subscriptions: SubscriptionStore
    clock: Clock
    polling: Polling
    wake: Callable[[], None]

    async def __call__(self, pushed: Pushed) -> None:
        """Store one push; what is no feed is left alone, since the poll would say so."""
        source = await self.subscriptions.source(pushed.source_id)
        if source is None or source.ok_at is None:
            return  # nobody follows it any more, or its first poll is still to decide what is news
        try:
            collected = await self.reader.read_push(source, await self.polls.marks(source.id), pushed)
        except SourceError as error:
            log.warning("push not read", source=source.name, reason=str(error))
            return
        now = self.clock()
        new = await self.polls.record_poll(
            source,
            collected,
            now=now,
            next_poll=source.next_poll or now,
            told_from=now - self.polling.max_age,
            batch=f"{source.id} pushed {now:%Y-%m-%dT%H:%M}",
        )
        log.info("pushed", source=source.name, new=new)
        if new:
            self.wake()


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
        if first_attempt is not None and (first_attempt < self.started or not self._nonce_holds(first_attempt)):
            try:
                found = await self.courier.find(delivery.id, delivery.destination, since=first_attempt)
            except ConnectionError as error:
                return Later(reason=str(error))
            except LookupError as error:
                if not self._nonce_holds(first_attempt):
                    await self.store.leave_in_doubt(delivery, str(error), self.clock())
                    log.error("in doubt", delivery=delivery.id, reason=str(error))  # noqa: TRY400  # its message says it all
                    return None
                found = None
            if found is not None:
                return Sent(message_id=found, earlier=True)
        outcome = await self.courier.post(card, delivery.destination, nonce=delivery.nonce)
        return replace(outcome, earlier=first_attempt is not None) if isinstance(outcome, Sent) else outcome

    def _nonce_holds(self, first_attempt: datetime) -> bool:
        """Tell whether Discord surely knows a nonce again; how old an attempt from the future is, nobody can say."""
        return abs(self.clock() - first_attempt) <= NONCE_WINDOW


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
