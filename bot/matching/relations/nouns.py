"""Finds who takes part in the noun of an act: `X's attack on Y`, `the visit of X to Y`, `talks between X and Y`."""

from __future__ import annotations

from collections.abc import Iterator

from bot.matching.relations.lexicon import Lexicon, Meaning
from bot.matching.relations.parties import Tier, is_aside, joined_to
from bot.matching.relations.standing import standing_of
from bot.matching.relations.subjects import Nouns, Subjects
from bot.matching.relations.tree import Tree
from bot.matching.relations.words import LIGHT, OF_NOUNS, THINGS, TOWARDS, UNDERGOING
from bot.model import Quad, Root

_IN_ACTS = frozenset({"in", "during", "after", "amid"})
"""Prepositions by which an act names the one in which something was suffered."""

_BEING = frozenset({"be", "come", "remain", "stay", "live", "fall"})
"""Verbs by which somebody is under an attack."""

_GIVING = frozenset({Root.AID, Root.COOPERATE})
"""Acts in which something goes from one to another."""


class NounActs:
    """Who does and who suffers what the nouns of one sentence name."""

    def __init__(self, tree: Tree, lexicon: Lexicon, subjects: Subjects) -> None:
        self._tree = tree
        self._lexicon = lexicon
        self._subjects = subjects

    def sources(self, noun: int, meaning: Meaning) -> Nouns:
        """Return who does it."""
        return (
            self._mutual(noun, meaning)
            or self._by(noun)
            or tuple(doer for verb in self._carrying(noun) for doer in self._subjects.doing(verb))
            or self._named_before(noun)
            or self._giving(noun, meaning)
        )

    def aims(self, noun: int, meaning: Meaning, sources: Nouns) -> tuple[Tier, ...]:
        """Return at whom it is aimed, the nearest first."""
        tree = self._tree
        mutual = self._mutual(noun, meaning)
        aimed = [one for prep, one in tree.prepositions(noun) if prep in OF_NOUNS and not is_aside(prep, meaning)]
        hanging = tuple(one for one in aimed if one not in (*mutual, *sources))
        outer = tuple(one for verb in self._carrying(noun) for prep, one in tree.prepositions(verb) if prep in TOWARDS)
        within = (noun,) if meaning.both_ways and len(self._named_before(noun)) > 1 else ()
        tiers = (self._suffering(noun), mutual, hanging, outer, within, *joined_to(tree, hanging))
        return tuple(tier for tier in tiers if tier)

    def doing(self, nouns: Nouns) -> Nouns:
        """Return who does the acts among some nouns, as far as they are named behind them: X of `an attack by X killed Y`."""
        acts = [noun for noun in nouns if self._lexicon.of_noun(self._tree, noun).root]
        carrying = (verb for noun in acts for verb in self._carrying(noun))
        return (
            *(one for noun in acts for one in self._by(noun)),
            *(one for verb in carrying for one in self._subjects.doing(verb)),
        )

    def _of(self, noun: int, preposition: str) -> Nouns:
        return tuple(one for prep, one in self._tree.prepositions(noun) if prep == preposition)

    def _named_before(self, noun: int) -> Nouns:
        tree = self._tree
        return tuple(one for one in tree.children(noun, "poss", "amod", "compound", "nmod") if tree.is_name(one))

    def _mutual(self, noun: int, meaning: Meaning) -> Nouns:
        """Return those who do it to each other: `talks between X and Y`, `the meeting of X and Y`."""
        of = self._of(noun, "of") if meaning.both_ways else ()
        return self._of(noun, "between") or (of if len(of) > 1 else ())

    def _by(self, noun: int) -> Nouns:
        """Return by whom it is done, also behind what it is done to: `the expulsion of diplomats by X`."""
        done_to = (one for one in self._of(noun, "of") if not self._lexicon.of_noun(self._tree, one).root)
        return self._of(noun, "by") or tuple(by for one in done_to for by in self._of(one, "by"))

    def _carrying(self, noun: int) -> Iterator[int]:
        """Yield the verbs that say no more of it than that it is done: `launched an attack`, `the attack that X launched`."""
        tree = self._tree
        verb = tree.head(noun)
        if tree.dep(noun) == "dobj" and tree.is_verb(verb) and tree.lemma(verb) in LIGHT:
            yield verb
        for clause in tree.children(noun, "relcl"):
            is_object = noun in self._subjects.undergoing(clause) or tree.has_relative(clause, "dobj")
            if is_object and tree.lemma(clause) in LIGHT and not standing_of(tree, clause).undone:
                yield clause

    def _giving(self, noun: int, meaning: Meaning) -> Nouns:
        """Return from whom it comes: sanctions from somebody, but no withdrawal from somewhere; `delivery of X's shells to Y`."""
        given = self._of(noun, "of") if meaning.root in _GIVING and self._of(noun, "to") else ()
        things = tuple(one for one in given if self._tree.lemma(one) in THINGS)
        return things or (() if meaning.root is Root.YIELD else self._of(noun, "from"))

    def _hit(self, verb: int) -> Nouns:
        """Return who suffers an act by which a conflict is done to them: `hit by sanctions`."""
        undergoing = self._subjects.undergoing(verb)
        root = self._lexicon.of_verb(self._tree, verb, undergoing).root
        return undergoing if root and root.quad is Quad.MATERIAL_CONFLICT else ()

    def _suffering(self, noun: int) -> Nouns:
        """Return who suffers an act that others are told of in passing: `killed in an attack`, `came under attack`."""
        tree = self._tree
        if tree.dep(noun) != "pobj":
            return ()
        preposition = tree.lemma(tree.head(noun))
        holder = tree.head(tree.head(noun))
        if not tree.is_verb(holder):
            return (holder,) if preposition == "under" and tree.is_noun(holder) else ()
        if preposition == "under":
            return self._subjects.surface(holder) if tree.lemma(holder) in _BEING else ()
        if preposition == "by" and tree.is_passive(holder):
            return self._hit(holder)
        if preposition in _IN_ACTS and self._subjects.is_bare_passive(holder):
            return self._subjects.undergoing(holder)
        return self._subjects.surface(holder) if tree.lemma(holder) in UNDERGOING else ()
