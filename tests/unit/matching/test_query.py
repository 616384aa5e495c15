"""Laws of reading a query: what plain words and operators mean, and how what cannot be read is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.matching.queries.query import Interpreter, parse
from bot.matching.queries.written import written
from bot.model import (
    Actor,
    Alias,
    AliasKind,
    AllOf,
    AnyOf,
    Catalogue,
    Facet,
    FacetKind,
    Phrase,
    Prefix,
    Query,
    Relation,
    Scope,
    Subject,
    Within,
    Without,
    leaves,
)
from tests.unit.matching.samples import CATALOGUE

interpret = Interpreter(CATALOGUE)

NORTH, RUSSIA = Subject("actor:north-korea"), Subject("actor:russia")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("North Korea", "actor:north-korea", id="a name"),
        pytest.param("dprk", "actor:north-korea", id="an alias in any case"),
        pytest.param("north-korea", "actor:north-korea", id="an id"),
        pytest.param("Kim", '"Kim"', id="a weak alias stands for nobody"),
        pytest.param("trilateral cooperation", "topic:trilateral-cooperation", id="a topic"),
        pytest.param("missile test", '"missile test"', id="words are one phrase"),
        pytest.param(
            "Russia, missile test; Tokyo\nDPRK", 'actor:russia OR "missile test" OR actor:japan OR actor:north-korea', id="or"
        ),
        pytest.param("北朝鮮、ミサイル", 'actor:north-korea OR "ミサイル"', id="an east asian comma"),
        pytest.param("10,000 troops, Seoul", '"10,000 troops" OR actor:south-korea', id="the comma of a number"),
        pytest.param('"North Korea", Russia', '"North Korea" OR actor:russia', id="quoted words are those words"),
        pytest.param("What did Kim say?", '"What did Kim say"', id="a question"),
        pytest.param("DPRK, North Korea", "actor:north-korea", id="the same twice"),
        pytest.param("'north korea', ‘missile test’", 'actor:north-korea OR "missile test"', id="single quotation marks"),
    ],
)
def test_plain_words_are_understood(text: str, expected: str) -> None:
    """A separator is OR, the words between are one phrase, a name is its actor or topic, and the note says so."""
    understood = interpret(text)

    assert expected == understood.written
    assert understood.note.startswith(f"Read as {expected}.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("actor:north-korea", NORTH, id="actor"),
        pytest.param('actor:"north korea" AND ACTOR:Russia', AllOf((NORTH, RUSSIA)), id="actor by name"),
        pytest.param("actor:(north-korea OR dprk)", AnyOf((NORTH, NORTH)), id="group of names"),
        pytest.param('topic:"Arms transfers"', Subject("topic:arms-transfers"), id="topic"),
        pytest.param('"missile test"', Phrase("missile test"), id="phrase"),
        pytest.param("“missile test”", Phrase("missile test"), id="curly quotes"),
        pytest.param("「missile test」 AND 『a b』", AllOf((Phrase("missile test"), Phrase("a b"))), id="corner brackets"),
        pytest.param("（a OR ‘b’） AND actor：russia", AllOf((AnyOf((Phrase("a"), Phrase("b"))), RUSSIA)), id="wide brackets and colon"),
        pytest.param("actor: russia", RUSSIA, id="a space behind a field"),
        pytest.param('actor:"North Korea," AND Title: x', AllOf((NORTH, Within(Scope.TITLE, Phrase("x")))), id="a mark in a name"),
        pytest.param('"missile test"~3', Phrase("missile test", 3), id="slop"),
        pytest.param(r'"say \"no\""', Phrase('say "no"'), id="escaped quotes"),
        pytest.param("missil*", Prefix("missil"), id="prefix"),
        pytest.param("a AND b OR c", AnyOf((AllOf((Phrase("a"), Phrase("b"))), Phrase("c"))), id="AND binds before OR"),
        pytest.param("a && b || c", AnyOf((AllOf((Phrase("a"), Phrase("b"))), Phrase("c"))), id="signs for AND and OR"),
        pytest.param("(a AND b) AND (c OR (d OR e))", AllOf((Phrase("a"), Phrase("b"), AnyOf((Phrase("c"), Phrase("d"), Phrase("e"))))), id="groups"),
        pytest.param("+a -b", AllOf((Phrase("a"), Without(Phrase("b")))), id="plus and minus"),
        pytest.param("NOT NOT a", Phrase("a"), id="NOT twice"),
        pytest.param("title:missil* AND NOT lead:x", AllOf((Within(Scope.TITLE, Prefix("missil")), Without(Within(Scope.LEAD, Phrase("x"))))), id="scopes"),
        pytest.param("paragraph:(actor:russia AND text:x)", Within(Scope.PARAGRAPH, AllOf((RUSSIA, Within(Scope.TEXT, Phrase("x"))))), id="scope in a scope"),
        pytest.param("a AND lang:ko", AllOf((Phrase("a"), Facet(FacetKind.LANG, "ko"))), id="language"),
        pytest.param("a AND lang:Korean", AllOf((Phrase("a"), Facet(FacetKind.LANG, "ko"))), id="language by name"),
        pytest.param("a AND (lang:ko OR lang:ja)", AllOf((Phrase("a"), AnyOf((Facet(FacetKind.LANG, "ko"), Facet(FacetKind.LANG, "ja"))))), id="one of two languages"),
        pytest.param('a AND NOT source:"Daily News"', AllOf((Phrase("a"), Without(Facet(FacetKind.SOURCE, "Daily News")))), id="source"),
        pytest.param("actor:russia AND\nsentence:x", AllOf((RUSSIA, Within(Scope.SENTENCE, Phrase("x")))), id="a new line is white space here"),
    ],
)  # fmt: skip
def test_operators_are_read_as_lucene_does(text: str, expected: Query) -> None:
    """A query with every operator means what it says and needs no note."""
    understood = interpret(text)

    assert expected == understood.query
    assert not understood.note or "||" in text or "-b" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("nuclear test AND Russia", '"nuclear" AND "test" AND "Russia"', id="words side by side"),
        pytest.param("North Korea OR Japan", '("North" AND "Korea") OR "Japan"', id="they bind before OR"),
        pytest.param('"arms deal" shells', '"arms deal" AND "shells"', id="beside a quoted phrase"),
        pytest.param("actor:russia, actor:japan", "actor:russia OR actor:japan", id="a comma is OR"),
        pytest.param("title:(a, b) AND c", 'title:("a" OR "b") AND "c"', id="in a group too"),
        pytest.param("a (b OR c)", '"a" AND ("b" OR "c")', id="beside a group"),
    ],
)
def test_missing_operators_are_supplied_and_told(text: str, expected: str) -> None:
    """Words beside operators without one are AND, a comma is OR, and the note says how the query was read."""
    understood = interpret(text)

    assert expected == understood.written
    assert understood.note.startswith(f"Read as {expected}.")


def test_a_name_read_as_words_is_pointed_out() -> None:
    """Who writes the words of a name beside operators is told how to ask for the actor."""
    for text in ("North Korea AND missile", "‘North Korea’ AND missile"):
        assert interpret(text).note.endswith("For all its names write actor:north-korea.")


def test_joining_words_in_small_letters_are_pointed_out() -> None:
    """Small and, or, not are words like others, and the note says so."""
    assert interpret("Japan and South Korea").note.endswith("write AND, OR, NOT in capitals.")


@pytest.mark.parametrize(
    ("text", "words", "at"),
    [
        pytest.param("", "is empty", 0, id="nothing"),
        pytest.param(" ,; ", "is empty", 0, id="separators only"),
        pytest.param('a AND "b', "character 7 is never closed", 6, id="an open quotation mark"),
        pytest.param("(a OR (b", "character 7 is never closed", 6, id="an open bracket"),
        pytest.param("a) OR b", "character 2 closes nothing", 1, id="a closing bracket"),
        pytest.param("NOT a", "NOT alone", 0, id="NOT alone"),
        pytest.param("a OR NOT b", "NOT alone", 5, id="NOT beside OR"),
        pytest.param("x AND (-a -b)", "NOT alone", 7, id="only NOTs in a group"),
        pytest.param("title:(NOT a)", "NOT alone", 0, id="NOT alone in a scope"),
        pytest.param("a AND b^2", "Weights", 6, id="boost"),
        pytest.param("a AND b~", "Fuzzy", 6, id="fuzzy"),
        pytest.param("a AND /b/", "Regular expressions", 6, id="regular expression"),
        pytest.param("[a TO b]", "Ranges", 0, id="range"),
        pytest.param("a >5", "Ranges", 2, id="open range"),
        pytest.param("mis?le", "Wildcards", 3, id="wildcard in a word"),
        pytest.param("*le", "Wildcards", 0, id="wildcard at the beginning"),
        pytest.param('"mis*"', "Wildcards", 4, id="wildcard in a phrase"),
        pytest.param("mi*", "needs 3 letters", 0, id="a short prefix"),
        pytest.param(r"a\:bcd*", "beginning of one word", 0, id="a prefix with signs"),
        pytest.param("actor:nroth-korea", "did you mean actor:north-korea?", 6, id="a misspelt actor"),
        pytest.param("topic:arms", "did you mean topic:arms-transfers?", 6, id="half a topic"),
        pytest.param("actor:zzz", "actor list names all", 6, id="an unknown actor"),
        pytest.param("scope:x", "“scope:” is not known here", 0, id="an unknown field"),
        pytest.param("since:2024", "since: alone", 0, id="since alone"),
        pytest.param("a AND since:2024", "since: is for searches", 6, id="since in a watch"),
        pytest.param("a OR since:2024", "alone say nothing", 5, id="since beside OR"),
        pytest.param("a AND (b AND NOT since:2024)", "since: stands once", 0, id="since in a group"),
        pytest.param("lang:ko", "alone say nothing", 0, id="a facet alone"),
        pytest.param("a OR lang:ko", "alone say nothing", 5, id="a facet beside OR"),
        pytest.param("lang:ko AND NOT a", "alone say nothing", 0, id="a facet beside NOT"),
        pytest.param("title:(a AND lang:ko)", "take it out of title:", 0, id="a facet in a scope"),
        pytest.param("a AND lang:koraen", "did you mean ko (Korean)?", 11, id="a misspelt language"),
        pytest.param("a AND lang:zzz", "two letters", 11, id="an unknown language"),
        pytest.param('a AND source:"..."', "no letter or digit", 13, id="a source of marks"),
        pytest.param("actor:title:x", "only names", 6, id="a field in a name"),
        pytest.param('actor:"a b"~2', "takes no ~", 6, id="slop in a name"),
        pytest.param('"a b"~99', "At most 50", 0, id="too much slop"),
        pytest.param('"a b"~1.5', "cannot stand here", 5, id="half a word of slop"),
        pytest.param("a AND", "ends too early", 5, id="nothing after AND"),
        pytest.param("a, b AND AND c", "“AND” cannot stand here", 9, id="an operator too many, after a comma"),
        pytest.param("'a b' AND c", "“'a” cannot stand here", 0, id="single quotes"),
        pytest.param("-- AND a", "cannot stand here", 3, id="no operand"),
        pytest.param("...", "no letter or digit", 0, id="marks only"),
        pytest.param('a AND "..."', "no letter or digit", 6, id="marks in quotation marks"),
        pytest.param("a AND " * 1700, "10,200 characters long", 2000, id="far too long"),
        pytest.param("(" * 500 + "a" + ")" * 500, "more than 50 deep", 51, id="five hundred groups"),
        pytest.param("NOT " * 499 + "a", "more than 50 deep", 204, id="hundreds of NOTs"),
        pytest.param("-a " * 600, "NOT alone", 0, id="hundreds of excluded words"),
        pytest.param(f"relation:({'-' * 1900}x)", "A relation is written as", 10, id="thousands of signs in a relation"),
        pytest.param("x" * 2001, "2,001 characters long", 2000, id="too long"),
        pytest.param("(" * 60 + "a" + ")" * 60, "more than 50 deep", 51, id="too deep"),
        pytest.param("NOT " * 60 + "a", "more than 50 deep", 204, id="too many NOTs"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(text: str, words: str, at: int) -> None:
    """The message says what is wrong, the offset where."""
    with pytest.raises(QueryError) as caught:
        parse(text, CATALOGUE)

    assert words in str(caught.value)
    assert at == caught.value.at


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"actor:{'x' * 1900}", id="a name"),
        pytest.param(f"{'x' * 1900}:y", id="a field"),
        pytest.param(f'a AND "{"." * 1900}"', id="marks"),
        pytest.param(f"{'x' * 1900}*y", id="a prefix"),
        pytest.param(f"{'x-(' * 3}*" + ")" * 3, id="a prefix of brackets"),
        pytest.param(f"a AND lang:{'x' * 1900}", id="a language"),
        pytest.param(f"relation:(source={'x' * 1900} act=aid)", id="an actor of a relation"),
        pytest.param(f"relation:(source=russia act={'x' * 1900})", id="an act"),
        pytest.param(f"relation:({'x' * 1900}=russia act=aid)", id="a key"),
    ],
)
def test_a_fault_is_told_shortly(text: str) -> None:
    """However long the word is that cannot be read, the sentence fits into a message."""
    with pytest.raises(QueryError) as caught:
        interpret(text)

    assert len(str(caught.value)) < 600


def test_a_fault_is_pointed_at() -> None:
    """Under the sentence stand the words around the fault, and a caret below its place, also after wide characters."""
    with pytest.raises(QueryError) as plain:
        parse("actor:russia AND actor:japn", CATALOGUE)
    with pytest.raises(QueryError) as wide:
        parse("核実験 AND b^2", CATALOGUE)

    assert plain.value.quoted == "actor:russia AND actor:japn\n                       ^"
    assert wide.value.quoted == "核実験 AND b^2\n\u3000\u3000\u3000     ^"


def test_a_search_takes_a_date() -> None:
    """What stands after since: is handed over as it was written, and is no part of what is looked for."""
    understood = Interpreter(CATALOGUE, searches=True)("missil* AND since:3d AND lang:en")

    assert understood.since == "3d"
    assert understood.written == "missil* AND lang:en"


TOKENS = [
    *'ab*?~^:"()[]{}\\/+-!&|, ;.\n',
    "'",
    "AND ",
    " OR ",
    "NOT ",
    "12",
    "actor:",
    "title:",
    "lang:",
    "ko ",
    "since:",
    "relation:(",
    "source=",
    "target=russia ",
    "act=aid ",
    "russia",
    "核",
    "&& ",
]


@example("\0")
@given(st.lists(st.sampled_from(TOKENS), max_size=20).map("".join) | st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever is typed is either read, and then reads the same as it is written, or refused with a place in it."""
    refused, understood = None, None
    try:
        understood = interpret(text)
    except QueryError as error:
        refused = error.at

    if understood is None:
        assert refused is not None
        assert 0 <= refused <= len(text)
    else:
        assert interpret(understood.written).query == understood.query


