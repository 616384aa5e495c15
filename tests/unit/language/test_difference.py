"""What differs between two versions of a text can be read at a glance."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.difference import changed_sentences, changed_words
from bot.model import Edit, Fate

STAYS, GOES, COMES = Fate.STAYS, Fate.GOES, Fate.COMES
ENOUGH_S = 10


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("One thing. Two things.", "One thing. Two things.", (), id="the same"),
        pytest.param("One thing.\n\nTwo things.", "One  thing. Two things.", (), id="other spaces"),
        pytest.param(
            "It fired two missiles on Monday.",
            "It fired three missiles on Monday.",
            ((("It fired ", STAYS), ("two", GOES), ("three", COMES), (" missiles on Monday.", STAYS)),),
            id="a word",
        ),
        pytest.param(
            "It fired two missiles.", "It fired two missiles. Nobody was hurt.", ((("Nobody was hurt.", COMES),),), id="more"
        ),
        pytest.param(
            "Nobody was hurt. It fired two missiles.", "It fired two missiles.", ((("Nobody was hurt.", GOES),),), id="less"
        ),
        pytest.param(
            "Rain fell in Busan.",
            "The minister resigned.",
            ((("Rain fell in Busan.", GOES),), (("The minister resigned.", COMES),)),
            id="another sentence altogether",
        ),
    ],
)
def test_only_what_differs_is_named(before: str, after: str, expected: tuple[Edit, ...]) -> None:
    """Sentences that stay are left out, one that was edited shows the words."""
    assert changed_sentences(before, after) == expected


@given(st.text(max_size=300), st.text(max_size=300))
def test_both_versions_of_a_line_can_be_put_together_again(before: str, after: str) -> None:
    """What stays and goes is the line before, what stays and comes is the line after."""
    edit = changed_words(before, after)

    if edit:
        assert "".join(text for text, fate in edit if fate is not COMES) == before
        assert "".join(text for text, fate in edit if fate is not GOES) == after
    else:
        assert before == after


def test_a_long_text_is_compared_in_bounded_time() -> None:
    """Of a book the beginning is compared, and the rest is left alone."""
    before, after = (" ".join(f"{word} number {n} was seen here." for n in range(5000)) for word in ("Ship", "Boat"))

    assert len(changed_sentences(before, after)) <= 600


def test_hostile_sentences_are_compared_in_bounded_time() -> None:
    """Hundreds of long sentences that all look alike, and are not, take no longer than a reader would wait."""
    runs = ["x " * 300, "y " * 300, "z " * 300]
    before = " ".join(f"A{n} {''.join(runs)}." for n in range(300))
    after = " ".join(f"B{n} {''.join(reversed(runs))}." for n in range(300))

    begun = time.process_time()
    edits = changed_sentences(before, after)

    assert len(edits) > 300
    assert time.process_time() - begun < ENOUGH_S
