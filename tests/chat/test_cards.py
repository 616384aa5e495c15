"""Laws of the cards: what they say, and that Discord accepts them whatever is in the news."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.buttons import card_view
from bot.chat.cards import COLOURS, card_embed, listed, reasons_embed
from bot.chat.limits import within_limits
from bot.model import Alert, Card, Dated, Evidence, Fold, Headline, Level, Notice, Place, Precision, Reason, Term, Told
from tests.chat.limits import faults_of_embed, faults_of_message
from tests.chat.samples import DELIVERY, NOW, SENTENCE, a_fold, a_headline, a_reason, an_alert, shown
from tests.chat.test_harmless import texts

few = settings(max_examples=40)
"""Cards are slow to make up; the laws of single texts are tried more often."""

long_texts = st.one_of(texts, st.builds(lambda text, times: text * times, texts, st.integers(1, 200)))
moments = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
dates = st.none() | st.builds(Dated, at=moments, precision=st.sampled_from(Precision), rule=st.just("feed"))
urls = st.one_of(st.just("https://example.com/a"), texts, st.builds("https://example.com/{}".format, long_texts))


@st.composite
def evidences(draw: st.DrawFn) -> Evidence:
    """Any sentence with any spans in it."""
    sentence = draw(long_texts)
    starts = draw(st.lists(st.integers(0, max(0, len(sentence) - 1)), max_size=8)) if sentence else []
    spans = tuple((start, draw(st.integers(start + 1, len(sentence)))) for start in starts)
    terms = st.builds(Term, words=texts, subject=texts, rule=texts, count=st.integers(1, 99))
    return Evidence(
        sentence=sentence, spans=spans, place=draw(st.sampled_from(Place)), terms=tuple(draw(st.lists(terms, max_size=8)))
    )


titles = long_texts.filter(lambda text: bool(text.strip()))
headlines = st.builds(
    Headline,
    article_id=st.just(1),
    title=titles,
    url=urls,
    source=texts,
    published=dates,
    collected=moments,
    watches=st.lists(texts, max_size=12).map(tuple),
    level=st.sampled_from(Level),
    evidence=st.none() | evidences(),
    sample=st.booleans(),
)
roles = st.none() | st.integers(1, 2**63)
told = st.builds(Told, watch=long_texts, level=st.sampled_from(Level), score=st.floats(0, 1), role=roles)
alerts = st.builds(
    Alert,
    delivery_id=st.sampled_from(["", DELIVERY]),
    headline=headlines,
    evidence=evidences(),
    summary=st.lists(long_texts, max_size=4).map(tuple),
    watches=st.lists(told, max_size=30).map(tuple),
    more_sources=st.lists(long_texts, max_size=30).map(tuple),
    excerpt=long_texts,
    test=st.booleans(),
)
folds = st.builds(
    Fold, delivery_id=st.just(DELIVERY), count=st.integers(0, 9999), headlines=st.lists(headlines, max_size=12).map(tuple)
)

notices = st.builds(Notice, delivery_id=st.just(DELIVERY), title=long_texts, text=long_texts)


@few
@given(st.one_of(alerts, folds, notices))
async def test_discord_accepts_every_card(card: Card) -> None:
    """Whatever the article, the card and its buttons keep every limit of Discord."""
    message = {"embeds": [card_embed(card).to_dict()], "components": card_view(card).to_components()}

    assert faults_of_message(message) == []


@few
@given(
    st.lists(
        st.builds(
            Reason,
            watch=long_texts,
            query=long_texts,
            level=st.sampled_from(Level),
            wanted=st.sampled_from(Level),
            score=st.floats(0, 1),
            evidence=evidences(),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_discord_accepts_every_answer_to_why(reasons: list[Reason]) -> None:
    """However many watches took an article, the answer keeps every limit."""
    assert faults_of_embed(reasons_embed(reasons).to_dict()) == []


embeds = st.builds(
    discord.Embed,
    title=st.none() | long_texts,
    description=st.none() | long_texts,
    url=st.none() | urls,
    colour=st.none() | st.integers(0, 0xFFFFFF),
    timestamp=st.none() | moments,
)


@few
@given(embeds, st.lists(st.tuples(long_texts, long_texts), max_size=30), long_texts, long_texts)
def test_any_embed_is_made_to_fit(embed: discord.Embed, fields: list[tuple[str, str]], author: str, footer: str) -> None:
    """Parts are cut and empty ones left out until Discord accepts the whole."""
    for name, value in fields:
        embed.add_field(name=name, value=value)
    embed.set_author(name=author).set_footer(text=footer)

    fit = within_limits(embed).to_dict()

    assert set(faults_of_embed(fit)) <= {"empty", "encoding"}


def test_what_is_too_long_as_a_whole_loses_its_description_first() -> None:
    """Fields are the designed part of a card, so the description gives way, and only then the last fields."""
    embed = discord.Embed(title="t", description="word " * 600)
    for number in range(7):
        embed.add_field(name=str(number), value="x" * 1000)

    fit = within_limits(embed)

    assert fit.description is None
    assert [field.name for field in fit.fields] == ["0", "1", "2", "3", "4"]


def test_an_alert_of_a_relation_says_who_does_what_to_whom() -> None:
    """Under the sentence stands in one line who acts, what is done to whom, and who says so; names in it mention nobody."""
    told = "North Korea → Russia: sent troops (aid); said by @everyone"

    embed = card_embed(an_alert(evidence=replace(shown(), told=told)))

    quote, line = (embed.description or "").split("\n")
    assert quote.startswith("> ")
    assert line.startswith("North Korea → Russia: sent troops (aid); said by")
    assert "@everyone" not in line


def test_an_alert_says_what_why_where_and_when() -> None:
    """Title and link, evidence in bold, summary, watch with level, source, and the time as Discord shows it."""
    embed = card_embed(an_alert())

    assert embed.title == "Port expansion is a year late"
    assert embed.url == "https://example.com/port"
    assert embed.author.name == "Harbour Example"
    assert embed.description == "> Freight between Russia and **North Korea** makes up a third of what the railway carries."
    assert [(field.name, field.value) for field in embed.fields] == [
        ("In short", "The quay was to open last autumn. Steel is missing."),
        ("North Korea · about", f"<t:{int(NOW.timestamp()) - 7200}:R>"),
    ]
    assert embed.colour == COLOURS[Level.ABOUT]
    assert embed.footer.text is None


def test_the_strongest_watch_leads_and_the_others_share_a_line() -> None:
    """One card however many watches: the first gives colour and name, the others follow with a weaker level marked."""
    others = (Told(watch="Trilateral", level=Level.ABOUT, score=0.8), Told(watch="Alliance", level=Level.MENTION, score=0.3))

    embed = card_embed(an_alert(watches=(*an_alert().watches, *others), more_sources=("Example Times", "Daily Example")))

    assert embed.fields[1].name == "North Korea · about"
    assert str(embed.fields[1].value).splitlines()[0] == "and Trilateral, Alliance\u00a0(mention)"
    assert str(embed.fields[1].value).endswith(" · also: Example Times, Daily Example")


def test_a_card_says_that_only_a_part_was_read() -> None:
    """Where the whole article could not be read, the last line says so and why; else there is no such line."""
    part = card_embed(an_alert(excerpt="the page is behind a paywall"))

    assert str(part.fields[1].value).splitlines()[-1] == "*Excerpt only: the page is behind a paywall*"
    assert "Excerpt" not in str(card_embed(an_alert()).fields[1].value)


def test_a_mention_is_quieter_than_an_article_about_it() -> None:
    """The colour tells the level."""
    mention = an_alert(watches=(Told(watch="Russia", level=Level.MENTION, score=0.3),))

    assert card_embed(mention).colour == COLOURS[Level.MENTION]
    assert card_embed(mention).colour != card_embed(an_alert()).colour


@pytest.mark.parametrize(
    ("published", "shown_as"),
    [
        pytest.param(Dated(at=NOW, rule="feed"), f"<t:{int(NOW.timestamp())}:R>", id="a time"),
        pytest.param(Dated(at=NOW, precision=Precision.DAY, rule="text"), "14 September 2026", id="a mere day"),
        pytest.param(None, f"found <t:{int(NOW.timestamp())}:R>", id="no date"),
    ],
)
def test_a_date_is_shown_as_exactly_as_it_is_known(published: Dated | None, shown_as: str) -> None:
    """A mere day is a date and never a timestamp; without a date the card says when the article was found."""
    embed = card_embed(an_alert(headline=a_headline(published=published)))

    assert embed.fields[-1].value == shown_as


def test_the_summary_does_not_repeat_the_quoted_sentence() -> None:
    """What the card quotes is not said again."""
    embed = card_embed(an_alert(summary=(SENTENCE, "Steel is missing.")))

    assert embed.fields[0].value == "Steel is missing."


def test_samples_and_tests_are_marked() -> None:
    """Nobody takes a sample or a test alert for news."""
    assert card_embed(an_alert(headline=a_headline(sample=True))).author.name == "Sample · Harbour Example"
    assert "Test alert" in str(card_embed(an_alert(test=True)).footer.text)


@few
@given(alerts | folds | notices)
async def test_footers_are_short_enough_for_a_phone(card: Card) -> None:
    """A footer of 39 characters breaks into ragged columns on a phone."""
    assert len(card_embed(card).footer.text or "") < 39


def test_an_article_of_a_folder_has_no_link() -> None:
    """Without an address there is neither a linked title nor a button to the article."""
    embed = card_embed(an_alert(headline=a_headline(url="")))

    assert embed.url is None
    assert embed.title == "Port expansion is a year late"


async def test_the_buttons_of_an_alert_are_the_article_why_and_both_voices() -> None:
    """`Why?` carries the delivery, so that it works after a restart and a post in doubt can be found."""
    article, why, *voices = card_view(an_alert()).children

    assert isinstance(article, discord.ui.Button)
    assert article.url == "https://example.com/port"
    assert why.to_component_dict()["custom_id"] == f"why:{DELIVERY}"
    assert [one.to_component_dict()["label"] for one in voices] == ["Relevant", "Not relevant"]


async def test_a_test_alert_has_no_why() -> None:
    """A test alert was never a delivery, so there is nothing to ask about it."""
    view = card_view(an_alert(delivery_id="", test=True))

    assert [getattr(child, "url", None) for child in view.children] == ["https://example.com/port"]


@pytest.mark.parametrize("url", ["", "ftp://example.com/", "https://example.com/" + "a" * 500])
async def test_an_address_no_button_takes_makes_no_button(url: str) -> None:
    """Buttons take http and https addresses of up to 512 characters."""
    labels = [one.to_component_dict()["label"] for one in card_view(an_alert(headline=a_headline(url=url))).children]

    assert labels == ["Why?", "Relevant", "Not relevant"]


def test_a_burst_is_one_card_that_names_the_look_up() -> None:
    """The folded card says how many, links the newest, and says where the rest is."""
    embed = card_embed(a_fold(count=12))

    assert embed.title == "12 more alerts in one card"
    assert str(embed.description).splitlines()[0] == "- [Launch number 0](https://example.com/port) · Harbour Example"
    assert embed.footer.text == "and 9 more: /latest shows them"


def test_a_burst_that_is_shown_whole_names_the_look_up_too() -> None:
    """Nothing is left to count, but the look-up is still named."""
    embed = card_embed(a_fold(count=1, shown_titles=1))

    assert embed.title == "1 more alert"
    assert embed.footer.text == "/latest shows them again"


async def test_a_burst_carries_its_delivery() -> None:
    """The button of a folded card carries the delivery as `Why?` does on an alert."""
    (button,) = card_view(a_fold()).children

    assert button.to_component_dict()["custom_id"] == f"fold:{DELIVERY}"


def test_the_reasons_name_query_terms_and_sentence() -> None:
    """Each watch tells its query, what was found and by which rule, and the sentence with the match in bold."""
    embed = reasons_embed([a_reason()])

    assert embed.fields[0].name == "North Korea · about · 0.91"
    assert embed.fields[0].value == (
        "`actor:north-korea`\n• “Pyongyang” ×2: north-korea, capital\nIn the lead:\n"
        "> Freight between Russia and **North Korea** makes up a third of what the railway carries."
    )


def test_many_reasons_and_terms_are_counted_not_dropped() -> None:
    """What does not fit is said in numbers."""
    term = Term(words="Kim", subject="kim", rule="")
    reason = replace(a_reason(), evidence=shown(SENTENCE, terms=(term,) * 6))

    embed = reasons_embed([reason] * 40)

    assert 6 <= len(embed.fields) < 40
    assert embed.footer.text == f"and {40 - len(embed.fields)} more watches"
    assert "• “Kim”: kim\nand 2 more\n" in str(embed.fields[0].value)


def test_hostile_feed_text_is_inert_in_every_part_of_a_card() -> None:
    """No mention, link, heading or formatting of a feed reaches a card."""
    evil = "# [bank](https://evil.example) <@1> @everyone **bold** <t:1:R> `code`"
    card = an_alert(
        headline=a_headline(title=evil, source=evil),
        evidence=shown(evil),
        summary=(evil,),
        watches=(Told(watch=evil, level=Level.ABOUT, score=1.0),),
        more_sources=(evil,),
        excerpt=evil,
    )

    embed = card_embed(card)

    parts = (embed.title, embed.description, *(part for field in embed.fields for part in (field.name, field.value)))
    bare = re.sub(r"\\.", "", " ".join(map(str, parts)))
    assert not re.search(r"\]\(|<@|@everyone|\*\*|`|<t:1:R>", bare)
    assert str(embed.title).startswith("\\# \\[bank\\](https\\://evil.example)")


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        pytest.param(18, "one, three, twelve", id="all fit"),
        pytest.param(17, "one, and 2 more", id="the first fits"),
        pytest.param(14, "3 in all", id="none fits"),
    ],
)
def test_lists_are_cut_at_whole_entries(limit: int, expected: str) -> None:
    """A list that is too long ends with how many more there are."""
    assert listed(["one", "three", "twelve"], limit) == expected
