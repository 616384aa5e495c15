"""Reads the fields that are more than a scope: `lang:`, `source:` and `since:` for the whole article, and `relation:`."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from luqum.tree import AndOperation, BaseGroup, BaseOperation, Item, SearchField, UnknownOperation, Word
from luqum.tree import Phrase as Quoted

from bot.errors import QueryError
from bot.language.folding import quick_fold
from bot.language.tongues import LANGUAGES
from bot.matching.names import ACTOR, Names
from bot.model import Facet, FacetKind, Relation, Subject
from bot.model.acts import ACTS

RELATION = "relation"

SINCE = "since"

_ENDS = ("source", "target")
_FORM = "relation:(source=actor:north-korea target=actor:russia act=cooperate)"


def facet_of(kind: str, words: str, *, at: int) -> Facet:
    """Return what must hold for an article as a whole.

    Raises:
        QueryError: there is no such language, or no word to know a source by.
    """
    if kind == FacetKind.LANG:
        return Facet(FacetKind.LANG, _language(words, at=at))
    if not any(character.isalnum() for character in quick_fold(words)):
        raise QueryError(f"“{words}” holds no letter or digit that could be found.", at=at)
    return Facet(FacetKind.SOURCE, " ".join(words.split()))


def relation_of(node: Item, names: Names) -> Relation:
    """Return who is to do what to whom.

    Raises:
        QueryError: a part is unknown, doubled or missing; the message says which.
    """
    ends: dict[str, Subject] = {}
    act = ""
    for key, kind, words, at in _parts(node):
        if key in ends or (key == "act" and act):
            raise QueryError(f"{key}= stands twice in one relation: leave one out.", at=at)
        if key == "act":
            act = _act(words, at=at)
        elif key in _ENDS:
            ends[key] = _actor(kind, words, names, at=at)
        else:
            raise QueryError(f"A relation has source=, target= and act=, as in {_FORM}.", at=at)
    if not ends or len(ends) + bool(act) < 2:
        raise QueryError(f"A relation needs an actor and one part more, as in {_FORM}.", at=node.pos)
    if ends.get("source") == ends.get("target"):
        raise QueryError("Source and target of a relation are the same actor: name two.", at=node.pos)
    return Relation(source=ends.get("source"), target=ends.get("target"), act=act)


def words_of(node: Item) -> str:
    """Return the words of a leaf of the tree, out of their quotation marks."""
    return str(node.value[1:-1] if isinstance(node, Quoted) else node.value)


def _parts(node: Item) -> Iterator[tuple[str, str, str, int]]:
    """Yield key, kind, words and place of each part of a relation: `source=actor:russia` or `source=russia`."""
    waiting = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, BaseGroup | AndOperation | UnknownOperation):
            waiting += reversed(item.children)
            continue
        if isinstance(item, BaseOperation):
            raise QueryError("The parts of a relation stand side by side, without OR.", at=item.pos)
        named = isinstance(item, SearchField) and isinstance(item.children[0], Word | Quoted)
        if named and "=" in item.name:
            key, _, kind = item.name.casefold().partition("=")
            yield key, kind, words_of(item.children[0]), item.pos
        elif isinstance(item, Word) and "=" in item.value:
            key, _, words = item.value.partition("=")
            yield key.casefold(), ACTOR, words, item.pos
        else:
            raise QueryError(f"A relation is written as {_FORM}.", at=item.pos)


def _actor(kind: str, words: str, names: Names, *, at: int) -> Subject:
    if kind != ACTOR:
        raise QueryError("Source and target of a relation are actors: write source=actor:russia.", at=at)
    if found := names.of_kind(ACTOR, words):
        return found
    near = names.nearest(ACTOR, words)
    hint = f"did you mean {near.id}?" if near else "config/actors/ names all that are known."
    raise QueryError(f"There is no actor “{words}”: {hint}", at=at)


def _act(words: str, *, at: int) -> str:
    wanted = words.casefold()
    if wanted in set(ACTS):
        return wanted
    near = get_close_matches(wanted, ACTS, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(ACTS)}."
    raise QueryError(f"There is no act “{words}”: {hint}", at=at)


def _language(words: str, *, at: int) -> str:
    wanted = quick_fold(words)
    codes = {name: code for code, name in LANGUAGES.items()}
    if wanted in LANGUAGES:
        return wanted
    if wanted in codes:
        return codes[wanted]
    near = get_close_matches(wanted, codes, n=1, cutoff=0.6)
    hint = f"did you mean {codes[near[0]]} ({near[0].title()})?" if near else "write its two letters, as en, ko, ja or zh."
    raise QueryError(f"There is no language “{words}”: {hint}", at=at)
