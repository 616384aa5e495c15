"""Finds who takes part: for whom a noun acts, and at whom a verb or noun is aimed, the nearest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.matching.relations.lexicon import Meaning
from bot.matching.relations.tree import Tree
from bot.matching.relations.words import (
    AROUND,
    NEGATING,
    NOT_FOR_THEM,
    NOT_OF_THEM,
    OF_NOUNS,
    OFFICES,
    PLACING,
    THINGS,
    TOWARDS,
    TRANSFERRING,
)
from bot.model import Root

_BEFORE = ("compound", "amod", "nmod", "poss")
_SPOKEN = frozenset({Root.AGREE, Root.CONSULT, Root.REJECT})
_ABOUT = frozenset({"on", "upon", "over", "about"})
"""What is spoken of stands behind them."""

_JOINING = frozenset({"of", "from", "in", "for"})

Tier = tuple[int, ...]
"""Nouns that are aimed at in the same way."""


def acting(tree: Tree, noun: int, *, suffers: bool = False) -> set[int]:
    """Return the words by which a noun names who acts, or who suffers: its own, the names before it, what it is an office of."""
    found = {noun}
    if tree.lemma(noun) in NOT_OF_THEM or (tree.lemma(noun) in NOT_FOR_THEM and not suffers):
        return found
    before = tree.children(noun, *_BEFORE)
    # In `U.S. ally South Korea` only what stands after the ally is who acts.
    foreign = max((one for one in before if tree.lemma(one) in NOT_OF_THEM), default=-1)
    for one in (joined for child in before for joined in tree.conjuncts(child)):
        if one > foreign:
            found |= acting(tree, one)
    for one in tree.children(noun, "appos"):
        if tree.lemma(tree.name_of(one)[0] - 1) not in NEGATING:  # China, not Russia
            found |= acting(tree, one)
    if tree.lemma(noun) in OFFICES:
        for prep, one in tree.prepositions(noun):
            if prep in _JOINING:
                found |= acting(tree, one)
    return found


def aims(tree: Tree, verb: int, meaning: Meaning, objects: Sequence[int], *, light: bool) -> tuple[list[Tier], list[Tier]]:
    """Return at whom a verb with these objects is aimed, near and far: the first tier that holds an actor names them."""
    hanging = [(prep, noun) for prep, noun in tree.prepositions(verb) if not is_aside(prep, meaning)]
    together = tuple(noun for prep, noun in hanging if prep == "with" and (meaning.both_ways or light or not objects))
    directed = tuple(noun for prep, noun in hanging if prep in TOWARDS)
    around = tuple(noun for prep, noun in hanging if prep in AROUND and noun not in together)
    named = tuple(one for one in objects if tree.tag(one).startswith("NNP"))
    joined = joined_to(tree, objects)
    whole = tuple(objects)
    if light:
        near = [named, together, directed, *joined]
    elif tree.lemma(verb) in TRANSFERRING:
        people = tuple(one for one in objects if tree.lemma(one) not in THINGS)
        near = [named, directed, *joined, people, together]
    elif meaning.both_ways:
        near = [together, named, whole, directed, *joined]
    else:
        near = [named, whole, directed, *joined, together]
    far = [around, *joined_to(tree, (*directed, *together, *around))]
    return [tier for tier in near if tier], [tier for tier in far if tier]


def is_aside(preposition: str, meaning: Meaning) -> bool:
    """Tell whether a preposition names of an act only what it is about, or where it is: `met in X`, `agreed on X`."""
    return (meaning.both_ways and preposition in PLACING) or (meaning.root in _SPOKEN and preposition in _ABOUT)


def joined_to(tree: Tree, nouns: Iterable[int]) -> list[Tier]:
    """Return what hangs on nouns, level by level: by prepositions, or by whom what they name was done."""
    tiers: list[Tier] = []
    level = list(nouns)
    for _ in range(3):
        done = [clause for noun in level for clause in tree.children(noun, "acl") if tree.is_passive(clause)]
        level = [
            *(one for noun in level for prep, one in tree.prepositions(noun) if prep in OF_NOUNS or prep == "by"),
            *(one for clause in done for prep, one in tree.prepositions(clause) if prep == "by"),
        ]
        if not level:
            break
        tiers.append(tuple(level))
    return tiers
