"""Reads actors/*.toml into the actors of the catalogue; the name of a file is the id of its actor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.config.files import fault, nearest, read_table
from bot.config.values import Name, Table, Texts, shown
from bot.model import Actor, Alias, AliasKind


class _File(Table):
    name: Name
    as_of: date | None = None
    names: Texts = ()
    demonyms: Texts = ()
    capitals: Texts = ()
    leaders: Texts = ()
    institutions: Texts = ()
    weak: Texts = ()
    beside: Texts = ()
    unsure: Texts = ()
    decoys: Texts = ()


def read_actors(folder: Path) -> tuple[Actor, ...]:
    """Read every file of the folder, in the order of their ids.

    Raises:
        ConfigError: a file cannot be used, or two of them claim the same words.
    """
    actors = tuple(_actor(path) for path in subject_files(folder))
    known = [actor.id for actor in actors]
    for actor in actors:
        for other in actor.beside:
            if other not in known:
                mend = nearest(other, known, otherwise="write the name of a file there, without .toml")
                raise fault(str(folder / f"{actor.id}.toml"), f"beside names {shown(other)}, an unknown actor; {mend}")
    _refuse_shared(folder, actors)
    return actors


def subject_files(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder of the catalogue, sorted.

    Raises:
        ConfigError: a file's name cannot be an id.
    """
    for path in sorted(folder.glob("*.toml")):
        plain = path.stem.replace("-", "")
        if not (plain.isascii() and plain.isalnum() and plain == plain.lower()):
            raise fault(str(path), "its name is used in queries; rename it to small letters, digits and hyphens")
        yield path


def _actor(path: Path) -> Actor:
    read = read_table(path, _File)
    by_kind = {
        AliasKind.NAME: (read.name, *read.names),
        AliasKind.DEMONYM: read.demonyms,
        AliasKind.CAPITAL: read.capitals,
        AliasKind.LEADER: read.leaders,
        AliasKind.INSTITUTION: read.institutions,
        AliasKind.WEAK: read.weak,
    }
    kinds: dict[str, AliasKind] = {}
    for kind, texts in by_kind.items():
        for text in texts:
            kinds.setdefault(text, kind)
    for text in read.unsure:
        if text not in kinds:
            mend = nearest(text, kinds, otherwise="add it to names, capitals or another list too")
            raise fault(str(path), f"unsure has {shown(text)}, which is no alias of this actor; {mend}")
    return Actor(
        id=path.stem,
        name=read.name,
        aliases=tuple(Alias(text=text, kind=kind, unsure=text in read.unsure) for text, kind in kinds.items()),
        beside=read.beside or ((path.stem,) if read.weak else ()),
        decoys=read.decoys,
    )


def _refuse_shared(folder: Path, actors: tuple[Actor, ...]) -> None:
    """Refuse words that two actors claim, unless they are weak in both: then the company they keep decides."""
    claims: dict[str, tuple[Actor, Alias]] = {}
    for actor in actors:
        for alias in actor.aliases:
            key = " ".join(alias.text.casefold().replace("-", " ").split())
            first, other = claims.setdefault(key, (actor, alias))
            if first is not actor and not alias.kind is other.kind is AliasKind.WEAK:
                said = f"{shown(alias.text)} is an alias of {first.id} too; take it out of one, or make it weak in both"
                raise fault(str(folder / f"{actor.id}.toml"), said)
