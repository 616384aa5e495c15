"""Tells the terminal: draws cards with rich, and greets at the start. No escape sequence or markup of a feed gets through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from bot.chat.changes import first_edit
from bot.chat.harmless import clean, excerpt, plain, web_address
from bot.model import Alert, Card, Fate, Fold, Headline, Level, Notice, Outcome, Precision, Sent

_COLOURS = {Level.ABOUT: "bright_red", Level.MENTION: "bright_blue"}
_FATES = {Fate.STAYS: ("", "", "none"), Fate.GOES: ("[-", "-]", "dim"), Fate.COMES: ("{+", "+}", "bold")}
"""How a piece of a change is set: with signs as `git diff --word-diff` has them, since a pipe has no colours."""
_BAR = "▌"
_WIDEST = 100
"""Longer lines are hard to read."""
_QUOTE = 400
_SUMMARY = 700


class TerminalCourier:
    """Tells the terminal (the protocol `ports.Courier`); its messages have numbers, but no memory."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._numbers = count(1)
        self._counted: dict[int, int] = {}

    async def post(self, card: Card, destination: str, *, nonce: str) -> Outcome:  # noqa: ARG002 - the protocol's
        """Print a card."""
        self._console.print(_drawn(card))
        number = next(self._numbers)
        if isinstance(card, Fold):
            self._counted[number] = card.count
        return Sent(message_id=number)

    async def edit(self, card: Card, destination: str, message_id: int) -> Outcome:  # noqa: ARG002 - the protocol's
        """Say in one line that a card has changed, since what is printed stays."""
        if isinstance(card, Fold):
            if card.count < 2 * self._counted.get(message_id, 1):  # a fold may grow with every batch of a large drop
                return Sent(message_id=message_id)
            self._counted[message_id] = card.count
        self._console.print(Text(f"updated: {_named(card)}", style="dim"), no_wrap=True, overflow="ellipsis")
        if isinstance(card, Alert):
            for line in _changes(card):
                self._console.print(line)
        return Sent(message_id=message_id)

    async def find(self, delivery_id: str, destination: str, *, since: datetime) -> int | None:  # noqa: ARG002 - the protocol's
        """Find nothing: a terminal cannot be read back, and a card printed twice harms nobody."""
        return None


def _named(card: Card) -> str:
    match card:
        case Alert():
            return plain(card.headline.title, 100)
        case Fold():
            return f"{card.count} folded alerts"
        case Notice():
            return plain(card.title, 100)


def greeting(
    *, watches: Sequence[str], feeds: int, folders: Sequence[str], database: str, has_token: bool, has_samples: bool = False
) -> RenderableType:
    """Return the first lines of a run: what is watched, from where, and what to do next."""
    rows = (
        ("watching", ", ".join(clean(name) for name in watches) or "nothing yet: add a watch to watches.toml"),
        ("reading", _sources(feeds, len(folders), has_samples=has_samples)),
        ("folders", "\n".join(clean(folder) for folder in folders)),
        ("archive", clean(database)),
        ("telling", "Discord" if has_token else "this terminal"),
        ("next", _next(folders, has_token=has_token)),
    )
    lines = [_Beside(margin=f"{name:<10}", style="dim", body=Text(said), hanging=True) for name, said in rows if said]
    return Group(Text(), Text("Sitrep", style="bold"), *lines, Text())


def _sources(feeds: int, folders: int, *, has_samples: bool) -> str:
    parts = [f"{feeds} feed{'s' * (feeds != 1)}", f"{folders} folder{'s' * (folders != 1)}"]
    return " and ".join(parts) + (", and a few samples" if has_samples else "")


