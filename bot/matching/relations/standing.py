"""Tells how far a sentence stands behind an act: who says so, whether it is denied, planned, asked or only thought of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.matching.relations.tree import Tree
from bot.matching.relations.words import (
    ALLEGEDLY,
    ALMOST,
    BLAMING,
    BRACED_FOR,
    BRACING,
    CARRYING_OUT,
    CLAIMS,
    CONDITIONAL,
    DENYING,
    DOUBTING,
    FALSE,
    FEARING,
    JUDGING,
    MEANING,
    NEGATING,
    NO_MORE_THAN,
    OCCURRING,
    RATHER_THAN,
    REFUSING,
    SAYING,
    SEEMING,
    SIGNS,
    STOPPING,
    TRUE,
    UNREAL,
    WITHOUT,
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


_IN_PASSING = frozenset({"relcl", "advcl"})

NOT = "not so"
DENIED = "denied"
REFUSED = "refused or ended"
MEANT = "only meant or asked for"
DOUBTFUL = "only possible"
ASKED = "only asked"
CONDITION = "only on a condition"


def standing_of(tree: Tree, word: int) -> Standing:
    """Return how far the sentence stands behind the act of a verb or noun."""
    standing = _own(tree, word, Standing())
    if tree.is_verb(word) and _lemmas(tree, word, "advmod") & ALMOST:
        standing = _undone(standing, NOT)
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


def _lemmas(tree: Tree, word: int, *deps: str) -> set[str]:
    return {tree.lemma(one) for one in tree.children(word, *deps)}


def _undone(standing: Standing, why: str) -> Standing:
    """Keep the first reason: it stands nearest to the act."""
    return standing if standing.undone else replace(standing, undone=why)


def _own(tree: Tree, word: int, standing: Standing) -> Standing:
    """Read what hangs on the word of an act itself."""
    lemmas = _lemmas(tree, word)
    if tree.is_noun(word) and lemmas & UNREAL:
        standing = _undone(standing, DOUBTFUL)
    if _is_negated(tree, word) or _denies_a_party(tree, word):
        standing = _undone(standing, NOT)
    return _of_clause(tree, word, lemmas, standing)


def _of_clause(tree: Tree, verb: int, lemmas: set[str], standing: Standing) -> Standing:
    """Read what a clause says of itself: its auxiliaries, its conjunction, its adverbs, its source."""
    aux = _lemmas(tree, verb, "aux")
    if aux & DOUBTING and not _is_shifted_back(tree, verb, aux):
        standing = _undone(standing, DOUBTFUL)
    if _lemmas(tree, verb, "mark", "advmod") & CONDITIONAL:
        standing = _undone(standing, CONDITION)
    if RATHER_THAN in _lemmas(tree, verb, "mark"):
        standing = _undone(standing, NOT)
    if aux & {"will", "shall", "would"}:
        standing = replace(standing, announced=True)
    if lemmas & ALLEGEDLY:
        standing = replace(standing, alleged=True)
    if standing.said_by is None and (according := _according_to(tree, verb)) is not None:
        standing = replace(standing, said_by=according)
    return standing


def _is_negated(tree: Tree, word: int) -> bool:
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


def _is_shifted_back(tree: Tree, verb: int, aux: set[str]) -> bool:
    """Tell whether `would` is the will of reported speech: `said it would send`."""
    governing = tree.head(verb)
    return aux & DOUBTING == {"would"} and tree.dep(verb) == "ccomp" and tree.lemma(governing) in SAYING | MEANING


def _according_to(tree: Tree, verb: int) -> int | None:
    for one in tree.children(verb, "prep"):
        if tree.lemma(one) in {"accord", "according"}:
            return next((noun for prep in (one, *tree.children(one, "prep")) for noun in tree.children(prep, "pobj")), None)
    return None


def _seen_from(tree: Tree, above: int, below: int, standing: Standing) -> Standing:
    """Return the standing of what hangs on `above` by `below`, one step up the tree."""
    dep = tree.dep(below)
    if tree.lemma(above) in WITHOUT or (dep == "pcomp" and _lemmas(tree, above, "advmod") & WITHOUT):
        return _undone(standing, NOT)
    if dep == "conj":
        # What is joined shares the auxiliaries of the first, unless it has a subject of its own.
        return standing if tree.first(below, "nsubj", "nsubjpass") is not None else _own(tree, above, standing)
    if dep == "relcl":
        return standing
    if dep in {"acl", "advcl"} and not tree.children(below, "mark") and _is_infinitive(tree, below):
        standing = _undone(standing, MEANT)
    if not tree.is_verb(above):
        return _seen_from_noun(tree, above, below, standing)
    if dep == "advcl":
        return _of_clause(tree, above, set(), standing)
    return _seen_from_verb(tree, above, below, standing)


def _is_infinitive(tree: Tree, verb: int) -> bool:
    return any(tree.lemma(one) == "to" for one in tree.children(verb, "aux"))


def _seen_from_noun(tree: Tree, noun: int, below: int, standing: Standing) -> Standing:
    if tree.dep(below) in {"acl", "prep", "ccomp"} and tree.lemma(noun) in FEARING:
        return _undone(standing, MEANT)
    if tree.dep(below) == "xcomp" and tree.lemma(noun) in MEANING:
        return _undone(standing, MEANT)
    is_said = tree.dep(below) in {"acl", "ccomp"}
    if _lemmas(tree, noun, "det") & NEGATING and (is_said or tree.lemma(noun) in SIGNS):
        return _undone(standing, NOT)
    if is_said and tree.lemma(noun) in CLAIMS and standing.said_by is None:
        return replace(standing, alleged=True)
    return standing


def _as_judged(tree: Tree, verb: int, standing: Standing) -> Standing:
    """Read what a sentence says of an act as a whole: that it is false or unlikely, or has not come."""
    held = [one for one in tree.children(verb, "acomp") if _lemmas(tree, one, "xcomp") <= OCCURRING]
    said, is_negated = {tree.lemma(one) for one in held}, _is_negated(tree, verb)
    if (said & FALSE and not is_negated) or (is_negated and (said & TRUE or tree.lemma(verb) in OCCURRING)):
        return _undone(standing, NOT)
    return _undone(standing, DOUBTFUL) if said & UNREAL else standing


def _seen_from_verb(tree: Tree, verb: int, below: int, standing: Standing) -> Standing:
    lemma, dep = tree.lemma(verb), tree.dep(below)
    is_subject = dep in {"nsubj", "nsubjpass", "agent"} and not tree.is_passive(verb)
    if is_subject or lemma == "be":
        standing = _as_judged(tree, verb, standing)
    if is_subject:
        return _of_clause(tree, verb, set(), standing)
    if lemma in DENYING | REFUSING:
        return _of_clause(tree, verb, set(), _turned_down(tree, verb, standing))
    if lemma in BRACING and dep == "prep" and tree.lemma(below) in BRACED_FOR:
        standing = _undone(standing, MEANT)
    if (lemma in SAYING and dep in {"ccomp", "xcomp", "parataxis"}) or (lemma in BLAMING and dep == "prep"):
        standing = _said(tree, verb, standing)
    elif lemma in SEEMING:
        standing = _undone(standing, DOUBTFUL)
    elif lemma in MEANING and lemma not in CARRYING_OUT and dep != "nsubj" and not _is_taken_for_granted(tree, verb, below):
        standing = _undone(standing, MEANT)
    return _own(tree, verb, standing)


def _turned_down(tree: Tree, verb: int, standing: Standing) -> Standing:
    """Read a verb that denies, refuses or ends what stands after it; denied itself it leaves that open."""
    lemma = tree.lemma(verb)
    if _is_negated(tree, verb):
        return standing if lemma in STOPPING else _undone(standing, DOUBTFUL)
    return _undone(standing, DENIED if lemma in DENYING else REFUSED)


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
