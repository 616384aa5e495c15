"""Who sees an article and who is told of it: a server never sees what another one follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import product

import pytest
import sqlalchemy as sa

from bot.model import (
    Alert,
    FirstRun,
    Fold,
    Headline,
    Kind,
    Viewer,
    Watch,
)
from bot.store import doctor
from bot.store.schema import articles, deliveries, follows, pauses
from bot.store.sight import is_told, sees, sight_of
from tests.store.conftest import NOW, draft, feed, make_world, match
from tests.store.town import MINUTE, NINE, SEVEN, WIRE, Town, by_command, make_town


@pytest.fixture
async def town() -> Town:
    return await make_town()


async def test_a_server_sees_its_own_feeds_and_the_bots_and_nobody_elses(town: Town) -> None:
    """What a server adds is seen and told there alone; what the bot follows, everywhere."""
    [wire] = await town.world.follow(feed("Wire", WIRE))
    harbour = await town.add(by_command())

    await town.come(wire, 1)
    await town.come(harbour, 2)

    assert (await town.seen(SEVEN), await town.seen(NINE)) == (["Title 1", "Title 2"], ["Title 1"])
    assert (await town.told(7), await town.told(9)) == (["Title 1", "Title 2"], ["Title 1"])
    assert await town.seen(Viewer()) == ["Title 1", "Title 2"]


async def test_sources_and_standing_are_those_of_the_viewer(town: Town) -> None:
    """No list, count or age tells of a source that another server follows."""
    await town.world.follow(feed("Wire", WIRE))
    harbour = await town.add(by_command())
    await town.come(harbour, 1)

    standing = await town.world.store.archive.standing(NINE)

    assert (list(await town.states(SEVEN)), list(await town.states(NINE))) == (["Harbour", "Wire"], ["Wire"])
    assert (standing.sources, standing.articles, standing.last_article) == (1, 0, None)
    assert await town.world.store.archive.match_count(NINE, 1, most=9) == 0


async def test_headlines_are_given_to_nobody_who_does_not_see_them(town: Town) -> None:
    """Who names an article by its number gets it only if it is seen."""
    harbour = await town.add(by_command())
    await town.come(harbour, 1)

    async def asked(viewer: Viewer) -> list[Headline]:
        return list(await town.world.store.archive.headlines(viewer, [1]))

    assert (len(await asked(SEVEN)), await asked(NINE)) == (1, [])


async def test_each_server_sees_a_feed_from_the_moment_it_follows(town: Town) -> None:
    """A feed that two servers follow is one source; who comes later sees and hears only what comes later."""
    harbour = await town.add(by_command())
    await town.come(harbour, 1)
    town.pass_time(MINUTE)
    again = await town.add(by_command("Port", server=9))
    await town.come(again, 2)

    assert again.id == harbour.id
    assert (await town.seen(SEVEN), await town.seen(NINE)) == (["Title 1", "Title 2"], ["Title 2"])
    assert (await town.told(7), await town.told(9)) == (["Title 1", "Title 2"], ["Title 2"])


async def test_a_feed_that_was_removed_keeps_what_it_had_and_shows_nothing_newer(town: Town) -> None:
    """After an unfollow the history stays, and what another server's follow brings is not seen."""
    harbour = await town.add(by_command())
    await town.add(by_command(server=9))
    await town.come(harbour, 1)
    await town.world.store.follows.remove(7, harbour.id, now=town.world.now)

    await town.come(harbour, 2)

    assert (await town.seen(SEVEN), await town.told(7), "Harbour" in await town.states(SEVEN)) == (
        ["Title 1"],
        ["Title 1"],
        False,
    )


async def test_who_follows_again_does_not_see_what_came_meanwhile(town: Town) -> None:
    """A follow that begins again after something was missed begins now."""
    harbour = await town.add(by_command())
    await town.add(by_command(server=9))
    await town.come(harbour, 1)
    await town.world.store.follows.remove(7, harbour.id, now=town.world.now)
    await town.come(harbour, 2)
    town.pass_time(MINUTE)

    await town.add(by_command())
    await town.come(harbour, 3)

    assert (await town.seen(SEVEN), await town.told(7)) == (["Title 3"], ["Title 1", "Title 3"])


async def test_who_follows_again_and_has_missed_nothing_sees_what_it_had(town: Town) -> None:
    """A feed that was removed by mistake comes back whole."""
    harbour = await town.add(by_command())
    await town.come(harbour, 1)
    await town.world.store.follows.remove(7, harbour.id, now=town.world.now)
    town.pass_time(MINUTE)

    await town.add(by_command())

    assert await town.seen(SEVEN) == ["Title 1"]


