"""Laws of text from outside: it shows as it was written and does nothing."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat.harmless import bold, clean, code, escape, excerpt, harmless, plain, shorten, web_address

HOSTILE = (
    "**",
    "__",
    "~~",
    "||",
    "`",
    "```",
    "\\",
    "[a](https://evil.example)",
    "](",
    "<@1>",
    "<@&1>",
    "<#1>",
    "<t:1:R>",
    "<:e:1>",
    "</c:1>",
    "@everyone",
    "@Here",
    ":smile:",
    "# ",
    "> ",
    ">>> ",
    "- ",
    "1. ",
    "-# ",
    "\n",
    "\u202e",
    "\x1b[31m",
    "\ud800",
    "\u200d",
    " ",
    "word",
)
texts = st.lists(st.one_of(st.text(max_size=20), st.sampled_from(HOSTILE)), max_size=30).map("".join)


def unescaped(marked: str) -> str:
    """Read escaped text as Discord's parser does, and fail on whatever would be markup."""
    bare = re.sub(r"\\(.)", "", marked)
    assert not re.search(r"[*_~`|<>\[\]]", bare), marked
    assert not re.search(r":\S", bare), marked
    assert not re.search(r"@(everyone|here)", marked, re.IGNORECASE), marked
    assert not re.match(r"\s*([-#+]|\d+[.)])", marked), marked
    return re.sub(r"\\(.)", r"\1", marked).replace("@\u200b", "@")


@given(texts)
def test_nothing_in_hostile_text_is_markup(text: str) -> None:
    """Whatever a feed writes, Discord's parser finds no markup in it, and shows it as it was written."""
    assert unescaped(escape(clean(text))) == clean(text)


@given(texts, st.integers(0, 120))
@example("000000000:: 000", 15)
def test_text_keeps_its_limit_and_stays_harmless_when_cut(text: str, limit: int) -> None:
    """Cutting counts code points, markup too, and splits no escape."""
    cut = harmless(text, limit)

    assert len(cut) <= limit
    unescaped(cut)


@given(texts)
def test_clean_text_has_no_invisible_character(text: str) -> None:
    """Clean text holds no control, bidirectional or unpaired character, and no space but a single one."""
    shown = clean(text)

    assert all(unicodedata.category(one) not in {"Cc", "Cs", "Zl", "Zp"} for one in shown)
    assert all(one in "\u200c\u200d" for one in shown if unicodedata.category(one) == "Cf")
    assert shown == " ".join(shown.split())
    shown.encode()


@given(texts, st.data(), st.integers(20, 200))
def test_bold_survives_escaping(text: str, data: st.DataObject, width: int) -> None:
    """Matches stay bold whatever they are made of: bold is closed, and begins and ends on a visible character."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    marked = bold(text, [(start, end)] if end > start else [], width=width)

    bare = re.sub(r"\\.", "x", marked, flags=re.DOTALL)
    assert bare.count("**") % 2 == 0, marked
    assert all(part and part == part.strip() for part in bare.split("**")[1::2]), marked
    unescaped("".join(re.split(r"(?<!\\)(?:\\\\)*\*\*", marked)[:1]))
    assert len(marked) <= 3 * width


@pytest.mark.parametrize(
    ("sentence", "word", "expected"),
    [
        pytest.param("North Korea said so", "North Korea", "**North Korea** said so", id="at the beginning"),
        pytest.param("He said *Korea*", "*Korea*", "He said **\\*Korea\\***", id="with stars of its own"),
        pytest.param("to  North\nKorea now", " North\nKorea ", "to **North Korea** now", id="with spaces at its edges"),
        pytest.param("1. Korea", "Korea", "1\\. **Korea**", id="behind the number of a list"),
        pytest.param("See https://e.example", "e.example", "See https\\://**e.example**", id="inside an address"),
        pytest.param("\u202eKorea\u202c now", "Korea\u202c", "**Korea** now", id="beside a bidirectional mark"),
    ],
)
def test_a_match_is_bold_and_its_surroundings_are_escaped(sentence: str, word: str, expected: str) -> None:
    """Pieces are escaped one by one and joined with the bold marks of the bot's own."""
    at = sentence.index(word)

    assert bold(sentence, [(at, at + len(word))], width=80) == expected


