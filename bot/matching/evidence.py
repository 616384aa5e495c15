"""Chooses the sentence that shows a match best, with the words to set in bold and every term that counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from bot.language.folding import quick_fold
from bot.language.sentences import Span
from bot.matching.document import IN_TITLE, Document, Hit
from bot.matching.queries.written import written
from bot.model import Evidence, Place, Relation, Term

LONGEST = 350
"""Characters of a sentence that is shown."""

_BEFORE = 120
"""Characters kept before the first bold word where a sentence is cut."""

_MORE = "…"

_GAP = re.compile(r"\s+")


def best_sentence(hits: Sequence[Hit], document: Document) -> int:
    """Return the number of the sentence with the most of what was asked for, then of the lead, then the first.

    Where a relation was asked for it is one that states it. The title is chosen only where nothing was found in the text.
    """
    found: dict[int, set[object]] = {}
    stating = [hit for hit in hits if isinstance(hit.leaf, Relation)]
    for hit in stating or hits:
        found.setdefault(document.sentence_of(hit), set()).add(hit.leaf)
    in_text = [number for number in found if number != IN_TITLE]
    return max(in_text, key=lambda number: (len(found[number]), _is_lead(number, document), -number), default=IN_TITLE)


def evidence_of(hits: Sequence[Hit], document: Document, sentence: int) -> Evidence:
    """Return a sentence as the evidence of these hits."""
    start, end = document.span_of(sentence)
    spans = [
        (max(first, start) - start, min(last, end) - start)
        for hit in hits
        if document.sentence_of(hit) == sentence
        for first, last in hit.spans or ((hit.start, hit.end),)
        if first < end
    ]
    words, spans = _cut(*_on_one_line(document.words_of(sentence), _merged(spans)))
    place = Place.TITLE if sentence == IN_TITLE else document.place(start)
    told = dict.fromkeys(hit.alias for hit in hits if isinstance(hit.leaf, Relation) and document.sentence_of(hit) == sentence)
    return Evidence(sentence=words, spans=tuple(spans), place=place, terms=_terms(hits, document), told=" · ".join(told))


def _is_lead(sentence: int, document: Document) -> bool:
    return document.place(document.span_of(sentence)[0]) is Place.LEAD


def _terms(hits: Iterable[Hit], document: Document) -> tuple[Term, ...]:
    """Return what was found, the most frequent first, however it was capitalised."""
    counts: Counter[tuple[str, str, str]] = Counter()
    first: dict[tuple[str, str, str], str] = {}
    for hit in hits:
        words = _words(hit, document)
        key = quick_fold(words), written(hit.leaf), hit.rule
        first.setdefault(key, words)
        counts[key] += 1
    return tuple(Term(words=first[key], subject=key[1], rule=str(key[2]), count=count) for key, count in counts.most_common())


def _words(hit: Hit, document: Document) -> str:
    part = (document.title if hit.place is Place.TITLE else document.text).text
    return " … ".join(_GAP.sub(" ", part[start:end]) for start, end in hit.spans or ((hit.start, hit.end),))


_ENDLESS = 4 * LONGEST
"""Characters after which a sentence is none: far more than is shown of one."""


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order, those that touch or overlap made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _on_one_line(sentence: str, spans: Sequence[Span]) -> tuple[str, list[Span]]:
    """Return the sentence without line breaks and wide gaps, and its spans moved accordingly.

    Of one that has no end for pages only the surroundings of the first span are kept.
    """
    if len(sentence) > _ENDLESS and spans:
        start = max(0, spans[0][0] - _ENDLESS // 4)
        end = start + _ENDLESS
        spans = [(at - start, min(to, end) - start) for at, to in spans if at < end]
        sentence = sentence[start:end]

    def moved(offset: int) -> int:
        return len(_GAP.sub(" ", sentence[:offset]))

    return _GAP.sub(" ", sentence), [(moved(start), moved(end)) for start, end in spans]


def _cut(sentence: str, spans: Sequence[Span]) -> tuple[str, list[Span]]:
    """Return at most `LONGEST` characters around the first span, cut between words, with the spans that are still there."""
    if len(sentence) <= LONGEST:
        return sentence, list(spans)
    first, last = spans[0]
    start = max(0, first - _BEFORE)
    if start:
        start = max(start, sentence.find(" ", start, first) + 1)
    end = start + LONGEST - 2 * len(_MORE)
    if end < len(sentence):
        gap = sentence.rfind(" ", last, end + 1)
        end = gap if gap > last else end
    before, after = _MORE if start else "", _MORE if end < len(sentence) else ""
    moved = [(at - start + len(before), min(to, end) - start + len(before)) for at, to in spans if at < end]
    return f"{before}{sentence[start:end]}{after}", moved
