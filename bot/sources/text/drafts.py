"""Composes a draft from what a source gives of an article: every feed entry, file and record becomes one here."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from bot.model import Dated, Draft
from bot.sources.text import prose, titles
from bot.sources.text.captions import split_caption

_LONGEST_TITLE = 500
"""Characters of a title that a source gives; what is longer is no title, and is cut."""


def compose(
    *, title: str = "", text: str = "", guid: str = "", url: str = "", caption: str = "", published: Dated | None = None
) -> Draft | None:
    """Return a draft of plain text; one without a title gets its first sentence as title, one with neither is None."""
    given = titles.cut_at_word(prose.one_line(title), _LONGEST_TITLE)
    body = prose.without_footnote(prose.in_paragraphs(text))
    first, _, others = body.partition("\n\n")
    if given and first == given:
        body = others  # a title that stands over the text again is not a sentence of it
    if not caption:
        caption, body = split_caption(body)
    heading = given or titles.headline(body)
    if not heading:
        return None
    return Draft(
        guid=prose.one_line(guid),
        url=web_address(url),
        title=heading,
        text=body,
        caption=prose.one_line(caption),
        published=published,
        headless=not given,
    )


def web_address(url: str, *, base: str = "") -> str:
    """Return a link, made whole by the address it is relative to, if a browser could follow it from a message, else ""."""
    try:
        link = urljoin(base, prose.visible(url).strip())
        parts = urlsplit(link)
    except ValueError:
        return ""
    return link if parts.scheme in {"http", "https"} and parts.hostname and " " not in link else ""
