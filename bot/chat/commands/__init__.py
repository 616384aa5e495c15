"""The slash commands, one file each: read input, ask one question, draw the answer. The table names them all."""

from __future__ import annotations

from typing import Any

from discord import app_commands

from bot.chat.commands import actor, article, feed, help, latest, search, setup, status, watch, why  # noqa: A004 - the command is called so

COMMANDS: tuple[app_commands.Command[Any, ..., Any] | app_commands.Group, ...] = (
    latest.latest,
    search.search,
    article.article,
    why.why,
    watch.watch,
    actor.actor,
    feed.feed,
    status.status,
    help.show_help,
    setup.setup,
)
