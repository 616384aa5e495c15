"""Reads headlines, in which a small model takes verbs for nouns: `US sanctions Iranian oil network`, `Russia Attacks Ukraine`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from bot.language.common import COMMON
from bot.language.forms import inflected
from bot.language.parsing import Token
from bot.matching.relations.tree import NOUN_PARTS, Tree
from bot.matching.relations.words import DENYING, LIGHT, MEANING, REFUSING, SAYING, THINGS, UNREAL

_VERB_LIKE = frozenset({"NNS", "VBZ"})
"""As what the model may see a verb in the present."""

_BEFORE = frozenset({"nsubj", "compound", "nmod", "npadvmod"})
_BEHIND = frozenset({"dobj", "appos", "npadvmod"})
_ALONE = frozenset({"ROOT", "dep", "ccomp", "parataxis"})

_OPENING = frozenset({"NNP", "NNPS", "JJ", "CD", "DT", "PRP$"})
"""What the object begins with: in `sanctions relief` the noun only goes on."""

_PARTICLES = frozenset({"down", "out", "off", "up"})
"""What goes with a verb, and seldom joins two nouns: `shoots down drone`."""

_LONG = 4
"""Words of fewer letters may be small where all others have a capital."""

_WORD = re.compile(r"[^\W\d_]+")


_KNOWN = COMMON | inflected(DENYING | LIGHT | MEANING | REFUSING | SAYING | THINGS | UNREAL)


def in_sentence_case(title: str, acts: Collection[str]) -> str:
    """Return a title in which every word has a capital with small letters where it is a common word or a word for an act."""
    words = [word for word in _WORD.finditer(title) if len(word[0]) >= _LONG]
    if len(words) < 2 or not all(word[0][0].isupper() for word in words) or title.isupper():
        return title
    return _WORD.sub(lambda word: word[0].lower() if word.start() and _is_plain(word[0], acts) else word[0], title)


def _is_plain(word: str, acts: Collection[str]) -> bool:
    return not word[1:].isupper() and (word.lower() in _KNOWN or word.lower() in acts)


def as_headline(tokens: Sequence[Token], is_act: Callable[[str], bool]) -> Sequence[Token]:
    """Return the words of a sentence with the verb and the subjects that its grammar lacks, if it is built like a headline."""
    tree, mended = Tree(tokens), list(tokens)
    for word in range(1, len(tokens) - 1):
        if tree.tag(word) in _VERB_LIKE and is_act(tree.lemma(word)) and (found := _object(tree, word)) is not None:
            _join(mended, tree, word, found)
        elif tree.tag(word) == "," and (subject := _second_subject(tree, word)) is not None:
            mended[word - 1] = replace(tokens[word - 1], dep="nsubj")
            mended[subject] = replace(tokens[subject], dep="conj", head=word - 1)
    return mended


def _is_alone(tree: Tree, noun: int) -> bool:
    """Tell whether a noun is the head of a headline, of its part before a comma, or of what somebody says."""
    is_said = tree.dep(noun) == "dobj" and tree.lemma(tree.head(noun)) in SAYING
    return is_said or tree.dep(noun) in _ALONE


def _object(tree: Tree, verb: int) -> int | None:
    """Return what a noun would do something to if it were a verb: it stands between two others, and nothing parts them."""
    above, subject = tree.head(verb), verb - 1
    if not tree.is_noun(subject) or tree.dep(subject) not in _BEFORE or tree.head(subject) not in {verb, above}:
        return None
    if tree.lemma(verb + 1) in _PARTICLES and tree.head(verb + 1) == verb:
        return tree.first(verb + 1, "pobj")
    if tree.tag(verb + 1) not in _OPENING:
        return None
    if _is_alone(tree, verb):
        behind = (one for one in tree.children(verb, *_BEHIND) if one > verb and min(tree.below(one)) == verb + 1)
        return next(behind, None)
    is_before = tree.dep(verb) in _BEFORE and above > verb and tree.is_noun(above) and _is_alone(tree, above)
    return above if is_before and verb + 1 in tree.below(above) else None


def _join(mended: list[Token], tree: Tree, verb: int, found: int) -> None:
    """Make a verb of a noun, with what stands before it as its subject and what was found behind it as its object."""
    subject, top = verb - 1, verb if _is_alone(tree, verb) else found
    for one in tree.children(top, *NOUN_PARTS):
        if one < subject:
            mended[one] = replace(mended[one], head=subject)
    head = verb if tree.head(top) == top else tree.head(top)
    dep = "ccomp" if tree.dep(top) == "dobj" else tree.dep(top)
    mended[verb] = replace(mended[verb], tag="VBZ", dep=dep, head=head)
    if tree.dep(verb + 1) == "prep":
        mended[verb + 1] = replace(mended[verb + 1], dep="prt")
    mended[subject] = replace(mended[subject], dep="nsubj", head=verb)
    mended[found] = replace(mended[found], dep="dobj", head=verb)


def _second_subject(tree: Tree, comma: int) -> int | None:
    """Return the second of two names that a comma joins before a plural verb: `China, Russia hold talks`."""
    first = comma - 1
    verb = tree.head(first)
    if tree.dep(first) != "npadvmod" or tree.tag(first) != "NNP" or tree.tag(verb) != "VBP":
        return None
    return next(
        (one for one in tree.children(verb, "nsubj") if tree.tag(one) == "NNP" and tree.name_of(one)[0] == comma + 1), None
    )
