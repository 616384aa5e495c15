"""Under which definitions of actors and topics articles were read: what has changed since is looked for by its words, too."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property

import sqlalchemy as sa

from bot.language.forms import written_forms
from bot.model import Actor, AliasKind, AllOf, AnyOf, Catalogue, Phrase, Query, Subject, Topic
from bot.store.chunks import chunks
from bot.store.schema import articles, definitions

_ALL = 2**62
"""Beyond every id."""


class Definitions:
    """What a catalogue says of each subject."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._actors = {one.id: one for one in catalogue.actors}
        everything: tuple[Actor | Topic, ...] = (*catalogue.actors, *catalogue.topics)
        self._subjects = {one.subject: one for one in everything}

    @cached_property
    def _digests(self) -> Mapping[str, str]:
        """By subject, of all that it is found by."""
        return {subject: self._digest(one) for subject, one in self._subjects.items()}

    def _digest(self, one: Actor | Topic) -> str:
        asked = self._actors if _asks_anybody(one) else dict.fromkeys(_asked(one))
        known = (self._actors[actor] for actor in sorted(asked) if actor in self._actors)
        return hashlib.blake2b(repr((one, *known)).encode(), digest_size=32).hexdigest()

    def note(self, conn: sa.Connection) -> None:
        """Remember that from now on articles are read by this catalogue."""
        before = {row.subject: row for row in conn.execute(sa.select(definitions))}
        changed = [one for one, digest in self._digests.items() if one not in before or before[one].digest != digest]
        for some in chunks([*changed, *(before.keys() - self._digests.keys())]):
            conn.execute(sa.delete(definitions).where(definitions.c.subject.in_(some)))
        newest = conn.scalar(sa.select(sa.func.max(articles.c.id))) or 0
        if changed:
            rows = [{"subject": one, "digest": self._digests[one], "since": newest} for one in changed]
            conn.execute(sa.insert(definitions), rows)

    def outdated(self, conn: sa.Connection, subject: str) -> int:
        """Return the highest id that may have been read when a subject was found by something else; 0 if there is none."""
        if subject not in self._subjects:
            return 0
        row = conn.execute(sa.select(definitions).where(definitions.c.subject == subject)).first()
        return row.since if row is not None and row.digest == self._digests[subject] else _ALL

    def sought(self, subject: str) -> Query:
        """Return what every article answers in which a subject is found."""
        one = self._subjects[subject]
        if isinstance(one, Topic) and not all(pattern.actors for pattern in one.patterns):
            return AllOf(())  # inflected words are in no index, so that it may be any
        texts = _names(one) if isinstance(one, Actor) else (*one.phrases, *one.weak)
        words = tuple(Phrase(form) for text in dict.fromkeys(texts) for form in written_forms(text))
        actors = _asked(one) if isinstance(one, Topic) and one.patterns else ()
        return AnyOf((*words, *(Subject(f"actor:{actor}") for actor in actors)))


def _names(actor: Actor) -> Iterator[str]:
    """Yield by which names an actor may be found without another one of its own."""
    return (one.text for one in actor.aliases if actor.beside or one.kind is not AliasKind.WEAK)


def _asked(one: Actor | Topic) -> tuple[str, ...]:
    """Return which actors decide beside its own words whether something is found."""
    patterns = one.patterns if isinstance(one, Topic) else ()
    return tuple(dict.fromkeys((*one.beside, *(actor for pattern in patterns for actor in pattern.actors))))


def _asks_anybody(one: Actor | Topic) -> bool:
    return isinstance(one, Topic) and any(pattern.at_least and not pattern.actors for pattern in one.patterns)
