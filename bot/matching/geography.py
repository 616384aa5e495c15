"""Tells in which countries an article is: by the places it names, where no label says that they are something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.language.parsing import Entity, Parser
from bot.matching.cascade import LONGEST_PARSED
from bot.matching.document import Document, Hit
from bot.matching.scanning.terms import Scanner
from bot.model import AliasKind, Catalogue, Leaf, Strength, Subject

_WHERE = frozenset({AliasKind.NAME, AliasKind.DEMONYM, AliasKind.CAPITAL, AliasKind.REGION, AliasKind.CITY, AliasKind.WEAK})
"""What says where something happens; a leader travels, and dollars are paid everywhere."""

_NOWHERE = frozenset({"LANGUAGE", "PERSON"})
"""Paris Hilton is no city, and who speaks Spanish is not in Spain."""

_SEATED = frozenset({"FAC", "GPE", "LOC", "ORG"})
"""Labels without which a city is no city: Mary and Nancy are cities too. An organisation is where its city is."""

_NATIONAL = frozenset({"GPE", "NORP"})
"""Labels that make a weak name a country or its people; what is weak because somebody else of that name is meant stays weak."""

_TERRITORIES: Mapping[str, str] = {
    "American Samoa": "AS",
    "Aruba": "AW",
    "Bermuda": "BM",
    "Cayman Islands": "KY",
    "Curacao": "CW",
    "Falkland Islands": "FK",
    "Falklands": "FK",
    "Faroe Islands": "FO",
    "French Guiana": "GF",
    "French Polynesia": "PF",
    "Gibraltar": "GI",
    "Greenland": "GL",
    "Guadeloupe": "GP",
    "Guam": "GU",
    "Hong Kong": "HK",
    "Hongkong": "HK",
    "Isle of Man": "IM",
    "Macao": "MO",
    "Macau": "MO",
    "Martinique": "MQ",
    "Mayotte": "YT",
    "New Caledonia": "NC",
    "Northern Mariana Islands": "MP",
    "Noumea": "NC",
    "Puerto Rico": "PR",
    "Saipan": "MP",
    "Sint Maarten": "SX",
    "Tahiti": "PF",
    "U.S. Virgin Islands": "VI",
    "US Virgin Islands": "VI",
}
"""Parts of a state that have a code of their own in ISO 3166-1."""


class Geography:
    """Finds the countries of articles, with the scanner of a catalogue and, where it can read, a parser."""

    def __init__(self, catalogue: Catalogue, scanner: Scanner, parser: Parser | None) -> None:
        self._codes: dict[Leaf, str] = {Subject(actor.subject): actor.code for actor in catalogue.actors if actor.code}
        self._scanner = scanner
        self._parser = parser

    def countries(self, document: Document) -> tuple[str, ...]:
        """Return the two-letter codes of the countries that an article names, sorted."""
        hits = [hit for hit in self._scanner.scan(document) if hit.leaf in self._codes and hit.rule in _WHERE]
        labels = self._labels(hits, document)
        counting = (hit for hit in hits if _counts(hit, document, labels))
        return tuple(sorted({_TERRITORIES.get(hit.alias, self._codes[hit.leaf]) for hit in counting}))

    def _labels(self, hits: Sequence[Hit], document: Document) -> Mapping[int, tuple[Entity, ...]] | None:
        """Return the entities of each sentence with a hit; None where nothing can be parsed."""
        if self._parser is None or not document.is_english:
            return None
        asked = sorted({document.sentence_of(hit) for hit in hits})
        parsed = self._parser.parse([document.words_of(sentence)[:LONGEST_PARSED] for sentence in asked])
        return {sentence: one.entities for sentence, one in zip(asked, parsed, strict=True)}


def _counts(hit: Hit, document: Document, labels: Mapping[int, tuple[Entity, ...]] | None) -> bool:
    if labels is None:
        return hit.strength > Strength.WEAK
    sentence = document.sentence_of(hit)
    offset = document.span_of(sentence)[0]
    around = {one.label for one in labels[sentence] if one.start + offset < hit.end and hit.start < one.end + offset}
    if around & _NOWHERE:
        return False
    if hit.strength is Strength.WEAK:
        return hit.rule == AliasKind.WEAK and bool(around & _NATIONAL)
    return hit.rule != AliasKind.CITY or bool(around & _SEATED)
