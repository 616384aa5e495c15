"""The tables of articles: their texts, versions and stories, and what is mentioned in them."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.columns import BigKey, Instant, metadata

stories = sa.Table(
    "stories",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("merged_into", sa.ForeignKey("stories.id")),
)

articles = sa.Table(
    "articles",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("source_id", sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("key", sa.String(32), nullable=False),
    sa.Column("guid", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("canonical", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("caption", sa.Text, nullable=False),
    sa.Column("headless", sa.Boolean, nullable=False),
    sa.Column("text_hash", sa.String(64), nullable=False),
    sa.Column("given_hash", sa.String(32), nullable=False, server_default=""),
    sa.Column("published_at", Instant),
    sa.Column("published_precision", sa.String(8)),
    sa.Column("published_rule", sa.Text),
    sa.Column("published_raw", sa.Text),
    sa.Column("collected_at", Instant, nullable=False, index=True),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("tell", sa.Boolean, nullable=False),
    sa.Column("batch", sa.Text, nullable=False),
    sa.Column("language", sa.String(8), nullable=False, server_default=""),
    sa.Column("state", sa.String(8), nullable=False, server_default="new"),
    sa.Column("lease_until", Instant),
    sa.Column("rules_number", BigKey),
    sa.Column("trouble", sa.Text, nullable=False, server_default=""),
    sa.Column("mentions_found", sa.Integer),
    sa.Column("story_id", sa.ForeignKey("stories.id"), index=True),
    sa.Column("excerpt", sa.Text, nullable=False, server_default=""),
    sa.Column("withdrawn_at", Instant),
    sa.Column("place", sa.Text, nullable=False, server_default=""),
    sa.Column("page_tries", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("untold", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("source_id", "key"),
    sa.Index("ix_articles_source", "source_id", "collected_at"),
    sa.Index("ix_articles_text_hash", "text_hash"),
    sa.Index("ix_articles_canonical", "canonical"),
)
sa.Index(
    "ix_articles_place",
    articles.c.source_id,
    articles.c.place,
    sqlite_where=articles.c.place != "",
    postgresql_where=articles.c.place != "",
)
sa.Index(
    "ix_articles_unread", articles.c.id, sqlite_where=articles.c.state == "new", postgresql_where=articles.c.state == "new"
)
sa.Index(
    "ix_articles_teasers",
    articles.c.id,
    sqlite_where=articles.c.state == "teaser",
    postgresql_where=articles.c.state == "teaser",
)

revisions = sa.Table(
    "revisions",
    metadata,
    sa.Column("article_id", sa.ForeignKey("articles.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("caption", sa.Text, nullable=False),
    sa.Column("replaced_at", Instant, nullable=False),
)

mentions = sa.Table(
    "mentions",
    metadata,
    sa.Column("article_id", sa.ForeignKey("articles.id"), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("subject", sa.String(80), primary_key=True),
    sa.Column("strength", sa.SmallInteger, nullable=False),
    sa.Column("title", sa.Integer, nullable=False),
    sa.Column("lead", sa.Integer, nullable=False),
    sa.Column("body", sa.Integer, nullable=False),
    sa.Column("positions", sa.Text, nullable=False),
    sa.Column("rules_number", BigKey, nullable=False),
    sa.Index("ix_mentions_subject", "subject", "article_id"),
)

definitions = sa.Table(
    "definitions",
    metadata,
    sa.Column("subject", sa.String(80), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("since", BigKey, nullable=False),
)
"""What actors and topics are found by; articles up to the id `since` may have been read when it was something else."""
