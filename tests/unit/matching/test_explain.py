"""Laws of the trace: what was found, which stage stopped the rest, and what would have let it through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.language.parsing import Depth, Entity, Parsed, Token, load
from bot.matching.cascade import Cascade, Wanted
from bot.matching.document import Document
from bot.matching.explain import explain
from bot.matching.nearly import Nearly
from bot.matching.queries.query import parse
from bot.matching.scanning.terms import Scanner
from bot.model import Actor, Alias, AliasKind, Catalogue, Level, SourceName, Stage, Trace
from tests.unit.matching.samples import CATALOGUE, RUSSIA, document

SCANNER = Scanner(CATALOGUE)
LEADER = Alias(text="Sidorov", kind=AliasKind.LEADER, since=date(2020, 1, 1), until=date(2024, 6, 30))
SOUTH_RUSSIA = Actor(id="south-russia", name="South Russia", aliases=(Alias(text="South Russia", kind=AliasKind.NAME),))
LED = Catalogue(actors=(replace(RUSSIA, aliases=(*RUSSIA.aliases, LEADER)),))


def traced(
    query: str,
    text: str,
    title: str = "",
    *,
    wanted: Level = Level.MENTION,
    catalogue: Catalogue = CATALOGUE,
    **about: Any,
) -> Trace:
    """Trace a query over a text with nothing but the exact scan and the rules."""
    scanner = SCANNER if catalogue is CATALOGUE else Scanner(catalogue)
    meant = parse(query, catalogue).query
    read = Document(title=title, text=text, **{"language": "en", **about})
    asked = Wanted(query=meant, level=wanted)
    [decided] = Cascade(scanner, [asked], None).read([read])
    return explain(asked, raw=scanner.scan(read), decided=decided, document=read, nearly=Nearly(catalogue, read))


@pytest.mark.parametrize(
    ("query", "text", "stage", "seen"),
    [
        ("actor:russia", "Nobody came to the harbour.", Stage.SCAN, "nowhere"),
        ('"coal exports"', "They told us about coal and of exports.", Stage.SCAN, "not so close"),
        ("actor:united-states", "They told us that the road is closed.", Stage.CASE, "“us”"),
        ("actor:united-states", "The Washington Post has a new editor.", Stage.DECOY, "“Washington Post”"),
        ("actor:north-korea", "Voters in the North wait for the count.", Stage.WEAK, "“the North”"),
        ("title:actor:russia", "Trains from Russia are late.", Stage.SCOPE, "not in the title"),
        ("sentence:(actor:russia AND coal)", "Russia waits. The coal is late.", Stage.SCOPE, "one sentence"),
        ("actor:russia NOT coal", "Russia sells coal.", Stage.EXCLUDED, "“coal”"),
        ("actor:russia AND oil", "Russia sells coal.", Stage.SCAN, "nowhere"),
        ("relation:(source=dprk target=russia act=aid)", "Russia sells coal.", Stage.SCAN, "nowhere"),
        ("relation:(source=dprk target=russia act=aid)", "Russia gave up. The DPRK sent it.", Stage.RELATION, "no sentence"),
        ("relation:(source=dprk target=russia act=aid)", "The DPRK buys from Russia.", Stage.RELATION, "no sentence"),
        ("relation:(source=dprk target=russia act=aid)", "The DPRK sent Russia coal.", Stage.RELATION, "cannot be told"),
    ],
)
def test_the_stage_that_stopped_a_query_is_named(query: str, text: str, stage: Stage, seen: str) -> None:
    """Each stage says what it saw, and what would have let the article through."""
    trace = traced(query, text)

    assert not trace.holds
    assert [one.stage for one in trace.obstacles] == [stage]
    assert seen in trace.obstacles[0].seen
    assert trace.obstacles[0].mend


@pytest.mark.parametrize(
    ("query", "about", "seen"),
    [
        pytest.param("actor:russia AND lang:ko", {}, "it is in English (en)", id="a language"),
        pytest.param("actor:russia AND lang:ko", {"language": ""}, "its language is not known", id="no language"),
        pytest.param(
            "actor:russia AND source:wire",
            {"sources": (SourceName("Daily"), SourceName("Post"))},
            "it comes from “Daily”, “Post”",
            id="a source",
        ),
    ],
)
def test_a_facet_that_an_article_has_not_says_what_it_has(query: str, about: dict[str, Any], seen: str) -> None:
    """A language or source that stopped an article is told beside that of the article."""
    trace = traced(query, "Russia sells coal.", **about)

    assert [(one.stage, one.seen) for one in trace.obstacles] == [(Stage.FACET, seen)]


def test_a_facet_that_holds_is_no_obstacle() -> None:
    """What an article has as a whole does not stand in its words, and is not missed there."""
    trace = traced("lang:en AND source:wire AND oil", "Russia sells coal.", sources=(SourceName("The Wire"),))

    assert [one.part for one in trace.obstacles] == ['"oil"']


def test_a_name_that_a_longer_one_runs_into_is_told_so() -> None:
    """A longer name takes the words of a shorter one also where it begins only in its last word."""
    catalogue = Catalogue(actors=(replace(RUSSIA, decoys=("Russia Bank Tower",)), SOUTH_RUSSIA))

    trace = traced("actor:south-russia", "They met in South Russia Bank Tower.", catalogue=catalogue)

    assert [(one.stage, "“Russia Bank Tower”" in one.seen) for one in trace.obstacles] == [(Stage.DECOY, True)]


def test_one_of_several_facets_is_enough() -> None:
    """Of facets that are joined by OR one that holds will do, so that none of them is to blame."""
    trace = traced("actor:russia AND oil AND (lang:en OR lang:ko)", "Russia sells coal.")

    assert [one.part for one in trace.obstacles] == ['"oil"']
    assert trace.lacks == '"oil"'


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        pytest.param("actor:russia NOT lang:en", "it is in English (en)", id="a language"),
        pytest.param("actor:russia NOT source:wire", "it comes from “The Wire”", id="a source"),
        pytest.param(
            "actor:russia NOT (source:wire AND coal)", "the article holds “coal”, it comes from “The Wire”", id="both"
        ),
    ],
)
def test_a_facet_that_is_not_wanted_is_named(query: str, seen: str) -> None:
    """What an article is as a whole may be what keeps it out."""
    trace = traced(query, "Russia sells coal.", sources=(SourceName("The Wire"),))

    assert [(one.stage, one.seen) for one in trace.obstacles] == [(Stage.EXCLUDED, seen)]


@pytest.mark.parametrize("query", ['"coal exports"', '"exports coal"~20'])
def test_words_that_stand_apart_are_told_how_to_be_found(query: str) -> None:
    """Where the words of a phrase are there, but apart or in another order, the mend finds them."""
    text = f"They told us about coal. {'It rained again. ' * 9}They spoke of exports."

    [obstacle] = traced(query, text).obstacles

    mended = obstacle.mend.removeprefix("its words anywhere: ")
    assert traced(mended, text).holds


def test_a_leader_out_of_office_is_told_with_the_days() -> None:
    """Who holds no office on the day of an article may be anybody, and the trace says when they did."""
    trace = traced("actor:russia", "Envoy Sidorov met his guests.", day=date(2026, 11, 2), catalogue=LED)
    in_office = traced("actor:russia", "Envoy Sidorov met his guests.", day=date(2021, 5, 4), catalogue=LED)

    assert [one.stage for one in trace.obstacles] == [Stage.OFFICE]
    assert (
        trace.obstacles[0].seen == "“Sidorov” was in office from 2020-01-01 until 2024-06-30, and the article is of 2026-11-02"
    )
    assert in_office.holds


@pytest.mark.parametrize(
    ("query", "text", "lacks"),
    [
        pytest.param("actor:russia AND oil", "Russia sells coal.", '"oil"', id="one of two"),
        pytest.param(
            "actor:russia AND coal AND (oil OR gas)", "Russia sells coal.", '("oil" OR "gas")', id="an OR is one part"
        ),
        pytest.param("actor:russia AND coal AND NOT oil", "Russia sells coal and oil.", 'NOT "oil"', id="a NOT is one part"),
        pytest.param("actor:russia AND coal AND lang:ko", "Russia sells coal.", "lang:ko", id="a facet is one part"),
        pytest.param("actor:russia AND oil AND gas", "Russia sells coal.", "", id="two are missing"),
        pytest.param("actor:russia AND lang:en", "Nobody came.", "", id="nothing of it was found"),
        pytest.param("actor:russia", "Nobody came.", "", id="it has one part alone"),
        pytest.param("oil OR gas", "Russia sells coal.", "", id="an OR needs none of its parts"),
        pytest.param("actor:russia AND coal", "Russia sells coal.", "", id="it holds"),
    ],
)
def test_a_near_miss_lacks_one_part(query: str, text: str, lacks: str) -> None:
    """Where all required parts but one hold, the trace names that one."""
    assert traced(query, text).lacks == lacks


def test_what_was_found_is_told_beside_what_is_missing() -> None:
    """Of a query that fails, the parts that hold are listed with their words as they stand."""
    trace = traced("actor:russia AND oil", "Russia sells coal. The Russian ministry is silent.")

    assert [(one.part, one.words, one.count) for one in trace.matched] == [("actor:russia", ("Russia", "Russian"), 2)]
    assert [one.part for one in trace.obstacles] == ['"oil"']


def test_each_part_of_an_or_could_have_let_it_through() -> None:
    """Where one of several would do, all of them are named."""
    trace = traced("oil OR gas", "Russia sells coal.")

    assert [one.part for one in trace.obstacles] == ['"oil"', '"gas"']


def test_a_level_that_is_too_low_is_an_obstacle() -> None:
    """What only mentions an actor does not reach a watch that wants it to be about them."""
    padding = "The harbour opens. The quay is long. The crane is new. "
    trace = traced("actor:russia", padding * 5 + "One ship came from Russia.", wanted=Level.ABOUT)

    assert (trace.level, trace.holds, [one.stage for one in trace.obstacles]) == (Level.MENTION, False, [Stage.LEVEL])


def test_what_holds_has_no_obstacles() -> None:
    """A match is told with its level and nothing to mend."""
    trace = traced("actor:russia", "", title="Russia closes a port", wanted=Level.ABOUT)

    assert (trace.level, trace.obstacles, trace.holds) == (Level.ABOUT, (), True)


def test_a_name_that_the_model_vetoes_is_told_so() -> None:
    """Where grammar decides, the trace says that the model took the name for another one's."""

    class _Person:
        name = "labels"
        has_grammar = False

        def parse(self, texts: list[str], depth: Depth = Depth.LABELS) -> list[Parsed]:
            entity = Entity(start=0, end=6, label="PERSON")
            return [Parsed(tokens=(Token(start=0, end=6, lemma="jordan"),), entities=(entity,)) for _ in texts]

    read = document("Jordan said he was retiring from the game.")
    wanted = Wanted(query=parse("actor:jordan", CATALOGUE).query)
    [decided] = Cascade(SCANNER, [wanted], _Person()).read([read])  # type: ignore[arg-type]  # a fake of two lines
    trace = explain(wanted, raw=SCANNER.scan(read), decided=decided, document=read, nearly=Nearly(CATALOGUE, read))

    assert [one.stage for one in trace.obstacles] == [Stage.VETO]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Russia sent shells to North Korea.", "Russia → North Korea: sent shells (aid); the other way round"),
        ("North Korea denied sending shells to Russia.", "North Korea → Russia: sending shells (aid); denied"),
        ("North Korea may send shells to Russia.", "North Korea → Russia: send shells (aid); only possible"),
        ("North Korea met Russia, and sent shells.", "North Korea → Russia: met (consult); another act"),
        ("North Korea gave up, and Russia rested.", "no sentence with its actors says that"),
    ],
)
def test_what_a_sentence_says_instead_is_told(text: str, seen: str) -> None:
    """Where grammar says something else of the two, the trace names who does what to whom after all."""
    wanted = Wanted(query=parse("relation:(source=dprk target=russia act=aid)", CATALOGUE).query)
    read = document(text)
    [decided] = Cascade(SCANNER, [wanted], load()).read([read])

    trace = explain(wanted, raw=SCANNER.scan(read), decided=decided, document=read, nearly=Nearly(CATALOGUE, read))

    assert [one.stage for one in trace.obstacles] == [Stage.RELATION]
    assert seen in trace.obstacles[0].seen


def test_what_would_do_begins_with_the_names_of_an_actor() -> None:
    """Whoever is first in its file: nobody thinks of a former leader when asked what is missing."""
    led = Catalogue(actors=(replace(RUSSIA, aliases=(LEADER, *RUSSIA.aliases)),))

    [obstacle] = traced("actor:russia", "Nobody came to the harbour.", catalogue=led).obstacles

    assert obstacle.mend.startswith("an article that holds “Russia” or ")
