"""Reads what a sentence claims: for each verb and each noun of an act who does it, at whom it is aimed, and how far it is so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from bot.matching.relations.lexicon import Lexicon, Meaning
from bot.matching.relations.parties import Tier, aims, joined_to
from bot.matching.relations.standing import Standing, standing_of
from bot.matching.relations.subjects import Subjects
from bot.matching.relations.tree import Tree
from bot.matching.relations.words import (
    DEMANDING,
    DENYING,
    ENDING,
    LIGHT,
    OF_NOUNS,
    PEOPLE,
    RECEIVING,
    SAYING,
    TOWARDS,
    UNDERGOING,
)
from bot.model import Root

_AGAINST = frozenset({"on", "against"})
"""What is done against somebody is not done both ways: `Russia's war against Ukraine`."""

_IN_ACTS = frozenset({"in", "during", "after", "amid"})
"""Prepositions by which an act names the one in which something was suffered."""

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
        sources = self.subjects.doing(verb)
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
            governed += chain(*self._aims(clause, inner, self._lexicon.of_verb(tree, clause, inner)))
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
            yield from (one for one in tree.children(holder, "xcomp", "acl") if not tree.children(one, "nsubj", "nsubjpass"))

    def _each_other(self, sources: tuple[int, ...], meaning: Meaning) -> tuple[Tier, ...]:
        """Return the subjects as each other's aims where two do it to each other: `X and Y met`."""
        several = len(sources) > 1 or any(
            self.tree.children(name, "conj")
            for noun in sources
            for name in self.tree.children(noun, "amod", "compound", "poss")
        )
        return (sources,) if meaning.both_ways and several else ()

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
        """Yield what the noun of an act says by itself: `X's attack on Y`, `the visit of X to Y`, `talks between X and Y`."""
        tree = self.tree
        meaning = self._lexicon.of_noun(tree, noun)
        if meaning.root is None:
            return
        by = {prep: [one for its, one in tree.prepositions(noun) if its == prep] for prep in ("by", "between", "of", "from")}
        names = [one for one in tree.children(noun, "poss", "amod", "compound", "nmod") if tree.is_name(one)]
        verb = tree.head(noun)
        mutual = tuple(by["between"]) or (tuple(by["of"]) if meaning.both_ways and len(by["of"]) > 1 else ())
        # Sanctions from somebody are theirs, but a withdrawal from somewhere is not.
        giving = () if meaning.root is Root.YIELD else tuple(by["from"])
        sources = mutual or tuple(by["by"]) or tuple(names) or giving
        done = tree.dep(noun) == "dobj" and tree.is_verb(verb) and tree.lemma(verb) in LIGHT
        if done and not by["by"]:
            sources = mutual or self.subjects.doing(verb) or sources
        if any(prep in _AGAINST for prep, _ in tree.prepositions(noun)):
            meaning = Meaning(meaning.root)
        within = [(noun,)] if meaning.both_ways and len(names) > 1 else []
        hanging = tuple(one for prep, one in tree.prepositions(noun) if prep in OF_NOUNS and one not in (*mutual, *sources))
        outer = tuple(one for prep, one in tree.prepositions(verb) if prep in TOWARDS) if done else ()
        tiers = [self._suffering(noun), mutual, hanging, outer, *within, *joined_to(tree, hanging)]
        yield Claim(
            word=noun,
            meaning=meaning,
            sources=sources,
            aims=tuple(tier for tier in tiers if tier),
            standing=standing_of(tree, noun),
        )

    def _suffering(self, noun: int) -> tuple[int, ...]:
        """Return who suffers an act that others are told of in passing: `killed in an attack`, `came under attack`."""
        tree = self.tree
        preposition = tree.head(noun)
        verb = tree.head(preposition)
        if tree.dep(noun) != "pobj" or not tree.is_verb(verb):
            return ()
        if tree.lemma(preposition) == "under":
            return self.subjects.surface(verb)
        if tree.lemma(preposition) not in _IN_ACTS or not self.subjects.is_bare_passive(verb):
            return self.subjects.surface(verb) if tree.lemma(verb) in UNDERGOING else ()
        return self.subjects.undergoing(verb)
