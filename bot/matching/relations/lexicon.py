"""Knows which act a verb or noun of a sentence stands for, by the words of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.language.forms import inflected, stem_of
from bot.matching.relations.tree import Tree
from bot.matching.relations.words import DATES, ENDING, IMMATERIAL, LIGHT, NAMING, PACKAGES
from bot.model import COOPERATION, Act, Root, is_act

_BESIDE = (
    "prt",
    "prep",
    "dobj",
    "nsubjpass",
    "advmod",
    "pobj",
    "dative",
    "acomp",
    "oprd",
    "agent",
    "xcomp",
    "conj",
    "compound",
)
"""What the further words of a form may be to its verb, or to what stands beside it."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word stands for."""

    root: Root | None = None
    both_ways: bool = False


UNKNOWN = Meaning()


@dataclass(frozen=True, slots=True)
class _Form:
    beside: tuple[str, ...]
    meaning: Meaning


class Lexicon:
    """The verbs and nouns of some acts."""

    def __init__(self, acts: Iterable[Act]) -> None:
        self._verbs: dict[str, list[_Form]] = {}
        self._nouns: dict[str, list[_Form]] = {}
        self._stems: dict[Root, set[str]] = {}
        for act in acts:
            for known, forms in ((self._verbs, act.verbs), (self._nouns, act.nouns)):
                for form in forms:
                    first, *beside = form.split()
                    lemma, *irregular = first.split("|")
                    meaning = Meaning(act.root, form in act.both_ways)
                    known.setdefault(lemma, []).append(_Form(tuple(beside), meaning))
                    self._stems.setdefault(act.root, set()).update((stem_of(lemma), *irregular))
        for forms_of in (*self._verbs.values(), *self._nouns.values()):
            forms_of.sort(key=lambda form: -len(form.beside))

    def stems(self, act: str) -> tuple[str, ...]:
        """Return what every word for an act begins with, in small letters; nothing where any word will do."""
        if not act:
            return ()
        own = {stem for root, stems in self._stems.items() if is_act(root, act) for stem in stems}
        # To end a cooperation is conflict, to end a conflict cooperation, whatever the noun.
        return tuple(sorted(own | {stem_of(word) for word in ENDING}))

    @cached_property
    def words(self) -> frozenset[str]:
        """The words for acts in all their forms."""
        return inflected({*self._verbs, *self._nouns}).union(*self._stems.values())

    def has_verb(self, lemma: str) -> bool:
        """Tell whether a lemma is a verb of some act."""
        return lemma in self._verbs

    def of_verb(self, tree: Tree, verb: int, objects: Sequence[int]) -> Meaning:
        """Return what a verb stands for with what stands beside it: `lift sanctions` is what its words together say."""
        forms = self._verbs.get(tree.lemma(verb), ())
        beside = _beside(tree, verb) | {tree.lemma(one) for one in objects}
        own = next((form for form in forms if beside.issuperset(form.beside)), None)
        if _is_another(tree, verb, own, objects):
            own = None
        if own and own.beside:
            return own.meaning
        done = next((meaning for one in objects if (meaning := self.of_noun(tree, one)).root), UNKNOWN)
        if done.root and tree.lemma(verb) in ENDING:
            return Meaning(Root.SANCTION if done.root.quad in COOPERATION else Root.YIELD)
        if done.root and tree.lemma(verb) in LIGHT:
            return done
        return own.meaning if own else UNKNOWN

    def of_noun(self, tree: Tree, noun: int) -> Meaning:
        """Return what a noun stands for; a name stands for nothing: March is no march."""
        if tree.lemma(noun) in PACKAGES:
            noun = next((one for prep, one in tree.prepositions(noun) if prep == "of"), noun)
        forms = () if tree.tag(noun).startswith("NNP") else self._nouns.get(tree.lemma(noun), ())
        return next((form.meaning for form in forms if _beside(tree, noun).issuperset(form.beside)), UNKNOWN)


def _is_another(tree: Tree, verb: int, form: _Form | None, objects: Sequence[int]) -> bool:
    """Tell whether a verb that stands for an act elsewhere does not here: `gave a speech`, `called it a lie`, `sought to leave`."""
    if form is None:
        return False
    if form.meaning.root is Root.AID:
        return any(tree.lemma(one) in IMMATERIAL for one in objects)
    if form.beside:
        return False
    if form.meaning.root is Root.CONSULT and tree.lemma(verb) in NAMING:
        return bool(tree.children(verb, "oprd", "ccomp"))
    return form.meaning.root is Root.REQUEST and bool(tree.children(verb, "xcomp")) and not objects


def _beside(tree: Tree, word: int) -> set[str]:
    near = [one for one in tree.children(word, *_BESIDE) if not tree.lemmas(one, "pobj") & DATES]
    further = [one for each in near for one in tree.children(each, *_BESIDE)]
    return {tree.lemma(one) for one in (*near, *further)}
