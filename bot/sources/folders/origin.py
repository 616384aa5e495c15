"""Where a document comes from: what a reader is told beside its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.model import Dated, Draft, Problem
from bot.settings import Folders
from bot.sources.text import dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A file by its name, when it is read, and the limits on it."""

    name: str
    now: datetime
    zone: str = ""
    """The zone of dates that name none."""
    limits: Folders = field(default_factory=Folders)

    def dated(self, raw: str) -> Dated | None:
        """Return the moment that a date of this document means."""
        return dates.resolve(raw, now=self.now, zone=self.zone)

    def problem(self, reason: str) -> Problem:
        """Make a problem of this document."""
        return Problem(part=self.name, reason=reason)


Parts = Iterator[Draft | Problem]
"""What a reader yields: articles as they stand in a document, and what of it cannot be read."""

Read = Callable[[bytes, Origin], Parts]
"""A reader of one kind of file; it may raise UnreadableError and nothing else."""
