"""Reading dates in every form that feeds and documents write them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SourceError
from bot.model import Precision
from bot.sources.text.calendar_words import _MONTH_NAMES, MONTHS, plain
from bot.sources.text.dates import AHEAD, EARLIEST, Given, first_believed, is_stated, resolve

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MOMENT = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Mon, 23 Nov 2026 10:00:00 GMT", MOMENT),
        ("Mon, 23 Nov 2026 12:00:00 CEST", MOMENT),
        ("Mon, 23 Nov 2026 19:00:00 KST", MOMENT),
        ("Mon, 23 Nov 2026 19:00:00 JST", MOMENT),
        ("Mon, 23 Nov 2026 05:00:00 EST", MOMENT),
        ("Mon, 23 Nov 2026 15:30:00 IST", MOMENT),
        ("Mon, 23 Nov 2026 10:00:00 QQQ", MOMENT),
        ("Mon, 23 Nov 2026 10:00:00 -0000", MOMENT),
        ("Mon,  23  Nov  2026 19:00:00  +0900 (KST)", MOMENT),
        ("23 Nov 26 10:00 UT", MOMENT),
        ("23 Nov 2026 10:00", MOMENT),
        ("23-Nov-2026 10:00:00", MOMENT),
        ("2026-11-23T10:00:00Z", MOMENT),
        ("2026-11-23t10:00:00z", MOMENT),
        ("2026-11-23T10:00:00.123456Z", MOMENT),
        ("2026-11-23T19:00:00+09:00", MOMENT),
        ("2026-11-23 19:00:00 +0900", MOMENT),
        ("2026-11-23 19:00+09", MOMENT),
        ("20261123T100000Z", MOMENT),
        ("2026/11/23 10:00:00", MOMENT),
        ("2026.11.23 10:00", MOMENT),
        ("23.11.2026 10:00", MOMENT),
        ("Nov 23, 2026 10:00 AM", MOMENT),
        ("November 23, 2026 at 5:00 a.m. EST", MOMENT),
        ("Nov 22, 2026 12:00 AM", datetime(2026, 11, 22, tzinfo=UTC)),
        ("Nov 22, 2026 12:30 PM", datetime(2026, 11, 22, 12, 30, tzinfo=UTC)),
        ("Mon Nov 23 2026 19:00:00 GMT+0900 (Korean Standard Time)", MOMENT),
        ("Mon Nov 23 19:00:00 KST 2026", MOMENT),
        ("lun., 23 nov. 2026 11:00:00 +0100", MOMENT),
        ("23 de noviembre de 2026 10:00", MOMENT),
        ("Montag, 23. November 2026 10:00", MOMENT),
        ("2026년 11월 23일 오전 10시", MOMENT),
        ("2026年11月23日 午前10時00分", MOMENT),
        ("2026年11月23日(月) 10:00", MOMENT),
        ("2026年11月23日 10:00", MOMENT),
        ("2026年11月23日 10:00:00", MOMENT),
        ("2026年11月23日10时00分", MOMENT),
        ("23/11/2026 10:00", MOMENT),
        ("11/23/2026 10:00 AM", MOMENT),
        ("20261123100000", MOMENT),
        ("20261123T100000.000Z", MOMENT),
        ("Mon,23 Nov 2026 10:00:00 GMT", MOMENT),
        ("Monday, November 23rd, 2026 - 10:00", MOMENT),
        ("23.11.2026, 10:00 Uhr", MOMENT),
        ("23 листопада 2026, 10:00", MOMENT),
        ("23 listopada 2026 10:00", MOMENT),
        ("23 Kasım 2026 10:00", MOMENT),
        ("23 Νοεμβρίου 2026 10:00", MOMENT),
        ("23 नवंबर 2026 10:00", MOMENT),
        ("٢٣ نوفمبر 2026 10:00", MOMENT),
        ("2026년 11월 22일 오후 3시 20분", datetime(2026, 11, 22, 15, 20, tzinfo=UTC)),
        ("1795000000", datetime(2026, 11, 18, 11, 6, 40, tzinfo=UTC)),
        ("1795000000.25", datetime(2026, 11, 18, 11, 6, 40, tzinfo=UTC)),
        ("1795000000123", datetime(2026, 11, 18, 11, 6, 40, tzinfo=UTC)),
        ("Sun, 22 Nov 2026 24:00:00 GMT", datetime(2026, 11, 23, tzinfo=UTC)),
        ("2026-11-22T23:59:60Z", datetime(2026, 11, 23, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_every_form_it_is_written(raw: str, expected: datetime) -> None:
    """A date with a time is the same moment however it is written, with the rule and the raw text kept."""
    dated = resolve(raw, now=NOW)

    assert dated is not None
    assert (dated.at, dated.precision) == (expected, Precision.SECOND)
    assert dated.rule
    assert dated.raw == " ".join(raw.split())


@pytest.mark.parametrize(
    "raw",
    [
        "2024-02-29",
        "20240229",
        "29 Feb 2024",
        "Thu, 29 February 2024",
        "Feb. 29, 2024",
        "2024/02/29",
        "29.02.2024",
        "2024년 2월 29일",
        "2024年2月29日",
        "2024. 2. 29.",
        "29 février 2024",
        "29 февраля 2024",
    ],
)
def test_a_mere_day_is_known_to_the_day(raw: str) -> None:
    """A date without a time stands at the beginning of its day in UTC and is shown as a day."""
    dated = resolve(raw, now=NOW)

    assert dated is not None
    assert (dated.at, dated.precision) == (datetime(2024, 2, 29, tzinfo=UTC), Precision.DAY)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "  ",
        "soon",
        "10:00",
        "2026-02-30",
        "30 Foo 2026",
        "2026-11-23T25:00:00Z",
        "2026-11-23T24:00:01Z",
        "03/04/2026",
        "2026-11-23T10:00:00+9999",
        "99999",
        "1" * 200,
        "0000-00-00",
        "12 Nov 0000",
        "31/02/2026",
        "13/13/2026",
    ],
)
def test_what_is_no_date_is_none(raw: str) -> None:
    """Text that makes no date, and one that could be two, is left to the moment it was first seen."""
    assert resolve(raw, now=NOW) is None


@pytest.mark.parametrize(
    ("raw", "hour"),
    [
        ("2026-11-23 19:00", 10),
        ("Mon, 23 Nov 2026 19:00:00", 10),
        ("2026년 11월 23일 오후 7시", 10),
        ("23 Nov 2026 19:00 QQQ", 10),
    ],
)
def test_a_time_without_a_zone_is_one_of_the_source(raw: str, hour: int) -> None:
    """A zone that the source is given holds for dates that name none, or none that is known."""
    dated = resolve(raw, now=NOW, zone="Asia/Seoul")

    assert dated is not None
    assert dated.at == MOMENT.replace(hour=hour)


@pytest.mark.parametrize("raw", ["2026-11-23 10:00 GMT", "2026-11-23T10:00:00Z", "1795428000", "2026-11-23T19:00+09:00"])
def test_a_zone_of_its_own_goes_before_that_of_the_source(raw: str) -> None:
    """What a date says itself counts."""
    dated = resolve(raw, now=NOW, zone="America/New_York")

    assert dated is not None
    assert dated.at == MOMENT


def test_a_mere_day_is_that_day_in_every_zone() -> None:
    """A day is shown as a day: no zone moves it to the one before."""
    dated = resolve("2026-11-23", now=NOW, zone="Asia/Seoul")

    assert dated is not None
    assert (dated.at, dated.precision) == (datetime(2026, 11, 23, tzinfo=UTC), Precision.DAY)


def test_summer_time_is_that_of_the_zone() -> None:
    """A zone is a place, not a number of hours."""
    summer, winter = (resolve(f"2026-{month}-01 12:00", now=NOW, zone="Europe/Berlin") for month in ("07", "01"))

    assert summer is not None
    assert winter is not None
    assert (summer.at.hour, winter.at.hour) == (10, 11)


def test_an_unknown_zone_is_told() -> None:
    """A misspelt zone would move every date."""
    with pytest.raises(SourceError, match=r'"Asia/Soul" is unknown: write one such as Asia/Seoul\.'):
        resolve("2026-11-23 10:00", now=NOW, zone="Asia/Soul")


def test_the_first_date_that_can_be_believed_counts_and_says_which_it_is() -> None:
    """An update stands in for a publication only by name."""
    given = [
        Given(kind="published", raw="2099-01-01"),
        Given(kind="updated", raw="2026-11-23T10:00:00Z"),
        Given(kind="created", raw="2026-11-01"),
    ]

    dated = first_believed(given, now=NOW)

    assert dated is not None
    assert (dated.at, dated.rule, dated.raw) == (MOMENT, "updated, iso 8601", "2026-11-23T10:00:00Z")
    assert is_stated(dated)


@pytest.mark.parametrize(("raw", "why"), [("2099-01-01", "is out of range"), ("soon", "cannot be read")])
def test_a_date_that_cannot_be_believed_is_flagged(raw: str, why: str) -> None:
    """The moment of the first sight stands in, with the reason and the text."""
    dated = first_believed([Given(kind="published", raw=raw)], now=NOW)

    assert dated is not None
    assert (dated.at, dated.rule, dated.raw) == (NOW, f"first seen: the date it states {why}", raw)
    assert not is_stated(dated)


def test_where_no_date_is_stated_there_is_none() -> None:
    """Nothing is made up."""
    assert first_believed([Given(kind="published", raw=" ")], now=NOW) is None


def test_no_name_is_that_of_two_months() -> None:
    """A language that would give a known name to another month is left out of the table."""
    claimed: dict[str, int] = {}

    for month, names in enumerate(_MONTH_NAMES, start=1):
        for name in map(plain, names.split()):
            assert claimed.setdefault(name, month) == month, name


def test_feedparser_is_asked_where_no_rule_of_our_own_reads_the_text() -> None:
    """The last rule is feedparser's value, its precision told by the text."""
    parsed = time.struct_time((2026, 11, 23, 10, 0, 0, 0, 327, 0))

    exact = resolve("on 2026-327 10:00", now=NOW, parsed=parsed)
    day = resolve("2026-327", now=NOW, parsed=parsed)

    assert exact is not None
    assert (exact.at, exact.rule, exact.precision) == (MOMENT, "feedparser", Precision.SECOND)
    assert day is not None
    assert day.precision is Precision.DAY


