"""The command line: each verb reads its words, calls one thing, and renders. A fault is one sentence and an exit code."""

from bot.cli import running  # first, since help lists the verbs in this order

# isort: split
from bot.cli import actors, feeds, insights, matching, reading, upkeep, watches
from bot.cli.frame import cli, main

__all__ = ["actors", "cli", "feeds", "insights", "main", "matching", "reading", "running", "upkeep", "watches"]
