"""What became of the matches of one article when it came to telling: where each was told, or which rule kept it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, TERMINAL, Article, Kind, State, Viewer, Watch, channel_of
from bot.store import rows
from bot.store.articles.headlines import newest_called
from bot.store.articles.source_names import with_sources
from bot.store.database import Database
from bot.store.schema import articles, deliveries, places
from bot.store.sight import Sight, sight_of
from bot.store.telling.heard import ear_of
from bot.store.watches.seen_matches import matches_seen


class Explanations:
    """Tells how articles were told (the protocol `ports.ExplanationStore`)."""

    def __init__(self, database: Database, *, canonical: Callable[[str], str]) -> None:
        self._database = database
        self._canonical = canonical

    async def article(self, viewer: Viewer, which: int | str) -> Article | None:
        """Return the article of a number, or the newest of an address, if the viewer sees it."""
        newest = newest_called(which, viewer, canonical=self._canonical)

        def work(conn: sa.Connection) -> Article | None:
            row = conn.execute(newest).first()
            found = [rows.article(row)] if row is not None else []
            return next(iter(with_sources(conn, found, server=viewer.server)), None)

        return await self._database.read(work)

    async def telling(self, viewer: Viewer, article_id: int, watches: Sequence[Watch]) -> Sequence[str]:
        """Return of each watch where its match was told, or which rule kept it back."""

        def work(conn: sa.Connection) -> Sequence[str]:
            affair = _affair(conn, viewer, article_id)
            return [_telling(affair, watch) for watch in watches]

        return await self._database.read(work)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Affair:
    """All that was written of one article for one viewer."""

    article: rows.Row
    levels: Sequence[tuple[int, int]]
    """Watch and level of each match of its last version."""
    deliveries: Sequence[rows.Row]
    sight: Sight
    server: int
    has_channel: bool


def _affair(conn: sa.Connection, viewer: Viewer, article_id: int) -> _Affair:
    article = conn.execute(sa.select(articles).where(articles.c.id == article_id)).one()
    seen = matches_seen(viewer)
    found = sa.select(seen.c.watch_id, seen.c.level).where(seen.c.article_id == article_id, seen.c.revision == article.revision)
    alerts = sa.select(deliveries).where(deliveries.c.kind == Kind.ALERT, deliveries.c.subject == article.story_id)
    seat = sa.select(places.c.channel)
    if viewer.server is not None:
        alerts = alerts.where(deliveries.c.server.in_({CONFIG_SERVER, viewer.server}) | (deliveries.c.destination == TERMINAL))
        seat = seat.where(places.c.server == viewer.server)
    return _Affair(
        article=article,
        levels=[(row.watch_id, row.level) for row in conn.execute(found)],
        deliveries=conn.execute(alerts.order_by(deliveries.c.created_at)).all(),
        sight=sight_of(conn, {article.source_id}),
        server=CONFIG_SERVER if viewer.server is None else viewer.server,
        has_channel=conn.scalar(seat.limit(1)) is not None,
    )


def _telling(affair: _Affair, watch: Watch) -> str:  # noqa: PLR0911  # one line for each rule, in their order
    """Return the first rule that kept a match back, or what became of its delivery."""
    article = affair.article
    if watch.is_paused_in(affair.server):
        return "The watch is paused: it tells nothing until it is resumed."
    if article.state != "done":
        return "The article is still to be read."
    if not any(known == watch.id and level >= watch.level for known, level in affair.levels):
        return "It was read before the watch was as it is now, and what was read is not told again."
    if ends := [_end(one) for one in affair.deliveries if ear_of(one).hears_of(watch)]:
        return " ".join(dict.fromkeys(ends))
    if article.untold:
        return f"It was not told: {article.untold}."
    if not article.tell:
        return "It was not told: it came with what its source already had when it was first read."
    if not affair.sight.is_told(affair.server, article):
        return "It was not told: its source was paused here when it came."
    if not affair.has_channel and not watch.channels_in(affair.server):
        return "It was not told: no channel has been chosen yet (/setup channel)."
    return "It was not told: nothing was made for this channel when it came, since it was chosen later or told of the story already."


def _end(delivery: rows.Row) -> str:
    channel = channel_of(delivery.destination)
    where = f"in <#{channel}>" if channel is not None else "in the terminal"
    if delivery.fold_id is not None:
        return f"A cap put it into one card with others {where} (/setup caps)."
    because = f": {delivery.reason}" if delivery.reason else ""
    return {
        State.SENT: f"Told {where}.",
        State.PENDING: f"About to be told {where}{because}.",
        State.SENDING: f"About to be told {where}.",
        State.HELD: f"Held back {where}{because}.",
        State.IN_DOUBT: f"Perhaps told {where}: nobody can tell{because}.",
        State.GONE: f"No longer told {where}{because or ': its message was deleted'}.",
        State.DEAD: f"Could not be told {where}{because}.",
    }[State(delivery.state)]
