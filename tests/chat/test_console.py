"""Laws of the terminal: cards are readable and designed, plain when piped, and no feed gets an escape sequence through."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from bot.chat.console import TerminalCourier, greeting
from bot.model import Card, Dated, Level, Notice, Precision, Sent, Told
from tests.chat.samples import DELIVERY, NOW, SENTENCE, a_fold, a_headline, an_alert, shown
from tests.chat.test_cards import alerts, few, folds, notices

_OWN = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;(?:id=\d+;[!-~]*|;)\x1b\\")
"""What rich writes itself: colours and links."""


async def printed(card: Card, *, width: int = 80, terminal: bool = False) -> str:
    """Return what the courier prints of a card."""
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=terminal, color_system="truecolor" if terminal else None)
    await TerminalCourier(console).post(card, "terminal", nonce="n")
    return out.getvalue()


async def test_a_card_reads_from_title_to_address() -> None:
    """Source and time, title, evidence, summary, watches, other sources and the address, in this order."""
    others = (Told(watch="Trilateral", level=Level.ABOUT, score=0.5), Told(watch="Alliance", level=Level.MENTION, score=0.2))
    card = an_alert(watches=(*an_alert().watches, *others), more_sources=("Example Times",))

    assert (await printed(card)).splitlines() == [
        "▌ Harbour Example · 2026-09-14 07:30 UTC",
        "▌ Port expansion is a year late",
        "▌",
        "▌   “Freight between Russia and North Korea makes up a third of what the railway",
        "▌   carries.”",
        "▌",
        "▌ The quay was to open last autumn. Steel is missing.",
        "▌",
        "▌ North Korea · about, and Trilateral, Alliance (mention)",
        "▌ also: Example Times",
        "▌ https://example.com/port",
        "",
    ]


async def test_a_card_says_that_only_a_part_was_read() -> None:
    """Where the whole article could not be read, the line before the address says so and why."""
    lines = (await printed(an_alert(excerpt="the page is behind a paywall"))).splitlines()

    assert "▌ excerpt only: the page is behind a paywall" in lines[-3:]


async def test_a_notice_is_printed_line_by_line() -> None:
    """A notice to the operator is its title and its lines."""
    notice = Notice(delivery_id=DELIVERY, title="A feed is gone", text="It answers 404.\nCorrect its url in sources.toml.")

    assert (await printed(notice)).splitlines() == [
        "▌ A feed is gone",
        "▌ It answers 404.",
        "▌ Correct its url in sources.toml.",
        "",
    ]


async def test_what_a_card_lacks_leaves_no_gap() -> None:
    """Without evidence, summary, watches or address the card is shorter, not full of holes."""
    card = an_alert(evidence=shown(""), summary=(), watches=(), headline=a_headline(url=""))

    assert (await printed(card)).splitlines() == [
        "▌ Harbour Example · 2026-09-14 07:30 UTC",
        "▌ Port expansion is a year late",
        "▌",
        "",
    ]


async def test_the_summary_does_not_repeat_the_quoted_sentence() -> None:
    """What is quoted is not said again."""
    assert (await printed(an_alert(summary=(SENTENCE, "Steel is missing.")))).count("railway") == 1


async def test_the_match_is_bold_and_the_title_a_link_on_a_terminal() -> None:
    """A terminal gets the match in bold and the title as a link (OSC 8)."""
    shown_as = await printed(an_alert(), width=120, terminal=True)

    assert "\x1b[1mNorth Korea\x1b[0m" in shown_as
    assert re.search(r"\x1b\]8;id=\d+;https://example\.com/port\x1b\\\x1b\[1mPort expansion", shown_as)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"headline": a_headline(sample=True)}, "Sample · Harbour Example", id="sample"),
        pytest.param({"test": True}, "Test alert · Harbour Example", id="test"),
        pytest.param(
            {"headline": a_headline(published=Dated(at=NOW, precision=Precision.DAY, rule="text"))},
            "Harbour Example · 14 September 2026",
            id="a mere day",
        ),
        pytest.param({"headline": a_headline(published=None)}, "found 2026-09-14 09:30 UTC", id="no date"),
    ],
)
async def test_the_first_line_says_what_kind_of_news_it_is(changes: dict[str, object], words: str) -> None:
    """Samples and tests are marked, a day is a day, and without a date the time of finding stands."""
    assert words in (await printed(an_alert(**changes))).splitlines()[0]


@few
@given(st.one_of(alerts, folds, notices), st.integers(60, 120), st.booleans())
async def test_no_feed_gets_an_escape_through(card: Card, width: int, terminal: bool) -> None:
    """Whatever a feed writes, nothing but rich's own colours and links controls the terminal, and no line is too wide."""
    shown_as = _OWN.sub("", await printed(card, width=width, terminal=terminal))

    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown_as)
    assert all(cell_len(line) <= width for line in shown_as.splitlines())
    shown_as.encode()


