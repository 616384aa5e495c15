"""Laws of aboutness: what weighs how much, and what pushes an actor aside."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.aboutness import crowd_of, level_of, score_of, weight_of
from bot.matching.document import Document
from bot.matching.scanning.terms import Scanner
from bot.model import Actor, Catalogue, Level
from bot.model.catalogue import AliasKind
from tests.unit.matching.samples import aliases, document

NORWAY = Actor(
    id="norway",
    name="Norway",
    aliases=(
        *aliases(AliasKind.NAME, "Norway"),
        *aliases(AliasKind.CAPITAL, "Oslo"),
        *aliases(AliasKind.INSTITUTION, "Bank of Norway", "Stortinget"),
        *aliases(AliasKind.CITY, "Bergen"),
        *aliases(AliasKind.CURRENCY, "krone"),
        *aliases(AliasKind.COMPANY, "Fjordfisk"),
    ),
)

SCANNER = Scanner(Catalogue(actors=(NORWAY,)))

WEIGHTS = st.lists(st.floats(min_value=0, max_value=20), max_size=8)


def weight(article: Document) -> float:
    return weight_of(SCANNER.scan(article), article)


def score(article: Document, *, others: float = 0.0) -> float:
    return score_of(SCANNER.scan(article), article, others=others)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Fjordfisk sold nets. " * 9, id="a company, however often"),
        pytest.param("It costs a krone. " * 9, id="money, however often"),
        pytest.param("Fjordfisk paid each krone. " * 9, id="both"),
    ],
)
def test_business_alone_is_never_about_a_country(text: str) -> None:
    """Companies sell and money is paid in other countries too."""
    assert level_of(score(document(text, title=text[:20]))) is Level.MENTION


def test_business_adds_to_what_else_is_said() -> None:
    """Beside another mention a company makes an article more about its country."""
    assert score(document("Oslo waits for Fjordfisk.")) > score(document("Oslo waits for rain."))


@pytest.mark.parametrize(
    ("less", "more"),
    [
        pytest.param("Fjordfisk waits.", "Bergen waits.", id="a company and a city"),
        pytest.param("Bergen waits.", "Oslo waits.", id="a city and the capital"),
        pytest.param("Stortinget waits.", "Norway waits.", id="an institution and the name"),
        pytest.param("Stortinget waits.", "The Bank of Norway waits.", id="an institution, and one with the name in it"),
        pytest.param("It rained long and hard on Norway.", "Norway had rain, long and hard.", id="later and earlier"),
    ],
)
def test_what_says_more_of_a_country_weighs_more(less: str, more: str) -> None:
    """Names weigh most, then seats of power, then cities, then companies; and what comes first weighs more."""
    assert weight(document(less)) < weight(document(more))


def test_an_institution_with_the_name_weighs_as_the_name() -> None:
    """It hides the name that stands in it."""
    assert weight(document("The Bank of Norway waits.")) == weight(document("Old Norway waits."))


@given(WEIGHTS, st.floats(min_value=0, max_value=20))
def test_one_more_never_makes_a_crowd_smaller(weights: list[float], one: float) -> None:
    """Whoever comes to a crowd adds to it or, weighing nothing, changes nothing."""
    assert crowd_of([*weights, one]) >= crowd_of(weights) * (1 - 1e-9)


@given(WEIGHTS)
def test_a_crowd_lies_between_its_greatest_and_its_sum(weights: list[float]) -> None:
    """It is as much as the one that fills the article at least, and never more than all together."""
    crowd = crowd_of(weights)

    assert max(weights, default=0.0) * (1 - 1e-9) <= crowd <= math.fsum(weights) * (1 + 1e-9)


def test_a_list_pushes_aside_less_than_one_that_fills_the_article() -> None:
    """Six names in passing leave more room than one that is spoken of all the time."""
    article = document("Nobody in Norway waits.")

    assert score(article, others=crowd_of([0.5] * 6)) > score(article, others=crowd_of([3.0]))
