"""Finds what nearly answers a query: articles that lack one of the parts that must hold, and which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import ReadingError
from bot.model import AllOf, Article, Headline, Query, Rules, Subject, Trace, Understood, Viewer, Watch, Without, is_bare
from bot.ports import ArchiveStore, Clock, Explainer
from bot.questions.feeds import server_of

PARTS = 5
"""So many parts are left out in turn; who writes more has other worries."""
LOOK_AT = 40
"""Articles that are looked at: the newest that hold all parts but one, by the index."""
OF_ONE_PART = 3
"""So many are shown that lack the same part."""
TIME = timedelta(seconds=2)
"""No further article is looked at after this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMisses:
    """Looks for articles that a query just passes over."""

    archive: ArchiveStore
    explainer: Explainer
    rules: Callable[[], Awaitable[Rules]]
    clock: Clock

    async def find(
        self, viewer: Viewer, understood: Understood, query: str, *, since: datetime
    ) -> Sequence[tuple[Headline, str]]:
        """Return the newest that lack one part, those first that sound like a topic they lack, each with what it lacks."""
        traces: list[tuple[int, Trace]] = []
        rules, start = await self.rules(), self.clock()
        for article in await self._candidates(viewer, understood, since=since):
            if self.clock() - start >= TIME:
                break
            trace = await self._trace(viewer, article, rules, query)
            if trace is not None and (trace.lacks or (trace.likeness and len(trace.obstacles) == 1)):
                traces.append((article.id, trace))
        found = dict(_chosen(traces))
        return [(one, found[one.article_id]) for one in await self.archive.headlines(viewer, list(found))]

    async def _candidates(self, viewer: Viewer, understood: Understood, *, since: datetime) -> Sequence[Article]:
        some: dict[int, Article] = {}
        for wider in without_one(understood.wide):
            stretch = await self.archive.walk(viewer, wider, since=since, most=LOOK_AT, budget=TIME / PARTS)
            some.update((article.id, article) for article in stretch.articles)
        return [some[number] for number in sorted(some, reverse=True)][:LOOK_AT]

    async def _trace(self, viewer: Viewer, article: Article, rules: Rules, query: str) -> Trace | None:
        server = server_of(viewer)
        try:
            [trace] = await self.explainer.explain(article, rules, [Watch(name="", query=query, server=server)], server=server)
        except ReadingError:
            return None  # an article that cannot be read is missed by whatever is asked
        return trace


def without_one(query: Query) -> Iterator[Query]:
    """Yield a query without each of the parts that must hold, where what is left still asks for something, or all is one topic."""
    parts = tuple(required(query))
    if len(parts) == 1 and isinstance(parts[0], Subject):
        yield Without(parts[0])  # any article may sound like it
    for number in range(min(len(parts), PARTS)) if len(parts) > 1 else ():
        rest = parts[:number] + parts[number + 1 :]
        if not all(map(is_bare, rest)):
            yield AllOf(rest) if len(rest) > 1 else rest[0]


def required(query: Query) -> Iterator[Query]:
    """Yield the parts of a query that must hold each."""
    if isinstance(query, AllOf):
        for part in query.parts:
            yield from required(part)
    else:
        yield query


def _chosen(traces: Sequence[tuple[int, Trace]]) -> Iterator[tuple[int, str]]:
    """Yield a few for each part that is missing, with what is said of them: what may be it goes before what is new."""
    of_part: Counter[str] = Counter()
    for article, trace in sorted(traces, key=lambda one: -one[1].likeness):
        of_part[trace.lacks] += 1
        if of_part[trace.lacks] <= OF_ONE_PART:
            yield article, _said(trace)


def _said(trace: Trace) -> str:
    lacks = f"only {trace.lacks} is missing" if trace.lacks else "its words are missing"
    if trace.likeness:
        maybe = next(one.maybe.sentence for one in trace.obstacles if one.maybe and one.maybe.likeness == trace.likeness)
        return f"{lacks}, but maybe it is there: “{maybe}”"
    seen = next((one.seen for one in trace.obstacles), "")
    return f"{lacks}: {seen}" if seen else lacks
