"""Draws what is posted: the card of a story, the card of a burst, and why a card was posted. Pure: a value in, an embed out."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.chat.changes import change_lines
from bot.chat.harmless import bold, clean, code, harmless, web_address
from bot.chat.limits import BLANK, FIELD_VALUE, TITLE, with_each, within_limits
from bot.model import Alert, Card, Dated, Fold, Headline, Level, Notice, Precision, Reason, Term

COLOURS = {Level.ABOUT: discord.Colour(0xE4572E), Level.MENTION: discord.Colour(0x8D99AE)}
QUIET = discord.Colour(0x4A5A76)
WARNING = discord.Colour(0xD9A441)

_QUOTE = 320
"""Characters of evidence on a card: about five lines on a phone."""
_SUMMARY = 480
_EXCERPT = 120
"""Characters of the reason why only a part of an article was read."""
_CHANGES, _CHANGED = 2, 600
"""Changes that are shown on a card, and the characters they may take."""
_FOLDED = 10
"""Headlines named on the card of a burst."""
_SAID = 150
_TOLD = 200
"""Characters of the line that says where an article speaks of what is watched."""
_TERMS = 4


def card_embed(card: Card) -> discord.Embed:
    """Draw whatever is posted."""
    match card:
        case Alert():
            return alert_embed(card)
        case Fold():
            return fold_embed(card)
        case Notice():
            return notice_embed(card)


def alert_embed(alert: Alert) -> discord.Embed:
    """Draw the card of a story: headline, evidence, summary, and at the end who watches it, when it was published and where."""
    headline = alert.headline
    embed = discord.Embed(
        title=harmless(headline.title, TITLE) or "Untitled",
        url=headline.url,
        description="\n".join(filter(None, (quoted(alert.evidence.sentence, alert.evidence.spans), _told(alert)))),
        colour=QUIET if alert.lapsed else COLOURS[alert.watches[0].level if alert.watches else headline.level],
    )
    embed.set_author(name=f"Sample · {headline.source}" if headline.sample else headline.source)
    embed.add_field(name="In short", value=_in_short(alert), inline=False)
    embed.add_field(name="Withdrawn", value="Its source has deleted this article." if alert.withdrawn else "", inline=False)
    embed.add_field(name="Changed", value=_changed(alert), inline=False)
    embed.add_field(name=_strongest(alert), value=_small_print(alert), inline=False)
    if alert.test:
        embed.set_footer(text="Test alert: this is how one looks")
    return within_limits(embed)


def fold_embed(fold: Fold) -> discord.Embed:
    """Draw the card that stands for a burst: how many alerts, the newest of them, and where the rest is."""
    shown = fold.headlines[:_FOLDED]
    lines = [f"- {linked(one, 140)} · {harmless(one.source, 40)}" for one in shown]
    embed = discord.Embed(
        title=f"{fold.count} more alerts in one card" if fold.count != 1 else "1 more alert",
        description=listed(lines, 3600, between="\n"),
        colour=QUIET,
    )
    rest = fold.count - len(shown)
    embed.set_footer(text=f"and {rest} more: /latest shows them" if rest > 0 else "/latest shows them again")
    return within_limits(embed)


def notice_embed(notice: Notice, *, server: str = "") -> discord.Embed:
    """Draw what those who run things should know, with the name of the server it is about."""
    lines = [harmless(line, 1200) for line in notice.text.splitlines()]
    embed = discord.Embed(title=harmless(notice.title, TITLE) or "Notice", description="\n".join(lines), colour=WARNING)
    if server:
        embed.set_author(name=server)
    return within_limits(embed)


def reasons_embed(reasons: Sequence[Reason]) -> discord.Embed:
    """Draw why a card was posted: each watch with its query, what was found, and the sentence that shows it."""
    embed = discord.Embed(title="Why this card", colour=COLOURS[reasons[0].level])
    embed.set_footer(text="The number is the score, from 0 to 1")
    names = [f"{harmless(reason.watch, 80)} · {reason.level.label} · {reason.score:.2f}" for reason in reasons]
    return with_each(embed, [*zip(names, map(_reason, reasons), strict=True)], of="watches")


def quoted(sentence: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return a sentence as a quotation with its matches in bold; nothing for nothing."""
    text = bold(sentence, spans, width=_QUOTE)
    return f"> {text}" if text else ""


