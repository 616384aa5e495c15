"""Laws of the keys by which exact copies are known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.fingerprint import canonical_url, text_hash

LONG = "The ministry said on Monday that talks with its neighbours would go on through the winter. " * 3


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("HTTP://Example.COM:80/News/1/", "https://example.com/News/1", id="scheme, host, port and last slash"),
        pytest.param("https://example.com:443/1#top", "https://example.com/1", id="fragment"),
        pytest.param("https://example.com:8443/1", "https://example.com:8443/1", id="another port is another place"),
        pytest.param("https://example.com/1?utm_source=x&id=3&fbclid=9", "https://example.com/1?id=3", id="tracking"),
        pytest.param("https://example.com/1?GCLID=9", "https://example.com/1", id="tracking in capitals"),
        pytest.param("https://example.com/?b=2&a=", "https://example.com?b=2&a=", id="order and empty values stay"),
        pytest.param(" https://example.com./1 ", "https://example.com/1", id="spaces and a final dot"),
        pytest.param("", "", id="none"),
        pytest.param("tag:example.com,2026:1", "", id="a name, not an address"),
        pytest.param("/news/1", "", id="half an address"),
        pytest.param("http://[broken", "", id="broken"),
        pytest.param("http://example.com:99999/1", "", id="a port that cannot be"),
    ],
)
def test_addresses_are_compared_without_their_decoration(url: str, expected: str) -> None:
    """Two addresses of one article have one canonical form."""
    assert expected == canonical_url(url)


@given(
    st.from_regex(
        r"https?://[a-z]{1,8}\.[a-z]{2,3}(/[a-zA-Z0-9%.-]{0,8}){0,3}(\?[a-z_=&0-9]{0,20})?(#[a-z]{0,5})?", fullmatch=True
    )
)
def test_the_canonical_form_of_an_address_is_its_own(url: str) -> None:
    """Making an address canonical twice changes nothing more."""
    once = canonical_url(url)

    assert once == canonical_url(once)


def test_copies_have_one_hash() -> None:
    """Other quotes, hyphens, capitals, spaces and marks make no other text."""
    assert text_hash("A", "“North\u2010Korean” troops — again.", False) == text_hash(
        "a", '"North-Korean" TROOPS\n\nagain', False
    )


def test_other_words_have_another_hash() -> None:
    """A changed word makes another text."""
    assert text_hash("", LONG, False) != text_hash("", LONG + "Not all agreed.", False)


@pytest.mark.parametrize(
    ("text", "headless", "same"),
    [
        pytest.param(LONG, False, True, id="a long text is known by itself"),
        pytest.param("Too short.", False, False, id="a short text needs its title"),
        pytest.param("Too short.", True, True, id="a title taken from the text says nothing"),
    ],
)
def test_titles_count_for_short_texts_only(text: str, headless: bool, same: bool) -> None:
    """Under two titles a long text is one article, a short text two."""
    hashes = {text_hash(title, text, headless) for title in ("Talks go on", "Winter talks")}

    assert same == (len(hashes) == 1)
