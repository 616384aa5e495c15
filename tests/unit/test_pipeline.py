"""The three tasks over fakes of their seams."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog

from bot.errors import ReadingError, SourceError, StoreError
from bot.model import (
    Alert,
    Article,
    Broken,
    Card,
    Catalogue,
    Collected,
    Delivery,
    Draft,
    Evidence,
    FirstRun,
    Gone,
    Headline,
    Kind,
    Later,
    Level,
    Mark,
    Match,
    Outcome,
    Place,
    Problem,
    Reading,
    Refused,
    Rules,
    Sent,
    Source,
    SourceKind,
    State,
)
from bot.pipeline import NONCE_WINDOW, PATIENCE, SETTLE_TRIES, Analyse, Deliver, Poll
from bot.settings import Polling

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
STARTED = NOW - timedelta(hours=1)
SOURCE = Source(
    id=1, kind=SourceKind.FEED, address="https://a.example/", name="A", every=timedelta(hours=1), first_run=FirstRun.LATEST
)


@dataclass(slots=True)
class FakeCollector:
    """A source that brings what the test says, or fails."""

    collected: Collected = field(default_factory=Collected)
    fault: Exception | None = None

    async def collect(self, source: Source, marks: Mapping[str, str]) -> Collected:
        if self.fault:
            raise self.fault
        return self.collected


@dataclass(slots=True)
class FakePolls:
    """A poll store that remembers what was written."""

    polls: list[dict[str, object]] = field(default_factory=list)
    collected: list[Collected] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)
    remembered: Mapping[str, str] = field(default_factory=dict)

    async def marks(self, source_id: int) -> Mapping[str, str]:
        return self.remembered

    async def record_poll(self, source: Source, collected: Collected, **more: object) -> int:
        self.polls.append(more)
        self.collected.append(collected)
        return len(collected.drafts)

    async def record_failure(self, source: Source, reason: str, **more: object) -> None:
        self.failures.append({"reason": reason, **more})


def make_poll(store: FakePolls, collector: FakeCollector) -> Poll:
    return Poll(
        collectors={SourceKind.FEED: collector, SourceKind.FOLDER: collector},
        store=store,
        clock=lambda: NOW,
        polling=Polling(),
        draw=random.Random(1),
    )


async def test_a_poll_plans_the_next_one_after_its_interval() -> None:
    """The next poll comes after the interval, a tenth either way."""
    store = FakePolls()

    end = await make_poll(store, FakeCollector(Collected(drafts=(Draft(title="T", text=""),))))(SOURCE)

    [written] = store.polls
    assert (end.new, end.trouble) == (1, "")
    assert timedelta(minutes=54) <= written["next_poll"] - NOW <= timedelta(minutes=66)  # type: ignore[operator]


async def test_a_source_that_asks_for_another_look_gets_it() -> None:
    """Files that are still being written are looked at again as soon as the source asks."""
    store = FakePolls()
    collected = Collected(look_again=timedelta(seconds=1), problems=(Problem(part="a", reason="is no text"),))

    end = await make_poll(store, FakeCollector(collected))(SOURCE)

    assert (NOW + timedelta(seconds=1), timedelta(seconds=1)) == (store.polls[0]["next_poll"], end.look_again)


async def test_a_source_that_fails_is_left_alone_for_a_while() -> None:
    """Its failure is written with its reason, its memory of failing, and when to try again."""
    store = FakePolls()

    end = await make_poll(store, FakeCollector(fault=SourceError("A does not answer.", unreachable=True)))(SOURCE)

    [failure] = store.failures
    assert (failure["reason"], end.unreachable, failure["given_up"]) == ("A does not answer.", True, False)
    assert NOW + timedelta(minutes=4) <= failure["next_poll"]
    assert [mark.key for mark in failure["marks"]] == ["failing"]


@pytest.mark.parametrize(("unreachable", "level"), [(True, "debug"), (False, "info")])
async def test_only_a_feed_that_was_reached_has_a_line_in_the_log(*, unreachable: bool, level: str) -> None:
    """That a feed is unreachable is said once for all of them, by what follows how polls end; its own line is for debugging."""
    fault = SourceError("A fails.", unreachable=unreachable)

    with structlog.testing.capture_logs() as logged:
        await make_poll(FakePolls(), FakeCollector(fault=fault))(SOURCE)

    assert [(line["event"], line["log_level"]) for line in logged] == [("poll failed", level)]


async def test_a_source_that_is_well_again_forgets_that_it_failed() -> None:
    """The memory of failing ends with the first good poll."""
    store = FakePolls(remembered={"failing": f"{NOW.isoformat()} 404"})

    await make_poll(store, FakeCollector())(replace(SOURCE, failures=3))

    assert store.collected[0].marks == (Mark(key="failing", value=None),)


async def test_a_source_that_is_gone_is_given_up() -> None:
    """A second 410 in a row is the end of asking."""
    store = FakePolls(remembered={"failing": f"{NOW.isoformat()} 410"})

    await make_poll(store, FakeCollector(fault=SourceError("Gone.", status=410)))(replace(SOURCE, failures=1))

    assert store.failures[0]["given_up"]


@pytest.mark.parametrize(
    ("host", "expected"),
    [("a.example", NOW + timedelta(hours=3)), ("cdn.example", None)],
    ids=["its host", "another one, behind a redirect"],
)
async def test_a_pause_that_was_asked_for_holds_for_the_whole_host(host: str, expected: datetime | None) -> None:
    """Retry-After goes before a shorter back-off, and rests all sources of the host that asks for it."""
    store = FakePolls()
    fault = SourceError("busy", retry_after=timedelta(hours=3), host=host, status=429)

    await make_poll(store, FakeCollector(fault=fault))(replace(SOURCE, host="a.example"))

    [failure] = store.failures
    assert failure["next_poll"] >= NOW + timedelta(hours=3)
    assert failure["host_rests_until"] == expected


async def test_a_feed_that_cannot_be_reached_while_others_can_is_left_alone_for_longer() -> None:
    """An answer from anybody shows that the network is there."""
    store = FakePolls()
    collector = FakeCollector()
    poll = make_poll(store, collector)
    dead = replace(SOURCE, id=2, failures=12, polled_at=NOW - timedelta(hours=1))

    collector.fault = SourceError("A cannot be reached.", unreachable=True)
    await poll(dead)
    collector.fault = None
    await poll(SOURCE)
    collector.fault = SourceError("A cannot be reached.", unreachable=True)
    found = [await poll(dead) for _ in range(20)]

    assert store.failures[0]["next_poll"] <= NOW + timedelta(hours=1.2)
    assert max(end.again for end in found if end.again) > timedelta(hours=12)


async def test_a_bug_that_a_source_brings_to_light_is_a_failure_of_it() -> None:
    """A source that our program fails on is left alone for a while, like one that fails, and ends nothing."""
    store = FakePolls()

    polled = await make_poll(store, FakeCollector(fault=ZeroDivisionError()))(SOURCE)

    assert "ZeroDivisionError" in polled.trouble
    assert [polled.trouble] == [failure["reason"] for failure in store.failures]


@pytest.mark.parametrize(
    ("last", "shared"),
    [
        pytest.param(None, False, id="first poll"),
        pytest.param(NOW - timedelta(hours=5), False, id="a short pause"),
        pytest.param(NOW - timedelta(hours=7), True, id="an outage"),
    ],
)
async def test_what_is_caught_up_after_an_outage_is_one_poll(last: datetime | None, shared: bool) -> None:
    """After more than six hours without polling, all sources share one cap."""
    store = FakePolls()
    poll = make_poll(store, FakeCollector())

    for number in (1, 2):
        await poll(replace(SOURCE, id=number, ok_at=last))

    assert shared == (store.polls[0]["batch"] == store.polls[1]["batch"])


@pytest.mark.parametrize(
    ("collected", "kind", "pause", "shared"),
    [
        pytest.param(Collected(unfinished=True, look_again=timedelta()), SourceKind.FOLDER, 0, True, id="it goes on"),
        pytest.param(Collected(drafts=(Draft(title="T", text=""),) * 20), SourceKind.FOLDER, 9, True, id="many, soon"),
        pytest.param(Collected(drafts=(Draft(title="T", text=""),) * 20), SourceKind.FOLDER, 11, False, id="many, later"),
        pytest.param(Collected(drafts=(Draft(title="T", text=""),) * 20), SourceKind.FEED, 1, False, id="a feed"),
        pytest.param(Collected(drafts=(Draft(title="T", text=""),)), SourceKind.FOLDER, 1, False, id="one"),
    ],
)
async def test_a_drop_that_takes_several_looks_is_one_poll(
    collected: Collected, kind: SourceKind, pause: int, shared: bool
) -> None:
    """The cap counts what somebody copies into a folder as one burst."""
    store = FakePolls()
    moments = [NOW, NOW + timedelta(seconds=pause)]
    poll = replace(make_poll(store, FakeCollector(collected)), clock=lambda: moments.pop(0))

    for _ in range(2):
        await poll(replace(SOURCE, kind=kind))

    assert shared == (store.polls[0]["batch"] == store.polls[1]["batch"])


async def test_a_source_that_has_more_is_asked_again_at_once() -> None:
    """No pause is no missing pause."""
    store = FakePolls()

    await make_poll(store, FakeCollector(Collected(look_again=timedelta())))(SOURCE)

    assert store.polls[0]["next_poll"] == NOW


async def test_age_counts_for_feeds_only() -> None:
    """Files have no age limit."""
    store = FakePolls()
    poll = make_poll(store, FakeCollector())

    for kind in (SourceKind.FEED, SourceKind.FOLDER):
        await poll(replace(SOURCE, kind=kind))

    assert [NOW - timedelta(days=7), None] == [written["told_from"] for written in store.polls]


ARTICLES = [Article(id=number, source_id=1, title=f"T{number}", text="x", collected=NOW) for number in (1, 2, 3)]


@dataclass(slots=True)
class FakeReader:
    """A reader whose process dies on some articles, always or unless it reads plainly."""

    deadly: frozenset[int] = frozenset()
    always: bool = False
    batches: list[int] = field(default_factory=list)

    async def read(self, articles: Sequence[Article], rules: Rules, *, plainly: bool = False) -> Sequence[Reading]:
        self.batches.append(len(articles))
        if self.deadly & {article.id for article in articles} and (self.always or not plainly):
            raise ReadingError("the worker process ended with code -11.")
        return [Reading(article_id=article.id, revision=1) for article in articles]

    async def judge(
        self,
        articles: Sequence[Article],
        rules: Rules,
        query: str,
        *,
        server: int = 0,
        author: int | None = None,
        level: Level = Level.MENTION,
    ) -> Sequence[Match | None]:
        raise AssertionError("analysis judges nothing")


@dataclass(slots=True)
class FakeAnalysis:
    """An analysis store with three unread articles."""

    accepts: bool = True
    away: bool = False
    unwritable: frozenset[int] = frozenset()
    written: list[Reading] = field(default_factory=list)
    released: list[int] = field(default_factory=list)
    left: list[Article] = field(default_factory=lambda: list(ARTICLES))

    async def rules(self) -> Rules:
        return Rules(number=1, catalogue=Catalogue(), watches=())

    async def lease_articles(self, now: datetime, *, lease: timedelta, limit: int) -> Sequence[Article]:
        leased, self.left = self.left, []
        return leased

    async def record_readings(self, readings: Sequence[Reading], rules_number: int, *, now: datetime) -> bool:
        if self.away:
            raise StoreError("The database cannot be used: disk full.")
        if self.unwritable & {one.article_id for one in readings}:
            raise ValueError("a bug")
        self.written += readings
        return self.accepts

    async def release_articles(self, article_ids: Sequence[int]) -> None:
        self.released += article_ids


@pytest.mark.parametrize(
    ("reader", "batches", "written", "troubled"),
    [
        pytest.param(FakeReader(), [3], [1, 2, 3], [], id="all well: one batch"),
        pytest.param(FakeReader(frozenset({2})), [3, 1, 1, 1, 1], [1, 2, 3], [2], id="one kills the worker"),
        pytest.param(FakeReader(frozenset({2}), always=True), [3, 1, 1, 1, 1], [1, 3], [], id="one stays unread"),
    ],
)
async def test_one_bad_article_spoils_no_other(
    reader: FakeReader, batches: list[int], written: list[int], troubled: list[int]
) -> None:
    """A batch that fails is read one by one, what fails twice by the exact scan, and what fails then is left for later."""
    store = FakeAnalysis()

    read = await Analyse(reader=reader, store=store, clock=lambda: NOW)()

    assert (3, batches, written) == (read, reader.batches, [one.article_id for one in store.written])
    assert [one.article_id for one in store.written if "by the exact scan alone" in one.trouble] == troubled


async def test_a_reading_that_cannot_be_written_spoils_no_other() -> None:
    """A bug in writing one article leaves that one unread, and the others are written."""
    store = FakeAnalysis(unwritable=frozenset({2}))

    await Analyse(reader=FakeReader(), store=store, clock=lambda: NOW)()

    assert [one.article_id for one in store.written] == [1, 3]


async def test_what_a_failing_database_did_not_take_is_given_back() -> None:
    """Articles whose readings could not be written are read again soon, not when their lease is over."""
    store = FakeAnalysis(away=True)

    with pytest.raises(StoreError):
        await Analyse(reader=FakeReader(), store=store, clock=lambda: NOW)()

    assert store.released == [1, 2, 3]


async def test_articles_read_by_old_rules_are_given_back() -> None:
    """When the rules changed meanwhile the articles are read again, by the new ones."""
    store = FakeAnalysis(accepts=False)

    await Analyse(reader=FakeReader(), store=store, clock=lambda: NOW)()

    assert store.released == [1, 2, 3]


async def test_nothing_to_read_is_nothing_to_do() -> None:
    """Without unread articles no worker is asked."""
    reader = FakeReader()

    assert await Analyse(reader=reader, store=FakeAnalysis(left=[]), clock=lambda: NOW)() == 0
    assert reader.batches == []


HEADLINE = Headline(article_id=1, title="T", url="", source="A", published=None, collected=NOW)
CARD = Alert(
    delivery_id="d",
    headline=HEADLINE,
    evidence=Evidence(sentence="T", spans=(), place=Place.TITLE, terms=()),
    summary=(),
    watches=(),
)
DUE = Delivery(id="d", kind=Kind.ALERT, subject=1, destination="channel:1", state=State.PENDING, nonce="n")


@dataclass(slots=True)
class FakeOutbox:
    """An outbox with one delivery."""

    card_now: Card | None = CARD
    bug: Exception | None = None
    taken: bool = False
    away: int = 0
    outcomes: list[Outcome] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    async def claim(self, delivery: Delivery, now: datetime, *, lease: timedelta) -> Delivery | None:
        return None if self.taken else replace(delivery, state=State.SENDING)

    async def card(self, delivery: Delivery) -> Card | None:
        if self.bug:
            raise self.bug
        return self.card_now

    async def settle(self, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        if self.away:
            self.away -= 1
            raise StoreError("The database cannot be used: it is away.")
        self.outcomes.append(outcome)

    async def leave_in_doubt(self, delivery: Delivery, reason: str, now: datetime) -> None:
        self.doubts.append(reason)


@dataclass(slots=True)
class FakeCourier:
    """A courier that notes what it was asked, and finds what the test has put there."""

    there: int | None = None
    hidden: bool = False
    away: bool = False
    answer: Outcome = field(default_factory=lambda: Sent(message_id=9))
    asked: list[str] = field(default_factory=list)

    async def post(self, card: Card, destination: str, *, nonce: str) -> Outcome:
        self.asked.append(f"post {nonce}")
        return self.answer

    async def edit(self, card: Card, destination: str, message_id: int) -> Outcome:
        self.asked.append(f"edit {message_id}")
        return Sent(message_id=message_id)

    async def find(self, delivery_id: str, destination: str, *, since: datetime) -> int | None:
        self.asked.append("find")
        if self.hidden:
            raise LookupError("history is hidden")
        if self.away:
            raise ConnectionError("no network")
        return self.there


def make_deliver(outbox: FakeOutbox, courier: FakeCourier | None = None) -> Deliver:
    return Deliver(courier=courier or FakeCourier(), store=outbox, clock=lambda: NOW, started=STARTED, pause=_at_once)


async def _at_once(_pause: timedelta) -> None:
    return


@pytest.mark.parametrize(
    ("due", "courier", "asked"),
    [
        pytest.param(DUE, FakeCourier(), ["post n"], id="a new one is posted"),
        pytest.param(replace(DUE, message_id=5, wanted=2), FakeCourier(), ["edit 5"], id="a told one is edited"),
        pytest.param(
            replace(DUE, attempted_at=NOW - NONCE_WINDOW),
            FakeCourier(),
            ["post n"],
            id="a recent attempt is repeated by its nonce",
        ),
        pytest.param(
            replace(DUE, attempted_at=NOW - timedelta(minutes=3)),
            FakeCourier(),
            ["find", "post n"],
            id="an old one is looked for",
        ),
        pytest.param(
            replace(DUE, attempted_at=NOW - timedelta(minutes=3)), FakeCourier(there=7), ["find"], id="and not repeated"
        ),
        pytest.param(
            replace(DUE, attempted_at=NOW + timedelta(hours=1)),
            FakeCourier(there=7),
            ["find"],
            id="one that a clock set back since has put into the future is looked for, too",
        ),
    ],
)
async def test_a_delivery_is_posted_once(due: Delivery, courier: FakeCourier, asked: list[str]) -> None:
    """A delivery is posted, edited or found again, never posted twice."""
    store = FakeOutbox()

    outcome = await make_deliver(store, courier)(due)

    assert asked == courier.asked
    assert [outcome] == store.outcomes
    assert isinstance(outcome, Sent)


@pytest.mark.parametrize(
    ("courier", "asked"),
    [
        pytest.param(FakeCourier(there=7), ["find"], id="it is there"),
        pytest.param(FakeCourier(), ["find", "post n"], id="it is not there"),
        pytest.param(FakeCourier(hidden=True), ["find", "post n"], id="nobody can tell, but the nonce still holds"),
    ],
)
async def test_what_a_dead_process_attempted_is_looked_for(courier: FakeCourier, asked: list[str]) -> None:
    """After a kill even a recent attempt is looked for first, in case the other side has forgotten its nonce."""
    store = FakeOutbox()
    due = replace(DUE, attempted_at=NOW - timedelta(seconds=5))

    outcome = await Deliver(courier=courier, store=store, clock=lambda: NOW, started=NOW)(due)

    assert asked == courier.asked
    assert [outcome] == store.outcomes


@pytest.mark.parametrize("courier", [FakeCourier(there=9), FakeCourier()], ids=["looked for", "repeated"])
@pytest.mark.parametrize("before", [None, NOW - timedelta(minutes=3)], ids=["the first attempt", "after another"])
async def test_a_message_of_an_earlier_attempt_may_show_less(courier: FakeCourier, before: datetime | None) -> None:
    """What is found again, or known by its nonce, shows what was wanted when it was posted, and not what is wanted now."""
    store = FakeOutbox()

    await make_deliver(store, courier)(replace(DUE, attempted_at=before, wanted=2))

    assert [Sent(message_id=9, earlier=before is not None)] == store.outcomes


@pytest.mark.parametrize("at", [timedelta(minutes=-3), timedelta(hours=1)], ids=["old", "by a clock set back since"])
async def test_what_cannot_be_looked_up_stays_in_doubt(at: timedelta) -> None:
    """When history cannot be read an attempt whose nonce may be forgotten is neither repeated nor settled."""
    store, courier = FakeOutbox(), FakeCourier(hidden=True)
    due = replace(DUE, attempted_at=NOW + at)

    outcome = await make_deliver(store, courier)(due)

    assert (outcome, courier.asked, store.outcomes, store.doubts) == (None, ["find"], [], ["history is hidden"])


async def test_what_cannot_be_looked_up_now_is_looked_up_later() -> None:
    """While nobody can be asked, an old attempt waits: an outage leaves no doubt behind."""
    store, courier = FakeOutbox(), FakeCourier(away=True)
    due = replace(DUE, attempted_at=NOW - timedelta(minutes=3))

    outcome = await make_deliver(store, courier)(due)

    assert (Later(reason="no network"), ["find"], []) == (outcome, courier.asked, store.doubts)


async def test_a_delivery_that_somebody_else_has_is_left_to_them() -> None:
    """What cannot be claimed is not sent."""
    courier = FakeCourier()

    assert await make_deliver(FakeOutbox(taken=True), courier)(DUE) is None
    assert courier.asked == []


async def test_nothing_left_to_say_ends_a_delivery() -> None:
    """A story that no longer matches is withdrawn before it is told."""
    store = FakeOutbox(card_now=None)

    await make_deliver(store)(DUE)

    assert [Gone] == [type(outcome) for outcome in store.outcomes]


async def test_what_was_told_stands_when_nothing_is_left_to_say() -> None:
    """A posted card whose article no longer matches is left as it is, so that it can be edited should it match again."""
    outbox, courier = FakeOutbox(card_now=None), FakeCourier()

    await make_deliver(outbox, courier)(replace(DUE, message_id=5, wanted=2))

    assert ([Sent(message_id=5)], []) == (outbox.outcomes, courier.asked)


@pytest.mark.parametrize(
    ("attempts", "outcome"),
    [pytest.param(1, Later, id="is tried again"), pytest.param(PATIENCE, Refused, id="is given up at last")],
)
async def test_a_delivery_that_our_program_fails_on(attempts: int, outcome: type[Outcome]) -> None:
    """A bug in telling one delivery never holds up its channel for ever."""
    outbox = FakeOutbox(bug=ValueError("a bug"))

    await make_deliver(outbox)(replace(DUE, attempts=attempts))

    assert [outcome] == [type(one) for one in outbox.outcomes]


@pytest.mark.parametrize("answer", [Later(reason="429", unsure=False), Broken(reason="403")])
@pytest.mark.parametrize("earlier", [None, NOW - timedelta(minutes=1)], ids=["the first attempt", "after a lost answer"])
async def test_an_answer_that_was_lost_is_remembered_through_a_refusal(
    earlier: datetime | None, answer: Later | Broken
) -> None:
    """A refusal says nothing about the attempt before it, which may have been posted."""
    outbox = FakeOutbox()

    await make_deliver(outbox, FakeCourier(answer=answer))(replace(DUE, attempted_at=earlier))

    assert [replace(answer, unsure=earlier is not None)] == outbox.outcomes


async def test_an_outcome_is_written_however_long_the_store_is_away() -> None:
    """What was posted is known to this process alone, so it is noted as soon as the store is back, and not posted again."""
    outbox, courier = FakeOutbox(away=SETTLE_TRIES - 1), FakeCourier()

    await make_deliver(outbox, courier)(DUE)

    assert ([Sent(message_id=9)], ["post n"]) == (outbox.outcomes, courier.asked)


@pytest.mark.parametrize(
    ("delivery", "outcome", "level"),
    [
        pytest.param(DUE, Sent(message_id=9), "info", id="sent"),
        pytest.param(DUE, Later(reason="503"), "info", id="later"),
        pytest.param(DUE, Gone(reason="10008"), "info", id="gone"),
        pytest.param(DUE, Refused(reason="In embeds.0.title: too long"), "error", id="refused"),
        pytest.param(replace(DUE, server=7), Broken(reason="50013"), "warning", id="broken, and its managers are told"),
        pytest.param(DUE, Broken(reason="50013", server=7), "warning", id="broken, in a server that Discord names"),
        pytest.param(DUE, Broken(reason="10003"), "error", id="broken, and nobody can be told"),
        pytest.param(replace(DUE, server=7, kind=Kind.NOTICE), Broken(reason="50007"), "error", id="managers out of reach"),
    ],
)
async def test_the_log_is_as_loud_as_the_loss(delivery: Delivery, outcome: Outcome, level: str) -> None:
    """Every outcome is logged with its reason: a refusal as an error, a breakage as a warning while somebody hears of it."""
    with structlog.testing.capture_logs() as logged:
        await make_deliver(FakeOutbox(), FakeCourier(answer=outcome))(delivery)

    [line] = logged
    assert (line["log_level"], line["outcome"]) == (level, type(outcome).__name__.lower())
    assert line.get("reason", "") == getattr(outcome, "reason", "")


async def test_a_claim_is_given_back_when_the_store_goes_before_the_post() -> None:
    """A database that goes between claim and post holds up nothing longer than it is away: nobody waits for the lease."""
    outbox, courier = FakeOutbox(bug=StoreError("The database cannot be used: it is away."), away=1), FakeCourier()

    await make_deliver(outbox, courier)(DUE)

    [outcome] = outbox.outcomes
    assert isinstance(outcome, Later)
    assert (outcome.unsure, courier.asked) == (False, [])
