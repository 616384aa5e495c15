"""Leaving out entries that are known: exact, whatever a document looks like."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.feeds.parse import MAX_ITEMS, Feed
from bot.sources.feeds.pruning import alone, outline
from tests.unit.sources.feeds import ATOM, RDF, RSS, read, rss

A, B, C = (f"<title>{name}</title><guid>{name}</guid><link>https://news.example/{name}</link>" for name in "ABC")


def titles(feed: Feed) -> list[str]:
    return [draft.title for draft in feed.drafts]


def without(feed: Feed, words: Sequence[str]) -> Feed:
    """Return what a feed must yield when entries are known, from what it yields when none is."""
    kept = [word not in words for word in feed.entries]
    assert len(feed.drafts) == len(feed.entries), "each entry must have yielded a draft"
    drafts = tuple(draft for draft, keep in zip(feed.drafts, kept, strict=True) if keep)
    return replace(feed, drafts=drafts, known=len(kept) - len(drafts), trouble="")


def holds_for_every_subset(body: str | bytes, *, content_type: str = "") -> Feed:
    """Check that what is known never changes the rest, for one entry, all but one, and all; return the full reading."""
    full = read(body, content_type=content_type)
    assert full.entries
    for at, word in enumerate(full.entries):
        others = [other for place, other in enumerate(full.entries) if place != at and other != word]
        for known in ([word], others, full.entries):
            assert replace(read(body, known=known, content_type=content_type), trouble="") == without(full, known)
    return full


def test_what_is_known_is_not_read_again() -> None:
    """A new entry is given, the known ones are counted."""
    before = read(rss(A, B))

    after = read(rss(C, A, B), known=before.entries)

    assert titles(after) == ["C"]
    assert (after.known, len(after.entries)) == (2, 3)
    assert set(before.entries) <= set(after.entries)


def test_an_entry_is_known_whatever_stands_around_it() -> None:
    """Neither the time of the build nor other entries nor their order make a known entry new."""
    before = read(rss(A, B))
    changed = rss(B, C, A).replace("<title>News", "<lastBuildDate>now</lastBuildDate><!-- 12:01 --><title>Other news")

    assert titles(read(changed, known=before.entries)) == ["C"]


def test_an_entry_that_changed_is_read_again() -> None:
    """One letter is enough."""
    before = read(rss(A, B))

    assert titles(read(rss(A, B.replace("<title>B", "<title>b")), known=before.entries)) == ["b"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/">{}</feed>',
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://b.example/">{}</feed>',
        ),
        (
            '<!DOCTYPE feed [<!ENTITY x "old">]><feed xmlns="http://www.w3.org/2005/Atom">{}</feed>',
            '<!DOCTYPE feed [<!ENTITY x "new">]><feed xmlns="http://www.w3.org/2005/Atom">{}</feed>',
        ),
    ],
    ids=["base", "entity"],
)
def test_an_entry_is_read_again_if_what_it_inherits_changed(before: str, after: str) -> None:
    """The same bytes mean something else under another base or entity."""
    entry = '<entry><title>&amp; &quot;x&quot;</title><id>1</id><link href="a"/></entry>'

    known = read(before.format(entry)).entries

    assert read(after.format(entry), known=known).known == 0


@pytest.mark.parametrize(
    "attribute", ['gd:etag="W/1"', 'xmlns:gd="urn:x" gd:etag="W/2"'], ids=["undeclared prefix", "declared prefix"]
)
def test_a_mark_that_changes_on_the_outermost_element_changes_no_entry(attribute: str) -> None:
    """What is no base, language, namespace or version is not inherited."""
    one, two = (RSS.replace("<rss ", f"<rss {attribute.replace('W/', f'W/{poll}')} ") for poll in (1, 2))

    assert read(two, known=read(one).entries).known == 1


TRAPS = {
    "cdata": rss(f"{A}<description><![CDATA[Write </item> and <item>.]]></description>", B),
    "comment": rss(f"{A}<!-- </item><item> -->", B),
    "instruction": rss(f"{A}<?x </item> ?>", B),
    "attribute": rss(f'{A}<source url="https://x.example/?a>b">S</source>', B),
    "space in the end": f"<rss><channel><item>{A}</item \n><item\t>{B}</item></channel></rss>",
    "no space at all": f"<rss version='2.0'><channel><item>{A}</item><item>{B}</item></channel></rss>",
    "prefixed": f'<r:rss xmlns:r="http://backend.userland.com/rss2"><r:channel>{rss(A, B).partition("</link>")[2]}'.replace(
        "</channel></rss>", "</r:channel></r:rss>"
    ),
    "prefixed entries": '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>A</a:title><a:id>1</a:id></a:entry>'
    "<a:entry><a:title>B</a:title><a:id>2</a:id></a:entry></a:feed>",
    "siblings of the channel": RDF.replace("</item>", '</item><item rdf:about="n-2"><title>Second</title></item>'),
    "rss within a page": f"<html><body>{rss(A, B)}</body></html>",
    "entities of its own": rss(f"{A}<description>&hello; there</description>", B, head='<!DOCTYPE rss [<!ENTITY hello "Hi">]>'),
    "entities of nobody": rss(f"{A}<description>caf&eacute;&nbsp;&unheard;</description>", B),
    "a document type": rss(A, B, head='<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://x.example/rss.dtd">'),
    "a prefix nobody declared": rss(f"{A}<content:encoded>Long and whole.</content:encoded>", B),
    "junk behind the end": rss(A, B) + "\n<script>1</script>",
    "a space before the beginning": f"\n \n<?xml version='1.0'?>{rss(A, B)}",
    "control characters": rss(A + "\x08", B + "\x00"),
    "one huge entry": rss(A + f"<description>{'word ' * 100_000}</description>", B),
    "the same entry twice": rss(A, B).replace("<title>B</title><guid>B", "<title>B</title><guid>b"),
    "atom": ATOM.replace("</feed>", "<entry><title>B</title><id>b</id></entry></feed>"),
}


@pytest.mark.parametrize("body", TRAPS.values(), ids=TRAPS.keys())
def test_what_looks_like_the_end_of_an_entry_does_not_end_it(body: str) -> None:
    """Each trap yields two entries, and the same ones when one of them is known."""
    assert len(holds_for_every_subset(body).drafts) == 2


def test_an_empty_entry_is_no_reason_to_lose_the_next() -> None:
    """`<item/>` ends where it begins, even before the end of an element whose name begins like its own."""
    body = f"<rss><channel><items><item/></items><item>{A}</item><item/></channel></rss>"

    full = read(body)

    assert titles(full) == ["A"]
    assert len(full.entries) == 3
    assert read(body, known=full.entries[::2]).drafts == full.drafts


@pytest.mark.parametrize(
    ("encoded", "content_type"),
    [
        (rss("<title>북한</title>", "<title>남한</title>").encode("utf-16"), ""),
        (rss("<title>북한</title>", "<title>남한</title>").encode("utf-16-be"), ""),
        (
            rss("<title>북한</title>", "<title>남한</title>", head='<?xml version="1.0" encoding="euc-kr"?>').encode("euc-kr"),
            "",
        ),
        (rss("<title>북한</title>", "<title>남한</title>").encode("euc-kr"), "text/xml; charset=euc-kr"),
    ],
    ids=["utf-16", "utf-16 without a mark", "declared", "by http only"],
)
def test_pruning_knows_every_charset(encoded: bytes, content_type: str) -> None:
    """Entries are told apart in the text, whatever bytes it came in."""
    assert titles(holds_for_every_subset(encoded, content_type=content_type)) == ["북한", "남한"]


@pytest.mark.parametrize(
    "body",
    [
        rss(A, B).replace("</channel>", ""),
        rss(A + "<b>", B),
        rss(A + " & ", B),
        rss(f"{A}<item>{C}</item>", B),
        rss(f"{A}<entry>{C}</entry>", B),
        rss(A, B, head='<!DOCTYPE rss [<!ENTITY x "<item><title>Hidden</title></item>">]>'),
        rss(A) + rss(B),
    ],
    ids=["cut off", "crossed", "bare ampersand", "nested", "nested by another name", "elements as entities", "two documents"],
)
def test_where_entries_cannot_be_told_apart_the_whole_is_read(body: str) -> None:
    """Nothing is remembered of such a document, and nothing is lost."""
    feed = read(body, known=read(rss(A, B)).entries)

    assert {"A", "B"} <= set(titles(feed))
    assert (feed.entries, feed.known) == ((), 0)


@pytest.mark.parametrize(
    ("entries", "guids"),
    [
        (
            [
                "<title>A</title><guid>x</guid><link>https://n.example/a</link>",
                "<title>B</title><guid>x</guid><link>https://n.example/b</link>",
            ],
            ["x https://n.example/a", "x https://n.example/b"],
        ),
        (
            ["<title>A</title><link>https://n.example/</link>", "<title>B</title><link>https://n.example/</link>"],
            ["https://n.example/ A", "https://n.example/ B"],
        ),
    ],
    ids=["one guid for all", "one link for all"],
)
def test_an_identity_is_the_same_when_the_other_entry_is_known(entries: list[str], guids: list[str]) -> None:
    """Entries are told apart from those that were not read, too."""
    full = read(rss(*entries))

    assert [draft.guid for draft in full.drafts] == guids
    for at, word in enumerate(full.entries):
        assert [draft.guid for draft in read(rss(*entries), known=[word]).drafts] == [guids[1 - at]]


def test_a_copy_of_a_known_entry_is_no_news() -> None:
    """The same guid and link a second time, further down and in other words, is one entry whether or not the first is read."""
    copy = A.replace("<title>A", "<title>Copy of A")

    full = read(rss(A, copy))

    assert titles(full) == ["A"]
    assert read(rss(A, copy), known=full.entries[:1]).drafts == ()


def test_the_order_is_the_same_whichever_entries_are_known() -> None:
    """An entry without a date, though known, leaves the others as they stand."""
    body = rss(
        "<title>Old</title><pubDate>2026-11-20</pubDate>", "<title>New</title><pubDate>2026-11-22</pubDate>", "<title>X</title>"
    )

    full = read(body)

    assert titles(full) == ["Old", "New", "X"]
    assert titles(read(body, known=full.entries[2:])) == ["Old", "New"]


def test_of_40000_entries_the_first_are_read() -> None:
    """The cap holds for the document, not for what is new in it."""
    body = rss(*(f"<title>Number {number}</title>" for number in range(40_000)))
    words = read(body).entries

    feed = read(body, known=words[:-1])

    assert titles(feed) == [f"Number {MAX_ITEMS - 1}"]
    assert (feed.known, len(feed.entries)) == (MAX_ITEMS - 1, MAX_ITEMS)
    assert "of 40000 entries" in feed.trouble


def test_a_slice_alone_is_a_document() -> None:
    """An entry is read with the namespaces, base and language around it, and nothing else."""
    body = b'<rdf:RDF xmlns:rdf="urn:r" xml:lang="ko" time="12:01"><channel><title>x</title></channel><item>1 &lt; 2</item></rdf:RDF>'

    (entry,) = outline(body, most=10).slices

    assert alone(body, entry) == b'<rdf:RDF xmlns:rdf="urn:r" xml:lang="ko"><item>1 &lt; 2</item></rdf:RDF>'


words = st.text("ab <>&\"'é한]/!-", max_size=12)
escaped = words.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;"))
addresses = st.sampled_from(["https://n.example/", "https://n.example/a", "/b", ""])
parts = st.one_of(
    escaped.map("<title>{}</title>".format),
    st.sampled_from(["x", "y", "https://n.example/a"]).map("<guid>{}</guid>".format),
    addresses.map("<link>{}</link>".format),
    st.sampled_from(["2026-11-20", "Fri, 20 Nov 2026 10:00:00 CEST", "soon", "1795"]).map("<pubDate>{}</pubDate>".format),
    words.map(lambda text: f"<description><![CDATA[{text.replace(']]>', '')}</item>]]></description>"),
    escaped.map('<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">{}</dc:creator>'.format),
    words.map(lambda text: f"<!-- {text.replace('-', '')} -->"),
    escaped.map(lambda text: f"""<x y='{text.replace("'", "&#39;")}'/>"""),
    st.sampled_from(
        ["&nbsp;", "<image><title>I</title></image>", "<summary><div><p>S</p></div></summary>", "<media:title>M</media:title>"]
    ),
)
items = st.lists(parts, max_size=6).map("".join)


@settings(deadline=None, max_examples=150)
@given(st.lists(items, min_size=1, max_size=6), st.randoms(use_true_random=False), st.booleans())
def test_what_is_known_never_changes_the_rest(entries: list[str], draw: random.Random, atom: bool) -> None:
    """For any feed and any subset of its entries: the others come out as if none were known, in the same order."""
    body = rss(*entries)
    if atom:
        body = (
            body.replace("<item>", "<entry>")
            .replace("</item>", "</entry>")
            .replace("<rss ", '<rss xml:base="https://b.example/" ')
        )
    full = read(body)
    assert len(full.entries) == len(entries)
    known = [word for word in full.entries if draw.random() < 0.5]

    pruned = read(body, known=known)

    rest = read(body, known=[word for word in full.entries if word not in known])
    in_order = iter(full.drafts)
    assert all(draft in in_order for draft in pruned.drafts)  # the iterator goes on from each draft that it finds
    assert Counter(pruned.drafts) + Counter(rest.drafts) == Counter(full.drafts)
    assert replace(pruned, drafts=(), known=0, trouble="") == replace(full, drafts=(), known=0, trouble="")
