"""What a feed says of itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.sources.feeds.hints import announced
from bot.sources.feeds.parse import Feed
from tests.unit.sources.feeds import read, rss

ENTRY = "<title>One</title><ttl>5</ttl><language>xx</language><link rel='hub' href='https://wrong.example/'/>"


def said(head: str) -> Feed:
    return read(rss(ENTRY).replace("<title>News</title>", head))


@pytest.mark.parametrize(
    ("head", "rest"),
    [
        ("<ttl>60</ttl>", timedelta(hours=1)),
        ("<ttl> 90\n</ttl>", timedelta(minutes=90)),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>99999999999</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", timedelta(hours=1)),
        ("<sy:updatePeriod>Daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", timedelta(hours=6)),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", None),
        ("<sy:updatePeriod>often</sy:updatePeriod>", None),
        ("<ttl>120</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", timedelta(hours=2)),
        ("<image><ttl>60</ttl></image>", None),
        ("", None),
    ],
)
def test_how_long_a_feed_wants_to_rest(head: str, rest: timedelta | None) -> None:
    """The longer of ttl and sy: counts; what makes no sense says nothing, nor does what stands elsewhere."""
    assert said(head).rest == rest


def test_the_hours_and_days_of_silence_are_read() -> None:
    """Hour 24 is midnight; what is no hour or day is passed over."""
    feed = said(
        "<skipHours><hour>0</hour><hour>7</hour><hour>24</hour><hour>25</hour><hour>x</hour></skipHours>"
        "<skipDays><day>Monday</day><day>sunday</day><day>Someday</day></skipDays><hour>3</hour>"
    )

    assert (feed.skip_hours, feed.skip_days) == (frozenset({0, 7}), frozenset({0, 6}))


@pytest.mark.parametrize(
    ("head", "title", "language"),
    [
        ("<title>A &amp;amp; B</title><language>en-gb</language>", "A & B", "en-gb"),
        ("<image><title>Logo</title></image><title>Name</title><dc:language>ko</dc:language>", "Name", "ko"),
        ("<title><![CDATA[The <b>news</b>]]></title>", "The news", ""),
        ("<title><b>The</b> news</title>", "The news", ""),
        ("", "", ""),
    ],
)
def test_the_name_and_language_of_a_feed(head: str, title: str, language: str) -> None:
    """The name is plain text, and not that of its picture."""
    assert (said(head).title, said(head).language) == (title, language)


def test_the_language_may_stand_on_the_outermost_element() -> None:
    """`xml:lang` is what Atom has."""
    assert read('<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ko"><title>x</title></feed>').language == "ko"


HUBS = (
    '<atom:link rel="hub" href="https://hub.example/"/><atom:link rel="hub" href="https://second.example/"/>'
    '<atom:link rel="self" href="https://news.example/self.xml"/>'
)


@pytest.mark.parametrize(
    ("link", "hub", "topic"),
    [
        ("", "https://hub.example/", "https://news.example/self.xml"),
        ('<https://h.example/>; rel="hub", <https://s.example/>; rel=self', "https://h.example/", "https://s.example/"),
        ('<https://h.example/>; title="a, b"; rel="x hub self"', "https://h.example/", "https://h.example/"),
        ("<https://h.example/>", "https://hub.example/", "https://news.example/self.xml"),
        ("</hub>; rel=hub, <feed>; rel=self", "https://news.example/hub", "https://news.example/feeds/feed"),
        ("<javascript:1>; rel=hub, <http://[>; rel=self", "", ""),
        ("<<>>;rel=", "https://hub.example/", "https://news.example/self.xml"),
    ],
    ids=["document", "header", "several relations", "no relation", "relative", "no address", "nonsense"],
)
def test_who_pushes_a_feed(link: str, hub: str, topic: str) -> None:
    """Hub and topic stand in the document; those of the Link header go before them."""
    feed = read(rss(ENTRY).replace("<title>News</title>", HUBS), headers={"LINK": link} if link else {})

    assert (feed.hub, feed.topic) == (hub, topic)


def test_the_first_link_of_a_relation_counts() -> None:
    """As in the document."""
    assert announced("<a>; rel=hub, <b>; rel=hub") == {"hub": "a"}


def test_a_deleted_entry_is_withdrawn() -> None:
    """Tombstones name what was deleted, once, and are no entries (RFC 6721)."""
    feed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">'
        '<at:deleted-entry ref="tag:1" when="2026-11-23T10:00:00Z"><at:comment>gone</at:comment></at:deleted-entry>'
        '<at:deleted-entry ref="tag:1"/><at:deleted-entry/><entry><id>tag:2</id><title>Two</title></entry></feed>'
    )

    assert feed.withdrawn == ("tag:1",)
    assert [draft.title for draft in feed.drafts] == ["Two"]


def test_a_feed_that_breaks_off_says_what_it_said_before() -> None:
    """What stands before the fault counts."""
    feed = read(rss(ENTRY).replace("<title>News</title>", "<title>News</title><ttl>60</ttl>").removesuffix("</channel></rss>"))

    assert (feed.title, feed.rest, feed.entries) == ("News", timedelta(hours=1), ())
