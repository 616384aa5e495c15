"""Finds every mention of the catalogue in an article: exact forms, decoys and case, without any model."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from bot.language.folding import Folded, fold_name, quick_fold
from bot.language.russian import declined
from bot.language.sentences import Span
from bot.matching.aboutness import WEIGHTS
from bot.matching.document import Document, Hit
from bot.matching.scanning import topics
from bot.matching.scanning.automaton import Automaton, Bound
from bot.matching.scanning.case import Case, case_of_alias, is_kept
from bot.matching.scanning.company import settled
from bot.matching.scanning.listings import LISTING, forms_of, is_listing
from bot.model import Actor, Alias, AliasKind, Catalogue, Place, Strength, Subject, Topic

PHRASE = "phrase"
"""The rule of a hit by a phrase."""

Changed = tuple[Actor | None, Actor | None]
"""An actor as the catalogue has it, and as somebody else has it."""

_NO_ACTOR = Actor(id="", name="", aliases=())

_NOBODY = Subject("")
"""Whom a decoy stands for: it only hides what it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """One written form of an actor or topic, or a decoy."""

    text: str
    subject: Subject
    owner: str = ""
    """The actor that has it, a decoy too."""
    ring: Subject = _NOBODY
    """Whose forms swallow each other: actors and their decoys are one ring, each topic with its own another."""
    rule: str = ""
    strength: Strength = Strength.STRONG
    case: Case = Case.ANY
    weight: float = 1.0
    since: date | None = None
    until: date | None = None

    def strength_on(self, day: date | None) -> Strength:
        """Return how far it can be trusted in an article of that day: whoever held no office then may be anybody.

        An article without a date is taken to be new.
        """
        in_office = self.until is None if day is None else (self.since or day) <= day <= (self.until or day)
        return self.strength if in_office else Strength.WEAK

    def is_written(self, text: str, span: Span) -> bool:
        """Tell whether the words at a span of a text are written as this form has to be."""
        return is_listing(self.text, text, span) if self.rule == LISTING else is_kept(self.text, self.case, text, span)


_Entry = tuple[str, Bound, _Form]
_Meaning = _Form | topics.Trigger


class Changes:
    """What is found otherwise where some actors are as somebody else has them."""

    def __init__(self, changed: Sequence[Changed] = ()) -> None:
        before, after = list(_differing(changed, of=0)), list(_differing(changed, of=1))
        had, has = {form for _, _, form in before}, {form for _, _, form in after}
        self.actors = tuple(become for _, become in changed if become)
        self.gone = frozenset(had - has)
        self.added = tuple(one for one in after if one[2] not in had)
        self.folded = tuple((folded, bound) for folded, bound, form in (*before, *after) if (form in had) != (form in has))
        """Where one of these stands, and only there, something else may be found."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A form at its place in a folded part."""

    start: int
    end: int
    form: _Form


class Scanner:
    """Finds the actors and topics of one catalogue."""

    def __init__(
        self, catalogue: Catalogue, changes: Changes | None = None, *, automaton: Automaton[_Meaning] | None = None
    ) -> None:
        changes = changes or Changes()
        self._catalogue = catalogue
        self.acts = catalogue.acts
        """The words of what actors do to each other, for whoever looks at grammar."""
        self._beside = {Subject(one.subject): (_beside(one), 1) for one in (*catalogue.actors, *changes.actors)}
        self._beside |= {Subject(one.subject): (_partners(one.beside), one.at_least) for one in catalogue.topics}
        self._added = Automaton(changes.added)
        self._gone = changes.gone
        self._automaton = automaton or _automaton(catalogue)

    def laid_over(self, changes: Changes) -> Scanner:
        """Return what finds the same, but some actors as somebody else has them: small changes cost little."""
        return Scanner(self._catalogue, changes, automaton=self._automaton)

    def scan(self, document: Document) -> list[Hit]:
        """Return the hits of all actors and topics; what only a model can decide is UNSURE."""
        title, title_trips = self._find(document.title)
        text, text_trips = self._find(document.text)
        sure = {one.form.subject for one in (*title, *text) if one.form.strength_on(document.day) is Strength.STRONG}
        hits = [*self._hits(title, document, sure, is_title=True), *self._hits(text, document, sure, is_title=False)]
        hits = settled(hits, document)
        hits += topics.possible(title_trips, document, hits, is_title=True)
        hits += topics.possible(text_trips, document, hits, is_title=False)
        return hits

    def _find(self, part: Folded) -> tuple[list[_Found], list[topics.Trip]]:
        """Return the forms of a part that stand by themselves, and the triggers in it."""
        trips: list[topics.Trip] = []
        rivals: dict[Subject, list[_Found]] = {}
        for start, end, meaning in chain(self._automaton.find(part.folded), self._added.find(part.folded)):
            if isinstance(meaning, topics.Trigger):
                trips.append((start, end, meaning))
            elif self._gone and meaning in self._gone:
                continue
            elif meaning.case is Case.ANY or meaning.is_written(part.text, part.span(start, end)):
                rivals.setdefault(meaning.ring, []).append(_Found(start, end, meaning))
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
        partners, least = self._beside[form.subject] if strength is Strength.WEAK else ((form.subject,), 1)
        return Strength.CONTEXT if sum(partner in sure for partner in partners) >= least else strength


