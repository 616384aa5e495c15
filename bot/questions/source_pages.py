"""Lays a list of sources out on pages: what needs somebody is on the first. Pure, and it needs to know little of each source."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import SourceBrief

LINES = 40
"""Of a page: they are at most 95 characters long, and Discord takes 4,096."""


def laid_out(sources: Sequence[SourceBrief]) -> list[list[int]]:
    """Return the numbers of the sources on each page, those in trouble first and paused ones last; nothing is one empty page."""
    pages: list[list[int]] = [[]]
    left = LINES
    for source in sorted(sources, key=_rank):
        if _lines(source) > left:
            pages.append([])
            left = LINES
        pages[-1].append(source.id)
        left -= _lines(source)
    return pages


def _rank(source: SourceBrief) -> int:
    if source.paused:
        return 3
    if source.healthy:
        return 1 if source.has_problems else 2
    return 0


def _lines(source: SourceBrief) -> int:
    """Return how much room a source takes at most: one that is paused its name, one that is well also when, others also why."""
    if source.paused:
        return 1
    if source.healthy:
        return 6 if source.has_problems else 2
    return 4
