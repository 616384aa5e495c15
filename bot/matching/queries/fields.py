"""Reads the fields that hold an article as a whole: `lang:`, `source:` and `since:`."""

from __future__ import annotations

from difflib import get_close_matches

from luqum.tree import Item
from luqum.tree import Phrase as Quoted

from bot.errors import QueryError
from bot.language.folding import quick_fold
from bot.language.tongues import LANGUAGES
from bot.model import Facet, FacetKind

SINCE = "since"

_LONGEST = 60
"""Characters that an error shows of what it is about."""


def facet_of(kind: str, words: str, *, at: int) -> Facet:
    """Return what must hold for an article as a whole.

    Raises:
        QueryError: there is no such language, or no word to know a source by.
    """
    if kind == FacetKind.LANG:
        return Facet(FacetKind.LANG, _language(words, at=at))
    if not any(character.isalnum() for character in quick_fold(words)):
        raise QueryError(f"“{shortened(words)}” holds no letter or digit that could be found.", at=at)
    return Facet(FacetKind.SOURCE, " ".join(words.split()))


def shortened(words: str) -> str:
    """Return words of a query as an error shows them: however long they are, the sentence fits into a message."""
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


def words_of(node: Item) -> str:
    """Return the words of a leaf of the tree, out of their quotation marks."""
    return str(node.value[1:-1] if isinstance(node, Quoted) else node.value)


def _language(words: str, *, at: int) -> str:
    wanted = quick_fold(words)
    codes = {name: code for code, name in LANGUAGES.items()}
    if wanted in LANGUAGES:
        return wanted
    if wanted in codes:
        return codes[wanted]
    near = get_close_matches(wanted, codes, n=1, cutoff=0.6)
    hint = f"did you mean {codes[near[0]]} ({near[0].title()})?" if near else "write its two letters, as en, ko, ja or zh."
    raise QueryError(f"There is no language “{shortened(words)}”: {hint}", at=at)