def test_a_wrong_value_of_feedparser_is_not_believed() -> None:
    """Neither a value out of range nor one that is no date gets through."""
    ancient = time.struct_time((1794, 11, 23, 10, 0, 0, 0, 327, 0))
    broken = time.struct_time((2026, 13, 40, 10, 0, 0, 0, 327, 0))

    assert resolve("1795", now=NOW, parsed=ancient) is None
    assert resolve("1795", now=NOW, parsed=broken) is None


@pytest.mark.parametrize(
    ("moment", "believed"),
    [
        (NOW + AHEAD, True),
        (NOW + AHEAD + timedelta(seconds=1), False),
        (EARLIEST, True),
        (EARLIEST - timedelta(seconds=1), False),
    ],
    ids=["a day ahead", "more than a day ahead", "1995", "before 1995"],
)
def test_a_date_out_of_range_is_nobodys(moment: datetime, *, believed: bool) -> None:
    """Later than a day from now or before 1995 is no date of an article."""
    assert (resolve(moment.isoformat(), now=NOW) is not None) is believed


zones = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.integers(800_000_000, 1_795_000_000).flatmap(lambda at: zones.map(lambda zone: datetime.fromtimestamp(at, zone)))


@given(moments)
def test_the_two_standards_are_read_back_exactly(moment: datetime) -> None:
    """Whatever RFC 5322 and ISO 8601 can write is read as the same moment."""
    read = [resolve(raw, now=NOW) for raw in (format_datetime(moment), moment.isoformat())]

    assert [dated and dated.at for dated in read] == [moment, moment]


@given(st.text(max_size=120))
def test_no_text_makes_the_resolver_fail(raw: str) -> None:
    """Any text is a date in range or none."""
    dated = resolve(raw, now=NOW)

    assert dated is None or EARLIEST <= dated.at <= NOW + AHEAD


@pytest.mark.parametrize(
    ("word", "month"), [("jui", None), ("juin", 6), ("juil", 7), ("mar", 3), ("mai", 5), ("sept", 9), ("июн", 6), ("ma", None)]
)
def test_an_abbreviation_means_a_month_only_if_it_means_one(word: str, month: int | None) -> None:
    """The beginning of two months is none of them."""
    assert MONTHS.get(word) == month
