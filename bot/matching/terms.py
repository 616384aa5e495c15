"""Finds every mention of the catalogue in an article: exact forms, decoys and case, without any model."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from bot.language.folding import Folded, quick_fold
from bot.matching import topics
from bot.matching.aboutness import WEIGHTS
from bot.matching.automaton import Automaton, Bound
from bot.matching.case import Case, case_of_alias, is_kept
from bot.matching.document import Document, Hit
from bot.model import Actor, Alias, AliasKind, Catalogue, Place, Strength, Subject, Topic

PHRASE = "phrase"
"""The rule of a hit by a phrase."""

_NOBODY = Subject("")
"""Whom a decoy stands for: it only hides what it holds."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Form:
    """One written form of an actor or topic, or a decoy."""

    text: str
    subject: Subject
    rule: str = ""
    strength: Strength = Strength.STRONG
    case: Case = Case.ANY
    weight: float = 1.0
    since: date | None = None
    until: date | None = None

    def strength_on(self, day: date | None) -> Strength:
        """Return how far it can be trusted in an article of that day: whoever held no office then may be anybody."""
        if day is None or ((self.since or day) <= day <= (self.until or day)):
            return self.strength
        return Strength.WEAK


@dataclass(frozen=True, slots=True)
class _Found:
    """A form at its place in a folded part."""

    start: int
    end: int
    form: _Form


class Scanner:
    """Finds the actors and topics of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.acts = catalogue.acts
        """The words of what actors do to each other, for whoever looks at grammar."""
        self._beside = {Subject(one.subject): _beside(one) for one in catalogue.actors}
        self._automaton: Automaton[_Form | topics.Trigger] = Automaton(
            (
                *(form for one in catalogue.actors for form in _actor_forms(one)),
                *(form for one in catalogue.topics for form in _topic_forms(one)),
                *topics.triggers(catalogue.topics),
            )
        )

    def scan(self, document: Document) -> list[Hit]:
        """Return the hits of all actors and topics; what only a model can decide is UNSURE."""
        title, title_trips = self._find(document.title)
        text, text_trips = self._find(document.text)
        sure = {one.form.subject for one in (*title, *text) if one.form.strength_on(document.day) is Strength.STRONG}
        hits = [*self._hits(title, document, sure, is_title=True), *self._hits(text, document, sure, is_title=False)]
        hits += topics.possible(title_trips, document, hits, is_title=True)
        hits += topics.possible(text_trips, document, hits, is_title=False)
        return hits

    def _find(self, part: Folded) -> tuple[list[_Found], list[topics.Trip]]:
        """Return the forms of a part that stand by themselves, and the triggers in it."""
        trips: list[topics.Trip] = []
        rivals: dict[Subject, list[_Found]] = {}
        for start, end, meaning in self._automaton.find(part.folded):
            if isinstance(meaning, topics.Trigger):
                trips.append((start, end, meaning))
            elif meaning.case is Case.ANY or is_kept(meaning.text, meaning.case, part.text, part.span(start, end)):
                # Actors and decoys swallow each other; the phrases of a topic only those of the same topic.
                ring = meaning.subject if meaning.rule == PHRASE else _NOBODY
                rivals.setdefault(ring, []).append(_Found(start, end, meaning))
        kept = [one for ring in rivals.values() for one in _longest(ring, len(part.folded))]
        return [one for one in kept if one.form.subject is not _NOBODY], trips

    def _hits(self, found: list[_Found], document: Document, sure: Collection[Subject], *, is_title: bool) -> Iterator[Hit]:
        part = document.title if is_title else document.text
        for one in sorted(found, key=lambda one: one.start):
            start, end = part.span(one.start, one.end)
            yield Hit(
                leaf=one.form.subject,
                rule=one.form.rule,
                alias=one.form.text,
                strength=self._strength(one.form, sure, document.day),
                place=Place.TITLE if is_title else document.place(start),
                start=start,
                end=end,
                word=part.words_before(one.start),
                weight=one.form.weight,
            )

    def _strength(self, form: _Form, sure: Collection[Subject], day: date | None) -> Strength:
        """Let weak forms count beside a sure one of their partners, and unsure ones beside a sure one of their own."""
        strength = form.strength_on(day)
        if strength is Strength.STRONG:
            return strength
        partners = {Strength.WEAK: self._beside.get(form.subject, ()), Strength.UNSURE: (form.subject,)}.get(strength, ())
        return Strength.CONTEXT if any(partner in sure for partner in partners) else strength


def _longest(found: list[_Found], length: int) -> Iterator[_Found]:
    """Yield the forms that no longer one overlaps, of those on one span the surest of each subject; a decoy takes it all."""
    holders: dict[tuple[int, int], set[Subject]] = {}
    covered = bytearray(length)
    for one in sorted(found, key=_precedence):
        start, end = one.start, one.end
        held = holders.get((start, end))
        if held is None:
            # What overlaps and is no shorter covers the first or the last character.
            if covered[start] or covered[end - 1]:
                continue
            covered[start:end] = b"\1" * (end - start)
            held = holders[start, end] = set()
        if _NOBODY not in held and one.form.subject not in held:
            held.add(one.form.subject)
            yield one


def _precedence(one: _Found) -> tuple[int, int, bool, int]:
    """Order by length, then place, decoys before names, and the surest name first."""
    return one.start - one.end, one.start, one.form.subject is not _NOBODY, -one.form.strength


def _beside(actor: Actor) -> tuple[Subject, ...]:
    return tuple(Subject(f"actor:{partner}") for partner in actor.beside or (actor.id,))


def _actor_forms(actor: Actor) -> Iterator[tuple[str, Bound, _Form]]:
    names = [f" {quick_fold(alias.text)} " for alias in actor.aliases if alias.kind not in WEIGHTS and not alias.unsure]
    for alias in actor.aliases:
        strength = Strength.UNSURE if alias.unsure else Strength.STRONG
        strength = Strength.WEAK if alias.kind is AliasKind.WEAK else strength
        case = case_of_alias(alias.text, is_sure=strength is Strength.STRONG)
        form = _Form(
            text=alias.text,
            subject=Subject(actor.subject),
            rule=alias.kind,
            strength=strength,
            case=case,
            weight=_weight(alias, names),
            since=alias.since,
            until=alias.until,
        )
        yield quick_fold(alias.text), Bound.WORD if case is Case.SHORT else Bound.PLURAL, form
    for decoy in actor.decoys:
        yield quick_fold(decoy), Bound.WORD, _Form(text=decoy, subject=_NOBODY)


def _weight(alias: Alias, names: Collection[str]) -> float:
    """Return what an alias weighs; an institution with the name of its actor in it hides that name, so it weighs as much."""
    if alias.kind is AliasKind.INSTITUTION and any(name in f" {quick_fold(alias.text)} " for name in names):
        return 1.0
    return WEIGHTS.get(alias.kind, 1.0)


def _topic_forms(topic: Topic) -> Iterator[tuple[str, Bound, _Form]]:
    for phrase in topic.phrases:
        yield quick_fold(phrase), Bound.PLURAL, _Form(text=phrase, subject=Subject(topic.subject), rule=PHRASE)