async def test_a_paused_feed_is_seen_but_not_told_during_the_pause_nor_after(town: Town) -> None:
    """What comes during a pause can be looked up; the other follower is told as ever."""
    harbour = await town.add(by_command())
    await town.add(by_command(server=9))
    await town.world.store.follows.pause(7, harbour.id, now=town.world.now)
    await town.come(harbour, 1)
    town.pass_time(MINUTE)

    resumed = await town.world.store.follows.resume(7, harbour.id, now=town.world.now)
    await town.world.store._database.write(lambda conn: conn.execute(sa.update(articles).values(state="new")))
    await town.world.read(match())
    await town.come(harbour, 2)

    assert resumed
    assert (await town.seen(SEVEN), await town.told(7)) == (["Title 1", "Title 2"], ["Title 2"])
    assert await town.told(9) == ["Title 1", "Title 2"]


async def test_a_server_pauses_what_the_bot_follows_for_itself_alone(town: Town) -> None:
    """A pause of a source of the file is the server's own: it is polled and told elsewhere, and a start leaves it so."""
    [wire] = await town.world.follow(feed("Wire", WIRE))
    await town.world.store.follows.pause(7, wire.id, now=NOW)
    [wire] = await town.world.follow(feed("Wire", WIRE))

    await town.come(wire, 1)

    assert (await town.told(7), await town.told(9), await town.seen(SEVEN)) == ([], ["Title 1"], ["Title 1"])
    assert [(await town.states(viewer))["Wire"].paused for viewer in (SEVEN, NINE, Viewer())] == [True, False, False]


async def test_a_server_that_follows_by_itself_is_told_although_the_bot_pauses(town: Town) -> None:
    """A follow of one's own does not hang on the bot's."""
    [wire] = await town.world.follow(feed("Wire", WIRE))
    await town.add(by_command("Mine", WIRE))
    await town.world.store.follows.pause(0, wire.id, now=NOW)

    await town.come(await town.source(WIRE), 1)

    assert (await town.told(7), await town.told(9)) == (["Title 1"], [])


async def test_a_source_that_left_the_file_stays_for_the_server_that_follows_it_too(town: Town) -> None:
    """What came while the bot followed all have seen; what comes after is the server's."""
    [wire] = await town.world.follow(feed("Wire", WIRE))
    await town.add(by_command("Mine", WIRE))
    await town.come(wire, 1)
    await town.world.follow()

    await town.come(await town.source(WIRE), 2)

    assert (await town.seen(SEVEN), await town.seen(NINE)) == (["Title 1", "Title 2"], ["Title 1"])
    assert (await town.told(7), await town.told(9)) == (["Title 1", "Title 2"], ["Title 1"])


async def test_a_card_names_no_source_that_its_server_does_not_see(town: Town) -> None:
    """A story over sources of two servers is told to each by what it sees of it."""
    [wire] = await town.world.follow(feed("Wire", WIRE))
    harbour = await town.add(by_command())
    same = {"title": "Same", "text": "The same words."}
    await town.world.poll(harbour, draft(1, **same))
    await town.world.poll(wire, draft(2, **same))
    await town.world.read(match())

    cards = await town.cards(sa.select(deliveries.c.id).order_by(deliveries.c.server))

    shown = [(card.headline.source, card.more_sources) for card in cards if isinstance(card, Alert)]
    assert shown == [("Harbour", ("Wire",)), ("Wire", ())]


async def test_a_match_in_an_article_that_is_not_seen_is_no_reason(town: Town) -> None:
    """`Why?` tells a server nothing of an article that only another one sees."""
    [wire] = await town.world.follow(feed("Wire", WIRE))
    harbour = await town.add(by_command())
    await town.world.poll(wire, draft(1, title="Same", text="The same words."))
    await town.world.read(match())
    await town.world.follow()
    town.pass_time(MINUTE)
    await town.world.poll(harbour, draft(2, title="Same", text="The same words."))
    await town.world.read(match(score=0.95))
    key = await town.world.store._database.read(
        lambda conn: conn.scalar(sa.select(deliveries.c.id).where(deliveries.c.server == 9))
    )

    reasons = {viewer: await town.world.store.archive.reasons(viewer, str(key)) for viewer in (NINE, SEVEN)}

    assert [[reason.score for reason in reasons[viewer]] for viewer in (NINE, SEVEN)] == [[0.8], []]


