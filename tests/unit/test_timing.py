"""When a source is asked next, and when it is given up."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import mean

import pytest

from bot.errors import SourceError
from bot.model import FirstRun, Source, SourceKind
from bot.settings import Polling
from bot.timing import FAILING, Reach, Verdict, judge, next_poll, slowed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
QUARTER = 15 * MINUTE
FEED = Source(
    id=1,
    kind=SourceKind.FEED,
    address="https://a.example/",
    name="A",
    every=QUARTER,
    first_run=FirstRun.LATEST,
    polled_at=NOW - QUARTER,
)
FOLDER = replace(FEED, kind=SourceKind.FOLDER, every=MINUTE)
FAULT = SourceError("A answers 500.", status=500)
AWAY = SourceError("A cannot be reached.", unreachable=True)
CONNECTED = Reach(answered_at=NOW - MINUTE)


def verdict(
    source: Source = FEED, error: SourceError = FAULT, *, failing: str = "", reach: Reach = CONNECTED, seed: int = 1
) -> Verdict:
    marks = {FAILING: failing} if failing else {}
    return judge(source, error, marks, NOW, polling=Polling(), reach=reach, draw=random.Random(seed))


def waits(source: Source = FEED, error: SourceError = FAULT, *, reach: Reach = CONNECTED) -> list[timedelta]:
    return [verdict(source, error, reach=reach, seed=seed).wait for seed in range(300)]


def due(source: Source = FEED, *, newest: datetime | None = None, not_before: datetime | None = None) -> list[timedelta]:
    return [
        next_poll(source, NOW, polling=Polling(), newest=newest, not_before=not_before, draw=random.Random(seed)) - NOW
        for seed in range(300)
    ]


def test_a_source_that_is_well_is_asked_at_its_interval_a_tenth_either_way() -> None:
    """The next poll comes after nine tenths to eleven tenths of the interval."""
    found = due()

    assert 13.5 * MINUTE <= min(found) < 14 * MINUTE
    assert 16 * MINUTE < max(found) <= 16.5 * MINUTE


def test_a_feed_is_not_asked_before_it_wants_to_be() -> None:
    """Its own wish moves the poll back, and never forward."""
    assert all(2 * HOUR <= one <= 2 * HOUR + 1.5 * MINUTE for one in due(not_before=NOW + 2 * HOUR))
    assert all(one >= 13.5 * MINUTE for one in due(not_before=NOW + MINUTE))


@pytest.mark.parametrize(
    ("source", "newest", "around"),
    [
        pytest.param(FEED, NOW - HOUR, 15, id="lively"),
        pytest.param(FEED, NOW - 12 * HOUR, 30, id="silent for half a day"),
        pytest.param(FEED, NOW - 30 * DAY, 60, id="silent for a month"),
        pytest.param(replace(FEED, every=10 * MINUTE), NOW - 30 * DAY, 10, id="an interval of its own"),
        pytest.param(replace(FEED, kind=SourceKind.FOLDER), NOW - 30 * DAY, 15, id="a folder"),
        pytest.param(FEED, None, 15, id="nobody knows"),
    ],
)
def test_a_feed_that_has_fallen_silent_is_asked_less_often(source: Source, newest: datetime | None, around: int) -> None:
    """Without an interval of its own a feed is asked after a 24th of its silence, and at least every hour."""
    assert mean(one / MINUTE for one in due(source, newest=newest)) == pytest.approx(around, rel=0.03)


@pytest.mark.parametrize(
    ("silent", "expected"), [(timedelta(), QUARTER), (6 * HOUR, QUARTER), (12 * HOUR, 2 * QUARTER), (90 * DAY, HOUR)]
)
def test_the_interval_grows_with_the_silence(silent: timedelta, expected: timedelta) -> None:
    """From the interval that is set to the longest one."""
    assert slowed(QUARTER, silent=silent, longest=HOUR) == expected
    assert slowed(2 * HOUR, silent=silent, longest=HOUR) == 2 * HOUR


@pytest.mark.parametrize(
    ("failures", "most"),
    [
        pytest.param(0, QUARTER, id="first"),
        pytest.param(3, 2 * HOUR, id="fourth"),
        pytest.param(40, DAY, id="for ever"),
    ],
)
@pytest.mark.parametrize("error", [FAULT, AWAY], ids=["a fault", "not reached"])
def test_a_feed_that_fails_is_left_alone_for_longer_each_time(error: SourceError, failures: int, most: timedelta) -> None:
    """The pause is drawn from the whole of what doubles with each failure, up to a day, and is never below five minutes."""
    found = waits(replace(FEED, failures=failures), error)

    assert min(found) >= 5 * MINUTE
    assert max(found) <= most
    assert max(found) > 0.95 * most
    if most > HOUR:
        assert mean(one / most for one in found) == pytest.approx(0.5, abs=0.06)


def test_what_may_be_our_own_network_is_tried_again_soon() -> None:
    """While nobody answers, each feed is asked at its interval at the latest, however often that failed."""
    nobody = Reach(answered_at=NOW - HOUR)

    assert all(4 * MINUTE <= one <= 6 * MINUTE for one in waits(FEED, AWAY, reach=nobody))
    assert all(12 * MINUTE <= one <= 18 * MINUTE for one in waits(replace(FEED, failures=40), AWAY, reach=nobody))
    assert all(12 * MINUTE <= one <= 18 * MINUTE for one in waits(replace(FEED, failures=40), AWAY, reach=Reach()))
    assert max(waits(replace(FEED, failures=40), FAULT, reach=nobody)) > HOUR


def test_a_new_feed_that_cannot_be_reached_is_no_sign_of_an_outage_while_others_can() -> None:
    """Somebody has answered since it was asked before, which was never."""
    assert not CONNECTED.may_be_own_fault(replace(FEED, polled_at=None))


def test_a_folder_that_fails_is_looked_at_again_within_a_quarter_of_an_hour() -> None:
    """It costs nobody anything."""
    assert max(waits(replace(FOLDER, failures=99))) <= 16.5 * MINUTE
    assert max(waits(FOLDER)) <= 1.1 * MINUTE


def test_a_pause_that_was_asked_for_is_kept() -> None:
    """Retry-After goes before a shorter back-off."""
    busy = SourceError("busy", retry_after=3 * HOUR, status=503)

    assert all(one >= 3 * HOUR for one in waits(FEED, busy))


def test_what_is_gone_is_asked_once_more_and_then_given_up() -> None:
    """410 is confirmed by the next poll, at the usual interval."""
    gone = SourceError("A answers 410: it is gone for good.", status=410)

    first = verdict(FEED, gone)
    second = verdict(replace(FEED, failures=1), gone, failing=first.marks[0].value or "")
    after_another = verdict(replace(FEED, failures=1), gone, failing=f"{NOW.isoformat()} 500")

    assert (first.given_up, second.given_up, after_another.given_up) == (False, True, False)
    assert 13.5 * MINUTE <= first.wait <= 16.5 * MINUTE
    assert second.reason.startswith("A answers 410: it is gone for good. It said so twice")


@pytest.mark.parametrize("status", [401, 403, 404])
@pytest.mark.parametrize(
    ("failures", "days", "given_up"),
    [
        pytest.param(19, 7, True, id="long and often enough"),
        pytest.param(18, 7, False, id="not often enough"),
        pytest.param(19, 6.99, False, id="not long enough"),
    ],
)
def test_who_refuses_the_bot_is_given_up_after_a_week_and_twenty_tries(
    status: int, failures: int, days: float, *, given_up: bool
) -> None:
    """401, 403 and 404 are tried for seven days and twenty times, whichever takes longer."""
    refused = SourceError("A answers 403.", status=status)

    found = verdict(replace(FEED, failures=failures), refused, failing=f"{(NOW - days * DAY).isoformat()} {status}")

    assert found.given_up is given_up
    assert ("has failed 20 times in 7 days" in found.reason) is given_up


@pytest.mark.parametrize("error", [FAULT, AWAY, SourceError("no feed")], ids=["500", "away", "no feed"])
def test_what_may_mend_by_itself_is_never_given_up(error: SourceError) -> None:
    """A fault, a network that is away and a page in place of a feed are tried again for ever."""
    assert not verdict(replace(FEED, failures=99), error, failing=f"{(NOW - 90 * DAY).isoformat()} 0").given_up


def test_a_source_that_was_resumed_begins_anew() -> None:
    """Without failures the mark of an earlier time counts for nothing."""
    found = verdict(FEED, SourceError("x", status=404), failing=f"{(NOW - 90 * DAY).isoformat()} 404")

    assert not found.given_up
    assert found.marks[0].value == f"{NOW.isoformat()} 404"
