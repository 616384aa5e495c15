"""Reads articles by the exact scan, and sends only those sentences to a parser on which an answer hangs."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Self

from bot.language.parsing import Depth, Entity, Parsed, Parser
from bot.language.sentences import Span
from bot.matching.document import Document, Hit
from bot.matching.evaluate import Verdict, by_leaf, evaluate, is_open
from bot.matching.prefilter import Prefilter
from bot.matching.relations.finding import Relations
from bot.matching.scanning.phrases import Phrases
from bot.matching.scanning.senses import is_persons, sense_of
from bot.matching.scanning.terms import Scanner
from bot.matching.scanning.topics import confirmed, subjects_present
from bot.model import CONFIG_SERVER, AliasKind, Leaf, Level, Place, Query, Relation, Strength, leaves

LONGEST_PARSED = 10_000
"""Characters of a sentence that are parsed: what has no full stop for longer is no sentence."""

_SURNAMES = frozenset({AliasKind.NAME, AliasKind.CAPITAL, AliasKind.CITY, AliasKind.REGION, AliasKind.LEADER})
"""What a person may be called: Jim Jordan, Denzel Washington."""

_FORENAME = re.compile(r"\b[A-Z][\w.'’-]* \Z")

_LONGEST_FORENAME = 40

_NAMESAKES = 3
_EARLY = 10_000
"""So many are looked at for each name, in so many characters: who is named in full is so early."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A query, the level from which somebody cares, and who that is."""

    query: Query
    level: Level = Level.MENTION
    author: int = CONFIG_SERVER
    """By whose names sources are called."""


class Cascade:
    """Answers some queries over articles, with the scanner of a catalogue and, where it decides something, a parser."""

    def __init__(self, scanner: Scanner, wanted: Sequence[Wanted], parser: Parser | None) -> None:
        self._scanner = scanner
        wanted_leaves = [leaf for one in wanted for leaf in leaves(one.query)]
        self._phrases = Phrases(wanted_leaves)
        self._relations = Relations(wanted_leaves, scanner.acts)
        self._prefilter = Prefilter([one.query for one in wanted])
        self._wanted = wanted
        self._parser = parser

    def read(self, documents: Sequence[Document]) -> list[list[Hit]]:
        """Return the hits of each article; where nothing hangs on them some stay UNSURE.

        Without a parser, and in languages it cannot read, what is unsure counts; but a relation nobody can tell stays so.
        """
        found = [self._scan(document) for document in documents]
        parsed = self._parse(documents, found)
        return [
            hits
            if self._can_parse(document) and number not in parsed
            else self._decided(hits, document, parsed.get(number, {}))
            for number, (hits, document) in enumerate(zip(found, documents, strict=True))
        ]

    def answers(self, hits: Sequence[Hit], document: Document) -> Iterator[tuple[int, Verdict]]:
        """Yield the number of each query that an article answers, and how; those of which nothing was found are not looked at."""
        found = by_leaf(hits)
        for number in self._prefilter.possible(found):
            wanted = self._wanted[number]
            if verdict := evaluate(wanted.query, found, document, author=wanted.author):
                yield number, verdict

    def _scan(self, document: Document) -> list[Hit]:
        hits = self._scanner.scan(document) + self._phrases.scan(document)
        return hits + self._relations.possible(hits, document)

    def verdicts(self, hits: Sequence[Hit], document: Document) -> list[Verdict | None]:
        """Return how an article answers each of the queries."""
        answered = dict(self.answers(hits, document))
        return [answered.get(number) for number in range(len(self._wanted))]

    def is_candidate(self, hits: Sequence[Hit], document: Document) -> bool:
        """Tell whether an answer hangs on what only a parser can decide."""
        if not any(hit.strength is Strength.UNSURE for hit in hits):
            return False
        found = by_leaf(hits)
        possible = (self._wanted[number] for number in self._prefilter.possible(found))
        return any(is_open(one.query, found, document, wanted=one.level, author=one.author) for one in possible)

    def _is_asked(self, hit: Hit) -> bool:
        """Tell whether the parser could decide over a hit."""
        return hit.strength is Strength.UNSURE and (self._has_grammar or not isinstance(hit.leaf, Relation))

    @property
    def _has_grammar(self) -> bool:
        return self._parser is not None and self._parser.has_grammar

    def _depth_for(self, hit: Hit) -> Depth:
        """Return how much of its sentence a hit needs: a name its label, a pattern the lemmas, a relation the grammar."""
        if isinstance(hit.leaf, Relation) and self._has_grammar:
            return Depth.GRAMMAR
        return Depth.LEMMAS if hit.patterns else Depth.LABELS

    def _can_parse(self, document: Document) -> bool:
        return self._parser is not None and document.is_english

    def _parse(self, documents: Sequence[Document], found: Sequence[Sequence[Hit]]) -> dict[int, dict[int, Parsed]]:
        """Return the unsure sentences of each candidate, parsed in one batch."""
        asked = [
            (number, sentence)
            for number, (document, hits) in enumerate(zip(documents, found, strict=True))
            if self._can_parse(document) and self.is_candidate(hits, document)
            for sentence in sorted(
                {document.sentence_of(hit) for hit in (*filter(self._is_asked, hits), *_namesakes(hits, document))}
            )
        ]
        if self._parser is None or not asked:
            return {}
        depths = dict.fromkeys(asked, Depth.LABELS)
        for number in {number for number, _ in asked}:
            for hit in found[number]:
                key = number, documents[number].sentence_of(hit)
                if key in depths:
                    depths[key] = max(depths[key], self._depth_for(hit))
        parsed: dict[int, dict[int, Parsed]] = {}
        for depth in Depth:
            some = [one for one in asked if depths[one] is depth]
            words_of = self._relations.readable if depth is Depth.GRAMMAR else Document.words_of
            texts = [words_of(documents[number], sentence)[:LONGEST_PARSED] for number, sentence in some]
            answers = self._parser.parse(texts, depth) if texts else []
            for (number, sentence), answer in zip(some, answers, strict=True):
                parsed.setdefault(number, {})[sentence] = answer
        return parsed

    def _decided(self, hits: Sequence[Hit], document: Document, parsed: Mapping[int, Parsed]) -> list[Hit]:
        """Return the hits with nothing left unsure but what only grammar could tell, where there is none."""
        decided = _decided([hit for hit in hits if not isinstance(hit.leaf, Relation)], document, parsed)
        relations = [hit for hit in hits if isinstance(hit.leaf, Relation)]
        if not relations:
            return decided
        readable = parsed if self._has_grammar else {}
        return [*decided, *self._relations.judged([*decided, *relations], document, readable)]


