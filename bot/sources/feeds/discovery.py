"""Finds the feeds that a web page names (RSS Board, RSS Autodiscovery; WHATWG HTML, link type alternate). It asks nobody."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from bot.model import FeedLink
from bot.sources.text.charsets import decode

USUAL_PATHS = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml")
"""Where feeds stand on sites whose pages do not name them, the likeliest first."""

_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "application/xml",
        "text/xml",
    }
)
_MOST = 25
"""So many choices fit into a menu of Discord."""
_LOOKED_AT = 2_000_000
_LONGEST_ADDRESS = 2_000
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)


def is_page(body: bytes, content_type: str) -> bool:
    """Tell whether a body is a web page, by what it is said to be or by how it begins."""
    return "html" in content_type.lower() or _PAGE.search(body[:2_000]) is not None


def feed_links(body: bytes, *, url: str) -> tuple[FeedLink, ...]:
    """Return the feeds that a page names, each once, as they stand in it; it runs in a worker process."""
    page = _Page(url)
    page.feed(decode(body[:_LOOKED_AT]))
    return tuple(page.found.values())[:_MOST]


class _Page(HTMLParser):
    """Gathers the links of a page that lead to feeds."""

    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = url
        self.found: dict[str, FeedLink] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a link, or the address that links are relative to."""
        given = {name: (value or "").strip() for name, value in attrs}
        if tag == "base" and given.get("href"):
            self.base = _joined(self.base, given["href"]) or self.base
        if tag != "link" or not given.get("href") or given.get("type", "").partition(";")[0].strip().lower() not in _TYPES:
            return
        if "alternate" in given.get("rel", "").lower().split() and (address := _joined(self.base, given["href"])):
            self.found.setdefault(address, FeedLink(address=address, title=given.get("title", "")[:200]))


def _joined(base: str, href: str) -> str:
    """Return a whole address of the web, or nothing."""
    try:
        address = urljoin(base, href).partition("#")[0]
        is_web = urlsplit(address).scheme in {"http", "https"} and bool(urlsplit(address).hostname)
    except ValueError:
        return ""
    return address if is_web and len(address) <= _LONGEST_ADDRESS else ""
