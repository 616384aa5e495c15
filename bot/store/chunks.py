"""Parts a list into pieces that one statement takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

_T = TypeVar("_T")

CHUNK = 200
"""Rows a statement: SQLite takes 32,766 variables, and an article has some twenty."""


def chunks(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """Yield the items, `CHUNK` at a time."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
