"""Finds relations in articles: a cheap look says in which sentences one may stand, the grammar of a parser whether it does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from bot.language.folding import quick_fold
from bot.language.parsing import Parsed
from bot.matching.document import IN_TITLE, Document, Hit
from bot.matching.relations.headlines import in_sentence_case
from bot.matching.relations.judging import Judgement, Sentence, Span
from bot.matching.relations.lexicon import Lexicon
from bot.model import Act, Leaf, Place, Relation, Strength, Subject

RULE = "relation"
"""The rule of a hit by a relation."""

LONGEST = 1_200
"""Characters of a sentence: in longer ones a parser finds no grammar that could be trusted."""

_APART = re.compile(r".*\b(?:anti|pro|non|ex|post|pre)[-‐‑]", re.DOTALL | re.IGNORECASE)
"""Before a hyphen they make of a name the name of something else."""

_LONGEST_APART = 6
"""Characters that are looked at for that."""


class Relations:
    """The relations that some queries ask for."""

    def __init__(self, leaves: Iterable[Leaf], acts: Sequence[Act]) -> None:
        self._wanted = [leaf for leaf in dict.fromkeys(leaves) if isinstance(leaf, Relation)]
        self._lexicon = Lexicon(acts if self._wanted else ())
        self._stems = {one: self._lexicon.stems(one.act) for one in self._wanted}

    def possible(self, hits: Sequence[Hit], document: Document) -> list[Hit]:
        """Return an UNSURE hit for each sentence that names the actors of a relation and has a word for its act."""
        if not self._wanted:
            return []
        present = _by_sentence(hits, document, least=Strength.UNSURE)
        found: list[Hit] = []
        before = counted = 0
        for number in sorted(present):
            wanted = [one for one in self._wanted if all(actor in present[number] for actor in one.actors)]
            if not wanted or len(sentence := document.words_of(number)) > LONGEST:
                continue
            if number != IN_TITLE:
                first = document.span_of(number)[0]
                before, counted = before + document.text.text.count(" ", counted, first), first
            words = quick_fold(sentence).replace("-", " ").split()
            found += [_hit(one, number, document, before) for one in wanted if self._may_stand(one, words)]
        return found

    def readable(self, document: Document, sentence: int) -> str:
        """Return a sentence as its grammar can be read best; a title may have capitals throughout."""
        words = document.words_of(sentence)
        return in_sentence_case(words, self._lexicon.words) if sentence == IN_TITLE else words

    def judged(self, hits: Sequence[Hit], document: Document, parsed: Mapping[int, Parsed]) -> Iterator[Hit]:
        """Yield the hits of relations, decided by the grammar of their sentences; beside what else counts in the article.

        What no grammar decides stays UNSURE: nobody guesses.
        """
        present = _by_sentence(hits, document, least=Strength.CONTEXT)
        asked = sorted((hit for hit in hits if isinstance(hit.leaf, Relation)), key=document.sentence_of)
        for number, group in groupby(asked, key=document.sentence_of):
            if number not in parsed:
                yield from group
                continue
            sentence = Sentence(document.words_of(number), parsed[number], present.get(number, {}), self._lexicon)
            for hit in group:
                assert isinstance(hit.leaf, Relation)
                yield _decided(hit, sentence.judge(hit.leaf), document)

    def _may_stand(self, relation: Relation, words: Iterable[str]) -> bool:
        stems = self._stems[relation]
        return not stems or any(word.startswith(stems) for word in words)


def _by_sentence(hits: Iterable[Hit], document: Document, *, least: Strength) -> dict[int, dict[Subject, list[Span]]]:
    """Return where in which sentence the actors stand, by offsets into the sentence."""
    present: dict[int, dict[Subject, list[Span]]] = {}
    for hit in hits:
        if hit.strength >= least and isinstance(hit.leaf, Subject) and hit.leaf.id.startswith("actor:"):
            number = document.sentence_of(hit)
            offset = document.span_of(number)[0]
            if not _is_apart(hit, document):
                present.setdefault(number, {}).setdefault(hit.leaf, []).append((hit.start - offset, hit.end - offset))
    return present


def _is_apart(hit: Hit, document: Document) -> bool:
    """Tell whether a name is the second half of `anti-Russian` and its like."""
    part = document.title if hit.place is Place.TITLE else document.text
    return _APART.fullmatch(part.text, max(0, hit.start - _LONGEST_APART), hit.start) is not None


def _hit(relation: Relation, sentence: int, document: Document, words_before: int) -> Hit:
    first, last = document.span_of(sentence)
    return Hit(
        leaf=relation,
        rule=RULE,
        alias="",
        strength=Strength.UNSURE,
        place=Place.TITLE if sentence == IN_TITLE else document.place(first),
        start=first,
        end=last,
        word=words_before,
    )


def _decided(hit: Hit, judgement: Judgement, document: Document) -> Hit:
    """Return the hit as one that counts, or as a WEAK one that says why it does not."""
    if not judgement.told:
        return replace(hit, strength=Strength.WEAK)
    offset = document.span_of(document.sentence_of(hit))[0]
    spans = tuple((offset + start, offset + end) for start, end in judgement.spans)
    strength = Strength.CONTEXT if judgement.holds else Strength.WEAK
    return replace(hit, strength=strength, alias=judgement.told, spans=spans)


def told(hits: Iterable[Hit]) -> list[str]:
    """Return in one line each who does what to whom, and how far it is so."""
    return list(dict.fromkeys(hit.alias for hit in hits if hit.rule == RULE))
