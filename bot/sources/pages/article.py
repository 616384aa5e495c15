"""Reads the article of a web page: its main text, title, date and address, without what surrounds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message

from bot.model import LONGEST_READ, Dated, Draft, Problem
from bot.sources.pages.extraction import Extract, extract, extract_quickly
from bot.sources.text import dates, markup
from bot.sources.text.charsets import decode
from bot.sources.text.drafts import compose

_DATES = (
    re.compile(
        r"""<meta[^>]{0,300}(?:article:published_time|datePublished)["'][^>]{0,300}?content\s*=\s*["']([^"']{4,60})["']""",
        re.IGNORECASE,
    ),
    re.compile(r""""datePublished"\s*:\s*"([^"]{4,60})\""""),
    re.compile(r"""<time[^>]{0,300}?datetime\s*=\s*["']([^"']{4,60})["']""", re.IGNORECASE),
)
"""Where pages state to the second when they were published; the extractor gives the day alone."""

_TITLE = re.compile(r"<title[^>]{0,300}>(.{0,1000}?)</title", re.IGNORECASE | re.DOTALL)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HEAD = 4096
"""Bytes in which a page declares its charset (HTML, section 4.2.5.4, allows 1,024)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FullText:
    """What a page yielded of an article that is known already; no draft where no article stands out."""

    draft: Draft | None
    is_open: bool = True
    """False where the page says that not everybody may read it."""


def read_page(html: str, name: str, now: datetime, *, zone: str = "") -> Iterator[Draft | Problem]:
    """Yield the article of a saved page; where none stands out, all that is visible is its text.

    `zone` is that of dates which name none.
    """
    found = extract(html, described=True)
    title = _TITLE.search(html)
    draft = compose(
        url=found.url,
        title=found.title or (markup.plain_line(title[1]) if title else ""),
        text=found.text or markup.plain_text(html),
        published=_published(html, found.day, now, zone),
    )
    yield draft or Problem(part=name, reason="is a page without text")


def read_full(body: bytes, *, content_type: str, title: str, now: datetime) -> FullText:
    """Return the whole text of an article from its page; without a title it gets the first sentence of that text."""
    html = decode(body, declared=declared_charsets(body, content_type))
    return _full(extract(html), html, title, now)


def read_full_quickly(body: bytes, *, content_type: str, title: str, now: datetime) -> FullText:
    """Do the same in a tenth of the time and less well: for pages that take too long."""
    html = decode(body, declared=declared_charsets(body, content_type))
    return _full(Extract(text=extract_quickly(html)), html, title, now)


def declared_charsets(body: bytes, content_type: str = "") -> list[str]:
    """Return the charsets a page is said to have: by HTTP first, then by itself."""
    header = Message()
    header["content-type"] = content_type
    by_http = header.get_content_charset()
    by_page = _META_CHARSET.search(body[:_HEAD])
    return [name for name in (by_http, by_page and by_page[1].decode("ascii", "ignore")) if name]


def _full(found: Extract, html: str, title: str, now: datetime) -> FullText:
    text = found.text[:LONGEST_READ]
    draft = compose(title=title, text=text, published=_published(html, "", now)) if text else None
    return FullText(draft=draft, is_open=found.is_open)


def _published(html: str, day: str, now: datetime, zone: str = "") -> Dated | None:
    stated = (found[1] for place in _DATES if (found := place.search(html)))
    return next((dated for raw in (*stated, day) if (dated := dates.resolve(raw, now=now, zone=zone))), None)
