"""Writes counts, spans and moments for people in Discord."""

from __future__ import annotations

from datetime import datetime, timedelta

import discord

from bot.model import SourceState


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


def rate(state: SourceState) -> str:
    """Say how much a source gives these days, and what is usual for it."""
    if state.lately is None:
        return f"{state.today:,} today"
    usually = f", usually {_number(state.usual)}" if state.usual is not None else ""
    return f"{_number(state.lately)} a day{usually}"


def _number(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 or number == 0 else f"{number:.1f}".removesuffix(".0")
