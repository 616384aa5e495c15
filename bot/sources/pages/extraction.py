"""Finds the article in a web page: trafilatura does, and others stand in where it fails. Heavy: worker processes run it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sources.pages.furniture import article_lines, folded
from bot.sources.pages.linked_data import Statement, stated

_ENOUGH = 250
"""Characters below which a text may be anything, by trafilatura's own measure."""
_PART = 0.6
"""Who finds less than this share of the words that a page states to be its article's has lost some."""
_QUOTATIONS = 50
_WRAPPERS = 4
_BYLINE = 40
"""Characters that may stand beside a quotation in its wrapper: who said it, or when."""
_LINKS = 5_000

_LOCKED = frozenset({"locked", "paid", "premium", "subscriber", "subscribers"})
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """What was found in a page; what it says of itself is empty unless it was asked for."""

    text: str = ""
    is_open: bool = True
    """False where the page says that not everybody may read it."""
    title: str = ""
    url: str = ""
    day: str = ""


def extract(html: str, *, described: bool = False) -> Extract:
    """Return the article of a page, its paragraphs parted by blank lines, or nothing where none stands out.

    `described` asks for title, address and day, too, which takes as long again.
    """
    tree = _tree(html)
    if tree is None:
        return Extract()
    titles, links = frozenset(_titles(tree)), frozenset(_links(tree))
    statement = stated(script.text or "" for script in tree.iterfind('.//script[@type="application/ld+json"]'))
    is_open = statement.is_open and not _is_locked(tree)
    _free_quotations(tree)
    found = _trafilatura(tree, described=described)
    lines = article_lines(str(getattr(found, "text", None) or ""), titles=titles, links=links)
    said = {name: str(getattr(found, field, None) or "") for name, field in _SAID.items()}
    return Extract(text=_fullest("\n\n".join(lines), statement, html), is_open=is_open, **said)


_SAID = {"title": "title", "url": "url", "day": "date"}


def extract_quickly(html: str) -> str:
    """Return the article of a page as resiliparse finds it, in a tenth of the time, with more of what surrounds it."""
    from resiliparse.extract.html2text import extract_plain_text  # only pages that defeat trafilatura need it

    # It takes no halves of characters.
    whole = html.encode("utf-8", "replace").decode()
    text = extract_plain_text(whole, main_content=True, list_bullets=False, alt_texts=False, comments=False, post_meta=False)
    return "\n\n".join(article_lines(text, titles=frozenset(), links=frozenset()))


def _fullest(text: str, statement: Statement, html: str) -> str:
    """Choose between what was found in the page and what others find there.

    What a page states for machines is often without its paragraphs and with the captions, so it counts only against a text
    that lacks much of it.
    """
    if len(statement.body) > max(len(text), _ENOUGH) and _share(statement.body, text) < _PART:
        return statement.body
    return text or extract_quickly(html)


def _share(whole: str, part: str) -> float:
    words, there = set(_WORD.findall(whole.casefold())), set(_WORD.findall(part.casefold()))
    return len(words & there) / len(words) if words else 1.0


def _tree(html: str) -> Any | None:  # lxml ships no types
    from lxml import etree  # type: ignore[import-untyped]  # it ships no types; only pages need it
    from lxml.html import HTMLParser, document_fromstring  # type: ignore[import-untyped]  # nor does this part

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, default_doctype=False)
    try:
        return document_fromstring(html.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):  # nothing in it is an element
        return None


def _trafilatura(tree: Any, *, described: bool) -> Any:
    from trafilatura import bare_extraction

    for library in ("trafilatura", "htmldate"):
        logging.getLogger(library).setLevel(logging.CRITICAL)  # a page without an article is nothing to warn an operator of
    try:
        return bare_extraction(tree, with_metadata=described, include_comments=False, fast=True, favor_recall=True)
    except Exception:  # noqa: BLE001 - it fails in many ways on markup that nobody means; others read the page then
        return None


def _titles(tree: Any) -> Iterator[str]:
    for element in tree.iter("h1", "title"):
        yield folded("".join(element.itertext()))
    for meta in tree.iterfind(".//meta[@content]"):
        if (meta.get("property") or meta.get("name") or "").lower() in {"og:title", "twitter:title"}:
            yield folded(meta.get("content"))


def _links(tree: Any) -> Iterator[str]:
    for number, element in enumerate(tree.iter("a")):
        if number == _LINKS:
            return
        yield folded("".join(element.itertext()))


def _is_locked(tree: Any) -> bool:
    metas = tree.iterfind(".//meta[@content]")
    tiers = (meta.get("content") for meta in metas if "content_tier" in (meta.get("property") or meta.get("name") or ""))
    return any(tier.strip().casefold() in _LOCKED for tier in tiers)


def _free_quotations(tree: Any) -> None:
    """Let quotations from social networks be read as what they are: part of the article.

    They end in links, and stand in wrappers that are called after the network, so that they are taken for furniture.
    """
    from lxml import etree

    for _, quotation in zip(range(_QUOTATIONS), list(tree.iter("blockquote")), strict=False):
        etree.strip_tags(quotation, "a")
        room = sum(map(len, quotation.itertext())) + _BYLINE
        element = quotation
        for _ in range(_WRAPPERS):
            if element is None or element.tag in {"body", "article", "main"} or _is_longer(element, room):
                break
            if element.tag == "figure":
                element.tag = "div"
            for name in ("class", "id"):
                element.attrib.pop(name, None)
            element = element.getparent()


def _is_longer(element: Any, room: int) -> bool:
    for run in element.itertext():
        room -= len(run.strip())
        if room < 0:
            return True
    return False
