"""Reads entries of RSS, Atom and RDF with feedparser, whose dictionaries stay in this file."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET
from xml.sax import SAXParseException

from bot.errors import SourceError
from bot.model import Dated
from bot.sources.feeds import prefixes
from bot.sources.text import dates, markup

_MARKUP_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_PAGE_TYPES = frozenset({"", *_MARKUP_TYPES})
_LONGEST_TITLE = 10_000
"""Characters of a title with its markup."""

_SCRIPT = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_WEB = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)
_ENTRIES = frozenset({"item", "entry"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What an entry is read against: the address its links are relative to, the zone of its dates, and the clock."""

    url: str
    zone: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed of any kind."""

    guid: str = ""
    """As it stands in the feed."""
    link: str = ""
    """Where it leads, as far as the feed says what it is relative to."""
    title: str = ""
    title_is_markup: bool = False
    text: str = ""
    caption: str = ""
    published: Dated | None = None
    whole: bool = False
    """The text came as the content of the entry, not as its summary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What feedparser found in a document."""

    entries: tuple[Entry, ...]
    count: int
    """Its entries, of which `entries` may be only the first."""
    version: str
    """The kind of feed it takes the document for; empty for none."""
    title: str
    fault: str
    """Why it is not well-formed."""


def read(document: bytes, setting: Setting, *, most: int = 2) -> Found:
    """Return what a document in UTF-8 holds, with at most `most` of its entries, in order.

    Raises:
        SourceError: it is too broken for anything to be read.
    """
    found = _parsed(document)
    if found.bozo and (mended := prefixes.declare(document)) != document:
        found = _parsed(mended)
    given = _elements(document) if not found.bozo else ()
    if len(given) != len(found.entries):
        given = (None,) * len(found.entries)
    return Found(
        entries=tuple(
            _entry(entry, element, setting) for entry, element in islice(zip(found.entries, given, strict=True), most)
        ),
        count=len(found.entries),
        version=str(found.get("version") or ""),
        title=markup.plain_line(str(found.feed.get("title") or "")[:1000]),
        fault=_fault(found.get("bozo_exception")) if found.bozo else "",
    )


def _parsed(document: bytes) -> Any:
    import feedparser  # only the worker process needs it

    feedparser.api.PREFERRED_XML_PARSERS.clear()  # it would look on disk, at each document, for a module that there is not
    try:
        return feedparser.parse(
            # A stream, never the bytes: feedparser opens a file by the name that a short body spells.
            io.BytesIO(document),
            # Without the address: a guid must not change when the feed is asked elsewhere, and feedparser makes it an address too.
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # its second parser, for what is not XML, fails in many ways on tags out of order
        raise SourceError("its markup is too broken to be read: tell its operator.") from error


def _fault(error: Any) -> str:
    """Say what is wrong, without the place: it is not one of the document as it came."""
    return str(error.getMessage() if isinstance(error, SAXParseException) else error or "its markup is broken")


def _entry(entry: dict[str, Any], element: ET.Element | None, setting: Setting) -> Entry:
    given, detail = str(entry.get("title") or "")[:_LONGEST_TITLE], _detail(entry, "title_detail")
    title = _SCRIPT.sub("", given)
    (text, caption), whole = _longest_text(entry)
    return Entry(
        guid=(_guid(element) if element is not None else "") or str(entry.get("id", "")),
        link=_link(entry, element, setting.url),
        title=title,
        title_is_markup=detail["type"] in _MARKUP_TYPES
        if detail["value"][:_LONGEST_TITLE] == given
        else markup.has_tags(title),
        text=text,
        caption=caption,
        published=_published(entry, setting),
        whole=whole,
    )


def _elements(document: bytes) -> Sequence[ET.Element | None]:
    """Return the entries as they stand in a well-formed document."""
    try:
        # Entities were weighed before, and expat fetches none.
        root = ET.fromstring(document, ET.XMLParser(encoding="utf-8"))  # noqa: S314
    except (ET.ParseError, ValueError, LookupError):
        return ()
    return [element for element in root.iter() if _name(element)[1] in _ENTRIES]


def _name(element: ET.Element) -> tuple[str, str]:
    space, _, local = str(element.tag).rpartition("}")
    return space, local.lower()


def _own(element: ET.Element, names: frozenset[str]) -> Iterator[ET.Element]:
    """Yield the children of an entry that belong to the feed's own vocabulary."""
    space = _name(element)[0]
    return (child for child in element if _name(child)[0] == space and _name(child)[1] in names)


def _guid(element: ET.Element) -> str:
    """Return the guid of an entry as it stands there; feedparser makes an address of it, and loses one that has tags."""
    for child in _own(element, frozenset({"guid", "id"})):
        inner = "".join(ET.tostring(part, encoding="unicode") for part in child)
        if guid := ((child.text or "") + inner).strip():
            return guid
    return ""


def _link(entry: dict[str, Any], element: ET.Element | None, url: str) -> str:
    """Return the link of an entry, whole; a guid that feedparser takes for one counts only where it is an address."""
    link = str(entry.get("link") or "")
    stated = _stated_links(element) if element is not None else ()
    if stated and link not in stated:
        link = stated[0]  # feedparser also takes other attributes, and other kinds of links
    if entry.get("guidislink") and link == entry.get("id"):
        return link
    try:
        return urljoin(url, urljoin(_base(entry), link)) if link else ""
    except ValueError:
        return ""


def _stated_links(element: ET.Element) -> Sequence[str]:
    """Return the web addresses that the links of an entry state as text or as href."""
    links = [
        child
        for child in _own(element, frozenset({"link"}))
        if child.get("rel", "alternate").lower() == "alternate" and child.get("type", "").lower() in _PAGE_TYPES
    ]
    stated = (text.strip() for child in links for text in (child.text or "", child.get("href", "")))
    return [text for text in stated if _WEB.fullmatch(text)]


def _base(entry: dict[str, Any]) -> str:
    return _detail(entry, "title_detail")["base"]


def _detail(entry: dict[str, Any], key: str) -> dict[str, str]:
    found = entry.get(key) or {}
    return {"value": str(found.get("value") or ""), "type": str(found.get("type") or ""), "base": str(found.get("base") or "")}


def _longest_text(entry: dict[str, Any]) -> tuple[tuple[str, str], bool]:
    """Return text and captions of an entry: of content and summary the longer one, which holds the other; and whether it is content."""
    contents: Sequence[dict[str, Any]] = entry.get("content") or ()
    parts = [*contents, _detail(entry, "summary_detail")]
    longest = max(parts, key=lambda part: len(part.get("value") or ""))
    value = str(longest.get("value") or "")
    read_text = markup.read(value) if longest.get("type") in _MARKUP_TYPES else (value, "")
    return read_text, longest is not parts[-1]


def _published(entry: dict[str, Any], setting: Setting) -> Dated | None:
    # dict.get, since feedparser's own answers a missing `updated` with `published`.
    given = [
        dates.Given(kind=key, raw=str(dict.get(entry, key) or ""), parsed=dict.get(entry, f"{key}_parsed"))
        for key in ("published", "updated", "created")
    ]
    return dates.first_believed(given, now=setting.now, zone=setting.zone)
