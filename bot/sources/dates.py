"""Reads the date that a feed or document states, whatever its form, and keeps the rule that read it; it has no clock of its own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from bot.model import Dated, Precision
from bot.sources.calendar_words import MONTHS, ZONES, plain

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Before this nothing was published on the web: an earlier date is a default value or a misreading."""

AHEAD = timedelta(days=1)
"""How far ahead of the clock a date may lie, for the sake of zones and clocks that are wrong."""

_LONGEST = 100
"""Characters a date may have: longer text is none, and would only cost time."""

_ZONE = r"(?P<zone>z|(?:gmt|utc?)?\s?[+-]\d{1,2}(?::?\d{2})?|[a-z]{1,5})"
_TIME = (
    rf"(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?::(?P<second>\d{{2}})(?:[.,]\d+)?)?(?:\s?(?P<half>[ap])\.?m\.?)?(?:\s?{_ZONE})?"
)
_REST = rf"(?:(?:t|,?\s(?:at\s)?){_TIME}(?:\s\(?[a-z ]+\)?)?)?"
_WEEKDAY = r"(?:[^\W\d_]+\.?,?\s)?"
_MONTH = r"(?P<word>[^\W\d_]{3,12})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_FORMS = (
    ("iso 8601", _form(rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}}){_REST}")),
    (
        "iso 8601",
        _form(
            rf"(?P<year>\d{{4}})(?P<month>\d\d)(?P<day>\d\d)(?:t(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d))?{_ZONE}?)?"
        ),
    ),
    ("rfc 5322", _form(rf"{_WEEKDAY}{_DAY}(?:\sde\s|[\s-]){_MONTH},?(?:\sde\s|[\s-])(?P<year>\d{{4}}|\d\d){_REST}")),
    ("month first", _form(rf"{_WEEKDAY}{_MONTH}\s{_DAY},?\s(?P<year>\d{{4}}){_REST}")),
    ("year last", _form(rf"{_WEEKDAY}{_MONTH}\s{_DAY}\s{_TIME}\s(?P<year>\d{{4}})")),
    ("year first", _form(rf"(?P<year>\d{{4}})[/.]\s?(?P<month>\d{{1,2}})[/.]\s?(?P<day>\d{{1,2}})\.?{_REST}")),
    ("day first", _form(rf"(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>\d{{4}}){_REST}")),
    (
        "east asian",
        _form(
            r"(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일](?:\s?\(?\w(?:요일|曜日)?\)?)?"
            r"(?:\s?(?P<east>오전|오후|午前|午後|上午|下午)?\s?(?P<hour>\d{1,2})(?:\s?[시時时点]|:)(?:\s?(?P<minute>\d{1,2})[분分]?)?)?"
        ),
    ),
)
_EPOCH = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{12,13})")
_HAS_TIME = re.compile(r"\d:\d|\d\s?[ap]\.?m|t\d\d|[시時时]", re.IGNORECASE)


def resolve(raw: str, *, now: datetime, parsed: time.struct_time | None = None, zone: str = "") -> Dated | None:
    """Return the moment that a date text means, in UTC; one without a zone is of `zone`. `parsed` is feedparser's reading.

    A date later than a day after `now`, or before 1995, is nobody's: the article then counts from when it was first seen.
    """
    text = " ".join(raw.split())
    if not text or len(text) > _LONGEST:
        return None
    for rule, read in _RULES:
        if moment := read(text, zone):
            return _believed(moment, rule, text, now)
    if parsed is not None and (moment := _moment(parsed)):
        return _believed(moment, "feedparser", text, now)
    return None


def _believed(moment: datetime, rule: str, text: str, now: datetime) -> Dated | None:
    if not EARLIEST <= moment <= now + AHEAD:
        return None
    exact = rule == "epoch" or _HAS_TIME.search(text)
    return Dated(at=moment, precision=Precision.SECOND if exact else Precision.DAY, rule=rule, raw=text)


def _epoch(text: str, _zone: str) -> datetime | None:
    """Read seconds or milliseconds since 1970."""
    found = _EPOCH.fullmatch(text)
    if not found:
        return None
    seconds = int(found[1]) if found[1] else int(found[2]) // 1000
    return datetime.fromtimestamp(seconds, UTC)


def _reader(pattern: re.Pattern[str]) -> Callable[[str, str], datetime | None]:
    def read(text: str, zone: str) -> datetime | None:
        found = pattern.fullmatch(text)
        return _composed(found.groupdict(), zone) if found else None

    return read


_RULES: tuple[tuple[str, Callable[[str, str], datetime | None]], ...] = (
    *((rule, _reader(pattern)) for rule, pattern in _FORMS),
    ("epoch", _epoch),
)


def _composed(parts: dict[str, str | None], zone: str) -> datetime | None:
    """Put the parts of a date together; None where they make no date."""
    word = parts.get("word")
    month = MONTHS.get(plain(word)) if word else int(parts["month"] or 0)
    if month is None:
        return None
    try:
        day = datetime(
            _year(parts["year"] or ""),
            month,
            int(parts["day"] or 0),
            tzinfo=_zone(parts.get("zone"), zone if parts.get("hour") else ""),
        )
        return (day + _time(parts)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _year(digits: str) -> int:
    """Read a year; one of two digits by RFC 5322, section 4.3."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 50 else 1900)


def _time(parts: dict[str, str | None]) -> timedelta:
    """Return the time since midnight; 24:00:00 is the next midnight and second 60 the next minute (ISO 8601, leap seconds)."""
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    half = {"a": "a", "오전": "a", "午前": "a", "上午": "a"}.get(
        given := (parts.get("half") or parts.get("east") or "").lower(), given
    )
    if half:
        hour = hour % 12 + (0 if half == "a" else 12)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
        raise ValueError("no time of day")
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _zone(name: str | None, otherwise: str) -> tzinfo:
    """Return the zone of a name or offset; an unknown name says nothing (RFC 5322, section 4.3), so it is UTC."""
    if not name:
        return ZoneInfo(otherwise) if otherwise else UTC
    offset = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", name)
    if not offset:
        return timezone(timedelta(hours=ZONES.get(name.upper(), 0)))
    ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    return timezone(ahead if offset[1] == "+" else -ahead)


def _moment(parsed: time.struct_time) -> datetime | None:
    try:
        return datetime(*parsed[:5], tzinfo=UTC) + timedelta(seconds=parsed[5])
    except (ValueError, OverflowError):
        return None
