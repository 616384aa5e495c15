"""Laws of the main event of a text, with the real model: who does what to whom, whoever they are, in the words of the text."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bot.config.acts import read_acts
from bot.language.parsing import load
from bot.matching.relations.events import Event, Events
from bot.model import Root


@cache
def events() -> Events:
    parser = load()
    assert parser is not None, "the English model is locked as a dependency"
    return Events(read_acts(Path("config/acts.toml")), parser)


def event(source: str | None, target: str | None, root: Root | None) -> Event:
    return Event(source=source, target=target, root=root)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Norway attacked Sweden.", event("Norway", "Sweden", Root.ASSAULT), id="two states"),
        pytest.param("Sweden was attacked by Norway.", event("Norway", "Sweden", Root.ASSAULT), id="passive"),
        pytest.param(
            "The new Norwegian minister met Swedish farmers, officials said.",
            event("Norwegian minister", "Swedish farmers", Root.CONSULT),
            id="people with what tells their nation, and not who says so",
        ),
        pytest.param(
            "Thousands of Danish students protested in the rain.",
            event("Danish students", None, Root.PROTEST),
            id="a number of",
        ),
        pytest.param(
            "The president of Iceland thanked Denmark.", event("president of Iceland", "Denmark", Root.SUPPORT), id="an office"
        ),
        pytest.param("Norway said it would help Finland.", event("Norway", "Finland", Root.AID), id="a pronoun in own words"),
        pytest.param(
            "Norway threatened to attack the island of its neighbour.",
            event("Norway", None, Root.THREATEN),
            id="aimed at nobody by itself",
        ),
        pytest.param(
            "Two Swedes were arrested on Monday.", event(None, "Swedes", Root.COERCE), id="nobody is said to have done it"
        ),
        pytest.param(
            "Two Swedes were killed in a Danish raid.", event("Danish", "Swedes", Root.ASSAULT), id="by the act it stands in"
        ),
        pytest.param(
            "OSLO, May 3 (Agency) -- Norway attacked Sweden.", event("Norway", "Sweden", Root.ASSAULT), id="behind a dateline"
        ),
        pytest.param("Sweden was told to leave Norway.", event(None, None, None), id="who is made to act is no source"),
        pytest.param("It rained.", event(None, None, None), id="nobody"),
        pytest.param("", event(None, None, None), id="nothing"),
        pytest.param("Norway attacked " + "and attacked " * 200 + "Sweden.", event(None, None, None), id="no sentence"),
    ],
)
def test_the_main_event_is_named_in_the_words_of_the_text(text: str, found: Event) -> None:
    """Each end is what the text calls it; what nobody names, and what is not sure, is left out."""
    assert events().of([text]) == [found]


def test_of_several_sentences_the_one_that_tells_most_is_taken() -> None:
    """A sentence with both ends goes before one with a single end, and texts do not mix."""
    texts = ["Norway waited. Denmark attacked Sweden. Iceland slept.", "Finland thanked Iceland."]

    assert [(one.source, one.target) for one in events().of(texts)] == [("Denmark", "Sweden"), ("Finland", "Iceland")]
