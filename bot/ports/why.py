"""The seams of explanations and feedback: why an article was or was not told, and what people think of an alert."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model import Article, Explanation, Judged, Opinion, Report, Rules, Told, Trace, Viewer, Watch


class Explainer(Protocol):
    """Traces in a worker process how articles answer queries."""

    async def explain(self, article: Article, rules: Rules, watches: Sequence[Watch], *, server: int) -> Sequence[Trace]:
        """Return how an article came to answer each watch as one server has it, or what stopped it.

        Raises:
            ReadingError: the worker failed.
        """
        ...


class ExplanationStore(Protocol):
    """What is kept of how an article was told. Every method takes the viewer: what a server does not see is not there for it."""

    async def article(self, viewer: Viewer, which: int | str) -> Article | None:
        """Return the article of a number, or the newest of an address, as it is read."""
        ...

    async def telling(self, viewer: Viewer, article_id: int, watches: Sequence[Watch]) -> Sequence[str]:
        """Return of each watch where its match was told, or which rule kept it back."""
        ...


class FeedbackStore(Protocol):
    """What people think of alerts; each method is one short transaction."""

    async def watches_told(self, viewer: Viewer, delivery_id: str) -> Sequence[tuple[int, Told]]:
        """Return the watches of a card with their ids, the strongest first; none where the viewer does not see it."""
        ...

    async def keep(self, opinion: Opinion, *, now: datetime) -> bool | None:
        """Keep what somebody thinks of an alert of a watch, in the place of what they thought before; return that."""
        ...

    async def judged(self, viewer: Viewer, watch_id: int) -> Sequence[Judged]:
        """Return the articles of a watch that the viewer's people have judged, the newest first."""
        ...


class Insights(Protocol):
    """What chat and command line may ask of why, and tell of alerts; raises Unanswerable with a sentence for the person."""

    async def explain(self, viewer: Viewer, which: str) -> Explanation:
        """Return why an article was or was not told, watch by watch."""
        ...

    async def voted_on(self, viewer: Viewer, delivery_id: str) -> Sequence[tuple[int, Told]]:
        """Return the watches of a card, each with its id, the strongest first."""
        ...

    async def vote(self, viewer: Viewer, delivery_id: str, watch_ids: Sequence[int], *, user: int, relevant: bool) -> str:
        """Keep what somebody thinks of a card for some of its watches; return what to tell them."""
        ...

    async def report(self, viewer: Viewer, name: str) -> Report:
        """Return what people think of the alerts of a watch, and what change would help."""
        ...
