"""A source that has moved for good is asked at its new address, and nothing of it is lost or told again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.model import Collected, Draft, Follow, Source, Viewer
from bot.store.schema import articles, follows, pauses, sources
from tests.store.conftest import HOUR, World, draft, feed, match

OLD, NEW = "https://old.example/feed", "https://new.example/feed"


async def poll(world: World, source: Source, *drafts: Draft, moved_to: str = "") -> int:
    collected = Collected(drafts=drafts, moved_to=moved_to)
    return await world.store.polls.record_poll(
        source, collected, now=world.now, next_poll=world.now + HOUR, told_from=None, batch="poll"
    )


async def join(world: World, source: Source, server: int) -> None:
    """Let a server follow a source of its own."""
    values = {"server": server, "source_id": source.id, "name": f"S{server}", "every_s": 60.0, "first_run": "latest"}
    statement = sa.insert(follows).values(**values, since=world.now)
    await world.store._database.write(lambda conn: conn.execute(statement))


async def addresses(world: World) -> dict[str, int | None]:
    """Return every address that is known, and what it was merged into."""
    query = sa.select(sources.c.canonical, sources.c.merged_into)
    return await world.store._database.read(lambda conn: {row.canonical: row.merged_into for row in conn.execute(query)})


async def test_a_source_that_moved_is_asked_at_its_new_address(terminal: World) -> None:
    """The same source, with its articles, at another address and host."""
    [source] = await terminal.follow(feed(url=OLD))

    await poll(terminal, source, draft(1), moved_to=NEW)

    [after] = await terminal.store.sources.all_sources()
    assert (after.id, after.address, after.host) == (source.id, NEW, "new.example")
    assert await poll(terminal, after, draft(1)) == 0


@pytest.mark.parametrize("written", [OLD, NEW], ids=["the old address", "the new one"])
async def test_whichever_address_the_file_names_is_the_source_that_moved(terminal: World, written: str) -> None:
    """At the next start nothing moves back, and nothing counts as a first poll."""
    [source] = await terminal.follow(feed(url=OLD))
    await poll(terminal, source, draft(1), moved_to=NEW)

    [after] = await terminal.follow(feed(url=written))

    assert (after.id, after.address) == (source.id, NEW)
    assert after.ok_at == terminal.now


async def test_a_source_that_only_became_safer_leaves_no_alias(terminal: World) -> None:
    """Http and https are one address."""
    [source] = await terminal.follow(feed(url="http://old.example/feed"))

    await poll(terminal, source, moved_to=OLD)

    [after] = await terminal.follow(feed(url="http://old.example/feed"))
    assert (after.address, await addresses(terminal)) == (OLD, {OLD: None})


async def test_a_source_that_moves_back_is_still_one(terminal: World) -> None:
    """Its addresses change places."""
    [source] = await terminal.follow(feed(url=OLD))
    await poll(terminal, source, draft(1), moved_to=NEW)
    [moved] = await terminal.store.sources.all_sources()

    await poll(terminal, moved, moved_to=OLD)

    [after] = await terminal.store.sources.all_sources()
    assert (after.id, after.address) == (source.id, OLD)
    assert await addresses(terminal) == {OLD: None, NEW: source.id}


async def both(world: World) -> tuple[Source, Source]:
    """Let server 7 follow the old address and the config the new one."""
    [old, new] = await world.follow(feed("Old", OLD), feed("New", NEW))
    await join(world, old, 7)
    return old, new


async def test_a_source_that_moved_to_a_known_one_joins_it(terminal: World) -> None:
    """From then on one is polled, for the followers of both, and the old address leads there."""
    old, new = await both(terminal)

    await poll(terminal, old, draft(1), moved_to=NEW)

    [left] = await terminal.store.sources.all_sources()
    assert (left.id, left.followers) == (new.id, 2)
    assert await addresses(terminal) == {OLD: new.id, NEW: None}


async def test_who_joins_hears_what_is_new_and_sees_what_was_before(terminal: World) -> None:
    """A follower of the old source sees its articles on, and those of the new one from now on, but not its past."""
    old, new = await both(terminal)
    await terminal.follow(feed("New", NEW))  # the file drops the old one, which server 7 keeps
    past = await poll(terminal, new, draft(3, title="Past of the new one"))
    await poll(terminal, old, draft(1, title="Past of the old one"))
    await terminal.read(match())
    terminal.now += HOUR
    await poll(terminal, old, draft(2, title="Last of the old one"), moved_to=NEW)
    await terminal.read(match())
    terminal.now += HOUR
    await poll(terminal, new, draft(4, title="Next"))
    await terminal.read(match())

    mine = await terminal.store._database.read(
        lambda conn: {row.server: row.since for row in conn.execute(sa.select(follows).where(follows.c.source_id == new.id))}
    )
    seen = await terminal.store.archive.latest(Viewer(server=7), watch=None, limit=9, offset=0)

    assert past == 1
    assert mine[7] == terminal.now - HOUR
    assert {one.title for one in seen} >= {"Past of the old one", "Last of the old one", "Next"}


async def test_a_merge_does_not_undo_what_somebody_chose(terminal: World) -> None:
    """Who follows the new one already keeps its own name for it; who paused the old one joins paused."""
    old, new = await both(terminal)
    await join(terminal, new, 7)
    await join(terminal, old, 8)
    pause = sa.update(follows).where(follows.c.server == 8).values(paused=True)
    await terminal.store._database.write(lambda conn: conn.execute(pause))

    await poll(terminal, old, moved_to=NEW)

    found = await terminal.store._database.read(
        lambda conn: {
            row.server: (row.name, row.paused) for row in conn.execute(sa.select(follows).where(follows.c.source_id == new.id))
        }
    )
    assert found == {0: ("New", False), 7: ("S7", False), 8: ("S8", True)}


async def test_who_wanted_to_hear_nothing_of_the_one_hears_nothing_of_the_other(terminal: World) -> None:
    """A pause goes along, once, and stays with what the old one brought."""
    old, new = await both(terminal)
    for server in (7, 8):
        await terminal.store.follows.pause(server, old.id, now=terminal.now)
    await terminal.store.follows.pause(8, new.id, now=terminal.now)

    await poll(terminal, old, moved_to=NEW)

    query = sa.select(pauses.c.server, pauses.c.source_id).where(pauses.c.ended_at.is_(None)).order_by(pauses.c.server)
    open_pauses = await terminal.store._database.read(lambda conn: {tuple(row) for row in conn.execute(query)})
    assert open_pauses == {(7, old.id), (7, new.id), (8, old.id), (8, new.id)}


async def test_chains_of_moves_lead_to_the_last(terminal: World) -> None:
    """A source that moved, and then joined another, is found by each of its addresses."""
    third = "https://third.example/feed"
    [old, last] = await terminal.follow(feed("Old", OLD), feed("Last", third))
    await poll(terminal, old, moved_to=NEW)
    await poll(terminal, old, moved_to=third)

    found: list[Follow] = [feed("A", OLD), feed("B", NEW), feed("C", third)]
    for one in found:
        [source] = await terminal.follow(one)
        assert source.id == last.id


async def test_articles_stay_with_the_source_that_brought_them(terminal: World) -> None:
    """A merge rewrites no article."""
    old, new = await both(terminal)
    await poll(terminal, new, draft(1))

    await poll(terminal, old, draft(1), draft(2), moved_to=NEW)

    query = sa.select(articles.c.source_id).order_by(articles.c.id)
    assert await terminal.store._database.read(lambda conn: list(conn.scalars(query))) == [new.id, old.id, old.id]
