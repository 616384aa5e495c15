"""Reads the bytes of one file into drafts; what cannot be read becomes a problem, never an exception."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import PurePath

from bot.model import Draft, Problem
from bot.sources import dates
from bot.sources.charsets import decode
from bot.sources.drafts import compose
from bot.sources.markdown import read_markdown
from bot.sources.pages import read_page
from bot.sources.records import read_json, read_lines

_DATE_LINE = re.compile(
    r"\s*date:?\s+(?P<date>\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d)?(?:z|\s?[+-]\d\d:?\d\d)?)?)(?!\S)", re.IGNORECASE
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HEAD = 4096
"""Bytes in which a page declares its charset (HTML, section 4.2.5.4, allows 1,024)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What one file held: its articles as they stand in it, and what of it could not be read."""

    drafts: tuple[Draft, ...] = ()
    problems: tuple[Problem, ...] = ()


def read(name: str, body: bytes, *, now: datetime, max_records: int) -> Document:
    """Return the articles in a file of one of the kinds in `READERS`; each problem says which line or record it is about."""
    reader = READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        return _unread(name, f"is of no kind that can be read ({' '.join(READERS)})")
    text = decode(body, declared=_declared(body))
    if not text.strip():
        return _unread(name, "has no text in it")
    parts = list(islice(reader(text, name, now), max_records + 1))
    problems = [part for part in parts[:max_records] if isinstance(part, Problem)]
    if len(parts) > max_records:
        problems.append(Problem(part=name, reason=f"has more than {max_records:,} records: split it, or raise max_records"))
    drafts = (part for part in parts[:max_records] if isinstance(part, Draft))
    return Document(drafts=tuple(drafts), problems=tuple(problems))


def _unread(name: str, reason: str) -> Document:
    return Document(problems=(Problem(part=name, reason=reason),))


def _declared(body: bytes) -> list[str]:
    found = _META_CHARSET.search(body[:_HEAD])
    return [found[1].decode("ascii", "ignore")] if found else []


def _read_text(text: str, name: str, now: datetime) -> Iterator[Draft | Problem]:
    """Yield the article of a plain text, which may begin with `date 2024-02-29` and go on in the same line."""
    dated = _DATE_LINE.match(text)
    draft = compose(
        text=text[dated.end() :] if dated else text,
        published=dates.resolve(dated["date"], now=now) if dated else None,
    )
    yield draft or Problem(part=name, reason="has no text in it")


READERS: dict[str, Callable[[str, str, datetime], Iterator[Draft | Problem]]] = {
    ".txt": _read_text,
    ".md": read_markdown,
    ".html": read_page,
    ".htm": read_page,
    ".json": read_json,
    ".jsonl": read_lines,
}
"""The kinds of file that are read, by suffix."""
