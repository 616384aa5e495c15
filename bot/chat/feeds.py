"""Draws what `/feed` answers: what stands at an address, how a feed is, what an import did. Pure: a value in, an embed out."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.chat.amounts import ago, count, interval
from bot.chat.cards import QUIET, WARNING, dated, listed
from bot.chat.harmless import code, harmless, web_address
from bot.chat.limits import TITLE, within_limits
from bot.model import CONFIG_SERVER, Checkup, Choice, Draft, Imported, Preview, Probe, Proposal, SourceState

_NEWEST = 1200
"""Characters for the newest entries of a feed."""
_LIST = 900


def look_embed(look: Preview | Choice) -> discord.Embed:
    """Draw what was found at an address."""
    match look:
        case Preview():
            return preview_embed(look)
        case Choice():
            return choice_embed(look)


def preview_embed(preview: Preview) -> discord.Embed:
    """Draw a feed as it would be followed: its newest entries, what applied when it was asked, name and interval."""
    proposal, probe = preview.proposal, preview.probe
    embed = discord.Embed(title=harmless(probe.title or proposal.name, TITLE), colour=QUIET)
    embed.description = _newest(probe)
    embed.add_field(name="Address", value=code(proposal.address, 300), inline=False)
    embed.add_field(name="Answer", value=_answer(probe), inline=False)
    embed.add_field(name="Name here", value=harmless(proposal.name, 120))
    embed.add_field(name="Asked every", value=interval(proposal.every))
    embed.set_footer(text="Nothing is followed yet")
    return within_limits(embed)


def choice_embed(choice: Choice) -> discord.Embed:
    """Draw the feeds that a web page names."""
    lines = [f"- {harmless(link.title, 80) or 'Untitled'} · {code(link.address, 200)}" for _, link in choice.offers]
    embed = discord.Embed(title=f"{count(len(lines), 'feed')} on this page", colour=QUIET)
    embed.description = listed(lines, 3600, between="\n")
    embed.set_footer(text="Nothing is followed yet: choose one to look at")
    return within_limits(embed)


def checkup_embed(checkup: Checkup) -> discord.Embed:
    """Draw what a feed answers now beside how its polls went."""
    source, probe = checkup.state.source, checkup.probe
    well = probe is not None and not source.failures
    embed = discord.Embed(title=harmless(source.name, TITLE), colour=QUIET if well else WARNING)
    embed.description = _newest(probe) if probe else harmless(checkup.trouble, 600)
    embed.add_field(name="Answer", value=_answer(probe) if probe else "none that can be read", inline=False)
    embed.add_field(name="Last poll", value=ago(source.polled_at))
    embed.add_field(name="Last success", value=ago(source.ok_at))
    embed.add_field(name="Next poll", value=next_poll(checkup.state))
    if source.failures:
        why = f"{count(source.failures, 'failure')} in a row: {harmless(source.reason, 400)}"
        embed.add_field(name="Polls", value=why, inline=False)
    embed.set_footer(text="Asked just now; nothing of it was kept")
    return within_limits(embed)


def imported_embed(imported: Imported) -> discord.Embed:
    """Draw what became of the feeds of a list."""
    embed = discord.Embed(title=f"{count(len(imported.added), 'feed')} added", colour=QUIET)
    embed.description = listed([harmless(name, 60) for name in imported.added], 2000) or "Nothing new is followed."
    embed.add_field(name=f"Already there: {len(imported.known)}", value=_names(imported.known), inline=False)
    lines = [f"- {harmless(name, 60)}: {harmless(why, 200)}" for name, why in imported.refused]
    embed.add_field(name=f"Refused: {len(lines)}", value=listed(lines, _LIST, between="\n"), inline=False)
    embed.add_field(name="Left out", value=left_out(imported), inline=False)
    return within_limits(embed)


def left_out(imported: Imported) -> str:
    """Say what of a list names no feed, or one that it names twice; nothing where there is none."""
    parts = []
    if imported.repeated:
        parts.append(f"{count(imported.repeated, 'entry', 'entries')} for a feed that the list has twice")
    if imported.without_address:
        parts.append(f"{count(imported.without_address, 'entry', 'entries')} without the address of a feed")
    return " and ".join(parts)


def followed(proposal: Proposal) -> str:
    """Say that a feed is followed."""
    return (
        f"**{harmless(proposal.name, 120)}** is followed from now on, asked every {interval(proposal.every)}. "
        "Of what it holds already, the newest entry at most is told."
    )


def removed(state: SourceState) -> str:
    """Say that a feed is no longer followed."""
    return f"**{harmless(state.source.name, 120)}** is no longer followed here. What it has brought can still be looked up."


def paused(state: SourceState) -> str:
    """Say that a source is paused."""
    whose = "" if state.server != CONFIG_SERVER else " It goes on for other servers."
    return f"**{harmless(state.source.name, 120)}** is paused: nothing of it is told here until /feed resume.{whose}"


def resumed(state: SourceState) -> str:
    """Say that a source goes on."""
    return f"**{harmless(state.source.name, 120)}** goes on. What came meanwhile is not told, but can be looked up."


def next_poll(state: SourceState) -> str:
    """Say when a source is asked next, or why it is not."""
    if state.source.given_up_at is not None:
        return "none: it was given up, /feed resume asks it again"
    if state.paused:
        return "paused here"
    return ago(state.source.next_poll)


def _answer(probe: Probe) -> str:
    lines = [f"{probe.status}, {count(probe.entries, 'entry', 'entries')}", *(harmless(rule, 200) for rule in probe.rules)]
    return listed(lines, _LIST, between="\n")


def _newest(probe: Probe) -> str:
    return listed([f"- {_entry(draft)}" for draft in probe.newest], _NEWEST, between="\n") or "It holds no entries now."


def _entry(draft: Draft) -> str:
    title, address = harmless(draft.title, 140) or "Untitled", web_address(draft.url, limit=200)
    shown = f"[{title}]({address})" if address else title
    return f"{shown} · {dated(draft.published)}" if draft.published else shown


def _names(names: Sequence[str]) -> str:
    return listed([harmless(name, 60) for name in names], _LIST)
