"""Telling the entries of one document apart."""

from __future__ import annotations

from bot.sources.feeds.identity import Trace, trace_of
from tests.unit.sources.feeds import read, rss


def test_entries_that_share_their_identity_are_told_apart() -> None:
    """Identity survives a feed that gives every entry one guid, or none and one link; a true copy is one entry."""
    feed = read(
        rss(
            "<title>A</title><guid>same</guid><link>https://news.example/a</link>",
            "<title>B</title><guid>same</guid><link>https://news.example/b</link>",
            "<title>A again</title><guid>same</guid><link>https://news.example/a</link>",
            "<title>C</title><guid>own</guid>",
            "<title>D</title>",
            "<title>E</title>",
            "<title>F</title><link>https://news.example/</link>",
            "<title>G</title><link>https://news.example/</link>",
            "<title>F</title><link>https://news.example/</link>",
            "<title>H</title><link>https://news.example/h</link>",
        )
    )

    assert [(draft.title, draft.guid) for draft in feed.drafts] == [
        ("A", "same https://news.example/a"),
        ("B", "same https://news.example/b"),
        ("C", "own"),
        ("D", ""),
        ("E", ""),
        ("F", "https://news.example/ F"),
        ("G", "https://news.example/ G"),
        ("H", ""),
    ]


def test_a_trace_is_read_back_as_it_was_written() -> None:
    """One word holds all that is remembered of an entry."""
    for trace in (Trace(digest="a-_b", shared="12", own="34", dated=False), Trace(digest="x")):
        assert trace_of(str(trace)) == trace


def test_a_word_of_another_kind_is_the_trace_of_nothing() -> None:
    """What an older version remembered does no harm."""
    assert trace_of("0123abcd") == Trace(digest="0123abcd")
    assert trace_of("") == Trace(digest="")
