"""Reads what a sentence claims: for each verb and each noun of an act who does it, at whom it is aimed, and how far it is so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from bot.matching.relations.clauses import Standing
from bot.matching.relations.lexicon import Lexicon, Meaning
from bot.matching.relations.nouns import NounActs
from bot.matching.relations.parties import Tier, aims
from bot.matching.relations.standing import standing_of
from bot.matching.relations.subjects import Subjects
from bot.matching.relations.tree import Tree
from bot.matching.relations.words import (
    DEMANDING,
    DENYING,
    ENDING,
    LIGHT,
    PEOPLE,
    RECEIVING,
    SAYING,
)
from bot.model import COOPERATION, Root

_AGAINST = frozenset({"on", "against"})
"""What is done against somebody is not done both ways: `Russia's war against Ukraine`."""

_STATES = frozenset({"be", "have", "become", "remain", "seem", "include", "border", "mean", "know", "lack", "cost", "resemble"})
"""Verbs by themselves of no act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One act in a sentence, by the numbers of its words."""

    word: int
    meaning: Meaning
    sources: tuple[int, ...]
    aims: tuple[Tier, ...]
    standing: Standing
    distant: frozenset[int] = frozenset()
    """Those of the aims at which the act is aimed only through another verb, or hardly: Y in `threatened to attack Y`."""


class Claims:
    """The claims of one sentence, in the order of their words."""

    def __init__(self, tree: Tree, lexicon: Lexicon) -> None:
        self.tree = tree
        self._lexicon = lexicon
        self.subjects = Subjects(tree)
        self._nouns = NounActs(tree, lexicon, self.subjects)

    def __iter__(self) -> Iterator[Claim]:
        """Yield each claim."""
        tree = self.tree
        for word in range(len(tree)):
            if tree.is_verb(word) and tree.dep(word) not in {"aux", "auxpass"}:
                yield from self._demand(word)
                yield from self._of_verb(word)
            elif tree.is_noun(word) and tree.dep(word) != "compound":
                yield from self._of_noun(word)

    def _of_verb(self, verb: int) -> Iterator[Claim]:
        tree = self.tree
        if any(prep == "under" and self._lexicon.of_noun(tree, noun).root for prep, noun in tree.prepositions(verb)):
            return
        objects = self.subjects.undergoing(verb)
        meaning = self._lexicon.of_verb(tree, verb, objects)
        if meaning.root is None and (tree.lemma(verb) in _STATES or self.only_says(verb)):
            return
        doing = self.subjects.doing(verb)
        sources = (*doing, *self._nouns.doing(doing))
        if givers := self._givers(verb, objects):
            given = next((known for one in objects if (known := self._lexicon.of_noun(tree, one)).root), meaning)
            standing = standing_of(tree, verb)
            yield Claim(word=verb, meaning=given, sources=givers, aims=(self.subjects.surface(verb),), standing=standing)
            return
        near, governed, far = self._aims(verb, objects, meaning)
        own = {noun for tier in (*near, *far[:1]) for noun in tier}
        yield Claim(
            word=verb,
            meaning=meaning,
            sources=sources,
            aims=(*self._each_other(sources, meaning), *near, *governed, *far),
            standing=standing_of(tree, verb),
            distant=frozenset(noun for tier in (*governed, *far[1:]) for noun in tier if noun not in own),
        )

    def _givers(self, verb: int, objects: tuple[int, ...]) -> tuple[int, ...]:
        """Return from whom something is received; whoever receives people is their host."""
        tree = self.tree
        if tree.lemma(verb) not in RECEIVING or tree.is_passive(verb) or any(tree.lemma(one) in PEOPLE for one in objects):
            return ()
        return tuple(noun for word in (verb, *objects) for prep, noun in tree.prepositions(word) if prep == "from")

    def only_says(self, verb: int) -> bool:
        """Tell whether a verb brings what somebody says, and no more."""
        tree = self.tree
        return tree.lemma(verb) in SAYING and bool(tree.children(verb, "ccomp") or not tree.children(verb, "dobj", "dative"))

    def _aims(self, verb: int, objects: tuple[int, ...], meaning: Meaning) -> tuple[list[Tier], list[Tier], list[Tier]]:
        """Return at whom a verb is aimed: by itself, through the infinitive it governs (`threatened to attack Y`), and far off."""
        tree = self.tree
        light = tree.lemma(verb) in LIGHT | ENDING and any(self._lexicon.of_noun(tree, one).root for one in objects)
        near, far = aims(tree, verb, meaning, objects, light=light)
        governed: list[Tier] = []
        for clause in self._governed(verb):
            inner = self.subjects.undergoing(clause)
            done = self._lexicon.of_verb(tree, clause, inner)
            # Who vows to punish somebody agrees with nobody.
            if meaning.root is not Root.AGREE or (done.root and done.root.quad in COOPERATION):
                governed += chain(*self._aims(clause, inner, done))
        return near, governed, far

    def _governed(self, verb: int) -> Iterator[int]:
        """Yield the infinitives that have no subject of their own below a verb, its objects or its adjective."""
        tree = self.tree
        if tree.lemma(verb) in DENYING:
            return
        for clause in tree.children(verb, "xcomp", "advcl"):
            if not tree.children(clause, "nsubj", "nsubjpass", "mark") and tree.is_verb(clause):
                yield clause
        for holder in tree.children(verb, "acomp", "dobj", "attr"):
            for clause in tree.children(holder, "xcomp", "acl"):
                if tree.is_infinitive(clause) and not tree.children(clause, "nsubj", "nsubjpass"):
                    yield clause

    def _each_other(self, sources: tuple[int, ...], meaning: Meaning) -> tuple[Tier, ...]:
        """Return the subjects as each other's aims where two do it to each other: `X and Y met`."""
        several = len(sources) > 1 or any(self._names_several(noun) for noun in sources)
        return (sources,) if meaning.both_ways and several else ()

    def _names_several(self, noun: int) -> bool:
        """Tell whether one noun stands for several: `Indian and Pakistani soldiers`, `the leaders of X and Y`."""
        tree = self.tree
        of = [one for prep, one in tree.prepositions(noun) if prep == "of" and tree.tag(noun) == "NNS"]
        return any(tree.children(name, "conj") for name in (*tree.children(noun, "amod", "compound", "poss"), *of))

    def _demand(self, verb: int) -> Iterator[Claim]:
        """Yield what somebody says that another must do."""
        tree = self.tree
        if tree.lemma(verb) not in SAYING and self._lexicon.of_verb(tree, verb, ()).root is not Root.REQUEST:
            return
        for clause in tree.children(verb, "ccomp"):
            wanted = {tree.lemma(one) for one in tree.children(clause, "aux")} & DEMANDING
            own = tree.children(clause, "nsubj", "nsubjpass")
            asked = (
                tuple(one for each in own for one in tree.conjuncts(each)) if wanted or tree.lemma(verb) not in SAYING else ()
            )
            sources = self.subjects.doing(verb)
            if asked and sources and not set(self.subjects.surface(clause)) & set(sources):
                request = Meaning(Root.REQUEST)
                yield Claim(word=verb, meaning=request, sources=sources, aims=(asked,), standing=standing_of(tree, verb))

    def _of_noun(self, noun: int) -> Iterator[Claim]:
        """Yield what the noun of an act says by itself."""
        meaning = self._lexicon.of_noun(self.tree, noun)
        if meaning.root is None:
            return
        sources = self._nouns.sources(noun, meaning)
        aims = self._nouns.aims(noun, meaning, sources)
        if any(prep in _AGAINST for prep, _ in self.tree.prepositions(noun)):
            meaning = Meaning(meaning.root)
        yield Claim(word=noun, meaning=meaning, sources=sources, aims=aims, standing=standing_of(self.tree, noun))
