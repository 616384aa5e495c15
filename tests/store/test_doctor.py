"""The laws of the archive: each is broken by hand, found, and mended where that is safe."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.model import Finding, Match, Sent, State
from bot.store.doctor import examine
from tests.store.conftest import NOW, World, draft, folder, match


@pytest.fixture
async def archive(discord: World) -> World:
    """Make an archive with three articles that were read and told."""
    return await _filled(discord, match())


async def _filled(world: World, *matches: Match) -> World:
    [source] = await world.follow(folder())
    await world.poll(source, draft(3), draft(2), draft(1))
    await world.read(*matches)
    for number in range(3):
        for due in await world.due():
            await world.store.deliveries.settle(await world.claim(due), Sent(message_id=5 + number), NOW)
    return world


def examined(world: World, *, mend: bool = True) -> dict[str, Finding]:
    """Return the laws that are or were broken."""
    found = examine(world.store.deliveries._database, now=NOW + timedelta(minutes=1), mend=mend)
    return {one.law: one for one in found if one.broken}


def spoil(world: World, statement: str) -> None:
    """Break the archive, as a hand or a bug would."""
    plain = statement if world.store.deliveries._database.address.path else statement.replace("rowid", "article_id")
    world.store.deliveries._database.write_now(lambda conn: conn.execute(sa.text(plain)))


async def test_an_archive_that_was_only_used_is_well(archive: World) -> None:
    """What the program itself writes breaks no law, with a revision and a fold too."""
    [source] = await archive.follow(folder())
    await archive.poll(source, draft(1, text="Mended."), *(draft(number) for number in range(4, 30)))
    await archive.read(match())

    assert examined(archive) == {}


@pytest.mark.parametrize(
    ("broken", "law"),
    [
        ("update articles set story_id = null where id = 1", "has its story"),
        ("delete from mentions where article_id = 1", "has all its mentions"),
        ("update mentions set revision = 7 where article_id = 1", "a revision that is there"),
        ("update articles set state = 'new', lease_until = '2099-01-01T00:00:00.000000Z' where id = 1", "leased for longer"),
        ("delete from articles_fts where rowid = 1", "Every text is in the index"),
        ("delete from deliveries where subject = 1", "What matched was told"),
        ("update deliveries set subject = 99 where subject = 2", "has its subject"),
        ("update deliveries set state = 'sending', lease_until = null where subject = 2", "Every claim has its time"),
        ("update deliveries set message_id = null where subject = 1", "What was sent has its message"),
    ],
)
async def test_what_is_broken_is_found_and_mended(archive: World, broken: str, law: str) -> None:
    """Each breach is named by its law, is only looked at if nothing else was asked for, and is gone after the mend."""
    spoil(archive, broken)

    looked, mended = examined(archive, mend=False), examined(archive)

    [named] = [name for name in looked if law in name]
    assert not looked[named].is_well
    assert mended[named].is_well
    assert law not in "".join(examined(archive))


async def test_an_alert_that_got_lost_is_told(archive: World) -> None:
    """An article whose alert is missing is read again, and told."""
    spoil(archive, "delete from deliveries where subject = 2")
    examined(archive)

    await archive.read(match())

    assert {2} <= {one.subject for one in await archive.due()}
    assert examined(archive) == {}


async def test_what_nobody_was_there_to_hear_is_not_caught_up(discord: World) -> None:
    """An article that came before its channel is no lost alert."""
    spoil(discord, "delete from places")
    await _filled(discord, match())
    await discord.store.places.set_channel(7, 70, now=NOW + timedelta(hours=1))

    assert examined(discord) == {}


@pytest.mark.parametrize("posted", [False, True], ids=["the second one is not posted yet", "both were posted"])
async def test_of_two_for_the_same_only_what_is_not_posted_can_be_taken_back(archive: World, posted: bool) -> None:
    """A delivery that stands there twice is told once, if that can still be had."""
    columns = "kind, subject, destination, server, nonce, told, due_at, created_at, batch"
    message = "99" if posted else "null"
    state = State.SENT if posted else State.PENDING
    spoil(
        archive,
        f"insert into deliveries (id, state, message_id, {columns})"
        f" select 'z' || substr(id, 2), '{state}', {message}, {columns} from deliveries where subject = 1",
    )

    found = examined(archive)["Nothing is told twice in one place."]

    assert (found.broken, found.is_well) == (1, not posted)


async def test_a_fold_without_its_card_gets_one(archive: World) -> None:
    """Alerts that a cap has folded are never without the card that counts them."""
    [source] = await archive.follow(folder())
    await archive.poll(source, *(draft(number) for number in range(4, 30)))
    await archive.read(match())
    spoil(archive, "delete from deliveries where kind = 'fold'")

    found = examined(archive)["What was folded has its card."]

    assert (found.broken, found.mended) == (1, 1)
    assert examined(archive) == {}
