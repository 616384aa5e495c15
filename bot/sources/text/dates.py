"""Reads the date that a feed or document states, whatever its form, and keeps the rule that read it; it has no clock of its own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import SourceError
from bot.model import Dated, Precision
from bot.sources.text.calendar_words import MONTHS, ZONES, plain

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Before this nothing was published on the web: an earlier date is a default value or a misreading."""

AHEAD = timedelta(days=1)
"""How far ahead of the clock a date may lie, for the sake of zones and clocks that are wrong."""

_LONGEST = 100
"""Characters a date may have: longer text is none, and would only cost time."""

_FIRST_SEEN = "first seen"

_ZONE = r"(?P<zone>z|(?:gmt|utc?)?\s?[+-]\d{1,2}(?::?\d{2})?|[a-z]{1,5})"
_TIME = (
    rf"(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?::(?P<second>\d{{2}})(?:[.,]\d+)?)?(?:\s?(?P<half>[ap])\.?m\.?)?(?:\s?{_ZONE})?"
)
_REST = rf"(?:(?:t|,?\s(?:at\s|[-–|]\s|kl\.?\s|um\s|à\s)?){_TIME}(?:\s(?:uhr|\(?[a-z ]+\)?))?)?"
_WEEKDAY = r"(?:[^\W\d_]+\.?(?:,\s?|\s))?"
_MONTH = r"(?P<word>[^\s\d.,:;/()+-]{3,14})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"


_COMPACT = rf"(?:t?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?{_ZONE}?)?"
_EAST_ASIAN = (
    r"(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일](?:\s?\(?[^\W\d](?:요일|曜日)?\)?)?"
    r"(?:\s?(?P<east>오전|오후|午前|午後|上午|下午)?\s?(?P<hour>\d{1,2})(?:\s?[시時时点]|:)(?:\s?(?P<minute>\d{1,2})[분分]?)?"
    r"(?:(?::|\s)(?P<second>\d{1,2})[초秒]?)?)?"
)


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_FORMS = (
    ("iso 8601", _form(rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}}){_REST}")),
    ("iso 8601", _form(rf"(?P<year>\d{{4}})(?P<month>\d\d)(?P<day>\d\d){_COMPACT}")),
    ("rfc 5322", _form(rf"{_WEEKDAY}{_DAY}(?:\sde\s|[\s-]){_MONTH},?(?:\sde[l]?\s|[\s-])(?P<year>\d{{4}}|\d\d){_REST}")),
    ("month first", _form(rf"{_WEEKDAY}{_MONTH}\s{_DAY},?\s(?P<year>\d{{4}}){_REST}")),
    ("year last", _form(rf"{_WEEKDAY}{_MONTH}\s{_DAY}\s{_TIME}\s(?P<year>\d{{4}})")),
    ("year first", _form(rf"(?P<year>\d{{4}})[/.]\s?(?P<month>\d{{1,2}})[/.]\s?(?P<day>\d{{1,2}})\.?{_REST}")),
    ("day first", _form(rf"{_WEEKDAY}(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>\d{{4}}){_REST}")),
    # With slashes either order is in use: only what cannot be a month says which.
    ("day first", _form(rf"{_WEEKDAY}(?P<day>1[3-9]|2\d|3[01])[/-](?P<month>\d{{1,2}})[/-](?P<year>\d{{4}}){_REST}")),
    ("month first", _form(rf"{_WEEKDAY}(?P<month>\d{{1,2}})[/-](?P<day>1[3-9]|2\d|3[01])[/-](?P<year>\d{{4}}){_REST}")),
    ("east asian", _form(_EAST_ASIAN)),
)
_EPOCH = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{12,13})")
_HAS_TIME = re.compile(r"\d:\d|\d\s?[ap]\.?m|t\d\d|[시時时点]|^\d{12,14}\b", re.IGNORECASE)


