"""Reads acts.toml: the verbs and nouns that say what one actor does to another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.config.files import fault, nearest, read_table
from bot.config.values import Table, Text, shown
from bot.model import Act, Root

_MOST = 4
"""Words of a form."""


def _read_form(value: str) -> str:
    words = value.split()
    plain = all(part.isalpha() for word in words for part in word.replace("-", "|").split("|"))
    if plain and value == value.lower() and len(words) <= _MOST and not any("|" in word for word in words[1:]):
        return " ".join(words)
    said = (
        'a form is a lemma in small letters, its irregular forms after bars, then what it stands with, like "send|sent troop"'
    )
    raise ValueError(f"has {shown(value)}; {said}")


_Forms = Annotated[tuple[Annotated[Text, AfterValidator(_read_form)], ...], Field(strict=False)]


class _Words(Table):
    verbs: _Forms = ()
    nouns: _Forms = ()
    both_ways: _Forms = ()


class _File(Table):
    agree: _Words = _Words()
    consult: _Words = _Words()
    support: _Words = _Words()
    cooperate: _Words = _Words()
    aid: _Words = _Words()
    yield_: _Words = Field(default=_Words(), alias="yield")
    request: _Words = _Words()
    accuse: _Words = _Words()
    reject: _Words = _Words()
    threaten: _Words = _Words()
    protest: _Words = _Words()
    sanction: _Words = _Words()
    mobilize: _Words = _Words()
    coerce: _Words = _Words()
    assault: _Words = _Words()


_ATTRIBUTES = {Root.YIELD: "yield_"}
"""What is no name in Python."""


def read_acts(path: Path) -> tuple[Act, ...]:
    """Read the words of each root that has any.

    Raises:
        ConfigError: the file cannot be used, or two roots claim the same words.
    """
    read = read_table(path, _File)
    words = {root: _Words.model_validate(getattr(read, _ATTRIBUTES.get(root, root))) for root in Root}
    acts = tuple(_acts(path, words))
    _refuse_shared(path, acts)
    return acts


def _acts(path: Path, read: dict[Root, _Words]) -> Iterator[Act]:
    for root, words in read.items():
        own = (*words.verbs, *words.nouns)
        for form in words.both_ways:
            if form not in own:
                mend = nearest(form, own, otherwise="add it to verbs or nouns too")
                raise fault(str(path), f"{root}.both_ways has {shown(form)}, which is no word of this act; {mend}")
        if own:
            yield Act(root=root, verbs=words.verbs, nouns=words.nouns, both_ways=words.both_ways)


def _refuse_shared(path: Path, acts: tuple[Act, ...]) -> None:
    claims: dict[tuple[str, str], Root] = {}
    for act in acts:
        for kind, forms in (("verbs", act.verbs), ("nouns", act.nouns)):
            for form in forms:
                first, *rest = form.split()
                lemma = " ".join((first.split("|")[0], *rest))
                other = claims.setdefault((kind, lemma), act.root)
                if other is not act.root:
                    said = f"{act.root}.{kind} has {shown(lemma)}, which {other}.{kind} has too; take it out of one"
                    raise fault(str(path), said)
