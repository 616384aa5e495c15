"""Turns Lucene's syntax into the query it means, over the parse tree of luqum; what is not known here it refuses."""

from __future__ import annotations

import re
from contextlib import redirect_stderr
from io import StringIO
from typing import TypeGuard

with redirect_stderr(StringIO()):  # its parser speaks of itself while it makes its tables
    from luqum.thread import parse
from luqum.tree import (
    BaseGroup,
    BaseOperation,
    Item,
    OrOperation,
    Plus,
    Proximity,
    SearchField,
    UnaryOperator,
    UnknownOperation,
    Word,
)
from luqum.tree import Phrase as Quoted

from bot.errors import QueryError
from bot.language.folding import quick_fold, unmarked
from bot.matching.queries.fields import SINCE, facet_of, shortened, words_of
from bot.matching.queries.names import KINDS, Names
from bot.matching.relations.syntax import RELATION, relation_of
from bot.model import (
    AllOf,
    AnyOf,
    Facet,
    FacetKind,
    Phrase,
    Prefix,
    Query,
    Scope,
    Subject,
    Within,
    Without,
    is_bare,
    leaves,
)

DEEPEST = 50
"""Groups, fields and NOTs inside each other."""

WIDEST = 50
"""Words that may stand between those of a phrase."""

SHORTEST = 3
"""Letters of a prefix."""

FIELDS = (*KINDS, *Scope, RELATION, *FacetKind)
"""What may stand before a colon."""

_WILDCARD = re.compile(r"(?<!\\)[*?]")
_STAR = re.compile(r"(?<!\\)\*")
_STEM = re.compile(r"[\w'’.&-]+")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_PLACE = re.compile(r"position (\d+)")

_REFUSED = {
    "Boost": "Weights such as ^2 are not known here: leave them out.",
    "Fuzzy": "Fuzzy words such as word~ are not known here: write the forms you mean, joined by OR.",
    "Regex": "Regular expressions are not known here: use phrases, or prefixes such as missil*.",
}
_MISPLACED_STAR = "Wildcards stand only as a * at the end of a word: missil*."
_NOTHING_WANTED = "NOT alone would take nearly every article: say beside it, joined by AND, what must be there."
_FACETS_ALONE = "lang: and source: alone say nothing of what is wanted: say beside them, joined by AND, what must be there."
_SINCE_INSIDE = "since: stands once, outside of all groups, joined by AND."
_RANGE = "Ranges are not known here: leave them out."


def read_lucene(text: str, names: Names) -> tuple[Query, bool, str]:
    """Return what a query means, whether every operator was written out, and what it says after `since:`.

    Raises:
        QueryError: it cannot be read; the message says why, `at` where.
    """
    try:
        tree = parse(text)
    except (ValueError, ArithmeticError) as error:  # luqum's own errors are ValueErrors; bad numbers after ~ and ^ are either
        raise _misplaced(text, str(error)) from error
    reader = _TreeReader(text, names)
    query, since = _without_since(_wanted(reader.read(tree, field="", depth=0), tree), tree)
    if is_bare(query):
        raise QueryError(_FACETS_ALONE, at=tree.pos)
    return query, reader.is_spelled_out, since


def phrase_of(words: str, *, slop: int = 0, at: int = 0) -> Phrase:
    """Return words as a phrase.

    Raises:
        QueryError: nothing in them could be found.
    """
    if not any(character.isalnum() for character in quick_fold(words)):
        raise QueryError(f"“{shortened(words)}” holds no letter or digit that could be found.", at=at)
    return Phrase(" ".join(words.split()), slop)


def phrase_in_quotes(quoted: str, *, slop: int = 0, at: int = 0) -> Phrase:
    r"""Return what stands between quotation marks as a phrase; `\"` is a quotation mark in it.

    Raises:
        QueryError: it holds a wildcard, or nothing that could be found.
    """
    if star := _STAR.search(quoted):
        raise QueryError(_MISPLACED_STAR, at=at + star.start())
    return phrase_of(_unescaped(quoted[1:-1]), slop=slop, at=at)


