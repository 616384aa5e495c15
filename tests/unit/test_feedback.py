"""Laws of the report: how sure a share is, and which change is suggested."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import ReadingError
from bot.language.parsing import OFF
from bot.matching.queries.meanings import Meanings
from bot.model import Article, Catalogue, Judged, Level, Report, Rules, Term, Viewer, Watch
from bot.questions.feedback import ENOUGH, FeedbackDesk, wilson
from bot.reading import ReadingPool
from bot.workers import Workers

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HERE = Viewer(server=7)
COAL = Watch(id=1, server=7, name="Coal", query="coal")
BUSY = ("harbour", "railway", "market", "furnace", "winter", "council", "station")
"""A word of its own for each article, so that none tells one kind from the other."""


@pytest.mark.parametrize(("good", "whole", "low", "high"), [(0, 0, 0.0, 1.0), (10, 10, 0.722, 1.0), (5, 10, 0.237, 0.763)])
def test_the_interval_is_wilsons(good: int, whole: int, low: float, high: float) -> None:
    """Few answers leave much room, and all of one kind leave some."""
    assert wilson(good, whole) == pytest.approx((low, high), abs=0.001)


class Here(Workers):
    """A worker that is this very process, or one that fails."""

    def __init__(self, *, fails: bool = False) -> None:
        super().__init__(timeout=timedelta(minutes=1))
        self.fails = fails
        self.calls = 0

    async def run(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        if self.fails:
            raise ReadingError("the worker process ended with code -9.")
        return function(*args, **kwargs)


@dataclass
class Kept:
    """An archive and the opinions on it, of one watch."""

    watch: Watch
    judgements: Sequence[Judged]

    async def watches(self, viewer: Viewer) -> Sequence[Watch]:
        return [self.watch]

    async def judged(self, viewer: Viewer, watch_id: int) -> Sequence[Judged]:
        return self.judgements

    async def candidates(self, viewer: Viewer, query: object, *, since: object, limit: int) -> Sequence[Article]:
        return [one.article for one in self.judgements][:limit]


def desk(kept: Kept, worker: Here) -> FeedbackDesk:
    async def rules() -> Rules:
        return Rules(number=1, catalogue=Catalogue(), watches=(kept.watch,))

    pool: Any = ReadingPool(worker, model=OFF)
    store: Any = kept
    return FeedbackDesk(
        archive=store,
        explanations=store,
        explainer=pool,
        rules=rules,
        feedback=store,
        reader=pool,
        meanings=Meanings(),
        clock=lambda: NOW,
    )


def judged(number: int, title: str, text: str, *, relevant: bool) -> Judged:
    article = Article(id=number, source_id=1, url=f"https://a.example/{number}", title=title, text=text, collected=NOW)
    return Judged(
        article=article,
        relevant=int(relevant),
        irrelevant=int(not relevant),
        terms=(Term(subject="coal", words="coal", rule="word"),),
    )


def in_front(number: int, *, relevant: bool, word: str = "") -> Judged:
    """Return an article that is about coal from its title on."""
    busy = BUSY[number % len(BUSY)]
    return judged(number, f"Coal {busy}", f"Coal {busy} {word}. Coal is {busy}.", relevant=relevant)


def at_the_end(number: int, *, relevant: bool, times: int = 1) -> Judged:
    """Return an article that speaks of coal in its last sentences alone, so often."""
    busy = BUSY[number % len(BUSY)]
    before = " ".join(f"The {busy} opens on day {day}." for day in range(12))
    return judged(number, f"The {busy}", f"{before} {f'Coal is for the {busy}. ' * times}", relevant=relevant)


async def report(watch: Watch, judgements: Sequence[Judged], *, worker: Here | None = None) -> Report:
    return await desk(Kept(watch, judgements), worker or Here()).report(HERE, "coal")


GOOD = [in_front(number, relevant=True) for number in range(6)]


async def test_a_word_of_false_alarms_alone_is_put_under_not() -> None:
    """A word that stands in most false alarms and in no relevant alert is suggested, with what leaving it out does."""
    bad = [in_front(number, relevant=False, word="festival" if number < 15 else "") for number in range(10, 16)]

    found = await report(COAL, [*GOOD, *bad])

    assert found.suggestion is not None
    assert found.suggestion.change == 'add NOT "festival"'
    assert (found.suggestion.false_dropped, found.suggestion.relevant_lost) == (5, 0)
    assert (found.suggestion.matches_before, found.suggestion.matches_after) == (12, 7)
    assert found.note == ""


async def test_a_higher_level_is_suggested_against_passing_mentions() -> None:
    """Where false alarms only mention it, the level is raised; of changes that are worth the same, none hangs on a word by chance."""
    watch = Watch(id=1, server=7, name="Coal", query="coal", level=Level.MENTION)
    bad = [at_the_end(number, relevant=False) for number in range(10, 16)]

    found = await report(watch, [*GOOD, *bad])

    assert found.suggestion is not None
    assert (found.suggestion.change, found.suggestion.false_dropped) == ("level about", 6)


async def test_the_front_alone_is_suggested_where_false_alarms_speak_of_it_late() -> None:
    """What is about it by its last paragraphs only is dropped by a watch on title and lead."""
    bad = [at_the_end(number, relevant=False, times=30) for number in range(10, 16)]

    found = await report(COAL, [*GOOD, *bad])

    assert found.suggestion is not None
    assert (found.suggestion.change, found.suggestion.false_dropped, found.suggestion.relevant_lost) == (
        "look in title and lead only",
        6,
        0,
    )


async def test_nothing_is_suggested_where_false_alarms_are_as_the_relevant_ones() -> None:
    """Where no change tells the two kinds apart that is said, and nothing is suggested."""
    bad = [in_front(number, relevant=False) for number in range(14, 20)]

    found = await report(COAL, [*(in_front(number, relevant=True) for number in range(7)), *bad])

    assert found.suggestion is None
    assert found.note == "No simple change drops more false alarms than it costs relevant alerts."


async def test_a_relevant_alert_is_worth_several_false_alarms() -> None:
    """A change that loses relevant alerts for few false alarms more is not suggested."""
    watch = Watch(id=1, server=7, name="Coal", query="coal", level=Level.MENTION)
    good = [*GOOD, *(at_the_end(number, relevant=True) for number in range(20, 22))]
    bad = [at_the_end(number, relevant=False) for number in range(14, 20)]

    found = await report(watch, [*good, *bad])

    assert found.suggestion is None


async def test_few_opinions_suggest_nothing() -> None:
    """Below ten judged alerts nothing is read, and the report says how many it takes."""
    worker = Here()

    found = await report(COAL, [*GOOD[:4], *(in_front(9, relevant=False) for _ in range(ENOUGH - 5))], worker=worker)

    assert (found.suggestion, worker.calls) == (None, 0)
    assert found.note == f"9 of the {ENOUGH} alerts are judged that it takes to suggest a change."


async def test_without_false_alarms_there_is_nothing_to_change() -> None:
    """A watch whose alerts are all relevant is left as it is, without a word."""
    found = await report(COAL, GOOD * 2)

    assert (found.suggestion, found.note, found.precision) == (None, "", 1.0)


async def test_where_people_are_divided_nobody_is_counted() -> None:
    """An alert with as many voices on both sides is neither false nor relevant, and is told beside the others."""
    bad = [in_front(number, relevant=False, word="festival") for number in range(10, 16)]
    split = Judged(article=in_front(30, relevant=True, word="festival").article, relevant=2, irrelevant=2)

    found = await report(COAL, [*GOOD, *bad, split])

    assert (found.relevant, found.false, found.divided) == (6, 6, 1)
    assert found.suggestion is not None
    assert found.suggestion.change == 'add NOT "festival"'


async def test_a_reader_that_fails_costs_only_the_suggestion() -> None:
    """The report stands when no change can be tried, and says why."""
    bad = [in_front(number, relevant=False, word="festival") for number in range(10, 16)]

    found = await report(COAL, [*GOOD, *bad], worker=Here(fails=True))

    assert (found.relevant, found.false, found.suggestion) == (6, 6, None)
    assert found.note == "No change could be tried: the worker process ended with code -9."


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("coal AND lang:en", id="what speaks of the whole article"),
        pytest.param(" OR ".join(["coal", *(f"word{number}" for number in range(120))]), id="a long query"),
    ],
)
async def test_a_change_that_could_not_be_read_is_not_tried(query: str) -> None:
    """A query that cannot stand in a scope, or would grow too long, has its report all the same."""
    watch = Watch(id=1, server=7, name="Coal", query=query)
    bad = [in_front(number, relevant=False, word="festival") for number in range(10, 16)]

    found = await report(watch, [*GOOD, *bad])

    assert (found.relevant, found.false) == (6, 6)
    assert "look in title" not in (found.suggestion.change if found.suggestion else "")


async def test_a_query_that_cannot_be_read_any_more_is_reported_on() -> None:
    """What people said of it stands, and why nothing can be suggested is said."""
    watch = Watch(id=1, server=7, name="Coal", query="actor:nobody")
    bad = [in_front(number, relevant=False) for number in range(10, 16)]

    found = await report(watch, [*GOOD, *bad])

    assert (found.relevant, found.false, found.suggestion) == (6, 6, None)
    assert found.note.startswith("No change could be tried: There is no actor “nobody”")


async def test_what_an_edit_has_dropped_already_is_no_reason_for_another() -> None:
    """Who has followed a suggestion is not given the next one for the same false alarms."""
    watch = Watch(id=1, server=7, name="Coal", query='coal AND NOT "festival"')
    bad = [in_front(number, relevant=False, word="festival carnival") for number in range(10, 16)]

    found = await report(watch, [*GOOD, *bad])

    assert (found.false, found.suggestion) == (6, None)
    assert found.note == "As it now is, it takes none of its false alarms any more."
