"""Completes the end of a query while somebody types it. Pure: what was typed in, whole queries out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.model import ACTS

_START = re.compile(r"(?:^|(?<=[\s(=:])|(?<=[\s(][-+])|(?<=^[-+]))(?=\w)")
"""Where a name can begin: not within a word, such as behind a hyphen."""

_LONGEST_NAME = 6
"""Words of a name that are looked at."""

_OPERATORS = re.compile(r"(AND|OR|NOT)\b")
_OPEN_RELATION = re.compile(r"relation:\([^)]*$")
_PARTS = ("source=", "target=", "act=")
_BEGINNING = "relation:(source="


def endings(typed: str, known: Sequence[str]) -> Iterator[str]:
    """Yield the query with its last words completed, as many of them as mean something together: to what begins so first."""
    if typed.count('"') % 2:
        return
    for start in [one.start() for one in _START.finditer(typed)][-_LONGEST_NAME:]:
        head, part = typed[:start], "-".join(typed[start:].casefold().split())
        if _OPERATORS.match(typed, start):
            continue
        if fitting := [one for one in _possible(head, known) if part in one]:
            fitting.sort(key=lambda one: not (one.startswith(part) or one.partition(":")[2].startswith(part)))
            yield from (head + one for one in fitting)
            return


def _possible(head: str, known: Sequence[str]) -> Sequence[str]:
    """Return what can stand behind the head of a query."""
    if not _OPEN_RELATION.search(head):
        return [*known, _BEGINNING]
    if head.endswith("act="):
        return ACTS
    if head.endswith(("=", "=actor:")):
        return [one for one in known if one.startswith("actor:")]
    return _PARTS
