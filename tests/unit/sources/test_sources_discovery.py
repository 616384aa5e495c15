"""The feeds that a web page names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import FeedLink
from bot.sources.feeds.discovery import feed_links, is_page

PAGE = "https://news.example/world/"


def links(head: str) -> tuple[FeedLink, ...]:
    return feed_links(f"<!doctype html><html><head>{head}</head><body>x</body></html>".encode(), url=PAGE)


def named(*, href: str = "/feed", kind: str = "application/rss+xml", rel: str = "alternate", title: str = "") -> str:
    return f'<link rel="{rel}" type="{kind}" title="{title}" href="{href}">'


@pytest.mark.parametrize(
    "kind", ["application/rss+xml", "application/atom+xml", "application/feed+json", "Application/RSS+XML; charset=utf-8"]
)
def test_a_feed_is_found_by_the_type_of_its_link(kind: str) -> None:
    """RSS, Atom and JSON Feed are named alike."""
    assert links(named(kind=kind, title="World &amp; more")) == (
        FeedLink(address="https://news.example/feed", title="World & more"),
    )


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(named(kind="text/html"), id="another type"),
        pytest.param(named(rel="stylesheet"), id="another relation"),
        pytest.param(named(href=""), id="no address"),
        pytest.param(named(href="javascript:alert(1)"), id="no address of the web"),
        pytest.param(named(href="file:///etc/passwd"), id="a file"),
        pytest.param(named(href="http://[broken"), id="an address that cannot be read"),
        pytest.param(f"<!-- {named()} -->", id="commented out"),
        pytest.param(named(href="/" + "x" * 3000), id="too long"),
    ],
)
def test_what_names_no_feed_is_passed_over(head: str) -> None:
    """Only alternates of the types of feeds on the web count."""
    assert links(head) == ()


@pytest.mark.parametrize(
    ("base", "address"),
    [
        pytest.param("", "https://news.example/world/rss", id="the page itself"),
        pytest.param('<base href="https://cdn.example/a/">', "https://cdn.example/a/rss", id="its base"),
        pytest.param('<base href="/b/">', "https://news.example/b/rss", id="a base without a host"),
    ],
)
def test_an_address_is_relative_to_the_base_of_the_page(base: str, address: str) -> None:
    """Links are made whole as a browser does."""
    assert [link.address for link in links(base + named(href="rss#top"))] == [address]


def test_each_feed_is_named_once_and_no_more_than_a_menu_takes() -> None:
    """Repeated links are one, and a page of thousands offers 25."""
    many = "".join(named(href=f"/feed/{number % 40}") for number in range(2000))

    found = links(named() + named(title="again") + many)

    assert (len(found), [link.address for link in found[:2]]) == (
        25,
        ["https://news.example/feed", "https://news.example/feed/0"],
    )


@pytest.mark.parametrize(
    ("body", "content_type", "page"),
    [
        (b"<html>", "", True),
        (b"  <!DOCTYPE html><p>", "text/plain", True),
        (b"anything", "text/html; charset=utf-8", True),
        (b"<rss/>", "application/rss+xml", False),
        (b"", "", False),
    ],
)
def test_a_page_is_known_by_its_type_or_its_beginning(body: bytes, content_type: str, page: bool) -> None:
    """Servers name the type of a page wrongly at times."""
    assert is_page(body, content_type) is page


@given(st.binary(max_size=400) | st.text("<>/!-= \"'abclinkhreftype&;#x[]", max_size=200).map(str.encode))
def test_no_page_raises(body: bytes) -> None:
    """Whatever a page holds, its links are found or not."""
    assert all(link.address.startswith("http") for link in feed_links(body + named().encode(), url=PAGE))
