"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.String(27)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make all tables, and on SQLite the text index."""
    op.create_table(
        "folds",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("destination", sa.String(length=64), nullable=False),
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_folds"),
        sa.UniqueConstraint("destination", "bucket", name="uq_folds_destination_bucket"),
    )
    op.create_table(
        "lookups",
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("verb", sa.String(length=16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("since", INSTANT, nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kept_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_lookups"),
    )
    op.create_table(
        "notes",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_notes"),
    )
    op.create_table(
        "places",
        sa.Column("server", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.BigInteger(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("broken", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("server", name="pk_places"),
    )
    op.create_table(
        "rules",
        sa.Column("number", BIG_KEY, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_rules"),
    )
    op.create_table(
        "sources",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("polled_at", INSTANT, nullable=True),
        sa.Column("ok_at", INSTANT, nullable=True),
        sa.Column("next_poll", INSTANT, nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("canonical", name="uq_sources_canonical"),
    )
    op.create_index("ix_sources_next_poll", "sources", ["next_poll"], unique=False)
    op.create_table(
        "stories",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("merged_into", BIG_KEY, nullable=True),
        sa.ForeignKeyConstraint(["merged_into"], ["stories.id"], name="fk_stories_merged_into"),
        sa.PrimaryKeyConstraint("id", name="pk_stories"),
    )
    op.create_table(
        "watches",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("server", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("role", sa.BigInteger(), nullable=True),
        sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("retired_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_watches"),
        sa.UniqueConstraint("server", "folded", name="uq_watches_server_folded"),
    )
    op.create_table(
        "articles",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("source_id", BIG_KEY, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("headless", sa.Boolean(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("published_precision", sa.String(length=8), nullable=True),
        sa.Column("published_rule", sa.Text(), nullable=True),
        sa.Column("published_raw", sa.Text(), nullable=True),
        sa.Column("collected_at", INSTANT, nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("tell", sa.Boolean(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), server_default="", nullable=False),
        sa.Column("state", sa.String(length=8), server_default="new", nullable=False),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("rules_number", BIG_KEY, nullable=True),
        sa.Column("trouble", sa.Text(), server_default="", nullable=False),
        sa.Column("story_id", BIG_KEY, nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_articles_source_id"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_articles_story_id"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("source_id", "key", name="uq_articles_source_id_key"),
    )
    op.create_index("ix_articles_canonical", "articles", ["canonical"], unique=False)
    op.create_index("ix_articles_collected_at", "articles", ["collected_at"], unique=False)
    op.create_index("ix_articles_story_id", "articles", ["story_id"], unique=False)
    op.create_index("ix_articles_text_hash", "articles", ["text_hash"], unique=False)
    op.create_index(
        "ix_articles_unread",
        "articles",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'new'"),
        postgresql_where=sa.text("state = 'new'"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", BIG_KEY, nullable=False),
        sa.Column("destination", sa.String(length=64), nullable=False),
        sa.Column("server", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("nonce", sa.String(length=25), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Integer(), server_default="1", nullable=False),
        sa.Column("shown", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("attempted_at", INSTANT, nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("fold_id", BIG_KEY, nullable=True),
        sa.ForeignKeyConstraint(["fold_id"], ["folds.id"], name="fk_deliveries_fold_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
    )
    op.create_index(
        "ix_deliveries_alone_batch",
        "deliveries",
        ["destination", "batch"],
        unique=False,
        sqlite_where=sa.text("fold_id IS NULL"),
        postgresql_where=sa.text("fold_id IS NULL"),
    )
    op.create_index(
        "ix_deliveries_alone_hour",
        "deliveries",
        ["destination", "created_at"],
        unique=False,
        sqlite_where=sa.text("fold_id IS NULL"),
        postgresql_where=sa.text("fold_id IS NULL"),
    )
    op.create_index(
        "ix_deliveries_behind",
        "deliveries",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("wanted != shown"),
        postgresql_where=sa.text("wanted != shown"),
    )
    op.create_index("ix_deliveries_destination", "deliveries", ["destination", "created_at"], unique=False)
    op.create_index("ix_deliveries_due", "deliveries", ["state", "due_at"], unique=False)
    op.create_index("ix_deliveries_fold_id", "deliveries", ["fold_id"], unique=False)
    op.create_index("ix_deliveries_subject", "deliveries", ["kind", "subject"], unique=False)
    op.create_table(
        "follows",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("server", sa.BigInteger(), nullable=False),
        sa.Column("source_id", BIG_KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("every_s", sa.Float(), nullable=False),
        sa.Column("first_run", sa.String(length=8), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("retired_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_follows_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_follows"),
        sa.UniqueConstraint("server", "source_id", name="uq_follows_server_source_id"),
    )
    op.create_index("ix_follows_source_id", "follows", ["source_id"], unique=False)
    op.create_table(
        "marks",
        sa.Column("source_id", BIG_KEY, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_marks_source_id"),
        sa.PrimaryKeyConstraint("source_id", "key", name="pk_marks"),
    )
    op.create_table(
        "problems",
        sa.Column("source_id", BIG_KEY, nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_problems_source_id"),
        sa.PrimaryKeyConstraint("source_id", "part", name="pk_problems"),
    )
    op.create_table(
        "matches",
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("watch_id", BIG_KEY, nullable=False),
        sa.Column("watch_revision", sa.Integer(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_matches_article_id"),
        sa.ForeignKeyConstraint(["watch_id"], ["watches.id"], name="fk_matches_watch_id"),
        sa.PrimaryKeyConstraint("article_id", "revision", "watch_id", name="pk_matches"),
    )
    op.create_index("ix_matches_watch", "matches", ["watch_id", "article_id"], unique=False)
    op.create_table(
        "mentions",
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("strength", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.Integer(), nullable=False),
        sa.Column("lead", sa.Integer(), nullable=False),
        sa.Column("body", sa.Integer(), nullable=False),
        sa.Column("positions", sa.Text(), nullable=False),
        sa.Column("rules_number", BIG_KEY, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_mentions_article_id"),
        sa.PrimaryKeyConstraint("article_id", "revision", "subject", name="pk_mentions"),
    )
    op.create_index("ix_mentions_subject", "mentions", ["subject", "article_id"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("replaced_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_revisions_article_id"),
        sa.PrimaryKeyConstraint("article_id", "number", name="pk_revisions"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("create virtual table articles_fts using fts5(title, text, tokenize='unicode61 remove_diacritics 2')")
