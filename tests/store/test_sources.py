"""Sources are found again, whatever the config calls them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.model import FirstRun, Follow
from bot.store.schema import follows, sources
from tests.store.conftest import HOUR, NOW, World, draft, feed, folder, match


async def test_renaming_a_source_alerts_nobody(terminal: World) -> None:
    """A renamed source keeps its identity, so that nothing of it is new."""
    [before] = await terminal.follow(feed("Wire"))
    await terminal.poll(before, draft(2), draft(1))

    [after] = await terminal.follow(feed("The Wire"))

    assert (before.id, "The Wire") == (after.id, after.name)
    assert await terminal.poll(after, draft(2), draft(1)) == 0


async def test_moving_sources_about_in_the_file_alerts_nobody(terminal: World) -> None:
    """The order of sources in the file is no part of their identity, even when they swap names."""
    one, two = feed("One", "https://one.example/feed"), feed("Two", "https://two.example/feed")
    before = {source.address: source.id for source in await terminal.follow(one, two)}

    after = await terminal.follow(feed("One", "https://two.example/feed"), feed("Two", "https://one.example/feed"))

    assert before == {source.address: source.id for source in after}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(feed(), feed(url="https://new.example/feed"), id="feed"),
        pytest.param(folder(), folder(path="/elsewhere"), id="folder"),
    ],
)
async def test_a_source_that_moved_under_its_name_keeps_its_articles(terminal: World, old: Follow, new: Follow) -> None:
    """A source whose address changed under the same name is the same, and its next poll counts as a first one."""
    [before] = await terminal.follow(old)
    await terminal.poll(before, draft(1))

    [after] = await terminal.follow(new)

    assert (before.id, new.address, None) == (after.id, after.address, after.ok_at)
    assert await terminal.poll(after, draft(1)) == 0


async def test_a_name_given_to_another_known_source_moves_nothing(terminal: World) -> None:
    """A name that passes to a source that is already followed does not merge the two."""
    one, two = feed("One", "https://one.example/feed"), feed("Two", "https://two.example/feed")
    [first, second] = await terminal.follow(one, two)

    [left] = await terminal.follow(feed("One", "https://two.example/feed"))

    assert (second.id, "One") == (left.id, left.name)
    assert first.id != left.id


async def test_a_source_that_left_the_config_is_no_longer_polled_and_comes_back_as_itself(terminal: World) -> None:
    """A source gone from the file is not polled; back in the file, it is the same source."""
    [before] = await terminal.follow(feed())

    gone = await terminal.follow()
    [back] = await terminal.follow(feed())

    assert ([], before.id) == (list(gone), back.id)


async def test_two_spellings_of_an_address_are_one_source(terminal: World) -> None:
    """An address is found again however it is written."""
    [before] = await terminal.follow(feed(url="https://Wire.example:443/feed/"))

    [after] = await terminal.follow(feed("Other", "https://wire.example/feed"))

    assert before.id == after.id


async def test_what_is_due_comes_the_longest_overdue_first(terminal: World) -> None:
    """Sources come when their next poll has come, the longest overdue first."""
    found = await terminal.follow(*(feed(name, f"https://{name}.example/") for name in ("a", "b", "c")))
    for source, hours in zip(found, (-1, -2, 1), strict=True):
        await terminal.store.sources.wake(source.id, now=NOW + hours * HOUR)

    due = await terminal.store.sources.due_sources(NOW, 10)

    assert [source.name for source in due] == ["b", "a"]


@pytest.mark.parametrize(
    ("ahead", "least", "most"),
    [
        pytest.param(timedelta(days=-1), timedelta(0), HOUR / 10, id="overdue is spread over a tenth of the interval"),
        pytest.param(HOUR / 2, HOUR / 2, HOUR / 2, id="what is as planned stays"),
    ],
)
async def test_what_is_overdue_at_start_is_spread(terminal: World, ahead: timedelta, least: timedelta, most: timedelta) -> None:
    """What has long been overdue at start does not come all at once."""
    [source] = await terminal.follow(feed(first_run=FirstRun.SILENT))
    await terminal.poll(source)
    await terminal.store.sources.wake(source.id, now=NOW + ahead)

    await terminal.store.sources.spread_overdue(NOW)

    due = await terminal.store._database.read(lambda conn: conn.scalar(sa.select(sources.c.next_poll)))
    assert due is not None
    assert NOW + least <= due <= NOW + most


async def test_one_source_of_each_host_is_due_at_a_time(terminal: World) -> None:
    """A host with many sources gives one, the longest overdue, and hosts that are being asked give none."""
    found = await terminal.follow(
        *(feed(f"{host}{n}", f"https://{host}.example/{n}") for host in "abc" for n in range(3)), folder()
    )
    for source in found:
        await terminal.store.sources.wake(source.id, now=NOW - HOUR * (1 + source.id / 10))

    due = await terminal.store.sources.due_sources(NOW, 10, {"b.example"})

    assert [source.name for source in due] == ["Inbox", "c2", "a2"]


async def test_what_was_given_up_is_not_due_until_it_is_resumed(terminal: World) -> None:
    """A source that was given up is asked no more, and is still listed with the reason."""
    [source] = await terminal.follow(feed())
    await terminal.store.polls.record_failure(source, "Gone.", now=NOW, next_poll=NOW, given_up=True)

    due = await terminal.store.sources.due_sources(NOW + HOUR, 10)

    [listed] = await terminal.store.sources.all_sources()
    assert (list(due), listed.given_up_at, listed.reason, listed.failures) == ([], NOW, "Gone.", 1)


async def test_a_source_knows_how_many_follow_it(terminal: World) -> None:
    """Those who have ended or paused their follow do not count."""
    [source] = await terminal.follow(feed())
    values = {"source_id": source.id, "name": "x", "every_s": 60.0, "first_run": "all", "since": NOW}
    rows = [
        {**values, "server": 1, "paused": False, "retired_at": None},
        {**values, "server": 2, "paused": True, "retired_at": None},
        {**values, "server": 3, "paused": False, "retired_at": NOW},
    ]
    await terminal.store._database.write(lambda conn: conn.execute(sa.insert(follows), rows))

    [after] = await terminal.store.sources.all_sources()

    assert (after.followers, after.every) == (2, timedelta(minutes=1))


@pytest.mark.parametrize(("count", "most"), [(3, timedelta(0)), (150, HOUR * 0.15), (1100, HOUR)])
async def test_many_new_sources_are_spread_over_their_interval(terminal: World, count: int, most: timedelta) -> None:
    """A few are asked at once, a thousand over the whole interval, each at a place of its own that a restart does not change."""
    await terminal.follow(*(feed(f"{n}", f"https://{n}.example/") for n in range(count)))

    await terminal.store.sources.spread_overdue(NOW)
    first = [source.next_poll for source in await terminal.store.sources.all_sources()]
    await terminal.store.sources.spread_overdue(NOW)
    second = [source.next_poll for source in await terminal.store.sources.all_sources()]

    late = [due - NOW for due in first if due is not None]
    assert first == second
    assert max(late) <= most
    if most:
        assert max(late) > 0.9 * most
        assert sum(one < most / 2 for one in late) == pytest.approx(count / 2, rel=0.2)


async def test_a_clock_that_is_set_back_leaves_no_source_asleep(terminal: World) -> None:
    """A source that was polled in the future is due now, and then at its interval again."""
    [source] = await terminal.follow(feed(first_run=FirstRun.SILENT))
    await terminal.poll(source)
    terminal.now = NOW - timedelta(days=1)

    due = await terminal.store.sources.due_sources(terminal.now, 10)
    await terminal.poll(source)
    after = await terminal.store.sources.due_sources(terminal.now, 10)

    assert ([source.id], []) == ([one.id for one in due], list(after))


async def test_a_renamed_source_shows_its_new_name_on_old_articles(terminal: World) -> None:
    """A name belongs to the source, not to its articles."""
    from bot.model import Viewer

    [source] = await terminal.follow(feed("Wire"))
    await terminal.poll(source, draft(1))
    await terminal.read(match())

    await terminal.follow(feed("The Wire"))

    [headline] = await terminal.store.archive.latest(Viewer(), watch=None, limit=5, offset=0)
    assert headline.source == "The Wire"
