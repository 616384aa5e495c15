"""Looks why the exact scan passed something over: the case it is written in, a longer name around it, or nothing at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from bot.language.folding import Folded, quick_fold
from bot.matching.document import Document, Hit
from bot.matching.queries.written import written
from bot.matching.scanning.automaton import Automaton, Bound
from bot.matching.scanning.case import Case, case_of_alias, case_of_words, is_kept
from bot.model import Actor, Alias, AliasKind, AllOf, Catalogue, Leaf, Obstacle, Phrase, Stage, Subject, Topic

_WORD = re.compile(r"\w+")

_KINDS = tuple(AliasKind)
"""What somebody thinks of first, when asked how an actor is called, comes first."""

_TRIED = 20
"""So many places where one almost stands are looked at."""

_NAMED = 4
"""So many names of an actor are told as what would have been found."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A form as it is looked for, and how its capitals are held."""

    text: str
    case: Case


class Nearly:
    """What of one catalogue almost stands in one article."""

    def __init__(self, catalogue: Catalogue, document: Document) -> None:
        self._catalogue = catalogue
        self._parts = (document.title, document.text)
        self._day = document.day

    def miss(self, leaf: Leaf) -> Obstacle:
        """Return why nothing was found of a leaf."""
        return next(self._near(leaf), None) or self._absent(leaf)

    def partners(self, leaf: Leaf) -> str:
        """Return beside whom the weak names of an actor, or the weak phrases of a topic, count."""
        actor, topic = self._actor(leaf), self._topic(leaf)
        beside = (actor.beside or (actor.id,)) if actor else topic.beside if topic else ()
        joint = " or " if topic is None or topic.at_least < len(beside) else " and "
        return joint.join(self._catalogue.name_of(f"actor:{one}") for one in beside) or written(leaf)

    def out_of_office(self, leaf: Leaf, hits: Sequence[Hit]) -> Obstacle | None:
        """Return that all of these are leaders who were not in office on the day of the article, if that is so."""
        day, actor = self._day, self._actor(leaf)
        if day is None or actor is None:
            return None
        names = {one.text: one for one in actor.aliases if one.kind is AliasKind.LEADER}
        leaders = [names.get(hit.alias) for hit in hits]
        if any(one is None or (one.since or day) <= day <= (one.until or day) for one in leaders):
            return None
        said = [f"“{one.text}” was in office {_days(one)}" for one in dict.fromkeys(leaders) if one is not None]
        return Obstacle(
            part=written(leaf),
            stage=Stage.OFFICE,
            seen=f"{', '.join(said)}, and the article is of {day}",
            mend=f"an article of those days, or a sure name of {self.partners(leaf)} in this one",
        )

    def _near(self, leaf: Leaf) -> Iterator[Obstacle]:
        forms = list(_forms_of(leaf, self._actor(leaf)))
        automaton: Automaton[_Form] = Automaton((quick_fold(one.text), Bound.PLURAL, one) for one in forms)
        for part in self._parts:
            for start, end, form in islice(automaton.find(part.folded), _TRIED):
                first, last = part.span(start, end)
                words = part.text[first:last]
                if not is_kept(form.text, form.case, part.text, (first, last)):
                    yield _miscased(leaf, form.text, words)
                elif longer := self._around(part, start, end):
                    yield _swallowed(leaf, words, longer)

    def _around(self, part: Folded, start: int, end: int) -> str:
        """Return the longer name that takes a span, if one stands there."""
        around = (
            text
            for at, to, text in self._names_and_decoys.find(part.folded)
            if at < end and start < to and to - at > end - start
        )
        return max(around, key=len, default="")

    @cached_property
    def _names_and_decoys(self) -> Automaton[str]:
        return Automaton(
            (quick_fold(text), Bound.PLURAL, text)
            for actor in self._catalogue.actors
            for text in (*actor.decoys, *(alias.text for alias in actor.aliases))
        )

    def _absent(self, leaf: Leaf) -> Obstacle:
        if isinstance(leaf, Phrase) and self._holds_words(leaf):
            apart = AllOf(tuple(map(Phrase, _WORD.findall(quick_fold(leaf.words)))))
            seen, mend = "its words are there, but not so close together in this order", f"its words anywhere: {written(apart)}"
        else:
            seen, mend = "it stands nowhere in the article", f"an article that holds {self._names(leaf)}"
        return Obstacle(part=written(leaf), stage=Stage.SCAN, seen=seen, mend=mend)

    def _holds_words(self, phrase: Phrase) -> bool:
        words = _WORD.findall(quick_fold(phrase.words))
        there = {word for part in self._parts for word in _WORD.findall(part.folded)}
        return len(words) > 1 and all(word in there for word in words)

    def _names(self, leaf: Leaf) -> str:
        actor = self._actor(leaf)
        known = [one for one in actor.aliases if _is_sure(one)] if actor else []
        names = [one.text for one in sorted(known, key=lambda one: _KINDS.index(one.kind))]
        topic = self._topic(leaf)
        names += topic.phrases if topic else ()
        return " or ".join(f"“{name}”" for name in names[:_NAMED]) or written(leaf)

    def _actor(self, leaf: Leaf) -> Actor | None:
        if not isinstance(leaf, Subject):
            return None
        return next((one for one in self._catalogue.actors if one.subject == leaf.id), None)

    def _topic(self, leaf: Leaf) -> Topic | None:
        return next((one for one in self._catalogue.topics if isinstance(leaf, Subject) and one.subject == leaf.id), None)


def _forms_of(leaf: Leaf, actor: Actor | None) -> Iterator[_Form]:
    if actor is not None:
        yield from (_Form(alias.text, case_of_alias(alias.text, is_sure=_is_sure(alias))) for alias in actor.aliases)
    elif isinstance(leaf, Phrase) and not leaf.slop:
        yield _Form(leaf.words, case_of_words(leaf.words)[0])


def _days(leader: Alias) -> str:
    """Say when somebody held an office."""
    parts = [f"from {leader.since}" if leader.since else "", f"until {leader.until}" if leader.until else ""]
    return " ".join(part for part in parts if part)


def _is_sure(alias: Alias) -> bool:
    return not alias.unsure and alias.kind is not AliasKind.WEAK


def _miscased(leaf: Leaf, form: str, words: str) -> Obstacle:
    return Obstacle(
        part=written(leaf),
        stage=Stage.CASE,
        seen=f"“{words}” is not written as the name “{form}” is",
        mend=f"“{form}” in capitals like these, among words that are not all capitals",
    )


def _swallowed(leaf: Leaf, words: str, longer: str) -> Obstacle:
    return Obstacle(
        part=written(leaf),
        stage=Stage.DECOY,
        seen=f"“{words}” is part of the longer name “{longer}”",
        mend=f"“{words}” by itself, outside of “{longer}”",
    )
