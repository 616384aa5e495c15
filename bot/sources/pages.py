"""Reads the article of a saved web page: its main text, title, date and address, without what surrounds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from bot.model import Dated, Draft, Problem
from bot.sources import dates, markup
from bot.sources.drafts import compose

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


def read_page(html: str, name: str, now: datetime, *, zone: str = "") -> Iterator[Draft | Problem]:
    """Yield the article of a page; where none stands out, all that is visible is its text."""
    from trafilatura import bare_extraction  # heavy, and only pages need it

    found = bare_extraction(html, with_metadata=True, include_comments=False, fast=True)
    main = {field: str(getattr(found, field, None) or "") for field in ("url", "title", "text", "date")}
    title = _TITLE.search(html)
    draft = compose(
        url=main["url"],
        title=main["title"] or (markup.plain_line(title[1]) if title else ""),
        text=main["text"].replace("\n", "\n\n") or markup.plain_text(html),
        published=_published(html, main["date"], now, zone),
    )
    yield draft or Problem(part=name, reason="is a page without text")


def _published(html: str, day: str, now: datetime, zone: str) -> Dated | None:
    stated = (found[1] for place in _DATES if (found := place.search(html)))
    return next((dated for raw in (*stated, day) if (dated := dates.resolve(raw, now=now, zone=zone))), None)