def linked(headline: Headline, limit: int, *, address_limit: int = 300) -> str:
    """Return a title of at most `limit` as a link to its article, or alone where the address is none or too long."""
    title = harmless(headline.title, limit) or "Untitled"
    address = web_address(headline.url, limit=address_limit)
    return f"[{title}]({address})" if address else title


def moment(headline: Headline) -> str:
    """Return when an article was published, or else found: a day as a date, a time as a Discord timestamp."""
    return dated(headline.published) if headline.published else discord.utils.format_dt(headline.collected, "R")


def dated(published: Dated) -> str:
    """Return a date as it is known: a mere day has no hour to count from."""
    if published.precision is Precision.DAY:
        return f"{published.at.day} {published.at:%B %Y}"
    return discord.utils.format_dt(published.at, "R")


def listed(lines: Sequence[str], limit: int, *, between: str = ", ") -> str:
    """Join as many whole lines as fit, and say how many more there are."""
    return between.join(_fitting(lines, limit, between=between))


def add_list(embed: discord.Embed, name: str, lines: Sequence[str], limit: int) -> None:
    """Add whole lines to an embed, in as many fields as they take and `limit` characters together, and say how many more there are."""
    value = ""
    for line in _fitting(lines, limit, between="\n"):
        if value and len(value) + len(line) + 1 > FIELD_VALUE:
            embed.add_field(name=name, value=value, inline=False)
            name, value = BLANK, ""
        value = f"{value}\n{line}" if value else line
    embed.add_field(name=name, value=value, inline=False)


def _fitting(lines: Sequence[str], limit: int, *, between: str) -> Sequence[str]:
    if len(between.join(lines)) <= limit:
        return lines
    for kept in range(len(lines) - 1, 0, -1):
        some = [*lines[:kept], f"and {len(lines) - kept} more"]
        if len(between.join(some)) <= limit:
            return some
    return [f"{len(lines)} in all"]


def _in_short(alert: Alert) -> str:
    """Join the summary, without the sentence that the card quotes already."""
    quote = clean(alert.evidence.sentence)
    return harmless(" ".join(one for one in alert.summary if clean(one) != quote), _SUMMARY)


def _changed(alert: Alert) -> str:
    """Say what its source has changed, the title first."""
    lines = change_lines(alert.change, most=_CHANGES, limit=_CHANGED, more_at=": /article shows all") if alert.change else []
    if alert.lapsed:
        lines.insert(0, "What was told here no longer stands in the article.")
    return "\n".join(lines)


def _strongest(alert: Alert) -> str:
    """Return the watch that the card is for, with its level."""
    if not alert.watches:
        return "Watched"
    first = alert.watches[0]
    return f"{harmless(first.watch, 120)} · {first.level.label}"


def _told(alert: Alert) -> str:
    """Return who does what to whom, where that was asked for."""
    return harmless(alert.evidence.told, _TOLD)


def _small_print(alert: Alert) -> str:
    """Return the other watches in one line, the time with the other sources in another, and in a last one what was not read."""
    others = [
        harmless(one.watch, 60) + ("\u00a0(mention)" if one.level < alert.watches[0].level else "") for one in alert.watches[1:]
    ]
    time = moment(alert.headline) if alert.headline.published else f"found {moment(alert.headline)}"
    sources = listed([harmless(name, 60) for name in alert.more_sources], 300)
    lines = [
        f"and {listed(others, 400)}" if others else "",
        f"{time} · also: {sources}" if sources else time,
        f"*Excerpt only: {harmless(alert.excerpt, _EXCERPT)}*" if alert.excerpt else "",
    ]
    return "\n".join(line for line in lines if line)


def _reason(reason: Reason) -> str:
    found = [f"• {_term(term)}" for term in reason.evidence.terms]
    said = harmless(reason.said[:1].upper() + reason.said[1:], _SAID)
    lines = [code(reason.query, 200), said, listed(found[:_TERMS], 420, between="\n")]
    if len(found) > _TERMS:
        lines.append(f"and {len(found) - _TERMS} more")
    lines.append(f"In the {reason.evidence.place}:\n" + quoted(reason.evidence.sentence, reason.evidence.spans))
    return "\n".join(line for line in lines if line)


def _term(term: Term) -> str:
    times = f" ×{term.count}" if term.count > 1 else ""
    subject = term.subject.removeprefix("actor:").removeprefix("topic:")
    rule = f", {harmless(term.rule, 60)}" if term.rule else ""
    return f"“{harmless(term.words, 60)}”{times}: {harmless(subject, 50)}{rule}"
