"""Tells the entries of one document apart that share a guid or a link, whether or not all of them were read this time."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.model import Draft
from bot.sources.text.dates import is_stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What is remembered of an entry that was read, so that it need not be read again to tell others from it."""

    digest: str
    """Of the entry as it stands in the document."""
    shared: str = ""
    """Of its guid, or else its link: what others may have too."""
    own: str = ""
    """Of that and of what it is told apart by."""
    dated: bool = True

    def __str__(self) -> str:
        """Write it as one word."""
        return f"{self.digest}.{self.shared}.{self.own}.{'d' if self.dated else 'u'}"


def trace_of(word: str) -> Trace:
    """Read what was written of an entry; a word of another kind is the trace of nothing."""
    digest, shared, own, dated = (*word.split("."), "", "", "", "")[:4]
    return Trace(digest=digest, shared=shared, own=own, dated=dated != "u")


def traced(digest: str, draft: Draft | None) -> Trace:
    """Return what is to be remembered of an entry; one that has nothing to read is like no other."""
    if draft is None:
        return Trace(digest=digest)
    shared = f"guid {draft.guid}" if draft.guid else f"link {draft.url}" if draft.url else ""
    return Trace(
        digest=digest,
        shared=_short(shared),
        own=_short(f"{shared} {told_apart_by(draft)}") if shared else "",
        dated=is_stated(draft.published),
    )


def told_apart_by(draft: Draft) -> str:
    """Return what tells an entry from others of its guid or, without one, its link: link, or else title."""
    return draft.url if draft.guid else draft.title


def told_apart(entries: Sequence[tuple[Trace, Draft | None]]) -> Iterator[Draft]:
    """Give entries that share a guid, or have none and share a link, an identity of their own; one that stands there twice is one.

    The entries are all of a document, in its order; those that were not read this time have no draft.
    """
    shared = Counter(trace.shared for trace, _ in entries if trace.shared)
    seen: set[str] = set()
    for trace, draft in entries:
        is_copy = bool(trace.own) and trace.own in seen
        seen.add(trace.own)
        if draft is None or is_copy:
            continue
        is_shared = shared[trace.shared] > 1
        yield replace(draft, guid=f"{draft.guid or draft.url} {told_apart_by(draft)}".strip()) if is_shared else draft


def newest_first(drafts: Sequence[Draft], *, all_dated: bool) -> tuple[Draft, ...]:
    """Order drafts by date where all entries have one; else leave them as they stand, which is newest first in most feeds."""
    if not all_dated:
        return tuple(drafts)
    dated = [(draft.published.at, draft) for draft in drafts if draft.published]
    return tuple(draft for _, draft in sorted(dated, key=lambda pair: pair[0], reverse=True))


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest() if text else ""
