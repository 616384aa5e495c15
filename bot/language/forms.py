"""The forms in which words and names may stand, for an index that knows only words as they are written."""

from __future__ import annotations

from collections.abc import Iterable

from bot.language.russian import declined

SHORTEST_PLURAL = 4
"""`US` and an s would be a ship's prefix."""


def stem_of(word: str) -> str:
    """Return what all regular forms of a verb or noun begin with: `den` of `deny`, `denies`, `denying`."""
    return word[:-1] if word.endswith(("e", "y")) else word


def inflected(words: Iterable[str]) -> frozenset[str]:
    """Return verbs and nouns in all regular forms that they have, and in some that they have not."""
    endings = ("s", "es", "ed", "d", "ing", "ies", "ied")
    stems = ((word, stem_of(word), word + word[-1:]) for word in words)
    return frozenset(form for each in stems for form in (each[0], *(stem + ending for stem in each for ending in endings)))


def with_plural(folded: str) -> tuple[str, ...]:
    """Return folded words as they are and, where they have four letters or more, with a final s."""
    return (folded, f"{folded}s") if len(folded) >= SHORTEST_PLURAL and not folded.endswith("s") else (folded,)


def written_forms(name: str) -> tuple[str, ...]:
    """Return a name and all that it is found under: itself, and in its Russian cases."""
    return (name, *declined(name))