LEAVES = st.one_of(
    st.sampled_from([Relation(source=NORTH, target=RUSSIA), Relation(target=RUSSIA, act="material-conflict")]),
    st.sampled_from([NORTH, RUSSIA, Subject("topic:arms-transfers")]),
    st.builds(Phrase, st.sampled_from(["missile test", 'say "no"', "a*b", "AND", "title:x", "C:\\temp"]), st.integers(0, 50)),
    st.builds(Prefix, st.sampled_from(["missil", "jong-u", "핵실험"])),
)
QUERIES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Within, st.sampled_from(Scope), inner),
        st.builds(AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(lambda parts, without: AllOf((*parts, Without(without))), st.lists(inner, min_size=1, max_size=2), inner),
        st.builds(AllOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)  # fmt: skip


@given(QUERIES)
def test_a_written_query_reads_as_itself(query: Query) -> None:
    """Writing a query with all operators and reading it again changes neither text nor meaning, and needs no note; a relation is told in words."""
    understood = interpret(written(query))

    assert interpret(understood.written) == understood
    assert bool(understood.note) == any(isinstance(leaf, Relation) for leaf in leaves(query))


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        pytest.param("atlantis", "actor list names all", id="a little like a town"),
        pytest.param("atlamta", "did you mean actor:united-states?", id="a misspelt town"),
        pytest.param("unted sttes", "did you mean actor:united-states?", id="a misspelt state"),
    ],
)
def test_only_a_name_that_is_meant_is_offered(typed: str, hint: str) -> None:
    """Among thousands of towns and companies there is one that is a little like any word."""
    town = Alias(text="Atlanta", kind=AliasKind.CITY)
    states = Actor(id="united-states", name="United States", aliases=(town,))

    with pytest.raises(QueryError, match=re.escape(hint)):
        parse(f'actor:"{typed}"', Catalogue(actors=(states,)))
