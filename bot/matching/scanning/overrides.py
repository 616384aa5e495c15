"""Lays what servers have changed over the shared catalogue: what an article is scanned for, what a query names, where to look.

Nothing here is written anywhere: the overlay of one server is seen by that server alone, whatever is shared stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from bot.language.folding import fold_name
from bot.language.forms import written_forms
from bot.matching.document import Document
from bot.matching.scanning.automaton import Automaton
from bot.matching.scanning.terms import Changed, Changes, Scanner
from bot.model import (
    CONFIG_SERVER,
    Actor,
    Alias,
    AliasKind,
    AllOf,
    AnyOf,
    Catalogue,
    Override,
    Phrase,
    Query,
    Relation,
    Rules,
    Subject,
    Within,
)


def catalogue_of(rules: Rules, server: int) -> Catalogue:
    """Return the catalogue as one server has it."""
    shared = laid_over(rules.catalogue, rules.overrides_of(CONFIG_SERVER))
    return shared if server == CONFIG_SERVER else laid_over(shared, rules.overrides_of(server))


def laid_over(catalogue: Catalogue, overrides: Sequence[Override]) -> Catalogue:
    """Return a catalogue with what somebody has changed; actors of their own come last."""
    if not overrides:
        return catalogue
    said = _by_actor(overrides)
    shared = tuple(_extended(actor, said.pop(actor.id, ())) for actor in catalogue.actors)
    return replace(catalogue, actors=(*shared, *filter(None, (_own(actor, mine) for actor, mine in said.items()))))


def changed_actors(catalogue: Catalogue, overrides: Sequence[Override]) -> tuple[Changed, ...]:
    """Return the actors that somebody has changed: as they were, and as they have become."""
    known = {actor.id: actor for actor in catalogue.actors}
    return tuple(
        (known[actor], _extended(known[actor], mine)) if actor in known else (None, _own(actor, mine))
        for actor, mine in _by_actor(overrides).items()
    )


def _by_actor(overrides: Sequence[Override]) -> dict[str, list[Override]]:
    said: dict[str, list[Override]] = {}
    for one in overrides:
        said.setdefault(one.actor, []).append(one)
    return said


def _extended(actor: Actor, mine: Sequence[Override]) -> Actor:
    """Return an actor as somebody has it: what they say of a form goes before what the catalogue says."""
    if not mine:
        return actor
    said = {fold_name(one.text) for one in mine}
    kept = (one for one in actor.aliases if fold_name(one.text) not in said)
    aliases, decoys = (*kept, *_aliases(mine)), (*(one for one in actor.decoys if fold_name(one) not in said), *_decoys(mine))
    return replace(actor, aliases=aliases, beside=_beside(actor.beside, aliases, actor.id), decoys=decoys)


def _own(actor: str, mine: Sequence[Override]) -> Actor | None:
    """Return an actor that only somebody has, called as they first named it; None where it has no name."""
    aliases = _aliases(mine)
    name = next((one.text for one in aliases if one.kind is AliasKind.NAME), None)
    if name is None:
        return None
    return Actor(id=actor, name=name, aliases=aliases, beside=_beside((), aliases, actor), decoys=_decoys(mine))


def _aliases(mine: Sequence[Override]) -> tuple[Alias, ...]:
    return tuple(Alias(text=one.text, kind=one.kind) for one in mine if one.kind is not None and not one.taken)


def _decoys(mine: Sequence[Override]) -> tuple[str, ...]:
    return tuple(one.text for one in mine if one.kind is None and not one.taken)


def _beside(known: tuple[str, ...], aliases: Iterable[Alias], actor: str) -> tuple[str, ...]:
    """Return beside whom weak aliases count: as a file says, else beside the sure ones of the actor itself."""
    return known or ((actor,) if any(one.kind is AliasKind.WEAK for one in aliases) else ())


class Overlays:
    """The scanners of all servers over one catalogue: the automaton of what is shared is built once.

    What is as it was in the rules `before` is not built again.
    """

    def __init__(self, rules: Rules, before: Overlays | None = None) -> None:
        self.catalogue = catalogue_of(rules, CONFIG_SERVER)
        self.overrides = {one.server: one.overrides for one in rules.overlays if one.server != CONFIG_SERVER}
        same = before if before is not None and before.catalogue == self.catalogue else None
        self.shared: Scanner = same.shared if same else Scanner(self.catalogue)
        self.changes: dict[int, Changes] = {
            server: same.changes[server]
            if same and same.overrides.get(server) == mine
            else Changes(changed_actors(self.catalogue, mine))
            for server, mine in self.overrides.items()
        }
        self._differing: Automaton[int] = Automaton(
            (folded, bound, server) for server, changes in self.changes.items() for folded, bound in changes.folded
        )
        self._scanners: dict[int, Scanner] = {}

    def servers(self, document: Document) -> set[int]:
        """Return for whom an article may hold something else than for all others: what they have added or taken away is in it."""
        return {server for part in (document.title, document.text) for _, _, server in self._differing.find(part.folded)}

    def of(self, server: int) -> Scanner:
        """Return what finds the actors and topics as one server has them."""
        if server not in self.changes:
            return self.shared
        if server not in self._scanners:
            self._scanners[server] = self.shared.laid_over(self.changes[server])
        return self._scanners[server]


def widening(rules: Rules, server: int) -> Callable[[Query], Query]:
    """Return what makes a query find all that may answer it: the archive keeps only what is found under shared names."""
    overrides = (*rules.overrides_of(CONFIG_SERVER), *rules.overrides_of(server))
    if not overrides:
        return lambda query: query
    return lambda query: _widened(query, catalogue_of(rules, server), overrides)


def _widened(query: Query, catalogue: Catalogue, overrides: Sequence[Override]) -> Query:
    match query:
        case Subject():
            words = dict.fromkeys(form for text in _texts(query.id, catalogue, overrides) for form in written_forms(text))
            return AnyOf((query, *map(Phrase, words))) if words else query
        case Relation():
            return _widened(AllOf(query.actors), catalogue, overrides)
        case AllOf(parts):
            return AllOf(tuple(_widened(part, catalogue, overrides) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_widened(part, catalogue, overrides) for part in parts))
        case Within(scope, part):
            return Within(scope, _widened(part, catalogue, overrides))
        case _:
            return query


def _texts(subject: str, catalogue: Catalogue, overrides: Sequence[Override]) -> Iterator[str]:
    """Yield the texts by which a subject is found here and is in no shared mention of it."""
    actors = {one.id: one for one in catalogue.actors}
    topic = next((one for one in catalogue.topics if one.subject == subject), None)
    if topic is not None:
        # A pattern beside any actors may hold by each of them.
        anybody = any(one.at_least and not one.actors for one in topic.patterns)
        asked = set(actors) if anybody else {*topic.beside, *(actor for one in topic.patterns for actor in one.actors)}
    else:
        own = subject.partition(":")[2]
        asked = {own, *(actors[own].beside if own in actors else ())}
    names = [fold_name(alias.text) for one in asked if one in actors for alias in actors[one].aliases]
    for one in overrides:
        if one.taken:
            # What stood inside of a longer name is free where that is no name any more.
            folded = fold_name(one.text)
            if any(name in folded for name in names):
                yield one.text
        elif one.kind is not None and one.actor in asked:
            yield one.text
