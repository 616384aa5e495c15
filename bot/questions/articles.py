"""What people ask of one article: where it came from, what became of it, and how it was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import Unanswerable
from bot.model import Headline, History, Viewer
from bot.ports import ArchiveStore, HistoryStore

_OFFERED = 100
"""So many of the newest matching articles are looked through for what somebody types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleQuestions:
    """Answers questions about one article (the protocol `ports.Articles`)."""

    archive: ArchiveStore
    histories: HistoryStore

    async def article(self, viewer: Viewer, which: str) -> History:
        """Return the history of an article, named by its link or its number."""
        named = which.strip().strip("<>")
        if named.isascii() and named.isdecimal():
            found = await self.histories.by_number(viewer, int(named[:18]))
        elif named.casefold().startswith(("http://", "https://")):
            found = await self.histories.by_link(viewer, named)
        else:
            raise Unanswerable(f"“{named[:100]}” is no link: give the address of the article, or choose one that is offered.")
        if found is None:
            raise Unanswerable("This article is not in the archive, or comes from a source that is not followed here.")
        return found

    async def offered(self, viewer: Viewer, typed: str) -> Sequence[Headline]:
        """Return the newest matching articles whose titles hold what somebody types."""
        newest = await self.archive.latest(viewer, watch=None, limit=_OFFERED, offset=0)
        words = typed.casefold().split()
        return [one for one in newest if all(word in one.title.casefold() for word in words)]
