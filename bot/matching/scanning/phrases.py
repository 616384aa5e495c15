"""Finds the words that queries name themselves: phrases, phrases with gaps, and beginnings of words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.language.folding import Folded, quick_fold, unmarked
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
    capitals: tuple[Span, ...] = ()
    """Where in the form words stand whose capitals mean something."""

    def are_kept(self, part: Folded, start: int) -> bool:
        """Tell whether the form at a place of a part has the capitals that mean something."""
        spans = ((start + first, start + last) for first, last in self.capitals)
        return all(is_kept(part.folded[at:to].upper(), self.case, part.text, part.span(at, to)) for at, to in spans)


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
            if words.capitals and not words.are_kept(part, start):
                continue
            if words.number is not None and isinstance(words.leaf, Phrase):
                apart.setdefault(words.leaf, {}).setdefault(words.number, []).append((start, end))
            else:
                yield words.leaf, ((start, end),)
        for phrase, places in apart.items():
            yield from ((phrase, spans) for spans in _in_order(places, phrase, part))


def _in_order(places: dict[int, list[Span]], phrase: Phrase, part: Folded) -> Iterable[tuple[Span, ...]]:
    """Return the places where the words of a phrase follow each other closely enough, the closest for each last word."""
    count = len(_form(phrase).split())
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
        if sum(part.words_between(before[1], after[0]) for before, after in pairwise(spans)) <= phrase.slop:
            found[spans[-1]] = tuple(spans)
    return found.values()


def _form(phrase: Phrase) -> str:
    return quick_fold(unmarked(phrase.words))


def _forms(leaf: Phrase | Prefix) -> Iterator[tuple[str, Bound, _Words]]:
    if isinstance(leaf, Prefix):
        yield quick_fold(leaf.stem), Bound.BEGINNING, _Words(leaf=leaf)
        return
    case, capitals = case_of_words(unmarked(leaf.words))
    if not leaf.slop:
        yield _form(leaf), Bound.PLURAL, _Words(leaf=leaf, capitals=capitals, case=case)
        return
    start = 0
    for number, word in enumerate(_form(leaf).split()):
        mine = tuple((first - start, last - start) for first, last in capitals if start <= first < start + len(word))
        yield word, Bound.PLURAL, _Words(leaf=leaf, number=number, capitals=mine, case=case)
        start += len(word) + 1
