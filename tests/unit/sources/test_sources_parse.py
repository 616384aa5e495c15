"""Reading the bytes of feeds into drafts."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import SourceError
from bot.model import Dated, Precision
from bot.sources.feeds.parse import MAX_ITEMS, parse
from bot.workers import Workers
from tests.unit.sources.feeds import ATOM, NOW, RDF, RSS, URL, only, read, rss


@pytest.mark.parametrize("body", [RSS, ATOM, RDF], ids=["RSS", "Atom", "RDF"])
def test_an_entry_is_the_same_draft_in_every_kind_of_feed(body: str) -> None:
    """RSS, Atom and RDF give guid, link, title, paragraphs and date alike."""
    draft = only(read(body))

    assert (draft.guid, draft.url, draft.title) == ("n-1", "https://news.example/1", "Envoys meet")
    assert draft.text == "They met.\n\nThey left."
    assert draft.published is not None
    assert (draft.published.at, draft.published.precision) == (datetime(2026, 11, 23, 10, tzinfo=UTC), Precision.SECOND)


def test_a_feed_without_entries_is_fine() -> None:
    """An empty feed is no failure."""
    feed = read(rss())

    assert (feed.drafts, feed.entries, feed.title, feed.trouble) == ((), (), "News", "")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "empty body"),
        (" \n\x00", "empty body"),
        ("<!DOCTYPE html>\n<!-- x --><html><body>Please wait</body></html>", "web page"),
        ("<html lang=ko><p>x", "web page"),
        ('{"version": "https://jsonfeed.org/version/1.1"}', "JSON document"),
        ('{"items": []}', "JSON document"),
        ('["version"]', "JSON document"),
        ('{"version": ', "JSON is broken"),
        ("[" * 100_000, "JSON is broken"),
        ("<html><body><item><title>One</title></item></body></html>", "web page"),
        ("<?xml version='1.0'?><opml><body/></opml>", "<opml>"),
        ("<rss version='2.0'><channel><title>Cut", "broken before the first entry"),
        ("Service unavailable", "neither RSS"),
        ("/etc/hostname", "neither RSS"),
    ],
)
def test_what_came_instead_of_a_feed_is_named(body: str, words: str) -> None:
    """A document that is no feed is a failure that says what it is."""
    with pytest.raises(SourceError, match=words):
        read(body)


def test_a_body_that_spells_the_name_of_a_file_is_not_opened(tmp_path: Path) -> None:
    """A server cannot make the bot read a file of its own disk."""
    secret = tmp_path / "feed.xml"
    secret.write_text(RSS, encoding="utf-8")

    with pytest.raises(SourceError, match="neither"):
        read(str(secret))


def test_a_broken_feed_with_entries_is_read_and_says_so() -> None:
    """What stands before the fault is not lost."""
    feed = read(RSS.removesuffix("</channel></rss>") + "<item><title>Cut")

    assert feed.drafts[0].title == "Envoys meet"
    assert feed.trouble.startswith("not well-formed")


def test_the_end_of_an_item_inside_character_data_does_not_end_it() -> None:
    """`</item>` in CDATA is text."""
    feed = read(
        rss(
            "<title>One</title><description><![CDATA[Write <b>&lt;/item&gt;</b> </item> here.]]></description>",
            "<title>Two</title>",
        )
    )

    assert [draft.title for draft in feed.drafts] == ["One", "Two"]
    assert "here." in feed.drafts[0].text


def test_of_a_document_that_is_too_long_the_beginning_is_read() -> None:
    """10,000 entries are cut at the cap, which is said."""
    feed = read(rss(*(f"<title>Number {number}</title>" for number in range(10_000))))

    assert len(feed.drafts) == MAX_ITEMS
    assert feed.drafts[0].title == "Number 0"
    assert "of 10000 entries" in feed.trouble


KOREAN = rss(
    "<title>북한이 미사일을 발사했다</title><description>합참은 동해상으로 발사된 미사일을 분석하고 있다고 밝혔다.</description>"
)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (KOREAN.encode(), "text/xml"),
        (KOREAN.encode(), "text/xml; charset=iso-8859-1"),
        (KOREAN.encode("utf-16"), "application/rss+xml"),
        (KOREAN.encode("cp949"), "text/xml; charset=euc-kr"),
        (KOREAN.encode("cp949"), 'text/xml; charset="EUC-KR"'),
        (('<?xml version="1.0" encoding="euc-kr"?>' + KOREAN).encode("cp949"), "text/xml"),
        (('<?xml version="1.0" encoding="euc-kr"?>' + KOREAN).encode(), "text/xml"),
        (('<?xml version="1.0" encoding="utf-8"?>' + KOREAN).encode("cp949"), "text/xml; charset=euc-kr"),
        (('<?xml version="1.0" encoding="utf-16"?>' + KOREAN).encode(), "text/xml"),
        (KOREAN.encode("cp949"), ""),
        (KOREAN.replace("<title>북", "<title>\x08북", 1).encode(), "text/xml"),
        (KOREAN.encode("cp949"), "text/xml; charset=unheard-of"),
    ],
    ids=[
        "none",
        "wrong http",
        "utf-16",
        "http",
        "quoted",
        "xml",
        "wrong xml",
        "http before xml",
        "xml utf-16",
        "guessed",
        "control",
        "unknown http",
    ],
)
def test_a_feed_is_read_in_the_charset_it_is_written_in(body: bytes, content_type: str) -> None:
    """What is said of the charset is believed as far as the bytes allow."""
    assert only(read(body, content_type=content_type)).title == "북한이 미사일을 발사했다"


@pytest.mark.parametrize(
    ("raw", "hour"),
    [
        ("Mon, 23 Nov 2026 12:00:00 CEST", 10),
        ("2026/11/23 10:00:00", 10),
        ("1795428000", 10),
        ("23.11.2026 10:00", 10),
        ("Nov 23, 2026 10:00 AM", 10),
    ],
)
def test_dates_that_feedparser_misreads_are_read(raw: str, hour: int) -> None:
    """Our own rules go before feedparser's value."""
    draft = only(read(rss(f"<title>One</title><pubDate>{raw}</pubDate>")))

    assert draft.published is not None
    assert draft.published.at == datetime(2026, 11, 23, hour, tzinfo=UTC)
    assert draft.published.raw == raw


