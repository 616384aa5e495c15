"""Reads JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from bot.errors import SourceError
from bot.sources.feeds.entries import Entry, Setting
from bot.sources.feeds.hints import Hints
from bot.sources.feeds.pruning import digest_of
from bot.sources.text import dates, markup

_Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonFeed:
    """A document of JSON Feed, of which no item has been read yet."""

    items: tuple[_Item, ...]
    hints: Hints


def load(text: str) -> JsonFeed:
    """Return the items of a document.

    Raises:
        SourceError: it is not JSON, or not a feed.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError("its JSON is broken, or nested without end: tell its operator.") from error
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in _text(document, "version"):
        raise SourceError(
            "a JSON document of another kind came instead of a feed: give the address of its JSON Feed, RSS or Atom."
        )
    hubs = document.get("hubs")
    hub = next((_text(one, "url") for one in hubs if isinstance(one, dict)), "") if isinstance(hubs, list) else ""
    return JsonFeed(
        items=tuple(item for item in items if isinstance(item, dict)),
        hints=Hints(
            title=_text(document, "title")[:1000],
            language=_text(document, "language")[:35],
            hub=hub,
            topic=_text(document, "feed_url"),
        ),
    )


def digest(item: _Item) -> str:
    """Return the digest of an item, in whatever order its keys stand."""
    return digest_of(json.dumps(item, sort_keys=True, separators=(",", ":")).encode())


def read(item: _Item, setting: Setting) -> Entry:
    """Return the entry that an item is."""
    html, plain = _text(item, "content_html"), _text(item, "content_text")
    text, caption = markup.read(html) if html else (plain or _text(item, "summary"), "")
    link = _text(item, "url") or _text(item, "external_url")
    return Entry(
        guid=_text(item, "id"),
        link=_whole(link, setting.url),
        title=_text(item, "title"),
        text=text,
        caption=caption,
        published=dates.first_believed(
            [
                dates.Given(kind="published", raw=_text(item, "date_published")),
                dates.Given(kind="updated", raw=_text(item, "date_modified")),
            ],
            now=setting.now,
            zone=setting.zone,
        ),
        whole=bool(html or plain),
    )


def _whole(link: str, base: str) -> str:
    try:
        return urljoin(base, link) if link else ""
    except ValueError:
        return ""


def _text(item: _Item, key: str) -> str:
    """Return a text of an object; a number as an id is read as the text it is written as, as the specification has it."""
    value = item.get(key)
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
