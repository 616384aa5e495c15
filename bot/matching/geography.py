"""Tells in which countries an article is: by names, demonyms, capitals and regions, and by cities that a label calls a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.language.parsing import Entity, Parser
from bot.matching.cascade import LONGEST_PARSED
from bot.matching.document import Document, Hit
from bot.matching.senses import sense_of
from bot.matching.terms import Scanner
from bot.model import AliasKind, Catalogue, Leaf, Strength, Subject

_WHERE = frozenset({AliasKind.NAME, AliasKind.DEMONYM, AliasKind.CAPITAL, AliasKind.REGION, AliasKind.CITY})
"""What says where something happens; a leader travels, and dollars are paid everywhere."""

_PLACE = frozenset({"FAC", "GPE", "LOC"})
"""Labels without which a city is no city: Mary and Nancy are cities too."""


class Geography:
    """Finds the countries of articles, with the scanner of a catalogue and, where it can read, a parser."""

    def __init__(self, catalogue: Catalogue, scanner: Scanner, parser: Parser | None) -> None:
        self._codes: dict[Leaf, str] = {Subject(actor.subject): actor.code for actor in catalogue.actors if actor.code}
        self._scanner = scanner
        self._parser = parser

    def countries(self, document: Document) -> tuple[str, ...]:
        """Return the two-letter codes of the countries that an article names, sorted."""
        hits = [hit for hit in self._scanner.scan(document) if self._is_somewhere(hit)]
        labels = self._labels(hits, document)
        return tuple(sorted({self._codes[hit.leaf] for hit in hits if _counts(hit, document, labels)}))

    def _is_somewhere(self, hit: Hit) -> bool:
        return hit.leaf in self._codes and hit.rule in _WHERE and hit.strength >= Strength.UNSURE

    def _labels(self, hits: Sequence[Hit], document: Document) -> Mapping[int, tuple[Entity, ...]] | None:
        """Return the entities of each sentence on which a label decides; None where nothing can be parsed."""
        if self._parser is None or not document.is_english:
            return None
        asked = sorted({document.sentence_of(hit) for hit in hits if _is_open(hit)})
        parsed = self._parser.parse([document.words_of(sentence)[:LONGEST_PARSED] for sentence in asked])
        return {sentence: one.entities for sentence, one in zip(asked, parsed, strict=True)}


def _is_open(hit: Hit) -> bool:
    return hit.rule == AliasKind.CITY or hit.strength is Strength.UNSURE


def _counts(hit: Hit, document: Document, labels: Mapping[int, tuple[Entity, ...]] | None) -> bool:
    if labels is None or not _is_open(hit):
        return True
    sentence = document.sentence_of(hit)
    offset = document.span_of(sentence)[0]
    start, end = hit.start - offset, hit.end - offset
    if hit.rule == AliasKind.CITY:
        return any(one.label in _PLACE for one in labels[sentence] if one.start < end and start < one.end)
    sense = sense_of(hit.rule, hit.alias, document.words_of(sentence), (start, end), labels[sentence])
    return sense >= Strength.CONTEXT
