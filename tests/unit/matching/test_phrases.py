"""Laws of finding the words of a query."""

from __future__ import annotations

import pytest

from bot.matching.scanning.phrases import Phrases
from bot.model import Leaf, Phrase, Place, Prefix, Subject
from tests.unit.matching.samples import document


@pytest.mark.parametrize(
    ("leaf", "text", "expected"),
    [
        pytest.param(
            Phrase("missile test"), "A Missile-test failed; missile tests go on.", ["Missile-test", "missile tests"], id="phrase"
        ),
        pytest.param(Phrase("arms deal", 2), "arms and ammunition deals", ["arms and ammunition deals"], id="plural, apart"),
        pytest.param(Phrase("missile tests"), "A missile test", [], id="no singular of a plural"),
        pytest.param(Phrase("ミサイル"), "弾道ミサイルを発射", ["ミサイル"], id="inside a run"),
        pytest.param(Phrase("เกาหลีเหนือ"), "ข่าวเกาหลีเหนือวันนี้", ["เกาหลีเหนือ"], id="inside a run of thai"),
        pytest.param(Phrase("US"), "They told us of the US and the U.S. plan", ["US", "U.S."], id="capitals of common words"),
        pytest.param(Phrase("US aid"), "They told us aid would come. U.S. aid came.", ["U.S. aid"], id="capitals among other words"),
        pytest.param(Phrase("US aid"), "U.S. AID CAME, JAPAN SAYS; US AID IT IS", ["U.S. AID", "US AID"], id="capitals among capitals"),
        pytest.param(Phrase("US aid", 2), "He told us that aid came. The US gave aid.", ["US gave aid"], id="capitals of a word apart"),
        pytest.param(Phrase("TELL US"), "They tell us nothing", ["tell us"], id="nobody means the capitals of all words"),
        pytest.param(Phrase("export controls,"), "Export controls hold.", ["Export controls"], id="marks around"),
        pytest.param(Phrase("(missile test)"), "It was a missile test.", ["missile test"], id="brackets around"),
        pytest.param(Phrase("C++"), "They write C++, not C.", ["C++"], id="signs that belong to the word"),
        pytest.param(Phrase("nato"), "NATO and Nato met", ["NATO", "Nato"], id="capitals of no word"),
        pytest.param(Phrase("arms deal", 2), "An arms and ammunition deal, not arms for an old deal", ["arms and ammunition deal"], id="slop"),
        pytest.param(Phrase("arms deal", 2), "deal of arms", [], id="another order"),
        pytest.param(Phrase("arms deal", 2), "no deal", [], id="a word missing"),
        pytest.param(Phrase("核 実験", 5), "核の地下での大規模な実験", ["核の地下での大規模な実験"], id="slop without spaces"),
        pytest.param(Phrase("核 実験", 5), "核" + "と東京" * 9 + "実験", [], id="too far apart without spaces"),
        pytest.param(Phrase("朝鮮民主主義人民共和国 ミサイル", 1), "朝鮮民主主義人民共和国のミサイル", ["朝鮮民主主義人民共和国のミサイル"], id="long words close together"),
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
