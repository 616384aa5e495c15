"""An article is known again whatever name it goes by, and what changes of it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.model import Collected, Dated, Draft, FirstRun, State
from bot.store.articles.updates import MOST_UPDATES
from bot.store.schema import articles, deliveries, revisions, volumes
from tests.store.conftest import NOW, World, draft, feed, folder, match

DAY = timedelta(days=1)


def dated(number: int, **more: object) -> Draft:
    return draft(number, published=Dated(at=NOW - number * DAY, rule="test"), **more)


async def archived(world: World) -> list[tuple[str, int, str]]:
    query = sa.select(articles.c.title, articles.c.revision, articles.c.place).order_by(articles.c.id)
    return [tuple(row) for row in await world.store._database.read(lambda conn: conn.execute(query).all())]


async def test_a_feed_that_renames_all_its_guids_brings_nothing_new(discord: World) -> None:
    """Where all ids are new and links and titles are not, nothing is news, and later polls know the new ids."""
    [source] = await discord.follow(feed(first_run=FirstRun.ALL))
    entries = [dated(number) for number in range(1, 31)]
    await discord.poll(source, *entries)
    await discord.read(match())

    renamed = [replace(one, guid=f"urn:new:{one.guid}") for one in entries]
    new = [await discord.poll(source, *renamed), await discord.poll(source, *renamed)]

    assert (new, [revision for _, revision, _ in await archived(discord)]) == ([0, 0], [1] * 30)
    assert await discord.lease() == []


async def test_a_feed_that_moves_to_another_host_brings_only_what_is_new(discord: World) -> None:
    """Where ids and links are all new, the same texts are known again, and the one entry with another text is news."""
    [source] = await discord.follow(feed(first_run=FirstRun.ALL))
    await discord.poll(source, *(dated(number) for number in range(1, 10)))

    moved = [dated(n, guid=f"new {n}", url=f"https://moved.example/{n}") for n in range(1, 10)]
    news = dated(0, guid="new 0", url="https://moved.example/0", title="News", text="Something else happened.")

    assert await discord.poll(source, news, *moved) == 1


@pytest.mark.parametrize(
    ("again", "new"),
    [
        pytest.param({"guid": "other"}, 0, id="a new guid alone"),
        pytest.param({"guid": "other", "text": "Text 1, mended."}, 0, id="a new guid and another text"),
        pytest.param({"guid": "other", "title": "Other"}, 1, id="another title under the same link"),
        pytest.param(
            {"guid": "other", "published": Dated(at=NOW, rule="test"), "text": "Today."}, 1, id="the page of every day"
        ),
    ],
)
async def test_one_entry_under_a_new_guid_is_known_only_by_link_title_and_date(
    discord: World, again: dict[str, object], new: int
) -> None:
    """A single entry under a new guid is an earlier one only where link and title agree, and date or text."""
    [source] = await discord.follow(feed(first_run=FirstRun.ALL))
    first = dated(1, url="https://wire.example/briefing")
    await discord.poll(source, first)

    assert await discord.poll(source, replace(first, **again)) == new  # type: ignore[arg-type]


async def test_other_words_at_the_place_of_a_file_are_its_next_version(terminal: World) -> None:
    """The same path with other content is a revision, not news."""
    [source] = await terminal.follow(folder())
    await terminal.poll(source, draft(1, guid="", url="", place="a.txt"))

    new = await terminal.poll(source, draft(1, guid="", url="", place="a.txt", text="Other words."))

    assert (new, await archived(terminal)) == (0, [("Title 1", 2, "a.txt")])


async def test_a_file_that_moves_is_not_news(terminal: World) -> None:
    """The same content at another path is the same article, and the place it left is free."""
    [source] = await terminal.follow(folder())
    here = draft(1, guid="", url="", place="a.txt")
    await terminal.poll(source, here)

    moved = await terminal.poll(source, replace(here, place="b/a.txt"), draft(2, guid="", url="", place="a.txt"))

    assert (moved, await archived(terminal)) == (1, [("Title 1", 1, "b/a.txt"), ("Title 2", 1, "a.txt")])


async def test_what_differs_only_in_its_spaces_is_no_revision(terminal: World) -> None:
    """The same words set in another way are read once."""
    [source] = await terminal.follow(feed())
    await terminal.poll(source, draft(1, text="Text  1 ."))

    await terminal.poll(source, draft(1, text="Text 1."))

    assert [revision for _, revision, _ in await archived(terminal)] == [1]


async def test_an_entry_with_a_clock_in_it_is_revised_so_often_and_no_more(terminal: World) -> None:
    """What changes with every poll stops being kept."""
    [source] = await terminal.follow(feed())

    for number in range(MOST_UPDATES + 5):
        await terminal.poll(source, draft(1, text=f"It is {number} o'clock."))

    assert [revision for _, revision, _ in await archived(terminal)] == [MOST_UPDATES + 1]


async def test_the_text_of_a_page_is_not_undone_by_the_teaser(terminal: World) -> None:
    """A teaser that changes under the same title leaves the full text; under another title the title alone is new."""
    [source] = await terminal.follow(feed(first_run=FirstRun.ALL))
    teaser = draft(1, text="It began", excerpt="the feed gives only a teaser")
    await terminal.poll(source, teaser)
    whole = {"text": "It began and ended.", "excerpt": "", "page_tries": 1, "state": "done"}
    await terminal.store._database.write(lambda conn: conn.execute(sa.update(articles).values(**whole)))

    await terminal.poll(source, replace(teaser, text="It began, they say"))
    same_title = await archived(terminal)
    await terminal.poll(source, replace(teaser, title="Over"))

    text = await terminal.store._database.read(lambda conn: conn.scalar(sa.select(articles.c.text)))
    assert (same_title, await archived(terminal), text) == (
        [("Title 1", 1, "")],
        [("Over", 2, "")],
        "It began and ended.",
    )


async def test_what_its_source_deletes_is_marked_and_its_card_is_due(discord: World) -> None:
    """A deletion that a feed states is kept once, and the card that told the article is edited."""
    [source] = await discord.follow(feed(first_run=FirstRun.ALL))
    await discord.poll(source, draft(1), draft(2))
    await discord.read(match())
    sent = {"state": State.SENT, "shown": deliveries.c.wanted, "message_id": deliveries.c.subject}
    await discord.store._database.write(lambda conn: conn.execute(sa.update(deliveries).values(**sent)))

    gone = Collected(withdrawn=("g1",))
    for _ in range(2):
        await discord.store.polls.record_poll(source, gone, now=discord.now, next_poll=discord.now, told_from=None, batch="")

    [due] = await discord.due()
    assert (due.wanted, due.shown) == (2, 1)


async def test_new_articles_count_towards_their_day(terminal: World) -> None:
    """What a source gives on a day of UTC is counted, each article once."""
    [source] = await terminal.follow(feed())
    await terminal.poll(source, draft(1), draft(2))
    await terminal.poll(source, draft(1), draft(3))
    terminal.now += DAY
    await terminal.poll(source, draft(4))

    counted = sa.select(volumes.c.day, volumes.c.articles).order_by(volumes.c.day)
    days = await terminal.store._database.read(lambda conn: [tuple(row) for row in conn.execute(counted)])
    assert days == [("2026-11-02", 3), ("2026-11-03", 1)]


async def test_what_is_kept_back_says_why(terminal: World) -> None:
    """An article that nobody is told of keeps the rule that held it back."""
    [source] = await terminal.follow(feed())
    await terminal.poll(source, draft(1), draft(2))
    [source] = await terminal.store.sources.all_sources()
    await terminal.poll(source, dated(30, guid="old"), told_from=NOW - 7 * DAY)

    reasons = sa.select(articles.c.title, articles.c.untold).where(~articles.c.tell).order_by(articles.c.id)
    kept = dict(await terminal.store._database.read(lambda conn: [tuple(row) for row in conn.execute(reasons)]))
    assert "first_run" in kept["Title 2"]
    assert "max_age" in kept["Title 30"]


@pytest.mark.parametrize(("first_run", "expected"), [(FirstRun.SILENT, 0), (FirstRun.LATEST, 1), (FirstRun.ALL, 3)])
async def test_the_first_look_into_a_folder_follows_its_rule(terminal: World, first_run: FirstRun, expected: int) -> None:
    """A folder whose first run is silent tells nothing of what lay in it already."""
    [source] = await terminal.follow(replace(folder(), first_run=first_run))

    await terminal.poll(source, draft(1), draft(2), draft(3))

    told = sa.select(sa.func.count()).where(articles.c.tell)
    assert await terminal.store._database.read(lambda conn: conn.scalar(told)) == expected


async def test_every_earlier_text_is_kept(terminal: World) -> None:
    """The first version and all between are kept with their numbers."""
    [source] = await terminal.follow(feed())
    for text in ("One.", "Two.", "Three."):
        await terminal.poll(source, draft(1, text=text))

    kept = sa.select(revisions.c.number, revisions.c.text).order_by(revisions.c.number)
    found = await terminal.store._database.read(lambda conn: [tuple(row) for row in conn.execute(kept)])
    assert found == [(1, "One."), (2, "Two.")]
