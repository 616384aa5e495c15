"""The tables. Times are fixed-width UTC text, which sorts right on both databases; a change here needs a migration."""

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