async def test_a_fold_lists_only_what_its_server_sees(town: Town) -> None:
    """The card of a burst names nothing of another server."""
    world = await make_world(discord=True, per_poll=1)
    await world.store.places.set_channel(9, 90, now=NOW)
    there = Town(world)
    [wire] = await world.follow(feed("Wire", WIRE, first_run=FirstRun.ALL))
    harbour = await there.add(replace(by_command(), first_run=FirstRun.ALL))
    await world.poll(harbour, *(draft(number, title=f"Secret {number}", text=f"Text {number}.") for number in (4, 5, 6)))
    await world.read(match())
    await world.poll(wire, *(draft(number) for number in (1, 2, 3)), batch="burst")
    await world.read(match())

    [fold] = await there.cards(sa.select(deliveries.c.id).where(deliveries.c.kind == Kind.FOLD))

    assert isinstance(fold, Fold)
    assert {one.source for one in fold.headlines} == {"Wire"}


@pytest.mark.parametrize(
    ("server", "told"), [pytest.param(7, ["Title 1"], id="its own server"), pytest.param(0, [], id="a watch of the config")]
)
async def test_a_watch_with_channels_of_its_own_tells_what_its_server_sees(server: int, told: list[str]) -> None:
    """A channel named by a watch hears of a server's feed only if the watch is that server's."""
    there = Town(await make_world(discord=True, watches=[Watch(server=server, name="Korea", query="x", channels=(70,))]))
    harbour = await there.add(by_command())

    await there.come(harbour, 1)

    assert await there.told(7) == told


async def test_a_server_that_joins_starts_from_now(town: Town) -> None:
    """A feed that is polled already tells a new follower nothing of what it holds, and everything that comes."""
    harbour = await town.add(by_command())
    await town.come(harbour, 1, 2, 3)
    town.pass_time(MINUTE)

    again = await town.add(by_command(server=9))
    await town.come(again, 4, 1, 2, 3)

    assert await town.told(9) == ["Title 4"]


BEFORE, CAME, AFTER = NOW, NOW + MINUTE, NOW + 2 * MINUTE


async def test_the_law_of_sight_is_the_same_in_sql_and_over_rows(town: Town) -> None:
    """However follows and pauses lie about an article, look-ups and cards agree on who sees it and who is told."""
    [wire] = await town.world.follow(feed("Wire", WIRE))
    await town.come(wire, 1)
    assert town.world.now == CAME
    moments = (BEFORE, CAME, AFTER)
    periods = [(None, None), *product(moments, (None, CAME, AFTER))]
    cases = [*product((0, 7), moments, (None, *moments), periods)]

    def disagreements(conn: sa.Connection) -> list[object]:
        return [case for case in cases if not _agree(conn, wire.id, case)]

    assert await town.world.store._database.write(disagreements) == []


Case = tuple[int, datetime, datetime | None, tuple[datetime | None, datetime | None]]
"""A server, the beginning and end of its follow, and those of its pause."""


def _agree(conn: sa.Connection, source: int, case: Case) -> bool:
    """Lay one follow and one pause, and ask both forms of the law about the article."""
    server, since, retired, (begun, ended) = case
    for table in (follows, pauses):
        conn.execute(sa.delete(table))
    laid = {"name": "x", "every_s": 1.0, "first_run": "all", "source_id": source, "server": server}
    conn.execute(sa.insert(follows).values(**laid, since=since, retired_at=retired))
    if begun:
        conn.execute(sa.insert(pauses).values(server=server, source_id=source, begun_at=begun, ended_at=ended))
    [article] = conn.execute(sa.select(articles))
    sight, asked = sight_of(conn, [source]), (0, 7, 9)
    laws = [law for one in asked for law in (sees(Viewer(server=one)), is_told(one))]
    [by_sql] = conn.execute(sa.select(*laws).select_from(articles))
    by_rows = [verdict for one in asked for verdict in (sight.sees(one, article), sight.is_told(one, article))]
    return [bool(one) for one in by_sql] == by_rows


async def test_the_doctor_misses_nothing_that_was_not_to_be_told(town: Town) -> None:
    """What a server has paused or does not see is no untold news."""
    harbour = await town.add(by_command())
    await town.world.store.follows.pause(7, harbour.id, now=town.world.now)
    await town.come(harbour, 1)
    town.pass_time(MINUTE)
    await town.world.store.follows.resume(7, harbour.id, now=town.world.now)

    findings = doctor.examine(town.world.store._database, now=town.world.now, mend=False)

    assert [one.law for one in findings if one.broken] == []
