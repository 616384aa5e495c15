"""Who is told of an article: the servers that hear its watches, each where it wants to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, TERMINAL, Match, Reading, SourceKind, Watch, in_channel
from bot.store import rows
from bot.store.schema import places, sources
from bot.store.sight import Sight
from bot.store.telling.heard import Ear


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who is told: the terminal of a bot without a token, or Discord; and how much before it is folded."""

    discord: bool
    per_poll: int = 10
    per_hour: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination(Ear):
    """Where something is told, and why it is held back there, if it is."""

    broken: str = ""


class News:
    """The watches of which an article is news: for everybody, and for servers that have changed what an actor is called."""

    def __init__(self, reading: Reading, known: Mapping[int, Watch], article: rows.Row) -> None:
        fresh = [match for match in reading.matches if _is_news(match, known.get(match.watch_id), article)]
        self._shared = {match.watch_id for match in fresh if not match.server}
        self._added = {(match.watch_id, match.server) for match in fresh if match.server}
        judged = {(match.watch_id, match.server) for match in reading.matches if match.server}
        self._gone = (judged | set(reading.withheld)) - self._added
        self._known = known
        self.watches = [known[watch] for watch in sorted(self._shared | {watch for watch, _ in self._added})]

    def of(self, server: int) -> list[Watch]:
        """Return those of one server."""
        shared = {watch for watch in self._shared if (watch, server) not in self._gone}
        return [self._known[watch] for watch in sorted(shared | {watch for watch, own in self._added if own == server})]


def destinations(
    conn: sa.Connection, article: rows.Row, news: News, audience: Audience, sight: Sight
) -> dict[str, Destination]:
    """Return by address who hears of these watches: a watch's own channels, else those its servers have set up."""
    if not news.watches:
        return {}
    if not audience.discord:
        terminal = Destination(address=TERMINAL, seat=True)
        return {TERMINAL: terminal} if any(terminal.hears_of(watch) for watch in news.of(CONFIG_SERVER)) else {}
    if conn.scalar(sa.select(sources.c.kind).where(sources.c.id == article.source_id)) == SourceKind.SAMPLE:
        return {}
    named = ((watch, server) for watch in news.watches for server in [watch.server, *(route.server for route in watch.routes)])
    found: dict[str, Destination] = {}
    for watch, server in named:
        if watch in news.of(server) and sight.is_told(server, article) and not watch.is_paused_in(server):
            for address in (in_channel(one) for one in watch.channels_in(server) if not watch.is_silent_in(one)):
                if address not in found or found[address].server == CONFIG_SERVER:  # a server hears the bot's watches, too
                    found[address] = Destination(address=address, server=server)
    for seat in conn.execute(sa.select(places).order_by(places.c.server)):
        address = in_channel(seat.channel)
        here = Destination(address=address, server=seat.server, seat=True, broken=seat.broken)
        if sight.is_told(seat.server, article) and any(here.hears_of(watch) for watch in news.of(seat.server)):
            found[address] = here
        else:
            found.pop(address, None)
    return found


def _is_news(match: Match, watch: Watch | None, article: rows.Row) -> bool:
    if watch is None or watch.paused or match.level < watch.level:
        return False
    return watch.since is None or article.collected_at >= watch.since
