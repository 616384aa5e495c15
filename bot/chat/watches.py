"""Draws what is looked at before a watch is saved, and what a test of a query found. Pure: a value in, an embed out."""

from __future__ import annotations

from collections.abc import Iterator

import discord

from bot.chat.amounts import count
from bot.chat.cards import COLOURS, QUIET, add_list, linked, listed
from bot.chat.harmless import bold, code, harmless
from bot.chat.limits import TITLE, within_limits
from bot.model import Backtest, Headline, Level, SavedWatch, Watch, WatchDraft, WatchPreview

_BAR = 10
"""Characters of the longest bar of a day."""
_DAYS = 14
_SENTENCE = 110
"""Characters of evidence of a sample, about two lines on a phone."""
_SAMPLES, _NEAR = 3000, 1000
"""Characters of all samples, and of all near misses: with all else they stay below the 6,000 of an embed."""


def look_embed(preview: WatchPreview) -> discord.Embed:
    """Draw a watch as it would be saved: what it means, where it tells, and what it would have caught."""
    draft, test = preview.draft, preview.test
    embed = discord.Embed(title=harmless(draft.name, TITLE), description=code(test.written, 1000), colour=COLOURS[draft.level])
    embed.add_field(name="Changed meanwhile", value=harmless(preview.clash, 900), inline=False)
    embed.add_field(name="Theirs", value="\n".join(_theirs(preview.theirs, draft)) if preview.theirs else "", inline=False)
    embed.add_field(name="Your query", value=code(draft.query, 900) if preview.clash else "", inline=False)
    embed.add_field(name="How it was read", value=harmless(test.note, 500), inline=False)
    embed.add_field(name="Alerts on", value=_level(draft.level))
    embed.add_field(name="Channels", value=listed([f"<#{channel}>" for channel in draft.channels], 500))
    embed.add_field(name="Mentions", value=f"<@&{draft.role}>" if draft.role else "")
    embed.add_field(name="Alone an hour", value=f"{draft.per_hour}, more fold into one card" if draft.per_hour else "")
    embed.add_field(name="Would have caught", value=looked(test), inline=False)
    embed.add_field(name="Newest", value=listed([_sample(one) for one in test.samples[:3]], 1000, between="\n"), inline=False)
    embed.set_footer(text="Nothing is saved yet")
    return within_limits(embed)


def _theirs(theirs: Watch, draft: WatchDraft) -> Iterator[str]:
    """Yield what somebody else has saved otherwise, line by line."""
    if theirs.query != draft.query:
        yield f"Query: {code(theirs.query, 700)}"
    if theirs.level is not draft.level:
        yield f"Alerts on: {_level(theirs.level)}"
    if theirs.channels != draft.channels:
        yield f"Channels: {listed([f'<#{channel}>' for channel in theirs.channels], 200) or 'the usual one'}"
    if theirs.role != draft.role:
        yield f"Mentions: {f'<@&{theirs.role}>' if theirs.role else 'nobody'}"
    if theirs.per_hour != draft.per_hour:
        yield f"Alone an hour: {theirs.per_hour or 'no limit'}"


def _level(level: Level) -> str:
    return "any mention" if level is Level.MENTION else level.label


def backtest_embed(test: Backtest) -> discord.Embed:
    """Draw what a query finds: per day, samples with their sentences, near misses, overlap; or what the index says so far."""
    embed = discord.Embed(title="Test of a query", description=code(test.written, 500), colour=QUIET)
    embed.add_field(name="How it was read", value=harmless(test.note, 300), inline=False)
    embed.add_field(name="Found", value=looked(test), inline=False)
    embed.add_field(name="Per day", value=bars(test), inline=False)
    add_list(embed, "Samples", [_sample(one) for one in test.samples], _SAMPLES)
    near = [f"{_entry(one)} ({harmless(why, 130)})" for one, why in test.near]
    add_list(embed, "Near misses", near, _NEAR)
    shared = [f"{harmless(name, 60)}: {number}" for name, number in test.overlap]
    embed.add_field(name="Also caught by", value=listed(shared, 400, between="\n"), inline=False)
    return within_limits(embed)


def looked(test: Backtest) -> str:
    """Say how much was found, and how far was looked."""
    most = "at least " if test.bounded else ""
    share = f" ({test.candidates / test.archive:.1%} of the archive)" if test.archive else ""
    may = f"{most}{count(test.candidates, 'article')} may answer{share}"
    if not test.whole:
        return f"{may}; they are being read."
    if not test.bounded:
        return f"{test.found:,} match, of {count(test.candidates, 'article')} that may answer{share}."
    where = f", back to {test.oldest:%Y-%m-%d}" if test.oldest else ""
    far = f"looked at the newest {test.looked:,} of {count(test.archive, 'article')}{where}"
    return f"{test.found:,} match, of {test.judged:,} that were read; {far}; {may}."


def bars(test: Backtest) -> str:
    """Draw the matches of each day as bars of text, the newest day first."""
    days = sorted(test.per_day, reverse=True)[:_DAYS]
    longest = max((number for _, number in days), default=1)
    lines = [f"{day:%m-%d} {'█' * max(1, round(_BAR * number / longest))} {number}" for day, number in days]
    if earlier := len(test.per_day) - len(days):
        lines.append(f"and {count(earlier, 'earlier day')}")
    return "```\n" + "\n".join(lines) + "\n```" if lines else ""


def saved(kept: SavedWatch) -> str:
    """Say that a watch is saved, and what its maker should know."""
    hint = f" {kept.hint}" if kept.hint else ""
    return f"**{harmless(kept.watch.name, 120)}** watches from now on; nothing of the past is told.{hint}"


def _sample(headline: Headline) -> str:
    evidence = headline.evidence
    sentence = bold(evidence.sentence, evidence.spans, width=_SENTENCE) if evidence else ""
    return f"{_entry(headline)}\n> {sentence}" if sentence else _entry(headline)


def _entry(headline: Headline) -> str:
    return f"- {linked(headline, 80, address_limit=120)}"
