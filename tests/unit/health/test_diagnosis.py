"""Whether something is the matter with a source, by its own habit: no steady source is ever suspected, one that stops is."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from math import exp
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.health.diagnosis import DAY, diagnose, habit_of, is_over, usually
from bot.model import Ailment, Chart, FirstRun, Source, SourceKind

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
"""A Monday."""
HOUR = timedelta(hours=1)


def a_source(**changes: Any) -> Source:
    usual: dict[str, Any] = {
        "id": 1,
        "kind": SourceKind.FEED,
        "address": "https://wire.example/feed",
        "host": "wire.example",
        "name": "Wire",
        "every": HOUR,
        "first_run": FirstRun.LATEST,
        "polled_at": NOW,
        "ok_at": NOW,
        "next_poll": NOW + HOUR,
    }
    return Source(**usual | changes)


def a_chart(*, days: dict[date, int] | None = None, new_at: datetime | None = None, **changes: Any) -> Chart:
    return Chart(
        source=a_source(**changes),
        since=NOW - 90 * DAY,
        followers=((0, "Wire"),),
        new_at=new_at,
        days=tuple(sorted((days or {}).items())),
    )


def history(number: int | Callable[[date], int], *, last: date, length: int = 60) -> dict[date, int]:
    """Return what came each day until a day, that day included."""
    days = [last - k * DAY for k in range(length)]
    counts = {day: number(day) if callable(number) else number for day in days}
    return {day: count for day, count in counts.items() if count}


def office(day: date) -> int:
    return 8 if day.weekday() < 5 else 0


def silent_for(days: float, number: int | Callable[[date], int], *, length: int = 60) -> Chart:
    """Return a source that has given so much a day, and nothing since."""
    heard = NOW - days * DAY
    return a_chart(days=history(number, last=heard.date(), length=length), new_at=heard)


FAILING: dict[str, Any] = {"failures": 9, "reason": "It answers 500."}


@pytest.mark.parametrize(
    ("chart", "ailment"),
    [
        pytest.param(a_chart(), None, id="nothing is known of it"),
        pytest.param(a_chart(failures=2, ok_at=NOW - 3 * DAY), None, id="two failures, though far apart"),
        pytest.param(a_chart(**FAILING, ok_at=NOW - 2 * HOUR), None, id="many failures within two hours"),
        pytest.param(a_chart(**FAILING, ok_at=NOW - DAY), Ailment.DEAD, id="it has failed for a day"),
        pytest.param(a_chart(**FAILING, ok_at=None), Ailment.DEAD, id="it has never been well"),
        pytest.param(a_chart(**FAILING, ok_at=NOW - 2 * HOUR, polled_at=NOW - HOUR), None, id="it has not been asked since"),
        pytest.param(a_chart(failures=2, given_up_at=NOW, reason="It is gone."), Ailment.DEAD, id="it was given up"),
        pytest.param(silent_for(1.1, 25), None, id="a wire that rests for a day"),
        pytest.param(silent_for(1.3, 25), Ailment.STALE, id="a wire without a line for a day and a quarter"),
        pytest.param(silent_for(2.3, 8), None, id="eight a day, silent for two days"),
        pytest.param(silent_for(4.3, 8), Ailment.STALE, id="eight a day, silent for four"),
        pytest.param(silent_for(3.5, office), None, id="an office on Monday noon, nothing since Friday"),
        pytest.param(silent_for(10, office), None, id="an office that is closed for a week"),
        pytest.param(silent_for(20, office), Ailment.STALE, id="an office that is closed for three"),
        pytest.param(silent_for(9, lambda day: day.weekday() == 5), None, id="a weekly that missed one issue"),
        pytest.param(silent_for(90, lambda day: day.day == 1), None, id="a monthly: too little is known"),
        pytest.param(silent_for(5, 25, length=20), None, id="a wire of three weeks: too little is known"),
        pytest.param(silent_for(5, 25, length=29), None, id="the day of the first poll does not count"),
        pytest.param(silent_for(5, 25, length=30), Ailment.STALE, id="four whole weeks do"),
        pytest.param(replace(silent_for(5, 25), source=a_source(ok_at=NOW - 4 * DAY)), None, id="nobody has asked it since"),
        pytest.param(replace(silent_for(5, 25), source=a_source(failures=1)), None, id="it fails: nobody knows what it has"),
        pytest.param(replace(silent_for(5, 25), source=a_source(kind=SourceKind.SAMPLE)), None, id="samples never change"),
        pytest.param(
            replace(silent_for(5, 25), source=a_source(kind=SourceKind.FOLDER)), Ailment.STALE, id="a folder dries up too"
        ),
        pytest.param(
            a_chart(days=history(100, last=NOW.date() - 2 * DAY) | {NOW.date() - DAY: 4}, new_at=NOW - 18 * HOUR),
            Ailment.QUIET,
            id="four of a hundred",
        ),
        pytest.param(
            a_chart(days=history(100, last=NOW.date() - 2 * DAY) | {NOW.date() - DAY: 40}, new_at=NOW - 18 * HOUR),
            None,
            id="forty of a hundred may be a holiday",
        ),
        pytest.param(
            a_chart(days=history(100, last=NOW.date() - 2 * DAY) | {NOW.date() - DAY: 4, NOW.date(): 60}, new_at=NOW - HOUR),
            None,
            id="what came this morning counts for yesterday",
        ),
        pytest.param(
            a_chart(days=history(3, last=NOW.date() - 2 * DAY) | {NOW.date() - DAY: 1}, new_at=NOW - 18 * HOUR),
            None,
            id="one of three is nothing",
        ),
    ],
)
def test_what_is_the_matter_with_a_source(chart: Chart, ailment: Ailment | None) -> None:
    """A source is dead when it is given up or has long failed, stale or quiet by its own habit, and else well."""
    found = diagnose(chart)

    assert (found and found.ailment) == ailment


@pytest.mark.parametrize(
    ("chart", "reason"),
    [
        pytest.param(
            a_chart(failures=2, given_up_at=NOW, reason="It is gone (410)."),
            "It is gone (410).",
            id="dead",
        ),
        pytest.param(
            a_chart(**FAILING, ok_at=NOW - DAY),
            "It answers 500. (9 failures, last well at 2026-11-01 12:00 UTC; it is still tried)",
            id="failing",
        ),
        pytest.param(
            a_chart(failures=9, ok_at=None),
            "no reason was given (9 failures, never well so far; it is still tried)",
            id="never well",
        ),
        pytest.param(
            silent_for(2, 25),
            "its polls succeed, but nothing new has come since 2026-10-31 12:00 UTC; usually 25 a day",
            id="stale",
        ),
        pytest.param(
            a_chart(days=history(100, last=NOW.date() - 2 * DAY) | {NOW.date() - DAY: 4}, new_at=NOW - 18 * HOUR),
            "only 4 since 1 November; usually 100 a day",
            id="quiet",
        ),
    ],
)
def test_a_diagnosis_says_what_is_usual(chart: Chart, reason: str) -> None:
    """Who reads it can judge for himself."""
    found = diagnose(chart)

    assert found is not None
    assert found.reason == reason


@pytest.mark.parametrize(
    ("usual", "said"),
    [(1234.4, "usually 1,234 a day"), (1, "usually 1 a day"), (0.5, "usually 4 a week"), (0.05, "usually one in 20 days")],
)
def test_a_usual_rate_is_said_in_whole_numbers(usual: float, said: str) -> None:
    """A rate is said by the day, the week, or the days between two articles."""
    assert usually(usual) == said


def test_neighbours_of_a_dead_host_are_dead_with_it() -> None:
    """A host that is down is one trouble, though its sources were last well at different times."""
    chart = a_chart(failures=3, reason="no answer", ok_at=NOW - 2 * HOUR)

    alone, together = diagnose(chart), diagnose(chart, dead_hosts={"wire.example"})

    assert alone is None
    assert together is not None
    assert together.ailment is Ailment.DEAD


YESTERDAY = NOW - DAY


@pytest.mark.parametrize(
    ("ailment", "chart", "over"),
    [
        pytest.param(Ailment.DEAD, a_chart(), True, id="a good poll ends a death"),
        pytest.param(Ailment.DEAD, a_chart(ok_at=YESTERDAY - HOUR), False, id="wanted again, but not yet asked"),
        pytest.param(Ailment.DEAD, a_chart(failures=1), False, id="it fails again"),
        pytest.param(Ailment.DEAD, a_chart(given_up_at=NOW), False, id="it is given up"),
        pytest.param(Ailment.STALE, a_chart(new_at=NOW - HOUR), True, id="something new ends a silence"),
        pytest.param(Ailment.STALE, a_chart(new_at=YESTERDAY - HOUR), False, id="it is silent still"),
        pytest.param(Ailment.QUIET, silent_for(2.1, 100), False, id="it gives little still"),
        pytest.param(
            Ailment.QUIET,
            a_chart(days=history(100, last=NOW.date() - 2 * DAY) | {NOW.date() - DAY: 49}),
            False,
            id="not half of what is usual",
        ),
        pytest.param(
            Ailment.QUIET,
            a_chart(days=history(100, last=NOW.date() - 2 * DAY) | {NOW.date() - DAY: 51}),
            True,
            id="half of what is usual",
        ),
    ],
)
def test_when_an_ailment_is_over(ailment: Ailment, chart: Chart, over: bool) -> None:
    """An ailment is over when a poll has shown it, not when a doubt came up."""
    assert over == is_over(chart, ailment, since=YESTERDAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """A source that publishes at random, by its rate on each kind of day."""

    rate: float
    weekends: float
    """Of its usual rate, what Saturdays, Sundays and holidays bring."""
    seed: int

    def expected(self, day: date) -> float:
        return self.rate * self.weekends if day.weekday() >= 5 or day in HOLIDAYS else self.rate

    def times(self, start: date, days: int) -> Iterator[datetime]:
        draw = random.Random(self.seed)
        for day in (start + number * DAY for number in range(days)):
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
            yield from sorted(midnight + DAY * draw.random() for _ in range(_poisson(draw, self.expected(day))))


def _closed(*spans: tuple[str, int]) -> frozenset[date]:
    return frozenset(date.fromisoformat(first) + number * DAY for first, days in spans for number in range(days))


HOLIDAYS = _closed(("2026-04-03", 4), ("2026-05-01", 1), ("2026-05-25", 1), ("2026-09-24", 7), ("2026-12-24", 9))
START = date(2026, 1, 1)


def _poisson(draw: random.Random, expected: float) -> int:
    number, chance, floor = 0, draw.random(), exp(-expected)
    while chance > floor:
        number, chance = number + 1, chance * draw.random()
    return number


newsrooms = st.builds(
    Newsroom,
    rate=st.sampled_from([0.2, 0.5, 1.0, 3.0, 8.0, 25.0, 90.0]),
    weekends=st.sampled_from([0.0, 0.1, 0.4, 1.0]),
    seed=st.integers(0, 10**9),
)


def alarms(times: list[datetime], *, days: int) -> Iterator[datetime]:
    """Yield when a poll, twice a day, finds something the matter with a source that published then."""
    counts: dict[date, int] = {}
    came = 0
    for asked in (datetime(2026, 1, 1, tzinfo=UTC) + number * DAY / 2 for number in range(2 * days)):
        now_there = bisect(times, asked)
        for moment in times[came:now_there]:
            counts[moment.date()] = counts.get(moment.date(), 0) + 1
        came = now_there
        recent = tuple(counts.items())[-100:]
        chart = Chart(source=a_source(ok_at=asked), since=asked, new_at=times[came - 1] if came else None, days=recent)
        if diagnose(chart) is not None:
            yield asked


@settings(max_examples=25, deadline=None)
@given(newsrooms)
def test_a_steady_source_is_never_suspected(newsroom: Newsroom) -> None:
    """In a whole year with its weekends and holidays no steady source raises an alarm, however little it gives."""
    assert list(alarms(list(newsroom.times(START, 400)), days=400)) == []


@settings(max_examples=15, deadline=None)
@given(st.sampled_from([(25.0, 1.0, 3), (8.0, 1.0, 9), (25.0, 0.4, 8), (25.0, 0.0, 20), (1.0, 1.0, 45)]), st.integers(0, 10**9))
@example((8.0, 1.0, 9), 452)  # it had one empty day, so that only eight in a row are proof
def test_a_source_that_stops_is_noticed_within_bounds(habit: tuple[float, float, int], seed: int) -> None:
    """The alarm comes within days for a wire and within weeks for an office, and lasts, so that it is one alarm."""
    rate, weekends, bound = habit
    stop = START + 90 * DAY
    newsroom = Newsroom(rate=rate, weekends=weekends, seed=seed)

    found = list(alarms(list(newsroom.times(START, 90)), days=90 + bound + 5))

    stopped = datetime(stop.year, stop.month, stop.day, tzinfo=UTC)
    assert stopped < found[0] <= stopped + bound * DAY
    assert found == [found[0] + number * DAY / 2 for number in range(len(found))]


def test_a_habit_is_read_from_the_days_before() -> None:
    """Neither the first day of all nor the day in question shapes what is usual."""
    days = history(10, last=NOW.date()) | {NOW.date() - 59 * DAY: 500, NOW.date(): 900}

    habit = habit_of(tuple(sorted(days.items())), NOW.date())

    assert habit is not None
    assert (habit.usual, habit.least, habit.longest, habit.rests) == (10, 10, 0, False)
