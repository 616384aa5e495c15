"""Questions over a real archive, with a reader that judges by words."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.errors import QueryError, ReadingError, StoreError, Unanswerable
from bot.model import (
    Article,
    Catalogue,
    Level,
    Match,
    Phrase,
    Query,
    Reading,
    Refused,
    Rules,
    State,
    Stretch,
    Stuck,
    Understood,
    Viewer,
    Watch,
    WayOut,
)
from bot.ports import Understand
from bot.questions import Questions, lookups, read_since
from bot.store.articles.archive import Archive
from bot.store.schema import pauses, sources
from tests.store.conftest import NOW, World, draft, feed, folder, make_world, match

HERE = Viewer(server=7)


@dataclass(slots=True)
class WordReader:
    """Judges an article by whether it holds the words of the query."""

    fault: Exception | None = None
    judged: list[int] = field(default_factory=list)

    async def read(self, articles: Sequence[Article], rules: Rules, *, plainly: bool = False) -> Sequence[Reading]:
        raise AssertionError("questions read nothing")

    async def judge(
        self,
        articles: Sequence[Article],
        rules: Rules,
        query: str,
        *,
        server: int = 0,
        author: int | None = None,
        level: Level = Level.MENTION,
    ) -> Sequence[Match | None]:
        if self.fault:
            raise self.fault
        self.judged.append(len(articles))
        return [match(level=Level.MENTION) if query in article.text else None for article in articles]


class Uncounted(Archive):
    """An archive in which nobody may count what a watch caught."""

    def __init__(self, archive: Archive) -> None:
        super().__init__(archive._database, archive._definitions)

    async def match_count(self, viewer: Viewer, watch_id: int, *, most: int) -> int:
        raise AssertionError("what the watch caught is not asked for")


def understand(words: str) -> Understood:
    if '"' in words:
        raise QueryError("the quote is not closed.")
    return Understood(query=Phrase(words), written=f'"{words}"', note="read as one phrase." if " " in words else "")


class WordMeanings:
    """Reads a query as one phrase, whoever asks."""

    def catalogue(self, rules: Rules, server: int) -> Catalogue:
        return rules.catalogue

    def understand(self, rules: Rules, server: int, *, author: int | None = None) -> Understand:
        return understand


def asking(world: World, reader: WordReader | None = None) -> Questions:
    return Questions(
        archive=world.store.archive,
        backlog=world.store.backlog,
        places=world.store.places,
        reader=reader or WordReader(),
        rules=world.store.analysis.rules,
        meanings=WordMeanings(),
        clock=lambda: NOW,
    )


@pytest.fixture
async def world() -> World:
    """Make an archive of seven articles, three of them on walruses, that match a watch."""
    made = await make_world(
        discord=True, watches=[Watch(name="North Korea", query="north korea"), Watch(name="Alliance", query="x")]
    )
    [source] = await made.follow(folder())
    await made.poll(source, *(draft(number, text="A walrus." if number > 4 else "A seal.") for number in range(7, 0, -1)))
    await made.read(match())
    return made


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("3 days", NOW - timedelta(days=3)),
        ("12h", NOW - timedelta(hours=12)),
        (" 2 Weeks ", NOW - timedelta(weeks=2)),
        ("30 min", NOW - timedelta(minutes=30)),
        ("2026-10-01", datetime(2026, 10, 1, tzinfo=UTC)),
        ("2026-10-01T10:00+02:00", datetime(2026, 10, 1, 8, tzinfo=UTC)),
    ],
)
def test_since_is_a_span_or_a_day(words: str, moment: datetime) -> None:
    """`since` is read as a span back from now, or as a day."""
    assert moment == read_since(words, NOW)


@pytest.mark.parametrize("words", ["yesterday", "", "3", "2026-13-01", "9999999 days"])
def test_a_since_that_is_no_time_is_explained(words: str) -> None:
    """What is no time is answered with how to write one."""
    with pytest.raises(Unanswerable, match="write it as 3 days"):
        read_since(words, NOW)


async def test_an_answer_that_fits_one_page_has_no_key(world: World) -> None:
    """Nothing is kept of an answer without a second page."""
    page = await asking(world).latest(HERE, watch=None, size=7)

    assert (len(page.headlines), page.more, page.key) == (7, False, "")


async def test_pages_are_turned_by_their_key(world: World) -> None:
    """The pages of an answer follow each other, and end."""
    asked = asking(world)
    first = await asked.latest(HERE, watch="north korea", size=3)

    third = await asked.turn(HERE, first.key, 2)

    assert (first.title, first.more) == ("Latest on North Korea", True)
    assert (["Title 1"], False, 2, first.key) == ([one.title for one in third.headlines], third.more, third.number, third.key)


async def test_a_key_that_is_unknown_is_explained(world: World) -> None:
    """A page of a forgotten answer says that it is too old."""
    with pytest.raises(Unanswerable, match="too old"):
        await asking(world).turn(HERE, "0" * 16, 1)


async def test_a_search_shows_what_the_reader_takes_with_its_evidence(world: World) -> None:
    """A search asks the archive for candidates, the reader for a verdict, and shows the sentence."""
    page = await asking(world).search(HERE, query="walrus", since=None, size=2)

    assert (page.title, page.more) == ('3 found for "walrus"', True)
    assert [(one.title, one.evidence is not None) for one in page.headlines] == [("Title 7", True), ("Title 6", True)]


async def test_a_search_says_how_plain_words_were_read_and_where_it_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search names how it read plain words, and how far back it looked when it did not look at all."""
    monkeypatch.setattr(lookups, "LOOK_AT", 2)

    page = await asking(world).search(HERE, query="A walrus", since="3 days", size=2)

    assert page.note == "read as one phrase. Looked at the newest 2 of 7 articles, back to 2026-11-02."


