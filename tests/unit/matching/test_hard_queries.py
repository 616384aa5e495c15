"""The hard cases of queries, over the catalogue that is shipped and with the language model: scopes, NOT, gaps, context, length."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.language.parsing import Parser
from bot.language.parsing import load as load_parser
from bot.matching.cascade import Cascade, Wanted
from bot.matching.document import Document
from bot.matching.queries.query import Interpreter
from bot.model import Level
from bot.sources.folders.documents import read
from bot.sources.folders.origin import Origin
from tests.unit.matching.test_hard_cases import CATALOGUE, SCANNER

INTERPRETER = Interpreter(CATALOGUE)
US_WITH_JAPAN = "sentence:(actor:united-states AND actor:japan)"


@pytest.fixture(scope="module")
def parser() -> Parser | None:
    return load_parser()


def level(query: str, document: Document, parser: Parser | None) -> Level | None:
    cascade = Cascade(SCANNER, [Wanted(query=INTERPRETER(query).query)], parser)
    (hits,) = cascade.read([document])
    (verdict,) = cascade.verdicts(hits, document)
    return verdict.level if verdict else None


ABOUT, MENTION, NONE = Level.ABOUT, Level.MENTION, None
FILLING = "The mill by the river was sold again last week. " * 8

CASES = {
    "abbreviations end no sentence": (US_WITH_JAPAN, "U.S. Rep. Smith met Gov. Jones and a Japanese envoy.", ABOUT),
    "two sentences": (US_WITH_JAPAN, "The U.S. waited. Japan did not.", NONE),
    "an abbreviation that ends one": (US_WITH_JAPAN, "They flew to the U.S. Later Japan called.", NONE),
    "a quotation ends a sentence": (
        "sentence:(actor:china AND actor:japan)",
        "\u201cChina will wait.\u201d Japan was silent.",
        NONE,
    ),
    "a quotation inside a sentence": (
        "sentence:(actor:china AND actor:japan)",
        "\u201cChina will wait,\u201d Japan\u2019s minister said.",
        ABOUT,
    ),
    "initials end no sentence": ("sentence:(actor:china AND actor:japan)", "China named J. R. Smith envoy to Japan.", ABOUT),
    "a paragraph": ("paragraph:(actor:iran AND actor:iraq)", "Iran spoke. Iraq listened.\n\nIt rained.", ABOUT),
    "two paragraphs": ("paragraph:(actor:iran AND actor:iraq)", "Iran spoke. It rained.\n\nIraq listened.", NONE),
    "not, where it is there": ("actor:china AND NOT actor:taiwan", "China sent ships around Taiwan.", NONE),
    "not, where a decoy looks like it": (
        "actor:japan AND NOT actor:united-states",
        "Japan answered the Washington Post and American Airlines.",
        ABOUT,
    ),
    "not, where the model sees a person": (
        "actor:japan AND NOT actor:united-states",
        "Japan has a street that is named after Washington Irving.",
        ABOUT,
    ),
    "not of a phrase, in another case": ('actor:china AND NOT "table tennis"', "China won at Table Tennis.", NONE),
    "words with a gap": ('"missile test"~2', "A missile and rocket test is near.", ABOUT),
    "a gap too wide": ('"missile test"~2', "A missile stood by the wall of the test site.", NONE),
    "a gap in the wrong order": ('"missile test"~2', "The test of a missile is near.", NONE),
    "a phrase over a hyphen and a line": ('"long range missile"', "A long-range\nmissile fell.", ABOUT),
    "a beginning": ("sanction*", "The Sanctions-hit bank closed.", ABOUT),
    "a beginning that is inside": ("sanction*", "The unsanctioned march ended.", NONE),
    "a pronoun for a state": ("actor:united-states", "They told us to wait, and let us go.", NONE),
    "words that are capitals": ('"IT"', "It is late, and it rains.", NONE),
    "the context of the article": (
        "actor:jordan",
        f"Amman was quiet on Monday. {FILLING}Jordan was tired, and Jordan slept.",
        ABOUT,
    ),
    "a player without context": ("actor:jordan", "Jordan Miller scored thirty points. Jordan was pleased.", NONE),
    "a mention late in a long text": ("actor:peru", f"{FILLING}A cousin of the miller lives in Lima.", MENTION),
    "a dateline is no subject": (
        "actor:south-korea",
        f"SEOUL (AP) \u2014 {FILLING}China, China's rivals and China's friends met over China's ports.",
        MENTION,
    ),
    "either, one of them weak": ("actor:north-korea OR actor:japan", "The North won the Civil War.", NONE),
    "weak names of partners": ("actor:north-korea AND actor:south-korea", "Seoul said that the North fired shells.", MENTION),
    "the text alone": ("text:actor:iran", "It rained.", NONE),
    "late in a long text without spaces": (
        "actor:peru",
        f"{'昨日の市場は静かで、川辺の水車小屋がまた売りに出された。' * 12}秘魯の船も通った。ペルーの船も通った。",
        MENTION,
    ),
    "Korean particles": ("actor:north-korea AND actor:japan", "북한은 일본에 대한 성명을 냈다.", ABOUT),
    "a language": ("actor:north-korea AND lang:ko", "북한은 오늘 성명을 내고 대화에 나서지 않겠다고 밝혔다.", ABOUT),
    "another language": ("actor:north-korea AND lang:ja", "북한은 오늘 성명을 내고 대화에 나서지 않겠다고 밝혔다.", NONE),
}


@pytest.mark.parametrize(("query", "text", "wanted"), CASES.values(), ids=CASES)
def test_queries_that_have_fooled_others(query: str, text: str, wanted: Level | None, parser: Parser | None) -> None:
    """A query is answered at its level by what is meant, and by nothing that only looks like it."""
    language = "ko" if "북한" in text else "en"

    assert wanted == level(query, Document(title="", text=text, language=language), parser)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        pytest.param("title:actor:turkey", ABOUT, id="in the title"),
        pytest.param("text:actor:turkey", NONE, id="not in the text"),
        pytest.param("actor:turkey", ABOUT, id="anywhere"),
        pytest.param("title:(actor:turkey AND actor:greece)", NONE, id="both in the title"),
    ],
)
def test_the_title_is_a_place_of_its_own(query: str, wanted: Level | None, parser: Parser | None) -> None:
    """What stands in the title alone is in no other scope, and is about the article."""
    document = Document(title="T\u00fcrkiye\u2019s ferry returns", text=f"{FILLING}Athens was told.", language="en")

    assert wanted == level(query, document, parser)


def test_a_caption_with_a_date_is_no_sentence_of_the_article(parser: Parser | None) -> None:
    """Where a caption and a date run into the text, what they name is not what the article speaks of."""
    text = (
        "date 2024-02-29 A tanker off Qatar, January 3. (AP)      Brazil and Peru opened a bridge. It took six years to build."
    )
    document = read(text.encode(), Origin(name="bridge.txt", now=datetime(2026, 11, 1, tzinfo=UTC)))
    (draft,) = document.drafts
    article = Document(title=draft.title, text=draft.text, headless=draft.headless, language="en")

    assert level("actor:qatar", article, parser) is None
    assert level("actor:brazil", article, parser) is Level.ABOUT
