"""Reads records of JSON: an object, an array of them, or one a line; a record that is broken is named, and the rest go on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.model import Draft, Problem
from bot.sources import dates, markup
from bot.sources.drafts import compose

_NAMES = {
    "id": ("id", "guid"),
    "title": ("title", "headline"),
    "text": ("text", "body", "content", "summary"),
    "url": ("url", "link"),
    "published": ("published", "date", "created"),
    "caption": ("caption",),
}
"""What a field may be called; the first that is there and not empty counts."""


def read_json(text: str, name: str, now: datetime) -> Iterator[Draft | Problem]:
    """Read a document that is one record or an array of records."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        yield Problem(part=name, reason=f"line {error.lineno} is no JSON: {error.msg} at column {error.colno}")
        return
    except (ValueError, RecursionError):
        yield Problem(part=name, reason="is nested too deeply or holds a number that is too long")
        return
    for number, record in enumerate(found if isinstance(found, list) else [found], start=1):
        yield _read(record, name, f"record {number}", now)


def read_lines(text: str, name: str, now: datetime) -> Iterator[Draft | Problem]:
    """Read a document with one record a line."""
    # Not splitlines, which also breaks at characters that may stand inside a JSON string.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            yield Problem(part=name, reason=f"line {number} is no JSON: {error.msg} at column {error.colno}")
        except (ValueError, RecursionError):
            yield Problem(part=name, reason=f"line {number} is nested too deeply or holds a number that is too long")
        else:
            yield _read(record, name, f"line {number}", now)


def _read(record: object, name: str, where: str, now: datetime) -> Draft | Problem:
    if not isinstance(record, dict):
        return Problem(part=name, reason=f"{where} is no object with fields")
    fields = {field: _first(record, names) for field, names in _NAMES.items()}
    text = fields["text"]
    draft = compose(
        guid=fields["id"],
        url=fields["url"],
        title=markup.plain_line(fields["title"]) if markup.has_tags(fields["title"]) else fields["title"],
        text=markup.plain_text(text) if markup.has_tags(text) else text,
        caption=fields["caption"],
        published=dates.resolve(fields["published"], now=now),
    )
    return draft or Problem(part=name, reason=f"{where} has neither title nor text")


def _first(record: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((text for field in names if (text := _as_text(record.get(field)))), "")


def _as_text(value: object) -> str:
    """Return a value as text: a list of paragraphs joined, a number as it is written, anything else not at all."""
    match value:
        case str():
            return value.strip()
        case bool():
            return ""
        case int() | float():
            return str(value)
        case list():
            return "\n\n".join(part for part in value if isinstance(part, str)).strip()
        case _:
            return ""
