"""Laws of showing why: one sentence, its bold words, and every term that counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.cascade import Cascade, Wanted
from bot.matching.evidence import LONGEST, best_sentence, evidence_of
from bot.matching.queries.query import Interpreter
from bot.matching.scanning.terms import Scanner
from bot.model import Evidence, Place, Term
from tests.unit.matching.samples import CATALOGUE, MINISTERS, document

interpret = Interpreter(CATALOGUE)
SCANNER = Scanner(CATALOGUE)


def shown(query: str, text: str, title: str = "") -> Evidence:
    article = document(text, title)
    cascade = Cascade(SCANNER, [Wanted(query=interpret(query).query)], None)
    verdict = cascade.verdicts(cascade.read([article])[0], article)[0]
    assert verdict is not None
    return evidence_of(verdict.hits, article, best_sentence(verdict.hits, article))


def bold(evidence: Evidence) -> list[str]:
    return [evidence.sentence[start:end] for start, end in evidence.spans]


def test_the_sentence_with_the_most_of_what_is_asked_for_is_shown() -> None:
    """A sentence that holds both actors goes before an earlier one with one of them."""
    evidence = shown("actor:north-korea AND actor:russia", MINISTERS)

    assert evidence.sentence.startswith('"North Korea sold shells to Russia')
    assert evidence.place is Place.BODY
    assert bold(evidence) == ["North Korea", "Russia"]


def test_the_lead_goes_before_later_sentences() -> None:
    """Among equals the first sentence of the lead is shown."""
    evidence = shown("actor:north-korea", MINISTERS)

    assert evidence.place is Place.LEAD
    assert bold(evidence) == ["North Korean"]


def test_the_title_is_shown_only_where_nothing_else_is_found() -> None:
    """A sentence of the text says more than a title that holds the same."""
    assert shown("actor:japan", "It rained. Tokyo was wet.", "Japan is wet").sentence == "Tokyo was wet."
    assert shown("actor:japan", "It rained.", "Japan is wet").place is Place.TITLE


def test_terms_tell_what_was_found_by_which_rule_and_how_often() -> None:
    """Every form that counted is named, as it stands first, the most frequent first."""
    evidence = shown('actor:north-korea OR topic:arms-transfers OR resol* OR "next meeting"', MINISTERS)

    assert evidence.terms == (
        Term(words="North Korea", subject="actor:north-korea", rule="name", count=2),
        Term(words="North Korean", subject="actor:north-korea", rule="demonym"),
        Term(words="sold … shells", subject="topic:arms-transfers", rule="pattern"),
        Term(words="resolutions", subject="resol*", rule="prefix"),
        Term(words="next meeting", subject='"next meeting"', rule="phrase"),
    )


def test_the_actors_that_a_pattern_asks_for_are_shown() -> None:
    """Who has to stand beside its words is as bold as they are, each where it stands first, and nobody else is."""
    evidence = shown("topic:trilateral-cooperation", "Far from Russia, Seoul and Tokyo drilled with the U.S., said Tokyo.")

    assert bold(evidence) == ["Seoul", "Tokyo", "drilled", "U.S."]
    assert [term.words for term in evidence.terms] == ["Seoul … Tokyo … drilled … U.S."]


def test_the_sentence_comes_on_one_line() -> None:
    """Line breaks and wide gaps are closed, and the bold words stay the same."""
    evidence = shown("actor:japan OR actor:russia", "In the far\n   north Russia and \n Japan   met.")

    assert evidence.sentence == "In the far north Russia and Japan met."
    assert bold(evidence) == ["Russia", "Japan"]


def test_spans_that_touch_are_one() -> None:
    """Words that are marked twice are marked once."""
    assert bold(shown('"security cooperation" OR topic:trilateral-cooperation', "On trilateral security cooperation.")) == [
        "trilateral security cooperation"
    ]


@given(st.integers(0, 120), st.integers(0, 120), st.sampled_from(["word", "somewhat-longer", "核" * 30]))
def test_long_sentences_are_cut_around_the_first_bold_word(before: int, after: int, word: str) -> None:
    """A sentence that is shown fits, is cut between words, and still holds the words it is shown for."""
    evidence = shown("actor:japan", " ".join([*[word] * before, "Japan", *[word] * after]))

    assert len(evidence.sentence) <= LONGEST
    assert bold(evidence) == ["Japan"]


def test_a_text_without_spaces_is_cut_too() -> None:
    """Where there are no words to cut between, the cut falls anywhere."""
    evidence = shown("北朝鮮", "核" * 400 + "北朝鮮" + "核" * 400)

    assert len(evidence.sentence) <= LONGEST
    assert bold(evidence) == ["北朝鮮"]


def test_a_word_without_end_is_cut() -> None:
    """Of a word that goes on for pages its beginning is shown."""
    evidence = shown("alph*", "It said alpha" + "beta" * 2_000)

    assert len(evidence.sentence) <= LONGEST
    assert bold(evidence)[0].startswith("alphabeta")


@given(
    st.lists(st.sampled_from(["Japan", "Tokyo", "Russia", "and", "met.", "in", "\n\n", "\n", "US"]), min_size=1, max_size=200)
)
def test_bold_words_are_names(words: list[str]) -> None:
    """Whatever the text, each span marks a name and nothing else, in order and without overlap."""
    text = " ".join([*words, "Japan"])

    evidence = shown("actor:japan OR actor:russia", text)

    assert set(bold(evidence)) <= {"Japan", "Tokyo", "Russia"}
    assert list(evidence.spans) == sorted(evidence.spans)


@pytest.mark.parametrize("query", ["actor:north-korea", "topic:trilateral-cooperation", "actor:united-states"])
def test_an_article_on_a_meeting_is_about_what_it_names(query: str) -> None:
    """A report on ministers is about the state and the topic it turns on."""
    title, text = MINISTERS[:60], MINISTERS
    article = document(text, title, headless=True)
    cascade = Cascade(SCANNER, [Wanted(query=interpret(query).query)], None)

    (verdict,) = cascade.verdicts(cascade.read([article])[0], article)

    assert verdict is not None
    assert verdict.level.label == "about"
