"""The tables of telling: the outbox and its folds, places and their caps, notices, and what is noted beside."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.columns import BigKey, Instant, metadata

folds = sa.Table(
    "folds",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("destination", sa.String(64), nullable=False),
    sa.Column("bucket", sa.Text, nullable=False),
    sa.UniqueConstraint("destination", "bucket"),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("subject", BigKey, nullable=False),
    sa.Column("destination", sa.String(64), nullable=False),
    sa.Column("server", sa.BigInteger, nullable=False),
    sa.Column("seat", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("nonce", sa.String(25), nullable=False),
    sa.Column("told", sa.Text, nullable=False),
    sa.Column("wanted", sa.Integer, nullable=False, server_default="1"),
    sa.Column("shown", sa.Integer, nullable=False, server_default="0"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("lease_until", Instant),
    sa.Column("owner", sa.String(32), nullable=False, server_default=""),
    sa.Column("attempted_at", Instant),
    sa.Column("message_id", sa.BigInteger),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
    sa.Column("batch", sa.Text, nullable=False),
    sa.Column("fold_id", sa.ForeignKey("folds.id"), index=True),
    sa.Index("ix_deliveries_due", "state", "due_at"),
    sa.Index("ix_deliveries_destination", "destination", "created_at"),
    sa.Index("ix_deliveries_subject", "kind", "subject"),
)

for _name, _column in (("batch", deliveries.c.batch), ("hour", deliveries.c.created_at)):
    # What stands alone, not in a fold, is what the caps count.
    sa.Index(
        f"ix_deliveries_alone_{_name}",
        deliveries.c.destination,
        _column,
        sqlite_where=deliveries.c.fold_id.is_(None),
        postgresql_where=deliveries.c.fold_id.is_(None),
    )
sa.Index(
    "ix_deliveries_behind",
    deliveries.c.due_at,
    sqlite_where=deliveries.c.wanted != deliveries.c.shown,
    postgresql_where=deliveries.c.wanted != deliveries.c.shown,
)

places = sa.Table(
    "places",
    metadata,
    sa.Column("server", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("channel", sa.BigInteger, nullable=False),
    sa.Column("chosen", sa.Boolean, nullable=False),
    sa.Column("since", Instant, nullable=False),
    sa.Column("broken", sa.Text, nullable=False, server_default=""),
)

caps = sa.Table(
    "caps",
    metadata,
    sa.Column("destination", sa.String(64), primary_key=True),
    sa.Column("server", sa.BigInteger, nullable=False),
    sa.Column("per_poll", sa.Integer),
    sa.Column("per_hour", sa.Integer),
)
"""Caps of single destinations, by the config (server 0) or by the server they are in; what is not set here is in the settings."""

lookups = sa.Table(
    "lookups",
    metadata,
    sa.Column("key", sa.String(16), primary_key=True),
    sa.Column("verb", sa.String(16), nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("since", Instant),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("kept_at", Instant, nullable=False),
)

notes = sa.Table(
    "notes",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

notices = sa.Table(
    "notices",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("server", sa.BigInteger, nullable=False),
    sa.Column("destination", sa.String(64), nullable=False),
    sa.Column("about", sa.String(64), nullable=False, index=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("bucket", sa.String(128), nullable=False, unique=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("mended_at", Instant),
)
