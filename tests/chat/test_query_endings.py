"""Laws of what is offered while somebody types a query."""

from __future__ import annotations

import pytest

from bot.chat.query_endings import endings

KNOWN = ["actor:bosnia-and-herzegovina", "actor:north-korea", "actor:north-macedonia", "actor:russia", "topic:sanctions"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        pytest.param("rus", ["actor:russia"], id="a name"),
        pytest.param("actor:rus", ["actor:russia"], id="with its kind"),
        pytest.param("north", ["actor:north-korea", "actor:north-macedonia"], id="several"),
        pytest.param("North Kor", ["actor:north-korea"], id="a name of two words"),
        pytest.param("bosnia and her", ["actor:bosnia-and-herzegovina"], id="a name with a joining word"),
        pytest.param("missile AND rus", ["missile AND actor:russia"], id="after an operator"),
        pytest.param("missile AND north kor", ["missile AND actor:north-korea"], id="two words after an operator"),
        pytest.param("missile AND", [], id="an operator is no name"),
        pytest.param("missile AND ", [], id="nor is nothing"),
        pytest.param("(rus", ["(actor:russia"], id="in a bracket"),
        pytest.param("title:rus", ["title:actor:russia"], id="in a scope"),
        pytest.param("topic:san", ["topic:sanctions"], id="a topic"),
        pytest.param("missile -rus", ["missile -actor:russia"], id="after a minus"),
        pytest.param("zemlya-rus", [], id="not within a word"),
        pytest.param('"north', [], id="not in quotation marks"),
        pytest.param('"sea trial" AND rus', ['"sea trial" AND actor:russia'], id="behind a phrase"),
        pytest.param("rel", ["relation:(source="], id="a relation"),
        pytest.param("relation:(source=rus", ["relation:(source=actor:russia"], id="who acts"),
        pytest.param("relation:(source=san", [], id="a topic does nothing"),
        pytest.param("relation:(source=actor:russia tar", ["relation:(source=actor:russia target="], id="the next part"),
        pytest.param(
            "relation:(source=actor:russia target=north k",
            ["relation:(source=actor:russia target=actor:north-korea"],
            id="to whom, in two words",
        ),
        pytest.param(
            "relation:(source=actor:russia act=coo",
            [f"relation:(source=actor:russia act={act}" for act in ("cooperate", "verbal-cooperation", "material-cooperation")],
            id="the act",
        ),
    ],
)
def test_the_end_of_a_query_is_completed(typed: str, offered: list[str]) -> None:
    """Its last words become the actor, topic, act or part of a relation that they begin; what stands before stays."""
    assert list(endings(typed, KNOWN)) == offered


def test_what_begins_so_goes_before_what_holds_it() -> None:
    """Who types the first letters of a name finds it first."""
    assert list(endings("ko", ["actor:north-korea", "actor:kosovo"])) == ["actor:kosovo", "actor:north-korea"]
