"""Finds the words that queries name themselves: phrases, phrases with gaps, and beginnings of words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.language.folding import Folded, quick_fold
from bot.language.sentences import Span
from bot.matching.document import Document, Hit
from bot.matching.scanning.automaton import Automaton, Bound
from bot.matching.scanning.case import Case, case_of_words, is_kept
from bot.matching.scanning.terms import PHRASE
from bot.model import Leaf, Phrase, Place, Prefix, Strength

PREFIX = "prefix"
"""The rule of a hit by the beginning of a word."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Words:
    """A leaf, or one word of a leaf whose words may stand apart."""

    leaf: Phrase | Prefix
    number: int | None = None
    case: Case = Case.ANY


class Phrases:
    """Finds the phrases and prefixes of some queries."""

    def __init__(self, leaves: Iterable[Leaf]) -> None:
        wanted = [leaf for leaf in dict.fromkeys(leaves) if isinstance(leaf, Phrase | Prefix)]
        self._automaton = Automaton(form for leaf in wanted for form in _forms(leaf))

    def scan(self, document: Document) -> list[Hit]:
        """Return the hits of all phrases and prefixes."""
        title = self._hits(document.title, document, is_title=True)
        return [*title, *self._hits(document.text, document, is_title=False)]

    def _hits(self, part: Folded, document: Document, *, is_title: bool) -> Iterator[Hit]:
        for leaf, words in self._find(part):
            spans = tuple(part.span(start, end) for start, end in words)
            start, end = spans[0][0], spans[-1][1]
            yield Hit(
                leaf=leaf,
                rule=PHRASE if isinstance(leaf, Phrase) else PREFIX,
                alias=leaf.words if isinstance(leaf, Phrase) else f"{leaf.stem}*",
                strength=Strength.STRONG,
                place=Place.TITLE if is_title else document.place(start),
                start=start,
                end=end,
                word=part.words_before(words[0][0]),
                spans=spans if len(spans) > 1 else (),
            )

    def _find(self, part: Folded) -> Iterator[tuple[Phrase | Prefix, tuple[Span, ...]]]:
        """Yield each leaf that is found, with the spans of its words in the fold."""
        apart: dict[Phrase, dict[int, list[Span]]] = {}
        for start, end, words in self._automaton.find(part.folded):
            if words.number is not None and isinstance(words.leaf, Phrase):
                apart.setdefault(words.leaf, {}).setdefault(words.number, []).append((start, end))
            elif words.case is Case.ANY or is_kept("", words.case, part.text, part.span(start, end)):
                yield words.leaf, ((start, end),)
        for phrase, places in apart.items():
            yield from ((phrase, spans) for spans in _in_order(places, phrase, part))


def _in_order(places: dict[int, list[Span]], phrase: Phrase, part: Folded) -> Iterable[tuple[Span, ...]]:
    """Return the places where the words of a phrase follow each other closely enough, the closest for each last word."""
    count = len(quick_fold(phrase.words).split())
    if len(places) < count:
        return ()
    found: dict[Span, tuple[Span, ...]] = {}
    for first in places[0]:
        spans = [first]
        for number in range(1, count):
            following = bisect_left(places[number], spans[-1][1:])
            if following == len(places[number]):
                return found.values()
            spans.append(places[number][following])
        between = part.words_before(spans[-1][0]) - part.words_before(first[0]) - (count - 1)
        if between <= phrase.slop:
            found[spans[-1]] = tuple(spans)
    return found.values()


def _forms(leaf: Phrase | Prefix) -> Iterator[tuple[str, Bound, _Words]]:
    if isinstance(leaf, Prefix):
        yield quick_fold(leaf.stem), Bound.BEGINNING, _Words(leaf=leaf)
    elif not leaf.slop:
        yield quick_fold(leaf.words), Bound.WORD, _Words(leaf=leaf, case=case_of_words(leaf.words))
    else:
        for number, word in enumerate(quick_fold(leaf.words).split()):
            yield word, Bound.WORD, _Words(leaf=leaf, number=number)
