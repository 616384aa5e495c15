"""HTML as plain text, and plain text in paragraphs."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.text import markup, prose


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("plain", "plain"),
        ("", ""),
        ("<!-- nothing -->", ""),
        ("AT&amp;T &lt;now&gt; &#39;new&#39;", "AT&T <now> 'new'"),
        ("5 < 6 and 7 > 2 &amp; so on", "5 < 6 and 7 > 2 & so on"),
        ("<p>One.</p><p>Two <b>bo</b>ld\n lines.</p> tail", "One.\n\nTwo bold lines.\n\ntail"),
        ("One.<br>Two<br/>still two<br><br>Three", "One.\n\nTwo still two\n\nThree"),
        ("<ul><li>a<li>b</ul>", "a\n\nb"),
        ("a<script>x()</script><style>p{}</style><svg><text>s</text></svg>b", "ab"),
        ("<?xml version='1.0' encoding='latin-1'?><p>é</p>", "é"),
        ("a\0<b>b</b>", "ab"),
        ("<td>1<td>2", "1\n\n2"),
        ("x<!-- c -->y<br>", "xy"),
        ("<br>", ""),
    ],
)
def test_html_is_read_as_a_person_sees_it(html: str, expected: str) -> None:
    """Blocks and line breaks part paragraphs, entities are resolved, and what is not shown is left out."""
    assert markup.plain_text(html) == expected


def test_the_caption_of_a_picture_is_no_part_of_the_text() -> None:
    """What stands in a figcaption is given apart."""
    text, caption = markup.read("<p>Before.</p><figure><img><figcaption>Who <i>stands</i> where.</figcaption></figure>After.")

    assert (text, caption) == ("Before.\n\nAfter.", "Who stands where.")


def test_html_is_one_line_where_a_line_is_wanted() -> None:
    """A title with markup in it is a title."""
    assert markup.plain_line("<b>Two</b><br>words &amp; more") == "Two words & more"


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("a <b>word</b>", True),
        ('<p class="x">', True),
        ("<br/>", True),
        ("a < b > c", False),
        ("<Kim> said", False),
        ("&amp;", False),
    ],
)
def test_text_of_unknown_kind_is_html_if_it_is_set_with_tags(text: str, *, has: bool) -> None:
    """Angle brackets alone make no HTML."""
    assert markup.has_tags(text) is has


@pytest.mark.parametrize(
    "html", ["<a>x" * 100_000, "<div>x" * 100_000, "x<br>\n" * 100_000, "x<br" * 100_000, "<!--" * 100_000]
)
def test_hostile_nesting_is_read_in_reasonable_time(html: str) -> None:
    """Deep, endless and unclosed markup ends without a fault."""
    began = time.process_time()

    markup.plain_text(html)

    assert time.process_time() - began < 5


@given(st.text(alphabet=st.sampled_from("<>/&;#abp \n!-\"'="), max_size=80))
def test_no_markup_makes_the_reader_fail(html: str) -> None:
    """Whatever is between angle brackets, a text comes out."""
    assert isinstance(markup.plain_text(html), str)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One\r\n\r\nTwo\rThree", "One\n\nTwo\n\nThree"),
        ("one\n \t\n\n\ntwo", "one\n\ntwo"),
        ("a\u00a0b\u200b\ufeff\x07", "a b"),
        ("half \ud800 a pair", "half a pair"),
        ("A heading\nThe first paragraph is here.\nThe second.", "A heading\n\nThe first paragraph is here.\n\nThe second."),
        ("It goes on\nin small letters", "It goes on in small letters"),
        (
            "The ministers of the three countries met on Monday in\nSeoul. They spoke for two hours about the exercises of\nNovember.\n\nNext.",
            "The ministers of the three countries met on Monday in Seoul. They spoke for two hours about the exercises of November.\n\nNext.",
        ),
        ("L" * 130 + "\nNot wrapped", "L" * 130 + "\n\nNot wrapped"),
        ("", ""),
    ],
)
def test_plain_text_is_brought_into_paragraphs(text: str, expected: str) -> None:
    """Lines that were wrapped are joined, others are paragraphs, and nothing unseen stays."""
    assert prose.in_paragraphs(text) == expected


@given(st.text())
def test_bringing_a_text_into_paragraphs_keeps_every_letter(text: str) -> None:
    """Only white space and what cannot be seen may change."""
    seen = "".join(prose.visible(text).split())

    assert "".join(prose.in_paragraphs(text).split()) == seen


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They ended the meeting.1", "They ended the meeting."),
        ("They ended the meeting.12\n", "They ended the meeting."),
        ("They ended the meeting.[3]", "They ended the meeting."),
        ("They ended the meeting.²", "They ended the meeting."),
        ("“It is over.”1", "“It is over.”"),
        ("They ended the meeting. 1", "They ended the meeting."),
        ("They ended the meeting.", "They ended the meeting."),
        ("It costs 2.1", "It costs 2.1"),
        ("He came in No. 1", "He came in No. 1"),
        ("It began in 2024", "It began in 2024"),
        ("The first.1 The second.", "The first.1 The second."),
        ("", ""),
    ],
)
def test_the_mark_of_a_footnote_after_the_last_full_stop_is_dropped(text: str, expected: str) -> None:
    """A digit behind the end of the text goes; a number that belongs to the sentence stays."""
    assert prose.without_footnote(text) == expected
