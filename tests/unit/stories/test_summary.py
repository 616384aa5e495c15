"""Laws of summing an article up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.sentences import sentences
from bot.stories.summary import summarise

SENTENCES = st.lists(
    st.lists(
        st.sampled_from(["talks", "ministry", "missile", "river", "bridge", "mayor", "Seoul", "border", "winter", "treaty"]),
        min_size=1,
        max_size=50,
    ),
    max_size=70,
)


def article(sentence_words: list[list[str]]) -> str:
    return " ".join(f"The {' '.join(words)}." for words in sentence_words)


@given(SENTENCES)
def test_a_summary_is_two_to_four_sentences(sentence_words: list[list[str]]) -> None:
    """From two sentences on a summary has two to four, below it has what there is."""
    summary = summarise(article(sentence_words))

    assert min(2, len(sentence_words)) <= len(summary) <= 4


@given(SENTENCES, st.data())
def test_what_is_watched_is_in_the_summary(sentence_words: list[list[str]], data: st.DataObject) -> None:
    """However late it stands, a sentence with something watched is chosen, whatever is shown elsewhere."""
    text = article(sentence_words)
    spans = sentences(text)
    if not spans:
        return
    watched = [start for start, _ in data.draw(st.lists(st.sampled_from(spans), min_size=1, max_size=3))]
    exclude = data.draw(st.sampled_from(spans))

    summary = summarise(text, watched=watched, exclude=exclude)

    shown = {text[start:end] for start, end in spans if start in watched}
    assert any(sentence in shown or sentence.endswith("…") for sentence in summary)


@given(SENTENCES)
def test_sentences_keep_their_order(sentence_words: list[list[str]]) -> None:
    """A summary tells in the order of the text."""
    numbered = [[str(number), *words] for number, words in enumerate(sentence_words)]

    order = [int(sentence.split()[1]) for sentence in summarise(article(numbered))]

    assert sorted(order) == order


LINES = [
    "The council met on Monday to talk about the new bridge over the river in the old town.",
    "The mayor said that the bridge would cost two million and be built within two years.",
    "A few people in the hall asked why the old bridge could not be mended once more.",
    "The council will vote on the bridge in the spring, when the budget has been settled.",
]


def test_the_sentence_shown_elsewhere_is_left_out() -> None:
    """What the card quotes already is not said twice, if others can stand for it."""
    text = " ".join(LINES)

    summary = summarise(text, watched=[0, len(LINES[0]) + 1], exclude=(0, len(LINES[0])))

    assert LINES[0] not in summary
    assert LINES[1] in summary


def test_the_only_watched_sentence_stays() -> None:
    """A sentence that alone holds what is watched is told even where it is shown elsewhere."""
    text = " ".join(LINES)

    assert LINES[0] in summarise(text, watched=[0], exclude=(0, len(LINES[0])))


def test_two_sentences_are_told_as_they_are() -> None:
    """Of two sentences none is left out."""
    text = " ".join(LINES[:2])

    assert summarise(text, exclude=(0, len(LINES[0]))) == tuple(LINES[:2])


@pytest.mark.parametrize("text", ["", "  \n\n "], ids=["empty", "blank"])
def test_nothing_is_summed_up_as_nothing(text: str) -> None:
    """A text without sentences has no summary."""
    assert summarise(text) == ()


def test_long_and_broken_lines_are_made_fit_to_show() -> None:
    """A sentence comes on one line, and one that is too long is cut between words."""
    summary = summarise("One\n  line. Then " + "word " * 200 + "end.")
    unbroken = summarise("x" * 500)

    assert summary[0] == "One line."
    assert summary[1].endswith("word…")
    assert all(len(sentence) <= 400 for sentence in (*summary, *unbroken))


def test_repeated_sentences_are_told_once() -> None:
    """Where others say something else, a sentence is not followed by its copy."""
    text = " ".join([LINES[0], LINES[0], LINES[0], *LINES[1:]])

    summary = summarise(text)

    assert len(set(summary)) == len(summary)
