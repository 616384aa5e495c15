"""The seams of questions about one article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.model import Headline, History, Viewer


class HistoryStore(Protocol):
    """What is kept of single articles. Every method takes the viewer: what a server does not follow is not there for it."""

    async def history(self, viewer: Viewer, which: int | str) -> History | None:
        """Return the article of a number, or the newest of an address."""
        ...


class Articles(Protocol):
    """What chat and command line may ask of one article; raises Unanswerable with a sentence for the person."""

    async def article(self, viewer: Viewer, which: str) -> History:
        """Return the history of an article, named by its link or its number."""
        ...

    async def offered(self, viewer: Viewer, typed: str) -> Sequence[Headline]:
        """Return the newest matching articles whose titles hold what somebody types."""
        ...
