"""`/actor` with the real program: what one server calls an actor is told in it, and in no other."""

from __future__ import annotations

from .desk import Desk
from .fake import OPERATOR
from .feeds import Item, rss
from .interactions import Interaction
from .state import Channel


async def ask(desk: Desk, room: Channel, command: str, **options: str) -> Interaction:
    return await desk.fake.slash(room, command, options, permissions=OPERATOR)


def report(desk: Desk, *titles: str) -> None:
    """Let the wire report, the newest first; each is about what its title names."""
    items = [Item(title=title, text=f"{title}. It gave no reason, and nobody asked for one.", guid=title) for title in titles]
    desk.feeds.serve("/feed", rss("Wire", items))


async def test_an_alias_of_one_server_is_told_there_alone(desk: Desk) -> None:
    """From the next article on the config's watch finds the new name in the server that added it; the other hears what it heard before.

    After a restart that is still so, and once the name is taken back it is over.
    """
    other = desk.fake.world.add_channel(desk.fake.world.add_guild("Harbour Office"), "news")
    here = desk.fake.news
    known, first, second, third = (
        "North Korea reports a harvest",
        "The Hermit Kingdom shuts a port",
        "The Hermit Kingdom opens a port",
        "The Hermit Kingdom rests",
    )
    with desk.bot() as bot:
        await desk.fake.message(here)
        await ask(desk, other, "setup channel", channel=str(other.id))
        added = await ask(desk, here, "actor add", actor="North Korea", kind="name", alias="Hermit Kingdom")
        report(desk, first)
        await bot.during(desk.fake.until(lambda: first in desk.titles()))
        found = [await ask(desk, room, "search", query="actor:north-korea") for room in (here, other)]
        why = [await ask(desk, room, "why", url="2") for room in (here, other)]
        shown = [await ask(desk, room, "actor show", actor="north-korea") for room in (here, other)]
        await bot.stop()
    report(desk, second)
    with desk.bot() as bot:
        await bot.during(desk.fake.until(lambda: second in desk.titles()))
        await ask(desk, here, "actor remove", actor="North Korea", alias="hermit kingdom")
        report(desk, known, third)
        await bot.during(desk.fake.until(lambda: known in desk.titles(other)))
        await bot.during(desk.fake.until(lambda: known in desk.titles(here)))
        await bot.stop()

    assert "counts as name of **North Korea** here" in str(added.message.data["content"])
    assert [first in str(one.message.embeds) for one in found] == [True, False]
    assert "Told in <#" in str(why[0].message.embeds)
    assert "stands nowhere in the article" in str(why[1].message.embeds)
    assert ["Hermit Kingdom" in str(one.message.embeds) for one in shown] == [True, False]
    assert desk.titles(here)[1:] == [first, second, known]
    assert [title for title in desk.titles(other) if "Hermit" in title] == []


async def test_a_name_that_means_too_much_is_refused_in_one_sentence(desk: Desk) -> None:
    """The person is told why, and what would do."""
    with desk.bot():
        await desk.fake.message(desk.fake.news)
        short = await ask(desk, desk.fake.news, "actor add", actor="north-korea", kind="name", alias="NK")
        taken = await ask(desk, desk.fake.news, "actor add", actor="north-korea", kind="capital", alias="Moscow")
        unknown = await ask(desk, desk.fake.news, "actor show", actor="North Koera")
        offered = await desk.fake.autocomplete(desk.fake.news, "actor show", "actor", "kor")

    said = [str(one.message.data["content"]) for one in (short, taken, unknown)]
    assert "fewer than 3 letters" in said[0]
    assert "is an alias of Russia" in said[1]
    assert "did you mean North Korea?" in said[2]
    assert [choice["value"] for choice in offered] == ["north-korea"]
