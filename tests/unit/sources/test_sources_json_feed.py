"""Reading JSON Feed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.errors import SourceError
from bot.sources.feeds.parse import MAX_ITEMS, Feed
from tests.unit.sources.feeds import only, read

ITEM = {
    "id": "n-1",
    "url": "/1",
    "title": "Envoys meet",
    "content_html": "<p>They met.</p><p>They left.</p><figure><figcaption>At the gate</figcaption></figure>",
    "date_published": "2026-11-23T12:00:00+02:00",
    "date_modified": "2026-11-23T13:00:00+02:00",
}


def feed(*items: Any, **more: Any) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": items, **more})


def test_an_item_is_a_draft_as_in_every_kind_of_feed() -> None:
    """Guid, link, title, paragraphs, caption and date are read."""
    draft = only(read(feed(ITEM)))

    assert (draft.guid, draft.url, draft.title) == ("n-1", "https://news.example/1", "Envoys meet")
    assert (draft.text, draft.caption) == ("They met.\n\nThey left.", "At the gate")
    assert draft.published is not None
    assert draft.published.at == datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_both_versions_are_read() -> None:
    """Version 1.0 differs in nothing that is read here."""
    assert only(read(feed(ITEM, version="https://jsonfeed.org/version/1"))).title == "Envoys meet"


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"id": 7, "content_text": "They met."}, ("7", "They met.")),
        ({"id": 1.5, "summary": "They met."}, ("1.5", "They met.")),
        ({"id": True, "content_text": "They met."}, ("", "They met.")),
        ({"content_text": "5 < 6 & so on"}, ("", "5 < 6 & so on")),
        ({"content_text": "They met.", "content_html": None, "title": ["x"]}, ("", "They met.")),
    ],
)
def test_what_an_item_lacks_or_misuses_is_made_up_for(item: dict[str, Any], expected: tuple[str, str]) -> None:
    """A number is an id, a summary stands in for content, and values of another kind are none."""
    draft = only(read(feed(item)))

    assert (draft.guid, draft.text) == expected


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ({"external_url": "https://x.example/a"}, "https://x.example/a"),
        ({"url": "http://["}, ""),
        ({"url": "mailto:x@x.example"}, ""),
        ({}, ""),
    ],
)
def test_the_link_of_an_item_leads_somewhere_or_is_none(item: dict[str, Any], url: str) -> None:
    """Its own page goes before the page it is about."""
    assert only(read(feed({"title": "One", **item}))).url == url


def test_the_date_of_an_update_says_that_it_is_one() -> None:
    """Where no date of publication is given, that of the change stands in, by name."""
    published = only(read(feed({"title": "One", "date_modified": "2026-11-23T13:00:00Z"}))).published

    assert published is not None
    assert published.rule == "updated, iso 8601"


def test_what_the_feed_says_of_itself_is_read() -> None:
    """Name, language, hub and topic."""
    said = read(
        feed(
            ITEM,
            language="ko",
            feed_url="https://news.example/feed.json",
            hubs=["x", {"type": "WebSub", "url": "https://hub.example/"}],
        )
    )

    assert (said.title, said.language, said.hub, said.topic) == (
        "News",
        "ko",
        "https://hub.example/",
        "https://news.example/feed.json",
    )


def test_a_known_item_is_left_out_in_whatever_order_its_keys_stand() -> None:
    """What an item says is compared, not how it is written."""
    other = {"id": "n-2", "title": "Envoys leave"}
    before = read(feed(ITEM))

    after = read(feed(other, dict(reversed(ITEM.items()))), known=before.entries)

    assert [draft.title for draft in after.drafts] == ["Envoys leave"]
    assert after.known == 1


def test_a_feed_that_is_too_long_is_read_at_its_beginning() -> None:
    """The cap is that of every feed."""
    long: Feed = read(feed(*({"id": str(number), "title": f"Number {number}"} for number in range(MAX_ITEMS + 1))))

    assert len(long.drafts) == MAX_ITEMS
    assert f"of {MAX_ITEMS + 1} entries" in long.trouble


def test_items_that_are_none_are_passed_over() -> None:
    """What is no object is no item, and an object without words no article."""
    assert [draft.title for draft in read(feed("x", None, [ITEM], {}, ITEM)).drafts] == ["Envoys meet"]


@pytest.mark.parametrize("body", ['{"a": ' + "9" * 5_000 + "}", '{"a": "\\ud800"}', "{'a': 1}", "{}"])
def test_json_that_is_no_feed_is_refused(body: str) -> None:
    """One sentence says so, whatever the document does."""
    with pytest.raises(SourceError, match="JSON"):
        read(body)


def test_half_a_character_is_none() -> None:
    """A lone surrogate is taken out rather than stored."""
    assert only(read('{"version": "https://jsonfeed.org/version/1", "items": [{"title": "A\\ud800B"}]}')).title == "AB"
