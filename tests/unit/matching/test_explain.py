"""Laws of the trace: what was found, which stage stopped the rest, and what would have let it through."""

from __future__ import annotations

import pytest

from bot.language.parsing import Entity, Parsed, Token, load
from bot.matching.cascade import Cascade, Wanted
from bot.matching.explain import explain
from bot.matching.nearly import Nearly
from bot.matching.query import parse
from bot.matching.terms import Scanner
from bot.model import Level, Stage, Trace
from tests.unit.matching.samples import CATALOGUE, document

SCANNER = Scanner(CATALOGUE)


def traced(query: str, text: str, title: str = "", *, wanted: Level = Level.MENTION) -> Trace:
    """Trace a query over a text with nothing but the exact scan and the rules."""
    meant = parse(query, CATALOGUE).query
    read = document(text, title)
    [decided] = Cascade(SCANNER, [Wanted(query=meant, level=wanted)], None).read([read])
    return explain(meant, wanted, raw=SCANNER.scan(read), decided=decided, document=read, nearly=Nearly(CATALOGUE, read))


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

        def parse(self, texts: list[str], *, grammar: bool = False) -> list[Parsed]:
            entity = Entity(start=0, end=6, label="PERSON")
            return [Parsed(tokens=(Token(start=0, end=6, lemma="jordan"),), entities=(entity,)) for _ in texts]

    read = document("Jordan said he was retiring from the game.")
    meant = parse("actor:jordan", CATALOGUE).query
    [decided] = Cascade(SCANNER, [Wanted(query=meant)], _Person()).read([read])  # type: ignore[arg-type]  # a fake of two lines
    trace = explain(
        meant, Level.MENTION, raw=SCANNER.scan(read), decided=decided, document=read, nearly=Nearly(CATALOGUE, read)
    )

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
    meant = parse("relation:(source=dprk target=russia act=aid)", CATALOGUE).query
    read = document(text)
    [decided] = Cascade(SCANNER, [Wanted(query=meant)], load()).read([read])

    trace = explain(
        meant, Level.MENTION, raw=SCANNER.scan(read), decided=decided, document=read, nearly=Nearly(CATALOGUE, read)
    )

    assert [one.stage for one in trace.obstacles] == [Stage.RELATION]
    assert seen in trace.obstacles[0].seen