def _automaton(catalogue: Catalogue) -> Automaton[_Meaning]:
    return Automaton(
        (
            *(form for one in catalogue.actors for form in _actor_forms(one)),
            *(form for one in catalogue.topics for form in _topic_forms(one)),
            *topics.triggers(catalogue.topics),
        )
    )


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
    return _partners(actor.beside or (actor.id,))


def _partners(actors: Sequence[str]) -> tuple[Subject, ...]:
    return tuple(Subject(f"actor:{partner}") for partner in actors)


def _actor_forms(actor: Actor) -> Iterator[_Entry]:
    yield from _alias_forms(actor, actor.aliases)
    for text in forms_of(actor.code):
        form = _Form(
            text=text,
            subject=Subject(actor.subject),
            owner=actor.id,
            rule=LISTING,
            case=Case.AS_WRITTEN,
            weight=WEIGHTS[LISTING],
        )
        yield quick_fold(text), Bound.WORD, form
    yield from _decoy_forms(actor, actor.decoys)


def _alias_forms(actor: Actor, aliases: Sequence[Alias]) -> Iterator[_Entry]:
    weighing = any(one.kind is AliasKind.INSTITUTION for one in aliases)
    names = [f" {fold_name(one.text)} " for one in actor.aliases if _is_name(one)] if weighing else ()
    for alias in aliases:
        strength = Strength.UNSURE if alias.unsure else Strength.STRONG
        strength = Strength.WEAK if alias.kind is AliasKind.WEAK else strength
        case = case_of_alias(alias.text, is_sure=strength is Strength.STRONG)
        form = _Form(
            text=alias.text,
            subject=Subject(actor.subject),
            owner=actor.id,
            rule=alias.kind,
            strength=strength,
            case=case,
            weight=_weight(alias, names),
            since=alias.since,
            until=alias.until,
        )
        yield fold_name(alias.text), Bound.WORD if case is Case.SHORT else Bound.PLURAL, form
        for text in declined(alias.text):
            yield quick_fold(text), Bound.WORD, replace(form, text=text, case=Case.AS_WRITTEN)


def _decoy_forms(actor: Actor, decoys: Sequence[str]) -> Iterator[_Entry]:
    for decoy in decoys:
        form = _Form(text=decoy, subject=_NOBODY, owner=actor.id)
        yield from ((quick_fold(text), Bound.WORD, form) for text in (decoy, *declined(decoy)))


def _differing(changed: Sequence[Changed], *, of: int) -> Iterator[_Entry]:
    """Yield those forms of what was (0) or has become (1) of actors that may not be among the others."""
    for pair in changed:
        was, become = (one or _NO_ACTOR for one in pair)
        aliases, decoys = set(was.aliases) ^ set(become.aliases), set(was.decoys) ^ set(become.decoys)
        if any(map(_is_name, aliases)):  # institutions weigh by the names in them
            aliases |= {one for one in (*was.aliases, *become.aliases) if one.kind is AliasKind.INSTITUTION}
        if (actor := pair[of]) is not None:
            yield from _alias_forms(actor, [one for one in actor.aliases if one in aliases])
            yield from _decoy_forms(actor, [one for one in actor.decoys if one in decoys])


def _is_name(alias: Alias) -> bool:
    return alias.kind not in WEIGHTS and not alias.unsure


def _weight(alias: Alias, names: Collection[str]) -> float:
    """Return what an alias weighs; an institution with the name of its actor in it hides that name, so it weighs as much."""
    if alias.kind is AliasKind.INSTITUTION and any(name in f" {fold_name(alias.text)} " for name in names):
        return 1.0
    return WEIGHTS.get(alias.kind, 1.0)


def _topic_forms(topic: Topic) -> Iterator[tuple[str, Bound, _Form]]:
    ring = Subject(topic.subject)
    for strength, phrases in ((Strength.STRONG, topic.phrases), (Strength.WEAK, topic.weak)):
        for phrase in phrases:
            form = _Form(text=phrase, subject=ring, ring=ring, rule=PHRASE, strength=strength)
            yield quick_fold(phrase), Bound.PLURAL, form
    for decoy in topic.decoys:
        yield quick_fold(decoy), Bound.WORD, _Form(text=decoy, subject=_NOBODY, ring=ring)
