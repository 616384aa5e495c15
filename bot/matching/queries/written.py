"""Writes a query in the watch language, with every operator; reading it again gives the same query."""

from __future__ import annotations

import re

from bot.model import AllOf, AnyOf, Facet, FacetKind, Phrase, Prefix, Query, Relation, Subject, Within, Without


def written(query: Query) -> str:  # noqa: PLR0911  # one line for each kind of query
    """Return the query as text."""
    match query:
        case Subject(subject):
            return subject
        case Phrase(words, slop):
            return f"{_quoted(words)}~{slop}" if slop else _quoted(words)
        case Prefix(stem):
            return f"{stem}*"
        case Facet(kind, value):
            return f"{kind}:{value if kind is FacetKind.LANG else _quoted(value)}"
        case Relation():
            return _relation(query)
        case Without(part):
            return f"NOT {_enclosed(part)}"
        case Within(scope, part):
            return f"{scope}:{_enclosed(part)}"
        case AllOf(parts):
            return " AND ".join(written(part) if isinstance(part, Without) else _enclosed(part) for part in parts)
        case _:
            return " OR ".join(_enclosed(part) for part in query.parts)


def _quoted(words: str) -> str:
    escaped = re.sub(r'["\\*]', r"\\\g<0>", words)
    return f'"{escaped}"'


def _relation(relation: Relation) -> str:
    source = f"source={relation.source.id}" if relation.source else ""
    target = f"target={relation.target.id}" if relation.target else ""
    act = f"act={relation.act}" if relation.act else ""
    return f"relation:({' '.join(filter(None, (source, target, act)))})"


def _enclosed(query: Query) -> str:
    return f"({written(query)})" if isinstance(query, AllOf | AnyOf | Without) else written(query)
