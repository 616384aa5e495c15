"""Photographs the bot's real messages for the README: the real client on a simulated Discord, in Debian's Chromium.

Run by `make pictures` in an environment of its own. The texts are invented, and so are the sources.
"""

# ruff: noqa: ARG002, D102 - the protocols ask for names that an exhibit has no use for, and say what they are

from __future__ import annotations

import asyncio
import itertools
import re
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import simcord
from PIL import Image
from playwright.async_api import Browser, async_playwright

from bot.chat.client import SitrepClient
from bot.chat.courier import DiscordCourier
from bot.config.actors import read_actors
from bot.model import (
    ActorView,
    Alert,
    Alias,
    AliasKind,
    Backtest,
    Change,
    Clue,
    Dated,
    Draft,
    Evidence,
    Explanation,
    Fate,
    FirstRun,
    Fold,
    Headline,
    History,
    Level,
    Lookup,
    Notice,
    Obstacle,
    Override,
    Page,
    Place,
    Preview,
    Probe,
    Proposal,
    Reason,
    Report,
    Source,
    SourceKind,
    SourcePage,
    SourceState,
    Stage,
    Standing,
    State,
    Suggestion,
    Term,
    TermShare,
    Told,
    Trace,
    Viewer,
    Watch,
    WatchDraft,
    WatchPreview,
    WatchTrace,
    WatchView,
    WayOut,
)

NOW = datetime(2026, 9, 14, 9, 30, tzinfo=UTC)
WIDTHS = (530, 390)
"""One card on a screen, and on a phone."""
HIGH = 4000
"""High enough for every message: what does not fit is cut without a word."""

COLOURS = 128
"""Enough for flat colours and smooth letters, at a third of the size."""

NORTH_KOREA, TRILATERAL = "North Korea", "Trilateral cooperation"


def shown(sentence: str, *words: str, place: Place = Place.LEAD, terms: tuple[Term, ...] = ()) -> Evidence:
    """Return a sentence as evidence, with these words in bold."""
    spans = tuple(sorted((found.start(), found.end()) for word in words for found in re.finditer(re.escape(word), sentence)))
    return Evidence(sentence=sentence, spans=spans, place=place, terms=terms)


def headline(number: int, title: str, source: str, age: timedelta, **more: Any) -> Headline:
    """Return an article of an invented source."""
    at = NOW - age
    return Headline(
        article_id=number,
        title=title,
        url=f"https://example.com/articles/{number}",
        source=source,
        published=more.pop("published", Dated(at=at, rule="feed")),
        collected=at,
        **more,
    )


