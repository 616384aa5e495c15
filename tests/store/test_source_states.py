"""Sources as a viewer sees them: who is counted, what each gives, and what is the matter with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.model import Ailment, Round, Source, SourceState, Viewer, Word
from bot.store.schema import follows, sources, volumes
from tests.store.conftest import NOW, World, feed, make_world

DAY = timedelta(days=1)
HERE, THERE, OPERATOR = Viewer(server=7), Viewer(server=8), Viewer()


@pytest.fixture
async def world() -> World:
    return await make_world(discord=True)


async def write(world: World, statement: sa.Executable) -> None:
    await world.store._database.write(lambda conn: conn.execute(statement))


async def follow_by(world: World, server: int, source: Source, *, name: str, paused: bool = False) -> None:
    values = {"server": server, "source_id": source.id, "name": name, "every_s": 60.0, "first_run": "all", "since": NOW}
    await write(world, sa.insert(follows).values(**values, paused=paused))


async def give(world: World, source: Source, counts: dict[int, int]) -> None:
    """Write how many articles came so many days ago."""
    rows = [
        {"source_id": source.id, "day": (NOW.date() - ago * DAY).isoformat(), "articles": count}
        for ago, count in counts.items()
    ]
    await write(world, sa.insert(volumes).values(rows))


async def seen(world: World, viewer: Viewer) -> list[SourceState]:
    return list(await world.store.archive.sources(viewer, now=NOW))


async def test_a_server_sees_the_configs_sources_and_its_own(world: World) -> None:
    """Each under the viewer's own name, or else the bot's; the operator sees all, and what is not paused goes first."""
    [common, other] = await world.follow(feed("Common"), feed("Other", "https://other.example/"))
    await world.follow(feed("Common"))
    await follow_by(world, 8, other, name="Of 8")
    await follow_by(world, 7, other, name="Of 7", paused=True)
    await follow_by(world, 7, common, name="Ours")

    names = {viewer: [(one.source.name, one.paused) for one in await seen(world, viewer)] for viewer in (HERE, THERE, OPERATOR)}

    assert names == {
        HERE: [("Of 7", True), ("Ours", False)],
        THERE: [("Common", False), ("Of 8", False)],
        OPERATOR: [("Common", False), ("Of 8", False)],
    }


async def test_the_standing_names_who_is_unwell(world: World) -> None:
    """A source is unwell when it fails, was given up, or was noted; what is paused counts neither way."""
    found = await world.follow(*(feed(name, f"https://{name}.example/") for name in ("well", "failing", "gone", "stale")))
    well, failing, gone, stale = found
    await follow_by(world, 7, well, name="also ours", paused=True)
    await write(world, sa.update(sources).where(sources.c.id == failing.id).values(failures=1, reason="no answer"))
    await write(world, sa.update(sources).where(sources.c.id == gone.id).values(given_up_at=NOW))
    word = Word(destination="", title="", text="", sources=((stale.id, Ailment.STALE, "silent since Monday"),))
    await world.store.ward.note_round(Round(ill=(word,)), now=NOW)

    standing = await world.store.archive.standing(HERE)

    assert standing.sources == 3
    assert [(one.source.name, one.ailment, one.complaint) for one in standing.unwell] == [
        ("failing", None, ""),
        ("gone", None, ""),
        ("stale", Ailment.STALE, "silent since Monday"),
    ]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        pytest.param({}, (0, None, None), id="nothing"),
        pytest.param({0: 3}, (3, None, None), id="only today"),
        pytest.param({0: 3, 5: 40}, (3, None, None), id="less than a week"),
        pytest.param({8: 40, 7: 7, 1: 14}, (0, 3.0, None), id="a week and a day: the first day does not count"),
        pytest.param({36: 90, 35: 28, 20: 28, 7: 7}, (0, 1.0, 2.0), id="five weeks and a day"),
        pytest.param({400: 90, 36: 1000}, (0, None, None), id="nothing of late"),
    ],
)
async def test_what_a_source_gives(world: World, counts: dict[int, int], said: tuple[int, float | None, float | None]) -> None:
    """What came today, what comes a day in the last week, and what is usual: as far as each is known."""
    [wire] = await world.follow(feed())
    if counts:
        await give(world, wire, counts)

    [state] = await seen(world, HERE)

    assert said == (state.today, state.lately, state.usual)
