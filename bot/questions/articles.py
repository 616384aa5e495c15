"""What people ask of one article: where it came from, what became of it, and how it was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import Unanswerable
from bot.model import Headline, History, Viewer
from bot.ports import ArchiveStore, HistoryStore

_OFFERED = 100
"""So many of the newest matching articles are looked through for what somebody types."""

_DIGITS = 18
"""Of the longest number of an article."""

_SHOWN = 100
"""So much of what somebody typed is given back."""


def which_article(words: str) -> int | str:
    """Return the number or the link by which somebody names an article.

    Raises:
        Unanswerable: it is neither.
    """
    named = words.strip().strip("<>")
    if named.isascii() and named.isdecimal():
        return int(named[:_DIGITS])
    if named.casefold().startswith(("http://", "https://")):
        return named
    raise Unanswerable(f"“{named[:_SHOWN]}” is no link: give the address of the article, or choose one that is offered.")


def not_here(which: str) -> Unanswerable:
    """Return what to raise where a viewer sees no article of this number or link."""
    return Unanswerable(f"“{which.strip()[:_SHOWN]}” is not in the archive, or comes from a source that is not followed here.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleQuestions:
    """Answers questions about one article (the protocol `ports.Articles`)."""

    archive: ArchiveStore
    histories: HistoryStore

    async def article(self, viewer: Viewer, which: str) -> History:
        """Return the history of an article, named by its link or its number."""
        found = await self.histories.history(viewer, which_article(which))
        if found is None:
            raise not_here(which)
        return found

    async def offered(self, viewer: Viewer, typed: str) -> Sequence[Headline]:
        """Return the newest matching articles whose titles hold what somebody types."""
        newest = await self.archive.latest(viewer, watch=None, limit=_OFFERED, offset=0)
        words = typed.casefold().split()
        return [one for one in newest if all(word in one.title.casefold() for word in words)]
