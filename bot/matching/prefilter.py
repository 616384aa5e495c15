"""Tells which of many queries an article could answer, by what was found in it, so that all others cost nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from bot.model import AllOf, AnyOf, Facet, Leaf, Query, Scope, Within, Without, leaves

Clause = frozenset[Leaf]
"""Of these leaves one at least must be found."""


class Prefilter:
    """The leaves that each of some queries needs, and under one of them the query."""

    def __init__(self, queries: Sequence[Query]) -> None:
        self._more: list[tuple[Clause, ...]] = []
        self._by_leaf: dict[Leaf, list[int]] = defaultdict(list)
        for number, query in enumerate(queries):
            first, *more = sorted(needs(query), key=len)
            self._more.append(tuple(more))
            for leaf in first:
                self._by_leaf[leaf].append(number)

    def possible(self, found: Collection[Leaf]) -> Iterator[int]:
        """Yield the numbers of the queries that these leaves could make true, in their order."""
        known = self._by_leaf
        reached = {number for leaf in found for number in known.get(leaf, ())}
        present = frozenset(found) if reached else frozenset()
        for number in sorted(reached):
            if not any(clause.isdisjoint(present) for clause in self._more[number]):
                yield number


def needs(query: Query) -> Sequence[Clause]:
    """Return what must be found for a query to hold: of each clause one leaf; at least one clause, since nothing answers by absence."""
    return _clauses(query) or (frozenset(leaves(query)),)


def _clauses(query: Query) -> Sequence[Clause]:
    """Return the clauses of a part; none for what holds where nothing is found: a facet, and what stands under NOT."""
    match query:
        case Facet() | Without():
            return ()
        case AllOf(parts):
            return tuple(dict.fromkeys(clause for part in parts for clause in _clauses(part)))
        case AnyOf(parts):
            # One clause of each part, the narrowest: whichever part holds, one leaf of the union is found.
            narrow = [min(clauses, key=len) for part in parts if (clauses := _clauses(part))]
            return (frozenset().union(*narrow),) if len(narrow) == len(parts) else ()
        case Within(Scope.SENTENCE | Scope.PARAGRAPH, part):
            return needs(part)
        case Within(_, part):
            return _clauses(part)
        case _:
            return (frozenset(leaves(query)),)
