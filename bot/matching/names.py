"""Knows what the actors and topics of a catalogue are called, and what somebody who misspelt one may have meant."""

from __future__ import annotations

from difflib import get_close_matches

from bot.language.folding import quick_fold
from bot.model import AliasKind, Catalogue, Subject

ACTOR = "actor"
TOPIC = "topic"
KINDS = (ACTOR, TOPIC)
"""What a query names by `kind:name`."""


class Names:
    """The ids, names and aliases of a catalogue, whatever case and accents they are written in."""

    def __init__(self, catalogue: Catalogue) -> None:
        actors: dict[str, Subject] = {}
        topics: dict[str, Subject] = {}
        for actor in catalogue.actors:
            actors.setdefault(quick_fold(actor.id), Subject(actor.subject))
        for topic in catalogue.topics:
            topics.setdefault(quick_fold(topic.id), Subject(topic.subject))
            topics.setdefault(quick_fold(topic.name), Subject(topic.subject))
        for actor in catalogue.actors:
            actors.setdefault(quick_fold(actor.name), Subject(actor.subject))
        for actor in catalogue.actors:
            for alias in actor.aliases:
                # Alone a weak alias stands for nobody.
                if alias.kind is not AliasKind.WEAK:
                    actors.setdefault(quick_fold(alias.text), Subject(actor.subject))
        self._named = {ACTOR: actors, TOPIC: topics}
        self.acts = frozenset(name for act in catalogue.acts for name in (act.root, act.root.quad))
        """The acts and classes of acts that some word stands for."""

    def called(self, words: str) -> Subject | None:
        """Return the actor or else the topic that these words name."""
        return self.of_kind(ACTOR, words) or self.of_kind(TOPIC, words)

    def of_kind(self, kind: str, words: str) -> Subject | None:
        """Return the `actor` or `topic` that these words name."""
        return self._named[kind].get(quick_fold(words))

    def nearest(self, kind: str, words: str) -> Subject | None:
        """Return the known one whose name is most like these words, if any is."""
        wanted = quick_fold(words)
        near = get_close_matches(wanted, self._named[kind], n=1, cutoff=0.6)
        near += [name for name in self._named[kind] if wanted and wanted in name]
        return self._named[kind][near[0]] if near else None
