"""Knows what the actors and topics of a catalogue are called, and what somebody who misspelt one may have meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from bot.errors import QueryError
from bot.language.folding import fold_name, quick_fold
from bot.matching.queries.fields import shortened
from bot.model import Actor, Alias, AliasKind, Catalogue, Subject

ACTOR = "actor"
TOPIC = "topic"
KINDS = (ACTOR, TOPIC)
"""What a query names by `kind:name`."""

_ALL_KNOWN = {ACTOR: "actor list names all that are known.", TOPIC: "config/topics/ names all that are known."}
"""Where those stand that a query may name: commands may have made actors that no file has."""

_VERY_MUCH = 0.85
"""How much what somebody typed has to be like any name to be taken for it, by the ratio of `difflib`."""
_MUCH = 0.7
"""How much it has to be like an id, or the first name of all."""


class Names:
    """The ids, names and aliases of a catalogue, whatever case and accents they are written in."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        changed: Sequence[tuple[Actor | None, Actor | None]] = (),
        actors: Mapping[str, Sequence[Subject]] | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._actors = _called(catalogue) if actors is None else actors
        self._gone: set[tuple[str, Subject]] = set()
        self._added: dict[str, Subject] = {}
        for was, become in changed:
            if was is not None:
                self._gone |= {(text, Subject(was.subject)) for text in _only_of(was, become)}
            if become is not None:
                self._added = dict.fromkeys(_only_of(become, was), Subject(become.subject)) | self._added
        self._topics: dict[str, Subject] = {}
        for topic in catalogue.topics:
            self._topics.setdefault(quick_fold(topic.id), Subject(topic.subject))
            self._topics.setdefault(quick_fold(topic.name), Subject(topic.subject))
        self.acts = frozenset(name for act in catalogue.acts for name in (act.root, act.root.quad))
        """The acts and classes of acts that some word stands for."""
        self._shown = {become.subject: become.name for _, become in changed if become}

    def laid_over(self, changed: Sequence[tuple[Actor | None, Actor | None]]) -> Names:
        """Return what knows the same names, but those of some actors as somebody else has them."""
        return Names(self._catalogue, changed=changed, actors=self._actors)

    def name_of(self, subject: str) -> str:
        """Return what an actor or topic is called."""
        return self._shown.get(subject) or self._catalogue.name_of(subject)

    def called(self, words: str) -> Subject | None:
        """Return the actor or else the topic that these words name."""
        return self.of_kind(ACTOR, words) or self.of_kind(TOPIC, words)

    def of_kind(self, kind: str, words: str) -> Subject | None:
        """Return the `actor` or `topic` that these words name."""
        folded = quick_fold(words)
        return self._topics.get(folded) if kind == TOPIC else self._actor(folded)

    def named(self, kind: str, words: str, *, at: int) -> Subject:
        """Return the `actor` or `topic` that these words of a query name.

        Raises:
            QueryError: there is none; the message says who may be meant.
        """
        if found := self.of_kind(kind, words):
            return found
        near = self.nearest(kind, words)
        hint = f"did you mean {near.id}?" if near else _ALL_KNOWN[kind]
        raise QueryError(f"There is no {kind} “{shortened(words)}”: {hint}", at=at)

    def nearest(self, kind: str, words: str) -> Subject | None:
        """Return the known one whose name is most like these words, if any is."""
        wanted = quick_fold(words)
        if kind == TOPIC:
            names = known = list(self._topics)
        else:
            first = (text for actor in self._catalogue.actors for texts_of in (_id, _name) for text in texts_of(actor))
            names, known = ([one for one in each if self._actor(one)] for each in (first, (*self._actors, *self._added)))
        # Actors have thousands of names, of towns and companies too, of which one is a little like anything.
        near = get_close_matches(wanted, known, n=1, cutoff=_VERY_MUCH) or get_close_matches(wanted, names, n=1, cutoff=_MUCH)
        near += [name for name in known if wanted and wanted in name]
        return self.of_kind(kind, near[0]) if near else None

    def _actor(self, folded: str) -> Subject | None:
        known = (one for one in self._actors.get(folded, ()) if (folded, one) not in self._gone)
        return next(known, self._added.get(folded))


def _called(catalogue: Catalogue) -> dict[str, list[Subject]]:
    """Return who goes by each name: whose id it is first, then whose name, then whose alias."""
    actors: dict[str, list[Subject]] = {}
    for texts_of in (_id, _name, _own_aliases):
        for actor in catalogue.actors:
            for text in texts_of(actor):
                actors.setdefault(text, []).append(Subject(actor.subject))
    return actors


def _only_of(actor: Actor, other: Actor | None) -> Iterable[str]:
    """Return the names of an actor, without those that it has as somebody else has it, too."""
    if other is None:
        return _all_names(actor)
    own = set(actor.aliases).difference(other.aliases)
    return set(_aliases(own)).difference(_all_names(other)) if own else ()


def _all_names(actor: Actor) -> Iterator[str]:
    return (text for texts_of in (_id, _name, _own_aliases) for text in texts_of(actor))


def _id(actor: Actor) -> Iterator[str]:
    yield fold_name(actor.id)


def _name(actor: Actor) -> Iterator[str]:
    yield fold_name(actor.name)


def _own_aliases(actor: Actor) -> Iterator[str]:
    return _aliases(actor.aliases)


def _aliases(aliases: Iterable[Alias]) -> Iterator[str]:
    # Alone a weak alias stands for nobody.
    return (fold_name(alias.text) for alias in aliases if alias.kind is not AliasKind.WEAK)
