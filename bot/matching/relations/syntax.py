"""Reads what stands after `relation:`: who is to do what to whom, each part written `key=value`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from bot.errors import QueryError
from bot.matching.queries.fields import shortened
from bot.matching.queries.names import ACTOR, Names
from bot.model import ACTS, Relation, Subject

RELATION = "relation"

_ACT = "act"
_ENDS = ("source", "target")
_KEYS = (*_ENDS, _ACT)
_FORM = "relation:(source=actor:north-korea target=actor:russia act=cooperate)"

_PART = re.compile(r'\s*(?:AND\s+)?(?P<key>\w+)\s*=\s*(?P<value>(?:\w+:)?(?:"[^"]*"|[^\s"()=]+))(?=[\s)]|$)')
_KINDED = re.compile(r"(?P<kind>\w+):(?P<words>.*)", re.DOTALL)
_KEYED = re.compile(r"\s*(?:AND\s+)?\w+\s*=")


@dataclass(frozen=True, slots=True)
class _Part:
    """One `key=kind:words`, and where it stands in the query."""

    key: str
    kind: str
    words: str
    at: int


def relation_of(text: str, names: Names, *, at: int) -> Relation:
    """Return who is to do what to whom; `text` is what stands after the colon, `at` where.

    Raises:
        QueryError: a part is unknown, doubled or missing; the message says which.
    """
    ends: dict[str, Subject] = {}
    act = ""
    for part in list(_parts(text, at=at)):  # the form is checked before the names
        if part.key in ends or (part.key == _ACT and act):
            raise QueryError(f"{part.key}= stands twice in one relation: leave one out.", at=part.at)
        if part.key == _ACT:
            act = _act(part, names)
        else:
            ends[part.key] = _actor(part, names)
    if not ends or len(ends) + bool(act) < 2:
        raise QueryError(f"A relation needs an actor and one part more, as in {_FORM}.", at=at)
    if ends.get("source") == ends.get("target"):
        raise QueryError("Source and target of a relation are the same actor: name two.", at=at)
    return Relation(source=ends.get("source"), target=ends.get("target"), act=act)


def _parts(text: str, *, at: int) -> Iterator[_Part]:
    """Yield the parts from left to right; a bracket around all of them is none of theirs."""
    start, end = (1, len(text) - 1) if text.startswith("(") else (0, len(text))
    while text[start:end].strip():
        found = _PART.match(text, start, end)
        if found is None:
            raise _unreadable(text[start:end], at=at + start, is_first=start <= 1)
        key = found["key"].casefold()
        if key not in _KEYS:
            raise QueryError(
                f"“{shortened(found['key'])}=” is not known in a relation: {_hint(key, _KEYS)}", at=at + found.start("key")
            )
        value = found["value"].replace('"', "")
        kinded = _KINDED.fullmatch(value)
        kind, words = (kinded["kind"].casefold(), kinded["words"]) if kinded else ("", value)
        yield _Part(key, kind, words.rstrip(".,:!?"), at + found.start("value"))
        start = found.end()


def _unreadable(rest: str, *, at: int, is_first: bool) -> QueryError:
    at += len(rest) - len(rest.lstrip())
    if re.match(r"\s*(OR|NOT)\b", rest):
        return QueryError("The parts of a relation stand side by side, without OR, NOT or commas.", at=at)
    if not is_first and not _KEYED.match(rest):
        return QueryError(f'Put a name of several words in quotation marks: source="North Korea". The form is {_FORM}.', at=at)
    return QueryError(f"A relation is written as {_FORM}.", at=at)


def _actor(part: _Part, names: Names) -> Subject:
    if part.kind not in {"", ACTOR}:
        raise QueryError("Source and target of a relation are actors: write source=actor:russia.", at=part.at)
    return names.named(ACTOR, part.words, at=part.at)


def _act(part: _Part, names: Names) -> str:
    wanted = part.words.casefold().replace(" ", "-").replace("_", "-")
    if part.kind or wanted not in ACTS:
        raise QueryError(f"There is no act “{shortened(part.words)}”: {_hint(wanted, ACTS)}", at=part.at)
    if wanted not in names.acts:
        raise QueryError(f"No word stands for the act “{wanted}”: add some to config/acts.toml.", at=part.at)
    return wanted


def _hint(wanted: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(wanted, known, n=1, cutoff=0.6)
    near += [one for one in known if wanted and one.startswith(wanted)]
    return f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}."
