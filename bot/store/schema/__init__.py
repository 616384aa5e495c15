"""The tables. Times are fixed-width UTC text, which sorts right on both databases; a change here needs a migration."""

from bot.store.schema.article_tables import articles, definitions, mentions, revisions, stories
from bot.store.schema.source_tables import follows, marks, pauses, problems, proposals, sources, subscriptions, volumes
from bot.store.schema.telling_tables import caps, deliveries, folds, lookups, notes, notices, places
from bot.store.schema.watch_tables import matches, opinions, overrides, rules, server_matches, watch_drafts, watches

__all__ = [
    "articles",
    "caps",
    "definitions",
    "deliveries",
    "folds",
    "follows",
    "lookups",
    "marks",
    "matches",
    "mentions",
    "notes",
    "notices",
    "opinions",
    "overrides",
    "pauses",
    "places",
    "problems",
    "proposals",
    "revisions",
    "rules",
    "server_matches",
    "sources",
    "stories",
    "subscriptions",
    "volumes",
    "watch_drafts",
    "watches",
]
