"""Laws of finding mentions: the hard cases of names, decoys, capitals and context."""

from __future__ import annotations

from datetime import date

import pytest

from bot.matching.document import Document, Hit
from bot.matching.scanning.terms import Scanner
from bot.model import Actor, Alias, AliasKind, Catalogue, Place, Strength
from tests.unit.matching.samples import CATALOGUE, JAPAN, aliases, document

SCANNER = Scanner(CATALOGUE)


def counting(text: str, title: str = "") -> list[str]:
    """Return what counts, or may, in the order of the text."""
    article = document(text, title)
    return [written(hit, article) for hit in SCANNER.scan(article) if hit.strength >= Strength.UNSURE and hit.rule != "pattern"]


def written(hit: Hit, article: Document) -> str:
    part = article.title if hit.place is Place.TITLE else article.text
    return part.text[hit.start : hit.end]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("They told us about the US plan", ["US"], id="pronoun and country"),
        pytest.param("Denzel Washington stars in it", [], id="an actor's name"),
        pytest.param("George Washington crossed the Delaware", [], id="a president"),
        pytest.param("Wildfires spread in Washington state", [], id="a state"),
        pytest.param("The Washington Post reported", [], id="a newspaper"),
        pytest.param("Washington urged Tokyo to act", ["Washington", "Tokyo"], id="capitals as governments"),
        pytest.param(
            "The North accused the South, KCNA said after North Korea's launch",
            ["The North", "the South", "KCNA", "North Korea"],
            id="weak names beside a sure one",
        ),
        pytest.param("Voters in the north of England", [], id="a direction"),
        pytest.param("The North won the Civil War", [], id="a weak name alone"),
        pytest.param("FC Seoul beat Jeonbuk 2-1", [], id="a football club"),
        pytest.param("Seoul National University researchers", [], id="a university"),
        pytest.param("Seoul protested to Tokyo", ["Seoul", "Tokyo"], id="two governments"),
        pytest.param("S.Korea-N.Korea border", ["S.Korea", "N.Korea"], id="initials and a hyphen"),
        pytest.param("North\u2010Korean troops", ["North\u2010Korean"], id="another hyphen"),
        pytest.param("Kim Jong\u2011un spoke", ["Kim Jong\u2011un"], id="a non-breaking hyphen"),
        pytest.param("North\u00a0Korea said", ["North\u00a0Korea"], id="a non-breaking space"),
        pytest.param("The DPRK\u2019s ministry", ["DPRK"], id="a curly possessive"),
        pytest.param("NORTH KOREA LAUNCHES ROCKET", ["NORTH KOREA"], id="a headline in capitals"),
        pytest.param("JAPAN TOLD US TO WAIT AND SEE", ["JAPAN"], id="us in capitals is undecidable"),
        pytest.param("JAPAN AND THE U.S. AGREE", ["JAPAN", "U.S."], id="dots decide it"),
        pytest.param("North Macedonia's Pyongyang embassy", ["Pyongyang"], id="a capital is its country"),
        pytest.param("anti-North Korea leaflets", ["North Korea"], id="behind a prefix"),
        pytest.param("North Korean defectors, North Koreans", ["North Korean", "North Koreans"], id="demonym and its plural"),
        pytest.param("Japan Tobacco raised prices", [], id="a company"),
        pytest.param("The Bank of Japan raised rates", ["Bank of Japan"], id="an institution swallows the name in it"),
        pytest.param("The USS Carl Vinson and the rok of ages", [], id="no plural, no small letters for short names"),
        pytest.param("NK alone and Kim Kardashian", [], id="a weak name and a decoy"),
        pytest.param("Corée du Nord, the Koreas", [], id="forms that nobody named"),
        pytest.param("北朝鮮がミサイルを発射、북한은", ["北朝鮮", "북한"], id="east asian names inside a run"),
    ],
)
def test_hard_cases(text: str, expected: list[str]) -> None:
    """What counts, or may count, are the names of the watched and nothing that only looks like them."""
    assert expected == counting(text)


def test_a_sure_name_in_the_title_makes_weak_ones_count_in_the_text() -> None:
    """Title and text are scanned each for itself but stand for one article."""
    assert counting("Kim visited a factory.", title="Pyongyang reports") == ["Pyongyang", "Kim"]


def test_a_sure_name_settles_unsure_ones_of_the_same_actor() -> None:
    """Jordan beside Amman is the country without asking a model."""
    hits = SCANNER.scan(document("Jordan said its army shot down drones over Amman."))

    assert [(hit.alias, hit.strength) for hit in hits] == [("Jordan", Strength.CONTEXT), ("Amman", Strength.STRONG)]


def test_weak_names_need_their_capitals() -> None:
    """A weak or unsure name in other letters than its own is another word."""
    assert counting("North Korea. Turn to the north, kim.") == ["North Korea"]


