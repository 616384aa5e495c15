"""The tables of sources: who follows them, how they are asked, and what they remember."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.columns import BigKey, Instant, metadata

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("canonical", sa.Text, nullable=False, unique=True),
    sa.Column("polled_at", Instant),
    sa.Column("ok_at", Instant),
    sa.Column("next_poll", Instant, index=True),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("host", sa.Text, nullable=False, server_default="", index=True),
    sa.Column("given_up_at", Instant),
    sa.Column("merged_into", sa.ForeignKey("sources.id")),
)

follows = sa.Table(
    "follows",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("server", sa.BigInteger, nullable=False),
    sa.Column("source_id", sa.ForeignKey("sources.id"), nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("every_s", sa.Float, nullable=False),
    sa.Column("first_run", sa.String(8), nullable=False),
    sa.Column("zone", sa.Text, nullable=False, server_default=""),
    sa.Column("per_poll", sa.Integer),
    sa.Column("since", Instant, nullable=False),
    sa.Column("paused", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("retired_at", Instant),
    sa.Column("origin", sa.String(8), nullable=False, server_default="file"),
    sa.UniqueConstraint("server", "source_id"),
)

pauses = sa.Table(
    "pauses",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("server", sa.BigInteger, nullable=False),
    sa.Column("source_id", sa.ForeignKey("sources.id"), nullable=False, index=True),
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
)
"""When a server wanted to be told nothing of a source, whoever follows it; `follows.paused` says so of a server's own follow now."""

proposals = sa.Table(
    "proposals",
    metadata,
    sa.Column("key", sa.String(16), primary_key=True),
    sa.Column("server", sa.BigInteger, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("every_s", sa.Float, nullable=False),
    sa.Column("kept_at", Instant, nullable=False),
)
"""Feeds that were looked at and may be confirmed."""

volumes = sa.Table(
    "volumes",
    metadata,
    sa.Column("source_id", sa.ForeignKey("sources.id"), primary_key=True),
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("articles", sa.Integer, nullable=False),
)
"""How many new articles a source gave on each day of UTC: its usual rate, whatever becomes of the articles."""

subscriptions = sa.Table(
    "subscriptions",
    metadata,
    sa.Column("source_id", sa.ForeignKey("sources.id"), primary_key=True, autoincrement=False),
    sa.Column("hub", sa.Text, nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("token", sa.String(32), nullable=False, unique=True),
    sa.Column("secret", sa.String(64), nullable=False),
    sa.Column("asked_at", Instant),
    sa.Column("lease_until", Instant),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
)
"""What hubs were asked to push (WebSub); `token` is the last part of the callback, `lease_until` is set once a hub has verified it."""

marks = sa.Table(
    "marks",
    metadata,
    sa.Column("source_id", sa.ForeignKey("sources.id"), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

problems = sa.Table(
    "problems",
    metadata,
    sa.Column("source_id", sa.ForeignKey("sources.id"), primary_key=True),
    sa.Column("part", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)
