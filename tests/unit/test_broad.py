"""Laws of what a watch may not hang on alone."""

from __future__ import annotations

import pytest

from bot.language.common import is_common
from bot.matching.queries.query import Interpreter
from bot.matching.queries.written import written
from bot.questions.broad import enough_alone
from tests.unit.matching.samples import CATALOGUE


@pytest.mark.parametrize(
    ("words", "common"),
    [("the", True), ("said on Monday", True), ("The-Next", True), ("missile", False), ("the missile", False), ("", False)],
)
def test_a_phrase_of_common_words_tells_nothing(words: str, common: bool) -> None:
    """One word that tells something is enough, and no word at all is none of the common ones."""
    assert common == is_common(words)


@pytest.mark.parametrize(
    ("query", "alone"),
    [
        pytest.param("topic:arms-transfers", ["topic:arms-transfers"], id="alone"),
        pytest.param("walrus OR seal", ['"walrus"', '"seal"'], id="either"),
        pytest.param("walrus AND seal", [], id="both"),
        pytest.param("walrus AND NOT seal", ['"walrus"'], id="beside what must not be there"),
        pytest.param("walrus AND lang:en", ['"walrus"'], id="beside a facet"),
        pytest.param("title:walrus", ['"walrus"'], id="in a scope"),
        pytest.param("sentence:(walrus AND seal) OR whale*", ["whale*"], id="one way of two"),
    ],
)
def test_what_would_do_alone(query: str, alone: list[str]) -> None:
    """A part does alone where nothing else is asked beside it."""
    assert alone == [written(leaf) for leaf in enough_alone(Interpreter(CATALOGUE)(query).query)]
