"""Laws of cutting a text into sentences and paragraphs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.sentences import paragraphs, sentences

TEXTS = st.text(alphabet=st.sampled_from("aBz 1.!?…。」\"')(\n\tU-"))


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("One came. Two left! Three stayed? Yes.", ["One came.", "Two left!", "Three stayed?", "Yes."], id="plain"),
        pytest.param("He left the U.S. The talks failed.", ["He left the U.S.", "The talks failed."], id="abbreviation last"),
        pytest.param("The U.S. Navy and N.K. leader met.", ["The U.S. Navy and N.K. leader met."], id="abbreviation inside"),
        pytest.param("Gen. Lee, Lt. Col. Park and Mr. Cho met.", ["Gen. Lee, Lt. Col. Park and Mr. Cho met."], id="titles"),
        pytest.param("J. Smith met Kim Jong-un. He left.", ["J. Smith met Kim Jong-un.", "He left."], id="initial and name"),
        pytest.param(
            "On Jan. 5 No. 10 agreed. On 5 Jan. The", ["On Jan. 5 No. 10 agreed.", "On 5 Jan.", "The"], id="dates, numbers"
        ),
        pytest.param("He said no. Kim sat. Lee saw.", ["He said no.", "Kim sat.", "Lee saw."], id="words like abbreviations"),
        pytest.param("At 5 p.m. Tuesday it rained.", ["At 5 p.m. Tuesday it rained."], id="time of day"),
        pytest.param("It cost 3.5 bn… and more. It rose.", ["It cost 3.5 bn… and more.", "It rose."], id="decimal, ellipsis"),
        pytest.param("Wait ... Then go.", ["Wait ...", "Then go."], id="ellipsis at the end"),
        pytest.param('"Really?" he asked. "Stop." He left.', ['"Really?" he asked.', '"Stop."', "He left."], id="quotes"),
        pytest.param("He left (in a hurry.) Then came Lee.", ["He left (in a hurry.)", "Then came Lee."], id="brackets"),
        pytest.param("Wire text is\nwrapped. So\nit is.", ["Wire text is\nwrapped.", "So\nit is."], id="wrapped lines"),
        pytest.param("A headline\n\nA text", ["A headline", "A text"], id="a blank line ends a sentence"),
        pytest.param("発射した。米国は非難した！", ["発射した。", "米国は非難した！"], id="east asian stops need no space"),
        pytest.param("वह गया। वह आया।", ["वह गया।", "वह आया।"], id="hindi"),
        pytest.param("هل جاء؟ نعم. آیا رفت۔ نہیں", ["هل جاء؟", "نعم.", "آیا رفت۔", "نہیں"], id="arabic and urdu"),
        pytest.param("「違反だ。」と述べた。", ["「違反だ。」と述べた。"], id="quoted sentence goes on"),
        pytest.param("북한이 쐈다. 한국은 비난했다.", ["북한이 쐈다.", "한국은 비난했다."], id="korean"),
        pytest.param("1. First item\n\n2. Second item", ["1. First item", "2. Second item"], id="numbered list"),
        pytest.param("See example.com. Then go vs. Japan.", ["See example.com.", "Then go vs. Japan."], id="address"),
        pytest.param("", [], id="nothing"),
        pytest.param(" \n\n\t", [], id="white space"),
    ],
)
def test_cuts_where_a_reader_would(text: str, expected: list[str]) -> None:
    """A sentence ends at its stop, not at that of an abbreviation."""
    assert expected == cut(text)


@given(TEXTS)
def test_sentences_lose_nothing_but_white_space(text: str) -> None:
    """Sentences stand in order, do not overlap, and hold every character that is not white space."""
    joined = "".join(cut(text))

    assert "".join(text.split()) == "".join(joined.split())


@given(TEXTS)
def test_sentences_are_stripped_and_inside_one_paragraph(text: str) -> None:
    """No sentence begins or ends with white space or crosses a blank line."""
    around = paragraphs(text)

    assert all(text[start:end] == text[start:end].strip() != "" for start, end in sentences(text))
    assert all(any(first <= start and end <= last for first, last in around) for start, end in sentences(text))


def test_paragraphs_are_parted_by_blank_lines() -> None:
    """A blank line, whatever white space it holds, parts two paragraphs."""
    text = "\n\nOne\nline\n \t\n\nTwo \r\n\r\nThree"

    assert [text[start:end] for start, end in paragraphs(text)] == ["One\nline", "Two", "Three"]
