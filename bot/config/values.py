"""What single values of a config file look like: durations, levels, ids and texts. It knows nothing of files."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from bot.model import FirstRun, Level

LONGEST = timedelta(days=3650)
"""No duration is longer, so that a moment less a duration is always a moment."""

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(
    r"(?P<number>\d{1,6}(\.\d{1,3})?)\s*"
    r"(?P<unit>s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?)"
)


class Table(BaseModel):
    """A table of a config file: no key that it does not know, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def read_duration(value: Any) -> timedelta:
    """Read `15 min`, `30 s`, `2 h` or `7 days`.

    Raises:
        ValueError: it is none of these, or not between nothing and ten years.
    """
    found = _DURATION.fullmatch(value.strip().casefold()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'is {shown(value)}; write a number and its unit in quotes, like "15 min", "2 h" or "7 days"')
    duration = timedelta(**{_UNITS[found["unit"][0]]: float(found["number"])})
    if not timedelta(0) < duration <= LONGEST:
        raise ValueError(f"is {shown(value)}; it must be longer than nothing and at most 10 years")
    return duration


def write_duration(duration: timedelta) -> str:
    """Write a duration as a config file has it: `90 s`, `15 min`, `2 h`, `7 days`."""
    seconds = duration.total_seconds()
    for size, unit in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"


def shown(value: object) -> str:
    """Return a value as a message shows it: text in quotes, cut to a readable length."""
    text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _read_level(value: Any) -> Level:
    if found := {level.label: level for level in Level}.get(str(value).strip().casefold()):
        return found
    raise ValueError(f'is {shown(value)}, which is no level; write "about" or "mention"')


def _read_first_run(value: Any) -> FirstRun:
    try:
        return FirstRun(str(value).strip().casefold())
    except ValueError:
        raise ValueError(f'is {shown(value)}; write "latest", "all" or "silent"') from None


def _read_id(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63:
        return value
    raise ValueError(f"is {shown(value)}; write the number that “Copy ID” gives in Discord, without quotes")


def _read_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  # reading it is what checks it
    except ValueError:
        raise ValueError(f"is {shown(value)}, which is no address; copy it again from the feed's page") from None
    if parts.scheme not in {"http", "https"}:
        raise ValueError(f"is {shown(value)}; it must begin with https:// or http://")
    if not parts.hostname or re.search(r"\s", value):
        raise ValueError(f"is {shown(value)}, which is no address; copy it again from the feed's page")
    if parts.username is not None:
        raise ValueError("holds a user name or password, which does not belong into a file; use an address without")
    return value


def _read_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name is that of a folder of the zone database
        raise ValueError(f'is {shown(value)}, which is no time zone; write its IANA name, like "Asia/Seoul"') from None
    return value


def _read_lemma(value: str) -> str:
    if re.fullmatch(r"[^\s|]+(\|[^\s|]+)*", value):
        return value
    raise ValueError(f'has {shown(value)}; a lemma is one word with its irregular forms after bars, like "sell|sold"')


def _read_code(value: str) -> str:
    if re.fullmatch(r"[A-Z]{2}", value):
        return value
    raise ValueError(f'is {shown(value)}; write the two capital letters that ISO 3166 gives the state, like "JP"')


def _read_pattern(value: str) -> str:
    if value.startswith(("/", "~")) or ".." in value.split("/"):
        raise ValueError(f'is {shown(value)}; write it as seen from the folder, like "*.md" or "reports/**"')
    if re.search(r"[\[\]{}!\\\0]", value):
        raise ValueError(f"is {shown(value)}; the only signs in a pattern are *, ** and ?, and / between folders")
    return value


def _read_text(value: str) -> str:
    if "\0" in value:
        raise ValueError("has a NUL in it; take it out")
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_read_text)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_read_text)]
"""A hundred characters is what Discord's autocomplete can offer."""
Texts = Annotated[tuple[Text, ...], Field(strict=False)]
Count = Annotated[int, Field(ge=1)]
Pattern = Annotated[Text, AfterValidator(_read_pattern)]
Patterns = Annotated[tuple[Pattern, ...], Field(strict=False)]
Duration = Annotated[timedelta, BeforeValidator(read_duration)]
LevelWord = Annotated[Level, BeforeValidator(_read_level)]
FirstRunWord = Annotated[FirstRun, BeforeValidator(_read_first_run)]
DiscordId = Annotated[int, BeforeValidator(_read_id)]
NoneOrDiscordId = Annotated[int | None, BeforeValidator(lambda value: None if value == "" else _read_id(value))]
"""Nothing is written as an empty text: TOML knows no null."""
DiscordIds = Annotated[tuple[DiscordId, ...], Field(strict=False)]
Url = Annotated[Text, AfterValidator(_read_url)]
Zone = Annotated[Text, AfterValidator(_read_zone)]
Code = Annotated[Text, AfterValidator(_read_code)]
Lemma = Annotated[Text, AfterValidator(_read_lemma)]
Lemmas = Annotated[tuple[Annotated[tuple[Lemma, ...], Field(strict=False, min_length=1)], ...], Field(strict=False)]