MINISTERS = shown(
    "The foreign ministers of South Korea, Japan and the United States agreed on Monday to answer any North Korean "
    "launch together, and to bring their trilateral cooperation to the sea and the air.",
    "trilateral cooperation",
    "North Korean",
    terms=(
        Term(words="North Korean", subject="actor:north-korea", rule="demonym", count=3),
        Term(words="Pyongyang", subject="actor:north-korea", rule="capital"),
    ),
)
ALERT = Alert(
    delivery_id="5d41402abc4b2a76b9719d911017c592",
    headline=headline(1, "Three ministers agree on a common answer to launches", "Example Wire", timedelta(minutes=12)),
    evidence=MINISTERS,
    summary=(
        "The meeting in Seoul was the first of the three since spring.",
        "A joint exercise is planned for October, the ministry said, with observers from two more countries.",
        "Pyongyang has called such exercises a rehearsal.",
    ),
    watches=(
        Told(watch=NORTH_KOREA, level=Level.ABOUT, score=0.91),
        Told(watch=TRILATERAL, level=Level.ABOUT, score=0.84),
        Told(watch="US–South Korea alliance", level=Level.MENTION, score=0.4),
    ),
    more_sources=("Example Times", "Daily Example"),
)
LATEST = (
    headline(
        1,
        "Three ministers agree on a common answer to launches",
        "Example Wire",
        timedelta(minutes=12),
        watches=(NORTH_KOREA, TRILATERAL),
        evidence=MINISTERS,
    ),
    headline(
        3,
        "Patrol ships of three navies meet off the island",
        "Example Times",
        timedelta(hours=3),
        watches=(TRILATERAL,),
        evidence=shown(
            "The exercise is the second since trilateral cooperation at sea was agreed in August.", "trilateral cooperation"
        ),
    ),
    headline(
        4,
        "Satellite pictures show work at the launch site",
        "Daily Example",
        timedelta(hours=9),
        watches=(NORTH_KOREA,),
        evidence=shown("North Korea has cleared the ground beside the older of its two launch pads.", "North Korea"),
    ),
)
BURST = (
    ("Two more launches before noon", "Example Wire"),
    ("What the ministers left open", "Example Times"),
    ("Ferries stay in port after the warning", "Harbour Example"),
    ("A calendar of the autumn exercises", "Daily Example"),
    ("Markets shrug at the third launch of the week", "Example Wire"),
)
MENDED = Change(
    at=NOW - timedelta(minutes=3),
    title=(
        ("Three ministers agree on a ", Fate.STAYS),
        ("possible", Fate.GOES),
        ("common", Fate.COMES),
        (" answer", Fate.STAYS),
    ),
    sentences=(
        (
            ("A joint exercise is planned for ", Fate.STAYS),
            ("September", Fate.GOES),
            ("October", Fate.COMES),
            (", the ministry said, with observers from two more countries.", Fate.STAYS),
        ),
        (("Nobody from Beijing was there.", Fate.COMES),),
    ),
)
CHANGED = replace(ALERT, delivery_id="a" * 32, change=MENDED)
EXCERPT = replace(
    ALERT,
    delivery_id="b" * 32,
    headline=headline(5, "What the envoys brought home", "Example Times", timedelta(hours=1)),
    summary=("The envoys of three countries met for the fourth time this year.",),
    watches=ALERT.watches[:1],
    more_sources=(),
    excerpt="its page is for subscribers",
)
HISTORY = History(
    headline=replace(LATEST[0]),
    published=Dated(at=NOW - timedelta(minutes=12), rule="rfc 5322", raw="Mon, 14 Sep 2026 09:18:00 GMT"),
    changes=(MENDED,),
    copies=("Daily Example", "Example Times"),
)
FOLD = Fold(
    delivery_id="8ad8757baa8564dc136c1e07507f4a98",
    count=14,
    headlines=tuple(headline(10 + at, title, source, timedelta(hours=1)) for at, (title, source) in enumerate(BURST)),
)

SOURCES = (
    ("Harbour Example", SourceKind.FEED, 12, 30, 55, "the server answered 503: it is tried again in 2 h"),
    ("Example Wire", SourceKind.FEED, 81, 15, 4, ""),
    ("Example Times", SourceKind.FEED, 45, 15, 9, ""),
    ("Ministry notes", SourceKind.FEED, 6, 60, 41, ""),
    ("Drop folder", SourceKind.FOLDER, 3, 1, 0, ""),
)


def source_state(number: int, row: tuple[str, SourceKind, int, int, int, str]) -> SourceState:
    """Return a source as it stands now."""
    name, kind, usual, every, ago, reason = row
    source = Source(
        id=number,
        kind=kind,
        address="https://example.com/feed",
        name=name,
        every=timedelta(minutes=every),
        first_run=FirstRun.LATEST,
        polled_at=NOW - timedelta(minutes=ago),
        ok_at=NOW - timedelta(minutes=ago),
        next_poll=NOW + timedelta(minutes=max(1, every - ago)),
        failures=3 if reason else 0,
        reason=reason,
    )
    return SourceState(source=source, lately=usual - 1, usual=usual)