class _TreeReader:
    """Reads one tree, and notes whether an operator had to be supplied."""

    def __init__(self, text: str, names: Names) -> None:
        self._text = text
        self._names = names
        self.is_spelled_out = True

    def read(self, node: Item, *, field: str, depth: int) -> Query:
        """Return what a node means; inside `actor:`, `lang:` and their like, which `field` names, words are names."""
        if depth > DEEPEST:
            raise QueryError(f"Groups are nested more than {DEEPEST} deep here: take some brackets out.", at=node.pos)
        if isinstance(node, BaseOperation):
            return self._operation(node, field=field, depth=depth)
        if isinstance(node, BaseGroup):
            return self.read(node.children[0], field=field, depth=depth + 1)
        if isinstance(node, UnaryOperator):
            part = self.read(node.children[0], field=field, depth=depth + 1)
            return part if isinstance(node, Plus) else _negated(part)
        if isinstance(node, SearchField):
            return self._field(node, field=field, depth=depth)
        if isinstance(node, Word | Quoted | Proximity):
            return self._named(node, field) if field else _words(node)
        raise QueryError(_REFUSED.get(type(node).__name__, _RANGE), at=node.pos)

    def _operation(self, node: BaseOperation, *, field: str, depth: int) -> Query:
        runs = self._runs(node)
        alternatives = [_all([self.read(part, field=field, depth=depth + 1) for part in run], run[0]) for run in runs]
        if len(alternatives) == 1:
            return alternatives[0]
        wanted = [_wanted(one, run[0]) for one, run in zip(alternatives, runs, strict=True)]
        bare = [is_bare(one) for one in wanted]
        if any(bare) and not all(bare):
            raise QueryError(_FACETS_ALONE, at=runs[bare.index(True)][0].pos)
        return AnyOf(tuple(inner for one in wanted for inner in (one.parts if isinstance(one, AnyOf) else (one,))))

    def _runs(self, node: BaseOperation) -> list[list[Item]]:
        """Return what stands between the ORs of an operation.

        To luqum words without an operator bind more loosely than OR; here they are joined as by AND.
        """
        runs: list[list[Item]] = [[]]
        waiting: list[Item | None] = [node]
        while waiting:
            item = waiting.pop()
            if item is None:
                runs.append([])
            elif isinstance(item, BaseOperation):
                self.is_spelled_out &= not isinstance(item, UnknownOperation)
                between: list[Item | None] = [None] if isinstance(item, OrOperation) else []
                for child in reversed(item.children[1:]):
                    waiting += [child, *between]
                waiting.append(item.children[0])
            else:
                runs[-1].append(item)
        return runs

    def _field(self, node: SearchField, *, field: str, depth: int) -> Query:
        name = node.name.casefold()
        if field:
            raise QueryError(f"Inside {field}: stand only names, no other field.", at=node.pos)
        if name == RELATION:
            start, end = node.children[0].span()
            return relation_of(self._text[start:end], self._names, at=start)
        if name in KINDS or name in set(FacetKind):
            return self.read(node.children[0], field=name, depth=depth + 1)
        if name not in set(Scope):
            raise QueryError(
                f"“{shortened(node.name)}:” is not known here: the fields are {', '.join(f'{field}:' for field in FIELDS)}.",
                at=node.pos,
            )
        part = self.read(node.children[0], field="", depth=depth + 1)
        if facet := next((leaf for leaf in leaves(part) if isinstance(leaf, Facet)), None):
            raise QueryError(f"{facet.kind}: speaks of the whole article: take it out of {name}:.", at=node.pos)
        return Within(Scope(name), _wanted(part, node))

    def _named(self, node: Word | Quoted | Proximity, kind: str) -> Subject | Facet:
        """Return the actor, topic or facet that a node names."""
        if isinstance(node, Proximity):
            raise QueryError(f"A name after {kind}: takes no ~.", at=node.pos)
        words = _unescaped(unmarked(words_of(node)))
        if kind == SINCE:
            return Facet(FacetKind.SINCE, words)
        if kind in set(FacetKind):
            return facet_of(kind, words, at=node.pos)
        return self._names.named(kind, words, at=node.pos)


