"""Decides what an unsure form means by the entity labels around it: labels only veto, since on headlines they are noise."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.language.folding import quick_fold
from bot.language.parsing import Entity
from bot.model import AliasKind, Strength

_SOMETHING_ELSE = frozenset({"EVENT", "FAC", "LAW", "LOC", "ORG", "PERSON", "PRODUCT", "WORK_OF_ART"})
"""A longer name with one of these labels is the name of something else: American Airlines, Lee County."""

_GOVERNMENT = frozenset(
    word
    for line in (
        "administration ambassador armed army assembly cabinet chief command congress consulate council court defence defense",
        "delegation department embassy envoy force forces foreign general government leader military minister ministry mission",
        "navy office officials parliament police premier president prime regime secretary senate state",
    )
    for word in line.split()
)
"""In a longer name they say that the state is meant after all, or the holder of an office."""

_FILLING = frozenset({"and", "for", "of", "s", "the"})

_WORD = re.compile(r"\w+")


def sense_of(rule: str, form: str, sentence: str, span: tuple[int, int], entities: Iterable[Entity]) -> Strength:
    """Return whether an unsure form at a span of a sentence counts (CONTEXT) or a label vetoes it (WEAK).

    A weak form is the other way round: it counts only where a label says that it names a state.
    """
    if rule == AliasKind.WEAK:
        is_state = any(one.label == "GPE" and (one.start, one.end) == span for one in entities)
        return Strength.CONTEXT if is_state else Strength.WEAK
    around = [one for one in entities if one.start < span[1] and span[0] < one.end]
    is_vetoed = any(_vetoes(one.label, rule, form, sentence[one.start : one.end]) for one in around)
    return Strength.WEAK if is_vetoed else Strength.CONTEXT


def is_persons(form: str, sentence: str, span: tuple[int, int], entities: Iterable[Entity]) -> bool:
    """Tell whether a form stands in the longer name of a person: what that person is called from then on."""
    return any(
        one.label == "PERSON" and one.start < span[1] and span[0] < one.end and _others(sentence[one.start : one.end], form)
        for one in entities
    )


def _vetoes(label: str, rule: str, form: str, name: str) -> bool:
    if label not in _SOMETHING_ELSE:
        return False
    others = _others(name, form)
    if others & _GOVERNMENT:
        return False
    # A place is no person; for all else the label of the bare form is too often wrong.
    return bool(others) or (label == "PERSON" and rule != AliasKind.LEADER)


def _others(name: str, form: str) -> set[str]:
    """Return what a name has beside a form."""
    return _words(name) - _words(form) - _FILLING


def _words(name: str) -> set[str]:
    return set(_WORD.findall(quick_fold(name)))
