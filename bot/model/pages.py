"""Pages behind articles of which a feed gives only a part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.articles import Article
from bot.model.moments import require_aware


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaser:
    """An article whose page is to be read before it is judged, and how often that has failed."""

    article: Article
    since: datetime
    """When its source gave it as it is."""
    tries: int = 0

    def __post_init__(self) -> None:
        """Refuse a naive time."""
        require_aware(self.since)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A page gave no more than the feed; the reason is for a card, and `again` says that another try may help."""

    reason: str
    again: bool = False
