"""Reads articles by the exact scan, and sends only those sentences to a parser on which an answer hangs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.language.parsing import Parsed, Parser
from bot.matching.document import Document, Hit
from bot.matching.evaluate import Verdict, by_leaf, evaluate, is_open
from bot.matching.phrases import Phrases
from bot.matching.prefilter import Prefilter
from bot.matching.senses import is_persons, sense_of
from bot.matching.terms import Scanner
from bot.matching.topics import confirmed, subjects_present
from bot.model import Leaf, Level, Query, Strength, leaves

LONGEST_PARSED = 10_000
"""Characters of a sentence that are parsed: what has no full stop for longer is no sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A query, and the level from which somebody cares."""

    query: Query
    level: Level = Level.MENTION


class Cascade:
    """Answers some queries over articles, with the scanner of a catalogue and, where it decides something, a parser."""

    def __init__(self, scanner: Scanner, wanted: Sequence[Wanted], parser: Parser | None) -> None:
        self._scanner = scanner
        self._phrases = Phrases(leaf for one in wanted for leaf in leaves(one.query))
        self._prefilter = Prefilter([one.query for one in wanted])
        self._wanted = wanted
        self._parser = parser

    def read(self, documents: Sequence[Document]) -> list[list[Hit]]:
        """Return the hits of each article; where nothing hangs on them some stay UNSURE.

        Without a parser, and in languages it cannot read, what is unsure counts.
        """
        found = [self._scanner.scan(document) + self._phrases.scan(document) for document in documents]
        parsed = self._parse(documents, found)
        return [
            hits if self._can_parse(document) and number not in parsed else _decided(hits, document, parsed.get(number, {}))
            for number, (hits, document) in enumerate(zip(found, documents, strict=True))
        ]

    def answers(self, hits: Sequence[Hit], document: Document) -> Iterator[tuple[int, Verdict]]:
        """Yield the number of each query that an article answers, and how; those of which nothing was found are not looked at."""
        found = by_leaf(hits)
        for number in self._prefilter.possible(found):
            if verdict := evaluate(self._wanted[number].query, found, document):
                yield number, verdict

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
        return any(is_open(one.query, found, document, wanted=one.level) for one in possible)

    def _can_parse(self, document: Document) -> bool:
        return self._parser is not None and document.is_english

    def _parse(self, documents: Sequence[Document], found: Sequence[Sequence[Hit]]) -> dict[int, dict[int, Parsed]]:
        """Return the unsure sentences of each candidate, parsed in one batch."""
        asked = [
            (number, sentence)
            for number, (document, hits) in enumerate(zip(documents, found, strict=True))
            if self._can_parse(document) and self.is_candidate(hits, document)
            for sentence in sorted({document.sentence_of(hit) for hit in hits if hit.strength is Strength.UNSURE})
        ]
        if self._parser is None or not asked:
            return {}
        answers = self._parser.parse([documents[number].words_of(sentence)[:LONGEST_PARSED] for number, sentence in asked])
        parsed: dict[int, dict[int, Parsed]] = {}
        for (number, sentence), answer in zip(asked, answers, strict=True):
            parsed.setdefault(number, {})[sentence] = answer
        return parsed


def _decided(hits: Sequence[Hit], document: Document, parsed: Mapping[int, Parsed]) -> list[Hit]:
    """Return the hits with nothing left unsure."""
    if not any(hit.strength is Strength.UNSURE for hit in hits):
        return list(hits)
    forms = _with_senses([hit for hit in hits if not hit.patterns], document, parsed)
    present = subjects_present(forms, document, least=Strength.CONTEXT)
    shown = (confirmed(hit, document, parsed.get(document.sentence_of(hit)), present) for hit in hits if hit.patterns)
    return [*forms, *(hit for hit in shown if hit is not None)]


def _with_senses(hits: Sequence[Hit], document: Document, parsed: Mapping[int, Parsed]) -> list[Hit]:
    """Return the hits with what they mean; a form that a person was named by in full stays that person's in the article."""
    strengths: dict[int, Strength] = {}
    persons: set[tuple[Leaf, str]] = set()
    for number, hit in enumerate(hits):
        if hit.strength is not Strength.UNSURE:
            continue
        sentence = document.sentence_of(hit)
        offset = document.span_of(sentence)[0]
        entities = parsed[sentence].entities if sentence in parsed else ()
        words, span = document.words_of(sentence), (hit.start - offset, hit.end - offset)
        strengths[number] = sense_of(hit.rule, hit.alias, words, span, entities)
        if strengths[number] is Strength.WEAK and is_persons(hit.alias, words, span, entities):
            persons.add((hit.leaf, hit.alias))
    return [
        replace(hit, strength=Strength.WEAK if (hit.leaf, hit.alias) in persons else strengths[number])
        if number in strengths
        else hit
        for number, hit in enumerate(hits)
    ]
