"""Reads topics/*.toml into the topics of the catalogue; the name of a file is the id of its topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import Field

from bot.config.actors import subject_files
from bot.config.files import entry, fault, nearest, read_table
from bot.config.values import Count, Lemma, Lemmas, Name, Table, Texts, shown
from bot.language.common import is_common
from bot.language.folding import quick_fold
from bot.model import Actor, Pattern, Topic

_SHORTEST = 3
"""Letters of the Latin alphabet that a phrase has at least."""


class _Pattern(Table):
    lemmas: Lemmas = ()
    within: Count | None = None
    actors: Texts = ()
    at_least: Count | None = None
    without: tuple[Lemma, ...] = Field(default=(), strict=False)


class _File(Table):
    name: Name
    description: str = ""
    phrases: Texts = ()
    weak: Texts = ()
    beside: Texts = ()
    at_least: Count | None = None
    decoys: Texts = ()
    pattern: list[_Pattern] = Field(default_factory=list)


def read_topics(folder: Path, actors: Sequence[Actor]) -> tuple[Topic, ...]:
    """Read every file of the folder, in the order of their ids.

    Raises:
        ConfigError: a file cannot be used, would find everything or nothing, or a pattern names an unknown actor.
    """
    known = [actor.id for actor in actors]
    return tuple(_topic(path, known) for path in subject_files(folder))


def _topic(path: Path, known: Sequence[str]) -> Topic:
    read = read_table(path, _File)
    if not (read.phrases or read.weak or read.pattern):
        raise fault(str(path), "has neither phrases nor a [[pattern]], so nothing could ever be found; add one")
    _check_phrases(str(path), "phrases", read.phrases)
    _check_phrases(str(path), "weak", read.weak)
    _check_company(str(path), read, known)
    patterns = (_pattern(entry(path, "pattern", number, None), one, known) for number, one in enumerate(read.pattern, start=1))
    return Topic(
        id=path.stem,
        name=read.name,
        description=" ".join(read.description.split()),
        phrases=read.phrases,
        weak=read.weak,
        beside=read.beside,
        at_least=read.at_least or len(read.beside) or 1,
        decoys=read.decoys,
        patterns=tuple(patterns),
    )


def _check_phrases(where: str, key: str, phrases: Sequence[str]) -> None:
    """Refuse phrases that would find everything, or stand there twice."""
    for phrase in phrases:
        if is_common(phrase):
            raise fault(where, f"{key} has {shown(phrase)}, which stands in nearly every article; add a word that tells more")
        if quick_fold(phrase).isascii() and len(quick_fold(phrase)) < _SHORTEST:
            raise fault(where, f"{key} has {shown(phrase)}, which is too short; write at least {_SHORTEST} letters")
    if twice := _first_twice(map(quick_fold, phrases)):
        raise fault(where, f"{key} has {shown(twice)} twice, in whatever case or with whatever hyphens; keep one of them")


def _check_company(where: str, read: _File, known: Sequence[str]) -> None:
    """Refuse weak phrases that nothing can help, and decoys that protect nothing."""
    _check_actors(where, "beside", read.beside, known)
    if bool(read.weak) != bool(read.beside):
        missing, given = ("beside", "weak") if read.weak else ("weak", "beside")
        raise fault(where, f"{missing} is missing: weak phrases count only beside actors; add it, or take {given} out")
    _check_count(where, read.at_least, "beside", read.beside)
    folded = [quick_fold(phrase) for phrase in (*read.phrases, *read.weak)]
    for decoy in read.decoys:
        if not any(form in quick_fold(decoy) for form in folded):
            said = f"decoys has {shown(decoy)}, in which no phrase stands; write a longer expression around one of the phrases"
            raise fault(where, said)


def _check_actors(where: str, key: str, actors: Sequence[str], known: Sequence[str]) -> None:
    for actor in actors:
        if actor not in known:
            mend = nearest(actor, known, otherwise="write the name of a file in actors, without .toml")
            raise fault(where, f"{key} names {shown(actor)}, an unknown actor; {mend}")


def _check_count(where: str, at_least: int | None, key: str, actors: Sequence[str]) -> None:
    if actors and (at_least or 0) > len(actors):
        raise fault(where, f"at_least is {at_least}, but {key} names {len(actors)}; lower it or name more")


def _pattern(where: str, one: _Pattern, known: Sequence[str]) -> Pattern:
    if not one.lemmas:
        raise fault(where, 'lemmas is missing; add sets of words that must stand together, like [["sell|sold"], ["missile"]]')
    _check_actors(where, "actors", one.actors, known)
    _check_count(where, one.at_least, "actors", one.actors)
    _check_lemmas(where, one)
    return Pattern(
        lemmas=one.lemmas,
        within=one.within,
        actors=one.actors,
        at_least=one.at_least or len(one.actors),
        without=one.without,
    )


def _check_lemmas(where: str, one: _Pattern) -> None:
    """Refuse lemma sets that hold in every article, in none, or do not mean what they look like."""
    if one.within and len(one.lemmas) == 1:
        raise fault(where, f"within is {one.within}, but lemmas has one set; add another set, or take within out")
    if twice := _first_twice(lemma for lemmas in one.lemmas for lemma in set(map(_base, lemmas))):
        raise fault(where, f"lemmas has {shown(twice)} in two sets, so one word would do for both; take it out of one")
    forbidden = {_base(lemma) for lemma in one.without}
    if both := next((lemma for lemmas in one.lemmas for lemma in map(_base, lemmas) if lemma in forbidden), None):
        raise fault(where, f"without has {shown(both)}, which lemmas has too; take it out of one")
    common = [next(filter(is_common, map(_base, lemmas)), None) for lemmas in one.lemmas]
    if all(common) and not one.actors:
        said = f"lemmas has {shown(common[0])} and no set without such words, which stand in nearly every article"
        raise fault(where, f"{said}; leave them out of one set, or name actors")


def _base(lemma: str) -> str:
    return quick_fold(lemma.partition("|")[0])


def _first_twice(words: Iterable[str]) -> str | None:
    return next((word for word, count in Counter(words).items() if count > 1), None)
