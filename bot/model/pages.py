"""Pages behind articles of which a feed gives only a part."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.articles import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaser:
    """An article whose page is to be read before it is judged, and how often that has failed."""

    article: Article
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A page gave no more than the feed; the reason is for a card, and `again` says that another try may help."""

    reason: str
    again: bool = False
