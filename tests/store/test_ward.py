"""The rounds of the sources over a real store: who is told, once, and what is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.health.rounds import AGAIN, PACE, Rounds, plan
from bot.model import Gone, Notice, Sent, in_channel
from bot.store.schema import follows, sources, volumes
from bot.store.schema import notices as notices_table
from bot.store.sources import ward
from tests.store.conftest import HOUR, NOW, World, draft, feed, make_world

DAY = timedelta(days=1)
OPERATORS = in_channel(99)


@pytest.fixture
async def world() -> World:
    return await make_world(discord=True)


async def look(world: World, *, operators: str = OPERATORS, after: timedelta = timedelta(0)) -> list[Notice]:
    """Make a round and tell what it gives; return the cards."""
    await make_round(world, operators=operators, after=after)
    return [card for _, card in await told(world)]


async def make_round(world: World, *, operators: str = OPERATORS, after: timedelta = timedelta(0)) -> None:
    world.now += after
    await Rounds(store=world.store.ward, clock=lambda: world.now, operators=operators)()


async def told(world: World) -> list[tuple[str, Notice]]:
    """Tell every notice that is due; return what was said, with its destination."""
    cards = []
    while due := await world.notices():
        claimed = await world.claim(due[0])
        card = await world.store.deliveries.card(claimed)
        outcome = Gone(reason="nothing is left to say") if card is None else Sent(message_id=1)
        await world.store.deliveries.settle(claimed, outcome, world.now)
        if isinstance(card, Notice):
            cards.append((claimed.destination, card))
    return cards


async def change(world: World, *ids: int, **values: object) -> None:
    """Set what polls would have written."""
    statement = sa.update(sources).where(sources.c.id.in_(ids)).values(**values)
    await world.store._database.write(lambda conn: conn.execute(statement))


async def die(world: World, *ids: int, reason: str = "It is gone for good (410).") -> None:
    await change(world, *ids, failures=2, given_up_at=world.now, reason=reason, polled_at=world.now)


async def fail(world: World, *ids: int, failures: int = 9) -> None:
    """Let polls fail since a day and more."""
    values = {"failures": failures, "reason": "no answer", "polled_at": world.now, "ok_at": world.now - 30 * HOUR}
    await change(world, *ids, **values)


async def recover(world: World, *ids: int) -> None:
    world.now += HOUR / 60
    await change(world, *ids, failures=0, given_up_at=None, reason="", polled_at=world.now, ok_at=world.now)


async def wires(world: World, count: int, host: str = "wire.example") -> list[int]:
    """Follow so many feeds that are well."""
    found = await world.follow(*(feed(f"Wire {number}", f"https://{host}/{number}") for number in range(count)))
    ids = [source.id for source in found]
    await change(world, *ids, ok_at=world.now, polled_at=world.now)
    return ids


async def follow_by(world: World, server: int, source_id: int, name: str) -> None:
    """Let a server follow a source of its own."""
    values = {
        "server": server,
        "source_id": source_id,
        "name": name,
        "every_s": 3600.0,
        "first_run": "latest",
        "since": world.now,
    }
    await world.store._database.write(lambda conn: conn.execute(sa.insert(follows).values(**values)))


async def unfollow(world: World) -> None:
    """Take everything out of the config."""
    await world.store.sources.follow([], now=world.now)


async def test_a_source_that_died_is_told_to_the_operators_once(world: World) -> None:
    """The notice names the source, the reason and the mend, and is not repeated, a day later neither."""
    [wire, _] = await wires(world, 2)
    await die(world, wire)

    await make_round(world)
    [(destination, card)] = await told(world)

    assert destination == OPERATORS
    assert card.title == "Wire 0 is dead"
    assert card.text.splitlines() == [
        "It is gone for good (410).",
        "Correct the address in sources.toml or take it out; “python -m bot feed resume” asks it again as it is.",
    ]
    assert await look(world) == await look(world, after=AGAIN + HOUR) == []


async def test_a_recovery_is_told_once(world: World) -> None:
    """A source that answers again is told of, and that is that."""
    [wire, _] = await wires(world, 2)
    await die(world, wire)
    await look(world)
    await recover(world, wire)

    [card] = await look(world)

    assert (card.title, card.text) == ("Wire 0 is well again", "It was noted as dead since 2026-11-02 09:00 UTC.")
    assert await look(world, after=AGAIN + HOUR) == []


async def test_wanting_it_again_is_no_recovery(world: World) -> None:
    """Nothing is said before a poll went well."""
    [wire, _] = await wires(world, 2)
    await die(world, wire)
    await look(world)
    await change(world, wire, failures=0, given_up_at=None, reason="")

    assert await look(world) == []


async def test_what_was_not_told_needs_no_recovery(world: World) -> None:
    """A death and a recovery while Discord is away are nobody's news."""
    [wire, _] = await wires(world, 2)
    await die(world, wire)
    await make_round(world)
    await recover(world, wire)
    await make_round(world)

    assert await told(world) == []


