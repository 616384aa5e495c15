"""What people change about watches: look at one, save it, pause it, test a query. It holds the rules and limits of that."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.errors import QueryError, ReadingError, Unanswerable
from bot.model import (
    CONFIG_SERVER,
    Backtest,
    Level,
    Match,
    Origin,
    SavedWatch,
    Stretch,
    Understood,
    Viewer,
    Watch,
    WatchDraft,
    WatchPreview,
)
from bot.ports import ArchiveStore, Clock, Meanings, Reader, WatchStore
from bot.questions.broad import Breadth
from bot.questions.feeds import server_of
from bot.questions.lookups import Questions
from bot.questions.near_misses import NearMisses
from bot.questions.walking import Asked, Walker

COUNT_TIME = timedelta(milliseconds=200)
"""So long candidates are counted for the first answer of a test."""
TEST_TIME = timedelta(seconds=10)
"""A test begins no further batch after this."""
PREVIEW_TIME = timedelta(seconds=1)
SAMPLES = 10
SMALL_ARCHIVE = 50
"""An archive of fewer articles says nothing about a watch."""
LONGEST_NAME = 80
MOST_CANDIDATES = 20_000
"""So many articles a test reads, the newest first."""
MOST_PREVIEWED = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchDesk:
    """Answers what people change about watches (the protocol `ports.WatchOrders`)."""

    archive: ArchiveStore
    watches: WatchStore
    answers: Questions
    reader: Reader
    near: NearMisses
    meanings: Meanings
    clock: Clock
    most: int | None
    """So many watches a server may have; None for the operator."""

    async def look(self, viewer: Viewer, draft: WatchDraft) -> WatchPreview:
        """Return a watch as it would be saved, and what it would have caught; nothing is saved yet."""
        name = " ".join("".join(one if one.isprintable() else " " for one in draft.name).split())
        if not name or len(name) > LONGEST_NAME:
            raise Unanswerable(f"A name has 1 to {LONGEST_NAME} visible characters.")
        draft = replace(draft, name=name)
        await self._refuse(viewer, draft)
        breadth = Breadth(archive=self.archive, reader=self.reader, rules=self.answers.rules)
        await breadth.refuse(viewer, (await self._read(viewer, draft.query)).query)
        return await self._preview(viewer, draft)

    async def editing(self, viewer: Viewer, name: str) -> Watch:
        """Return a watch that the viewer may change."""
        watch = await self.answers.named(viewer, name)
        if watch.server != server_of(viewer) or watch.origin is not Origin.COMMAND:
            raise Unanswerable(
                f"“{watch.name}” is kept in the bot's files, where alone its query changes: "
                "here it can be paused, or told in other channels."
            )
        return watch

    async def save(self, viewer: Viewer, key: str) -> SavedWatch | WatchPreview:
        """Save what was looked at; if somebody else was first, return it to be looked at again beside theirs."""
        server, now = server_of(viewer), self.clock()
        draft = await self.watches.draft(server, key, now=now)
        if draft is None:
            raise Unanswerable("This is too old to be saved, or was settled already: give the watch again.")
        await self._read(viewer, draft.query)  # what it names may have gone since it was looked at
        saved = await self.watches.save(server, draft, most=self.most, now=now)
        if saved is None:
            return await self._clash(viewer, draft)
        await self.watches.withdraw(server, key)
        return SavedWatch(watch=saved, hint=await self._hint(viewer, draft))

    async def _hint(self, viewer: Viewer, draft: WatchDraft) -> str:
        """Say if a saved watch matches nothing in an archive that could say so; where nobody can tell, it is saved all the same."""
        if await self.archive.archive_size() < SMALL_ARCHIVE:
            return ""
        try:
            test = await self._previewed(viewer, draft)
        except Unanswerable:
            return ""
        if test.found:
            return ""
        where = f"none of the newest {test.looked:,} articles" if test.bounded else "nothing in the archive so far"
        return f"It matches {where}: is the query what you mean?"

    async def all(self, viewer: Viewer) -> Sequence[Watch]:
        """Return the viewer's watches, by name, without what they have caught."""
        return await self.archive.watches(viewer)

    async def subjects(self, viewer: Viewer) -> Sequence[str]:
        """Return what a query can name: actors and topics, by id."""
        catalogue = self.meanings.catalogue(await self.answers.rules(), server_of(viewer))
        return [*(f"actor:{one.id}" for one in catalogue.actors), *(f"topic:{one.id}" for one in catalogue.topics)]

    async def cancel(self, viewer: Viewer, key: str) -> None:
        """Forget what was looked at."""
        await self.watches.withdraw(server_of(viewer), key)

    async def remove(self, viewer: Viewer, name: str) -> Watch:
        """End a watch of the viewer's own."""
        watch = await self.editing(viewer, name)
        _require(watch, changed=await self.watches.remove(server_of(viewer), watch, now=self.clock()))
        return watch

    async def pause(self, viewer: Viewer, name: str, *, paused: bool, here: Sequence[int] | None = None) -> Watch:
        """Let the viewer, `here` its channels, hear nothing of a watch, or hear of it again."""
        watch = await self.answers.named(viewer, name)
        if viewer.server is None and watch.origin is Origin.FILE:
            raise Unanswerable(f"“{watch.name}” is kept in watches.toml: the operator ends it there.")
        if watch.is_paused_in(server_of(viewer)) == paused:
            raise Unanswerable(f"“{watch.name}” is {'paused already' if paused else 'not paused'}.")
        done = await self.watches.pause(server_of(viewer), watch, paused=paused, here=here, now=self.clock())
        _require(watch, changed=done)
        return watch

    async def route(self, viewer: Viewer, name: str, channels: tuple[int, ...], *, here: Sequence[int] | None = None) -> Watch:
        """Tell a watch of the config in other channels of the viewer's, `here` all of its channels."""
        watch = await self.answers.named(viewer, name)
        if viewer.server is None or watch.server != CONFIG_SERVER:
            raise Unanswerable(f"“{watch.name}” is this server's own: /watch edit changes its channels.")
        done = await self.watches.route(viewer.server, watch, channels, here=here, now=self.clock())
        _require(watch, changed=done)
        return watch

    async def test(self, viewer: Viewer, query: str, *, days: int) -> AsyncIterator[Backtest]:
        """Yield what the index says of a query, then what it matches."""
        understood = await self._read(viewer, query)
        asked = Asked(
            viewer=viewer,
            words=query,
            query=understood.wide,
            level=Level.ABOUT,
            since=self.clock() - timedelta(days=days),
            most=MOST_CANDIDATES,
            budget=TEST_TIME,
        )
        begun = await self._begun(asked, understood)
        yield begun
        whole = await self._judged(asked, begun)
        lacking = await self.near.find(viewer, understood, query, since=self.clock() - timedelta(days=days))
        yield replace(whole, near=(*lacking, *whole.near)[:SAMPLES])

    async def _begun(self, asked: Asked, understood: Understood) -> Backtest:
        """Return what the index says, as far as it comes in the time that somebody waits."""
        counting = self.archive.count_candidates(asked.viewer, asked.query, since=asked.since, budget=COUNT_TIME)
        (candidates, is_all), archive = await asyncio.gather(counting, self.archive.archive_size())
        return Backtest(
            written=understood.written, note=understood.note, candidates=candidates, bounded=not is_all, archive=archive
        )

    async def _preview(
        self, viewer: Viewer, draft: WatchDraft, *, clash: str = "", theirs: Watch | None = None
    ) -> WatchPreview:
        test = await self._previewed(viewer, draft)
        key = await self.watches.keep_draft(server_of(viewer), draft, now=self.clock())
        return WatchPreview(key=key, draft=draft, test=test, clash=clash, theirs=theirs)

    async def _previewed(self, viewer: Viewer, draft: WatchDraft) -> Backtest:
        """Return what a watch would have caught, as far as it comes in the time that somebody waits."""
        understood = await self._read(viewer, draft.query)
        asked = Asked(
            viewer=viewer,
            words=draft.query,
            query=understood.wide,
            level=draft.level,
            most=MOST_PREVIEWED,
            budget=PREVIEW_TIME,
        )
        return await self._judged(asked, await self._begun(asked, understood))

    async def _clash(self, viewer: Viewer, draft: WatchDraft) -> WatchPreview:
        """Give a draft back that could not be saved, made anew from what has been saved meanwhile."""
        if not draft.watch_id:
            await self._refuse(viewer, draft)
        own = {watch.id: watch for watch in await self.watches.own(server_of(viewer))}
        theirs = own.get(draft.watch_id)
        if theirs is None:
            again = replace(draft, watch_id=0, revision=0)
            return await self._preview(viewer, again, clash="This watch has been removed meanwhile: saving makes it anew.")
        if theirs.revision == draft.revision:
            await self._refuse(viewer, draft)
        said = "Somebody else has changed this watch meanwhile: saving puts yours in its place."
        return await self._preview(viewer, replace(draft, revision=theirs.revision), clash=said, theirs=theirs)

    async def _judged(self, asked: Asked, begun: Backtest) -> Backtest:
        """Judge the newest candidates, batch by batch while there is time."""
        found: dict[int, Match] = {}
        weak: dict[int, Match] = {}
        days: Counter[date] = Counter()
        judged, oldest, stretch = 0, None, Stretch(articles=(), reached=0)
        try:
            async for batch in self._walker().batches(asked):
                for article, match in batch.read:
                    if match is not None:
                        (found if match.level >= asked.level else weak)[article.id] = match
                        days[article.collected.date()] += match.level >= asked.level
                    oldest = article.collected
                judged, stretch = judged + len(batch.read), batch.stretch
        except ReadingError as error:
            raise Unanswerable(f"The test was given up: {error} Narrow the query with more words.") from error
        shown = await self.archive.headlines(asked.viewer, list(found)[:SAMPLES])
        near = await self.archive.headlines(asked.viewer, list(weak)[:SAMPLES])
        overlap = Counter(await self.archive.overlap(asked.viewer, list(found)))
        return replace(
            begun,
            candidates=judged if stretch.is_last else max(begun.candidates, judged),
            judged=judged,
            oldest=oldest,
            looked=begun.archive if stretch.is_last else await self.archive.looked_at(stretch.reached),
            bounded=not stretch.is_last,
            found=len(found),
            per_day=tuple(sorted((day, number) for day, number in days.items() if number)),
            samples=tuple(replace(one, evidence=found[one.article_id].evidence) for one in shown),
            near=tuple((replace(one, evidence=weak[one.article_id].evidence), "only mentioned") for one in near),
            overlap=tuple(overlap.most_common(5)),
            whole=True,
        )

    def _walker(self) -> Walker:
        return Walker(archive=self.archive, reader=self.reader, rules=self.answers.rules, clock=self.clock)

    async def _read(self, viewer: Viewer, query: str) -> Understood:
        try:
            return self.meanings.understand(await self.answers.rules(), server_of(viewer))(query)
        except QueryError as error:
            raise Unanswerable(str(error), quoted=error.quoted) from error

    async def _refuse(self, viewer: Viewer, draft: WatchDraft) -> None:
        """Refuse a name that is taken, and one watch too many."""
        here = {CONFIG_SERVER, server_of(viewer)}
        seen = {watch.name.casefold(): watch.id for watch in await self.archive.watches(viewer) if watch.server in here}
        if seen.get(draft.name.casefold(), draft.watch_id) != draft.watch_id:
            raise Unanswerable(f"There is a watch “{draft.name}” already: give this one another name.")
        if not draft.watch_id and self.most is not None and len(await self.watches.own(server_of(viewer))) >= self.most:
            raise Unanswerable(f"This server has {self.most} watches, as many as it may: remove one first.")


def _require(watch: Watch, *, changed: bool) -> None:
    if not changed:
        raise Unanswerable(f"“{watch.name}” was changed by somebody else at this moment: look at it and try again.")
