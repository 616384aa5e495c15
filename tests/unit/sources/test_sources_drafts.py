"""Captions, titles and links: what a draft is composed of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.text.captions import split_caption
from bot.sources.text.drafts import compose, web_address
from bot.sources.text.titles import LIMIT, cut_at_word, headline

BODY = "The two governments agreed on Monday to share radar data. Talks go on next week."


@pytest.mark.parametrize(
    "caption",
    [
        "Minister Han Ji-won (second from right) and her guest (second from left) meet in Seoul on Monday. (Ministry of Trade)",
        "Minister Han Ji-won (left) and Envoy Mori Aki (right) shake hands in Tokyo.",
        "Envoys pose in Tokyo (back row, far left) on Monday.",
        "Han Ji-won, left, greets Mori Aki at the airport on Monday.",
        "Han Ji-won, third from left, speaks to reporters.",
        "From left: Han Ji-won, Mori Aki and Paul Reed at the gate.",
        "Han Ji-won (L) and Mori Aki (R) at the gate",
        "A missile is driven through Pyongyang on Monday. (KCNA-Yonhap)",
        "A missile is driven through the capital. [Photo by Jane Doe/AFP]",
        "A missile is driven through the capital. (file photo)",
        "Han Ji-won speaks. She was named in May. (Courtesy of the Ministry)",
        "Minister Han Ji-won in Geneva (Reuters)",
        "한지원 장관(왼쪽)과 모리 아키 특사가 악수하고 있다.",
        "Han Ji-won speaks in Seoul on Monday.\n\n(Ministry of Trade)",
        "(Photo by Jane Doe/AFP)",
        "KCNA TV shows a missile (AP)",
        "NATO, meeting in Brussels (AP)",
        "한지원 장관, 제네바 (연합뉴스)",
        "UN envoys in Geneva, Switzerland (Reuters)",
    ],
)
def test_a_caption_at_the_head_is_told_from_the_text(caption: str) -> None:
    """An opening paragraph that says who stands where, or ends in a credit, is the caption of a picture."""
    assert split_caption(f"{caption}\n\n{BODY}") == (caption, BODY)


@pytest.mark.parametrize(
    "caption",
    [
        "Minister Han Ji-won (second from right) meets her guests in Seoul.",
        "Minister Han Ji-won meets her guests in Seoul. (Ministry of Trade)",
        "Minister Han Ji-won (left) arrives. The guests wait in Seoul (right).",
    ],
)
def test_a_caption_may_be_the_first_sentences_of_a_paragraph(caption: str) -> None:
    """What follows the caption on the same line is the text."""
    assert split_caption(f"{caption} {BODY}\n\nMore.") == (caption, f"{BODY}\n\nMore.")


@pytest.mark.parametrize(
    "text",
    [
        f"{BODY}\n\nMore of it.",
        "The far-right party won. Its rival (far left) lost.\n\nMore.",
        "The agency (KCNA) said on Monday that talks were over. Nobody replied.\n\nMore.",
        "Statement of the Ministry of Trade (MOT)\n\nMore.",
        "The talks failed. (The ministry gave no reason.)\n\nMore.",
        "The talks failed. (no reason was given)\n\nMore.",
        "One came. Two came. Three came. (Ministry of Trade)\n\nMore.",
        f"{BODY} {'Much more was said. ' * 40}(Yonhap)\n\nMore.",
        "Only a caption (left) and no text.",
        "",
        f"WASHINGTON, D.C. (AP) — {BODY}",
        f"GENEVA, Nov. (Yonhap) -- {BODY}",
        f"Geneva, Switzerland. (Reuters) - {BODY}",
        f"LONDON. (Reuters) {BODY}",
        f"SEOUL, South Korea (AP)\n\n{BODY}",
        f"ULAN-UDE, Russia, Nov. 3, 2025 (TASS)\n\n{BODY}",
        f"SEOUL\n\n(AP)\n\n{BODY}",
        f"(AP)\n\n{BODY}",
        "(서울=연합뉴스)\n\n한지원 장관은 회담이 끝났다고 말했다.",
    ],
)
def test_what_is_no_caption_stays_in_the_text(text: str) -> None:
    """Politics, asides, datelines, long openings and a caption with nothing below it are text."""
    assert split_caption(text) == ("", text)


@given(
    st.lists(st.sampled_from(["Han (left) waits.", "It rains.", "(Yonhap)", "\n\n", "He left (in May).", " "])).map(" ".join)
)
def test_a_caption_and_the_text_are_all_there_was(text: str) -> None:
    """Nothing is lost between caption and text, and the text is never taken away whole."""
    caption, rest = split_caption(text)

    assert f"{caption}{rest}".split() == text.split() or f"{caption} {rest}".split() == text.split()
    assert rest.strip() or not text.strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The envoys met in Geneva. They left.", "The envoys met in Geneva."),
        ("By Kim\n\nSEOUL, Feb. 29\n\nThe envoys met in Geneva.", "The envoys met in Geneva."),
        ("***\n\n1.\n\nTalks.", "Talks."),
        ("회담 결렬.\n\n본문이다.", "회담 결렬."),
        ("***", "***"),
        ("", ""),
    ],
)
def test_a_title_is_the_first_real_sentence(text: str, expected: str) -> None:
    """Bylines, datelines and rows of stars are passed over while there is something better."""
    assert headline(text) == expected


def test_a_title_from_a_long_sentence_is_cut_at_a_word() -> None:
    """A cut title ends with a whole word and an ellipsis, within the limit."""
    title = headline("The envoys of the three countries " * 10 + "met.")

    assert len(title) <= LIMIT
    assert title.endswith("…")
    assert title[:-1].split()[-1] in {"The", "envoys", "of", "the", "three", "countries"}


@given(st.text(min_size=1), st.integers(2, 60))
def test_a_cut_line_is_a_beginning_within_the_limit(line: str, limit: int) -> None:
    """Cutting makes a line shorter, never other."""
    cut = cut_at_word(line, limit)

    assert len(cut) <= limit
    assert cut == line or line.startswith(cut[:-1])


@given(st.text())
def test_a_draft_has_a_title_unless_there_is_nothing_to_see(text: str) -> None:
    """Every text that shows anything makes a draft, and its title is never empty."""
    draft = compose(text=text)

    assert draft is None or draft.title.strip()


def test_a_title_from_the_text_is_marked_as_such() -> None:
    """A draft without a title of its own says that the title stands in the text again."""
    own, taken = compose(title="Radar data", text=BODY), compose(text=BODY)

    assert own is not None
    assert taken is not None
    assert (own.headless, own.title) == (False, "Radar data")
    assert (taken.headless, taken.title) == (True, "The two governments agreed on Monday to share radar data.")


def test_a_title_over_the_text_is_not_its_first_sentence() -> None:
    """A heading that repeats the title is taken off, and a caption below it is found."""
    draft = compose(title="Radar data", text=f"Radar data\n\nHan (left) and Mori (right) meet.\n\n{BODY}")

    assert draft is not None
    assert (draft.text, draft.caption) == (BODY, "Han (left) and Mori (right) meet.")


def test_a_caption_is_used_for_neither_title_nor_text() -> None:
    """What stands under the picture is kept beside the article only."""
    draft = compose(text=f"Han Ji-won (second from right) meets guests. (Ministry of Trade)\n\n{BODY}1")

    assert draft is not None
    assert draft.caption == "Han Ji-won (second from right) meets guests. (Ministry of Trade)"
    assert "Han" not in draft.title + draft.text
    assert draft.text == BODY


def test_a_caption_that_is_given_goes_before_one_that_is_found() -> None:
    """A field for the caption leaves the text as it is."""
    draft = compose(text=f"Han (left) waits.\n\n{BODY}", caption="By the sea")

    assert draft is not None
    assert (draft.caption, draft.text) == ("By the sea", f"Han (left) waits.\n\n{BODY}")


def test_a_draft_with_neither_title_nor_text_is_none() -> None:
    """Nothing to see is nothing to tell."""
    assert compose(guid="1", url="https://example.org/", title=" \u200b", text="\n") is None


@pytest.mark.parametrize(
    ("link", "base", "expected"),
    [
        (" https://example.org/a\n", "", "https://example.org/a"),
        ("/a?b=c", "https://example.org/feed", "https://example.org/a?b=c"),
        ("a", "", ""),
        ("javascript:alert(1)", "https://example.org/", ""),
        ("ftp://example.org/", "", ""),
        ("http://", "", ""),
        ("http://[", "https://example.org/", ""),
        ("http://a b/", "", ""),
        ("", "", ""),
    ],
)
def test_only_what_a_browser_can_follow_is_a_link(link: str, base: str, expected: str) -> None:
    """A link is whole and of the web, or there is none."""
    assert web_address(link, base=base) == expected