def test_a_date_only_feedparser_reads_is_its_own() -> None:
    """What our rules do not know is left to feedparser."""
    draft = only(read(rss("<title>One</title><pubDate>2026-327</pubDate>")))

    assert draft.published is not None
    assert (draft.published.rule, draft.published.precision) == ("feedparser", Precision.DAY)


def test_the_date_of_an_update_stands_in_only_where_no_other_is() -> None:
    """Published goes before updated; an unusable one before neither."""
    entry = "<entry><title>One</title>{}<updated>2026-11-22T00:00:00Z</updated></entry>"
    feed = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'

    published = only(read(feed.format(entry.format("<published>2026-11-21T00:00:00Z</published>"))))
    updated = only(read(feed.format(entry.format(""))))
    unusable = only(read(feed.format(entry.format("<published>2099-01-01T00:00:00Z</published>"))))

    assert [draft.published and draft.published.at.day for draft in (published, updated, unusable)] == [21, 22, 22]


@pytest.mark.parametrize(
    ("raw", "why"),
    [("2099-01-01T00:00:00Z", "is out of range"), ("1970-01-01T00:00:00Z", "is out of range"), ("soon", "cannot be read")],
)
def test_an_article_is_never_dropped_for_its_date(raw: str, why: str) -> None:
    """Without a date that can be believed an article counts from when it was first seen; why, and the text, are kept."""
    published = only(read(rss(f"<title>One</title><pubDate>{raw}</pubDate>"))).published

    assert published == Dated(at=NOW, rule=f"first seen: the date it states {why}", raw=raw)


def test_an_entry_without_a_date_has_none() -> None:
    """Where nothing is stated, nothing is made up."""
    assert only(read(rss("<title>One</title><pubDate> </pubDate>"))).published is None


def test_entries_are_newest_first_where_all_have_a_date() -> None:
    """Dates order the entries; equal ones stay as they stand."""
    dated = [f"<title>{day}</title><pubDate>2026-11-{day}</pubDate>" for day in (20, 22, 21)]

    assert [draft.title for draft in read(rss(*dated)).drafts] == ["22", "21", "20"]
    assert [draft.title for draft in read(rss(*dated, "<title>None</title>")).drafts] == ["20", "22", "21", "None"]


