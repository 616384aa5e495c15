"""Polls leave behind what is new, once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.model import Collected, Dated, Draft, FirstRun, Mark, Problem, SourceKind, Viewer
from bot.store.articles.recognition import article_key
from bot.store.database import Database
from bot.store.schema import articles, revisions
from bot.store.sources.polls import Polls
from tests.store.conftest import FINGERPRINTS, HOUR, NOW, World, draft, feed, folder, match


async def told(world: World) -> list[str]:
    """Return the titles that are judged for alerts."""
    query = sa.select(articles.c.title).where(articles.c.tell).order_by(articles.c.id)
    return await world.store._database.read(lambda conn: list(conn.scalars(query)))


@pytest.mark.parametrize(
    ("first_run", "expected"),
    [
        pytest.param(FirstRun.LATEST, ["Title 3"], id="latest"),
        pytest.param(FirstRun.ALL, ["Title 1", "Title 2", "Title 3"], id="all"),
        pytest.param(FirstRun.SILENT, [], id="none"),
    ],
)
async def test_the_first_poll_of_a_feed_judges_what_its_rule_says(
    terminal: World, first_run: FirstRun, expected: list[str]
) -> None:
    """The first poll of a feed judges what its first-run rule says, and stores all."""
    [source] = await terminal.follow(feed(first_run=first_run))

    new = await terminal.poll(source, draft(3), draft(2), draft(1))

    assert (3, expected) == (new, await told(terminal))


async def test_later_polls_of_a_feed_judge_every_new_entry(terminal: World) -> None:
    """After its first poll every new entry of a feed is judged."""
    [source] = await terminal.follow(feed(first_run=FirstRun.SILENT))
    await terminal.poll(source, draft(1))
    [source] = await terminal.store.sources.all_sources()

    await terminal.poll(source, draft(3), draft(2), draft(1))

    assert await told(terminal) == ["Title 2", "Title 3"]


async def test_entries_of_feeds_that_are_too_old_are_stored_but_not_judged(terminal: World) -> None:
    """An entry older than the age limit of feeds is stored and not judged."""
    [source] = await terminal.follow(feed(first_run=FirstRun.ALL))
    old = draft(1, published=Dated(at=NOW - timedelta(days=8), rule="test"))

    new = await terminal.poll(source, draft(2), old, told_from=NOW - timedelta(days=7))

    assert (new, await told(terminal)) == (2, ["Title 2"])


@pytest.mark.parametrize("kind", [SourceKind.FOLDER, SourceKind.SAMPLE])
async def test_a_file_is_always_news(terminal: World, kind: SourceKind) -> None:
    """A file put into a folder is judged, however old its date and whatever poll it is."""
    [source] = await terminal.follow(folder(kind=kind))
    old = draft(1, published=Dated(at=NOW - timedelta(days=900), rule="test"))

    await terminal.poll(source, draft(2), old, told_from=NOW)

    assert await told(terminal) == ["Title 1", "Title 2"]


async def test_an_entry_that_is_seen_again_is_not_new(terminal: World) -> None:
    """The same guid from the same source is the same article."""
    [source] = await terminal.follow(feed())
    await terminal.poll(source, draft(1))

    assert await terminal.poll(source, draft(1)) == 0


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        pytest.param(draft(1), draft(1, url="https://wire.example/moved", title="Other"), True, id="guid before all"),
        pytest.param(draft(1, guid=""), draft(1, guid="", title="Other"), True, id="link without a guid"),
        pytest.param(draft(1, guid="", url=""), draft(1, guid="", url=""), True, id="text without either"),
        pytest.param(draft(1, guid="", url=""), draft(1, guid="", url="", title="Other"), False, id="another title"),
        pytest.param(draft(1, guid="x", url=""), draft(1, guid="", url="x"), False, id="a guid is no link"),
    ],
)
def test_the_identity_of_an_article_is_guid_then_link_then_text(one: Draft, two: Draft, same: bool) -> None:
    """The identity of an article is its guid, else its link, else its title and text."""
    assert same == (article_key(one, canonical=one.url) == article_key(two, canonical=two.url))


def test_a_date_is_never_part_of_the_identity() -> None:
    """The same article with another date is the same article."""
    later = draft(1, guid="", url="", published=Dated(at=NOW, rule="test"))

    assert article_key(draft(1, guid="", url=""), canonical="") == article_key(later, canonical="")


async def test_a_changed_text_is_a_revision_that_is_read_again(terminal: World) -> None:
    """A changed text becomes the next revision, is read again, and the first text is kept."""
    [source] = await terminal.follow(feed())
    await terminal.poll(source, draft(1))
    await terminal.read()

    await terminal.poll(source, draft(1, text="Text one, mended."))

    [again] = await terminal.lease()
    kept = await terminal.store._database.read(lambda conn: conn.execute(sa.select(revisions)).all())
    assert (again.revision, again.text) == (2, "Text one, mended.")
    assert [(row.number, row.text) for row in kept] == [(1, "Text 1.")]


async def test_a_mended_text_is_found_by_its_new_words_only(terminal: World) -> None:
    """The text index follows a revision."""
    from bot.model import Phrase

    [source] = await terminal.follow(feed())
    await terminal.poll(source, draft(1, text="A walrus swam."))
    await terminal.poll(source, draft(1, text="A seal swam."))

    found = [
        [one.text for one in await terminal.store.archive.candidates(Viewer(), Phrase(word), since=None, limit=5)]
        for word in ("walrus", "seal")
    ]

    assert found == [[], ["A seal swam."]]


async def test_marks_are_kept_changed_and_forgotten(terminal: World) -> None:
    """What a source remembers is what its polls said last."""
    [source] = await terminal.follow(folder())
    for marks in ((Mark(key="a", value="1"), Mark(key="b", value="1")), (Mark(key="a", value="2"), Mark(key="b", value=None))):
        collected = Collected(marks=marks)
        await terminal.store.polls.record_poll(source, collected, now=NOW, next_poll=NOW, told_from=None, batch="")

    assert await terminal.store.polls.marks(source.id) == {"a": "2"}


async def test_a_problem_is_kept_until_its_part_is_read(terminal: World) -> None:
    """A file that could not be read is listed until it changes."""
    [source] = await terminal.follow(folder())
    broken = Collected(marks=(Mark(key="a.txt", value="bad"),), problems=(Problem(part="a.txt", reason="is no text"),))
    mended = Collected(marks=(Mark(key="a.txt", value="ok"),))

    seen = []
    for collected in (broken, Collected(), mended):
        await terminal.store.polls.record_poll(source, collected, now=NOW, next_poll=NOW, told_from=None, batch="")
        [state] = await terminal.store.archive.sources(Viewer(), now=NOW)
        seen.append([problem.reason for problem in state.problems])

    assert seen == [["is no text"], ["is no text"], []]


async def test_a_failed_poll_counts_and_leaves_the_first_run_open(terminal: World) -> None:
    """A failure is counted with its reason, and the first good poll afterwards is still the first."""
    [source] = await terminal.follow(feed())

    await terminal.store.polls.record_failure(source, "is down", now=NOW, next_poll=NOW + HOUR)

    [after] = await terminal.store.sources.all_sources()
    assert (
        after.failures,
        after.reason,
        after.polled_at,
        after.ok_at,
        after.next_poll,
    ) == (1, "is down", NOW, None, NOW + HOUR)


async def test_a_drop_of_many_files_is_stored_whole(terminal: World) -> None:
    """More articles than one statement takes are stored in one poll, doubles once."""
    [source] = await terminal.follow(folder())

    new = await terminal.poll(source, *(draft(number) for number in range(450)), draft(3))

    assert new == 450


async def test_articles_are_read_in_the_order_of_the_news(terminal: World) -> None:
    """The oldest of a poll is read, and so told, first."""
    [source] = await terminal.follow(folder())
    await terminal.poll(source, draft(3), draft(2), draft(1))

    assert [article.title for article in await terminal.read(match())] == ["Title 1", "Title 2", "Title 3"]


async def test_a_host_that_wants_a_rest_is_left_alone_with_all_its_sources(terminal: World) -> None:
    """Until then none of its sources is due, and those of others are."""
    one, two, other = await terminal.follow(
        feed("One", "https://a.example/1"), feed("Two", "https://a.example/2"), feed("Other", "https://b.example/")
    )

    await terminal.store.polls.record_failure(
        one, "busy", now=NOW, next_poll=NOW + 3 * HOUR, host_rests_until=NOW + 2 * HOUR, marks=[Mark(key="failing", value="x")]
    )

    due = await terminal.store.sources.due_sources(NOW + HOUR, 10)
    later = await terminal.store.sources.due_sources(NOW + 2 * HOUR, 10)
    assert [source.id for source in due] == [other.id]
    assert {source.id for source in later} == {two.id, other.id}
    assert await terminal.store.polls.marks(one.id) == {"failing": "x"}


async def test_polls_that_bring_nothing_are_written_together(terminal: World) -> None:
    """Many that end at the same time are a few transactions, and each is written as it was."""
    found = await terminal.follow(*(feed(f"{n}", f"https://{n}.example/") for n in range(50)))
    counted = Counted(terminal.store._database)
    terminal.store.polls = Polls(counted, FINGERPRINTS)  # type: ignore[arg-type]  # counts, and passes on

    await asyncio.gather(
        *(
            terminal.store.polls.record_poll(
                source, Collected(), now=NOW, next_poll=NOW + source.id * HOUR, told_from=None, batch="b"
            )
            for source in found
        )
    )
    remembered = await asyncio.gather(*(terminal.store.polls.marks(source.id) for source in found))

    after = await terminal.store.sources.all_sources()
    assert {source.next_poll for source in after} == {NOW + source.id * HOUR for source in found}
    assert all(source.ok_at == source.polled_at == NOW for source in after)
    assert remembered == [{}] * 50
    assert (counted.writes, counted.reads) == (2, 2)


@dataclass(slots=True)
class Counted:
    """A database that counts its units of work."""

    database: Database
    writes: int = 0
    reads: int = 0

    async def write(self, work: Callable[[sa.Connection], object]) -> object:
        self.writes += 1
        return await self.database.write(work)

    async def read(self, work: Callable[[sa.Connection], object]) -> object:
        self.reads += 1
        return await self.database.read(work)
