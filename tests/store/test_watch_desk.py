"""What people change about watches, over a real archive and the real reader of queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from bot.errors import ReadingError, Unanswerable
from bot.language.parsing import OFF
from bot.matching.queries.meanings import Meanings
from bot.model import Level, SavedWatch, Viewer, WatchDraft, WatchPreview
from bot.questions import NearMisses, WatchDesk
from bot.reading import ReadingPool
from bot.workers import Workers
from tests.store.conftest import NOW, World, draft
from tests.store.test_questions import WordReader, asking, world

__all__ = ["world"]

HERE = Viewer(server=7)
WALRUS = WatchDraft(name="Walrus", query="walrus", level=Level.MENTION)


class Here(Workers):
    """A worker that is this very process."""

    def __init__(self) -> None:
        super().__init__(timeout=timedelta(minutes=1))

    async def run(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)


def desk(made: World, *, most: int | None = None) -> WatchDesk:
    return WatchDesk(
        archive=made.store.archive,
        watches=made.store.watches,
        answers=asking(made),
        reader=WordReader(),
        near=NearMisses(
            archive=made.store.archive,
            explainer=ReadingPool(Here(), model=OFF),
            rules=made.store.analysis.rules,
            clock=lambda: NOW,
        ),
        meanings=Meanings(),
        clock=lambda: NOW,
        most=most,
    )


async def test_a_watch_is_looked_at_before_it_is_saved(world: World) -> None:
    """The look says what would have been caught, and changes nothing until it is saved."""
    orders = desk(world)

    look = await orders.look(HERE, WALRUS)

    assert (look.test.found, look.test.archive) == (3, 7)
    assert await world.store.watches.own(7) == []
    kept = await orders.save(HERE, look.key)
    assert isinstance(kept, SavedWatch)
    assert [watch.name for watch in await world.store.watches.own(7)] == ["Walrus"]


async def test_who_saves_second_is_told_and_keeps_the_text(world: World) -> None:
    """The other's query stands beside one's own, and saving again puts one's own in its place."""
    orders = desk(world)
    kept = await orders.save(HERE, (await orders.look(HERE, WALRUS)).key)
    assert isinstance(kept, SavedWatch)
    edit = replace(WALRUS, watch_id=kept.watch.id, revision=kept.watch.revision)
    looks = [await orders.look(HERE, replace(edit, query=query)) for query in ("seal", "whale")]
    await orders.save(HERE, looks[0].key)

    second = await orders.save(HERE, looks[1].key)

    assert isinstance(second, WatchPreview)
    assert second.theirs is not None
    assert (second.theirs.query, second.draft.query) == ("seal", "whale")
    assert isinstance(await orders.save(HERE, second.key), SavedWatch)
    assert [watch.query for watch in await world.store.watches.own(7)] == ["whale"]


async def test_what_was_removed_meanwhile_can_be_made_anew(world: World) -> None:
    """Who edits a watch that somebody has removed loses nothing: saving once more makes it anew."""
    orders = desk(world)
    kept = await orders.save(HERE, (await orders.look(HERE, WALRUS)).key)
    assert isinstance(kept, SavedWatch)
    edit = replace(WALRUS, query="seal", watch_id=kept.watch.id, revision=kept.watch.revision)
    look = await orders.look(HERE, edit)
    await orders.remove(HERE, "walrus")

    second = await orders.save(HERE, look.key)

    assert isinstance(second, WatchPreview)
    assert second.clash == "This watch has been removed meanwhile: saving makes it anew."
    assert isinstance(await orders.save(HERE, second.key), SavedWatch)
    assert [watch.query for watch in await world.store.watches.own(7)] == ["seal"]


async def test_what_was_cancelled_is_not_saved(world: World) -> None:
    """A look that was taken back is gone."""
    orders = desk(world)
    look = await orders.look(HERE, WALRUS)

    await orders.cancel(HERE, look.key)

    with pytest.raises(Unanswerable):
        await orders.save(HERE, look.key)
    assert await world.store.watches.own(7) == []


