"""Alembic's entry: runs the history over the connection that `migrate` hands in."""

from alembic import context

from bot.store import columns, schema  # noqa: F401  # the tables describe themselves to the metadata

INDEX = "articles_fts"
"""The text index and its shadow tables are made by hand, since no dialect-free description of them exists."""

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=columns.metadata,
    render_as_batch=True,
    include_object=lambda _item, name, *_: not (name or "").startswith(INDEX),
)
with context.begin_transaction():
    context.run_migrations()