@pytest.mark.parametrize(
    ("query", "fault", "said"),
    [
        pytest.param('"walrus', None, "the quote is not closed", id="a query that cannot be read"),
        pytest.param("walrus", ReadingError("it took too long."), "given up: it took too long", id="a reader that fails"),
    ],
)
async def test_a_search_that_fails_says_why(world: World, query: str, fault: Exception | None, said: str) -> None:
    """What goes wrong in a search is one sentence for the asker."""
    with pytest.raises(Unanswerable, match=said):
        await asking(world, WordReader(fault)).search(HERE, query=query, since=None, size=5)


async def test_watches_are_listed_with_what_they_caught(world: World) -> None:
    """A watch is shown with its query written out, how it was read, and its matches."""
    [alliance, korea] = await asking(world).watches(HERE)

    assert (alliance.watch.name, alliance.matches, korea.watch.name, korea.matches) == ("Alliance", 0, "North Korea", 7)
    assert (korea.written, korea.note) == ('"north korea"', "read as one phrase.")


@pytest.mark.parametrize(("most", "caught"), [(8, "7"), (7, "7"), (6, "over 6")])
async def test_matches_are_counted_so_far_as_people_read_them(world: World, most: int, caught: str) -> None:
    """Whoever lists watches does not wait until a million matches are counted: beyond a number it says that there are more."""
    [_, korea] = await replace(asking(world), most_counted=most).watches(HERE)

    assert korea.caught == caught


@pytest.mark.parametrize(("name", "hint"), [("north korae", "Did you mean “North Korea”"), ("zzz", "/watch list")])
async def test_a_watch_that_is_not_there_is_answered_with_the_nearest(world: World, name: str, hint: str) -> None:
    """An unknown watch is answered with the nearest name, or where to find all."""
    with pytest.raises(Unanswerable, match=hint):
        await asking(world).watch(HERE, name)


async def test_a_channel_that_is_set_up_gets_the_newest_match_as_a_test(world: World) -> None:
    """Setting a channel up tells alerts there from now on, and returns the newest match to show that it works."""
    asked = asking(world)

    test = await asked.settle_in(7, 70)

    standing = await asked.standing(HERE)
    assert test is not None
    assert (
        test.test,
        test.headline.title,
        [told.watch for told in test.watches],
        standing.channel,
    ) == (True, "Title 7", ["North Korea"], 70)


async def test_a_channel_in_an_empty_archive_gets_no_test_card() -> None:
    """Without a match there is no test alert to post."""
    assert await asking(await make_world(discord=True)).settle_in(7, 70) is None


STUCK = Refused(reason="400 (50035) In embeds.0.title: too long")


async def refuse(world: World) -> str:
    """Let the oldest alert that is due be refused; return its id."""
    due = (await world.due())[0]
    await world.store.deliveries.settle(await world.claim(due), STUCK, NOW)
    return due.id


@pytest.fixture
async def stuck(world: World) -> list[str]:
    """Let two alerts of a server be refused."""
    await world.store.places.set_channel(7, 70, now=NOW)
    [source] = await world.follow(folder())
    await world.poll(source, draft(8), draft(9), draft(10))
    await world.read(match())
    return [await refuse(world), await refuse(world)]


async def test_a_delivery_is_named_by_the_beginning_of_its_id(world: World, stuck: list[str]) -> None:
    """Six characters are enough, whatever their case, and twice the same is once."""
    asked = asking(world)

    told = await asked.unstick(HERE, WayOut.RESEND, named=[stuck[0][:6].upper(), stuck[0]])

    assert (told, [one.id for one in await asked.stuck(HERE)]) == (1, [stuck[1]])


