"""Feeds as tests write them, and the reading of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from bot.model import Draft
from bot.sources.feeds.parse import Feed, parse

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://news.example/feeds/all.xml"


def read(
    body: str | bytes,
    *,
    content_type: str = "application/xml",
    url: str = URL,
    known: Iterable[str] = (),
    zone: str = "",
    headers: Mapping[str, str] | None = None,
) -> Feed:
    return parse(
        body.encode() if isinstance(body, str) else body,
        url=url,
        headers={"Content-Type": content_type, **(headers or {})},
        known=frozenset(known),
        zone=zone,
        now=NOW,
    )


def rss(*items: str, head: str = "") -> str:
    written = "".join(f"<item>{item}</item>" for item in items)
    return f'{head}<rss version="2.0"><channel><title>News</title><link>https://news.example/</link>{written}</channel></rss>'


def only(feed: Feed) -> Draft:
    (draft,) = feed.drafts
    return draft


RSS = rss(
    "<title>Envoys meet</title><link>https://news.example/1</link><guid isPermaLink='false'>n-1</guid>"
    "<pubDate>Mon, 23 Nov 2026 12:00:00 CEST</pubDate><description>&lt;p&gt;They met.&lt;/p&gt;&lt;p&gt;They left.&lt;/p&gt;</description>"
)
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry>
<title type="html">Envoys &lt;b&gt;meet&lt;/b&gt;</title><link rel="alternate" href="/1"/><link rel="enclosure" href="/1.mp3"/>
<id>n-1</id><published>2026-11-23T10:00:00Z</published><updated>2026-11-23T11:00:00Z</updated>
<summary>They met.</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>They met.</p><p>They left.</p></div>
</content></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://news.example/"><title>News</title></channel>
<item rdf:about="n-1"><title>Envoys meet</title><link>https://news.example/1</link><dc:date>2026-11-23T10:00:00Z</dc:date>
<description>They met.&lt;br&gt;They left.</description></item></rdf:RDF>"""
