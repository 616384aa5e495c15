"""Declares the prefixes that a feed uses and forgot to declare, by what they usually stand for."""

from __future__ import annotations

import re

_USUAL = {
    "rss": "http://backend.userland.com/rss",
    "atom": "http://www.w3.org/2005/Atom",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "georss": "http://www.georss.org/georss",
    "thr": "http://purl.org/syndication/thread/1.0",
}
_USED = re.compile(rb"</?([A-Za-z][\w.-]{0,20}):")
_DECLARED = re.compile(rb"\sxmlns:([\w.-]+)\s*=")
_ROOT = re.compile(rb"<[A-Za-z][\w.:-]*")


def declare(document: bytes) -> bytes:
    """Return a document with the usual meaning of each undeclared prefix declared on its outermost element."""
    used = {name.decode("ascii", "ignore") for name in _USED.findall(document)}
    declared = {name.decode("ascii", "ignore") for name in _DECLARED.findall(document)}
    missing = "".join(f' xmlns:{name}="{_USUAL[name]}"' for name in sorted(used - declared) if name in _USUAL)
    root = _ROOT.search(document)
    if not missing or root is None:
        return document
    return document[: root.end()] + missing.encode() + document[root.end() :]
