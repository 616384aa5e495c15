"""Laws of overlays: what one server changes about actors holds for it as though it stood in the files, and for nobody else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.document import Document
from bot.matching.queries.meanings import Meanings
from bot.matching.queries.names import ACTOR, Names
from bot.matching.scanning.overrides import Overlays, catalogue_of, changed_actors
from bot.matching.scanning.terms import Scanner
from bot.model import (
    Actor,
    Alias,
    AliasKind,
    AnyOf,
    Catalogue,
    Overlay,
    Override,
    Pattern,
    Phrase,
    Rules,
    Strength,
    Subject,
    Topic,
)

SEVEN, NINE = 7, 9


def alias(text: str, kind: AliasKind = AliasKind.NAME, *, unsure: bool = False) -> Alias:
    return Alias(text=text, kind=kind, unsure=unsure)


CATALOGUE = Catalogue(
    actors=(
        Actor(
            id="north-korea",
            name="North Korea",
            aliases=(
                alias("North Korea"),
                alias("Pyongyang", AliasKind.CAPITAL),
                alias("the North", AliasKind.WEAK),
                alias("North Korean Navy", AliasKind.INSTITUTION),
            ),
            beside=("north-korea", "south-korea"),
        ),
        Actor(id="south-korea", name="South Korea", aliases=(alias("South Korea"), alias("Seoul", AliasKind.CAPITAL))),
        Actor(
            id="united-states",
            name="United States",
            aliases=(alias("United States"), alias("Washington", AliasKind.CAPITAL, unsure=True)),
            decoys=("Washington Post", "Seoul Food"),
        ),
        Actor(id="club", name="Club", aliases=(alias("FC Seoul"),), decoys=("Seoul Food",)),
    ),
    topics=(
        Topic(
            id="pact",
            name="Pact",
            patterns=(Pattern(lemmas=(("sign",), ("pact",)), actors=("north-korea", "south-korea"), at_least=2),),
        ),
    ),
)
WORDS = (
    *("North Korea", "Pyongyang", "the North", "North Korean Navy", "South Korea", "Seoul", "FC Seoul", "Seoul Food"),
    *("United States", "Washington", "Washington Post", "Hermit Kingdom", "The Post", "Navy", "Acme", "signed a pact"),
)


def rules(*overrides: Override, server: int = SEVEN) -> Rules:
    return Rules(number=1, catalogue=CATALOGUE, watches=(), overlays=(Overlay(server=server, overrides=overrides),))


def added(actor: str, text: str, kind: AliasKind | None = AliasKind.NAME) -> Override:
    return Override(actor=actor, text=text, kind=kind)


def taken(actor: str, text: str, kind: AliasKind | None = AliasKind.NAME) -> Override:
    return Override(actor=actor, text=text, kind=kind, taken=True)


def found(scanner: Scanner, text: str) -> list[tuple[str, str, Strength]]:
    hits = scanner.scan(Document(title="", text=text))
    return [(hit.leaf.id, hit.alias, hit.strength) for hit in hits if isinstance(hit.leaf, Subject)]


_overrides = st.builds(
    Override,
    actor=st.sampled_from([*(one.id for one in CATALOGUE.actors), "acme"]),
    text=st.sampled_from(WORDS),
    kind=st.sampled_from([None, *AliasKind]),
    taken=st.booleans(),
)
_overlays = st.lists(_overrides, max_size=8, unique_by=lambda one: (one.actor, one.text))
_texts = st.lists(st.sampled_from([*WORDS, "said", "and", "."]), max_size=14).map(" ".join)


@given(overrides=_overlays, text=_texts)
def test_an_overlay_finds_what_a_catalogue_with_it_would_find(overrides: Sequence[Override], text: str) -> None:
    """However forms are added and taken away, the shared automaton gives the same hits as one built for that server alone."""
    these = rules(*overrides)

    mine = Overlays(these).of(SEVEN).scan(Document(title="", text=text))

    alone = Scanner(catalogue_of(these, SEVEN)).scan(Document(title="", text=text))
    assert sorted(map(repr, mine)) == sorted(map(repr, alone))


@given(overrides=_overlays, text=_texts)
def test_who_is_not_named_finds_what_all_others_find(overrides: Sequence[Override], text: str) -> None:
    """Where nothing that a server has changed stands in an article, its own look may be left out."""
    overlays, document = Overlays(rules(*overrides)), Document(title="", text=text)

    if SEVEN not in overlays.servers(document):
        assert sorted(map(repr, overlays.of(SEVEN).scan(document))) == sorted(map(repr, overlays.shared.scan(document)))


@given(overrides=_overlays, words=st.sampled_from([*WORDS, *(one.id for one in CATALOGUE.actors), "acme", "pact"]))
def test_a_server_knows_the_names_that_a_catalogue_with_its_changes_has(overrides: Sequence[Override], words: str) -> None:
    """However forms are added and taken away, the same words name somebody; where several claim them, it is one of these."""
    laid = catalogue_of(rules(*overrides), SEVEN)

    mine = Names(CATALOGUE).laid_over(changed_actors(CATALOGUE, overrides)).of_kind(ACTOR, words)

    claiming = {one.subject for one in laid.actors if Names(Catalogue(actors=(one,))).of_kind(ACTOR, words)}
    assert (mine.id in claiming) if mine else not claiming


def test_what_one_server_adds_no_other_finds() -> None:
    """An alias, and an actor of its own, are there for one server, and the shared scan knows nothing of either."""
    overlays = Overlays(rules(added("north-korea", "Hermit Kingdom"), added("acme", "Acme")))
    text = "Acme left the Hermit Kingdom."

    views = {server: found(overlays.of(server), text) for server in (0, SEVEN, NINE)}

    assert views[SEVEN] == [("actor:acme", "Acme", Strength.STRONG), ("actor:north-korea", "Hermit Kingdom", Strength.STRONG)]
    assert views[0] == views[NINE] == []


def test_what_is_taken_away_frees_what_stood_inside() -> None:
    """Without the decoy the capital in it is found; without the alias nothing is."""
    overlays = Overlays(rules(taken("united-states", "Washington Post", None), taken("north-korea", "Pyongyang")))

    assert found(overlays.of(SEVEN), "The Washington Post in Pyongyang") == [
        ("actor:united-states", "Washington", Strength.UNSURE)
    ]


def test_a_decoy_that_two_actors_have_stays_while_one_has_it() -> None:
    """One actor gives it up, and the other still hides the name in it."""
    overlays = Overlays(rules(taken("united-states", "Seoul Food", None)))

    assert found(overlays.of(SEVEN), "Seoul Food opened.") == []


def test_what_the_operator_changes_holds_for_everybody() -> None:
    """The overlay of server 0 lies under that of every server."""
    theirs = Overlay(server=0, overrides=(added("north-korea", "Hermit Kingdom"),))
    mine = Overlay(server=SEVEN, overrides=(taken("north-korea", "Hermit Kingdom"),))
    overlays = Overlays(Rules(number=1, catalogue=CATALOGUE, watches=(), overlays=(theirs, mine)))

    views = [len(found(overlays.of(server), "The Hermit Kingdom spoke.")) for server in (0, NINE, SEVEN)]

    assert views == [1, 1, 0]


@pytest.mark.parametrize(
    ("override", "query", "words"),
    [
        pytest.param(
            added("north-korea", "Hermit Kingdom"), "actor:north-korea", ["Hermit Kingdom", "Hermit Kingdoms"], id="added"
        ),
        pytest.param(added("south-korea", "ROK"), "actor:north-korea", ["ROK"], id="beside whom weak names count"),
        pytest.param(added("south-korea", "ROK"), "topic:pact", ["ROK"], id="in a pattern"),
        pytest.param(
            taken("united-states", "Washington Post", None), "actor:united-states", ["Washington Post"] * 2, id="freed"
        ),
        pytest.param(taken("united-states", "Washington Post", None), "actor:south-korea", [], id="of somebody else"),
        pytest.param(added("united-states", "Seoul Times", None), "actor:south-korea", [], id="hidden"),
    ],
)
def test_a_search_looks_where_no_shared_mention_is(override: Override, query: str, words: list[str]) -> None:
    """The archive knows shared names alone, so the words that are a server's own are looked for, and no others."""
    read = Meanings().understand(rules(override), SEVEN)(query)

    looked = [part.words for part in read.wide.parts[1:] if isinstance(part, Phrase)] if isinstance(read.wide, AnyOf) else []
    assert read.query == Subject(query)
    assert {word.rstrip("s") for word in looked} == {word.rstrip("s") for word in words}


def test_a_query_is_read_by_the_names_of_its_author() -> None:
    """Who added the name is understood; of all others it is a phrase."""
    these, meanings = rules(added("acme", "Acme")), Meanings()

    readings = [meanings.understand(these, server)("Acme").query for server in (SEVEN, NINE)]

    assert readings == [Subject("actor:acme"), Phrase("Acme")]
    assert meanings.understand(these, SEVEN, author=0)("Acme").query == Phrase("Acme")
