"""Tells whether an article as a whole is what a query asks for: its language, and where it comes from."""

from __future__ import annotations

import re

from bot.language.folding import quick_fold
from bot.matching.document import Document
from bot.model import Facet, FacetKind

_WORD = re.compile(r"\w+")


def has(document: Document, facet: Facet) -> bool:
    """Tell whether an article is in a language, or from a source whose name holds these words."""
    if facet.kind is FacetKind.LANG:
        return document.language == facet.value
    wanted = _words(facet.value)
    return any(wanted in _words(name) for name in document.sources)


def _words(text: str) -> str:
    """Return the folded words of a text with a space around each."""
    return f" {' '.join(_WORD.findall(quick_fold(text)))} "
