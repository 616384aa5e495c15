"""Tells the whole text of an article from a teaser; it looks at the text alone, and fetches nothing."""

from __future__ import annotations

import re

TEASER = "the feed gives only a teaser"

_WHOLE = 1_000
"""Characters from which a text is taken for the whole article."""

_SHORTEST_WHOLE = 400
"""Characters from which the content of an entry that ends as a text does is taken for the whole."""

_CUT = re.compile(
    r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|\[&hellip;\]|»|>>|→)[\"”’)\]]*\s*$"
    r"|\b(?:read more|continue reading|read the (?:full|whole|rest)|full (?:story|article)|weiterlesen|lire la suite|leer más"
    r"|더 ?보기|続きを読む|阅读全文)\b[^.!?\n]{0,80}\W*$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?。！？](?:[\"”’)\]»]*)\s*$")


def excerpt(text: str, *, link: str, whole: bool) -> str:
    """Say why a text is only a part of the article, in words for a card; "" where it is the whole or there is no page to ask.

    `whole` says that the feed gave it as the content of the entry, not as its summary.
    """
    if not link or len(text) >= _WHOLE:
        return ""
    is_ended = whole and len(text) >= _SHORTEST_WHOLE and _ENDS.search(text) and not _CUT.search(text)
    return "" if is_ended else TEASER
