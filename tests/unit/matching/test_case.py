"""Laws of capitals."""

from __future__ import annotations

import pytest

from bot.matching.scanning.case import Case, case_of_alias, case_of_words, is_kept


@pytest.mark.parametrize(
    ("alias", "is_sure", "case"),
    [
        pytest.param("US", True, Case.SHORT, id="short"),
        pytest.param("D.P.R.K.", True, Case.SHORT, id="dots are no letters"),
        pytest.param("AUKUS", True, Case.CAPITAL, id="five letters"),
        pytest.param("Japan", True, Case.CAPITAL, id="a sure name"),
        pytest.param("yen", True, Case.ANY, id="small letters"),
        pytest.param("the North", False, Case.AS_WRITTEN, id="an unsure name"),
        pytest.param("핵", True, Case.ANY, id="no capitals in this script"),
    ],
)
def test_case_of_alias(alias: str, is_sure: bool, case: Case) -> None:
    """Short names in capitals are held to them, unsure ones to what capitals they have, others to one."""
    assert case is case_of_alias(alias, is_sure=is_sure)


@pytest.mark.parametrize(
    ("words", "case"),
    [
        pytest.param("US", Case.SHORT, id="would be a common word"),
        pytest.param("US aid", Case.AS_WRITTEN, id="would be a common word among others"),
        pytest.param("US AID", Case.ANY, id="nothing but capitals"),
        pytest.param("NATO", Case.ANY, id="would be no word"),
        pytest.param("us", Case.ANY, id="small letters"),
    ],
)
def test_case_of_search_words(words: str, case: Case) -> None:
    """Somebody's words are held to their capitals only where small letters would make them common."""
    assert case is case_of_words(words)[0]


def test_a_short_name_alone_is_not_drowned() -> None:
    """Where nothing stands around a short name, its capitals are its own."""
    assert is_kept("US", Case.SHORT, "US", (0, 2))


def test_a_form_without_capitals_may_be_written_in_any_case() -> None:
    """A currency is kept however it stands."""
    assert is_kept("yen", Case.ANY, "In Yen", (3, 6))


_PLATES = (
    "Her aunt left plates of old china on each shelf, and nobody in that quiet house had ever dared to eat a meal from one."
)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("They went to China.", True, id="as it is written"),
        pytest.param("CHINA AGREES", True, id="among capitals"),
        pytest.param("Old china is worth more.", False, id="a common word"),
        pytest.param("china agrees with its neighbours", True, id="by somebody who writes no capitals"),
        pytest.param(_PLATES, False, id="a common word far from the capital of its sentence"),
    ],
)
def test_a_name_has_a_capital_where_capitals_are_written(text: str, kept: bool) -> None:
    """In small letters a name is a common word, except where everything is in small letters."""
    at = text.casefold().index("china")

    assert kept == is_kept("China", Case.CAPITAL, text, (at, at + 5))


def test_one_capital_anywhere_in_a_name_is_enough() -> None:
    """A particle in small letters takes nothing from a name."""
    assert is_kept("Al Qaeda", Case.CAPITAL, "The al-Qaeda cell", (4, 12))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param(
            "It was calm. JAPAN AND KOREA HAVE ALREADY TOLD US TO WAIT AND SEE WHAT COMES OF IT. It rained.",
            False,
            id="among capitals",
        ),
        pytest.param("JAPAN AND KOREA SAID ON MONDAY in small letters that US ships came", True, id="among small letters"),
    ],
)
def test_only_the_words_around_drown_a_short_name(text: str, kept: bool) -> None:
    """Capitals say nothing among capitals, whatever stands further off."""
    at = text.index("US ")

    assert kept == is_kept("US", Case.SHORT, text, (at, at + 2))
