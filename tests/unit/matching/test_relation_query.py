"""Laws of `relation:` in a query: how it is read, written and put into words, and how it is refused."""

from __future__ import annotations

import pytest

from bot.errors import QueryError
from bot.matching.queries.query import parse
from bot.matching.relations.wording import in_words
from bot.model import ACTS, AllOf, Catalogue, Phrase, Relation, Scope, Subject, Within, Without
from tests.unit.matching.samples import CATALOGUE, JAPAN, RUSSIA

NORTH = Subject("actor:north-korea")
BEAR = Subject("actor:russia")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param(
            "relation:(source=actor:north-korea target=actor:russia act=aid)",
            Relation(source=NORTH, target=BEAR, act="aid"),
            id="all parts",
        ),
        pytest.param("relation:(act=aid AND source=dprk)", Relation(source=NORTH, act="aid"), id="another order, an alias"),
        pytest.param("relation:(target=russia source=dprk)", Relation(source=NORTH, target=BEAR), id="any act"),
        pytest.param('relation:(target="North Korea" act="aid")', Relation(target=NORTH, act="aid"), id="in quotation marks"),
        pytest.param('relation:(target=actor:"North Korea" act=aid)', Relation(target=NORTH, act="aid"), id="the name quoted"),
        pytest.param('relation:(target="actor:russia" act=aid)', Relation(target=BEAR, act="aid"), id="the whole quoted"),
        pytest.param("relation:(target = russia act = aid)", Relation(target=BEAR, act="aid"), id="room around ="),
        pytest.param("RELATION:(Target=Russia Act=AID)", Relation(target=BEAR, act="aid"), id="capitals"),
        pytest.param(
            'relation:(target=russia act="material conflict")', Relation(target=BEAR, act="material-conflict"), id="a class"
        ),
        pytest.param(
            "title:relation:(target=russia act=aid)", Within(Scope.TITLE, Relation(target=BEAR, act="aid")), id="in a scope"
        ),
        pytest.param(
            "x AND NOT relation:(target=russia act=aid)",
            AllOf((Phrase("x"), Without(Relation(target=BEAR, act="aid")))),
            id="beside others",
        ),
    ],
)
def test_a_relation_is_read(text: str, meant: object) -> None:
    """Each part may stand first, quoted or bare, an actor by any of its names; written out it means the same."""
    understood = parse(text, CATALOGUE)

    assert understood.query == meant
    assert parse(understood.written, CATALOGUE).query == meant


@pytest.mark.parametrize(
    ("text", "words", "at"),
    [
        pytest.param("relation:(source=actor:russia)", "one part more", 9, id="one actor alone"),
        pytest.param("relation:(act=aid)", "one part more", 9, id="nobody"),
        pytest.param("relation:(source=actor:russia target=russia)", "the same actor", 9, id="to oneself"),
        pytest.param("relation:(source=actor:rusia act=aid)", "did you mean actor:russia?", 17, id="a misspelt actor"),
        pytest.param("relation:(source=actor:zzz act=aid)", "actor list names all", 17, id="an unknown actor"),
        pytest.param("relation:(source=topic:x act=aid)", "are actors", 17, id="a topic that acts"),
        pytest.param("relation:(source=russia act=aidd)", "did you mean aid?", 28, id="a misspelt act"),
        pytest.param("relation:(source=russia act=zzz)", "known are agree,", 28, id="an unknown act"),
        pytest.param("relation:(source=russia act=assault)", "No word stands for", 28, id="an act without words"),
        pytest.param("relation:(act=aid act=aid)", "act= stands twice", 22, id="an act too many"),
        pytest.param("relation:(source=russia source=japan)", "source= stands twice", 31, id="a source too many"),
        pytest.param("relation:(act=aid OR source=russia)", "without OR", 18, id="OR"),
        pytest.param("relation:(act=aid, source=russia)", "or commas", 17, id="a comma"),
        pytest.param("relation:(NOT act=aid source=russia)", "without OR, NOT", 10, id="NOT"),
        pytest.param("relation:(sorce=russia act=aid)", "did you mean source?", 10, id="a misspelt part"),
        pytest.param("relation:(source=North Korea act=aid)", 'source="North Korea"', 23, id="a name in two words"),
        pytest.param("relation:russia", "is written as", 9, id="no parts"),
        pytest.param("actor:relation:(act=aid source=russia)", "only names", 6, id="in a name"),
    ],
)
def test_a_relation_that_cannot_be_read_is_refused(text: str, words: str, at: int) -> None:
    """The sentence names the part and the mend, and its place is pointed at."""
    with pytest.raises(QueryError) as caught:
        parse(text, CATALOGUE)

    assert words in str(caught.value)
    assert str(caught.value).endswith((".", "?"))
    assert caught.value.at == at


@pytest.mark.parametrize(
    ("relation", "said"),
    [
        (Relation(source=NORTH, target=BEAR, act="cooperate"), "North Korea cooperates with Russia"),
        (Relation(source=NORTH, act="assault"), "North Korea attacks somebody"),
        (Relation(target=BEAR, act="material-conflict"), "somebody acts against Russia"),
        (Relation(source=NORTH, target=BEAR), "North Korea does or says something to Russia"),
    ],
)
def test_a_relation_is_told_in_words(relation: Relation, said: str) -> None:
    """A preview says as a sentence what is asked for."""
    assert in_words(relation, CATALOGUE.name_of) == said


@pytest.mark.parametrize("act", ACTS)
def test_every_act_has_words(act: str) -> None:
    """Each root and each class can be told in words that name both."""
    said = in_words(Relation(source=NORTH, target=BEAR, act=act), CATALOGUE.name_of)

    assert said.startswith("North Korea ")
    assert "Russia" in said


def test_the_reply_says_in_words_what_is_asked_for() -> None:
    """Whoever saves a relation reads it as a sentence."""
    note = parse("relation:(source=dprk target=russia act=aid) AND x", CATALOGUE).note

    assert "Asks for sentences that say: North Korea gives aid to Russia." in note


def test_without_acts_only_any_act_can_be_asked_for() -> None:
    """Where the catalogue has no words for acts, a relation of two actors can still be read."""
    bare = Catalogue(actors=(JAPAN, RUSSIA))

    assert parse("relation:(source=japan target=russia)", bare).query == Relation(source=Subject("actor:japan"), target=BEAR)