def test_a_guid_does_not_depend_on_where_the_feed_was_asked() -> None:
    """A guid stays as it stands, and is a link only where it is an address."""
    body = rss("<title>A</title><guid>1559104147038</guid>", "<title>B</title><guid>https://news.example/b</guid>")

    here, there = read(body), read(body, url="https://other.example/feed")

    assert here == there
    assert [(draft.guid, draft.url) for draft in here.drafts] == [
        ("1559104147038", ""),
        ("https://news.example/b", "https://news.example/b"),
    ]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("<link>/a</link>", "https://news.example/a"),
        ("<link>a?b=1&amp;c=2</link>", "https://news.example/feeds/a?b=1&c=2"),
        ("<link>\n https://x.example/a \n</link>", "https://x.example/a"),
        ("<link>javascript:alert(1)</link>", ""),
        ("<link>http://[</link>", ""),
        ("<link></link>", ""),
    ],
)
def test_links_are_made_whole_or_left_out(item: str, expected: str) -> None:
    """A relative link is relative to the feed; one that leads nowhere is none."""
    assert only(read(rss(f"<title>One</title>{item}"))).url == expected


def test_a_link_is_relative_to_the_base_that_the_feed_states() -> None:
    """`xml:base` goes before the address of the feed."""
    body = rss("<title>One</title><link>a</link>").replace("<rss ", '<rss xml:base="https://base.example/x/" ')

    assert only(read(body)).url == "https://base.example/x/a"


def test_an_entry_without_a_title_is_called_by_its_first_sentence() -> None:
    """The title is taken from the text, and the draft says so."""
    draft = only(read(rss("<description>The envoys met in Geneva. They left again.</description>")))

    assert (draft.title, draft.headless) == ("The envoys met in Geneva.", True)


def test_an_entry_with_neither_title_nor_text_is_skipped() -> None:
    """Nothing to read is no article."""
    assert read(rss("<guid>1</guid><link>https://news.example/1</link>", "<title> </title>")).drafts == ()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("AT&amp;amp;T &amp;#39;wins&amp;#39;", "AT&T 'wins'"),
        ("&lt;b&gt;Bold&lt;/b&gt; move", "Bold move"),
        ("<![CDATA[Rise <em>and</em> fall]]>", "Rise and fall"),
        ("5 &lt; 6", "5 < 6"),
        ("Two\n   lines", "Two lines"),
        ("Caf&eacute;", "Café"),
    ],
)
def test_a_title_is_plain_text(title: str, expected: str) -> None:
    """Tags are off and entities resolved, once or twice escaped."""
    assert only(read(rss(f"<title>{title}</title>"))).title == expected


def test_the_longer_of_content_and_summary_is_the_text() -> None:
    """A teaser beside the whole text is left alone, and so is a stub of content beside a summary."""
    content = '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">{}</content:encoded>'

    whole = only(read(rss(f"<title>One</title><description>Short.</description>{content.format('Long and whole.')}")))
    stub = only(read(rss(f"<title>One</title><description>Long and whole.</description>{content.format('Short.')}")))

    assert (whole.text, stub.text) == ("Long and whole.", "Long and whole.")


def test_the_caption_of_a_picture_in_an_entry_is_kept_apart() -> None:
    """A figcaption is the caption of the draft."""
    html = "&lt;figure&gt;&lt;figcaption&gt;At the gate&lt;/figcaption&gt;&lt;/figure&gt;&lt;p&gt;They met.&lt;/p&gt;"

    draft = only(read(rss(f"<title>One</title><description>{html}</description>")))

    assert (draft.caption, draft.text) == ("At the gate", "They met.")


async def test_a_feed_is_read_in_a_process_of_its_own() -> None:
    """Bytes go in and plain values come out, and so does the reason why it is no feed."""
    workers = Workers(timeout=timedelta(seconds=60))
    try:
        feed = await workers.run(parse, RSS.encode(), url=URL, headers={}, known=frozenset(), zone="", now=NOW)
        with pytest.raises(SourceError, match="web page"):
            await workers.run(parse, b"<html></html>", url=URL, headers={}, known=frozenset(), zone="", now=NOW)
    finally:
        workers.close()

    assert feed == read(RSS, content_type="")


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("bot.sources.feeds.parse", {"aiohttp", "trafilatura", "feedparser", "lxml", "watchfiles"}),
        ("bot.sources.feeds.collector", {"trafilatura", "feedparser", "lxml"}),
        ("bot.sources.folders.collector", {"aiohttp", "trafilatura", "feedparser", "lxml"}),
    ],
)
def test_what_a_process_does_not_need_it_does_not_load(module: str, absent: set[str]) -> None:
    """Heavy libraries are loaded where they are first used, not where a name is imported."""
    code = f"import sys, {module}; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert not absent & set(loaded)
