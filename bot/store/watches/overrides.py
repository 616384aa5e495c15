"""What servers change about actors, and in how much of the archive a name stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.language.folding import quick_fold
from bot.model import Override, Phrase, SourceKind, Viewer
from bot.store.articles.headlines import visible
from bot.store.articles.text_index import Window, text_index
from bot.store.database import Database, upsert
from bot.store.schema import articles, overrides, sources
from bot.store.watches.watches import Watches


class Overrides:
    """Keeps what servers change about actors (the protocol `ports.OverrideStore`); each change numbers the rules anew."""

    def __init__(self, database: Database, kept: Watches) -> None:
        self._database = database
        self._watches = kept

    async def put(self, server: int, override: Override, *, most: int | None, now: datetime) -> bool:
        """Write what a server says of one form of an actor, in the place of what it said before; False if it has `most` already."""
        what = {"text": override.text, "kind": override.label, "taken": override.taken, "at": now}
        key = {"server": server, "actor": override.actor, "folded": quick_fold(override.text)}

        def work(conn: sa.Connection) -> bool:
            others = sa.select(sa.func.count()).select_from(overrides).where(overrides.c.server == server)
            known = (overrides.c.actor == key["actor"]) & (overrides.c.folded == key["folded"])
            if most is not None and (conn.scalar(others.where(~known)) or 0) >= most:
                return False
            insert = upsert(conn, overrides).values(**key, **what)
            conn.execute(insert.on_conflict_do_update(index_elements=list(key), set_=what))
            return True

        return await self._watches.change(work, now=now)

    async def drop(self, server: int, actor: str, text: str, *, now: datetime) -> bool:
        """Take back what a server says of one form; False if it says nothing of it."""
        statement = sa.delete(overrides).where(_of(server, actor), overrides.c.folded == quick_fold(text))
        return await self._watches.change(lambda conn: bool(conn.execute(statement).rowcount), now=now)

    async def reset(self, server: int, actor: str, *, now: datetime) -> int:
        """Take back all that a server says of an actor; return of how many forms it did."""
        statement = sa.delete(overrides).where(_of(server, actor))
        return await self._watches.change(lambda conn: conn.execute(statement).rowcount, now=now)

    async def spread(self, viewer: Viewer, forms: Sequence[str], *, among: int) -> tuple[int, int]:
        """Return in how many of the newest real articles that a viewer sees one of these forms stands, and how many those are."""
        real = sa.select(sources.c.id).where(sources.c.kind != SourceKind.SAMPLE)
        read = (articles.c.state == "done") & articles.c.source_id.in_(real)
        some = sa.select(articles.c.id).where(read).order_by(articles.c.id.desc()).limit(among)
        newest = sa.select(articles.c.id).where(articles.c.id.in_(some), visible(viewer))

        def work(conn: sa.Connection) -> tuple[int, int]:
            looked_at = set(conn.scalars(newest))
            window = Window(low=min(looked_at, default=0), high=max(looked_at, default=0))
            found: set[int] = set()
            for form in forms:
                found.update(conn.scalars(text_index(conn).holding(Phrase(form), window)))
            return len(found & looked_at), len(looked_at)

        return await self._database.read(work)


def _of(server: int, actor: str) -> sa.ColumnElement[bool]:
    return (overrides.c.server == server) & (overrides.c.actor == actor)
