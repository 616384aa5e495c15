"""Reads what is text as it stands: plain text, and saved web pages."""

from __future__ import annotations

import re

from bot.sources.folders.origin import Origin, Parts
from bot.sources.folders.reasons import UnreadableError
from bot.sources.pages.article import declared_charsets, read_page
from bot.sources.text.charsets import decode
from bot.sources.text.drafts import compose

_DATE_LINE = re.compile(
    r"\s*date:?\s+(?P<date>\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d)?(?:z|\s?[+-]\d\d:?\d\d)?)?)(?!\S)", re.IGNORECASE
)


def text_of(body: bytes, *, declared: str = "") -> str:
    """Return the text of a document, which may declare its charset as pages do, after what its sender has declared.

    Raises:
        UnreadableError: there is none.
    """
    inside = declared_charsets(body)
    text = decode(body, declared=[declared, *inside] if declared else inside)
    if not text.strip():
        raise UnreadableError("has no text in it")
    return text


def read_text(text: str, origin: Origin) -> Parts:
    """Yield the article of a plain text, which may begin with `date 2024-02-29` and go on in the same line."""
    dated = _DATE_LINE.match(text)
    draft = compose(text=text[dated.end() :] if dated else text, published=origin.dated(dated["date"]) if dated else None)
    yield draft or origin.problem("has no text in it")


def read_saved_page(text: str, origin: Origin) -> Parts:
    """Yield the article of a saved web page."""
    return read_page(text, origin.name, origin.now, zone=origin.zone)