def _next(folders: Sequence[str], *, has_token: bool) -> str:
    drop = f"drop an article (.txt, .md, .html, .pdf and more) into {clean(folders[0])}" if folders else ""
    discord = "in your server, /setup channel chooses where alerts go" if has_token else "DISCORD_TOKEN makes it a Discord bot"
    return "\n".join(line for line in (drop, discord, "Ctrl-C ends it") if line)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """A body beside a margin, without trailing spaces, so that a pipe gets clean lines."""

    margin: str
    style: str
    body: RenderableType
    hanging: bool = False
    """The margin stands beside the first line only."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        margin = self.margin.replace(_BAR, "|") if options.ascii_only else self.margin
        inner = options.update_width(min(options.max_width, _WIDEST) - len(margin))
        for line in console.render_lines(self.body, inner, pad=False):
            yield from _trimmed([Segment(margin, console.get_style(self.style)), *line])
            yield Segment.line()
            margin = " " * len(margin) if self.hanging else margin


def _trimmed(line: list[Segment]) -> list[Segment]:
    """Cut the spaces at the end of a line."""
    while line and not line[-1].text.strip():
        line.pop()
    return [*line[:-1], Segment(line[-1].text.rstrip(), line[-1].style)] if line else []


def _drawn(card: Card) -> RenderableType:
    match card:
        case Alert():
            return Group(_alert(card), Text())
        case Fold():
            return Group(_fold(card), Text())
        case Notice():
            return Group(_notice(card), Text())


def _alert(alert: Alert) -> RenderableType:
    colour = _COLOURS[alert.watches[0].level if alert.watches else alert.headline.level]
    summary = plain(" ".join(_summary(alert)), _SUMMARY)
    address = web_address(alert.headline.url)
    parts: list[RenderableType] = [_source_line(alert.headline, test=alert.test), _title(alert.headline), Text()]
    if alert.evidence.sentence.strip():
        parts.append(_Beside(margin="  ", style="none", body=_quote(alert)))
        parts += [*([Text(clean(alert.evidence.told), style="dim")] if alert.evidence.told else []), Text()]
    if summary:
        parts += [Text(summary), Text()]
    parts += [*_changes(alert), *_watches(alert, colour), *_also(alert.more_sources), *_excerpt(alert.excerpt)]
    if address:
        parts.append(Text(address, style="dim", overflow="fold"))
    return _Beside(margin=_BAR + " ", style=colour, body=Group(*parts))


def _source_line(headline: Headline, *, test: bool) -> Text:
    line = Text(style="dim")
    for flag, word in ((headline.sample, "Sample"), (test, "Test alert")):
        if flag:
            line.append(f"{word} · ", style="bold yellow")
    return line.append(f"{plain(headline.source, 60)} · {_time(headline)}")


def _title(headline: Headline) -> Text:
    address = web_address(headline.url)
    return Text(clean(headline.title) or "Untitled", style=Style(bold=True, link=address))


def _quote(alert: Alert) -> Text:
    quote = Text("“", style="italic")
    for piece, matched in excerpt(alert.evidence.sentence, alert.evidence.spans, width=_QUOTE):
        quote.append(piece, style="bold not italic" if matched else None)
    return quote.append("”")


def _summary(alert: Alert) -> list[str]:
    quote = clean(alert.evidence.sentence)
    return [sentence for sentence in alert.summary if clean(sentence) != quote]


def _changes(alert: Alert) -> Iterator[Text]:
    if alert.withdrawn:
        yield Text("withdrawn: its source has deleted this article", style="yellow")
    if alert.lapsed:
        yield Text("what was told no longer stands in the article", style="yellow")
    if alert.change is not None:
        label, pieces, more = first_edit(alert.change)
        line = Text(f"changed: {label.lower()}", style="yellow")
        for piece, fate in pieces:
            before, after, style = _FATES[fate]
            line.append(f"{before}{piece}{after}", style=style)
        yield line.append(f" (and {more} more)" if more else "")


def _watches(alert: Alert, colour: str) -> Iterator[Text]:
    if not alert.watches:
        return
    first, *others = alert.watches
    line = Text.assemble((clean(first.watch), f"bold {colour}"), f" · {first.level.label}")
    names = [clean(one.watch) + (" (mention)" if one.level < first.level else "") for one in others]
    yield line.append(f", and {', '.join(names)}") if names else line


def _also(sources: Sequence[str]) -> Iterator[Text]:
    if sources:
        yield Text(f"also: {', '.join(plain(name, 60) for name in sources)}", style="dim")


def _excerpt(reason: str) -> Iterator[Text]:
    if reason:
        yield Text(f"excerpt only: {plain(reason, 120)}", style="dim")


def _fold(fold: Fold) -> RenderableType:
    rest = fold.count - len(fold.headlines)
    lines = [Text("- ").append_text(_title(one)).append(f" · {plain(one.source, 60)}", style="dim") for one in fold.headlines]
    head = Text(f"{fold.count} more alerts in one card", style="bold")
    foot = Text(f"and {rest} more: search finds them" if rest > 0 else "search finds them again", style="dim")
    return _Beside(margin=_BAR + " ", style="blue", body=Group(head, *lines, foot))


def _notice(notice: Notice) -> RenderableType:
    lines = [Text(clean(line)) for line in notice.text.splitlines()]
    return _Beside(margin=_BAR + " ", style="yellow", body=Group(Text(clean(notice.title), style="bold"), *lines))


def _time(headline: Headline) -> str:
    if headline.published is None:
        return f"found {headline.collected:%Y-%m-%d %H:%M} UTC"
    exact = headline.published.precision is Precision.SECOND
    return (
        f"{headline.published.at:%Y-%m-%d %H:%M} UTC" if exact else f"{headline.published.at.day} {headline.published.at:%B %Y}"
    )
