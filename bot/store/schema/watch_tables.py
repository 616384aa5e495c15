"""The tables of watches: what they look for, what they matched, and what people make of it."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.columns import BigKey, Instant, metadata

watches = sa.Table(
    "watches",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("server", sa.BigInteger, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("level", sa.SmallInteger, nullable=False),
    sa.Column("channels", sa.Text, nullable=False),
    sa.Column("role", sa.BigInteger),
    sa.Column("paused", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("retired_at", Instant),
    sa.Column("per_hour", sa.Integer),
    sa.Column("since", Instant),
    sa.Column("routes", sa.Text, nullable=False, server_default="[]"),
    sa.Column("origin", sa.String(8), nullable=False, server_default="file"),
    sa.UniqueConstraint("server", "folded"),
)

matches = sa.Table(
    "matches",
    metadata,
    sa.Column("article_id", sa.ForeignKey("articles.id"), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("watch_id", sa.ForeignKey("watches.id"), primary_key=True),
    sa.Column("watch_revision", sa.Integer, nullable=False),
    sa.Column("level", sa.SmallInteger, nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Index("ix_matches_watch", "watch_id", "article_id"),
)

rules = sa.Table(
    "rules",
    metadata,
    sa.Column("number", BigKey, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
)

watch_drafts = sa.Table(
    "watch_drafts",
    metadata,
    sa.Column("key", sa.String(16), primary_key=True),
    sa.Column("server", sa.BigInteger, nullable=False),
    sa.Column("watch_id", BigKey, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("level", sa.SmallInteger, nullable=False),
    sa.Column("channels", sa.Text, nullable=False),
    sa.Column("role", sa.BigInteger),
    sa.Column("per_hour", sa.Integer),
    sa.Column("kept_at", Instant, nullable=False),
)
"""Watches that were looked at and may be saved; `watch_id` is 0 for a new one."""

opinions = sa.Table(
    "opinions",
    metadata,
    sa.Column("server", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("watch_id", sa.ForeignKey("watches.id"), primary_key=True, autoincrement=False),
    sa.Column("article_id", sa.ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    sa.Column("user", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("relevant", sa.Boolean, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Index("ix_opinions_watch", "watch_id", "server"),
)
"""What members of a server think of the alert of an article, for one watch: one voice each, the last one counts."""

overrides = sa.Table(
    "overrides",
    metadata,
    sa.Column("server", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("actor", sa.String(80), primary_key=True),
    sa.Column("folded", sa.Text, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("taken", sa.Boolean, nullable=False),
    sa.Column("at", Instant, nullable=False),
)
"""What servers have changed about the written forms of actors, each for itself; those of server 0 hold for everybody."""

server_matches = sa.Table(
    "server_matches",
    metadata,
    sa.Column("article_id", sa.ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("watch_id", sa.ForeignKey("watches.id"), primary_key=True, autoincrement=False),
    sa.Column("server", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("level", sa.SmallInteger, nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
)
"""Matches of the config's watches as a server has them that has overrides, where they differ from `matches`; level 0 is none.

Each has its row in `matches`, of level 0 where there is none for all others.
"""
