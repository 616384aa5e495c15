"""Finds who does a verb, also where the sentence names them only once: in other clauses, behind pronouns, in passives."""

from __future__ import annotations

from collections.abc import Callable

from bot.matching.relations.tree import Tree
from bot.matching.relations.words import (
    BLAMING,
    MEANING,
    OBJECT_CONTROL,
    OFFICES,
    PRONOUNS,
    RELATIVE,
    SAYING,
    THINGS,
    TRANSFERRING,
    UNDERGOING,
)

Nouns = tuple[int, ...]


class Subjects:
    """Who does and who undergoes the verbs of one sentence."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._known: dict[int, Nouns] = {}
        self._inherited: dict[str, Callable[[int], Nouns]] = {
            "conj": self._of_head,
            "xcomp": self._controlled,
            "advcl": self._of_head,
            "ccomp": self._controlled,
            "pcomp": self._after_preposition,
            "acl": self._of_noun,
        }

    def doing(self, verb: int) -> Nouns:
        """Return who does it; forces that are sent act for whoever sends them."""
        tree = self._tree
        if tree.is_passive(verb):
            return self._by(verb) or (self.undergoing(verb) if self.is_sent(verb) else ())
        return () if tree.lemma(verb) in UNDERGOING else self.surface(verb)

    def is_bare_passive(self, verb: int) -> bool:
        """Tell whether a verb says to whom something is done, and not by whom."""
        tree = self._tree
        return tree.is_passive(verb) and not self._by(verb) and not self.is_sent(verb)

    def _by(self, verb: int) -> Nouns:
        """Return by whom it is done, also behind what it is done with: `supplied with oil by X`."""
        hanging = list(self._tree.prepositions(verb))
        things = (noun for prep, noun in hanging if prep == "with" and self._tree.lemma(noun) in THINGS)
        behind = (one for thing in things for one in self._tree.prepositions(thing))
        return tuple(noun for prep, noun in (*hanging, *behind) if prep == "by")

    def is_sent(self, verb: int) -> bool:
        """Tell whether a passive verb says of somebody's forces that they are sent, and not by whom."""
        tree = self._tree
        if not tree.is_passive(verb) or tree.lemma(verb) not in TRANSFERRING or tree.children(verb, "agent"):
            return False
        return all(tree.lemma(noun) in THINGS for noun in self.undergoing(verb))

    def undergoing(self, verb: int) -> Nouns:
        """Return what it is done to."""
        tree = self._tree
        if tree.is_passive(verb):
            own = (tree.head(verb),) if tree.dep(verb) == "acl" else ()
            return own or self.surface(verb)
        # `urged China to leave` makes China the subject of leaving; it is what was urged too.
        raised = [
            noun
            for clause in tree.children(verb, "ccomp")
            if any(tree.lemma(one) == "to" for one in tree.children(clause, "aux"))
            for subject in tree.children(clause, "nsubj")
            for noun in tree.conjuncts(subject)
        ]
        relative = (
            [tree.head(verb)] if tree.dep(verb) == "relcl" and tree.children(verb, "nsubj") and not tree.objects(verb) else []
        )
        return (*tree.objects(verb), *raised, *relative)

    def surface(self, verb: int) -> Nouns:
        """Return the subject of a verb, its own or the one it shares with another verb."""
        if verb not in self._known:
            own = self._tree.children(verb, "nsubj", "nsubjpass", "csubj")
            inherit = self._inherited.get(self._tree.dep(verb))
            self._known[verb] = self._named(verb, own) if own else inherit(verb) if inherit else ()
        return self._known[verb]

    def _named(self, verb: int, own: list[int]) -> Nouns:
        """Return nouns for subjects, for a pronoun what it stands for where that is plain."""
        tree = self._tree
        found: list[int] = []
        for noun in (one for each in own for one in tree.conjuncts(each)):
            if tree.lemma(noun) in RELATIVE and tree.dep(verb) == "relcl":
                found += tree.conjuncts(tree.head(verb)) if tree.tag(tree.head(verb)) in {"NNS", "NNPS"} else [tree.head(verb)]
            elif self._is_that_of_cleft(verb, noun):
                found += tree.children(tree.head(verb), "attr")
            elif tree.lemma(noun) in PRONOUNS:
                found += self._meant_by(verb, noun)
            else:
                found.append(noun)
                # Its jets act for whoever speaks of them.
                if tree.lemma(noun) in THINGS | OFFICES:
                    found += [
                        one
                        for its in tree.children(noun, "poss")
                        if tree.tag(its) == "PRP$"
                        for one in self._meant_by(verb, its)
                    ]
        return tuple(found)

    def _is_that_of_cleft(self, verb: int, noun: int) -> bool:
        """Tell whether a subject is the one of `it was X that did it`."""
        tree = self._tree
        return tree.tag(noun).startswith("W") and tree.dep(verb) == "ccomp" and tree.lemma(tree.head(verb)) == "be"

    def _meant_by(self, verb: int, pronoun: int) -> Nouns:
        """Return who speaks where a pronoun in their words most likely means them."""
        tree = self._tree
        below = verb
        for above in tree.climb(verb):
            if tree.is_verb(above) and tree.dep(below) == "ccomp" and tree.lemma(above) in SAYING | MEANING:
                speaking = self.surface(above)
                plural = bool(speaking) and tree.tag(speaking[0]) in {"NNS", "NNPS"}
                return () if plural and tree.lemma(pronoun) != "they" else speaking
            below = above
        return ()

    def _of_head(self, verb: int) -> Nouns:
        above = self._tree.head(verb)
        return self.surface(above) if self._tree.is_verb(above) else ()

    def _controlled(self, verb: int) -> Nouns:
        """Return who does what another verb governs: its object after `urge` and its like, else its subject."""
        tree = self._tree
        above = tree.head(verb)
        while not tree.is_verb(above) and tree.head(above) != above:
            above = tree.head(above)
        if not tree.is_verb(above):
            return ()
        objects = tree.objects(above)
        if tree.lemma(above) in OBJECT_CONTROL and objects and not tree.is_passive(above):
            return tuple(objects)
        return self.surface(above)

    def _after_preposition(self, verb: int) -> Nouns:
        """Return who is said to do it in `accused X of doing`, and who does it in `X succeeded in doing`."""
        tree = self._tree
        above = tree.head(tree.head(verb))
        if not tree.is_verb(above):
            return ()
        if tree.lemma(above) in BLAMING:
            return self.undergoing(above)
        return self.surface(above)

    def _of_noun(self, verb: int) -> Nouns:
        """Return who does it in `rebels fighting for`, and whose it is in `Iran's threat to attack`."""
        tree = self._tree
        noun = tree.head(verb)
        if not tree.is_noun(noun):
            return ()
        if tree.tag(verb) in {"VBG", "VBD"}:
            return (noun,)
        owners = tuple(tree.children(noun, "poss"))
        above = tree.head(noun)
        return owners or (self.surface(above) if tree.dep(noun) == "dobj" and tree.is_verb(above) else ())
