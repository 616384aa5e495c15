"""Writes counts, spans and moments for people in Discord."""

from __future__ import annotations

from datetime import datetime, timedelta

import discord


def ago(when: datetime | None) -> str:
    """Return how long ago something was; every client counts on by itself."""
    return discord.utils.format_dt(when, "R") if when else "never"


def count(number: int, noun: str, nouns: str = "") -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {nouns or f'{noun}s'}"


def interval(span: timedelta) -> str:
    """Return how often something happens, in the largest unit that is whole."""
    seconds = int(span.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
