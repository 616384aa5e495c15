"""Laws of folding: one form for comparison, and a true way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.folding import Folded, fold, index_form, quick_fold

TRICKY = st.text(
    alphabet=st.one_of(
        st.sampled_from("aBzß. .-/’'\n\t \u00a0\u00ad\u200bİéﬀ…かが핵核ｱＡ０.UøÆ\u3099ﾊﾞ\u1107\u116e\u11a8"),
        st.characters(codec="utf-8"),
    )
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("North\u2010Korean", "north korean", id="hyphen"),
        pytest.param("Kim Jong\u2011un", "kim jong un", id="non-breaking hyphen"),
        pytest.param("North\u00a0Korea", "north korea", id="non-breaking space"),
        pytest.param("Nor\u00adth Ko\u200brea", "north korea", id="invisible characters"),
        pytest.param("\u2066Nor\u202ath\u2069 Ko\u034fr\ufe0fea", "north korea", id="marks of direction and shape"),
        pytest.param("\u1107\u116e\u11a8\u1112\u1161\u11ab", "북한", id="hangul in its parts"),
        pytest.param("ﾊﾞｽ か\u3099", "バス が", id="voiced kana in their parts"),
        pytest.param("US/Japan—Seoul", "us japan seoul", id="slash and dash"),
        pytest.param("Corée São", "coree sao", id="accents"),
        pytest.param(
            "Łódź, Støre, Đà Nẵng, Diyarbakır, Þór, Æon",
            "lodz, store, da nang, diyarbakir, thor, aeon",
            id="letters with a stroke",
        ),
        pytest.param("Core\u0301e", "coree", id="accent as a mark of its own"),
        pytest.param("ＤＰＲＫ ０", "dprk 0", id="wide letters"),
        pytest.param("The U.S. and the D.P.R.K.", "the us and the dprk", id="abbreviations lose their dots"),
        pytest.param("N.Korea N. Korea S.Korea-N.Korea", "n korea n korea s korea n korea", id="an initial before a word"),
        pytest.param("U.S.-led, U.S.Army", "us led, us army", id="abbreviation before a word"),
        pytest.param("The DPRK’s", "the dprk's", id="possessive"),
        pytest.param("“Yes”", '"yes"', id="double quotes"),
        pytest.param("3.5 Korea. End", "3.5 korea. end", id="other dots stay"),
        pytest.param(" a \n\n b ", "a b", id="white space"),
        pytest.param("ガス・핵실험", "ガス 핵실험", id="kana and hangul stay whole"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_folds_to_one_form(text: str, folded: str) -> None:
    """What people write in many ways folds to one form."""
    assert folded == quick_fold(text)


@given(TRICKY)
def test_both_folds_agree(text: str) -> None:
    """The quick fold and the fold with offsets return the same string."""
    assert quick_fold(text) == fold(text)[0]


@given(TRICKY)
def test_each_folded_character_stands_where_its_original_stood(text: str) -> None:
    """Every folded letter comes from the character that its offset names."""
    folded, offsets = fold(text)

    for index, character in enumerate(folded):
        if character.isalnum():
            assert character in quick_fold(text[offsets[index] : offsets[index + 1]] or text[offsets[index]])


@given(TRICKY)
def test_offsets_never_go_back(text: str) -> None:
    """Offsets grow with the folded text and end inside the original."""
    folded, offsets = fold(text)

    places = [offsets[index] for index in range(len(folded) + 1)]

    assert sorted(places) == places
    assert all(0 <= place <= len(text) for place in places)


@pytest.mark.parametrize(
    ("text", "form", "written"),
    [
        pytest.param("in the U.S. today", "us", "U.S.", id="the dots belong to the abbreviation"),
        pytest.param("  N.  Korea ", "n korea", "N.  Korea", id="spaces around are left out"),
        pytest.param("Straße — Weg", "weg", "Weg", id="after a letter that became two"),
        pytest.param("the DPRK’s", "dprk", "DPRK", id="the possessive stays outside"),
    ],
)
def test_the_way_back_names_the_words_as_they_stand(text: str, form: str, written: str) -> None:
    """A span of the fold leads back to the words as they were written."""
    part = Folded(text)
    at = part.folded.index(form)

    start, end = part.span(at, at + len(form))

    assert written == text[start:end]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        pytest.param("北朝鮮がUSと", "北 朝 鮮 が us と", id="characters stand alone, words stay"),
        pytest.param("핵실험 test", "핵 실 험 test", id="hangul"),
        pytest.param("ข่าว news", "ข า ว news", id="thai"),
        pytest.param("Plain words", "plain words", id="latin"),
    ],
)
def test_index_form_parts_east_asian_characters(text: str, form: str) -> None:
    """In the form for the index each East Asian character is a word."""
    assert form == index_form(quick_fold(text))


@given(st.text(alphabet="aBß. -/’\n\u00a0İéかが핵核０U"), st.lists(st.integers(min_value=0, max_value=60), max_size=40))
def test_the_words_before_a_place_are_the_spaces_before_it(text: str, places: list[int]) -> None:
    """However often somebody asks, the words before a place are counted in the fold; of Chinese two characters are one."""
    part = Folded(text)

    counted = [part.words_before(place) for place in places]

    unspaced = [sum(one in "かが核" for one in part.folded[:place]) for place in places]
    assert counted == [part.folded.count(" ", 0, place) + many // 2 for place, many in zip(places, unspaced, strict=True)]
