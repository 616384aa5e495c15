"""Tells whether an article as a whole is what a query asks for: its language, and where it comes from."""

from __future__ import annotations

from bot.language.folding import spaced_words
from bot.matching.document import Document
from bot.model import Facet, FacetKind


def has(document: Document, facet: Facet, author: int) -> bool:
    """Tell whether an article is in a language, or from a source whose name, as the author of a query has it, holds these words."""
    if facet.kind is FacetKind.LANG:
        return document.language == facet.value
    wanted = spaced_words(facet.value)
    return any(wanted in spaced_words(name) for name in document.named_by(author))