class Exhibits:
    """Answers every question with the same few articles (the protocols `ports.Answers`, `Articles`, `Feeds` and `PlaceStore`)."""

    def __init__(self) -> None:
        self.channel: int | None = None

    async def latest(self, viewer: Viewer, *, watch: str | None, size: int) -> Page:
        return Page(headlines=LATEST, title="Latest", key="0123456789abcdef", more=True)

    async def search(self, viewer: Viewer, *, query: str, since: str | None, size: int) -> Page:
        title = '7 found for actor:north-korea OR "trilateral cooperation"'
        note = "North Korea is the actor north-korea; the comma is OR."
        return Page(headlines=LATEST, title=title, key="0123456789abcdef", more=True, note=note)

    async def turn(self, viewer: Viewer, key: str, number: int) -> Page:
        return Page(headlines=LATEST, title="Latest", key=key, number=number)

    async def watches(self, viewer: Viewer) -> Sequence[WatchView]:
        return [WatchView(watch=Watch(name=NORTH_KOREA, query="North Korea"), written="actor:north-korea", matches=212)]

    async def watch(self, viewer: Viewer, name: str) -> WatchView:
        return (await self.watches(viewer))[0]

    async def sources(self, viewer: Viewer) -> Sequence[SourceState]:
        return [source_state(number, row) for number, row in enumerate(SOURCES)]

    async def source_page(self, viewer: Viewer, number: int) -> SourcePage:
        states = tuple(await self.sources(viewer))
        return SourcePage(states=states, healthy=sum(one.healthy for one in states), asked=len(states))

    async def why(self, viewer: Viewer, delivery_id: str) -> Sequence[Reason]:
        topic = Term(words="trilateral cooperation", subject="topic:trilateral-cooperation", rule="phrase", count=2)
        evidence = shown(MINISTERS.sentence, "trilateral cooperation", terms=(topic,))
        return [
            Reason(
                watch=NORTH_KOREA,
                query="actor:north-korea",
                level=Level.ABOUT,
                wanted=Level.ABOUT,
                score=0.91,
                evidence=shown(MINISTERS.sentence, "North Korean", terms=MINISTERS.terms),
                said="in the lead, 4 of 11 sentences; weighs 1.9, other actors 1.4",
            ),
            Reason(
                watch=TRILATERAL,
                query="topic:trilateral-cooperation",
                level=Level.ABOUT,
                wanted=Level.ABOUT,
                score=0.84,
                evidence=evidence,
                said="in the lead, 2 of 11 sentences; no other actor",
            ),
        ]

    async def standing(self, viewer: Viewer) -> Standing:
        return Standing(
            sources=len(SOURCES),
            unwell=tuple(one for one in await self.sources(viewer) if not one.healthy),
            watches=4,
            articles=1469,
            waiting_articles=2,
            last_article=NOW - timedelta(minutes=4),
            last_alert=NOW - timedelta(minutes=12),
            deliveries=((State.HELD, "403 (50013) Missing Permissions", 2),),
            channel=self.channel,
            disambiguation="on, with en_core_web_sm 3.8.0",
        )

    async def article(self, viewer: Viewer, which: str) -> History:
        return HISTORY

    async def look(self, viewer: Viewer, url: str, *, every: str | None = None, name: str | None = None) -> Preview:
        return PREVIEW

    async def unstick(self, viewer: Viewer, way: WayOut, *, named: Sequence[str] | None = None) -> int:
        return 0

    async def settle_in(self, server: int, channel: int) -> Alert | None:
        self.channel = channel
        return None

    async def set_channel(self, server: int, channel: int, *, now: datetime) -> None:
        self.channel = channel

    async def default_channel(self, server: int, channel: int, *, now: datetime) -> None:
        self.channel = channel

    async def keep_lookup(self, lookup: Lookup, *, now: datetime) -> str:
        return "0123456789abcdef"

    async def lookup(self, key: str) -> Lookup | None:
        return None

    async def note(self, key: str, value: str, *, now: datetime) -> None:
        """Forget at once: the commands are registered anew in each run."""

    async def noted(self, key: str) -> str | None:
        return None


