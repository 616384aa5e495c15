"""Tells whether an article is about something or only mentions it, from where and how often it was found."""

from __future__ import annotations

from collections.abc import Sequence

from bot.matching.document import Document, Hit
from bot.model import AliasKind, Level, Place

_OFTEN = 2
"""So many mentions anywhere make an article about something."""

_WEIGHTS: dict[str, float] = {
    AliasKind.CAPITAL: 0.5,
    AliasKind.LEADER: 0.5,
    AliasKind.INSTITUTION: 0.5,
    AliasKind.WEAK: 0.5,
}
"""By rule; names, demonyms and whatever is searched for by its words weigh 1."""

_FADING_WORDS = 50
"""After so many words a mention weighs half."""

_AGAIN = 0.5
"""What a further mention in the same sentence weighs."""

_ABOUT = 0.5


def level_of(hits: Sequence[Hit], document: Document) -> Level:
    """Return the level of hits of one thing: about in title or lead, or when there are two."""
    at_front = any(hit.place is not Place.BODY or document.is_in_title(hit) for hit in hits)
    return Level.ABOUT if at_front or len(hits) >= _OFTEN else Level.MENTION


def score_of(hits: Sequence[Hit], document: Document, level: Level) -> float:
    """Return from 0 to 1 how much weight hits of one thing carry; from .5 where the level is about, else less."""
    in_title = in_text = 0.0
    sentences: set[int] = set()
    for hit in hits:
        weight = _WEIGHTS.get(hit.rule, 1.0)
        if document.is_in_title(hit):
            in_title += weight
            continue
        sentence = document.sentence_of(hit)
        again = _AGAIN if sentence in sentences else 1.0
        sentences.add(sentence)
        in_text += weight * again / (1 + hit.word / _FADING_WORDS)
    weight = min(1.0, in_title) + in_text
    return held_to(level, weight / (1 + weight))


def held_to(level: Level, score: float) -> float:
    """Return the score, kept on its level's side of the threshold."""
    return round(max(_ABOUT, score) if level is Level.ABOUT else min(_ABOUT - 0.01, score), 3)
