"""Laws of the company that names keep: towns in regions, one name of two actors, weak names together."""

from __future__ import annotations

import pytest

from bot.matching.scanning.terms import Scanner
from bot.model import Actor, AliasKind, Catalogue, Place, Strength, Subject
from tests.unit.matching.samples import NORTH_KOREA, aliases, document

COUNTRY = Actor(
    id="georgia",
    name="Georgia",
    aliases=(*aliases(AliasKind.NAME, "Georgia", unsure=True), *aliases(AliasKind.CAPITAL, "Tbilisi")),
)
UNION = Actor(
    id="union",
    name="Union",
    aliases=(
        *aliases(AliasKind.NAME, "Union"),
        *aliases(AliasKind.REGION, "Georgia", unsure=True),
        *aliases(AliasKind.REGION, "Alabama", "Ohio"),
        *aliases(AliasKind.CITY, "Atlanta", "Athens, Alabama"),
    ),
)
GREECE = Actor(id="greece", name="Greece", aliases=(*aliases(AliasKind.NAME, "Greece"), *aliases(AliasKind.CAPITAL, "Athens")))
SCANNER = Scanner(Catalogue(actors=(COUNTRY, UNION, GREECE, NORTH_KOREA)))


def readings(text: str, title: str = "") -> dict[str, str]:
    """Return whom each name that is not weak stands for."""
    article = document(text, title)
    parts = {True: article.title.text, False: article.text.text}
    return {
        parts[hit.place is Place.TITLE][hit.start : hit.end]: hit.leaf.id.removeprefix("actor:")
        for hit in SCANNER.scan(article)
        if hit.strength > Strength.WEAK and isinstance(hit.leaf, Subject)
    }


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        pytest.param("Georgia voted.", "georgia", id="alone a state"),
        pytest.param("The Union and Georgia signed.", "georgia", id="beside the other actor a state still"),
        pytest.param("Georgia and Alabama voted.", "union", id="beside another region"),
        pytest.param("Georgia voted. Lawyers flew to Atlanta.", "union", id="beside a city in the article"),
        pytest.param("Tbilisi said that Georgia and Alabama are friends.", "georgia", id="as much for the state"),
    ],
)
def test_a_name_of_two_actors_is_that_of_whose_places_stand_beside_it(text: str, whose: str) -> None:
    """Where two actors have an unsure name, a region is meant only if more places of its actor are named."""
    assert readings(text)["Georgia"] == whose


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Athens, Ohio, is small.", {"Ohio": "union"}, id="a region behind the comma"),
        pytest.param("Athens, Georgia, is small.", {"Georgia": "union"}, id="a region that is a state too"),
        pytest.param(
            "Athens, Ohio and Alabama sent teams.", {"Athens": "greece", "Ohio": "union", "Alabama": "union"}, id="a list"
        ),
        pytest.param(
            "Greece, Georgia, the Union met.", {"Greece": "greece", "Georgia": "georgia", "Union": "union"}, id="states"
        ),
        pytest.param("Tbilisi, Georgia, is old.", {"Tbilisi": "georgia", "Georgia": "georgia"}, id="its own capital"),
        pytest.param("Athens. Ohio is far.", {"Athens": "greece", "Ohio": "union"}, id="no comma"),
    ],
)
def test_a_town_that_lies_in_a_region_of_another_is_no_mention(text: str, expected: dict[str, str]) -> None:
    """Before the comma of a region stands a town of the same name, not the city that is known."""
    assert readings(text) == expected
    assert readings("Nothing.", title=text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Athens, Ohio, is small. Athens has a mill.", {"Ohio": "union"}, id="a region behind the comma"),
        pytest.param("Athens has a mill. It is in Athens, Alabama.", {"Athens, Alabama": "union"}, id="a town that is known"),
        pytest.param(
            "Athens, Ohio, is small. Athens is the capital of Greece.",
            {"Ohio": "union", "Athens": "greece", "Greece": "greece"},
            id="beside another name of the state",
        ),
    ],
)
def test_a_town_keeps_its_name_in_the_article(text: str, expected: dict[str, str]) -> None:
    """Once told where it lies a town is meant by its bare name too, if nothing else names the other place's state."""
    assert readings(text) == expected


@pytest.mark.parametrize(
    ("text", "strengths"),
    [
        pytest.param("NK and Kim met.", [Strength.UNSURE, Strength.UNSURE], id="in one sentence"),
        pytest.param("NK rose. Kim fell.", [Strength.WEAK, Strength.WEAK], id="in two sentences"),
        pytest.param("NK beat NK.", [Strength.WEAK, Strength.WEAK], id="one name twice"),
        pytest.param("NK and Kim met in Pyongyang.", [Strength.CONTEXT] * 2 + [Strength.STRONG], id="beside a sure one"),
    ],
)
def test_weak_names_that_stand_together_are_left_to_the_model(text: str, strengths: list[Strength]) -> None:
    """Two weak names of one actor in a sentence may be what they look like: they become unsure, never more."""
    assert [hit.strength for hit in SCANNER.scan(document(text))] == strengths