def test_matches_that_touch_are_one_bold() -> None:
    """Two bold marks side by side would be read as four stars, so touching matches are joined."""
    assert bold("NorthKorea", [(0, 5), (5, 10)], width=80) == "**NorthKorea**"


def test_a_long_sentence_is_cut_around_its_first_match() -> None:
    """The match is always in the excerpt, whole words around it, with an ellipsis on either side."""
    sentence = "before " * 60 + "Pyongyang " + "after " * 60

    marked = bold(sentence, [(420, 429)], width=100)

    assert "**Pyongyang**" in marked
    assert marked.startswith("… before")
    assert marked.endswith("after …")
    assert len(marked) <= 110


def test_a_match_at_the_end_is_shown_with_what_stands_before() -> None:
    """The last words of a long sentence fill the excerpt, and nothing is left out behind them."""
    marked = bold("before " * 60 + "Pyongyang", [(420, 429)], width=60)

    assert marked.startswith("… before")
    assert marked.endswith("before **Pyongyang**")


def test_a_word_longer_than_the_excerpt_is_cut_inside() -> None:
    """Where there is no space to cut at, the cut goes through the word."""
    pieces = excerpt("x" * 300, [(150, 160)], width=60)

    assert ("x" * 10, True) in pieces
    assert sum(len(text) for text, _ in pieces) <= 64


def test_a_cut_at_an_open_bold_closes_it() -> None:
    """Cut text never leaves bold open for what follows."""
    assert shorten("one **two three four five**", 18) == "one **two three**…"
    assert shorten("one two **three**", 12) == "one two…"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("short", "short", id="fits"),
        pytest.param("*plain* <@1>", "*plain* <@1>", id="markup is shown, not escaped"),
        pytest.param("a few words that are too long", "a few words that…", id="is cut at a word"),
        pytest.param("x" * 40, "x" * 19 + "…", id="is cut inside a word"),
    ],
)
def test_plain_text_is_for_places_without_markup(text: str, expected: str) -> None:
    """Author, footer and buttons show text as it is, so it is only cleaned and cut."""
    assert plain(text, 20) == expected


def test_code_cannot_be_left() -> None:
    """A backtick would end the code, so it becomes an apostrophe."""
    assert code("a`b", 20) == "`a'b`"
    assert not code(" \u200b ", 20)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://example.com/a", "https://example.com/a", id="https"),
        pytest.param(" http://example.com ", "http://example.com", id="http with spaces around"),
        pytest.param("http://127.0.0.1:8080/x?q=1#f", "http://127.0.0.1:8080/x?q=1#f", id="port, query and fragment"),
        pytest.param("https://example.com/a(b) c", "https://example.com/a%28b%29%20c", id="brackets and spaces"),
        pytest.param("https://example.com/한국", "https://example.com/%ED%95%9C%EA%B5%AD", id="Korean path"),
        pytest.param("https://한국.example/", "https://xn--3e0b707e.example/", id="Korean host"),
        pytest.param("https://example.com/\ud800", "https://example.com/", id="unpaired surrogate"),
        pytest.param("javascript:alert(1)", None, id="javascript"),
        pytest.param("file:///etc/passwd", None, id="file"),
        pytest.param("https://good.example@evil.example/", None, id="a user that looks like a host"),
        pytest.param("https://exa mple.com/", None, id="space in the host"),
        pytest.param("https:///path", None, id="no host"),
        pytest.param("https://[::1", None, id="broken bracket"),
        pytest.param("https://example.com:99999/", None, id="no such port"),
        pytest.param("https://" + "a" * 70 + ".example/", None, id="label too long"),
        pytest.param("", None, id="nothing"),
        pytest.param("https://example.com/" + "a" * 2040, None, id="too long"),
    ],
)
def test_only_web_addresses_become_links(url: str, expected: str | None) -> None:
    """A link is http or https, names a host and no user, and holds nothing that ends a masked link."""
    assert web_address(url) == expected
