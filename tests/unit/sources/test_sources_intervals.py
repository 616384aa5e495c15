"""A feed is asked no earlier than it wants, and never left alone for longer than makes sense."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.feeds.intervals import Hints, not_before

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a Tuesday
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)


NONE = Hints()


def wait(
    hints: Hints = NONE, headers: Mapping[str, str] | None = None, *, every: timedelta = QUARTER, now: datetime = NOW
) -> timedelta | None:
    until = not_before(now, every=every, hints=hints, headers=headers or {})
    return until - now if until else None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"cache-control": "max-age=60"}, None),
        ({"cache-control": "public, Max-Age=7200"}, 2 * HOUR),
        ({"cache-control": 'max-age="7200"'}, 2 * HOUR),
        ({"cache-control": "max-age=7200", "age": "3600"}, HOUR),
        ({"cache-control": "max-age=7200", "age": "9999"}, None),
        ({"cache-control": "no-cache, max-age=7200"}, None),
        ({"cache-control": "no-store, max-age=7200"}, None),
        ({"cache-control": "max-age=99999999999999"}, 24 * HOUR),
        ({"cache-control": "max-age=soon"}, None),
        ({"expires": "Tue, 24 Nov 2026 14:00:00 GMT"}, 2 * HOUR),
        ({"expires": "Tue, 24 Nov 2026 14:00:00 GMT", "date": "Tue, 24 Nov 2026 13:00:00 GMT"}, HOUR),
        ({"expires": "Tue, 24 Nov 2026 14:00:00 GMT", "cache-control": "max-age=7200"}, 2 * HOUR),
        ({"expires": "Tue, 24 Nov 2026 14:00:00 GMT", "cache-control": "no-cache"}, None),
        ({"expires": "Tue, 24 Nov 2026 10:00:00 GMT"}, None),
        ({"expires": "0"}, None),
        ({"expires": "-1"}, None),
    ],
)
def test_an_answer_that_stays_good_is_not_asked_for_again(headers: dict[str, str], expected: timedelta | None) -> None:
    """max-age, without what it has spent on its way, else Expires; neither where the answer must be asked about anyway."""
    assert wait(headers=headers) == expected


@pytest.mark.parametrize(
    ("rest", "expected"), [(None, None), (timedelta(minutes=5), None), (3 * HOUR, 3 * HOUR), (timedelta(days=9), 24 * HOUR)]
)
def test_a_feed_that_wants_a_rest_gets_it(rest: timedelta | None, expected: timedelta | None) -> None:
    """`ttl` and `sy:` count where they are longer than the interval, and for a day at most."""
    assert wait(Hints(rest=rest)) == expected


def test_the_longest_wish_counts() -> None:
    """Of the interval, the feed's wish and the server's the longest one holds."""
    assert wait(Hints(rest=HOUR), {"cache-control": "max-age=7200"}) == 2 * HOUR
    assert wait(Hints(rest=3 * HOUR), {"cache-control": "max-age=7200"}) == 3 * HOUR
    assert wait(Hints(rest=HOUR), every=6 * HOUR) is None


@pytest.mark.parametrize(
    ("hints", "expected"),
    [
        pytest.param(Hints(skip_hours=[13, 14]), None, id="not yet"),
        pytest.param(Hints(skip_hours=[12]), HOUR, id="this hour"),
        pytest.param(Hints(skip_hours=[12, 13, 14]), 3 * HOUR, id="several"),
        pytest.param(Hints(skip_days=[1]), 12 * HOUR, id="today"),
        pytest.param(Hints(rest=HOUR, skip_hours=[13]), 2 * HOUR, id="where its rest ends"),
        pytest.param(Hints(skip_hours=range(24)), None, id="all hours: it cannot mean that"),
        pytest.param(Hints(skip_days=range(7)), None, id="all days"),
    ],
)
def test_hours_and_days_that_a_feed_skips_are_skipped(hints: Hints, expected: timedelta | None) -> None:
    """No poll is planned for an hour or day in which the feed says it does not change, in GMT."""
    assert wait(hints) == expected


def test_a_weekend_is_skipped_whole() -> None:
    """From Friday evening to Monday."""
    friday = datetime(2026, 11, 27, 23, 55, tzinfo=UTC)

    assert wait(Hints(skip_days=[5, 6]), now=friday) == timedelta(days=2, minutes=5)


def test_a_poll_that_comes_somewhat_later_meets_no_skipped_hour_either() -> None:
    """The interval varies by a tenth, and so the whole of what it may vary by is kept clear."""
    before = datetime(2026, 11, 24, 12, 45, tzinfo=UTC)

    assert wait(Hints(skip_hours=[13]), now=before) == timedelta(hours=1, minutes=15)


@given(
    every=st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=2)),
    rest=st.none() | st.timedeltas(min_value=timedelta(), max_value=timedelta(days=99)),
    skips=st.tuples(st.frozensets(st.integers(0, 23)), st.frozensets(st.integers(0, 6))),
    control=st.text(max_size=30),
    expires=st.text(max_size=30),
)
def test_no_hints_silence_a_feed(
    *, every: timedelta, rest: timedelta | None, skips: tuple[frozenset[int], frozenset[int]], control: str, expires: str
) -> None:
    """Whatever a feed says, it is asked again within days."""
    hints = Hints(rest=rest, skip_hours=skips[0], skip_days=skips[1])

    until = not_before(NOW, every=every, hints=hints, headers={"cache-control": control, "expires": expires})

    assert until is None or NOW + 0.9 * every < until <= NOW + max(every, timedelta(days=1)) + timedelta(days=3, hours=1)
    assert not_before(NOW, every=every, hints=Hints.read(hints.written()), headers={}) == not_before(
        NOW, every=every, hints=hints, headers={}
    )