async def test_a_watch_of_the_config_is_neither_removed_nor_ended_by_a_pause_of_the_operator(world: World) -> None:
    """What stands in the file is left to the file; a server may rest from it."""
    orders = desk(world)

    for viewer in (HERE, Viewer()):
        with pytest.raises(Unanswerable, match="kept in"):
            await orders.remove(viewer, "North Korea")
    with pytest.raises(Unanswerable, match=r"kept in watches\.toml"):
        await orders.pause(Viewer(), "North Korea", paused=True)
    await orders.pause(HERE, "North Korea", paused=True)

    [watch] = [one for one in await orders.all(HERE) if one.name == "North Korea"]
    assert (watch.is_paused_in(7), watch.is_paused_in(9)) == (True, False)


async def test_only_a_watch_of_the_config_is_routed(world: World) -> None:
    """A server's own watch has its channels from an edit."""
    orders = desk(world)
    await orders.save(HERE, (await orders.look(HERE, WALRUS)).key)

    with pytest.raises(Unanswerable, match="/watch edit changes its channels"):
        await orders.route(HERE, "Walrus", (70,))
    routed = await orders.route(HERE, "North Korea", (71,))

    assert routed.name == "North Korea"


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        pytest.param(replace(WALRUS, query="walrus AND since:2026-01-01"), "is for searches", id="a time in a watch"),
        pytest.param(replace(WALRUS, query='"walrus'), "never closed", id="an open quotation mark"),
        pytest.param(replace(WALRUS, name=" \n "), "visible characters", id="no name"),
        pytest.param(replace(WALRUS, name="north KOREA"), "already", id="a name of the config"),
    ],
)
async def test_what_cannot_be_a_watch_is_refused_before_it_is_shown(world: World, draft: WatchDraft, said: str) -> None:
    """A watch that its reader would pass over is never saved."""
    with pytest.raises(Unanswerable, match=said):
        await desk(world).look(HERE, draft)


async def test_what_cannot_be_read_is_pointed_at(world: World) -> None:
    """Who adds or tests a watch sees the place of the fault, as who searches does."""
    with pytest.raises(Unanswerable, match="never closed") as refused:
        await desk(world).look(HERE, replace(WALRUS, query="walrus AND (seal"))

    assert refused.value.quoted == "walrus AND (seal\n           ^"


async def test_a_server_has_no_more_watches_than_it_may(world: World) -> None:
    """The watch that is one too many is refused when it is looked at, and when it is saved."""
    orders = desk(world, most=1)
    first, second = [await orders.look(HERE, replace(WALRUS, name=name)) for name in ("One", "Two")]
    await orders.save(HERE, first.key)

    with pytest.raises(Unanswerable, match="remove one first"):
        await orders.save(HERE, second.key)
    with pytest.raises(Unanswerable, match="remove one first"):
        await orders.look(HERE, replace(WALRUS, name="Three"))


async def test_a_test_counts_first_and_then_reads(world: World) -> None:
    """The first answer is what the index says; the second what the reader took, by day, with what is only mentioned."""
    first, last = [found async for found in desk(world).test(HERE, "walrus", days=30)]

    assert (first.whole, first.candidates) == (False, 3)
    assert (last.whole, last.found, len(last.near)) == (True, 0, 3)


async def test_a_test_names_what_just_passes_and_which_part_it_lacks(world: World) -> None:
    """Where two parts are wanted, the newest articles with one of them are named, a few for each part that is missing."""
    *_, last = [found async for found in desk(world).test(HERE, "walrus AND seal", days=30)]

    assert (last.found, [(one.title, why) for one, why in last.near]) == (
        0,
        [
            ("Title 7", 'only "seal" is missing: it stands nowhere in the article'),
            ("Title 6", 'only "seal" is missing: it stands nowhere in the article'),
            ("Title 5", 'only "seal" is missing: it stands nowhere in the article'),
            ("Title 4", 'only "walrus" is missing: it stands nowhere in the article'),
            ("Title 3", 'only "walrus" is missing: it stands nowhere in the article'),
            ("Title 2", 'only "walrus" is missing: it stands nowhere in the article'),
        ],
    )


