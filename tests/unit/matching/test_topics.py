"""Laws of patterns: where one may hold, and whether it does."""

from __future__ import annotations

import pytest

from bot.language.parsing import Parsed, Token
from bot.matching.scanning.terms import Scanner
from bot.matching.scanning.topics import confirmed, subjects_present
from bot.model import Actor, AliasKind, Catalogue, Pattern, Place, Strength, Topic
from tests.unit.matching.samples import CATALOGUE, aliases, document

SCANNER = Scanner(CATALOGUE)


def patterns_in(text: str, title: str = "") -> list[str]:
    """Return the topics whose patterns may hold, with the words that say so."""
    article = document(text, title)
    part = {Place.TITLE: title}
    return [
        f"{hit.alias}: " + " ".join(part.get(hit.place, text)[start:end] for start, end in hit.spans)
        for hit in SCANNER.scan(article)
        if hit.strength is Strength.UNSURE and hit.rule == "pattern"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Moscow sold new shells.", ["Arms transfers: sold shells"], id="an irregular form"),
        pytest.param("They supplied many weapons.", ["Arms transfers: supplied weapons"], id="a stem without its y"),
        pytest.param("The shells were exported.", ["Arms transfers: shells exported"], id="any order"),
        pytest.param("They sold it. The shells fell.", [], id="not over two sentences"),
        pytest.param("They sold the old house by the sea where shells lay.", [], id="too far apart"),
        pytest.param("They soldiered on with shells.", [], id="an irregular form is a whole word"),
        pytest.param("They sold and then supplied shells.", ["Arms transfers: supplied shells"], id="the closest words"),
        pytest.param("Japan, the US and South Korea met.", ["Trilateral cooperation: met"], id="three actors"),
        pytest.param("Japan and South Korea met.", [], id="an actor short"),
        pytest.param("Japan, Washington and South Korea met.", ["Trilateral cooperation: met"], id="an unsure actor may count"),
        pytest.param("Japan, the US and South Korea met on trilateral cooperation.", [], id="a phrase says it already"),
    ],
)
def test_patterns_may_hold_where_words_begin_so(text: str, expected: list[str]) -> None:
    """A cheap look finds each sentence with a word for every lemma set, close enough, beside enough actors."""
    assert expected == patterns_in(text)


def test_patterns_may_hold_in_a_title() -> None:
    """The title is a sentence of its own."""
    assert patterns_in("Nothing else.", title="Moscow sells shells") == ["Arms transfers: sells shells"]


def parsed(text: str, **lemmas: str) -> Parsed:
    """Return words with these lemmas, and all others as they are."""
    tokens, at = [], 0
    for word in text.split():
        tokens.append(Token(start=at, end=at + len(word), lemma=lemmas.get(word, word)))
        at += len(word) + 1
    return Parsed(tokens=tuple(tokens))


@pytest.mark.parametrize(
    ("text", "lemmas", "holds"),
    [
        pytest.param("They sold shells", {"sold": "sell", "shells": "shell"}, True, id="lemmas agree"),
        pytest.param("They sold shells", {"sold": "sell", "shells": "shells"}, False, id="a lemma is another word"),
    ],
)
def test_lemmas_decide(text: str, lemmas: dict[str, str], holds: bool) -> None:
    """With a parser a pattern holds only by lemmas, and its words are marked where they stand."""
    article = document(f"One here. Two there. {text}.")
    (hit,) = SCANNER.scan(article)

    answer = confirmed(hit, article, parsed(text, **lemmas), {})

    assert holds == (answer is not None)
    if answer:
        assert answer.strength is Strength.CONTEXT
        assert [article.text.text[start:end] for start, end in answer.spans] == ["sold", "shells"]


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        pytest.param("They supplied weapons.", True, id="regular forms"),
        pytest.param("They sold a weapon.", True, id="an irregular form"),
        pytest.param("The seller had weaponry.", False, id="other words on the same stem"),
    ],
)
def test_without_a_parser_endings_decide(text: str, holds: bool) -> None:
    """Without lemmas a regular ending, or an irregular form that was written out, is enough."""
    article = document(text)
    (hit,) = SCANNER.scan(article)

    assert holds == (confirmed(hit, article, None, {}) is not None)