def test_dots_of_an_alias_are_needed_in_the_text() -> None:
    """An alias written with dots, such as N.K., is not the same letters without them."""
    scanner = Scanner(Catalogue(actors=(Actor(id="nk", name="North", aliases=aliases(AliasKind.NAME, "N.K.")),)))

    assert [len(scanner.scan(document(text))) for text in ("N.K. leader", "NK cells")] == [1, 0]


def test_forms_that_share_a_span_are_all_kept() -> None:
    """A name of two actors is a mention of both."""
    other = Actor(id="olympics", name="Games", aliases=aliases(AliasKind.NAME, "Tokyo"))
    scanner = Scanner(Catalogue(actors=(JAPAN, other)))

    assert {hit.leaf.id for hit in scanner.scan(document("Tokyo won"))} == {"actor:japan", "actor:olympics"}  # type: ignore[union-attr]  # subjects all


def test_one_span_counts_once_for_an_actor() -> None:
    """Two aliases of one actor on the same words are one mention, by the surer of them."""
    nato = Actor(id="nato", name="NATO", aliases=aliases(AliasKind.NAME, "NATO", "Nato") + aliases(AliasKind.WEAK, "nato"))

    hits = Scanner(Catalogue(actors=(nato,))).scan(document("They met at NATO in spring."))

    assert [hit.strength for hit in hits] == [Strength.STRONG]


def test_a_decoy_on_the_words_of_a_plural_takes_them() -> None:
    """A decoy that is written like the plural of an alias hides it."""
    actor = Actor(id="x", name="Korean", aliases=aliases(AliasKind.NAME, "Korean"), decoys=("Koreans",))

    assert Scanner(Catalogue(actors=(actor,))).scan(document("The Koreans is a film.")) == []


def test_topic_phrases_may_overlap_actors_but_not_each_other() -> None:
    """The longest phrase of a topic wins; actors inside phrases of topics stay."""
    hits = SCANNER.scan(document("On trilateral security cooperation with Japan they agree."))

    assert [hit.alias for hit in hits] == ["trilateral security cooperation", "Japan"]


def test_hits_know_their_place() -> None:
    """A hit says whether it stands in title, lead or body, and how many words stand before it."""
    article = document("One sentence here. Another one on Japan. A third on Tokyo.", title="Japan again")

    hits = SCANNER.scan(article)

    assert [(hit.place, hit.word) for hit in hits] == [(Place.TITLE, 0), (Place.LEAD, 6), (Place.BODY, 10)]


def test_an_empty_catalogue_finds_nothing() -> None:
    """Without actors and topics there is nothing to find."""
    assert Scanner(Catalogue()).scan(document("North Korea")) == []


def test_forms_without_a_letter_left_find_nothing() -> None:
    """An alias of invisible characters is found nowhere, rather than everywhere."""
    scanner = Scanner(Catalogue(actors=(Actor(id="x", name="X", aliases=aliases(AliasKind.NAME, "\u200b")),)))

    assert scanner.scan(document("North Korea")) == []


IN_OFFICE = Catalogue(
    actors=(
        Actor(
            id="japan",
            name="Japan",
            aliases=(
                *aliases(AliasKind.NAME, "Japan"),
                Alias(text="Fumio Kishida", kind=AliasKind.LEADER, since=date(2021, 10, 4), until=date(2024, 10, 1)),
                Alias(text="Sanae Takaichi", kind=AliasKind.LEADER, since=date(2025, 10, 21)),
            ),
            beside=("japan",),
        ),
    )
)


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        pytest.param("Fumio Kishida spoke.", date(2023, 5, 1), Strength.STRONG, id="in office"),
        pytest.param("Fumio Kishida spoke.", date(2024, 10, 1), Strength.STRONG, id="on the last day"),
        pytest.param("Fumio Kishida spoke.", date(2025, 1, 1), Strength.WEAK, id="after it"),
        pytest.param("Fumio Kishida spoke.", date(2020, 1, 1), Strength.WEAK, id="before it"),
        pytest.param("Fumio Kishida spoke in Japan.", date(2025, 1, 1), Strength.CONTEXT, id="after it, beside a sure name"),
        pytest.param("Fumio Kishida spoke.", None, Strength.WEAK, id="of the past, and nobody knows the day"),
        pytest.param("Sanae Takaichi spoke.", None, Strength.STRONG, id="in office yet, and nobody knows the day"),
        pytest.param("Sanae Takaichi spoke.", date(2030, 1, 1), Strength.STRONG, id="with no end known"),
        pytest.param("Sanae Takaichi spoke.", date(2025, 10, 20), Strength.WEAK, id="on the day before"),
    ],
)
def test_leaders_count_by_themselves_while_in_office(text: str, day: date | None, expected: Strength) -> None:
    """Outside of office a leader is a weak name: it counts only beside a sure one."""
    hits = Scanner(IN_OFFICE).scan(Document(title="", text=text, day=day))

    assert {hit.strength for hit in hits if hit.rule == AliasKind.LEADER} == {expected}
