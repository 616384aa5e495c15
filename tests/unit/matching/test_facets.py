"""Laws of what holds for an article as a whole: its language and its source."""

from __future__ import annotations

import pytest

from bot.matching.document import Document
from bot.matching.evaluate import by_leaf, evaluate
from bot.matching.queries.query import parse
from bot.matching.scanning.phrases import Phrases
from bot.model import CONFIG_SERVER, Level, SourceName, leaves
from tests.unit.matching.samples import CATALOGUE

SOURCES = (SourceName("The Dáily News"), SourceName("news.example"), SourceName("Morning Post", 7))


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        pytest.param("shells AND lang:ko", True, id="its language"),
        pytest.param("shells AND lang:ja", False, id="another language"),
        pytest.param("shells AND NOT lang:ja", True, id="not another language"),
        pytest.param("shells AND (lang:ja OR lang:ko)", True, id="one of two"),
        pytest.param('shells AND source:"daily news"', True, id="words of the name"),
        pytest.param("shells AND source:dailies", False, id="no word of the name"),
        pytest.param("shells AND source:news.example", True, id="the host"),
        pytest.param("shells AND NOT source:daily", False, id="not this source"),
    ],
)
def test_a_facet_narrows_and_gives_no_level(query: str, holds: bool) -> None:
    """An article is taken only with the language and source asked for, and how much it is about is as without them."""
    text = "It rained all day. " * 20 + "Four shells."
    document = Document(title="", text=text, language="ko", sources=SOURCES)
    meant = parse(query, CATALOGUE).query
    found = by_leaf(Phrases(leaves(meant)).scan(document))

    verdict = evaluate(meant, found, document)

    assert holds == (verdict is not None)
    assert verdict is None or verdict.level is Level.MENTION


@pytest.mark.parametrize(
    ("author", "query", "holds"),
    [
        (7, "shells AND source:post", True),
        (7, "shells AND source:daily", True),
        (8, "shells AND source:post", False),
        (CONFIG_SERVER, "shells AND source:post", False),
        (8, "shells AND NOT source:post", True),
    ],
)
def test_a_source_is_called_as_its_author_calls_it(author: int, query: str, holds: bool) -> None:
    """Whoever asks goes by the names of the config and by their own; what another server calls a shared feed is nothing to them."""
    document = Document(title="", text="Four shells.", language="en", sources=SOURCES)
    meant = parse(query, CATALOGUE).query
    found = by_leaf(Phrases(leaves(meant)).scan(document))

    assert holds == (evaluate(meant, found, document, author=author) is not None)
