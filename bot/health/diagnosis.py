"""Decides from what is known of a source whether something is the matter with it, by its own habit. Pure; it reads no clock.

Silence and low volume are weighed in nats, the natural logarithm of how unlikely they would be for a source that is well.
All times are those of its polls, so that a program that did not run for a week finds nobody ill.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from math import exp, lgamma, log

from bot.model import Ailment, Chart, Source, SourceKind

DAY = timedelta(days=1)
LONG = timedelta(days=1)
"""A source that has failed for so long, and so often, is told as dead, though it is still tried."""
TRIES = 5
TOGETHER = 3
"""Its neighbours on the same host count as dead with it after so many failures."""

WINDOW = 56
"""Days from which the habit of a source is read."""
LEAST_DAYS = 28
LEAST_ACTIVE = 6
"""With fewer days, or fewer of them with articles, nothing is known of a source's habit, and nothing is said."""
PROOF = 12.0
"""So unlikely must it be: once in 160,000."""
HOLIDAYS = 10
"""A source that rests on some day of the week also has holidays: so many of its working days must be missed."""
CAUTION = 0.6
"""A day is expected to bring this share of what the source's quietest day of the week does: holidays are like Sundays."""
_SUREST = (WINDOW / 7) / (WINDOW / 7 + 2)
"""How sure it is at most that something comes on a day of the week."""
GRACE = timedelta(hours=6)
"""A day is missed when so much of the next has gone by, too: nobody posts at the same minute every day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What is the matter with a source, in words."""

    ailment: Ailment
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How much a source usually gives."""

    often: tuple[float, ...]
    """How sure it is that something comes on each day of the week, Monday first; never quite sure."""
    least: float
    """What its quietest day of the week brings on average; 0 if in all that time one day brought nothing."""
    usual: float
    """What a day brings on average."""
    longest: int
    """The most days on end without an article."""
    rests: bool
    """On some day of the week mostly nothing comes."""

    def nats(self, day: date) -> float:
        """Return how unlikely a day without any article is."""
        missed = max(-log(1 - self.often[day.weekday()]), CAUTION * self.least)
        return min(missed, PROOF / HOLIDAYS) if self.rests else missed


def habit_of(days: Sequence[tuple[date, int]], until: date) -> Habit | None:
    """Return the habit of a source before a day; None where too little is known.

    The first day of all brought what the source held already, so it does not count.
    """
    given = dict(days)
    start = max(min(given, default=until) + DAY, until - WINDOW * DAY)
    counts = [given.get(start + number * DAY, 0) for number in range((until - start).days)]
    if len(counts) < LEAST_DAYS or sum(map(bool, counts)) < LEAST_ACTIVE:
        return None
    weeks = [counts[(number - start.weekday()) % 7 :: 7] for number in range(7)]
    return Habit(
        often=tuple(sum(map(bool, week)) / (len(week) + 2) for week in weeks),
        least=min(sum(week) / len(week) for week in weeks) if all(counts) else 0.0,
        usual=sum(counts) / len(counts),
        longest=_longest_rest(counts),
        rests=any(sum(map(bool, week)) * 2 < len(week) for week in weeks),
    )


def _longest_rest(counts: Sequence[int]) -> int:
    longest = rest = 0
    for number in counts:
        rest = 0 if number else rest + 1
        longest = max(longest, rest)
    return longest


def diagnose(chart: Chart, *, dead_hosts: Collection[str] = ()) -> Diagnosis | None:
    """Return what is the matter with a source; None if nothing is, or nobody can tell yet."""
    source = chart.source
    if has_died(chart) or (source.failures >= TOGETHER and source.host in dead_hosts):
        return Diagnosis(ailment=Ailment.DEAD, reason=_death(source))
    if source.failures or source.ok_at is None or source.kind is SourceKind.SAMPLE or not chart.days:
        return None
    if not _is_suspect(chart, source.ok_at):
        return None
    return _staleness(chart, source.ok_at) or _quietness(chart, source.ok_at)


def has_died(chart: Chart) -> bool:
    """Tell whether a source was given up, or has failed for long."""
    source = chart.source
    if source.given_up_at is not None:
        return True
    began = source.ok_at or chart.since
    return source.failures >= TRIES and source.polled_at is not None and source.polled_at - began >= LONG


def is_over(chart: Chart, ailment: Ailment, *, since: datetime) -> bool:
    """Tell whether an ailment that was noted then has passed: what is unclear has not."""
    source = chart.source
    if source.failures or source.given_up_at is not None or source.ok_at is None or source.ok_at <= since:
        return False
    match ailment:
        case Ailment.DEAD:
            return True
        case Ailment.STALE:
            return chart.new_at is not None and chart.new_at > since
        case Ailment.QUIET:
            day, came = _last_day(chart, source.ok_at)
            habit = habit_of(chart.days, day)
            return habit is None or came * 2 >= habit.usual


def _death(source: Source) -> str:
    reason = source.reason or "no reason was given"
    if source.given_up_at is not None:
        return reason
    last = f"last well at {stamp(source.ok_at)}" if source.ok_at else "never well so far"
    return f"{reason} ({source.failures} failures, {last}; it is still tried)"


def _is_suspect(chart: Chart, asked: datetime) -> bool:
    """Tell whether it is worth reading the habit of a source: what comes out by the least bound is no proof, and most are well."""
    most = CAUTION * sum(number for _, number in chart.days) / LEAST_DAYS
    missed = (asked - GRACE - _heard(chart)) / DAY
    return (missed >= 1 and missed * max(most, -log(1 - _SUREST)) >= PROOF) or most >= PROOF


def _heard(chart: Chart) -> datetime:
    """Return when the newest article came, as far as that is known."""
    last = _midnight(chart.days[-1][0])
    return max(chart.new_at or last, last)


def _staleness(chart: Chart, asked: datetime) -> Diagnosis | None:
    """Judge the silence since the newest article, which the last poll has confirmed."""
    last = chart.days[-1][0]
    heard = _heard(chart)
    if asked < heard + DAY + GRACE or (habit := habit_of(chart.days, last)) is None:
        return None
    proof = 0.0
    for missed in count(1):
        if asked < heard + missed * DAY + GRACE:
            return None
        proof += habit.nats(last + missed * DAY)
        if proof >= PROOF and missed > 2 * habit.longest:
            break
    return Diagnosis(
        ailment=Ailment.STALE,
        reason=f"its polls succeed, but nothing new has come since {stamp(heard)}; {usually(habit.usual)}",
    )


def _quietness(chart: Chart, asked: datetime) -> Diagnosis | None:
    """Judge the last whole day of a source that has never had an empty one; what came after that day counts for it."""
    day, came = _last_day(chart, asked)
    habit = habit_of(chart.days, day)
    if habit is None or _at_most(came, CAUTION * habit.least) > exp(-PROOF):
        return None
    return Diagnosis(ailment=Ailment.QUIET, reason=f"only {came:,} since {day.day} {day:%B}; {usually(habit.usual)}")


def _last_day(chart: Chart, asked: datetime) -> tuple[date, int]:
    """Return the last whole day, and how much has come since it began."""
    day = (asked.astimezone(UTC) - GRACE).date() - DAY
    return day, sum(number for when, number in chart.days if when >= day)


def _at_most(number: int, expected: float) -> float:
    """Return how likely a day brings so many at most, where so many are expected (Poisson); 1 where nothing is."""
    if expected <= 0:
        return 1.0
    return sum(exp(one * log(expected) - expected - lgamma(one + 1)) for one in range(number + 1))


def usually(usual: float) -> str:
    """Say how much a source usually gives."""
    if usual >= 1:
        return f"usually {usual:,.0f} a day"
    return f"usually {usual * 7:.0f} a week" if usual * 7 >= 1 else f"usually one in {1 / usual:.0f} days"


def stamp(when: datetime) -> str:
    """Write a time as a notice has it: its reader may be anywhere."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
