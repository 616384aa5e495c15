"""Finds many written forms in one pass over a folded text, at word boundaries only; it knows nothing of what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum, auto
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick

from bot.language.forms import SHORTEST_PLURAL

_T = TypeVar("_T")

_FIRST_THAI, _AFTER_BURMESE, _FIRST_KHMER, _AFTER_KHMER, _FIRST_EAST_ASIAN = "\u0e00\u10a0\u1780\u1800\u3005"
"""Between folded letters of these scripts there are no word boundaries to test."""


class Bound(Enum):
    """Where a form has to begin and end."""

    WORD = auto()
    """At the beginning and the end of words."""
    PLURAL = auto()
    """The same, with or without a final s."""
    BEGINNING = auto()
    """At the beginning of a word; the rest of the word belongs to it."""


class Automaton(Generic[_T]):
    """Folded forms, each with where it must end and what it stands for."""

    def __init__(self, forms: Iterable[tuple[str, Bound, _T]]) -> None:
        meanings: dict[str, list[tuple[Bound, _T]]] = {}
        for folded, bound, meaning in forms:
            if folded:
                meanings.setdefault(folded, []).append((bound, meaning))
        self._meanings = tuple(meanings.values())
        self._are_words = [_IS_OF_WORD[folded[0]] for folded in meanings]
        """Whether a form begins with a letter that may stand inside a word: most of what is found does, and is thrown away."""
        self._automaton = AhoCorasick(meanings) if meanings else None

    def find(self, folded: str) -> Iterator[tuple[int, int, _T]]:
        """Yield start, end and meaning of every form, also of those inside others."""
        if self._automaton is None:
            return
        are_words = self._are_words
        for number, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if start and are_words[number] and _IS_OF_WORD[folded[start - 1]]:
                continue
            for bound, meaning in self._meanings[number]:
                if last := _end(folded, start, end, bound):
                    yield start, last, meaning


def word_end(folded: str, end: int) -> int:
    """Return where the word ends that goes on at `end`."""
    while end < len(folded) and _are_joined(folded[end - 1], folded[end]):
        end += 1
    return end


def _end(folded: str, start: int, end: int, bound: Bound) -> int:
    """Return where a form ends that was found so far, or 0 where it does not end at its bound."""
    if bound is Bound.BEGINNING:
        return word_end(folded, end)
    if _ends_at(folded, end):
        return end
    is_plural = bound is Bound.PLURAL and end - start >= SHORTEST_PLURAL and folded[end] == "s" != folded[end - 1]
    return end + 1 if is_plural and _ends_at(folded, end + 1) else 0


def _ends_at(folded: str, end: int) -> bool:
    return end == len(folded) or not _are_joined(folded[end - 1], folded[end])


def _are_joined(left: str, right: str) -> bool:
    """Tell whether two neighbours belong to one word."""
    return _IS_OF_WORD[left] and _IS_OF_WORD[right]


class _Letters(dict[str, bool]):
    """Which folded characters have word boundaries to test beside them, filled as characters are met."""

    def __missing__(self, character: str) -> bool:
        unbound = (
            _FIRST_THAI <= character < _AFTER_BURMESE
            or _FIRST_KHMER <= character < _AFTER_KHMER
            or character >= _FIRST_EAST_ASIAN
        )
        self[character] = is_letter = character.isalnum() and not unbound
        return is_letter


_IS_OF_WORD = _Letters()
