"""How often an actor or topic stands in the newest articles: whether it tells anything."""

from __future__ import annotations

import sqlalchemy as sa

from bot.model import Strength, Viewer
from bot.store.articles.definitions import Definitions
from bot.store.articles.headlines import visible
from bot.store.schema import articles, mentions


def frequency(conn: sa.Connection, viewer: Viewer, subject: str, *, newest: int, definitions: Definitions) -> tuple[int, int]:
    """Return in how many of the newest articles that a viewer sees a subject was found, or may be, and how many those are.

    Those that were read when it was something else say nothing, and are left out.
    """
    # The newest of all come first: whoever sees few of them would have the whole archive gone through.
    ids = sa.select(articles.c.id).where(articles.c.state == "done").order_by(articles.c.id.desc()).limit(newest)
    seen = articles.c.id.in_(ids) & (articles.c.id > definitions.outdated(conn, subject)) & visible(viewer)
    some = sa.select(articles.c.id, articles.c.revision).where(seen).subquery()
    holding = sa.select(sa.func.count()).select_from(
        some.join(mentions, (mentions.c.article_id == some.c.id) & (mentions.c.revision == some.c.revision))
    )
    of_subject = holding.where(mentions.c.subject == subject, mentions.c.strength >= int(Strength.UNSURE))
    return conn.scalar(of_subject) or 0, conn.scalar(sa.select(sa.func.count()).select_from(some)) or 0
