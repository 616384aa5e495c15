"""Laws of walking through the archive: stretch by stretch all of it and nothing twice, the newest first, and no further than wanted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.matching.queries.query import Interpreter
from bot.model import (
    AllOf,
    AnyOf,
    Article,
    Catalogue,
    Facet,
    FacetKind,
    Phrase,
    Prefix,
    Query,
    Scope,
    Subject,
    Viewer,
    Within,
    Without,
)
from tests.store.conftest import HOUR, NOW, World, draft, feed, folder, match

HERE = Viewer(server=7)
TIME = timedelta(seconds=30)
NO_TIME = timedelta()
MANY = 2_500
"""More ids than a first statement looks at."""


async def numbers(world: World, query: Query, **more: object) -> list[int]:
    asked = {"since": None, "most": 100, "budget": TIME, **more}
    stretch = await world.store.archive.walk(HERE, query, **asked)  # type: ignore[arg-type]
    return named(stretch.articles)


def named(articles: Sequence[Article]) -> list[int]:
    return [int(one.title.split()[-1]) for one in articles]


@pytest.fixture
async def world(terminal: World) -> World:
    """Make an archive of nine articles: three walruses, a seal, and what neither names."""
    wire, inbox = await terminal.follow(folder("The Wire", "/wire"), folder("Inbox", "/inbox"))
    texts = ["A walrus.", "A walrus and a seal.", "Nothing.", "A walrus swam.", "Seals."]
    await terminal.poll(wire, *(draft(number, text=text) for number, text in enumerate(texts, start=1)))
    await terminal.read(match())
    await terminal.poll(inbox, *(draft(number, text="A walrus of the inbox.") for number in range(6, 10)))
    return terminal


@pytest.mark.parametrize("most", [1, 2, 3, 100])
async def test_stretches_join_to_the_whole(world: World, most: int) -> None:
    """However many are taken at once, all candidates come, once each, and the last stretch says that it is the last."""
    found: list[int] = []
    before, is_last = None, False

    while not is_last:
        stretch = await world.store.archive.walk(HERE, Phrase("walrus"), since=None, before=before, most=most, budget=TIME)
        assert len(stretch.articles) <= most
        found += [one.id for one in stretch.articles]
        before, is_last = stretch.reached, stretch.is_last

    assert found == sorted(found, reverse=True)
    assert len(found) == len(set(found)) == 7


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param(AllOf((Phrase("walrus"), Phrase("seal"))), {2}, id="words side by side"),
        pytest.param(AllOf((Subject("actor:north-korea"), Phrase("walrus"))), {1, 2, 4}, id="a subject and words"),
        pytest.param(AnyOf((Subject("actor:japan"), Subject("actor:north-korea"))), {1, 2, 3, 4, 5}, id="subjects"),
        pytest.param(AllOf((Phrase("walrus"), AnyOf((Phrase("seal"), Prefix("swa"))))), {2, 4}, id="a group of words"),
        pytest.param(AllOf((Facet(FacetKind.SOURCE, "wire"), Phrase("walrus"))), {1, 2, 4}, id="of a source"),
        pytest.param(Facet(FacetKind.SOURCE, "in box"), set(), id="of no source"),
        pytest.param(AllOf((Facet(FacetKind.LANG, "ko"), Phrase("walrus"))), set(), id="in no article's language"),
        pytest.param(AllOf((Phrase("walrus"), Without(Phrase("seal")))), {1, 2, 4, 6, 7, 8, 9}, id="NOT is left to the reader"),
        pytest.param(Within(Scope.SENTENCE, AllOf((Phrase("walrus"), Phrase("swam")))), {4}, id="in a sentence"),
        pytest.param(AnyOf((Phrase("seal"), Without(Phrase("walrus")))), set(range(1, 10)), id="whatever lacks something"),
    ],
)
async def test_candidates_are_few_and_never_too_few(world: World, query: Query, found: set[int]) -> None:
    """What could answer is found, and what the indexes know cannot is not."""
    assert set(await numbers(world, query)) == found
    assert await world.store.archive.count_candidates(HERE, query, since=None, budget=TIME) == (len(found), True)


async def test_a_source_is_known_by_the_names_that_the_viewer_sees(world: World) -> None:
    """What another server calls a source names none."""
    await world.store.sources.follow(
        [folder("The Wire", "/wire"), folder("Inbox", "/inbox"), feed("Private", server=8)], now=NOW
    )

    assert await numbers(world, Facet(FacetKind.SOURCE, "private")) == []


async def test_a_walk_stops_at_a_moment(world: World) -> None:
    """What came before the time asked for is neither taken nor looked at."""
    world.now += HOUR
    [inbox, *_] = await world.store.sources.all_sources()
    await world.poll(inbox, draft(20, text="A late walrus."))

    stretch = await world.store.archive.walk(HERE, Phrase("walrus"), since=NOW + HOUR, most=100, budget=TIME)

    assert (named(stretch.articles), stretch.is_last) == ([20], True)
    assert await world.store.archive.count_candidates(HERE, Phrase("walrus"), since=NOW + HOUR, budget=TIME) == (1, True)


async def test_a_walk_without_time_looks_at_the_newest_only(terminal: World) -> None:
    """When its time is over a walk says how far it came, and goes on from there."""
    [source] = await terminal.follow(folder())
    await terminal.poll(
        source, *(draft(number, text="A walrus." if number == 1 else "Nothing.") for number in range(MANY, 0, -1))
    )
    archive = terminal.store.archive

    first = await archive.walk(HERE, Phrase("nobody"), since=None, most=10, budget=NO_TIME)
    rest = await archive.walk(HERE, Phrase("nobody"), since=None, before=first.reached, most=10, budget=NO_TIME)

    assert (first.is_last, rest.is_last) == (False, True)
    assert 0 < await archive.looked_at(first.reached) < MANY
    assert await archive.looked_at(1) == MANY
    assert await archive.count_candidates(HERE, Phrase("nothing"), since=None, budget=NO_TIME) != (MANY - 1, True)


DEEP = "walrus"
for _number in range(12):
    DEEP = f"seal{_number} OR (walrus AND ({DEEP}))"


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(DEEP, id="deep"),
        pytest.param(" OR ".join(f'"seal {number}"~5 OR walrus' for number in range(70)), id="wide"),
        pytest.param(" AND ".join("(walrus OR seal)" for _ in range(90)), id="wide in groups"),
        pytest.param("walrus AND NOT (" + " OR ".join(f"seal{number}" for number in range(150)) + ")", id="much excluded"),
        pytest.param(" OR ".join(f"(walrus AND source:w{number})" for number in range(60)) + " OR walrus", id="many sources"),
    ],
)
async def test_the_greatest_queries_are_answered(world: World, query: str) -> None:
    """Whatever may be asked, both databases take it."""
    meant = Interpreter(Catalogue())(query).query

    assert {1, 2, 4, 6, 7, 8, 9} <= set(await numbers(world, meant))


async def test_many_subjects_joined_are_answered(world: World) -> None:
    """More actors than a query has room for may be joined."""
    subjects = tuple(Subject(f"actor:a{number}") for number in range(200))

    assert await numbers(world, AllOf((*subjects, Phrase("walrus")))) == []
    assert await numbers(world, AnyOf((*subjects, Phrase("swam")))) == [4]


async def test_the_overlap_counts_what_each_watch_has_matched(world: World) -> None:
    """Of some articles is told how many each of the viewer's watches has matched."""
    found = await world.store.archive.candidates(HERE, Phrase("walrus"), since=None, limit=100)

    assert await world.store.archive.overlap(HERE, [one.id for one in found]) == {"North Korea": 3}