@pytest.mark.parametrize("query", ["walrus", "walrus OR seal", "walrus OR (seal AND whale)"])
async def test_a_query_without_two_parts_that_must_hold_has_no_near_miss_of_one(world: World, query: str) -> None:
    """Where one part would do, an article without it lacks everything."""
    *_, last = [found async for found in desk(world).test(HERE, query, days=30)]

    assert not [why for _, why in last.near if "missing" in why]


async def test_what_a_not_keeps_out_is_a_near_miss(world: World) -> None:
    """An article that all but a NOT would let through is named with what it holds."""
    *_, last = [found async for found in desk(world).test(HERE, "walrus NOT title", days=30)]

    assert {why for _, why in last.near} == {'only NOT "title" is missing: the article holds “Title”'}


async def _kept(orders: WatchDesk, wanted: WatchDraft) -> SavedWatch:
    kept = await orders.save(HERE, (await orders.look(HERE, wanted)).key)
    assert isinstance(kept, SavedWatch)
    return kept


async def test_a_saved_watch_that_matches_nothing_says_so_at_once(world: World) -> None:
    """From fifty articles on, be it made or edited: who hears nothing would take it for a quiet time."""
    orders = desk(world)
    small = await _kept(orders, replace(WALRUS, name="Small", query="basilisk"))
    [source] = await world.store.sources.all_sources()
    await world.poll(source, *(draft(number, text="A seal.") for number in range(100, 143)))
    world.rules = await world.store.analysis.rules()
    await world.read()

    made = await _kept(orders, replace(WALRUS, query="basilisk"))
    edit = replace(WALRUS, watch_id=made.watch.id, revision=made.watch.revision)
    mended = await _kept(orders, replace(edit, query="walrus"))
    spoilt = await _kept(orders, replace(edit, query="walrus", level=Level.ABOUT, revision=mended.watch.revision))

    nothing = "It matches nothing in the archive so far: is the query what you mean?"
    assert [one.hint for one in (small, made, mended, spoilt)] == ["", nothing, "", nothing]


async def test_a_saved_watch_is_said_to_match_nothing_only_as_far_as_was_looked(world: World) -> None:
    """What lies behind hundreds of candidates that do not match is found; where the time is over, it is said how far that was."""
    orders, clock = desk(world), count()
    [source] = await world.store.sources.all_sources()
    await world.poll(source, *(draft(number, text="A Walrus.") for number in range(100, 340)))  # found by the index alone
    await world.read()
    in_haste = replace(orders, clock=lambda: NOW + timedelta(seconds=next(clock)))

    whole = await _kept(orders, WALRUS)
    part = await _kept(in_haste, replace(WALRUS, name="Haste"))

    assert whole.hint == ""
    assert part.hint == "It matches none of the newest 25 articles: is the query what you mean?"


async def test_a_watch_is_saved_though_nobody_can_tell_what_it_matches(world: World) -> None:
    """A reader that fails after a watch was saved takes nothing back, and the maker is not told of a failure."""
    [source] = await world.store.sources.all_sources()
    await world.poll(source, *(draft(number, text="A seal.") for number in range(100, 143)))
    await world.read()
    look = await desk(world).look(HERE, WALRUS)
    failing = replace(desk(world), reader=WordReader(fault=ReadingError("the worker process ended.")))

    kept = await failing.save(HERE, look.key)

    assert isinstance(kept, SavedWatch)
    assert kept.hint == ""
    assert [watch.name for watch in await world.store.watches.own(7)] == ["Walrus"]


async def test_what_was_looked_at_long_ago_cannot_be_saved(world: World) -> None:
    """A draft lives for a day."""
    orders = desk(world)
    look = await orders.look(HERE, WALRUS)

    with pytest.raises(Unanswerable, match="too old"):
        await replace(orders, clock=lambda: NOW + timedelta(days=2)).save(HERE, look.key)
