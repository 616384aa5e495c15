"""`/feed` with the real program: from the address of a page to an alert, and through a list of feeds and back."""

from __future__ import annotations

import pytest

from .desk import Desk
from .fake import OPERATOR
from .feeds import Item, rss
from .interactions import Interaction
from .people import Attached
from .state import Message

QUICK = '[servers]\nleast_every = "1 s"\n'


@pytest.fixture
def port(desk: Desk) -> Desk:
    """Serve the page of a harbour, which names its feed."""
    with (desk.home / "config" / "settings.toml").open("a") as settings:
        settings.write(QUICK)
    dock(desk, 1)
    link = '<link rel="alternate" type="application/rss+xml" title="News" href="/harbour">'
    desk.feeds.serve("/", f"<!doctype html><html><head>{link}</head></html>", content_type="text/html")
    return desk


def dock(desk: Desk, *numbers: int) -> None:
    """Let the harbour report, the newest first."""
    items = [
        Item(
            title=f"Ship {number} docks",
            text=f"A ship from Pyongyang is number {number}. North Korea says so.",
            guid=f"s{number}",
        )
        for number in numbers
    ]
    desk.feeds.serve("/harbour", rss("Harbour", items))


async def ask(desk: Desk, command: str, **options: str | Attached) -> Interaction:
    return await desk.fake.slash(desk.fake.news, command, options, permissions=OPERATOR)


def control(message: Message, label: str) -> str:
    return next(str(one["custom_id"]) for one in message.controls() if one.get("label") == label)


async def test_a_feed_that_is_confirmed_is_told(port: Desk) -> None:
    """A page leads to its feed; after Confirm, in another life of the program, its newest entry is told, and then what comes."""
    desk = port
    with desk.bot() as bot:
        await desk.fake.message(desk.fake.news)
        asked = await ask(desk, "feed add", url=desk.feeds.url("/"), every="1 s")
        await bot.kill()
    assert "Ship 1 docks" in str(asked.message.embeds[0])
    with desk.bot() as bot:
        await desk.fake.until(lambda: desk.fake.gateway.connected)
        done = await desk.fake.click(asked.message, control(asked.message, "Confirm"), permissions=OPERATOR)
        await bot.during(desk.fake.until(lambda: "Ship 1 docks" in desk.titles()))
        dock(desk, 2, 1)
        await bot.during(desk.fake.until(lambda: "Ship 2 docks" in desk.titles()))
        twice = await ask(desk, "feed add", url=desk.feeds.url("/harbour"))
        offered = await desk.fake.autocomplete(desk.fake.news, "feed remove", "name", "har", permissions=OPERATOR)

    assert "**Harbour** is followed from now on" in str(done.message.data["content"])
    assert "followed already, as “Harbour”" in str(twice.message.data["content"])
    assert [choice["name"] for choice in offered] == ["Harbour"]
    assert desk.titles() == ["Pyongyang statement 1", "Ship 1 docks", "Ship 2 docks"]


async def test_a_list_is_taken_in_checked_paused_and_given_out(port: Desk) -> None:
    """An import follows, a check asks and keeps nothing, a pause silences, and an export gives the same list back."""
    desk = port
    outlines = f'<outline text="Port" xmlUrl="{desk.feeds.url("/harbour")}"/><outline text="Link"/><outline xmlUrl="ftp://x/"/>'
    url = desk.feeds.serve("/list", f'<opml version="2.0"><body>{outlines}</body></opml>', content_type="text/xml")
    file = Attached(id=5, filename="feeds.opml", url=url, size=200)
    with desk.bot() as bot:
        await desk.fake.message(desk.fake.news)
        imported = await ask(desk, "feed import", file=file)
        await bot.during(desk.fake.until(lambda: "Ship 1 docks" in desk.titles()))
        checked = await ask(desk, "feed check", name="Port")
        paused = await ask(desk, "feed pause", name="Wire")
        listed = await ask(desk, "feed list")
        exported = await ask(desk, "feed export")

    assert imported.message.embeds[0]["title"] == "1 feed added"
    assert "no address of the web" in str(imported.message.embeds[0]["fields"])
    assert "1 entry without the address of a feed" in str(imported.message.embeds[0]["fields"])
    assert "304, 1 entry" in str(checked.message.embeds[0]["fields"])
    assert "is paused" in str(paused.message.data["content"])
    assert "**Wire** · paused here" in str(listed.message.embeds[0]["description"])
    assert [one["filename"] for one in exported.message.data["attachments"]] == ["feeds.opml"]
    assert all(answer.ephemeral for answer in (imported, checked, paused, listed, exported))
