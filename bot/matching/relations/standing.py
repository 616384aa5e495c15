"""Tells how far a sentence stands behind an act: who says so, whether it is denied, planned, asked or only thought of."""

from __future__ import annotations

from dataclasses import replace

from bot.matching.relations.clauses import (
    ASKED,
    DENIED,
    DOUBTFUL,
    MEANT,
    NOT,
    REFUSED,
    Standing,
    as_judged,
    as_undone,
    is_negated,
    of_clause,
    own,
)
from bot.matching.relations.tree import Tree
from bot.matching.relations.words import (
    ALMOST,
    BLAMING,
    BRACED_FOR,
    BRACING,
    CARRYING_OUT,
    CLAIMS,
    DENYING,
    FEARING,
    GAINING,
    JUDGING,
    MEANING,
    NEGATING,
    REFUSING,
    SAYING,
    SEEMING,
    SIGNS,
    STOPPING,
    WITHOUT,
)

_IN_PASSING = frozenset({"relcl", "advcl"})


def standing_of(tree: Tree, word: int) -> Standing:
    """Return how far the sentence stands behind the act of a verb or noun."""
    standing = own(tree, word, Standing())
    if tree.is_verb(word) and tree.lemmas(word, "advmod") & ALMOST:
        standing = as_undone(standing, NOT)
    below = word
    settled = False
    for above in tree.climb(word):
        seen = _seen_from(tree, above, below, standing)
        # What is stated in passing stands, whatever becomes of the rest; only who says so still counts.
        standing = replace(seen, undone=standing.undone, announced=standing.announced) if settled else seen
        settled |= tree.dep(below) in _IN_PASSING
        below = above
    if _is_asked(tree, below) and not standing.undone:
        standing = replace(standing, undone=ASKED)
    return standing


def _seen_from(tree: Tree, above: int, below: int, standing: Standing) -> Standing:
    """Return the standing of what hangs on `above` by `below`, one step up the tree."""
    dep = tree.dep(below)
    if tree.lemma(above) in WITHOUT or (dep == "pcomp" and tree.lemmas(above, "advmod") & WITHOUT):
        return as_undone(standing, NOT)
    if dep == "conj":
        # What is joined shares the auxiliaries of the first, unless it has a subject of its own.
        return standing if tree.first(below, "nsubj", "nsubjpass") is not None else own(tree, above, standing)
    if dep == "relcl":
        return standing
    if dep in {"acl", "advcl"} and not tree.children(below, "mark") and tree.is_infinitive(below):
        standing = as_undone(standing, MEANT)
    if not tree.is_verb(above):
        return _seen_from_noun(tree, above, below, standing)
    if dep == "advcl":
        return of_clause(tree, above, set(), standing)
    return _seen_from_verb(tree, above, below, standing)


def _seen_from_noun(tree: Tree, noun: int, below: int, standing: Standing) -> Standing:
    if tree.dep(below) == "nsubj" and tree.tag(noun) == "JJ":
        return as_judged(tree, noun, standing)
    if tree.dep(below) in {"acl", "prep", "ccomp"} and tree.lemma(noun) in FEARING:
        return as_undone(standing, MEANT)
    if tree.dep(below) == "xcomp" and tree.lemma(noun) in MEANING:
        return as_undone(standing, MEANT)
    is_said = tree.dep(below) in {"acl", "ccomp"}
    if tree.lemmas(noun, "det") & NEGATING and (is_said or tree.lemma(noun) in SIGNS):
        return as_undone(standing, NOT)
    if is_said and tree.lemma(noun) in CLAIMS and standing.said_by is None:
        return replace(standing, alleged=True)
    return standing


def _seen_from_verb(tree: Tree, verb: int, below: int, standing: Standing) -> Standing:
    lemma, dep = tree.lemma(verb), tree.dep(below)
    is_subject = dep in {"nsubj", "nsubjpass", "agent"} and not tree.is_passive(verb)
    if is_subject or lemma == "be":
        standing = as_judged(tree, verb, standing)
    if is_subject:
        return of_clause(tree, verb, set(), standing)
    if dep == "xcomp" and "yet" in tree.lemmas(verb, "advmod"):
        return as_undone(standing, NOT)
    if lemma in DENYING | REFUSING or _is_kept_from(tree, verb, below):
        return of_clause(tree, verb, set(), _turned_down(tree, verb, standing))
    if lemma in BRACING and dep == "prep" and tree.lemma(below) in BRACED_FOR:
        standing = as_undone(standing, MEANT)
    if (lemma in SAYING and dep in {"ccomp", "xcomp", "parataxis"}) or (lemma in BLAMING and dep == "prep"):
        standing = _said(tree, verb, standing)
    elif lemma in SEEMING:
        standing = as_undone(standing, DOUBTFUL)
    elif lemma in MEANING and lemma not in CARRYING_OUT and dep != "nsubj" and not _is_taken_for_granted(tree, verb, below):
        standing = as_undone(standing, MEANT)
    return own(tree, verb, standing)


def _turned_down(tree: Tree, verb: int, standing: Standing) -> Standing:
    """Read a verb that denies, refuses or ends what stands after it; denied itself it leaves that open."""
    lemma = tree.lemma(verb)
    if is_negated(tree, verb):
        return standing if lemma in STOPPING else as_undone(standing, DOUBTFUL)
    return as_undone(standing, DENIED if lemma in DENYING else REFUSED)


def _is_kept_from(tree: Tree, verb: int, below: int) -> bool:
    """Tell whether somebody keeps from an act, or is kept: `held back from sending`."""
    is_from = tree.lemma(below) == "from" and bool(tree.children(below, "pcomp"))
    return is_from and tree.lemma(verb) not in GAINING | BLAMING


def _is_taken_for_granted(tree: Tree, verb: int, below: int) -> bool:
    """Tell whether an act is named as somebody's and only judged: `backs Russia's war`."""
    return tree.lemma(verb) in JUDGING and bool(tree.children(below, "poss"))


def _said(tree: Tree, verb: int, standing: Standing) -> Standing:
    """Name who says so, unless somebody nearer to the act is named."""
    if standing.said_by is not None:
        return standing
    passive = tree.is_passive(verb)
    by = [noun for prep, noun in tree.prepositions(verb) if prep == "by"] if passive else tree.children(verb, "nsubj")
    return replace(standing, said_by=by[0]) if by else replace(standing, alleged=True)


def _is_asked(tree: Tree, root: int) -> bool:
    """Tell whether the sentence ends in a question mark."""
    marks = [one for one in tree.below(root) if tree.lemma(one) == "?"]
    return bool(marks)