async def test_a_notice_that_may_have_been_posted_deserves_its_recovery(world: World) -> None:
    """A bot that was killed between post and outcome has told, for all it knows."""
    [wire, _] = await wires(world, 2)
    await die(world, wire)
    await make_round(world)
    claimed = await world.claim((await world.notices())[0])
    await recover(world, wire)
    await make_round(world)
    await world.store.deliveries.settle(claimed, Sent(message_id=1), world.now)

    assert [card.title for _, card in await told(world)] == ["Wire 0 is well again"]


async def test_a_round_that_is_cut_short_tells_once(world: World) -> None:
    """A kill before, within or after the transaction of a round loses nothing and repeats nothing."""
    [wire, _] = await wires(world, 2)
    await die(world, wire)
    with pytest.raises(RuntimeError):
        await world.store._database.write(_note_and_die)
    found = await world.store.ward.ward(world.now, turn=0)
    assert found.noted == ()

    await make_round(world)
    await make_round(world)
    other_copy = Rounds(store=world.store.ward, clock=lambda: world.now, operators=OPERATORS)
    await other_copy()

    assert len(await told(world)) == 1


def _note_and_die(conn: sa.Connection) -> None:
    conn.execute(
        sa.insert(notices_table).values(
            server=0, destination=OPERATORS, about="source 1 dead", title="", text="", bucket="b", created_at=NOW
        )
    )
    raise RuntimeError("killed")


async def test_two_copies_that_find_the_same_tell_once(world: World) -> None:
    """What two find at the same time, at a hand-over, is one notice."""
    [wire, _] = await wires(world, 2)
    await die(world, wire)
    found = plan(await world.store.ward.ward(world.now, turn=0), operators=OPERATORS, now=world.now)

    await world.store.ward.note_round(found, now=world.now)
    await world.store.ward.note_round(found, now=world.now)

    assert len(await told(world)) == 1


async def test_a_source_that_flaps_is_told_once_a_day(world: World) -> None:
    """Of a source that dies and recovers by the hour one hears twice a day at most."""
    [wire, _] = await wires(world, 2)
    titles = []
    for _ in range(20):
        await die(world, wire)
        titles += [card.title for card in await look(world, after=HOUR)]
        await recover(world, wire)
        titles += [card.title for card in await look(world, after=HOUR / 10)]

    assert titles == ["Wire 0 is dead", "Wire 0 is well again"]
    await die(world, wire)
    assert [card.title for card in await look(world, after=4 * HOUR)] == ["Wire 0 is dead"]


async def test_many_that_die_at_once_are_one_notice(world: World) -> None:
    """A host that goes down is one card, with its name, and with a limit to what it lists."""
    ids = await wires(world, 21)
    await fail(world, *ids[:2])
    await fail(world, *ids[2:20], failures=3)

    [card] = await look(world)

    lines = card.text.splitlines()
    assert card.title == "20 sources of wire.example are dead"
    assert lines[0] == "Wire 0: no answer (9 failures, last well at 2026-11-01 03:00 UTC; it is still tried)"
    assert (len(lines), lines[-1]) == (16, "and 5 more: /feed list names them")


async def test_what_dies_after_another_waits_its_turn(world: World) -> None:
    """Deaths that follow each other by minutes are told by the hour, together."""
    ids = await wires(world, 5)
    await die(world, ids[0])
    first = await look(world)
    await die(world, ids[1])
    soon = await look(world, after=PACE / 4)
    await die(world, ids[2])
    later = await look(world, after=PACE)

    assert [card.title for card in (*first, *soon, *later)] == ["Wire 0 is dead", "2 sources of wire.example are dead"]


async def test_those_that_recover_together_are_one_notice(world: World) -> None:
    """A host that is back is one card; what stays dead stays noted."""
    ids = await wires(world, 4)
    await die(world, *ids[:3])
    await look(world)
    await recover(world, *ids[:2])
    [card] = await look(world)
    await recover(world, ids[2])
    soon, later = await look(world), await look(world, after=PACE)

    assert card.title == "2 sources of wire.example are well again"
    assert soon == []
    assert [one.title for one in later] == ["Wire 2 is well again"]


async def test_nothing_is_told_while_our_own_network_is_away(world: World) -> None:
    """When every feed of every host fails nobody is told, and a feed that was not yet tried again after that neither."""
    found = await world.follow(
        feed("A", "https://a.example/"), feed("B", "https://b.example/"), feed("C", "https://c.example/")
    )
    ids = [source.id for source in found]
    await fail(world, *ids)
    away = await look(world)
    await recover(world, ids[0])
    back = await look(world)
    await change(world, ids[1], polled_at=world.now, failures=10)
    tried = await look(world)

    assert away == back == []
    assert [card.title for card in tried] == ["B is dead"]


