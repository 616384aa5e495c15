"""Draws what commands answer: pages of headlines, watches, sources, standing and help. Pure: a value in, an embed out."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.chat.amounts import ago, count, interval, rate
from bot.chat.cards import COLOURS, QUIET, WARNING, linked, listed, moment
from bot.chat.harmless import bold, code, harmless, shorten
from bot.chat.limits import BLANK, TITLE, within_limits
from bot.model import (
    CONFIG_SERVER,
    Headline,
    Level,
    Page,
    SourceKind,
    SourcePage,
    SourceState,
    Standing,
    State,
    WatchView,
    WayOut,
)

_WATCHES_A_PAGE = 12
"""Each takes 300 characters at most, and the description of an embed may have 4,096."""
_PAGE = 5000
"""Characters for the headlines of a page, of the 6,000 of an embed."""
_EVIDENCE = 200

HELP = (
    ("/latest", "the newest articles"),
    ("/search", "all articles so far"),
    ("/article", "one of them, and its changes"),
    ("/why", "why an article was told or not"),
    ("/watch list", "what is watched"),
    ("/watch show", "how a query was read"),
    ("/watch test", "try a query on the archive"),
    ("/watch add", "watch for something here"),
    ("/watch edit", "change a watch"),
    ("/watch remove", "end a watch"),
    ("/watch pause", "hear nothing of it"),
    ("/watch resume", "go on with it"),
    ("/watch report", "how good its alerts are"),
    ("/actor list", "who can be watched"),
    ("/actor show", "by which names"),
    ("/actor add", "another name, here"),
    ("/actor remove", "one name less"),
    ("/actor define", "an actor of your own"),
    ("/actor reset", "as for everybody"),
    ("/feed list", "where news comes from"),
    ("/feed add", "follow a feed here"),
    ("/feed remove", "follow it no longer"),
    ("/feed pause", "tell nothing of it"),
    ("/feed resume", "go on with it"),
    ("/feed check", "ask it now"),
    ("/feed import", "feeds of another reader"),
    ("/feed export", "feeds as a file"),
    ("/status", "how the bot stands"),
    ("/setup channel", "where alerts go"),
    ("/setup caps", "how many stand alone"),
)
LANGUAGE = (
    ("North Korea, missile test", "A comma is OR; words between are one phrase."),
    ('actor:russia AND "sea trial"', "Operators are AND, OR, NOT and brackets."),
    ("sentence:(Japan AND sanction*)", "Both in one sentence; * is any ending."),
    ("title:Pyongyang", "Only there; also lead: and paragraph:"),
)


def page_embed(page: Page) -> discord.Embed:
    """Draw a page of headlines, each with the sentence that shows why, where it stood and when."""
    room = min(1024, _PAGE // max(1, len(page.headlines)))
    first, *others = [_entry(headline, room) for headline in page.headlines] or ["No article answers this yet."]
    embed = discord.Embed(title=harmless(page.title, TITLE) or "Articles", description=first, colour=QUIET)
    for entry in others:
        embed.add_field(name=BLANK, value=entry, inline=False)
    embed.add_field(name="How it was read", value=harmless(page.note, 500), inline=False)
    if page.number or page.more:
        embed.set_footer(text=f"Page {page.number + 1}")
    return within_limits(embed)


def watches_embed(views: Sequence[WatchView], *, server: int = CONFIG_SERVER, page: int = 1) -> discord.Embed:
    """Draw a page of the list of watches as a server has them: name, query, level, and what each has caught."""
    pages = max(1, -(-len(views) // _WATCHES_A_PAGE))
    page = min(page, pages)
    shown = views[(page - 1) * _WATCHES_A_PAGE : page * _WATCHES_A_PAGE]
    lines = [f"{_name(view, server)}\n{code(view.written, 120)}" for view in shown]
    embed = discord.Embed(title=f"Watches: {len(views)}", colour=QUIET)
    embed.description = "\n\n".join(lines) or "Nothing is watched yet: /watch add watches for something."
    if pages > 1:
        embed.set_footer(text=f"Page {page} of {pages} · /watch list page:{page % pages + 1} shows another")
    return within_limits(embed)


def watch_embed(view: WatchView, server: int = CONFIG_SERVER) -> discord.Embed:
    """Draw one watch as a server has it: its query with all operators, how plain text was read, and what it does."""
    watch, channels = view.watch, view.watch.channels_in(server)
    embed = discord.Embed(title=harmless(watch.name, TITLE), colour=COLOURS[watch.level])
    embed.description = code(view.written, 1500)
    embed.add_field(name="How it was read", value=harmless(view.note, 600), inline=False)
    embed.add_field(name="Alerts on", value="any mention" if watch.level is Level.MENTION else watch.level.label)
    embed.add_field(name="Matches so far", value=view.caught)
    embed.add_field(name="Kept in", value="the config files" if watch.server == CONFIG_SERVER else "this server")
    embed.add_field(name="Channels", value=listed([f"<#{channel}>" for channel in channels], 900), inline=False)
    embed.add_field(name="Mentions", value=f"<@&{watch.role}>" if watch.role else "")
    embed.add_field(name="Alone an hour", value=f"{watch.per_hour}, more fold into one card" if watch.per_hour else "")
    if watch.is_paused_in(server):
        embed.set_footer(text="Paused: it tells nobody here")
    return within_limits(embed)


def sources_embed(page: SourcePage) -> discord.Embed:
    """Draw a page of the list of sources."""
    embed = discord.Embed(title=f"Sources: {page.healthy:,} of {page.asked:,} healthy", colour=QUIET)
    lines = "\n".join(map(_source, page.states))
    embed.description = lines or "No source is followed yet: /feed add follows a feed."
    if page.pages > 1:
        embed.set_footer(
            text=f"Page {page.number} of {page.pages} · /feed list page:{page.number % page.pages + 1} shows another"
        )
    return within_limits(embed)


def standing_embed(standing: Standing) -> discord.Embed:
    """Draw how the bot stands: whether the sources are well, what it has, what waits, and what is wrong."""
    waiting = [_waiting(*one) for one in standing.deliveries if one[0] is not State.GONE]
    embed = discord.Embed(title="Status", colour=COLOURS_OF_HEALTH[not standing.unwell and not waiting])
    embed.description = _how_the_sources_are(standing)
    embed.add_field(name="Watches", value=f"{standing.watches:,}")
    embed.add_field(name="Archive", value=count(standing.articles, "article"))
    embed.add_field(name="Still to read", value=count(standing.waiting_articles, "article"))
    embed.add_field(name="Last alert", value=ago(standing.last_alert))
    embed.add_field(name="In trouble", value=listed([_source(one) for one in standing.unwell], 900, between="\n"), inline=False)
    embed.add_field(name="Deliveries", value=listed(waiting, 600, between="\n"), inline=False)
    embed.add_field(name="Disambiguation", value=harmless(standing.disambiguation, 300), inline=False)
    embed.add_field(name="Likeness to topics", value=harmless(standing.ranking, 300), inline=False)
    return within_limits(embed)


def place(channel: int | None) -> str:
    """Say where a server is told; it stands beside an embed, not in it, so that every client names the channel."""
    return f"Alerts go to <#{channel}>." if channel else "No channel is set: /setup channel chooses one."


def unstuck(way: WayOut, number: int) -> str:
    """Say how much of what was stuck is told now, or dropped."""
    if not number:
        return "Nothing of this server is stuck any more."
    verb = "is" if number == 1 else "are"
    return f"{count(number, 'message')} {verb} {'on the way' if way is WayOut.RESEND else 'dropped'}."


def help_embed() -> discord.Embed:
    """Draw what can be asked, and the watch language in a few lines."""
    embed = discord.Embed(title="Sitrep", colour=QUIET)
    embed.description = "Watches the news for actors and topics, and tells you once, with the evidence."
    embed.add_field(name="Ask", value="\n".join(f"{code(one, 60)} {what}" for one, what in HELP), inline=False)
    embed.add_field(name="Queries", value="\n".join(f"{code(one, 60)}\n{what}" for one, what in LANGUAGE), inline=False)
    return within_limits(embed)


def welcome(views: Sequence[WatchView], states: Sequence[SourceState]) -> str:
    """Say what is watched and when the next poll is, where there is no article yet to show an alert with."""
    names = listed([harmless(view.watch.name, 60) for view in views], 600) or "nothing yet"
    due = min((state.source.next_poll for state in states if state.source.next_poll), default=None)
    poll = f"The next poll is {discord.utils.format_dt(due, 'R')}." if due else "No poll is planned."
    return f"No article matches yet. Watched: {names}. {poll}"


COLOURS_OF_HEALTH = {True: discord.Colour(0x3FA36B), False: WARNING}


def _entry(headline: Headline, room: int) -> str:
    title = f"**{linked(headline, 130, address_limit=room // 2)}**"
    parts = [harmless(headline.source, 40), moment(headline), listed([harmless(one, 40) for one in headline.watches], 60)]
    foot = " · ".join(part for part in parts if part)
    left = room - len(title) - len(foot) - 2
    if headline.evidence is None or left < 60:
        return f"{title}\n{foot}"
    sentence = bold(headline.evidence.sentence, headline.evidence.spans, width=min(left, _EVIDENCE))
    return "\n".join(line for line in (title, shorten(sentence, left), foot) if line)


def _name(view: WatchView, server: int) -> str:
    paused = " · paused" if view.watch.is_paused_in(server) else ""
    return f"**{harmless(view.watch.name, 100)}** · {view.watch.level.label} · {view.caught}\u00a0matched{paused}"


def _how_the_sources_are(standing: Standing) -> str:
    """Say in a sentence whether silence can be trusted."""
    well = f"**{standing.sources - len(standing.unwell):,} of {count(standing.sources, 'source')}** healthy"
    return f"{well}, last article {ago(standing.last_article)}"


def _source(state: SourceState) -> str:
    """Say how one source is: in a first line what it gives or what is the matter, in a second when it was and will be asked."""
    source = state.source
    folder = " (folder)" if source.kind is SourceKind.FOLDER else ""
    name = f"**{harmless(source.name, 60)}**{folder}"
    when = f"well {ago(source.ok_at)}" if source.ok_at else "never well yet"
    again = f", next {ago(source.next_poll)}" if source.next_poll and source.given_up_at is None else ""
    if state.paused:
        return f"⏸️ {name} · paused here"
    if state.healthy:
        problems = [f"⚠️ {harmless(one.part, 60)}: {harmless(one.reason, 120)}" for one in state.problems]
        lines = [
            f"🟢 {name} · every {interval(source.every)} · {rate(state)}",
            f"{when}{again}",
            listed(problems, 400, between="\n"),
        ]
        return "\n".join(lines).rstrip()
    if source.given_up_at is not None:
        return f"🔴 {name} · given up\n{_reason(source.reason)}\n{when}"
    if source.failures:
        return f"🟠 {name} · {count(source.failures, 'failure')}\n{_reason(source.reason)}\n{when}{again}"
    return f"🟠 {name} · {state.ailment}\n{_reason(state.complaint)}\n{when}{again}"


def _reason(reason: str) -> str:
    return harmless(reason, 200) or "no reason was given"


def _waiting(state: str, reason: str, number: int) -> str:
    return f"{number:,} {state}" + (f": {harmless(reason, 120)}" if reason else "")