def test_actors_that_do_not_count_in_the_end_do_not_help_a_pattern() -> None:
    """Enough actors must count once the unsure ones are decided."""
    article = document("Japan, Washington and South Korea met.")
    (hit,) = [hit for hit in SCANNER.scan(article) if hit.rule == "pattern"]

    surely = subjects_present(SCANNER.scan(article), article, least=Strength.CONTEXT)

    assert confirmed(hit, article, None, surely) is None


def test_each_pattern_of_a_topic_is_tried() -> None:
    """Where several patterns may hold in a sentence they are one hit, which any of them confirms."""
    topic = Topic(
        id="talks",
        name="Talks",
        patterns=(
            Pattern(lemmas=(("talk",),), actors=("a", "b"), at_least=1),
            Pattern(lemmas=(("talk",), ("peace",))),
        ),
    )
    actor = Actor(id="a", name="A", aliases=aliases(AliasKind.NAME, "Avaria"))
    article = document("Avaria talked of peace.")
    (hit,) = [hit for hit in Scanner(Catalogue(actors=(actor,), topics=(topic,))).scan(article) if hit.rule == "pattern"]

    answer = confirmed(hit, article, None, {})

    assert len(hit.patterns) == 2
    assert answer is not None
    assert len(answer.spans) == 2


def holds(topic: Topic, text: str) -> bool:
    """Tell whether a topic is found in a text of some actors, by endings."""
    actors = tuple(
        Actor(id=name.lower(), name=name, aliases=aliases(AliasKind.NAME, name)) for name in ("Avaria", "Bosk", "Cern")
    )
    article = document(text)
    hits = Scanner(Catalogue(actors=actors, topics=(topic,))).scan(article)
    present = subjects_present(hits, article, least=Strength.CONTEXT)
    return any(
        confirmed(hit, article, None, present) if hit.patterns else hit.strength >= Strength.CONTEXT
        for hit in hits
        if hit.alias not in {"Avaria", "Bosk", "Cern"}
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Avaria and Bosk agreed.", True, id="two of them"),
        pytest.param("Avaria, Bosk and Cern agreed.", True, id="three of them"),
        pytest.param("Avaria agreed with Avaria.", False, id="one twice"),
        pytest.param("Nobody agreed.", False, id="none"),
    ],
)
def test_a_pattern_may_want_actors_of_whatever_kind(text: str, found: bool) -> None:
    """Without names so many different actors have to stand in the sentence."""
    topic = Topic(id="pact", name="Pact", patterns=(Pattern(lemmas=(("agree",),), at_least=2),))

    assert found == holds(topic, text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("They fired a missile.", True, id="nothing against it"),
        pytest.param("The company fired the missile expert.", False, id="a word that rules it out"),
        pytest.param("They fired a missile. The company rose.", True, id="in another sentence"),
    ],
)
def test_a_pattern_does_not_hold_beside_a_word_that_rules_it_out(text: str, found: bool) -> None:
    """One of the forbidden lemmas in the sentence is enough."""
    topic = Topic(
        id="fire", name="Fire", patterns=(Pattern(lemmas=(("fire",), ("missile",)), without=("company|companies", "manager")),)
    )

    assert found == holds(topic, text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Trilateral talks, Avaria and Bosk said.", True, id="enough of the actors"),
        pytest.param("Avaria spoke. Bosk too. The trilateral talks end.", True, id="elsewhere in the article"),
        pytest.param("Trilateral talks, Avaria and Cern said.", False, id="one of them and another"),
        pytest.param("Trilateral talks went on.", False, id="nobody"),
    ],
)
def test_weak_phrases_count_beside_their_actors(text: str, found: bool) -> None:
    """What others call so too is of this topic only where the article names whose it is."""
    topic = Topic(id="three", name="Three", weak=("trilateral talks",), beside=("avaria", "bosk"), at_least=2)

    assert found == holds(topic, text)


def test_decoys_swallow_phrases_of_their_topic_alone() -> None:
    """A phrase inside a longer expression of another sense is nothing; the same words of another topic stay."""
    games = Topic(id="games", name="Games", phrases=("war games",), decoys=("war games console",))
    toys = Topic(id="toys", name="Toys", phrases=("games console",))
    hits = Scanner(Catalogue(topics=(games, toys))).scan(document("A war games console. Then war games."))

    assert [hit.alias for hit in hits] == ["games console", "war games"]
