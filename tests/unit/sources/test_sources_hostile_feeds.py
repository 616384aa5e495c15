"""Feeds made to cost time or memory, and feeds that are broken in any way: each ends, and ends in words."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import ReadingError, SourceError
from bot.sources.feeds.parse import parse
from bot.workers import Workers
from tests.unit.sources.feeds import ATOM, NOW, RDF, RSS, URL, read, rss


def test_a_title_of_scripts_without_end_costs_no_time() -> None:
    """What is no title is cut before it is looked through."""
    began = time.process_time()

    read(rss(f"<title><![CDATA[{'<script>' * 100_000}]]></title>"))

    assert time.process_time() - began < 5


def bomb(levels: int) -> str:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, levels))
    return rss("<title>&e9;</title><description>x</description>", head=f'<!DOCTYPE rss [<!ENTITY e0 "lol">{entities}]>')


@pytest.mark.parametrize("opening", ["<item {}>", "<item><x {}/>", "<x {}/><item>"])
def test_an_element_of_countless_attributes_is_refused(opening: str) -> None:
    """The time to read them grows with their square."""
    attributes = " ".join(f'a{number}="x"' for number in range(100_000))

    with pytest.raises(SourceError, match="more than 250 attributes"):
        read(f"<rss><channel>{opening.format(attributes)}<title>One</title></item></channel></rss>")


def test_a_document_of_many_entities_is_read_as_one() -> None:
    """To read each entry with all of them would cost more than it saves."""
    entities = "".join(f'<!ENTITY e{number} "x">\n' for number in range(301))

    feed = read(rss("<title>One</title>", head=f"<!DOCTYPE rss [\n{entities}]>\n"))

    assert ([draft.title for draft in feed.drafts], feed.entries) == (["One"], ())


QUADRATIC = f'<!DOCTYPE rss [<!ENTITY big "{"x" * 10_000}">]>'


@pytest.mark.parametrize(
    "body",
    [
        bomb(10),
        rss("<title>&big;</title>" + "<description>" + "&big;" * 1_000 + "</description>", head=QUADRATIC),
        rss(head='<!DOCTYPE rss [<!ENTITY a "&b;"><!ENTITY b "&a;">]>') + "&a;&b;",
    ],
    ids=["exponential", "quadratic", "endless"],
)
def test_entities_that_grow_without_bound_are_refused(body: str) -> None:
    """What would be written out is counted before anything is."""
    began = time.process_time()

    with pytest.raises(SourceError, match="entities that grow"):
        read(body)

    assert time.process_time() - began < 5


@pytest.mark.parametrize("opening", ["<a>", "<b><item>", "<item><a>"])
def test_deep_nesting_is_refused(opening: str) -> None:
    """Elements within elements without end are not followed."""
    with pytest.raises(SourceError, match="nested more than"):
        read(rss("<title>One</title>").replace("<title>One", opening * 100_000 + "<title>One"))


def test_an_outer_entity_is_not_fetched(tmp_path: Path) -> None:
    """A feed cannot pull a file of ours into an article."""
    secret = tmp_path / "secret"
    secret.write_text("hidden treasure", encoding="utf-8")
    head = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>'

    feed = read(rss("<title>One &x;</title>", head=head))

    assert "treasure" not in "".join(draft.title + draft.text for draft in feed.drafts)


async def test_a_feed_that_takes_too_long_is_given_up() -> None:
    """The process is ended at its time limit, whatever the document does to it."""
    workers = Workers(timeout=timedelta(milliseconds=1))
    try:
        with pytest.raises(ReadingError):
            await workers.run(parse, RSS.encode() * 1000, url=URL, headers={}, known=frozenset(), zone="", now=NOW)
    finally:
        workers.close()


snippets = st.lists(
    st.sampled_from(
        [
            "<item>",
            "</item>",
            "<title>",
            "</title>",
            "<link>",
            "</link>",
            "<guid>",
            "<pubDate>",
            "&amp;",
            "&lt;p&gt;",
            "]]>",
            "<![CDATA[",
            "x",
            " ",
            "한",
            "2026-11-23",
            "http://[",
            "<entry>",
            "<content type='html'>",
        ]
    ),
    max_size=30,
)


@settings(deadline=None)
@given(snippets)
@example(["<item>", "<link>", "</item>", "</link>"])  # feedparser's second parser raises a KeyError
def test_no_document_raises_anything_but_what_is_told(parts: list[str]) -> None:
    """Any mixture of the pieces of a feed is read or refused with a sentence."""
    is_read_or_refused(f"<rss version='2.0'><channel>{''.join(parts)}".encode())


def is_read_or_refused(body: bytes, headers: Mapping[str, str] | None = None) -> None:
    try:
        feed = read(body, headers=headers)
    except SourceError as error:
        assert str(error).endswith(".")  # noqa: PT017  # either outcome is right
    else:
        assert all(draft.title for draft in feed.drafts)


JSON = b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 1, "url": "/1", "title": "One", "date_published": "2026"}]}'
WOUNDS = [
    b"", b"<", b">", b"&", b'"', b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"&#0;", b"&#xfffe;", b"]]>", b"<![CDATA[", b"<!--", b"<?xml?>",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"<item>", b"</item>", b"<x:item/>", b"<svg>", b"<source>", b"<image>", b"<textinput>",
    b"http://[", b' xml:base="http://["', b' mode="base64"', b' type="x"', b"99999999999999999999", b"{", b"}", b"[", b"1e999", b"null", b"\\ud800",
]  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from([RSS.encode(), ATOM.encode(), RDF.encode(), JSON, RSS.encode("utf-16")]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(WOUNDS) | st.binary(max_size=5)), max_size=5),
    st.sampled_from(
        ["", "text/xml; charset=utf-7", "text/xml; charset=hz", 'x; charset="', "text/html; charset=idna", "a\r\nb: c"]
    ),
)
def test_no_wounded_document_raises_anything_but_what_is_told(
    body: bytes, wounds: list[tuple[float, int, bytes]], content_type: str
) -> None:
    """Wherever a document is cut, and whatever is put there, it is read or refused with a sentence."""
    for place, length, put_in in wounds:
        at = int(place * len(body))
        body = body[:at] + put_in + body[at + length :]

    is_read_or_refused(body, {"content-type": content_type, "link": content_type})
