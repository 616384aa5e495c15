"""Reads actors/*.toml into the actors of the catalogue; the name of a file is the id of its actor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.config.files import fault, nearest, read_table
from bot.config.values import Code, Name, Table, Texts, shown
from bot.language.folding import quick_fold
from bot.model import Actor, Alias, AliasKind


class _Leader(Table):
    """The names of one person, and when an office was held."""

    names: Texts = Field(min_length=1)
    office: str = ""
    since: date | None = Field(default=None, alias="from")
    until: date | None = None


class _File(Table):
    name: Name
    code: Code | None = None
    as_of: date | None = None
    names: Texts = ()
    demonyms: Texts = ()
    capitals: Texts = ()
    leaders: Texts = ()
    institutions: Texts = ()
    regions: Texts = ()
    cities: Texts = ()
    currencies: Texts = ()
    companies: Texts = ()
    weak: Texts = ()
    beside: Texts = ()
    unsure: Texts = ()
    decoys: Texts = ()
    leader: Annotated[tuple[_Leader, ...], Field(strict=False)] = ()


def read_actors(folder: Path) -> tuple[Actor, ...]:
    """Read every file of the folder, in the order of their ids.

    Raises:
        ConfigError: a file cannot be used, or two of them claim the same code or the same words.
    """
    actors = tuple(_actor(path) for path in subject_files(folder))
    known = [actor.id for actor in actors]
    for actor in actors:
        for other in actor.beside:
            if other not in known:
                mend = nearest(other, known, otherwise="write the name of a file there, without .toml")
                raise fault(str(folder / f"{actor.id}.toml"), f"beside names {shown(other)}, an unknown actor; {mend}")
    _refuse_shared_codes(folder, actors)
    _refuse_shared_words(folder, actors)
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
    aliases: dict[str, Alias] = {}
    for alias in (*_dated(path, read), *_undated(read)):
        aliases.setdefault(alias.text, alias)
    for text in read.unsure:
        if text not in aliases:
            mend = nearest(text, aliases, otherwise="add it to names, capitals or another list too")
            raise fault(str(path), f"unsure has {shown(text)}, which is no alias of this actor; {mend}")
        aliases[text] = replace(aliases[text], unsure=True)
    _check_decoys(str(path), read.decoys, aliases)
    return Actor(
        id=path.stem,
        name=read.name,
        code=read.code,
        aliases=tuple(aliases.values()),
        beside=read.beside or ((path.stem,) if read.weak else ()),
        decoys=read.decoys,
        as_of=read.as_of,
    )


def _check_decoys(where: str, decoys: Sequence[str], aliases: Iterable[str]) -> None:
    """Refuse decoys that hide a whole alias, or nothing of any."""
    forms = {quick_fold(text) for text in aliases}
    for decoy in decoys:
        folded = quick_fold(decoy)
        if folded in forms:
            said = "is an alias of this actor too, so that it would never be found; take it out of one"
            raise fault(where, f"decoys has {shown(decoy)}, which {said}")
        if not any(form in folded for form in forms):
            said = "in which no alias of this actor stands; write a longer expression around one of them"
            raise fault(where, f"decoys has {shown(decoy)}, {said}")


def _undated(read: _File) -> Iterator[Alias]:
    """Yield the aliases of the lists; a text in several of them is what the first makes it."""
    by_kind = {
        AliasKind.NAME: (read.name, *read.names),
        AliasKind.DEMONYM: read.demonyms,
        AliasKind.CAPITAL: read.capitals,
        AliasKind.LEADER: read.leaders,
        AliasKind.INSTITUTION: read.institutions,
        AliasKind.REGION: read.regions,
        AliasKind.CITY: read.cities,
        AliasKind.CURRENCY: read.currencies,
        AliasKind.COMPANY: read.companies,
        AliasKind.WEAK: read.weak,
    }
    for kind, texts in by_kind.items():
        for text in texts:
            yield Alias(text=text, kind=kind)


def _dated(path: Path, read: _File) -> Iterator[Alias]:
    """Yield the names of those who held an office at a time; in several offices, from the first day to the last."""
    terms: dict[str, list[_Leader]] = {}
    for leader in read.leader:
        if leader.since and leader.until and leader.until < leader.since:
            said = f"leader {shown(leader.names[0])} is in office until {leader.until}, before {leader.since}; swap the two"
            raise fault(str(path), said)
        for text in leader.names:
            terms.setdefault(text, []).append(leader)
    for text, held in terms.items():
        starts = [one.since for one in held if one.since]
        ends = [one.until for one in held if one.until]
        yield Alias(
            text=text,
            kind=AliasKind.LEADER,
            since=min(starts) if len(starts) == len(held) else None,
            until=max(ends) if len(ends) == len(held) else None,
        )


def _refuse_shared_codes(folder: Path, actors: tuple[Actor, ...]) -> None:
    claims: dict[str, Actor] = {}
    for actor in actors:
        if actor.code is not None and (first := claims.setdefault(actor.code, actor)) is not actor:
            said = f"code {actor.code} is that of {first.id} too; it belongs to one state"
            raise fault(str(folder / f"{actor.id}.toml"), said)


def _refuse_shared_words(folder: Path, actors: tuple[Actor, ...]) -> None:
    """Refuse words that two actors claim, unless something decides: the company that weak and unsure ones keep, or the days of offices."""
    claims: dict[str, list[tuple[Actor, Alias]]] = {}
    for actor in actors:
        for alias in actor.aliases:
            earlier = claims.setdefault(quick_fold(alias.text), [])
            for first, other in earlier:
                if first is not actor and not _is_decided(alias, other):
                    said = (
                        f"{shown(alias.text)} is an alias of {first.id} too; take it out of one, make it weak or unsure in both, "
                        "or date both as leaders of different days"
                    )
                    raise fault(str(folder / f"{actor.id}.toml"), said)
            earlier.append((actor, alias))


def _is_decided(one: Alias, other: Alias) -> bool:
    if AliasKind.WEAK in {one.kind, other.kind}:
        return one.kind is other.kind
    if one.unsure and other.unsure:
        return True
    return any(
        before.until is not None and after.since is not None and before.until < after.since
        for before, after in ((one, other), (other, one))
    )
