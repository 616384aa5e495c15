"""Reads the bytes of a feed into drafts; it runs in a worker process that may be killed, so it takes and gives plain values."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import Message
from typing import Any
from urllib.parse import urljoin

from bot.errors import SourceError
from bot.model import Dated, Draft
from bot.sources import dates, markup
from bot.sources.charsets import decode
from bot.sources.drafts import compose, web_address

MAX_ITEMS = 2_000
"""Entries that are read of one document; the rest of a longer one is left alone."""

_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]+)""")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_OPENING_TAG = re.compile(
    r"\s*(?>(?:<\?[^>]*>|<!--.*?-->|<!doctype[^>\[]*(?:\[[^\]]*\])?\s*>)\s*)*+<([\w:.-]+)", re.IGNORECASE | re.DOTALL
)
_MARKUP_TYPES = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a document yielded: drafts newest first, and what was wrong with it although it could be read."""

    drafts: tuple[Draft, ...]
    entries: tuple[str, ...] = ()
    known: int = 0
    title: str = ""
    language: str = ""
    rest: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    hub: str = ""
    topic: str = ""
    withdrawn: tuple[str, ...] = ()
    trouble: str = ""


def parse(
    body: bytes,
    *,
    url: str,
    headers: Mapping[str, str],
    known: frozenset[str] = frozenset(),  # noqa: ARG001
    zone: str = "",  # noqa: ARG001
    now: datetime,
) -> Feed:
    """Return the drafts in a feed document; `url` is what its links are relative to.

    Raises:
        SourceError: it is no feed; the message says what came instead.
    """
    text = _ILLEGAL.sub("", decode(body, declared=_declared(body, headers.get("content-type", ""))))
    if not text.strip():
        raise SourceError("it answered with an empty body.")
    found = _entries(text)
    fault = str(found.get("bozo_exception", "")) if found.bozo else ""
    entries = found.entries[:MAX_ITEMS]
    if not entries and (fault or not found.get("version")):
        raise SourceError(_instead(text, fault if found.get("version") else ""))
    drafts = [draft for entry in entries if (draft := _draft(entry, url, now))]
    return Feed(drafts=tuple(_newest_first(_told_apart(drafts))), trouble=_trouble(fault, len(found.entries)))


def _entries(text: str) -> Any:  # feedparser's own dictionary, which stays in this file
    """Return what feedparser finds in a document."""
    import feedparser  # only the worker process needs it

    try:
        return feedparser.parse(
            # A stream, never the bytes: feedparser opens a file by the name that a short body spells.
            io.BytesIO(text.encode("utf-8", "replace")),
            # Without the address: a guid must not change when the feed is asked elsewhere, and feedparser makes it an address too.
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # its second parser, for what is not XML, fails in many ways on tags out of order
        raise SourceError("its markup is too broken to be read: tell its operator.") from error


def _declared(body: bytes, content_type: str) -> list[str]:
    """Return the charsets a body is said to have: by HTTP first, then by its XML declaration."""
    header = Message()
    header["content-type"] = content_type
    by_http = header.get_content_charset()
    by_xml = _DECLARED.match(body.lstrip()[:1024])
    return [name for name in (by_http, by_xml and by_xml[1].decode("ascii", "ignore")) if name]


def _instead(text: str, fault: str) -> str:
    """Say what came where a feed was expected."""
    if fault:
        return f"its feed is broken before the first entry ({fault}): tell its operator."
    if text.lstrip().startswith(("{", "[")):
        return "a JSON document came instead of a feed: give the address of its RSS, Atom or RDF."
    root = _OPENING_TAG.match(text)
    if root and root[1].lower() == "html":
        return "a web page came instead of a feed: give the address of the feed itself."
    if root:
        return f"XML of another kind (<{root[1][:50]}>) came instead of a feed: correct the url."
    return "something came that is neither RSS, Atom nor RDF: correct the url."


def _trouble(fault: str, count: int) -> str:
    if count > MAX_ITEMS:
        return f"only the first {MAX_ITEMS} of {count} entries were read"
    return f"not well-formed: {fault}" if fault else ""


def _draft(entry: dict[str, Any], url: str, now: datetime) -> Draft | None:
    title = _detail(entry, "title_detail")
    text, caption = _longest_text(entry)
    return compose(
        guid=str(entry.get("id", "")),
        url=_link(entry, url),
        title=markup.plain_line(title["value"]) if title["type"] in _MARKUP_TYPES else title["value"],
        text=text,
        caption=caption,
        published=_published(entry, now),
    )


def _link(entry: dict[str, Any], url: str) -> str:
    """Return the link of an entry, whole; a guid that feedparser takes for one counts only where it is an address."""
    link = str(entry.get("link") or "")
    base = "" if entry.get("guidislink") and link == entry.get("id") else urljoin(url, _detail(entry, "title_detail")["base"])
    return web_address(link, base=base) if link else ""


def _detail(entry: dict[str, Any], key: str) -> dict[str, str]:
    found = entry.get(key) or {}
    return {"value": str(found.get("value") or ""), "type": str(found.get("type") or ""), "base": str(found.get("base") or "")}


def _longest_text(entry: dict[str, Any]) -> tuple[str, str]:
    """Return the text and the captions of an entry: of content and summary the longer one, which holds the other."""
    contents: Sequence[dict[str, Any]] = entry.get("content") or ()
    parts = [*contents, _detail(entry, "summary_detail")]
    longest = max(parts, key=lambda part: len(part.get("value") or ""))
    value = str(longest.get("value") or "")
    return markup.read(value) if longest.get("type") in _MARKUP_TYPES else (value, "")


def _published(entry: dict[str, Any], now: datetime) -> Dated | None:
    # dict.get, since feedparser's own answers a missing `updated` with `published`.
    given = [(dict.get(entry, key), dict.get(entry, f"{key}_parsed")) for key in ("published", "updated", "created")]
    return next((dated for raw, parsed in given if raw and (dated := dates.resolve(str(raw), now=now, parsed=parsed))), None)


def _told_apart(drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Give entries that share a guid, or have none and share a link, an identity of their own; one that stands there twice is one."""
    guids = Counter(draft.guid for draft in drafts)
    links = Counter(draft.url for draft in drafts if not draft.guid)
    seen: set[str] = set()
    for draft in drafts:
        guid = draft.guid
        if guid and guids[guid] > 1:
            guid = f"{guid} {draft.url}".strip()
        elif not guid and draft.url and links[draft.url] > 1:
            guid = f"{draft.url} {draft.title}"  # a feed that links every entry to its home page: only the title is left
        if not guid or guid not in seen:
            seen.add(guid)
            yield replace(draft, guid=guid)


def _newest_first(drafts: Iterator[Draft]) -> list[Draft]:
    """Order drafts by date where all have one; else leave them as they stand, which is newest first in most feeds."""
    found = list(drafts)
    dated = [(draft.published.at, draft) for draft in found if draft.published]
    if len(dated) < len(found):
        return found
    return [draft for _, draft in sorted(dated, key=lambda pair: pair[0], reverse=True)]
