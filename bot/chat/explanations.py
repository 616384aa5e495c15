"""Draws why an article was or was not told, and what people think of a watch. Pure: a value in, an embed or lines out."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten

import discord

from bot.chat.amounts import count
from bot.chat.cards import COLOURS, QUIET, listed
from bot.chat.harmless import code, harmless
from bot.chat.limits import TITLE, with_each, within_limits
from bot.model import Clue, Explanation, Level, Obstacle, Report, Trace, WatchTrace

_PARTS = 4
_LINE = 230
_LACKS = 80


def explanation_embed(explanation: Explanation) -> discord.Embed:
    """Draw an article watch by watch: what was found, what stopped it where, and what would have let it through."""
    taken = any(one.trace.holds for one in explanation.watches)
    embed = discord.Embed(
        title=harmless(explanation.title, TITLE) or "Untitled",
        url=explanation.url,
        colour=COLOURS[Level.ABOUT] if taken else QUIET,
    )
    names = [f"{harmless(one.watch, 120)} · {harmless(outcome(one.trace), 130)}" for one in explanation.watches]
    return with_each(embed, [*zip(names, map(_value, explanation.watches), strict=True)], of="watches")


def outcome(trace: Trace) -> str:
    """Say in a few words how an article answers a query, and which part alone it lacks where it nearly does."""
    if trace.level is None:
        return f"no match, only {shorten(trace.lacks, _LACKS, placeholder='…')} is missing" if trace.lacks else "no match"
    return f"{trace.level.label} {trace.score:.2f}" + ("" if trace.holds else f", {trace.wanted.label} is wanted")


def explanation_lines(one: WatchTrace) -> Iterator[str]:
    """Yield what there is to say of one watch, line by line: first what became of it."""
    if one.telling:
        yield one.telling
    yield from (_found(clue) for clue in one.trace.matched[:_PARTS])
    for obstacle in one.trace.obstacles[:_PARTS]:
        yield _stopped(obstacle)
        if obstacle.maybe is not None:
            yield f"  maybe of it, by its likeness of {obstacle.maybe.likeness:.2f}: “{obstacle.maybe.sentence}”"
        yield f"  would let it through: {obstacle.mend}"
    if len(one.trace.obstacles) > _PARTS:
        yield f"and {len(one.trace.obstacles) - _PARTS} more parts are missing"


def report_embed(report: Report) -> discord.Embed:
    """Draw what people think of the alerts of a watch."""
    embed = discord.Embed(title=f"Report on {harmless(report.watch.name, 200)}", description=precision(report), colour=QUIET)
    terms = [f"“{harmless(one.words, 60)}”: {one.false} false, {one.relevant} relevant" for one in report.terms]
    embed.add_field(name="Behind the false alarms", value=listed(terms, 900, between="\n"), inline=False)
    if report.suggestion:
        embed.add_field(
            name="It may help to", value=f"{code(report.suggestion.change, 200)}\nIt {effect(report)}", inline=False
        )
    embed.add_field(name="To know", value=harmless(report.note, 500), inline=False)
    embed.set_footer(text="Nothing changes by itself")
    return within_limits(embed)


def precision(report: Report) -> str:
    """Say how many alerts are relevant, and how sure that is."""
    judged = report.relevant + report.false
    if not judged:
        return "Nobody has judged its alerts yet: Relevant and Not relevant stand under each."
    divided = f" On {count(report.divided, 'more alert')} people are divided." if report.divided else ""
    return (
        f"{report.relevant} of {judged} judged alerts are relevant: {report.precision:.0%}, "
        f"between {report.low:.0%} and {report.high:.0%} with a certainty of 95%.{divided}"
    )


def effect(report: Report) -> str:
    """Say what the suggested change would do, by what is known."""
    change = report.suggestion
    if change is None:
        return ""
    return (
        f"drops {change.false_dropped} of {report.false} false alarms and loses {change.relevant_lost} of {report.relevant} "
        f"relevant ones; of the newest articles {change.matches_after} match instead of {change.matches_before}."
    )


def _value(one: WatchTrace) -> str:
    lines = [line if line == one.telling else f"• {harmless(line, _LINE)}" for line in explanation_lines(one)]
    return listed([code(one.trace.written, 120), *lines], 1000, between="\n")


def _found(clue: Clue) -> str:
    times = f", {clue.count} times" if clue.count > 1 else ""
    return f"found {clue.part}: {', '.join(f'“{words}”' for words in clue.words)}{times}"


def _stopped(obstacle: Obstacle) -> str:
    return f"missing {obstacle.part} ({obstacle.stage}): {obstacle.seen}"
