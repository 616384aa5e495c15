"""Sums the hits of an article up by actor and topic, watched or not, for the archive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.matching.document import Document, Hit
from bot.model import Mention, Place, Strength, Subject

_MOST_POSITIONS = 100
"""Kept of one actor; the counts go on."""


def mentions_of(hits: Iterable[Hit], document: Document) -> tuple[Mention, ...]:
    """Return one mention for each actor and topic that was found; hits that do not count are summed up where there are no others."""
    found: dict[str, list[Hit]] = {}
    for hit in hits:
        if isinstance(hit.leaf, Subject):
            found.setdefault(hit.leaf.id, []).append(hit)
    return tuple(_mention(subject, of_subject, document) for subject, of_subject in sorted(found.items()))


def _mention(subject: str, hits: Sequence[Hit], document: Document) -> Mention:
    counting = [hit for hit in hits if hit.strength >= Strength.CONTEXT] or hits
    in_title = [hit for hit in counting if document.is_in_title(hit)]
    in_lead = [hit for hit in counting if hit.place is Place.LEAD and not document.is_in_title(hit)]
    positions = sorted(hit.start for hit in counting if hit.place is not Place.TITLE)
    return Mention(
        subject=subject,
        strength=max(hit.strength for hit in counting),
        title=len(in_title),
        lead=len(in_lead),
        body=len(counting) - len(in_title) - len(in_lead),
        positions=tuple(positions[:_MOST_POSITIONS]),
    )