def resolve(raw: str, *, now: datetime, parsed: time.struct_time | None = None, zone: str = "") -> Dated | None:
    """Return the moment that a date text means, in UTC; `parsed` is feedparser's reading, `zone` that of times without one.

    A date later than a day after `now`, or before 1995, is nobody's: the article then counts from when it was first seen.
    """
    text = _in_one_line(raw)
    read = _read(text, parsed, known_zone(zone))
    if read is None or not EARLIEST <= read[0] <= now + AHEAD:
        return None
    return Dated(at=read[0], precision=read[1], rule=read[2], raw=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One of the dates that an entry states: which it is, how it is written, and how feedparser reads it."""

    kind: str
    raw: str
    parsed: time.struct_time | None = None


def first_believed(given: Sequence[Given], *, now: datetime, zone: str = "") -> Dated | None:
    """Return the first date that can be believed, its rule naming its kind unless that is `published`.

    Where none can, the article counts from when it was first seen: the rule says so and why, and the text is kept.
    """
    stated = [one for one in given if one.raw.strip()]
    for one in stated:
        if dated := resolve(one.raw, now=now, parsed=one.parsed, zone=zone):
            return dated if one.kind == "published" else replace(dated, rule=f"{one.kind}, {dated.rule}")
    if not stated:
        return None
    text = _in_one_line(stated[0].raw)
    fault = "is out of range" if _read(text, stated[0].parsed, known_zone(zone)) else "cannot be read"
    return Dated(at=now, rule=f"{_FIRST_SEEN}: the date it states {fault}", raw=text[:_LONGEST])


def is_stated(dated: Dated | None) -> bool:
    """Tell a date that the source states from the moment at which the article was first seen."""
    return dated is not None and not dated.rule.startswith(_FIRST_SEEN)


@cache
def known_zone(name: str) -> tzinfo:
    """Return the zone of an IANA name; UTC for none.

    Raises:
        SourceError: there is no such zone.
    """
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SourceError(f'its zone "{name}" is unknown: write one such as Asia/Seoul.') from error


def _in_one_line(raw: str) -> str:
    return " ".join(raw[: 10 * _LONGEST].split())


def _read(text: str, parsed: time.struct_time | None, zone: tzinfo) -> tuple[datetime, Precision, str] | None:
    """Return the moment that a text means, how exactly it says so, and the rule that reads it."""
    if not text or len(text) > _LONGEST:
        return None
    exact = Precision.SECOND if _HAS_TIME.search(text) else Precision.DAY
    for rule, read in _RULES:
        if moment := read(text, zone if exact is Precision.SECOND else UTC):
            return moment, Precision.SECOND if rule == "epoch" else exact, rule
    if parsed is not None and (moment := _moment(parsed)):
        return moment, exact, "feedparser"
    return None


def _epoch(text: str, _zone: tzinfo) -> datetime | None:
    """Read seconds or milliseconds since 1970."""
    found = _EPOCH.fullmatch(text)
    if not found:
        return None
    seconds = int(found[1]) if found[1] else int(found[2]) // 1000
    return datetime.fromtimestamp(seconds, UTC)


_Rule = Callable[[str, tzinfo], datetime | None]


def _reader(pattern: re.Pattern[str]) -> _Rule:
    def read(text: str, zone: tzinfo) -> datetime | None:
        found = pattern.fullmatch(text)
        return _composed(found.groupdict(), zone) if found else None

    return read


_RULES: tuple[tuple[str, _Rule], ...] = (
    *((rule, _reader(pattern)) for rule, pattern in _FORMS),
    ("epoch", _epoch),
)


def _composed(parts: dict[str, str | None], zone: tzinfo) -> datetime | None:
    """Put the parts of a date together, a time without a zone being one of `zone`; None where they make no date."""
    word = parts.get("word")
    month = MONTHS.get(plain(word)) if word else int(parts["month"] or 0)
    if month is None:
        return None
    try:
        day = datetime(_year(parts["year"] or ""), month, int(parts["day"] or 0), tzinfo=_zone(parts.get("zone"), zone))
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


def _zone(name: str | None, otherwise: tzinfo) -> tzinfo:
    """Return the zone of a name or offset; an unknown name says nothing (RFC 5322, section 4.3)."""
    if not name:
        return otherwise
    offset = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", name)
    if not offset:
        hours = ZONES.get(name.upper())
        return otherwise if hours is None else timezone(timedelta(hours=hours))
    ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    return timezone(ahead if offset[1] == "+" else -ahead)


def _moment(parsed: time.struct_time) -> datetime | None:
    try:
        return datetime(*parsed[:5], tzinfo=UTC) + timedelta(seconds=parsed[5])
    except (ValueError, OverflowError):
        return None