def _all(parts: list[Query], first: Item) -> Query:
    """Join parts by AND, without a group inside a group."""
    if len(parts) == 1:
        return parts[0]
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, AllOf) else (part,))]
    if all(isinstance(part, Without) for part in flat):
        raise QueryError(_NOTHING_WANTED, at=first.pos)
    return AllOf(tuple(flat))


def _wanted(query: Query, node: Item) -> Query:
    """Refuse a query that only says what must not be there."""
    if isinstance(query, Without):
        raise QueryError(_NOTHING_WANTED, at=node.pos)
    return query


def _without_since(query: Query, tree: Item) -> tuple[Query, str]:
    """Take `since:` out of a query; it holds for all of it."""
    parts = query.parts if isinstance(query, AllOf) else (query,)
    since = [part.value for part in parts if _is_since(part)]
    rest = tuple(part for part in parts if not _is_since(part))
    if len(since) > 1 or any(_is_since(leaf) for part in rest for leaf in leaves(part)):
        raise QueryError(_SINCE_INSIDE, at=tree.pos)
    if not rest:
        raise QueryError("since: alone takes everything: say beside it, joined by AND, what is wanted.", at=tree.pos)
    return _all(list(rest), tree), "".join(since)


def _is_since(query: Query) -> TypeGuard[Facet]:
    return isinstance(query, Facet) and query.kind is FacetKind.SINCE


def _negated(query: Query) -> Query:
    return query.part if isinstance(query, Without) else Without(query)


def _words(node: Word | Quoted | Proximity) -> Phrase | Prefix:
    """Return the phrase or prefix that a leaf of the tree is."""
    if isinstance(node, Quoted):
        return phrase_in_quotes(node.value, at=node.pos)
    if isinstance(node, Word):
        return _word(unmarked(node.value), at=node.pos)
    if node.degree > WIDEST:
        raise QueryError(f"At most {WIDEST} words may stand between those of a phrase.", at=node.pos)
    return phrase_in_quotes(node.term.value, slop=node.degree, at=node.pos)


def _word(word: str, *, at: int) -> Phrase | Prefix:
    wildcard = _WILDCARD.search(word)
    if wildcard is None:
        return phrase_of(_unescaped(word), at=at)
    stem = word[: wildcard.start()]
    if wildcard[0] != "*" or wildcard.end() < len(word):
        raise QueryError(_MISPLACED_STAR, at=at + wildcard.start())
    if sum(character.isalnum() for character in quick_fold(stem)) < SHORTEST:
        raise QueryError(f"A prefix needs {SHORTEST} letters or more: “{shortened(word)}” would find too much.", at=at)
    if not _STEM.fullmatch(stem):
        raise QueryError(f"A prefix is the beginning of one word, and “{shortened(word)}” is not.", at=at)
    return Prefix(stem)


def _unescaped(words: str) -> str:
    return _ESCAPE.sub(r"\1", words)


def _misplaced(text: str, message: str) -> QueryError:
    """Return what luqum could not read as a sentence; its message names the place, if at all, at the end."""
    places = _PLACE.findall(message)
    if "Syntax error" in message and not places:
        return QueryError("The query ends too early: something must follow.", at=len(text))
    at = int(places[-1]) if places else max(0, text.find("~"))
    token = text[at:].split(maxsplit=1)[0][:20]
    return QueryError(f"“{token}” cannot stand here: look at the operators and marks around it.", at=at)
