"""Reads the bytes of a feed into drafts; it runs in a worker process that may be killed, so it takes and gives plain values."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import SourceError
from bot.model import Draft
from bot.sources.feeds import entries, json_feed, pruning
from bot.sources.feeds.entries import Entry, Setting
from bot.sources.feeds.hints import Hints, announced
from bot.sources.feeds.identity import newest_first, told_apart, trace_of, traced
from bot.sources.feeds.pruning import FEEDS, Outline
from bot.sources.feeds.teasers import excerpt
from bot.sources.text import markup
from bot.sources.text.charsets import decode
from bot.sources.text.drafts import compose, web_address

MAX_ITEMS = 2_000
"""Entries that are read of one document; the rest of a longer one is left alone."""

_CHARSET = re.compile(r"""\bcharset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]+)""")
_BLANK = "".join(map(chr, range(33))) + "\x85\xa0\u2028\u2029\ufeff"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_OPENING_TAG = re.compile(
    r"\s*(?>(?:<\?[^>]*>|<!--.*?-->|<!doctype[^>\[]*(?:\[[^\]]*\])?\s*>)\s*)*+<([\w:.-]+)", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a document yielded, and what was wrong with it although it could be read."""

    drafts: tuple[Draft, ...]
    """Newest first; entries that are known are left out."""
    entries: tuple[str, ...] = ()
    """A word for each entry in the document, by which it is known at the next poll; none where that cannot be told."""
    known: int = 0
    """So many entries were left out."""
    title: str = ""
    language: str = ""
    rest: timedelta | None = None
    """How long it wants to be left alone after each answer."""
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day, in GMT, in which it does not change."""
    skip_days: frozenset[int] = frozenset()
    """Days of the week, Monday being 0, on which it does not change."""
    hub: str = ""
    """Who pushes it (WebSub)."""
    topic: str = ""
    """The address by which the hub knows it."""
    withdrawn: tuple[str, ...] = ()
    """The guids of entries that it says it has deleted (RFC 6721)."""
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The entries of a document in its order, each with its digest, None for those that are known."""

    entries: tuple[tuple[str, Entry | None], ...]
    hints: Hints
    trouble: str = ""


def parse(body: bytes, *, url: str, headers: Mapping[str, str], known: frozenset[str], zone: str, now: datetime) -> Feed:
    """Return the drafts in a feed document that are not `known` by the words its `entries` were given before.

    `url` is what its links are relative to, `zone` that of dates which name none. What is known never changes the rest.

    Raises:
        SourceError: it is no feed; the message says what came instead, and what to do.
    """
    setting = Setting(url=url, zone=zone, now=now)
    traces = {trace.digest: trace for trace in map(trace_of, known)}
    reading = read(body, headers=headers, setting=setting, known=traces.keys())
    drafts = [_draft(entry) if entry else None for _, entry in reading.entries]
    remembered = [
        traced(digest, draft) if entry else traces[digest]
        for (digest, entry), draft in zip(reading.entries, drafts, strict=True)
    ]
    kept = list(told_apart(list(zip(remembered, drafts, strict=True))))
    said = reading.hints
    return Feed(
        drafts=newest_first(kept, all_dated=all(trace.dated for trace in remembered)),
        entries=tuple(map(str, remembered)) if all(trace.digest for trace in remembered) else (),
        known=sum(entry is None for _, entry in reading.entries),
        title=said.title,
        language=said.language,
        rest=said.rest,
        skip_hours=said.skip_hours,
        skip_days=said.skip_days,
        hub=said.hub,
        topic=said.topic,
        withdrawn=said.withdrawn,
        trouble=reading.trouble,
    )


def read(body: bytes, *, headers: Mapping[str, str], setting: Setting, known: Collection[str] = ()) -> Reading:
    """Return the entries of a feed document as they stand in it; those of a digest in `known` are not read.

    Raises:
        SourceError: it is no feed; the message says what came instead, and what to do.
    """
    fields = {name.lower(): value for name, value in headers.items()}
    text = decode(body, declared=_declared(body, fields.get("content-type", ""))).lstrip(_BLANK)
    if not text:
        raise SourceError("it answered with an empty body: if that goes on, tell its operator.")
    reading = _read_json(text, setting, known) if text.startswith(("{", "[")) else _read_xml(text, setting, known)
    links = announced(fields.get("link", ""))  # before those in the document (WebSub, section 4)
    hub = _address(links.get("hub") or reading.hints.hub, url=setting.url)
    topic = _address(links.get("self") or reading.hints.topic, url=setting.url)
    return replace(reading, hints=replace(reading.hints, hub=hub, topic=topic))