@few
@given(st.one_of(alerts, folds, notices))
async def test_a_pipe_gets_clean_lines(card: Card) -> None:
    """Piped cards hold no escape sequence and no space at the end of a line."""
    shown_as = await printed(card)

    assert "\x1b" not in shown_as
    assert all(line == line.rstrip(" ") for line in shown_as.split("\n"))


async def test_rich_markup_in_a_feed_is_text() -> None:
    """Square brackets and emoji names stand as they were written."""
    shown_as = await printed(
        an_alert(headline=a_headline(title="[bold red]Sale[/] :boom: [link=https://evil.example]x[/link]"))
    )

    assert "▌ [bold red]Sale[/] :boom: [link=https://evil.example]x[/link]" in shown_as


async def test_a_terminal_without_unicode_gets_a_plain_bar() -> None:
    """Where the bar cannot be written, a plain character stands for it."""
    raw = io.BytesIO()
    console = Console(file=io.TextIOWrapper(raw, encoding="ascii", errors="replace", write_through=True), width=80)

    await TerminalCourier(console).post(an_alert(), "terminal", nonce="n")

    assert raw.getvalue().startswith(b"| Harbour Example")


async def test_a_burst_is_one_card() -> None:
    """The folded card lists the newest titles and says how many more there are."""
    assert (await printed(a_fold(count=12, shown_titles=2))).splitlines() == [
        "▌ 12 more alerts in one card",
        "▌ - Launch number 0 · Harbour Example",
        "▌ - Launch number 1 · Harbour Example",
        "▌ and 10 more: search finds them",
        "",
    ]


async def test_a_burst_shown_whole_names_the_look_up() -> None:
    """Nothing is left to count, but the look-up is still named."""
    assert "search finds them again" in await printed(a_fold(count=2, shown_titles=2))


async def test_printed_cards_are_numbered() -> None:
    """Each card has a number of its own, as messages have."""
    courier = TerminalCourier(Console(file=io.StringIO()))

    numbers = [await courier.post(an_alert(), "terminal", nonce="n") for _ in range(2)]

    assert numbers == [Sent(message_id=1), Sent(message_id=2)]


@pytest.mark.parametrize(
    ("card", "said"),
    [
        pytest.param(an_alert(), "updated: Port expansion is a year late\n", id="alert"),
        pytest.param(replace(a_fold(), count=12), "updated: 12 folded alerts\n", id="fold"),
        pytest.param(Notice(delivery_id=DELIVERY, title="A feed is gone", text=""), "updated: A feed is gone\n", id="notice"),
    ],
)
async def test_an_edit_is_one_line(card: Card, said: str) -> None:
    """What is printed stays, so a change is said and not drawn again."""
    out = io.StringIO()

    outcome = await TerminalCourier(Console(file=out)).edit(card, "terminal", 3)

    assert (outcome, out.getvalue()) == (Sent(message_id=3), said)


async def test_a_terminal_finds_nothing() -> None:
    """A terminal cannot be read back."""
    assert await TerminalCourier(Console(file=io.StringIO())).find(DELIVERY, "terminal", since=NOW) is None


def greeted(*, width: int = 80, **changes: object) -> list[str]:
    """Return the lines of a greeting."""
    usual: dict[str, object] = {
        "watches": ["North Korea", "Trilateral cooperation"],
        "feeds": 8,
        "folders": ["config/inbox"],
        "database": "var/sitrep.db",
        "has_token": False,
    }
    out = io.StringIO()
    Console(file=out, width=width).print(greeting(**usual | changes))  # type: ignore[arg-type]  # a table of plain values
    return out.getvalue().splitlines()


def test_the_greeting_says_what_from_where_and_what_next() -> None:
    """The first lines of a run are enough to know what happens and what to do."""
    assert greeted(has_samples=True) == [
        "",
        "Sitrep",
        "watching  North Korea, Trilateral cooperation",
        "reading   8 feeds and 1 folder, and a few samples",
        "folders   config/inbox",
        "archive   var/sitrep.db",
        "telling   this terminal",
        "next      drop an article (.txt, .md, .html, .pdf and more) into config/inbox",
        "          DISCORD_TOKEN makes it a Discord bot",
        "          Ctrl-C ends it",
        "",
    ]


def test_the_greeting_of_a_discord_bot_names_its_first_command() -> None:
    """With a token the next step is in the server; without watches or folders the greeting says so."""
    assert greeted(has_token=True, watches=[], folders=[], feeds=1)[2:] == [
        "watching  nothing yet: add a watch to watches.toml",
        "reading   1 feed and 0 folders",
        "archive   var/sitrep.db",
        "telling   Discord",
        "next      in your server, /setup channel chooses where alerts go",
        "          Ctrl-C ends it",
        "",
    ]


def test_long_lines_of_the_greeting_hang() -> None:
    """A line that does not fit goes on under its beginning."""
    lines = greeted(width=60, watches=["North Korea", "Trilateral cooperation", "US–South Korea alliance"])

    assert lines[2:4] == ["watching  North Korea, Trilateral cooperation, US–South", "          Korea alliance"]
