"""Finds topics by patterns of lemmas: a cheap look says where one may hold, the lemmas of a parser say whether it does."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from bot.language.folding import quick_fold
from bot.language.forms import stem_of
from bot.language.parsing import Parsed
from bot.language.sentences import Span
from bot.matching.document import IN_TITLE, Document, Hit
from bot.matching.scanning.automaton import Bound
from bot.model import Pattern, Place, Strength, Subject, Topic

PATTERN = "pattern"
"""The rule of a hit by a pattern of lemmas."""

_WORD = re.compile(r"\w+")

_ENDINGS = frozenset({"", "d", "e", "ed", "es", "ied", "ies", "ing", "s", "y"})
"""What regular inflection puts behind a stem: all there is to go by without a parser."""

_Placed = tuple[int, int, Span]
"""A word that answers a lemma set: which word of its text it is, which set, and its span."""

Present = Mapping[int, Mapping[str, Span]]
"""The subjects that stand in each sentence, each with where it stands first."""


@dataclass(frozen=True, slots=True, eq=False)
class Trigger:
    """A word that calls for a closer look at one lemma set of a pattern."""

    topic: Topic
    pattern: Pattern
    number: int
    """Which of the lemma sets."""


Trip = tuple[int, int, Trigger]
"""Start and end of a trigger in the fold of the title or text."""


def triggers(topics: Iterable[Topic]) -> Iterator[tuple[str, Bound, Trigger]]:
    """Yield the forms that trigger the patterns of these topics, for the automaton."""
    for topic in topics:
        for pattern in topic.patterns:
            for number, lemmas in enumerate(pattern.lemmas):
                trigger = Trigger(topic, pattern, number)
                for lemma in lemmas:
                    _, stem, irregular = _forms(lemma)
                    yield stem, Bound.BEGINNING, trigger
                    yield from ((form, Bound.WORD, trigger) for form in irregular)


def possible(trips: Sequence[Trip], document: Document, hits: Sequence[Hit], *, is_title: bool) -> list[Hit]:
    """Return an UNSURE hit for each sentence of a part in which patterns of a topic may hold, beside the hits of the exact scan.

    A sentence that holds a phrase of the topic needs no pattern.
    """
    placed = _placed(_complete(trips, hits), document, is_title=is_title)
    present = subjects_present(hits, document, least=Strength.UNSURE) if placed else {}
    found: dict[tuple[int, str], Hit] = {}
    for (sentence, _), (trigger, places) in placed.items():
        pattern, topic = trigger.pattern, trigger.topic
        here = present.get(sentence, {})
        spans = _closest(pattern, places)
        if not spans or topic.subject in here or not _has_actors(pattern, here):
            continue
        first = next(word for word, _, span in places if span == spans[0])
        hit = found.get((sentence, topic.id)) or _hit(topic, spans, document, word=0 if is_title else first, is_title=is_title)
        found[sentence, topic.id] = replace(hit, patterns=(*hit.patterns, pattern))
    return list(found.values())


def confirmed(hit: Hit, document: Document, parsed: Parsed | None, present: Present) -> Hit | None:
    """Return the hit as one that counts, or None where none of its patterns holds.

    `parsed` is the sentence of the hit; without it regular inflection stands in for lemmas. `present` holds what counts.
    """
    sentence = document.sentence_of(hit)
    here = present.get(sentence, {})
    for pattern in hit.patterns:
        if not _has_actors(pattern, here):
            continue
        words = document.words_of(sentence)
        if any(_answering((pattern.without,), words, parsed)):
            continue
        if spans := _closest(pattern, _answering(pattern.lemmas, words, parsed)):
            offset = document.span_of(sentence)[0]
            found = [(offset + start, offset + end) for start, end in spans]
            shown = tuple(sorted({*found, *(here[one] for one in _actors(pattern, here))}))
            return replace(hit, strength=Strength.CONTEXT, start=found[0][0], end=found[-1][1], spans=shown, patterns=())
    return None


def subjects_present(hits: Iterable[Hit], document: Document, *, least: Strength) -> dict[int, dict[str, Span]]:
    """Return what stands in which sentence, and where first, counting hits of at least this strength."""
    present: dict[int, dict[str, Span]] = defaultdict(dict)
    for hit in hits:
        if hit.strength >= least and isinstance(hit.leaf, Subject):
            present[document.sentence_of(hit)].setdefault(hit.leaf.id, (hit.start, hit.end))
    return present


def _complete(trips: Sequence[Trip], hits: Sequence[Hit]) -> list[Trip]:
    """Return the triggers of the patterns that have a word for every lemma set, and enough actors somewhere."""
    numbers: dict[int, set[int]] = defaultdict(set)
    for _, _, trigger in trips:
        numbers[id(trigger.pattern)].add(trigger.number)
    anywhere = {hit.leaf.id for hit in hits if isinstance(hit.leaf, Subject)}
    return [
        trip
        for trip in trips
        if len(numbers[id(trip[2].pattern)]) == len(trip[2].pattern.lemmas) and _has_actors(trip[2].pattern, anywhere)
    ]


def _placed(
    trips: Sequence[Trip], document: Document, *, is_title: bool
) -> dict[tuple[int, int], tuple[Trigger, list[_Placed]]]:
    """Return the words that may answer a pattern, by sentence and pattern."""
    part = document.title if is_title else document.text
    placed: dict[tuple[int, int], tuple[Trigger, list[_Placed]]] = {}
    for start, end, trigger in trips:
        span = part.span(start, end)
        key = IN_TITLE if is_title else document.sentence_at(span[0]), id(trigger.pattern)
        placed.setdefault(key, (trigger, []))[1].append((part.words_before(start), trigger.number, span))
    return placed


def _has_actors(pattern: Pattern, present: Collection[str]) -> bool:
    return len(_actors(pattern, present)) >= pattern.at_least


def _actors(pattern: Pattern, present: Collection[str]) -> Sequence[str]:
    """Return those that stand there of the actors that a pattern asks for, or of all where it asks for any."""
    if pattern.actors:
        return [subject for actor in pattern.actors if (subject := f"actor:{actor}") in present]
    return [subject for subject in present if subject.startswith("actor:")] if pattern.at_least else []


def _answering(sets: Sequence[Sequence[str]], sentence: str, parsed: Parsed | None) -> list[_Placed]:
    """Return the words of a sentence that answer lemma sets: by their lemmas or, without a parser, by their endings."""
    starts = [word.start() for word in _WORD.finditer(sentence)]
    if parsed is None:
        fits, words = _inflects, [(*word.span(), quick_fold(word[0])) for word in _WORD.finditer(sentence)]
    else:
        fits, words = _is_lemma, [(token.start, token.end, token.lemma) for token in parsed.tokens]
    return [
        (bisect_right(starts, start), number, (start, end))
        for start, end, word in words
        for number, lemmas in enumerate(sets)
        if any(fits(lemma, word) for lemma in lemmas)
    ]


def _closest(pattern: Pattern, places: Sequence[_Placed]) -> tuple[Span, ...]:
    """Return one word for each lemma set, the closest together; nothing where one is missing or they stand too far apart."""
    best: tuple[Span, ...] = ()
    width = math.inf if pattern.within is None else pattern.within + 1
    latest: dict[int, tuple[int, Span]] = {}
    for place, number, span in sorted(places):
        latest[number] = place, span
        apart = place - min(latest.values())[0]
        if len(latest) == len(pattern.lemmas) and apart < width:
            width, best = apart, tuple(sorted({chosen for _, chosen in latest.values()}))
    return best


@cache
def _forms(lemma: str) -> tuple[str, str, tuple[str, ...]]:
    """Return a lemma, what all its regular forms begin with, and its irregular forms, from how a pattern writes it."""
    first, *irregular = (quick_fold(form) for form in lemma.split("|"))
    return first, stem_of(first), tuple(irregular)


def _inflects(lemma: str, word: str) -> bool:
    _, stem, irregular = _forms(lemma)
    return (word.startswith(stem) and word[len(stem) :] in _ENDINGS) or word in irregular


def _is_lemma(lemma: str, word: str) -> bool:
    return word == _forms(lemma)[0]


def _hit(topic: Topic, spans: Sequence[Span], document: Document, *, word: int, is_title: bool) -> Hit:
    start, end = spans[0][0], spans[-1][1]
    return Hit(
        leaf=Subject(topic.subject),
        rule=PATTERN,
        alias=topic.name,
        strength=Strength.UNSURE,
        place=Place.TITLE if is_title else document.place(start),
        start=start,
        end=end,
        word=word,
        spans=tuple(spans),
    )
