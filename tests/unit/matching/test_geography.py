"""Laws of geography: which countries an article names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from bot.language.parsing import Depth, Entity, Parsed
from bot.matching.geography import Geography
from bot.matching.scanning.terms import Scanner
from bot.model import Actor, Catalogue
from bot.model.catalogue import AliasKind
from tests.unit.matching.samples import aliases, document

FRANCE = Actor(
    id="france",
    name="France",
    code="FR",
    aliases=(
        *aliases(AliasKind.NAME, "France"),
        *aliases(AliasKind.DEMONYM, "French"),
        *aliases(AliasKind.CAPITAL, "Paris", unsure=True),
        *aliases(AliasKind.REGION, "Normandy"),
        *aliases(AliasKind.CITY, "Nancy"),
        *aliases(AliasKind.WEAK, "the Hexagon"),
        *aliases(AliasKind.REGION, "New Caledonia"),
        *aliases(AliasKind.REGION, "Lorraine", unsure=True),
        *aliases(AliasKind.LEADER, "Jeanne Roche"),
        *aliases(AliasKind.CURRENCY, "franc"),
    ),
)
PERU = Actor(
    id="peru",
    name="Peru",
    code="PE",
    aliases=(*aliases(AliasKind.NAME, "Peru"), *aliases(AliasKind.NAME, "Lorraine", unsure=True)),
)
UNION = Actor(id="union", name="Union", aliases=aliases(AliasKind.NAME, "Union"))

CATALOGUE = Catalogue(actors=(FRANCE, PERU, UNION))


class LabellingParser:
    """Puts a label on the words it is told of, wherever they stand."""

    name = "fake"
    has_grammar = False

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._labels = labels

    def parse(self, texts: Sequence[str], depth: Depth = Depth.LABELS) -> list[Parsed]:
        return [Parsed(entities=tuple(self._entities(text))) for text in texts]

    def _entities(self, text: str) -> list[Entity]:
        found = [(text.index(words), words, label) for words, label in self._labels.items() if words in text]
        return [Entity(start=at, end=at + len(words), label=label) for at, words, label in found]


def countries(text: str, title: str = "", *, labels: Mapping[str, str] | None = None, language: str = "en") -> tuple[str, ...]:
    parser = None if labels is None else LabellingParser(labels)
    return Geography(CATALOGUE, Scanner(CATALOGUE), parser).countries(document(text, title, language=language))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Peru and France agreed.", ("FR", "PE"), id="names, in the order of their codes"),
        pytest.param("A French farmer rested.", ("FR",), id="a demonym"),
        pytest.param("It rained in Normandy.", ("FR",), id="a region"),
        pytest.param("Jeanne Roche rested.", (), id="a leader may be anywhere"),
        pytest.param("It cost one franc.", (), id="money is paid anywhere"),
        pytest.param("The Union met.", (), id="who is no state is nowhere"),
        pytest.param("Nobody said where.", (), id="nothing"),
    ],
)
def test_countries_are_named_by_places_alone(text: str, expected: tuple[str, ...]) -> None:
    """States, their people, capitals and regions say where an article is; people and money do not."""
    assert countries(text, labels={}) == expected


def test_the_title_counts() -> None:
    """A country of the title is a country of the article."""
    assert countries("It rained.", title="Peru waits", labels={}) == ("PE",)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        pytest.param("GPE", ("FR",), id="a place"),
        pytest.param("LOC", ("FR",), id="a region"),
        pytest.param("FAC", ("FR",), id="a building, as labels go"),
        pytest.param("PERSON", (), id="a woman"),
        pytest.param("ORG", ("FR",), id="who sits there"),
        pytest.param("WORK_OF_ART", (), id="a song"),
    ],
)
def test_a_city_needs_the_label_of_a_place(label: str, expected: tuple[str, ...]) -> None:
    """Cities are called like people and things, so that a label has to say that one, or who sits in it, is meant."""
    assert countries("They met Nancy there.", labels={"Nancy": label}) == expected


def test_a_city_without_a_label_is_none() -> None:
    """Where the model sees no name there is no city."""
    assert countries("They met Nancy there.", labels={}) == ()


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        pytest.param("GPE", ("FR",), id="a capital"),
        pytest.param("ORG", ("FR",), id="an organisation by its place"),
        pytest.param("PERSON", (), id="a woman"),
    ],
)
def test_a_person_is_no_place(label: str, expected: tuple[str, ...]) -> None:
    """What may be somebody is vetoed by the label of a person."""
    assert countries("Paris waited.", labels={"Paris": label}) == expected


def test_a_language_is_no_place() -> None:
    """Who speaks French may be anywhere."""
    assert countries("She read French there.", labels={"French": "LANGUAGE"}) == ()


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        pytest.param({}, (), id="none"),
        pytest.param({"the Hexagon": "GPE"}, ("FR",), id="a state"),
        pytest.param({"the Hexagon": "NORP"}, ("FR",), id="its people"),
        pytest.param({"the Hexagon": "FAC"}, (), id="a building"),
    ],
)
def test_a_weak_name_needs_the_label_of_a_state_or_its_people(labels: Mapping[str, str], expected: tuple[str, ...]) -> None:
    """A name that may be anything is a country where the model takes it for one."""
    assert countries("They left the Hexagon.", labels=labels) == expected


def test_a_territory_with_a_code_of_its_own_goes_by_it() -> None:
    """What ISO 3166 tells apart is told apart."""
    assert countries("A storm hit New Caledonia.", labels={}) == ("NC",)


@pytest.mark.parametrize(
    ("labels", "language"),
    [pytest.param(None, "en", id="without a model"), pytest.param({"Nancy": "PERSON"}, "fr", id="in another language")],
)
def test_where_nothing_can_be_parsed_cities_count(labels: Mapping[str, str] | None, language: str) -> None:
    """Without labels a city is taken at its word."""
    assert countries("On attend à Nancy.", labels=labels, language=language) == ("FR",)


def test_words_of_two_states_are_those_of_the_one_that_is_meant() -> None:
    """Where one of two states of a name is named beside it, the label of a place does not bring the other in."""
    assert countries("Lorraine is a part of Peru.", labels={"Lorraine": "GPE"}) == ("PE",)
