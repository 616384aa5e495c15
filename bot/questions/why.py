"""Why an article was or was not told, watch by watch."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.errors import ReadingError, Unanswerable
from bot.model import Explanation, Rules, Viewer, WatchTrace
from bot.ports import ArchiveStore, Explainer, ExplanationStore
from bot.questions.articles import not_here, which_article
from bot.questions.feeds import server_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Explaining:
    """Explains articles of the archive."""

    archive: ArchiveStore
    explanations: ExplanationStore
    explainer: Explainer
    rules: Callable[[], Awaitable[Rules]]

    async def explain(self, viewer: Viewer, which: str) -> Explanation:
        """Return why an article was or was not told, watch by watch; those that took it first, then those that nearly did.

        Raises:
            Unanswerable: the viewer sees no such article, or nothing is watched.
        """
        article = await self.explanations.article(viewer, which_article(which))
        if article is None:
            raise not_here(which)
        watches = await self.archive.watches(viewer)
        if not watches:
            raise Unanswerable("Nothing is watched yet, so nothing could be told of this article.")
        try:
            traces = await self.explainer.explain(article, await self.rules(), watches, server=server_of(viewer))
        except ReadingError as error:
            raise Unanswerable(f"The article could not be looked at: {error}") from error
        telling = await self.explanations.telling(viewer, article.id, watches)
        found = [
            WatchTrace(watch=watch.name, trace=trace, telling=told if trace.holds else "")
            for watch, trace, told in zip(watches, traces, telling, strict=True)
        ]
        found.sort(key=lambda one: (not one.trace.holds, not one.trace.lacks, -len(one.trace.matched)))
        return Explanation(title=article.title, url=article.url, watches=tuple(found))
