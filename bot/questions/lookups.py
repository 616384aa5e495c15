"""What people ask of the archive, each for one viewer. It holds the rules of an answer; chat and command line only render."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import get_close_matches

from bot.errors import QueryError, ReadingError, Unanswerable
from bot.model import (
    Alert,
    Headline,
    Lookup,
    Match,
    Page,
    Reason,
    Rules,
    SourcePage,
    SourceState,
    Standing,
    Stretch,
    Stuck,
    Told,
    Viewer,
    Watch,
    WatchView,
    WayOut,
)
from bot.ports import ArchiveStore, BacklogStore, Clock, Meanings, PlaceStore, Reader
from bot.questions.feeds import server_of
from bot.questions.source_pages import laid_out
from bot.questions.times import read_since
from bot.questions.walking import Asked, Walker, how_far

LOOK_AT = 2000
SEARCH_TIME = timedelta(milliseconds=300)
"""A search reads at most so many candidates, the newest, for so long a page, and says so."""

MOST_COUNTED = 10_000
"""So many matches of a watch are counted: of a million it took seconds, for each watch of a list."""

SHORTEST_NAME = 6
"""Characters of an id that name a delivery, if no other begins so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """Answers look-ups (the protocol `ports.Answers`)."""

    archive: ArchiveStore
    backlog: BacklogStore
    places: PlaceStore
    reader: Reader
    rules: Callable[[], Awaitable[Rules]]
    meanings: Meanings
    clock: Clock
    most_counted: int = MOST_COUNTED

    async def latest(self, viewer: Viewer, *, watch: str | None, size: int) -> Page:
        """Return the newest matching articles, of one watch or of all."""
        name = (await self.named(viewer, watch)).name if watch else ""
        return await self._first_page(viewer, Lookup(verb="latest", words=name, size=size))

    async def search(self, viewer: Viewer, *, query: str, since: str | None, size: int) -> Page:
        """Return the newest articles that answer a query."""
        start = read_since(since, self.clock()) if since is not None else None
        return await self._first_page(viewer, Lookup(verb="search", words=query, since=start, size=size))

    async def turn(self, viewer: Viewer, key: str, number: int) -> Page:
        """Return another page of an earlier answer."""
        lookup = await self.places.lookup(key)
        if lookup is None:
            raise Unanswerable("This answer is too old to turn its pages: please ask again.")
        return replace(await self._page(viewer, lookup, max(0, number)), key=key)

    async def watches(self, viewer: Viewer) -> Sequence[WatchView]:
        """Return the viewer's watches, by name."""
        return [await self._view(viewer, watch) for watch in await self.archive.watches(viewer)]

    async def watch(self, viewer: Viewer, name: str) -> WatchView:
        """Return one watch with what it has caught, whatever the case its name is written in."""
        return await self._view(viewer, await self.named(viewer, name))

    async def named(self, viewer: Viewer, name: str) -> Watch:
        """Return the watch of a name alone: what it has caught takes long to count."""
        own = server_of(viewer)  # the operator sees those of all servers, and means the bot's own where a name is shared
        seen = sorted(await self.archive.watches(viewer), key=lambda watch: watch.server == own)
        known = {watch.name.casefold(): watch for watch in seen}
        if found := known.get(name.strip().casefold()):
            return found
        near = get_close_matches(name.strip().casefold(), known, n=1, cutoff=0.6)
        hint = f" Did you mean “{known[near[0]].name}”?" if near else " /watch list names them all."
        raise Unanswerable(f"There is no watch “{name}”.{hint}")

    async def sources(self, viewer: Viewer) -> Sequence[SourceState]:
        """Return the sources the viewer sees, by name, without how much they give."""
        return await self.archive.sources(viewer)

    async def source_page(self, viewer: Viewer, number: int) -> SourcePage:
        """Return a page of the list of them, those in trouble first; a number too high is the last page."""
        briefs = await self.archive.source_briefs(viewer)
        pages = laid_out(briefs)
        number = min(max(number, 1), len(pages))
        shown = pages[number - 1]
        states = {state.source.id: state for state in await self.archive.sources(viewer, now=self.clock(), among=shown)}
        asked = [one for one in briefs if not one.paused]
        return SourcePage(
            states=tuple(states[one] for one in shown if one in states),
            healthy=sum(one.healthy for one in asked),
            asked=len(asked),
            number=number,
            pages=len(pages),
        )

    async def count(self, viewer: Viewer, watch: Watch, *, limit: int) -> int:
        """Return how many of the newest `limit` candidates a watch matches at its level, by the query as it now is."""
        rules, server = await self.rules(), server_of(viewer)
        sought = self.meanings.understand(rules, server, author=watch.server)(watch.query).wide
        candidates = await self.archive.candidates(viewer, sought, since=None, limit=limit)
        verdicts = await self.reader.judge(
            candidates, rules, watch.query, server=server, author=watch.server, level=watch.level
        )
        return sum(verdict is not None and verdict.level >= watch.level for verdict in verdicts)

    async def why(self, viewer: Viewer, delivery_id: str) -> Sequence[Reason]:
        """Return why a card was posted, watch by watch."""
        reasons = await self.archive.reasons(viewer, delivery_id)
        if not reasons:
            raise Unanswerable("Nothing is kept on this card any more: its article or its watches have gone.")
        rules = await self.rules()
        return [replace(reason, query=self._meaning(rules, reason.server, reason.query)[0]) for reason in reasons]

    async def standing(self, viewer: Viewer) -> Standing:
        """Return how the bot stands."""
        return await self.archive.standing(viewer)

    async def stuck(self, viewer: Viewer) -> Sequence[Stuck]:
        """Return what could not be told and waits for a person, the oldest first."""
        return await self.backlog.stuck(viewer)

    async def unstick(self, viewer: Viewer, way: WayOut, *, named: Sequence[str] | None = None) -> int:
        """Tell again or drop what is stuck, all of it or what is named by the beginnings of ids; return how many."""
        ids = None if named is None else _identify(named, await self.backlog.stuck(viewer))
        match way:
            case WayOut.RESEND:
                return await self.backlog.resend(viewer, ids, now=self.clock())
            case WayOut.DROP:
                return await self.backlog.drop(viewer, ids)

    async def settle_in(self, server: int, channel: int) -> Alert | None:
        """Tell a server's alerts in this channel from now on; return the newest matching article as a test alert."""
        await self.places.set_channel(server, channel, now=self.clock())
        newest = await self.archive.latest(Viewer(server=server), watch=None, limit=1, offset=0)
        return _test_alert(newest[0]) if newest else None

    async def _first_page(self, viewer: Viewer, lookup: Lookup) -> Page:
        page = await self._page(viewer, lookup, 0)
        if not page.more:
            return page
        return replace(page, key=await self.places.keep_lookup(lookup, now=self.clock()))

    async def _page(self, viewer: Viewer, lookup: Lookup, number: int) -> Page:
        return await (self._search(viewer, lookup, number) if lookup.verb == "search" else self._latest(viewer, lookup, number))

    async def _latest(self, viewer: Viewer, lookup: Lookup, number: int) -> Page:
        found = await self.archive.latest(
            viewer, watch=lookup.words or None, limit=lookup.size + 1, offset=number * lookup.size
        )
        title = f"Latest on {lookup.words}" if lookup.words else "Latest"
        return Page(headlines=tuple(found[: lookup.size]), title=title, number=number, more=len(found) > lookup.size)

    async def _search(self, viewer: Viewer, lookup: Lookup, number: int) -> Page:
        try:
            understood = self.meanings.understand(await self.rules(), server_of(viewer))(lookup.words)
        except QueryError as error:
            raise Unanswerable(str(error), quoted=error.quoted) from error
        since = read_since(understood.since, self.clock()) if understood.since else lookup.since
        asked = Asked(
            viewer=viewer,
            words=lookup.words,
            query=understood.wide,
            since=since,
            most=LOOK_AT,
            budget=SEARCH_TIME * (number + 1),
        )
        answers, far = await self._answers(asked)
        shown = answers[number * lookup.size : (number + 1) * lookup.size]
        headlines, note = await asyncio.gather(self.archive.headlines(viewer, [article_id for article_id, _ in shown]), far)
        evidence = dict(shown)
        return Page(
            headlines=tuple(replace(one, evidence=evidence[one.article_id].evidence) for one in headlines),
            title=f"{len(answers)} found for {understood.written}",
            number=number,
            more=len(answers) > (number + 1) * lookup.size,
            note=f"{understood.note} {note}".strip(),
        )

    async def _answers(self, asked: Asked) -> tuple[list[tuple[int, Match]], Coroutine[None, None, str]]:
        """Return the articles that answer, the newest first, and who says how far was looked."""
        found: list[tuple[int, Match]] = []
        oldest, stretch = None, None
        size: asyncio.Task[int] | None = None
        walker = Walker(archive=self.archive, reader=self.reader, rules=self.rules, clock=self.clock)
        with ExitStack() as given_up:
            try:
                async for batch in walker.batches(asked):
                    found += [(article.id, match) for article, match in batch.read if match is not None]
                    oldest = batch.read[-1][0].collected if batch.read else oldest
                    stretch = batch.stretch
                    if size is None and not stretch.is_last:
                        # Counted while the walk goes on: PostgreSQL counts a million for as long as a fifth of a search may take.
                        size = asyncio.create_task(self.archive.archive_size())
                        given_up.callback(size.cancel)
            except ReadingError as error:
                raise Unanswerable(f"The search was given up: {error} Narrow it with more words or a later since.") from error
            given_up.pop_all()
        return found, self._how_far(stretch, oldest, size)

    async def _how_far(self, stretch: Stretch | None, oldest: datetime | None, size: asyncio.Task[int] | None) -> str:
        if stretch is None or size is None:
            return ""
        if stretch.is_last:
            size.cancel()
            return ""
        looked, archive = await asyncio.gather(self.archive.looked_at(stretch.reached), size)
        return how_far(looked, archive, oldest)

    async def _view(self, viewer: Viewer, watch: Watch) -> WatchView:
        written, note = self._meaning(await self.rules(), watch.server, watch.query)
        count = await self.archive.match_count(viewer, watch.id, most=self.most_counted + 1)
        counted, more = min(count, self.most_counted), count > self.most_counted
        return WatchView(watch=watch, written=written, note=note, matches=counted, more=more)

    def _meaning(self, rules: Rules, server: int, query: str) -> tuple[str, str]:
        """Return how the query of a watch is written, and how it was read; as it stands where it cannot be read any more, and why."""
        try:
            understood = self.meanings.understand(rules, server)(query)
        except QueryError as error:
            return query, str(error)
        return understood.written, understood.note


def _identify(named: Sequence[str], stuck: Sequence[Stuck]) -> Sequence[str]:
    """Return the ids that begin as named, each once.

    Raises:
        Unanswerable: a name is too short, or fits none or several.
    """
    found: dict[str, None] = {}
    for name in named:
        fit = [one.id for one in stuck if one.id.startswith(name.strip().lower())]
        if len(name.strip()) < SHORTEST_NAME:
            raise Unanswerable(f"“{name}” is too short: give at least {SHORTEST_NAME} characters of an id.")
        if not fit:
            raise Unanswerable(f"Nothing that is stuck has an id that begins with “{name}”.")
        if len(fit) > 1:
            raise Unanswerable(f"“{name}” begins {len(fit)} ids: give more of it.")
        found[fit[0]] = None
    return list(found)


def _test_alert(newest: Headline) -> Alert | None:
    """Make a card of the newest match: it has no delivery, since it is nobody's news."""
    if newest.evidence is None:
        return None
    told = tuple(Told(watch=name, level=newest.level, score=0.0) for name in newest.watches)
    return Alert(delivery_id="", headline=newest, evidence=newest.evidence, summary=(), watches=told, test=True)
