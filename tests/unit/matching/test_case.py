"""Laws of capitals."""

from __future__ import annotations

import pytest

from bot.matching.case import Case, case_of_alias, case_of_words, is_kept


@pytest.mark.parametrize(
    ("alias", "is_sure", "case"),
    [
        pytest.param("US", True, Case.SHORT, id="short"),
        pytest.param("D.P.R.K.", True, Case.SHORT, id="dots are no letters"),
        pytest.param("AUKUS", True, Case.ANY, id="five letters"),
        pytest.param("Japan", True, Case.ANY, id="a sure name"),
        pytest.param("China", True, Case.AS_WRITTEN, id="a ware in small letters"),
        pytest.param("the North", False, Case.AS_WRITTEN, id="an unsure name"),
        pytest.param("핵", True, Case.ANY, id="no capitals in this script"),
    ],
)
def test_case_of_alias(alias: str, is_sure: bool, case: Case) -> None:
    """Short names in capitals are held to them, unsure ones to what capitals they have."""
    assert case is case_of_alias(alias, is_sure=is_sure)


@pytest.mark.parametrize(
    ("words", "case"),
    [
        pytest.param("US", Case.SHORT, id="would be a common word"),
        pytest.param("NATO", Case.ANY, id="would be no word"),
        pytest.param("us", Case.ANY, id="small letters"),
    ],
)
def test_case_of_search_words(words: str, case: Case) -> None:
    """Somebody's words are held to their capitals only where small letters would make them common."""
    assert case is case_of_words(words)


def test_a_short_name_alone_is_not_drowned() -> None:
    """Where nothing stands around a short name, its capitals are its own."""
    assert is_kept("US", Case.SHORT, "US", (0, 2))


def test_other_names_may_be_written_in_any_case() -> None:
    """A name to which capitals mean nothing is kept however it stands."""
    assert is_kept("Japan", Case.ANY, "in japan", (3, 8))


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