class WatchExhibits:
    """Shows one watch before it is saved, and what became of it (parts of the protocols `ports.WatchOrders` and `Insights`)."""

    async def look(self, viewer: Viewer, draft: WatchDraft) -> WatchPreview:
        test = Backtest(
            written="topic:trilateral-cooperation AND NOT title:football",
            candidates=41,
            judged=41,
            archive=1469,
            found=12,
            samples=LATEST,
            whole=True,
        )
        return WatchPreview(key="0123456789abcdef", draft=draft, test=test)

    async def test(self, viewer: Viewer, query: str, *, days: int) -> AsyncIterator[Backtest]:
        yield Backtest(
            written="topic:trilateral-cooperation",
            candidates=41,
            judged=41,
            archive=1469,
            found=12,
            per_day=tuple((NOW.date() - timedelta(days=ago), count) for ago, count in enumerate((3, 1, 5, 2, 1))),
            samples=LATEST,
            near=((LATEST[1], "only mentioned"),),
            overlap=((NORTH_KOREA, 9),),
            whole=True,
        )

    async def explain(self, viewer: Viewer, which: str) -> Explanation:
        clue = Clue(part="actor:north-korea", words=("North Korean", "Pyongyang"), count=4)
        missing = Obstacle(
            part="actor:russia", stage=Stage.SCAN, seen="it stands nowhere in the article", mend="one of its names in the text"
        )
        about = Trace(written="actor:north-korea", level=Level.ABOUT, wanted=Level.ABOUT, score=0.91, matched=(clue,))
        both = "sentence:(actor:north-korea AND actor:russia)"
        stopped = Trace(written=both, level=None, wanted=Level.ABOUT, matched=(clue,), obstacles=(missing,))
        return Explanation(
            title=LATEST[0].title,
            url=LATEST[0].url,
            watches=(
                WatchTrace(watch=NORTH_KOREA, trace=about, telling="Told in the terminal."),
                WatchTrace(watch="North Korea with Russia", trace=stopped),
            ),
        )

    async def report(self, viewer: Viewer, name: str) -> Report:
        return Report(
            watch=Watch(name=NORTH_KOREA, query="actor:north-korea"),
            relevant=31,
            false=9,
            divided=1,
            low=0.62,
            high=0.88,
            terms=(TermShare(words="Pyongyang", false=6, relevant=12), TermShare(words="North Korean", false=3, relevant=25)),
            suggestion=Suggestion(
                change='add NOT "film"', false_dropped=6, relevant_lost=0, matches_before=112, matches_after=101
            ),
        )


class ActorExhibits:
    """Shows one actor (`ports.Actors`)."""

    async def show(self, viewer: Viewer, name: str) -> ActorView:
        actor = next(one for one in read_actors(Path("config/actors")) if one.id == "north-korea")
        added = Override(actor=actor.id, text="Juche state", kind=AliasKind.NAME)
        decoy = Override(actor=actor.id, text="Pyongyang Grill", kind=None)
        # Few machines that take pictures have letters for every language.
        aliases = (*(one for one in actor.aliases if one.text.isascii()), Alias(text=added.text, kind=AliasKind.NAME))
        decoys = (*(one for one in actor.decoys if one.isascii()), decoy.text)
        mine = replace(actor, aliases=aliases, decoys=decoys)
        return ActorView(actor=mine, changes=(added, decoy), watches=(NORTH_KOREA,))


PREVIEW = Preview(
    key="0123456789abcdef",
    proposal=Proposal(address="https://example.com/harbour/feed", name="Harbour Example", every=timedelta(minutes=30)),
    probe=Probe(
        address="https://example.com/harbour/feed",
        status=200,
        title="Harbour Example: news of the port",
        entries=30,
        newest=tuple(
            Draft(
                title=title,
                text=title,
                url=f"https://example.com/harbour/{at}",
                published=Dated(at=NOW - timedelta(hours=at), rule="feed"),
            )
            for at, title in enumerate(
                ("Ferries stay in port after the warning", "The new quay opens", "Two pilots retire"), start=1
            )
        ),
    ),
)
STALE = Notice(
    delivery_id="d" * 32,
    title="Harbour Example has gone stale",
    text="It is asked every 30 min and answers well, but nothing new has come for 6 days; usually 12 come a day.",
)
NOTICE = Notice(
    delivery_id="c" * 32,
    title="Alerts can no longer be posted in #alerts",
    text="Discord says: 403 (50013) Missing Permissions\n2 alerts wait, and those to come will: none is lost.\n"
    "Allow Send Messages there, then use /setup channel.",
)


