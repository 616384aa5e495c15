"""Laws of finding the words of a query."""

from __future__ import annotations

import pytest

from bot.matching.scanning.phrases import Phrases
from bot.model import Leaf, Phrase, Place, Prefix, Subject
from tests.unit.matching.samples import document


@pytest.mark.parametrize(
    ("leaf", "text", "expected"),
    [
        pytest.param(Phrase("missile test"), "A Missile-test failed; missile tests go on.", ["Missile-test"], id="phrase"),
        pytest.param(Phrase("ミサイル"), "弾道ミサイルを発射", ["ミサイル"], id="inside a run"),
        pytest.param(Phrase("US"), "They told us of the US and the U.S. plan", ["US", "U.S."], id="capitals of common words"),
        pytest.param(Phrase("nato"), "NATO and Nato met", ["NATO", "Nato"], id="capitals of no word"),
        pytest.param(Phrase("arms deal", 2), "An arms and ammunition deal, not arms for an old deal", ["arms and ammunition deal"], id="slop"),
        pytest.param(Phrase("arms deal", 2), "deal of arms", [], id="another order"),
        pytest.param(Phrase("arms deal", 2), "no deal", [], id="a word missing"),
        pytest.param(Phrase("arms deal", 3), "arms, arms deal", ["arms deal"], id="the closest words"),
        pytest.param(Prefix("missil"), "Missiles, anti-missile and premissile", ["Missiles", "missile"], id="prefix"),
        pytest.param(Prefix("jong-u"), "Kim Jong Un", ["Jong Un"], id="prefix with a hyphen"),
        pytest.param(Subject("actor:x"), "actor:x", [], id="names are found elsewhere"),
    ],
)  # fmt: skip
def test_words_are_found_as_they_stand(leaf: Leaf, text: str, expected: list[str]) -> None:
    """Phrases are whole words in order, prefixes beginnings of words."""
    hits = Phrases([leaf]).scan(document(text))

    assert expected == [text[hit.start : hit.end] for hit in hits]


def test_words_apart_are_shown_apart() -> None:
    """Only the words of a phrase are marked, not what stands between them."""
    text = "An arms and ammunition deal"

    (hit,) = Phrases([Phrase("arms deal", 2)]).scan(document(text))

    assert [text[start:end] for start, end in hit.spans] == ["arms", "deal"]


def test_words_are_found_in_the_title_too() -> None:
    """Title and text are searched each for itself."""
    hits = Phrases([Phrase("test")]).scan(document("A test.", title="Test"))

    assert [hit.place for hit in hits] == [Place.TITLE, Place.LEAD]