async def test_all_feeds_of_one_host_may_be_its_fault(world: World) -> None:
    """Where everything comes from one host, nobody can say that it is our network."""
    ids = await wires(world, 3)
    await fail(world, *ids)

    assert [card.title for card in await look(world)] == ["3 sources of wire.example are dead"]


async def test_a_source_of_servers_is_told_to_who_manages_them(world: World) -> None:
    """Each server hears of its own follow by its own name, and the operators, who could mend nothing, do not."""
    [wire] = await world.follow(feed("Wire"))
    await unfollow(world)
    await follow_by(world, 7, wire.id, "Our wire")
    await follow_by(world, 8, wire.id, "Their wire")
    await die(world, wire.id)

    await make_round(world)

    assert {(destination, card.title) for destination, card in await told(world)} == {
        ("managers:7", "Our wire is dead"),
        ("managers:8", "Their wire is dead"),
    }


async def test_a_source_of_the_config_is_the_operators_business_alone(world: World) -> None:
    """Nobody is told twice: who follows what the config follows too can mend nothing."""
    [wire] = await world.follow(feed("Wire"))
    await follow_by(world, 7, wire.id, "Our wire")
    await die(world, wire.id)

    await make_round(world)

    assert [(destination, card.title) for destination, card in await told(world)] == [(OPERATORS, "Wire is dead")]


async def test_a_source_that_nobody_follows_any_more_is_over_without_a_word(world: World) -> None:
    """Who has taken a dead source out hears nothing more of it; back again within a day, it is no news."""
    [wire, _] = await wires(world, 2)
    await die(world, wire)
    await look(world)
    await unfollow(world)
    gone = await look(world)
    await wires(world, 2)

    assert (gone, await look(world)) == ([], [])


async def test_without_a_channel_only_the_log_tells(world: World) -> None:
    """What is told nobody is noted all the same, so that the log says it once."""
    [wire, _] = await wires(world, 2)
    await die(world, wire)

    await make_round(world, operators="")
    await make_round(world, operators="")
    await recover(world, wire)
    await make_round(world, operators="")

    assert list(await world.notices()) == []
    found = await world.store.ward.ward(world.now, turn=0)
    assert [(one.source_id, one.mended_at is not None) for one in found.noted] == [(wire, True)]


async def give(world: World, source_id: int, per_day: int, *, until: date, days: int = 60) -> None:
    """Write what came each day before one."""
    rows = [
        {"source_id": source_id, "day": (until - number * DAY).isoformat(), "articles": per_day}
        for number in range(1, days + 1)
    ]
    await world.store._database.write(lambda conn: conn.execute(sa.insert(volumes), rows))


async def test_a_silence_is_told_and_ends_with_something_new(world: World) -> None:
    """A wire that falls silent is told as stale, and as well when an article comes."""
    [wire] = await world.follow(feed("Wire"))
    await give(world, wire.id, 25, until=NOW.date())
    world.now = datetime(2026, 11, 1, 12, tzinfo=NOW.tzinfo)
    await world.poll(wire, draft(1))
    world.now += DAY
    await world.poll(wire)
    early = await look(world)
    world.now += 7 * HOUR
    await world.poll(wire)
    silent = await look(world)
    world.now += DAY
    await world.poll(wire, draft(2))
    again = await look(world)

    assert early == []
    assert [(card.title, card.text) for card in (*silent, *again)] == [
        (
            "Wire has gone stale",
            "its polls succeed, but nothing new has come since 2026-11-01 12:00 UTC; usually 25 a day",
        ),
        ("Wire is well again", "It was noted as stale since 2026-11-02 19:00 UTC."),
    ]


async def test_a_silent_source_that_dies_is_told_as_dead(world: World) -> None:
    """The worse news goes before, and one recovery ends both."""
    [wire] = await world.follow(feed("Wire"))
    await give(world, wire.id, 25, until=NOW.date() - 5 * DAY)
    await world.poll(wire)
    titles = [card.title for card in await look(world)]
    await die(world, wire.id)
    titles += [card.title for card in await look(world, after=2 * PACE)]
    await recover(world, wire.id)
    titles += [card.title for card in await look(world, after=2 * PACE)]

    assert titles == ["Wire has gone stale", "Wire is dead", "Wire is well again"]


async def test_every_source_has_its_turn(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A round looks at a share of the sources, and at those in trouble each time."""
    monkeypatch.setattr(ward, "SHARE", 3)
    ids = await wires(world, 10)
    await fail(world, ids[0])

    rounds = [await world.store.ward.ward(world.now, turn=turn) for turn in range(4)]

    seen = [{chart.source.id for chart in found.charts} for found in rounds]
    assert set.union(*seen) == set(ids)
    assert all(ids[0] in one and len(one) <= 4 for one in seen)
