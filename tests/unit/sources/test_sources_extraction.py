"""The article of a web page, without what stands around it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.model import Draft, Problem
from bot.sources.pages.article import read_full, read_full_quickly, read_page
from bot.sources.pages.extraction import extract, extract_quickly
from bot.sources.pages.furniture import article_lines, folded
from bot.sources.pages.linked_data import stated

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BODY = (
    "Envoys of both sides met in the harbour hall of Busan on Monday morning to talk about the radar data.",
    "They will share what their stations see of launches, a spokesman of the ministry told reporters after the meeting.",
    "The first exchange is planned for the spring, once the engineers have agreed on the form of the messages.",
)


def html(*, head: str = "", before: str = "", inside: str = "", after: str = "") -> str:
    text = "".join(f"<p>{sentence}</p>" for sentence in BODY)
    return (
        f"<html><head><title>Radar data shared | News</title>{head}</head><body><nav><a href=/>Home</a></nav>{before}"
        f"<article><h1>Radar data shared</h1>{text}{inside}</article>{after}<footer>Impressum</footer></body></html>"
    )


def test_the_article_is_its_paragraphs() -> None:
    """The text is the paragraphs, without the title, the menu and the foot of the page."""
    assert extract(html()).text == "\n\n".join(BODY)


def test_a_post_of_a_social_network_belongs_to_the_article() -> None:
    """What an article quotes from a network is read, although it stands in a frame and ends in a link."""
    post = (
        '<div class="social-media-embed"><blockquote class="twitter-tweet"><p>The hall was cold, but the talks were not.</p>'
        '&mdash; Harbour Desk (@harbourdesk) <a href="https://t.example/1">November 23</a></blockquote></div>'
    )

    found = extract(html(inside=post)).text

    assert "The hall was cold, but the talks were not." in found
    assert "Harbour Desk (@harbourdesk)" in found


def test_what_describes_a_page_is_read_where_it_is_asked_for() -> None:
    """Title, address and day are those that the page states."""
    head = '<link rel="canonical" href="https://a.example/talks"><meta property="article:published_time" content="2026-11-23">'

    found = extract(html(head=head), described=True)

    assert (found.title, found.url, found.day) == ("Radar data shared", "https://a.example/talks", "2026-11-23")


def test_a_text_that_stands_only_in_the_data_of_a_page_is_read_there() -> None:
    """Where the page shows a part and states the whole for machines, the whole is taken."""
    whole = " ".join([*BODY, *(f"Station {number} reports twice a day, by cable and by radio." for number in range(30))])
    head = f'<script type="application/ld+json">{json.dumps({"@graph": [{"articleBody": whole}]})}</script>'

    assert extract(html(head=head)).text == whole


def test_a_text_that_the_page_shows_goes_before_the_one_it_states() -> None:
    """Where both hold the same words, the one with its paragraphs is taken."""
    head = f'<script type="application/ld+json">{json.dumps({"articleBody": "".join(BODY) + " Photo: Harbour Desk."})}</script>'

    assert extract(html(head=head)).text == "\n\n".join(BODY)


@pytest.mark.parametrize("page", ["", " ", "<!-- only a remark -->", "<?xml version='1.0'?>", "\0\0"])
def test_a_page_with_nothing_in_it_gives_nothing(page: str) -> None:
    """What has no element has no article, and no title."""
    assert extract(page, described=True).text == ""


@pytest.mark.parametrize(
    ("line", "is_kept"),
    [
        ("Sign up for our newsletter to get the day's stories.", False),
        ("© 2026 Harbour News. All rights reserved.", False),
        ("3 comments", False),
        ("Write to the desk at desk@news.example", False),
        ("Related: Who owns the harbour?", False),
        ("Lesen Sie auch: Wem gehört der Hafen?", False),
        ("Читайте также: Чей это порт?", False),
        ("The related talks on fishing go on: they began in spring.", True),
        ("He called the comments unhelpful.", True),
        ("Thank you for nothing, the minister said, and left the hall without another word.", True),
        ("The newsletter of the ministry, which " + "reports every word of every meeting, " * 8 + "says no more.", True),
    ],
)
def test_requests_and_pointers_are_no_part_of_an_article(line: str, is_kept: bool) -> None:
    """Short lines that ask for something or point elsewhere are left out; sentences with the same words are not."""
    text = "\n".join([*BODY, line])

    assert (line in article_lines(text, titles=frozenset(), links=frozenset())) is is_kept


def test_what_stands_before_the_title_is_left_out_with_it() -> None:
    """A text begins behind its title, unless whole sentences stand before that."""
    titles = frozenset({folded("Radar data is shared by both sides | News")})

    short = article_lines("Monday\nRadar data is shared by both sides\n" + BODY[0], titles=titles, links=frozenset())
    other = article_lines("Radar data shared: a chronology of talks\n" + BODY[0], titles=titles, links=frozenset())
    late = article_lines(
        f"{BODY[1]}{BODY[0]}\nRadar data is shared by both sides | News\n{BODY[2]}", titles=titles, links=frozenset()
    )

    assert (short, len(other), len(late)) == ([BODY[0]], 2, 3)


def test_lists_of_links_are_left_out() -> None:
    """Lines that are nothing but links are no sentences, if there are several or the text ends in them."""
    links = frozenset(map(folded, ("One", "Two", "Three")))

    def kept(*lines: str) -> list[str]:
        return article_lines("\n".join(lines), titles=frozenset(), links=links)

    assert kept("a", "- One", "- Two", "- Three", "b") == ["a", "b"]
    assert kept("a", "One", "b") == ["a", "One", "b"]
    assert kept("a", "One") == ["a"]


@pytest.mark.parametrize(
    ("script", "body", "is_open"),
    [
        ('{"articleBody": "One. Two."}', "One. Two.", True),
        ('{"articleBody": "<p>One.</p><p>Two.</p>"}', "One.\n\nTwo.", True),
        ('[{"a": {"articleBody": "Longer text."}}, {"articleBody": "Short."}]', "Longer text.", True),
        ('{"articleBody": ["no text"], "isAccessibleForFree": "https://schema.org/False"}', "", False),
        ('{"hasPart": {"isAccessibleForFree": false}}', "", False),
        ('{"isAccessibleForFree": true}', "", True),
        ("{broken", "", True),
        ("[" * 100_000, "", True),
        ("null", "", True),
    ],
)
def test_what_a_page_states_is_read_as_far_as_it_can_be(script: str, body: str, is_open: bool) -> None:
    """Text and door are found at any depth, and broken data states nothing."""
    found = stated(iter([script]))

    assert (found.body, found.is_open) == (body, is_open)


def test_data_without_end_is_looked_through_so_far() -> None:
    """A page of hundreds of thousands of values is not gone through to its end."""
    found = stated(iter([json.dumps([{"articleBody": "Too late."}, *([0] * 50_000)])]))

    assert found.body == ""


_BITS = st.sampled_from(
    [
        "<p>", "</p>", "<div class='comments'>", "<a href='", "'>", "<blockquote>", "</blockquote>", "<table><tr><td>", "<li>", "<ul>",
        "<script type='application/ld+json'>", "</script>", '{"articleBody":', '"x"}', "<meta content=", "<h1>", "<article>", "<title>",
        "<!--", "-->", "<![CDATA[", "]]>", "&#0;", "&#x110000;", "&nbsp;", "\0", "\ud800", "\ufeff", "<svg>", "<template>", "<br>" * 9,
        "<time datetime='", "A sentence about the harbour of Busan, long enough to be one. ", "<font>" * 300, "</", "<body", "<html>",
    ]
)  # fmt: skip
_PAGES = st.lists(_BITS | st.text(max_size=20), max_size=40).map("".join)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(_PAGES)
@example("\ud800")
@example("<body\x1f<p><blockquote>")
@example("<body<p><blockquote>")
@example("<blockquote>" * 400)
@example("<a>" * 5_000 + "x")
@example("<p>" + "<b>" * 3_000 + "x")
def test_no_page_breaks_the_reader(page: str) -> None:
    """Whatever stands in a saved page, it becomes an article or a problem in words."""
    [found] = read_page(page, "a.html", NOW)

    assert isinstance(found, Draft | Problem)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=300) | _PAGES.map(lambda page: page.encode("utf-8", "replace")),
    st.text(max_size=30),
    st.text(max_size=30),
)
@example(b"\xff\xfe<\0p\0>\0", "text/html; charset=utf-7", "")
@example(b"<meta charset=undefined><p>x", "text/html; charset=\x00", "")
def test_no_bytes_break_the_reading_of_a_page_behind_a_teaser(body: bytes, content_type: str, title: str) -> None:
    """Whatever a server sends and says of it, a page gives a draft or none, by either way."""
    for reader in (read_full, read_full_quickly):
        found = reader(body, content_type=content_type, title=title, now=NOW)

        assert found.draft is None or found.draft.title


def test_the_quick_way_finds_the_article_too() -> None:
    """Resiliparse finds the sentences of an article."""
    assert set(BODY) <= set(extract_quickly(html()).split("\n\n"))


def test_what_trafilatura_cannot_read_is_read_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where trafilatura breaks on a page, the article is found all the same."""

    def broken(*_args: object, **_named: object) -> None:
        raise AttributeError("'NoneType' object has no attribute 'text'")

    monkeypatch.setattr("trafilatura.bare_extraction", broken)

    assert set(BODY) <= set(extract(html(), described=True).text.split("\n\n"))


def test_a_date_without_a_zone_is_read_in_that_of_the_source() -> None:
    """A saved page that states an hour and no zone is dated by the zone of its folder."""
    page = html(head='<meta property="article:published_time" content="2026-11-23T09:00:00">')

    [found] = read_page(page, "a.html", NOW, zone="Asia/Seoul")

    assert isinstance(found, Draft)
    assert found.published is not None
    assert found.published.at == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