@dataclass(frozen=True, slots=True)
class _Labelled:
    """A sentence, where it begins in its part, and the names that were found in it, in their order."""

    words: str
    offset: int
    entities: Sequence[Entity]

    @classmethod
    def of(cls, number: int, document: Document, parsed: Mapping[int, Parsed]) -> Self:
        entities = parsed[number].entities if number in parsed else ()
        return cls(document.words_of(number), document.span_of(number)[0], sorted(entities, key=lambda one: one.start))

    def around(self, span: Span) -> Sequence[Entity]:
        """Return the names that overlap a span; names do not overlap each other."""
        first = bisect_right(self.entities, span[0], key=lambda one: one.end)
        return self.entities[first : bisect_left(self.entities, span[1], key=lambda one: one.start)]


def _decided(hits: Sequence[Hit], document: Document, parsed: Mapping[int, Parsed]) -> list[Hit]:
    """Return the hits with nothing left unsure."""
    if not any(hit.strength is Strength.UNSURE for hit in hits):
        return list(hits)
    names = [hit for hit in hits if not hit.patterns]
    forms = _with_senses([*names, *_namesakes(names, document)], document, parsed)[: len(names)]
    present = subjects_present(forms, document, least=Strength.CONTEXT)
    shown = (confirmed(hit, document, parsed.get(document.sentence_of(hit)), present) for hit in hits if hit.patterns)
    return [*forms, *(hit for hit in shown if hit is not None)]


def _namesakes(hits: Sequence[Hit], document: Document) -> Iterator[Hit]:
    """Yield unsure hits again where their names end longer ones that hide them: a decoy may be the full name of a person."""
    found = {(hit.place is Place.TITLE, hit.start) for hit in hits}
    unsure = {(hit.leaf, hit.alias): hit for hit in hits if hit.strength is Strength.UNSURE and hit.rule in _SURNAMES}
    for hit in unsure.values():
        yield from islice(_hidden(hit, document, found), _NAMESAKES)


def _hidden(hit: Hit, document: Document, found: Collection[tuple[bool, int]]) -> Iterator[Hit]:
    for place, text in ((Place.TITLE, document.title.text), (Place.BODY, document.text.text)):
        for name in re.compile(rf"{re.escape(hit.alias)}\b").finditer(text, 0, _EARLY):
            start, end = name.span()
            is_longer = _FORENAME.search(text, max(0, start - _LONGEST_FORENAME), start)
            if is_longer and (place is Place.TITLE, start) not in found:
                yield replace(hit, place=place, start=start, end=end)


def _with_senses(hits: Sequence[Hit], document: Document, parsed: Mapping[int, Parsed]) -> list[Hit]:
    """Return the hits with what they mean; a form that a person was named by in full stays that person's in the article."""
    strengths: dict[int, Strength] = {}
    persons: set[tuple[Leaf, str]] = set()
    labelled = cache(lambda sentence: _Labelled.of(sentence, document, parsed))
    for number, hit in enumerate(hits):
        if hit.strength is not Strength.UNSURE:
            continue
        sentence = labelled(document.sentence_of(hit))
        span = hit.start - sentence.offset, hit.end - sentence.offset
        entities = sentence.around(span)
        strengths[number] = sense_of(hit.rule, hit.alias, sentence.words, span, entities)
        if strengths[number] is Strength.WEAK and is_persons(hit.alias, sentence.words, span, entities):
            persons.add((hit.leaf, hit.alias))
    return [
        replace(hit, strength=Strength.WEAK if (hit.leaf, hit.alias) in persons else strengths[number])
        if number in strengths
        else hit
        for number, hit in enumerate(hits)
    ]
