"""Reads topics/*.toml into the topics of the catalogue; the name of a file is the id of its topic."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from bot.config.actors import subject_files
from bot.config.files import entry, fault, nearest, read_table
from bot.config.values import Count, Lemmas, Name, Table, Texts, shown
from bot.model import Actor, Pattern, Topic


class _Pattern(Table):
    lemmas: Lemmas = ()
    within: Count | None = None
    actors: Texts = ()
    at_least: Count | None = None


class _File(Table):
    name: Name
    description: str = ""
    phrases: Texts = ()
    pattern: list[_Pattern] = Field(default_factory=list)


def read_topics(folder: Path, actors: Sequence[Actor]) -> tuple[Topic, ...]:
    """Read every file of the folder, in the order of their ids.

    Raises:
        ConfigError: a file cannot be used, or a pattern names an unknown actor.
    """
    known = [actor.id for actor in actors]
    return tuple(_topic(path, known) for path in subject_files(folder))


def _topic(path: Path, known: Sequence[str]) -> Topic:
    read = read_table(path, _File)
    if not (read.phrases or read.pattern):
        raise fault(str(path), "has neither phrases nor a [[pattern]], so nothing could ever be found; add one")
    patterns = (_pattern(entry(path, "pattern", number, None), one, known) for number, one in enumerate(read.pattern, start=1))
    return Topic(
        id=path.stem,
        name=read.name,
        description=" ".join(read.description.split()),
        phrases=read.phrases,
        patterns=tuple(patterns),
    )


def _pattern(where: str, one: _Pattern, known: Sequence[str]) -> Pattern:
    if not one.lemmas:
        raise fault(where, 'lemmas is missing; add sets of words that must stand together, like [["sell|sold"], ["missile"]]')
    for actor in one.actors:
        if actor not in known:
            mend = nearest(actor, known, otherwise="write the name of a file in actors, without .toml")
            raise fault(where, f"actors names {shown(actor)}, an unknown actor; {mend}")
    at_least = one.at_least or len(one.actors)
    if at_least > len(one.actors):
        raise fault(where, f"at_least is {at_least}, but actors names {len(one.actors)}; lower it or name more")
    return Pattern(lemmas=one.lemmas, within=one.within, actors=one.actors, at_least=at_least)
