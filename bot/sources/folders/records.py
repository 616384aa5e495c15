"""Reads records of JSON: an object, an array of them, or one a line; a record that is broken is named, and the rest go on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.model import Draft, Problem
from bot.sources.folders.origin import Origin, Parts
from bot.sources.text import markup
from bot.sources.text.drafts import compose

_NAMES = {
    "id": ("id", "guid"),
    "title": ("title", "headline"),
    "text": ("text", "body", "content", "summary"),
    "url": ("url", "link"),
    "published": ("published", "date", "created"),
    "caption": ("caption",),
}
"""What a field may be called; the first that is there and not empty counts."""


def read_json(text: str, origin: Origin) -> Parts:
    """Read a document that is one record or an array of records."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        yield origin.problem(f"line {error.lineno} is no JSON: {error.msg} at column {error.colno}")
        return
    except (ValueError, RecursionError):
        yield origin.problem("is nested too deeply or holds a number that is too long")
        return
    if not isinstance(found, list):
        yield _read(found, origin, "record 1")
        return
    for number, record in enumerate(found, start=1):
        yield _placed(_read(record, origin, f"record {number}"), f"{origin.name}#{number}")


def read_lines(text: str, origin: Origin, *, first: int = 1, place: str = "") -> Parts:
    """Read records, one a line; the first line has this number, and they stand at this place."""
    # Not splitlines, which also breaks at characters that may stand inside a JSON string.
    for number, line in enumerate(text.split("\n"), start=first):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            yield origin.problem(f"line {number} is no JSON: {error.msg} at column {error.colno}")
        except (ValueError, RecursionError):
            yield origin.problem(f"line {number} is nested too deeply or holds a number that is too long")
        else:
            yield _placed(_read(record, origin, f"line {number}"), f"{place or origin.name}#{number}")


def _placed(part: Draft | Problem, place: str) -> Draft | Problem:
    return replace(part, place=place) if isinstance(part, Draft) else part


def _read(record: object, origin: Origin, where: str) -> Draft | Problem:
    if not isinstance(record, dict):
        return origin.problem(f"{where} is no object with fields")
    fields = {field: _first(record, names) for field, names in _NAMES.items()}
    text = fields["text"]
    draft = compose(
        guid=fields["id"],
        url=fields["url"],
        title=markup.plain_line(fields["title"]) if markup.has_tags(fields["title"]) else fields["title"],
        text=markup.plain_text(text) if markup.has_tags(text) else text,
        caption=fields["caption"],
        published=origin.dated(fields["published"]),
    )
    return draft or origin.problem(f"{where} has neither title nor text")


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
