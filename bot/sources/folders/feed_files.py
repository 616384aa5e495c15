"""Reads a feed that lies in a folder as a file: each entry is an article, as it would be of the feed itself."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from bot.errors import SourceError
from bot.model import Draft
from bot.sources.feeds.parse import parse
from bot.sources.folders.origin import Origin, Parts
from bot.sources.folders.reasons import UnreadableError


def read_feed(body: bytes, origin: Origin) -> Parts:
    """Yield the articles of an RSS, Atom or RDF document, the oldest first, as the records of other files stand.

    Raises:
        UnreadableError: it is no feed.
    """
    try:
        feed = parse(body, url="", headers={}, known=frozenset(), zone=origin.zone, now=origin.now)
    except SourceError as error:
        what, _, _ = str(error).rpartition(": ")  # the mend is that of an address
        raise UnreadableError(f"cannot be read as a feed: {what}") from error
    for draft in reversed(feed.drafts):
        yield _at_home(draft, feed.title, origin)
    if feed.trouble:
        yield origin.problem(f"{feed.trouble}: split it, or mend it")


def _at_home(draft: Draft, title: str, origin: Origin) -> Draft:
    """Give an entry a name that holds beside the feeds of other sites, and a place that stays when entries come above it.

    What the file holds of it is all there is: nobody is asked for its page.
    """
    guid = draft.guid
    if guid and ":" not in guid:  # neither an address nor a tag: other feeds count from 1, too
        guid = f"{urlsplit(draft.url).hostname or title}#{guid}"
    return replace(draft, guid=guid, place=f"{origin.name}#{guid or draft.url or draft.title}", excerpt="")
