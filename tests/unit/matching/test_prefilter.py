"""Laws of the prefilter: what it leaves out could not have been true, and what has no hit is never looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.cascade import Cascade, Wanted
from bot.matching.document import Document, Hit
from bot.matching.evaluate import PERHAPS, SURELY, by_leaf, evaluate
from bot.matching.prefilter import Prefilter, needs
from bot.matching.queries.query import Interpreter
from bot.matching.scanning.terms import Scanner
from bot.model import (
    AllOf,
    AnyOf,
    Facet,
    FacetKind,
    Leaf,
    Phrase,
    Prefix,
    Query,
    Relation,
    Scope,
    Strength,
    Subject,
    Within,
    Without,
)
from tests.unit.matching.samples import CATALOGUE, document

interpret = Interpreter(CATALOGUE)
SCANNER = Scanner(CATALOGUE)

WORDS: list[Leaf] = [Phrase("alpha"), Phrase("beta gamma", slop=2), Prefix("delt"), Phrase("omega")]
SUBJECTS = [Subject("actor:japan"), Subject("actor:jordan"), Subject("actor:russia")]
NAMES: list[Leaf] = [*SUBJECTS, Relation(source=SUBJECTS[0], target=SUBJECTS[2])]
FACETS: list[Leaf] = [Facet(FacetKind.LANG, "en"), Facet(FacetKind.LANG, "ko"), Facet(FacetKind.SOURCE, "Wire")]

QUERIES: st.SearchStrategy[Query] = st.recursive(
    st.sampled_from([*WORDS, *NAMES, *FACETS]),
    lambda inner: st.one_of(
        st.builds(Without, inner),
        st.builds(Within, st.sampled_from(Scope), inner),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)  # fmt: skip
PIECES = ["alpha", "beta", "gamma", "delta", "Japan", "Jordan", "Russia", "it rained", ".", "\n\n"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)


@st.composite
def articles(draw: st.DrawFn) -> tuple[Document, list[Hit]]:
    """Draw an article, what was found in it, and how far each of that can be trusted."""
    article = document(draw(TEXTS), title=draw(TEXTS), language=draw(st.sampled_from(["en", "ko", ""])))
    hits = Cascade(SCANNER, [Wanted(query=AnyOf((*WORDS, *NAMES)))], None).read([article])[0]
    return article, [replace(hit, strength=draw(st.sampled_from(Strength))) for hit in hits]


@given(st.lists(QUERIES, max_size=6), articles())
def test_what_is_left_out_could_not_hold(queries: list[Query], read: tuple[Document, list[Hit]]) -> None:
    """Whatever is counted, a query that the prefilter leaves out is answered by nothing."""
    article, hits = read
    found = by_leaf(hits)

    possible = list(Prefilter(queries).possible(found))

    assert possible == sorted(set(possible))
    for number, query in enumerate(queries):
        for least in (SURELY, PERHAPS):
            assert evaluate(query, found, article, least=least) is None or number in possible


@given(st.lists(QUERIES, max_size=6), articles())
def test_verdicts_are_those_of_each_query_alone(queries: list[Query], read: tuple[Document, list[Hit]]) -> None:
    """Among many queries each is judged as it would be by itself."""
    article, hits = read
    cascade = Cascade(SCANNER, [Wanted(query=query) for query in queries], None)

    verdicts = cascade.verdicts(hits, article)

    assert verdicts == [evaluate(query, by_leaf(hits), article) for query in queries]


@pytest.mark.parametrize(
    ("query", "clauses"),
    [
        pytest.param("alpha", [{Phrase("alpha")}], id="a word"),
        pytest.param("alpha AND omega AND NOT delta", [{Phrase("alpha")}, {Phrase("omega")}], id="NOT needs nothing"),
        pytest.param("alpha AND lang:ko", [{Phrase("alpha")}], id="nor does a facet"),
        pytest.param("alpha OR (omega AND lang:ko)", [{Phrase("alpha"), Phrase("omega")}], id="one of several"),
        pytest.param("title:(alpha AND omega)", [{Phrase("alpha")}, {Phrase("omega")}], id="in a scope"),
    ],
)
def test_a_query_needs_what_cannot_be_missing(query: str, clauses: list[set[Leaf]]) -> None:
    """The clauses of a query name what must be found, the narrowest way there is."""
    assert [set(clause) for clause in needs(interpret(query).query)] == clauses


def test_a_thousand_queries_of_which_nothing_is_found_are_not_looked_at() -> None:
    """Only queries that need something of what was found are reached."""
    queries = [AllOf((Subject(f"actor:{number}"), Phrase("alpha"))) for number in range(1_000)]

    possible = Prefilter(queries).possible({Subject("actor:7"), Subject("actor:8"), Phrase("alpha")})

    assert list(possible) == [7, 8]
