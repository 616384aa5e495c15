"""Tells whether an article is about something or only mentions it: from where and how often it was found, and beside whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import hypot

from bot.matching.document import Document, Hit
from bot.matching.scanning.listings import LISTING
from bot.model import AliasKind, Level, Place

WEIGHTS: dict[str, float] = {
    LISTING: 0.75,
    AliasKind.CAPITAL: 0.5,
    AliasKind.LEADER: 0.5,
    AliasKind.INSTITUTION: 0.5,
    AliasKind.REGION: 0.5,
    AliasKind.WEAK: 0.5,
    AliasKind.CURRENCY: 0.3,
    AliasKind.CITY: 0.25,
    AliasKind.COMPANY: 0.15,
}
"""By rule; names, demonyms and whatever is searched for by its words weigh 1."""

_FADING_WORDS = 50
"""After so many words a mention weighs half."""

_AGAIN = 0.5
"""What a further mention in the same sentence weighs."""

_ALONE = 0.5
"""What an article holds of others even where none is named: the less it weighs, the sooner a single mention is enough."""

_CROWDING = 0.25
"""How fast others that are named push one aside: with the fourth root of what they weigh."""

_EVEN = 0.7
"""What makes a score of one half the point where careful readers part."""

_ABOUT = 0.5

_BUSINESS = frozenset({AliasKind.CURRENCY, AliasKind.COMPANY})
"""Dinars are paid in many countries, and companies sell in all of them."""

_BUSINESS_ONLY = 0.4
"""The most that these reach by themselves."""


def weight_of(hits: Sequence[Hit], document: Document) -> float:
    """Return how much hits of one thing weigh: those of the title at most 1, the others the less the later they come.

    Of several in one sentence the heaviest counts in full, so that one more never makes them weigh less.
    """
    in_title = in_text = 0.0
    heaviest: dict[int, float] = {}
    for hit in hits:
        if document.is_in_title(hit):
            in_title += hit.weight
            continue
        weight = hit.weight / (1 + hit.word / _FADING_WORDS)
        sentence = document.sentence_of(hit)
        in_text += weight * _AGAIN
        heaviest[sentence] = max(weight, heaviest.get(sentence, 0.0))
    return min(1.0, in_title) + in_text + (1 - _AGAIN) * sum(heaviest.values())


def crowd_of(weights: Iterable[float]) -> float:
    """Return how much several things weigh together: one that fills an article counts for more than many in a list."""
    return hypot(*weights)


def score_of(hits: Sequence[Hit], document: Document, *, others: float) -> float:
    """Return from 0 to 1 how much an article is about what these hits are of, beside others that weigh so much together.

    What the title names is never less than about.
    """
    crowd: float = (others + _ALONE) ** _CROWDING
    ratio = weight_of(hits, document) / (_EVEN * crowd)
    score = round(ratio / (1 + ratio), 3)
    if all(hit.rule in _BUSINESS for hit in hits):
        return min(_BUSINESS_ONLY, score)
    is_headline = any(document.is_in_title(hit) and hit.weight >= 1 for hit in hits)
    return held_to(Level.ABOUT, score) if is_headline else score


def level_of(score: float) -> Level:
    """Return the level that a score reaches."""
    return Level.ABOUT if score >= _ABOUT else Level.MENTION


def held_to(level: Level, score: float) -> float:
    """Return the score, kept on its level's side of the threshold."""
    return round(max(_ABOUT, score) if level is Level.ABOUT else min(_ABOUT - 0.01, score), 3)


def reason_of(hits: Sequence[Hit], document: Document, *, weighed: Sequence[Hit], others: float | None) -> str:
    """Say in one line where an article speaks of what was found, and beside how much else: `in the title, 4 of 12 sentences; …`.

    What decided is weighed against the others; beside words none are.
    """
    in_text = {document.sentence_of(hit) for hit in hits if hit.place is not Place.TITLE}
    parts = ["in the title"] if any(document.is_in_title(hit) for hit in hits) else []
    if in_text:
        lead = "in the lead, " if any(hit.place is Place.LEAD for hit in hits) else ""
        total = len(document.sentences)
        parts.append(f"{lead}{len(in_text)} of {total} sentences" if total > 1 else "in its only sentence")
    where = ", ".join(parts)
    if others is None:
        return where
    return f"{where}; {f'weighs {weight_of(weighed, document):.1f}, other actors {others:.1f}' if others else 'no other actor'}"
