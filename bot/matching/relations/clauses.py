"""Reads what a clause says of its own act: that it is negated, doubtful or to come, or as a whole false, unlikely or never begun."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.matching.relations.tree import Tree
from bot.matching.relations.words import (
    ALLEGEDLY,
    CONDITIONAL,
    DOUBTING,
    FALSE,
    MEANING,
    NEGATING,
    NO_MORE_THAN,
    OCCURRING,
    OPENING,
    PRONOUNS,
    RATHER_THAN,
    REFUSING,
    SAYING,
    TRUE,
    UNREAL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far an act is said to have been done; an empty `undone` says that it was, or will be."""

    undone: str = ""
    """Why it counts as not done, in words: `not`, `denied`, `planned`, …"""
    said_by: int | None = None
    """The noun that names who says so."""
    alleged: bool = False
    """Whether somebody says so who is not named."""
    announced: bool = False
    """Whether it is still to come."""


_PAST = frozenset({"VBD", "VBN"})

NOT = "not so"
DENIED = "denied"
REFUSED = "refused or ended"
MEANT = "only meant or asked for"
DOUBTFUL = "only possible"
ASKED = "only asked"
CONDITION = "only on a condition"


def as_undone(standing: Standing, why: str) -> Standing:
    """Keep the first reason: it stands nearest to the act."""
    return standing if standing.undone else replace(standing, undone=why)


def own(tree: Tree, word: int, standing: Standing) -> Standing:
    """Read what hangs on the word of an act itself."""
    lemmas = tree.lemmas(word)
    if tree.is_noun(word) and lemmas & UNREAL:
        standing = as_undone(standing, DOUBTFUL)
    if is_negated(tree, word) or _denies_a_party(tree, word):
        standing = as_undone(standing, NOT)
    if _is_turned_down(tree, word):
        standing = as_undone(standing, REFUSED)
    return of_clause(tree, word, lemmas, standing)


def of_clause(tree: Tree, verb: int, lemmas: set[str], standing: Standing) -> Standing:
    """Read what a clause says of itself: its auxiliaries, its conjunction, its adverbs, its source."""
    aux = tree.lemmas(verb, "aux")
    if aux & DOUBTING and not _is_shifted_back(tree, verb, aux):
        standing = as_undone(standing, DOUBTFUL)
    if tree.lemmas(verb, "mark", "advmod") & CONDITIONAL:
        standing = as_undone(standing, CONDITION)
    if RATHER_THAN in tree.lemmas(verb, "mark"):
        standing = as_undone(standing, NOT)
    if aux & {"will", "shall", "would"}:
        standing = replace(standing, announced=True)
    if lemmas & ALLEGEDLY:
        standing = replace(standing, alleged=True)
    if standing.said_by is None and (according := _according_to(tree, verb)) is not None:
        standing = replace(standing, said_by=according)
    return standing


def is_negated(tree: Tree, word: int) -> bool:
    """Tell whether a word that denies hangs on another; `not only` does not."""
    near = [
        *tree.children(word),
        *(further for one in tree.children(word, "advmod") for further in tree.children(one, "advmod")),
    ]
    return any(tree.lemma(one) in NEGATING and not _is_only(tree, one + 1) for one in near)


def _is_only(tree: Tree, word: int) -> bool:
    return word < len(tree) and tree.lemma(word) in NO_MORE_THAN


def _denies_a_party(tree: Tree, verb: int) -> bool:
    """Tell whether `no` stands at the subject or an object: `no troops were sent`."""
    parties = tree.children(verb, "nsubj", "nsubjpass", "dobj")
    return any(tree.lemma(one) in NEGATING for party in parties for one in (party, *tree.children(party, "det")))


def _is_turned_down(tree: Tree, word: int) -> bool:
    """Tell whether a clause says that what is given or offered was not taken: `offered Russia aid, which it refused`."""
    verb = tree.head(word) if tree.dep(word) == "dobj" else word
    things = [*tree.objects(verb), *(noun for _, noun in tree.prepositions(verb)), word]
    clauses = (clause for noun in things for clause in tree.children(noun, "relcl") if tree.lemma(clause) in REFUSING)
    return any(tree.has_relative(clause, "dobj") for clause in clauses)


def _is_shifted_back(tree: Tree, verb: int, aux: set[str]) -> bool:
    """Tell whether `would` is the will of reported speech: `said it would send`, but not `says it would`."""
    governing = tree.head(verb)
    is_reported = tree.dep(verb) == "ccomp" and tree.lemma(governing) in SAYING | MEANING and tree.tag(governing) in _PAST
    return is_reported and aux & DOUBTING == {"would"}


def _according_to(tree: Tree, verb: int) -> int | None:
    for one in tree.children(verb, "prep"):
        if tree.lemma(one) in {"accord", "according"}:
            return next((noun for prep in (one, *tree.children(one, "prep")) for noun in tree.children(prep, "pobj")), None)
    return None


def as_judged(tree: Tree, verb: int, standing: Standing) -> Standing:
    """Read what a sentence says of an act as a whole: that it is false or unlikely, or has not come."""
    held = [one for one in tree.children(verb, "acomp") if tree.lemmas(one, "xcomp") <= OCCURRING]
    # In headlines the adjective is all there is: `talks with Japan unlikely`.
    said, negated = {tree.lemma(one) for one in (held if tree.is_verb(verb) else [verb])}, is_negated(tree, verb)
    is_untrue = said & FALSE and not negated
    has_not_come = negated and (said & TRUE or tree.lemma(verb) in OCCURRING)
    if is_untrue or has_not_come or _ends_before_it_begins(tree, verb):
        return as_undone(standing, NOT)
    return as_undone(standing, DOUBTFUL) if said & UNREAL or _is_imagined(tree, verb) else standing


def _ends_before_it_begins(tree: Tree, verb: int) -> bool:
    """Tell whether something ended before its time: `collapsed before they began`."""
    clauses = (one for one in tree.children(verb, "advcl") if tree.lemma(one) in OPENING)
    return any("before" in tree.lemmas(one, "mark") and tree.lemmas(one, "nsubj") & PRONOUNS for one in clauses)


def _is_imagined(tree: Tree, verb: int) -> bool:
    """Tell whether a sentence only says what an act would be: `a strike on Iran would be a mistake`."""
    return tree.lemma(verb) == "be" and "would" in tree.lemmas(verb, "aux")