@pytest.mark.parametrize(
    ("names", "said"),
    [
        pytest.param(["{0}", "ffffff"], "begins with “ffffff”", id="none begins so"),
        pytest.param(["{0}", "{1:.5}"], "at least 6 characters", id="too short"),
    ],
)
async def test_a_name_that_fits_nothing_changes_nothing(world: World, stuck: list[str], names: list[str], said: str) -> None:
    """One wrong name among several stops them all, with a sentence."""
    asked = asking(world)

    with pytest.raises(Unanswerable, match=said):
        await asked.unstick(HERE, WayOut.DROP, named=[name.format(*stuck) for name in names])

    assert len(await asked.stuck(HERE)) == 2


def test_a_name_that_fits_several_is_refused() -> None:
    """Nobody guesses which one is meant."""
    twins = [replace(A_STUCK, id=f"abcdef{end}") for end in "01"]

    with pytest.raises(Unanswerable, match="begins 2 ids"):
        lookups._identify(["abcdef"], twins)


A_STUCK = Stuck(id="", state=State.DEAD, destination="channel:70", since=NOW, title="T", reason="400")


async def test_why_shows_queries_written_out(world: World) -> None:
    """The private answer behind a card names each watch with its query; of a card nobody knows it says so."""
    asked = asking(world)
    await asked.settle_in(7, 70)
    [source] = await world.follow(folder())
    await world.poll(source, draft(8))
    await world.read(match())
    [due] = await world.due()

    [reason] = await asked.why(HERE, due.id)

    assert (reason.watch, reason.query) == ("North Korea", '"north korea"')
    with pytest.raises(Unanswerable, match="Nothing is kept"):
        await asked.why(Viewer(server=99), due.id)


async def test_the_reach_of_a_watch_is_counted_at_its_level(world: World) -> None:
    """How many archived articles a watch matches is counted by its query as it now is, at its level."""
    asked = asking(world)
    mention = Watch(name="W", query="walrus", level=Level.MENTION)

    counts = [await asked.count(HERE, watch, limit=5) for watch in (mention, Watch(name="W", query="walrus"))]

    assert counts == [3, 0]
    assert len(await asked.sources(HERE)) == 1


async def test_a_page_of_the_list_of_sources_has_those_in_trouble_first() -> None:
    """What needs somebody is on the first page, with what each gives; a number too high is the last page."""
    world = await make_world(discord=True)
    found = await world.follow(*(feed(f"{number:03}", f"https://{number:03}.example/") for number in range(60)))
    ill = sa.update(sources).where(sources.c.id == found[44].id).values(failures=1)
    silenced = sa.insert(pauses).values(server=7, source_id=found[1].id, begun_at=NOW)
    await world.store._database.write(lambda conn: [conn.execute(one) for one in (ill, silenced)])
    asked = asking(world)

    first = await asked.source_page(HERE, 1)
    pages = [first, *[await asked.source_page(HERE, number) for number in range(2, first.pages + 1)]]

    names = [state.source.name for page in pages for state in page.states]
    assert names == ["044", *(name for name in (f"{number:03}" for number in range(60)) if name not in {"044", "001"}), "001"]
    assert (first.healthy, first.asked, first.states[1].today) == (58, 59, 0)
    assert await asked.source_page(HERE, 999) == pages[-1]
    assert (await asking(await make_world(discord=True)).source_page(HERE, 1)).states == ()


async def test_only_what_shows_a_watch_counts_what_it_caught(world: World) -> None:
    """Neither its latest nor a change of it waits for a count of all that a watch ever took."""
    asked = replace(asking(world), archive=Uncounted(world.store.archive))

    assert (await asked.named(HERE, " north KOREA ")).name == "North Korea"
    assert len((await asked.latest(HERE, watch="north korea", size=9)).headlines) == 7


class Leaving(Archive):
    """An archive that counts for ever, and is away when it is asked for more."""

    def __init__(self, archive: Archive) -> None:
        super().__init__(archive._database, archive._definitions)
        self.has_given = False
        self.given_up = asyncio.Event()

    async def walk(self, viewer: Viewer, query: Query, **how: Any) -> Stretch:
        await asyncio.sleep(0)  # by now what was begun beside it is under way
        if self.has_given:
            raise StoreError("the database is away.")
        self.has_given = True
        return await super().walk(viewer, query, **{**how, "most": 1})

    async def archive_size(self) -> int:
        try:
            await asyncio.Event().wait()
        finally:
            self.given_up.set()
        raise AssertionError("nobody ends the wait")


async def test_a_search_that_ends_in_a_fault_leaves_no_count_behind(world: World) -> None:
    """What was begun beside a search ends with it."""
    archive = Leaving(world.store.archive)
    asked = replace(asking(world), archive=archive)

    with pytest.raises(StoreError):
        await asked.search(HERE, query="walrus", since=None, size=2)

    async with asyncio.timeout(60):
        await archive.given_up.wait()