def _address(link: str, *, url: str) -> str:
    return web_address(link, base=url) if link else ""


def _read_json(text: str, setting: Setting, known: Collection[str]) -> Reading:
    feed = json_feed.load(text)
    digests = [(json_feed.digest(item), item) for item in feed.items[:MAX_ITEMS]]
    return Reading(
        entries=tuple((digest, None if digest in known else json_feed.read(item, setting)) for digest, item in digests),
        hints=feed.hints,
        trouble=_too_many(len(feed.items)),
    )


def _read_xml(text: str, setting: Setting, known: Collection[str]) -> Reading:
    body = text.encode("utf-8", "replace")
    shape = pruning.outline(body, most=MAX_ITEMS)
    if shape.fault and (legal := _ILLEGAL.sub("", text)) != text:
        body = legal.encode("utf-8", "replace")
        shape = pruning.outline(body, most=MAX_ITEMS)
    if (shape.root or _root(text)) == "html":
        raise SourceError(_A_PAGE)
    one_by_one = None if shape.fault else _read_slices(body, shape, setting, known)
    return one_by_one or _read_whole(body, shape, setting)


def _read_slices(body: bytes, shape: Outline, setting: Setting, known: Collection[str]) -> Reading | None:
    """Read each entry for itself; None if the document turns out not to be made of such entries."""
    if not shape.slices and shape.root not in FEEDS:
        return None
    found: list[tuple[str, Entry | None]] = []
    fault = ""
    for piece in shape.slices:
        if piece.digest in known:
            found.append((piece.digest, None))
            continue
        one = entries.read(pruning.alone(body, piece), setting)
        if len(one.entries) > 1:
            return None
        found.append((piece.digest, one.entries[0] if one.entries else Entry()))
        fault = fault or one.fault
    return Reading(entries=tuple(found), hints=shape.hints, trouble=_too_many(shape.count) or _faulty(fault))


def _read_whole(body: bytes, shape: Outline, setting: Setting) -> Reading:
    """Read a document as one, which forgives much; nothing of it can be known at the next poll."""
    found = entries.read(body, setting, most=MAX_ITEMS)
    if not found.entries and (found.fault or not found.version):
        raise SourceError(_instead(body.decode("utf-8", "replace"), found.fault if found.version else ""))
    return Reading(
        entries=tuple(("", entry) for entry in found.entries),
        hints=replace(shape.hints, title=shape.hints.title or found.title),
        trouble=_too_many(found.count) or _faulty(found.fault),
    )


def _declared(body: bytes, content_type: str) -> list[str]:
    """Return the charsets a body is said to have: by HTTP first, then by its XML declaration."""
    by_http = _CHARSET.search(content_type)
    by_xml = _DECLARED.match(body[:2048].lstrip())
    return [name for name in (by_http and by_http[1], by_xml and by_xml[1].decode("ascii", "ignore")) if name]


_A_PAGE = "a web page came instead of a feed: give the address of the feed itself."


def _root(text: str) -> str:
    """Return the name of the first element of a document that may be broken, in small letters."""
    found = _OPENING_TAG.match(text)
    return found[1].lower() if found else ""


def _instead(text: str, fault: str) -> str:
    """Say what came where a feed was expected."""
    if fault:
        return f"its feed is broken before the first entry ({fault}): tell its operator."
    if root := _root(text):
        return f"XML of another kind (<{root[:50]}>) came instead of a feed: correct the url."
    return "something came that is neither RSS, Atom, RDF nor JSON Feed: correct the url."


def _too_many(count: int) -> str:
    return f"only the first {MAX_ITEMS} of {count} entries were read" if count > MAX_ITEMS else ""


def _faulty(fault: str) -> str:
    return f"not well-formed: {fault}" if fault else ""


def _draft(entry: Entry) -> Draft | None:
    title = markup.plain_line(entry.title) if entry.title_is_markup else entry.title
    draft = compose(
        guid=entry.guid, url=entry.link, title=title, text=entry.text, caption=entry.caption, published=entry.published
    )
    return draft and replace(draft, excerpt=excerpt(draft.text, link=draft.url, whole=entry.whole))