class Sharp:
    """A browser that captures at twice the resolution, which the preview has no setting for."""

    def __init__(self, browser: Browser) -> None:
        self.browser, self.version, self.close = browser, browser.version, browser.close

    def new_context(self, **options: Any) -> Any:
        """Open a page context as asked, only sharper."""
        return self.browser.new_context(**options | {"device_scale_factor": 2})


async def exhibit(client: SitrepClient, room: simcord.ChannelHandle, ann: simcord.MemberActor) -> dict[str, Any]:
    """Let the bot post and answer; return each message under the name of its picture."""
    courier = DiscordCourier(client)
    cards: dict[str, Any] = {}
    for name, card in (
        ("alert", ALERT),
        ("changed", CHANGED),
        ("excerpt", EXCERPT),
        ("fold", FOLD),
        ("notice", NOTICE),
        ("stale", STALE),
    ):
        await courier.post(card, f"channel:{room.id}", nonce=name)
        cards[name] = room.last_message
    return cards | {
        "why": await ann.click(cards["alert"], label="Why?"),
        "search": await ann.slash(room, "search", query="North Korea, trilateral cooperation"),
        "status": await ann.slash(room, "status"),
        "feeds": await ann.slash(room, "feed list"),
        "feed-add": await ann.slash(room, "feed add", url="https://example.com/harbour"),
        "why-url": await ann.slash(room, "why", url="https://example.com/articles/1"),
        "watch-add": await ann.slash(
            room, "watch add", name=TRILATERAL, query="topic:trilateral-cooperation AND NOT title:football", cap=5
        ),
        "watch-test": await ann.slash(room, "watch test", query="topic:trilateral-cooperation"),
        "watch-report": await ann.slash(room, "watch report", name=NORTH_KOREA),
        "actor": await ann.slash(room, "actor show", actor="north-korea"),
        "article": await ann.slash(room, "article", which="https://example.com/articles/1"),
    }


async def main(out: Path) -> None:
    """Photograph every exhibit at every width."""
    exhibits = Exhibits()
    client = SitrepClient(
        answers=exhibits,
        articles=exhibits,
        feeds=exhibits,
        watches=WatchExhibits(),
        actors=ActorExhibits(),  # type: ignore[arg-type]  # nothing else is asked of it
        insights=WatchExhibits(),
        places=exhibits,
        clock=lambda: NOW,
    )
    async with simcord.run(client) as env, async_playwright() as driver:
        await env.advance_time((NOW - env.now()).total_seconds())
        assert client.user is not None
        await client.user.edit(username="Sitrep")
        room = env.create_guild("Newsroom").create_text_channel("alerts")
        exhibits.channel = room.id
        editor = env.guild.create_role("Editor", permissions=discord.Permissions(manage_guild=True))
        ann = env.guild.add_member(env.create_user("ann", global_name="Ann"), roles=[editor])
        messages = await exhibit(client, room, ann)
        async with env.preview(room, viewers=[ann], locale="en-GB") as preview:
            browser = await driver.chromium.launch(executable_path="/usr/bin/chromium")
            preview._capture_manager._browser = Sharp(browser)
            for name, width in itertools.product(messages, WIDTHS):
                picture = await preview.screenshot(out / f"{name}-{width}.png", target=messages[name], viewport=(width, HIGH))
                assert not picture.geometry["overflow"]["vertical"], f"{name} is cut at {width} pixels"
                print(f"{name}-{width}.png")


def shrink(out: Path) -> None:
    """Reduce the colours of every picture."""
    for path in out.glob("*.png"):
        Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    asyncio.run(main(folder))
    shrink(folder)
