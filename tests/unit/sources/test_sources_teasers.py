"""Telling the whole text of an article from a teaser."""

from __future__ import annotations

import pytest

from bot.sources.feeds.teasers import TEASER, excerpt
from tests.unit.sources.feeds import only, read, rss

LINK = "https://news.example/1"
SENTENCE = "The envoys met in Geneva and left again. "


@pytest.mark.parametrize(
    ("text", "whole", "why"),
    [
        ("", False, TEASER),
        (SENTENCE, False, TEASER),
        (SENTENCE * 30, False, ""),
        (SENTENCE * 12, False, TEASER),
        (SENTENCE * 12, True, ""),
        (SENTENCE * 5, True, TEASER),
        (SENTENCE * 12 + "And then…", True, TEASER),
        (SENTENCE * 12 + "And then [...]", True, TEASER),
        (SENTENCE * 12 + "Continue reading at News.", True, TEASER),
        (SENTENCE * 12 + "And then they", True, TEASER),
        (SENTENCE * 12 + "“They left.”", True, ""),
        ("회담은 제네바에서 열렸다. " * 40 + "더 보기", True, TEASER),
    ],
)
def test_a_short_text_is_a_teaser_unless_it_is_content_that_ends(text: str, why: str, *, whole: bool) -> None:
    """A thousand characters are an article; less is one only as content that ends as a text does."""
    assert excerpt(text, link=LINK, whole=whole) == why


def test_a_text_without_a_page_is_all_there_is() -> None:
    """Where there is nothing to fetch, nothing is missing."""
    assert excerpt("Short.", link="", whole=False) == ""


def test_a_draft_says_that_it_is_a_teaser() -> None:
    """The reason is in words for a card."""
    body = "<title>One</title><link>https://news.example/1</link><description>{}</description>"

    assert only(read(rss(body.format(SENTENCE)))).excerpt == "the feed gives only a teaser"
    assert only(read(rss(body.format(SENTENCE * 30)))).excerpt == ""
