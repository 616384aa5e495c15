"""Laws of judging a query: levels, scopes, NOT, and the bounds between which a model can move the judgement."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.aboutness import reason_of
from bot.matching.cascade import Cascade, Wanted
from bot.matching.document import Document, Hit
from bot.matching.evaluate import PERHAPS, SURELY, Verdict, by_leaf, evaluate, is_open
from bot.matching.queries.query import Interpreter
from bot.matching.scanning.terms import Scanner
from bot.model import AllOf, AnyOf, Level, Phrase, Query, Scope, Strength, Subject, Within, Without
from tests.unit.matching.samples import CATALOGUE, document

interpret = Interpreter(CATALOGUE)
SCANNER = Scanner(CATALOGUE)

ABOUT, MENTION = Level.ABOUT, Level.MENTION

FILLER = (
    "The day was fine. Nobody said a word. The shops of the old town opened late, and those who had come by bus stood in front "
    "of them, since the rain of the night had left the square wet and the benches were not yet dry. "
)
PASSING = FILLER + "A report came from Russia. It named Tokyo too."
OFTEN = FILLER + "A report came from Russia. A Russian said so."


def judged(query: str, text: str, title: str = "", *, headless: bool = False) -> Verdict | None:
    article = document(text, title, headless=headless)
    cascade = Cascade(SCANNER, [Wanted(query=interpret(query).query)], None)
    return cascade.verdicts(cascade.read([article])[0], article)[0]


def level(query: str, text: str, title: str = "", *, headless: bool = False) -> Level | None:
    verdict = judged(query, text, title, headless=headless)
    return verdict.level if verdict else None


@pytest.mark.parametrize(
    ("query", "text", "title", "expected"),
    [
        pytest.param("actor:russia", FILLER, "Russia votes", ABOUT, id="in the title"),
        pytest.param("actor:russia", "It rained. In Russia it snowed. Then it stopped.", "", ABOUT, id="in the lead"),
        pytest.param("actor:russia", PASSING, "", MENTION, id="once in the body"),
        pytest.param("actor:russia", OFTEN, "", ABOUT, id="twice in the body"),
        pytest.param("actor:russia", FILLER, "", None, id="nowhere"),
        pytest.param("actor:russia OR actor:japan", OFTEN + " In Tokyo it rained.", "", ABOUT, id="OR takes the highest"),
        pytest.param("actor:russia AND actor:japan", OFTEN + " In Tokyo it rained.", "", MENTION, id="AND takes the lowest"),
        pytest.param("actor:russia AND actor:jordan", OFTEN, "", None, id="AND needs both"),
        pytest.param("actor:jordan OR actor:japan", OFTEN, "", None, id="OR needs one"),
        pytest.param("actor:russia AND NOT actor:japan", PASSING, "", None, id="NOT excludes on any mention"),
        pytest.param("actor:russia AND NOT actor:jordan", PASSING, "", MENTION, id="NOT gives no level"),
        pytest.param("actor:russia AND NOT (actor:japan AND actor:jordan)", PASSING, "", MENTION, id="NOT of a group"),
        pytest.param("title:actor:russia", PASSING, "Russia votes", ABOUT, id="title scope"),
        pytest.param("title:actor:russia", PASSING, "A vote", None, id="not in the title"),
        pytest.param("lead:actor:russia", "In Russia it snowed. It rained. It froze.", "", ABOUT, id="lead scope"),
        pytest.param("lead:actor:russia", PASSING, "", None, id="not in the lead"),
        pytest.param("text:actor:russia", PASSING, "Russia votes", MENTION, id="text scope leaves the title out"),
        pytest.param("text:actor:russia", FILLER, "Russia votes", None, id="not in the text"),
        pytest.param("sentence:(actor:russia AND actor:japan)", PASSING, "", None, id="not in one sentence"),
        pytest.param("paragraph:(actor:russia AND actor:japan)", PASSING, "", MENTION, id="in one paragraph"),
        pytest.param("paragraph:(actor:russia AND actor:japan)", "In Russia.\n\nIn Tokyo.", "", None, id="not in one paragraph"),
        pytest.param("sentence:(actor:russia AND actor:japan)", FILLER + "From Russia to Japan.", "", MENTION, id="together, passing"),
        pytest.param(
            "sentence:(actor:russia AND actor:japan)", FILLER + "From Russia to Japan. Tokyo said so.", "", ABOUT, id="one is about"
        ),
        pytest.param("sentence:(actor:russia AND actor:japan)", FILLER, "Russia meets Japan", ABOUT, id="the title is a sentence"),
        pytest.param("sentence:(actor:russia AND NOT actor:japan)", PASSING, "", MENTION, id="NOT within the sentence"),
        pytest.param("sentence:(actor:russia AND NOT actor:japan)", FILLER + "From Russia to Japan.", "", None, id="NOT holds there"),
        pytest.param("title:(actor:russia AND sentence:snow*)", FILLER, "Russia: snowy", ABOUT, id="scope in a scope"),
        pytest.param("topic:trilateral-cooperation", FILLER + "On trilateral cooperation.", "", MENTION, id="a topic"),
        pytest.param('"named tokyo" AND repor*', PASSING, "", MENTION, id="words"),
    ],
)  # fmt: skip
def test_levels(query: str, text: str, title: str, expected: Level | None) -> None:
    """A leaf has its own level, OR takes the highest, AND the lowest, NOT none; scopes are judged as a whole."""
    assert expected == level(query, text, title)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("actor:russia", ABOUT, id="in the copied title"),
        pytest.param("title:actor:russia", ABOUT, id="title scope"),
        pytest.param("title:actor:japan", None, id="behind the title"),
        pytest.param("text:actor:russia", ABOUT, id="text scope"),
    ],
)
def test_a_title_taken_from_the_text_is_read_once(query: str, expected: Level | None) -> None:
    """What stands in the words that a title was taken from is in the title, and is counted once."""
    text = "Russia sent a ship through the strait, and Japan saw it. " + FILLER

    verdict = judged(query, text, "Russia sent a ship through the strait…", headless=True)

    assert expected == (verdict and verdict.level)
    assert verdict is None or len(verdict.hits) == 1


def test_a_title_without_a_text_is_read() -> None:
    """Where there is no text the title is all there is, wherever it came from."""
    assert level("actor:russia", "", "Russia votes", headless=True) == ABOUT


def test_not_alone_answers_nothing() -> None:
    """A query that only excludes takes no article."""
    assert evaluate(Without(Subject("actor:x")), by_leaf([]), document("Text.")) is None


@pytest.mark.parametrize(
    ("query", "text"),
    [
        pytest.param("actor:russia", OFTEN, id="about"),
        pytest.param("actor:russia", PASSING, id="mention"),
        pytest.param("actor:russia AND actor:japan", OFTEN + " In Tokyo.", id="both"),
        pytest.param("sentence:(actor:russia OR actor:japan)", OFTEN, id="scope"),
    ],
)
def test_the_score_agrees_with_the_level(query: str, text: str) -> None:
    """From .5 an article is about, below it only mentions."""
    verdict = judged(query, text)

    assert verdict is not None
    assert (verdict.level is ABOUT) == (verdict.score >= 0.5)
    assert 0 <= verdict.score <= 1


def test_early_frequent_names_weigh_most() -> None:
    """The score falls with distance from the beginning, with lesser names, and with repetition in one sentence."""
    late = "A word. " * 60
    texts = ["Japan. Japan. Japan.", "Japan. Japan.", "Japan and Japan.", "Tokyo and Tokyo.", f"{late} Japan. Japan."]

    scores = [verdict.score for text in texts if (verdict := judged("actor:japan", text))]

    assert sorted(scores, reverse=True) == scores
    assert len(scores) == len(texts)


def test_one_mention_more_never_weighs_less() -> None:
    """A lesser name before a name in one sentence takes nothing from it."""
    plain, doubled = judged("actor:japan", "They say Japan waits."), judged("actor:japan", "In Tokyo, Japan waits.")

    assert plain is not None
    assert doubled is not None
    assert doubled.score >= plain.score


def test_an_institution_with_the_name_of_its_actor_weighs_as_much() -> None:
    """The longer form hides the name in it, so it stands for it."""
    bank, city = judged("actor:japan", "The Bank of Japan waits."), judged("actor:japan", "They say Tokyo waits.")

    assert bank is not None
    assert city is not None
    assert bank.score > city.score


def test_others_push_an_actor_aside_but_no_words() -> None:
    """Beside actors that weigh more an actor is less what an article is about; what is searched for by its words is not."""
    alone = "They say Japan waits."
    crowded = alone + " Russia, Russian troops, North Korea and Pyongyang as well."

    actors = [judged("actor:japan", text) for text in (alone, crowded)]
    words = [judged("waits", text) for text in (alone, crowded)]

    assert actors[0] is not None
    assert actors[1] is not None
    assert actors[0].score > actors[1].score
    assert len({verdict.score for verdict in words if verdict}) == 1


@pytest.mark.parametrize(
    ("text", "title", "reason"),
    [
        pytest.param(
            "Japan waits. It rains.", "Tokyo", "in the title, in the lead, 1 of 2 sentences; no other actor", id="alone"
        ),
        pytest.param(FILLER + "Japan waits.", "", "1 of 4 sentences; no other actor", id="in the body"),
        pytest.param("Japan waits.", "", "in its only sentence; no other actor", id="one sentence"),
        pytest.param("It rains.", "Japan", "in the title; no other actor", id="in the title alone"),
        pytest.param(
            "Japan waits. It rains.", "Russia", "in the lead, 1 of 2 sentences; weighs 1.0, other actors 1.0", id="beside"
        ),
    ],
)
def test_the_reason_says_where_and_beside_whom(text: str, title: str, reason: str) -> None:
    """In one line stands where an article speaks of what was found, and how much others weigh."""
    article, verdict = document(text, title), judged("actor:japan", text, title)

    assert verdict is not None
    assert reason_of(verdict.hits, article, weighed=verdict.decisive, others=verdict.others) == reason


# The bounds: any decision about what is unsure lies between them.

TEXT = "Alpha beta. Gamma delta. Alpha gamma beta.\n\nDelta alpha. Beta gamma delta. Alpha."
LEAVES = [Phrase(word) for word in ("alpha", "beta", "gamma", "delta")]
QUERIES: st.SearchStrategy[Query] = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.builds(Within, st.sampled_from(Scope), inner),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AllOf, st.lists(inner | st.builds(Without, inner), min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)  # fmt: skip


@st.composite
def findings(draw: st.DrawFn) -> tuple[Document, list[Hit]]:
    """Draw an article in which each word was found with any strength."""
    article = document(TEXT, title="Beta alpha")
    cascade = Cascade(SCANNER, [Wanted(query=AnyOf(tuple(LEAVES)))], None)
    hits = [replace(hit, strength=draw(st.sampled_from(Strength))) for hit in cascade.read([article])[0]]
    return article, hits


def rank(verdict: Verdict | None) -> int:
    return int(verdict.level) if verdict else 0


def test_beside_words_no_actors_are_weighed() -> None:
    """What was searched for by its words is not said to stand beside no actor."""
    article, verdict = document("Japan waits. It rains."), judged("waits", "Japan waits. It rains.")

    assert verdict is not None
    assert reason_of(verdict.hits, article, weighed=verdict.decisive, others=verdict.others) == "in the lead, 1 of 2 sentences"


def test_what_decides_is_weighed_against_the_others_alone() -> None:
    """Of several actors that are asked for together the one that decided is told against all others, and not all against one of them."""
    text = "Japan and Russia met. Russia left."
    article, verdict = document(text), judged("actor:japan AND actor:russia", text)

    assert verdict is not None
    reason = reason_of(verdict.hits, article, weighed=verdict.decisive, others=verdict.others)
    assert reason == "in the lead, 2 of 2 sentences; weighs 1.0, other actors 1.9"


@given(QUERIES, findings(), st.data())
def test_every_decision_lies_between_the_bounds(query: Query, found: tuple[Document, list[Hit]], data: st.DataObject) -> None:
    """However the unsure hits are decided, the level is at least the sure one and at most the possible one."""
    article, hits = found
    decided = [
        replace(hit, strength=data.draw(st.sampled_from([Strength.WEAK, Strength.CONTEXT])))
        if hit.strength is Strength.UNSURE
        else hit
        for hit in hits
    ]

    lowest, highest = (rank(evaluate(query, by_leaf(hits), article, least=least)) for least in (SURELY, PERHAPS))

    assert lowest <= rank(evaluate(query, by_leaf(decided), article)) <= highest


@given(st.lists(st.sampled_from(Strength), min_size=6, max_size=6), st.data())
def test_what_others_weigh_is_bounded_the_other_way_round(strengths: list[Strength], data: st.DataObject) -> None:
    """An actor is least where all undecided others count and its own do not, and most the other way round."""
    article = document("Japan and Russia. Tokyo, Russian ships, Jordan.", title="Amman")
    hits = [replace(hit, strength=strength) for hit, strength in zip(SCANNER.scan(article), strengths, strict=True)]
    decisions = st.sampled_from([Strength.WEAK, Strength.CONTEXT])
    decided = [replace(hit, strength=data.draw(decisions)) if hit.strength is Strength.UNSURE else hit for hit in hits]

    for subject in ("actor:japan", "actor:russia", "actor:jordan"):
        query = Subject(subject)
        verdicts = [evaluate(query, by_leaf(hits), article, least=least) for least in (SURELY, PERHAPS)]
        verdicts.insert(1, evaluate(query, by_leaf(decided), article))

        scores = [verdict.score if verdict else 0.0 for verdict in verdicts]
        assert sorted(scores) == scores


@given(QUERIES, findings(), st.sampled_from(Level), st.data())
def test_what_is_not_open_cannot_be_changed(
    query: Query, found: tuple[Document, list[Hit]], wanted: Level, data: st.DataObject
) -> None:
    """Where the bounds agree on reaching a level, no decision makes a difference to it."""
    article, hits = found
    strengths = {hit: data.draw(st.sampled_from([Strength.WEAK, Strength.CONTEXT])) for hit in hits}
    decided = [replace(hit, strength=strengths[hit]) if hit.strength is Strength.UNSURE else hit for hit in hits]

    verdicts = [evaluate(query, by_leaf(one), article) for one in (hits, decided)]

    if not is_open(query, by_leaf(hits), article, wanted=wanted):
        assert len({rank(verdict) >= wanted for verdict in verdicts}) == 1


@given(QUERIES, findings())
def test_a_query_and_its_opposite_never_both_hold(query: Query, found: tuple[Document, list[Hit]]) -> None:
    """An article that answers a query answers none that excludes it."""
    article, hits = found

    holds = evaluate(query, by_leaf(hits), article) is not None
    excluded = evaluate(AllOf((LEAVES[0], Without(query))), by_leaf(hits), article) is not None

    assert not (holds and excluded)
